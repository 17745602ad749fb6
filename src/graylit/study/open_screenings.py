"""What is left to screen and to settle in a study, said by `graylit check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graylit.pages.wording import count_things, name_some
from graylit.screening.deciding import decide_candidate
from graylit.screening.outranking import leave_outranked
from graylit.screening.queues import Queue, group_by_page, list_waiting, tell_queues
from graylit.study.blindness import queue_screeners
from graylit.study.duplicate_checks import name_stand_ins
from graylit.study.people import list_models, list_people
from graylit.tables.faults import Fault, name_command
from graylit.tables.names import quote_name
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study


def remark_open(study: Study) -> list[Fault]:
    """Return a remark on what is left to each screener, else one on the candidates that are to be settled."""
    if not study.candidates.cells:
        return []
    queues, of_page = queue_screeners(study), group_by_page(study.screenings.cells, name_stand_ins(study))
    unread = [] if queues else [page for page, rows in of_page.items() if not rows]
    remarks = [_remark_left(study, queue) for queue in queues if not queue.is_through]
    remarks += [_remark_unread(study, unread, len(of_page))] if unread else []
    if list_waiting(queues):
        return remarks
    waiting = {*unread, *(page for queue in queues for page in queue.left)}
    models = list_models(list_people(study).values())
    differing = [
        page for page, rows in of_page.items() if page not in waiting and _is_open(page, leave_outranked(rows, models))
    ]
    return remarks + ([_remark_differing(study, differing)] if differing else [])


def _is_open(page: str, rows: list[Cells]) -> bool:
    """Return whether the decisions on a page leave it open: those on the candidate that stands for it."""
    return decide_candidate(row for row in rows if row["candidate_id"] == page)[0] == "open"


def _remark_unread(study: Study, unread: list[str], n_pages: int) -> Fault:
    which = f"{len(unread):,} of {count_things(n_pages, 'candidate')}"
    problem = f"holds no decision on {which}: {name_some(unread)}"
    remedy = f"screen them: {name_command('desk --as')} with your name"
    return Fault(study.screenings.file, problem, "a decision on each", remedy)


def _remark_left(study: Study, queue: Queue) -> Fault:
    done = tell_queues([queue])
    problem = f"has not all decisions of its screeners yet ({done}), left are {name_some(queue.left)}"
    remedy = f"screen them: {name_command(f'desk --as {quote_name(queue.screener)}')}"
    return Fault(study.screenings.file, problem, "a decision of every screener", remedy)


def _remark_differing(study: Study, candidate_ids: list[str]) -> Fault:
    which = f"{count_things(len(candidate_ids), 'candidate')}: {name_some(candidate_ids)}"
    remedy = f"settle them: {name_command('desk --as')} with the name of a settler"
    problem = f"leaves open what screeners differ on or are unsure about, {which}"
    return Fault(study.screenings.file, problem, "a settlement of each", remedy)
