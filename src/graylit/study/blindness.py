"""How far the screeners of a study are, and which candidates count as open until all of them are through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graylit.captures.page_keys import list_distinct
from graylit.screening.deciding import list_sourced
from graylit.screening.queues import Queue, list_hidden, list_queues
from graylit.study.duplicate_checks import name_stand_ins
from graylit.study.people import list_people, name_deciders

if TYPE_CHECKING:
    from graylit.study.study import Study


def queue_screeners(study: Study) -> list[Queue]:
    """Return how far each listed screener is; none if nobody is listed as one."""
    screeners = name_deciders(list_people(study), "screener")
    return list_queues(screeners, study.screenings.cells, name_stand_ins(study), study.config.get("stopping"))


def hide_candidates(study: Study) -> set[str]:
    """Return the candidates that count as open whatever was decided on them."""
    distinct = list_distinct(study.candidates.cells, study.sources.cells)
    known = list_sourced(study.candidates.cells, study.sources.cells, distinct)
    return list_hidden(queue_screeners(study), study.screenings.cells, name_stand_ins(study), known)
