"""The tasks that models can be asked, by name, and what makes rows of their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graylit.models.adjudicating import SettlingMaker, SettlingTask
from graylit.models.appraising import AppraisingMaker, AppraisingTask
from graylit.models.coding import CodingMaker, CodingTask
from graylit.models.reading import ReadingMaker, ReadingTask
from graylit.models.screening import ScreeningMaker, ScreeningTask
from graylit.models.tasks import AskedTask, Maker
from graylit.study.study import Study
from graylit.tables.models import APPRAISE, CHECK_CLAIMS, CODE, SCREEN, SETTLE


@dataclass(frozen=True)
class Wish:
    """What of a task is asked for: the codebook of a date, and the units; all of them if none is named."""

    decider: str
    at: str = ""
    only: frozenset[str] = frozenset()


def open_task(name: str, folder: Path, study: Study, wish: Wish) -> AskedTask:
    """Return a task of a study."""
    if name == SCREEN:
        return ScreeningTask(folder, study)
    if name == APPRAISE:
        return AppraisingTask(folder, study)
    if name == SETTLE:
        return SettlingTask(folder, study, wish.decider)
    if name == CHECK_CLAIMS:
        return ReadingTask(folder, study, wish.decider)
    return CodingTask(folder, study, wish.at, wish.only)


def open_makers() -> Mapping[str, Maker]:
    """Return what makes rows of each task, for one reading of the log."""
    return {
        SCREEN: ScreeningMaker(),
        APPRAISE: AppraisingMaker(),
        CODE: CodingMaker(),
        SETTLE: SettlingMaker(),
        CHECK_CLAIMS: ReadingMaker(),
    }
