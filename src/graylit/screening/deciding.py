"""Final decisions on candidates, rebuilt from rows that were only ever added.

The checks of a study use it too, so pandas is imported only to make a frame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING

from graylit.captures.page_keys import list_distinct, tell_page
from graylit.screening.same_pages import choose_stand_ins
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells
from graylit.tables.screening import SCREENING_DECISIONS

if TYPE_CHECKING:
    import pandas as pd


def list_current(screenings: Iterable[Cells]) -> list[Cells]:
    """Return the decisions in force: without those that a later row replaces, and without rows that only take back."""
    rows = list(screenings)
    replaced = {row["replaces"] for row in rows if row.get("replaces")}
    return [row for row in rows if row.get("decision") and row.get("screening_id") not in replaced]


def find_settlements(screenings: Iterable[Cells]) -> list[Cells]:
    """Return the settlements of one candidate that no later one settles; a table without faults has at most one."""
    settlements = [row for row in screenings if row["settles"]]
    settled = {screening_id for row in settlements for screening_id in split_ids(row["settles"])}
    return [row for row in settlements if row.get("screening_id") not in settled]


def decide_candidate(screenings: Iterable[Cells]) -> tuple[str, list[Cells]]:
    """Return what was decided on one candidate (include, exclude, or open), and the rows that decide it.

    A settlement is final, also over later rows. Without one the last round decides, if its screeners agree on
    include or exclude.
    """
    screenings = list_current(screenings)
    if settlements := find_settlements(screenings):
        return settlements[0]["decision"], settlements[:1]
    last = max((int(row["round"]) for row in screenings), default=0)
    deciding = [row for row in screenings if int(row["round"]) == last]
    decisions = {row["decision"] for row in deciding}
    agreed = decisions.pop() if len(decisions) == 1 else "unsure"
    return ("open" if agreed == "unsure" else agreed), deciding


def page_or_blank(row: Cells, distinct: frozenset[str]) -> str:
    """Return the page of a source or candidate, or '' if it has no address; `distinct` are those declared so."""
    return tell_page(row["url"], distinct) if row.get("url") else ""


def group_pages(
    candidates: Iterable[Cells], distinct: frozenset[str], stand_ins: Mapping[str, str]
) -> dict[str, set[str]]:
    """Return the pages of each candidate that stands for itself: its own, and those of its duplicates."""
    pages: dict[str, set[str]] = {}
    for row in candidates:
        if page := page_or_blank(row, distinct):
            pages.setdefault(stand_ins[row["candidate_id"]], set()).add(page)
    return pages


def list_sourced(candidates: Iterable[Cells], sources: Iterable[Cells], distinct: frozenset[str]) -> list[str]:
    """Return the candidates whose pages are sources."""
    pages = {page_or_blank(row, distinct) for row in sources}
    return [row.get("candidate_id", "") for row in candidates if page_or_blank(row, distinct) in pages - {""}]


def decide_candidates(
    candidates: Iterable[Cells],
    screenings: Iterable[Cells],
    sources: Iterable[Cells],
    stand_ins: Mapping[str, str] | None = None,
    hidden: Container[str] = (),
) -> pd.DataFrame:
    """Return one row per candidate: what was decided in the end, and the rows that decide it.

    `stand_ins` names the candidate that stands for each one's page (`choose_stand_ins`); by default, `duplicate_of`
    says so. The `hidden` ones (`queues.list_hidden`) count as if nobody had decided on them.
    """
    candidates, sources = list(candidates), list(sources)
    stand_ins = choose_stand_ins(candidates, []) if stand_ins is None else stand_ins
    distinct = list_distinct(candidates, sources)
    of_candidate: dict[str, list[Cells]] = {}
    for row in screenings:
        of_candidate.setdefault(row["candidate_id"], []).append(row)
    source_of = {page_or_blank(row, distinct): row["source_id"] for row in sources}
    pages = group_pages(candidates, distinct, stand_ins)
    decided = []
    for candidate in candidates:
        candidate_id = candidate["candidate_id"]
        mine = [] if candidate_id in hidden else list_current(of_candidate.get(candidate_id, []))
        rounds = [int(row["round"]) for row in mine]
        decision, deciding = decide_candidate(mine)
        decision = decision if stand_ins[candidate_id] == candidate_id else "duplicate"
        found = sorted({source_of[page] for page in pages.get(candidate_id, ()) if page in source_of})
        decided.append(
            {
                "candidate_id": candidate_id,
                "decision": decision,
                "criterion_id": _name_criterion(deciding) if decision == "exclude" else "",
                "round": str(max(rounds)) if rounds else "",
                "n_screeners": str(_count_screeners(mine)),
                "screening_ids": "; ".join(sorted(row["screening_id"] for row in deciding)),
                "source_id": found[0] if found and decision == "include" else "",
            }
        )
    return SCREENING_DECISIONS.to_frame(decided)


def list_divided(decided: Iterable[Cells], screenings: Iterable[Cells]) -> list[str]:
    """Return the candidates that are excluded by different criteria; `decided` is of `decide_candidates`."""
    named = {row["screening_id"]: row["criterion_id"] for row in screenings}
    return [
        row["candidate_id"]
        for row in decided
        if row["decision"] == "exclude" and len({named[one] for one in split_ids(row["screening_ids"])} - {""}) > 1
    ]


def _name_criterion(deciding: Iterable[Cells]) -> str:
    """Return the criterion that most rows name; of several named equally often, the first by its id."""
    counts = Counter(row["criterion_id"] for row in deciding if row["criterion_id"])
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _count_screeners(screenings: list[Cells]) -> int:
    own = [row for row in screenings if not row["settles"]]
    last = max((int(row["round"]) for row in own), default=0)
    return len({row["screener"] for row in own if int(row["round"]) == last})
