"""Searches made again from their kept answers, and held against the rows that were recorded."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from graylit.search.contents import Content
from graylit.search.ledger import Ledger
from graylit.search.live import find_kept, replay_search
from graylit.search.search_results import Found
from graylit.study.study import Study
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.rows import Cells, Rows
from graylit.tables.search import HITS

FACTS = ("engine", "query", "region", "language", "searched_at", "n_reported", "file_sha256")
MADE_AGAIN = ("rank", "url", "title", "published", "publisher", "left_out")
MAX_NAMED = 5  # differences shown: chosen


def replay_recorded(folder: Path, study: Study, search_id: str) -> tuple[int, list[str]]:
    """Return how many hits a search has by its kept answers, and what differs from its rows.

    Raises InputError if there is no such search, or it has no kept answers.
    """
    rows = [row for row in study.searches.cells if row["search_id"] == search_id]
    if not rows:
        problem = f"is no search of this study{suggest_name(search_id, [r['search_id'] for r in study.searches.cells])}"
        raise InputError([Fault("--replay", problem, "an id of searches.csv", "correct it", value=search_id)])
    search = next((row for row in reversed(rows) if row["file_name"].endswith(".warc.gz")), None)
    if search is None:
        problem = "was not asked of a service by this program, so that no answers of it are kept"
        remedy = "import its file again; links are followed again with --links"
        raise InputError([Fault("--replay", problem, "a search with an archive of answers", remedy, value=search_id)])
    findings = replay_search(find_kept(folder, search["file_name"]))
    made = _make_rows(Found(findings.facts, findings.hits), search["decided_at"])
    recorded = [row for row in study.hits.cells if row["search_id"] == search_id]
    return len(made), [*_compare_facts(search, findings.facts), *_compare_hits(recorded, made)]


def _make_rows(found: Found, now: str) -> list[Cells]:
    """Return the hits as rows, as a study without any other search would have them."""
    empty = {name: Rows(name) for name in ("searches", "hits", "candidates", "sources")}
    ledger = Ledger(empty, now)
    ledger.add(found)
    return list(ledger.new_hits)


def _compare_facts(search: Cells, facts: Cells) -> list[str]:
    told = ((name, search.get(name, ""), facts.get(name, "")) for name in FACTS)
    return [f"{name}: {was!r} in searches.csv, {now!r} in the answers" for name, was, now in told if now and was != now]


def _compare_hits(recorded: Sequence[Cells], made: Sequence[Cells]) -> list[str]:
    by_rank = {row["rank"]: row for row in recorded}
    names = (*MADE_AGAIN, "snippet") if any(row["snippet"] for row in recorded) else MADE_AGAIN
    found = []
    for row in made:
        was = by_rank.get(row["rank"], {})
        told = ((name, was.get(name, ""), row[name]) for name in names)
        found += [
            f"hit {row['rank']}, {name}: {a!r} in hits.csv, {b!r} in the answers" for name, a, b in told if a != b
        ]
    if len(recorded) != len(made):
        found.insert(0, f"{len(recorded)} hits in {HITS.name}.csv, {len(made)} in the answers")
    return found[:MAX_NAMED] + ([f"and {len(found) - MAX_NAMED} more"] if len(found) > MAX_NAMED else [])


def read_kept(content: Content) -> list[Found] | None:
    """Return the search whose answers a file keeps, for a study that lacks it; None if it is no such file."""
    if not content.body.startswith(b"\x1f\x8b") or not _unpack_start(content.body).startswith(b"WARC/"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kept.warc.gz"
        path.write_bytes(content.body)
        findings = replay_search(path)
    return [Found(findings.facts, findings.hits)]


def _unpack_start(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body[:10_000], 100)
    except zlib.error:
        return b""
