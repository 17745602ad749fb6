"""Shards: shares of the sources that steps work on side by side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

FOLDER = "data/processed/shards"
SOURCES_PER_SHARD = 250  # what a changed source redoes at most, where nobody asks for another number of shards


def choose_number(asked: int, n_sources: int, n_cores: int, made: Path) -> int:
    """Return the number of shards: the one asked for, else that of the shards made so far, else one for each core.

    Many sources make more shards than cores. Results do not depend on the number; `made` is the folder of the shards.
    """
    numbers = {parse_scatteritem(path.name)[1] for path in made.glob("*-of-*")}
    if asked:
        return asked
    return numbers.pop() if len(numbers) == 1 else max(n_cores, -(-n_sources // SOURCES_PER_SHARD), 1)


def shard_of(source_id: str, n_shards: int) -> int:
    """Return the shard of a source, from 1; it depends on no other source."""
    return int(hashlib.sha256(source_id.encode()).hexdigest()[:8], 16) % n_shards + 1


def parse_scatteritem(scatteritem: str) -> tuple[int, int]:
    """Return (shard, number of shards) of the workflow's name for a share, such as '1-of-2'."""
    shard, n_shards = scatteritem.split("-of-")
    return int(shard), int(n_shards)


def digest_rows(rows: Iterable[Mapping[str, str]]) -> str:
    """Return a digest of rows that is the same in every order of rows and columns."""
    lines = sorted(json.dumps(dict(row), sort_keys=True, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
