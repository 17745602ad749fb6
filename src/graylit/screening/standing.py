"""The state of screening, rebuilt from rows that were only ever added. Needs no pandas: the checks use it too."""

from __future__ import annotations

from collections.abc import Iterable

from graylit.captures.page_keys import page_key
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells


def find_settlements(screenings: Iterable[Cells]) -> list[Cells]:
    """Return the settlements of one candidate that no other settlement settles; a clean table has one at most."""
    settlements = [row for row in screenings if row["settles"]]
    settled = {screening_id for row in settlements for screening_id in split_ids(row["settles"])}
    return [row for row in settlements if row.get("screening_id") not in settled]


def decide_candidate(screenings: Iterable[Cells]) -> tuple[str, list[Cells]]:
    """Return where the screening of one candidate stands (include, exclude, open), and the rows that say so.

    A settlement is final, also over later rows. Without one the last round counts, where its screeners agree on
    include or exclude.
    """
    screenings = list(screenings)
    if settlements := find_settlements(screenings):
        return settlements[0]["decision"], settlements[:1]
    last = max((int(row["round"]) for row in screenings), default=0)
    deciding = [row for row in screenings if int(row["round"]) == last]
    decisions = {row["decision"] for row in deciding}
    agreed = decisions.pop() if len(decisions) == 1 else "unsure"
    return ("open" if agreed == "unsure" else agreed), deciding


def page_or_blank(url: str) -> str:
    """Return the page of an address, '' where it is none (reported as such by its contract)."""
    try:
        return page_key(url) if url else ""
    except ValueError:
        return ""


def group_pages(candidates: Iterable[Cells]) -> dict[str, set[str]]:
    """Return the pages of each candidate that stands for itself: its own, and those of its duplicates."""
    pages: dict[str, set[str]] = {}
    for row in candidates:
        if page := page_or_blank(row.get("url", "")):
            pages.setdefault(row["duplicate_of"] or row["candidate_id"], set()).add(page)
    return pages
