"""The tasks that a person has in a study."""

from __future__ import annotations

from collections.abc import Callable

from graylit.desk.adjudicating.task import open_adjudicating
from graylit.desk.appraising.settling import open_settling_scores
from graylit.desk.appraising.task import open_appraising
from graylit.desk.claims.reading import open_reading
from graylit.desk.claims.settling import open_settling_readings
from graylit.desk.claims.writing import open_writing_claims
from graylit.desk.codebook.task import open_codebook
from graylit.desk.coding.task import open_coding
from graylit.desk.criteria.task import open_criteria
from graylit.desk.describing.task import open_describing
from graylit.desk.impacts.reading import open_reading_impacts
from graylit.desk.impacts.task import open_impacts
from graylit.desk.progress.task import open_progress
from graylit.desk.recoding.task import open_recoding
from graylit.desk.sampling.task import open_sampling
from graylit.desk.screening.task import open_screening
from graylit.desk.settling.task import open_settling
from graylit.desk.sorting.categories import open_categories
from graylit.desk.sorting.task import open_sorting
from graylit.desk.synthesizing.task import open_synthesizing
from graylit.desk.tasks import Task, Visit
from graylit.study.study import Study

OPENERS: tuple[Callable[[Visit, Study], Task | None], ...] = (
    open_criteria,
    open_screening,
    open_settling,
    open_progress,
    open_describing,
    open_appraising,
    open_settling_scores,
    open_coding,
    open_sampling,
    open_recoding,
    open_adjudicating,
    open_codebook,
    open_synthesizing,
    open_impacts,
    open_reading_impacts,
    open_writing_claims,
    open_reading,
    open_settling_readings,
    open_sorting,
    open_categories,
)  # in the order of a review


def open_tasks(visit: Visit, study: Study) -> list[Task]:
    """Return the tasks of a person, in the order of a review."""
    return [task for task in (open_task(visit, study) for open_task in OPENERS) if task]
