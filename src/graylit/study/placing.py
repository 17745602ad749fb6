"""Codings that have no place in a text: those that `graylit anchor` still has to place, and those that it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from graylit.anchors.fingerprints import Words
from graylit.anchors.places import OUTSIDE, Place
from graylit.anchors.quotes import Found, QuotedText
from graylit.pages.wording import agree, count_things, name_some
from graylit.study.anchoring import Segments, find_span
from graylit.study.state import current_codings
from graylit.study.study import CODINGS_FOLDER, Study
from graylit.tables.faults import Fault, name_command
from graylit.tables.rows import Cells

NOWHERE = Place(None, None, "orphan", 0.0, "it never had a place: no single one in the text is what its row names")


@dataclass
class Unplaced:
    """The codings in force that name words or a segment of a text and have no place there yet."""

    waiting: list[Fault] = field(default_factory=list)  # `graylit anchor` would place them
    lost: set[str] = field(default_factory=set)  # it cannot


def find_unplaced(study: Study, read_text: Callable[[str], str | None], segments: Segments) -> Unplaced:
    """Return the codings without a place in sources whose text is at hand; of others nothing can be said."""
    found = Unplaced()

    @cache
    def read_quoted(source_id: str) -> QuotedText | None:
        text = read_text(source_id)
        return None if text is None else QuotedText(Words(text))

    for rows in study.codings.values():
        in_force = {cells["coding_id"] for cells in current_codings(rows.cells)}
        for number, cells in rows:
            named = cells["exact"] or cells["segment_id"]
            if not named or cells["start"] or cells["coding_id"] not in in_force:
                continue
            text = read_quoted(cells["source_id"])
            if text and isinstance(find_span(cells, text, segments), Found):
                remedy = (
                    f"run `{name_command('anchor')}`; only a row with neither place nor words codes the whole source"
                )
                problem = f"has no place in the text yet ({cells['coding_id']})"
                found.waiting.append(Fault(rows.file, problem, "a place", remedy, number, "start", named[:60]))
            elif text:
                found.lost.add(cells["coding_id"])
    return found


def remark_unplaced(codings: Iterable[Cells]) -> list[Fault]:
    """Return a remark on codings in force that name words or a segment and have no place."""
    ids = sorted(row["coding_id"] for row in codings if not row["start"] and (row["segment_id"] or row["exact"]))
    if not ids:
        return []
    count = f"{count_things(len(ids), 'coding')} {agree(len(ids), 'has', 'have')} no place"
    remedy = f"run: {name_command('anchor')}; it names each one that it cannot place, which is no evidence until then"
    return [Fault(CODINGS_FOLDER, f"{count}: {name_some(ids)}", "a place for each coding", remedy)]


def remark_located(orphans: Iterable[Cells], located: Iterable[Cells]) -> list[Fault]:
    """Return remarks on codings that the last review did not find again, or found without a word in a segment."""
    lost = sorted(row["coding_id"] for row in orphans if row["start"])
    outside = sorted(row["coding_id"] for row in located if row["note"] == OUTSIDE)
    remarks = []
    if lost:
        problem = f"{_count(lost)} not found again in the text: {name_some(lost)}"
        remedy = "settle each by a row in the coder's table that replaces it (data/processed/orphans.csv lists them)"
        remarks.append(Fault(CODINGS_FOLDER, problem, "their words in the text", remedy))
    if outside:
        problem = f"{_count(outside)} given to words outside every segment, such as a heading: {name_some(outside)}"
        remedy = "replace each by one that reaches into the segment that is meant; they count in the next one"
        remarks.append(Fault(CODINGS_FOLDER, problem, "a word in a segment", remedy))
    return remarks


def _count(ids: Sequence[str]) -> str:
    return f"{count_things(len(ids), 'coding')} {agree(len(ids), 'was', 'were')}"
