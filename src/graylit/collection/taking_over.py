"""Captures of candidates that became sources: they serve the source, and the web is not asked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from graylit.captures.choosing import choose_pages, is_held, list_pages
from graylit.captures.page_keys import list_distinct, tell_page
from graylit.collection.bundles import copy_groups
from graylit.collection.capture_files import CaptureWriter
from graylit.tables.rows import Cells, Row


def find_served(sources: Sequence[Cells], candidates: Sequence[Cells], captures: Sequence[Row]) -> dict[str, list[Row]]:
    """Return, by capture_id, the rows by which captures of candidates serve sources that have none of the same page.

    A source that has the id of its candidate needs none. `candidates` are like sources of one page each.
    """
    named, distinct = {row["capture_id"] for row in captures}, list_distinct(sources, candidates)
    held = {
        tell_page(page["url"], distinct): capture
        for page, capture in _pair_pages(candidates, captures)
        if is_held(capture)
    }
    counts, served = Counter(row["source_id"] for row in captures), dict[str, list[Row]]()
    for page, capture in _pair_pages(sources, captures) if held else ():
        found = held.get(tell_page(page["url"], distinct))
        if found and not is_held(capture) and found["source_id"] != page["source_id"]:
            row = _restate(found, page["source_id"], _name_next(page["source_id"], counts, named))
            served.setdefault(found["capture_id"], []).append(row)
    return served


def take_over(
    sources: Sequence[Cells], candidates: Sequence[Cells], captures: Sequence[Row], writer: CaptureWriter
) -> list[Row]:
    """Write captures of candidates once more, as those of sources that they serve; return the rows.

    The records are copied, so that each row has a group of its own, which says what it says. Raises InputError if a
    record is not as it was captured.
    """
    served = find_served(sources, candidates, captures)
    wanted = [row for row in captures if row["capture_id"] in served]
    taken = [
        writer.add(row, records)
        for stated, records in copy_groups(writer.path.parent, wanted)
        for row in served.get(stated.get("capture_id", ""), ())
    ]
    writer.sync()
    return taken


def _pair_pages(sources: Iterable[Cells], captures: Sequence[Row]) -> Iterator[tuple[Row, Cells]]:
    """Yield each page of sources with the capture that serves it; an empty row if there is none."""
    sources = list(sources)
    chosen = choose_pages(sources, captures)
    for source in sources:
        yield from zip(list_pages(source), chosen[source["source_id"]], strict=True)


def _restate(capture: Cells, source_id: str, capture_id: str) -> Row:
    was = f"captured as candidate {capture['source_id']} ({capture['capture_id']})"
    note = "; ".join(filter(None, [capture["note"], was]))
    return {**capture, "capture_id": capture_id, "source_id": source_id, "note": note}


def _name_next(source_id: str, counts: Counter[str], named: set[str]) -> str:
    """Return an id that no attempt has, and note it."""
    counts[source_id] += 1
    while f"{source_id}-{counts[source_id]}" in named:
        counts[source_id] += 1
    return f"{source_id}-{counts[source_id]}"
