"""What is left to screen and to settle in a study, said by `graylit check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graylit.pages.wording import count_things, name_some
from graylit.screening.deciding import decide_candidate, find_settlements, list_current
from graylit.study.duplicate_checks import name_stand_ins
from graylit.study.people import list_people, name_deciders
from graylit.study.screening_checks import group_screenings
from graylit.tables.faults import Fault, name_command
from graylit.tables.names import quote_name
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study


def remark_open(study: Study) -> list[Fault]:
    """Return a remark on candidates that a screener has not decided on, and one on those that are to be settled."""
    stand_ins, screenings = name_stand_ins(study), group_screenings(study)
    current = {candidate_id: list_current(screenings.get(candidate_id, [])) for candidate_id in stand_ins.values()}
    left = {candidate_id: rows for candidate_id, rows in current.items() if not find_settlements(rows)}
    screeners = name_deciders(list_people(study), "screener")
    unread = {name: [key for key, rows in left.items() if name not in _name_last(rows)] for name in screeners}
    if not screeners and study.screenings.cells:
        unread = {"": [candidate_id for candidate_id, rows in left.items() if not rows]}
    waiting = {candidate_id for candidate_ids in unread.values() for candidate_id in candidate_ids}
    differing = [key for key, rows in left.items() if key not in waiting and decide_candidate(rows)[0] == "open"]
    remarks = [_remark(study, name, ids) for name, ids in unread.items() if ids]
    return remarks + ([_remark_differing(study, differing)] if differing else [])


def _name_last(rows: list[Cells]) -> set[str]:
    last = max((int(row["round"]) for row in rows), default=0)
    return {row["screener"] for row in rows if int(row["round"]) == last}


def _remark(study: Study, name: str, candidate_ids: list[str]) -> Fault:
    which = f"{count_things(len(candidate_ids), 'candidate')}: {name_some(candidate_ids)}"
    problem = f"holds no decision of {name} on {which}" if name else f"holds no decision on {which}"
    remedy = f"screen them: {name_command(f'desk --as {quote_name(name)}')}" if name else "have somebody screen them"
    return Fault(study.screenings.file, problem, "a decision of every screener", remedy)


def _remark_differing(study: Study, candidate_ids: list[str]) -> Fault:
    which = f"{count_things(len(candidate_ids), 'candidate')}: {name_some(candidate_ids)}"
    remedy = f"settle them: {name_command('desk --as')} with the name of a settler"
    problem = f"leaves open what screeners differ on or are unsure about, {which}"
    return Fault(study.screenings.file, problem, "a settlement of each", remedy)
