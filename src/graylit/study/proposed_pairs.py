"""Pairs of candidates that the last review proposed as one page, and on which nobody has decided yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graylit.pages.wording import count_things, name_some
from graylit.screening.same_pages import Pair, group_declared, make_pair, settle_pairs
from graylit.study.duplicate_checks import list_readable
from graylit.study.study import MERGED
from graylit.tables.faults import Fault
from graylit.tables.reading import read_finished
from graylit.tables.screening import DUPLICATE_CANDIDATES, PROPOSED

if TYPE_CHECKING:
    from graylit.study.study import Study


def list_undecided(folder: Path, study: Study) -> list[Pair]:
    """Return the proposed pairs that no row decides, be it about them or about others of their groups."""
    known = {row["candidate_id"] for row in study.candidates.cells}
    groups = group_declared(study.candidates.cells, settle_pairs(list_readable(study.duplicates)))
    for pair in study.merged:
        groups.join(pair)
    made = read_finished(folder / MERGED, DUPLICATE_CANDIDATES)
    pairs = [make_pair(row["candidate_id"], row["other_id"]) for row in made if row["status"] == PROPOSED]
    is_parted = {pair: groups.find(pair.first) != groups.find(pair.second) for pair in pairs}
    return [pair for pair in pairs if known.issuperset(pair) and is_parted[pair] and groups.can_join(pair)]


def remark_proposed(folder: Path, study: Study) -> list[Fault]:
    """Return a remark if proposed pairs wait for a decision."""
    pairs = list_undecided(folder, study)
    if not pairs:
        return []
    which = f"{count_things(len(pairs), 'pair')} of candidates that may be one page"
    problem = f"lacks a decision on {which}: {name_some(f'{one} and {other}' for one, other in pairs)}"
    remedy = f"add a row for each; {MERGED} says what speaks for it"
    return [Fault(study.duplicates.file, problem, "same or different", remedy)]
