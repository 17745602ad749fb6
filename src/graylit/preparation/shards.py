"""Shards: parts of the sources that steps work on side by side."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from graylit.captures.choosing import choose_pages, is_held
from graylit.captures.page_keys import list_urls
from graylit.study.study import Study
from graylit.tables.faults import Fault, InputError

FOLDER = "data/processed/shards"
MAX_SHARDS = 10_000  # more would be more than sources in any review, each with files of its own
# At most, unless another number of shards is asked for. Chosen, not measured: a shard's tables must fit in memory.
SOURCES_PER_SHARD = 500
NAME = re.compile(r"[0-9]+-of-[0-9]+")
_write_row = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode  # json.dumps would make one for each row


def read_number(asked: str) -> int:
    """Return the number of shards asked for on the command line; 0 if none is. Raises InputError if it is no number."""
    if asked and not (asked.isascii() and asked.isdecimal() and int(asked) <= MAX_SHARDS):
        remedy = "leave it out, or write a number such as --shards 4"
        raise InputError([Fault("--shards", "is no number of shards", f"1 to {MAX_SHARDS:,}", remedy, value=asked)])
    return int(asked or 0)


def choose_number(asked: int, n_sources: int, n_cores: int, made: Path) -> int:
    """Return the number of shards: the one asked for, else that of the shards made so far, else as many for each core.

    For each core that is one, or more if there are many sources. Results do not depend on it; `made` is their folder.
    """
    numbers = {parse_scatteritem(path.name)[1] for path in made.glob("*-of-*") if NAME.fullmatch(path.name)}
    if asked:
        return asked
    if len(numbers) == 1:
        return numbers.pop()
    n_cores = max(n_cores, 1)
    return n_cores * max(-(-n_sources // (SOURCES_PER_SHARD * n_cores)), 1)


def shard_of(source_id: str, n_shards: int) -> int:
    """Return the shard of a source, from 1; it depends on no other source."""
    return int(hashlib.sha256(source_id.encode()).hexdigest()[:8], 16) % n_shards + 1


def parse_scatteritem(scatteritem: str) -> tuple[int, int]:
    """Return (shard, number of shards) of the workflow's name for a shard, such as '1-of-2'."""
    shard, n_shards = scatteritem.split("-of-")
    return int(shard), int(n_shards)


def digest_rows(rows: Iterable[dict[str, str]]) -> str:
    """Return a digest of rows that is the same in every order of rows and columns."""
    lines = sorted(_write_row(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digest_shards(study: Study, captures: list[dict[str, str]], n_shards: int) -> dict[str, str]:
    """Return, by scatteritem ('1-of-2'), a digest of what its sources and their captures are.

    The workflow passes it to the steps that work by shards: a changed source redoes its own shard only, and another
    try that brought no page redoes none.
    """
    sources = study.sources.cells
    chosen = choose_pages(sources, captures)
    rows: dict[int, list[dict[str, str]]] = {shard: [] for shard in range(1, n_shards + 1)}
    for cells in sources:
        source_id = cells["source_id"]
        for number, (url, capture) in enumerate(zip(list_urls(cells), chosen[source_id], strict=True)):
            if not is_held(capture):  # when and how it failed changes no text
                capture = {name: capture.get(name, "") for name in ("origin", "outcome")}
            row = {"of_source": source_id, "of_url": url, "of_number": str(number), **capture}
            rows[shard_of(source_id, n_shards)].append(row)
    return {f"{shard}-of-{n_shards}": digest_rows(shard_rows) for shard, shard_rows in rows.items()}
