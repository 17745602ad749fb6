"""Who is left: what is open for everybody in a study, by stage, and what waits for nobody in particular.

Tasks whose counts tell what several people decided (settling, say) say how much is left only when nobody of their
stage decides blind any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from graylit.captures.choosing import is_held
from graylit.comparison.release import list_decisions
from graylit.desk.opening import open_tasks
from graylit.desk.tasks import Left, Shared, Task, Visit
from graylit.pages.wording import agree, count_things
from graylit.runs.made import explain_outdated, read_record
from graylit.screening.queues import group_by_page
from graylit.search.including import list_unsettled
from graylit.study.blindness import queue_screeners
from graylit.study.duplicate_checks import name_stand_ins
from graylit.study.frozen import FOLDER, RELEASED, is_frozen, list_frozen
from graylit.study.people import list_people
from graylit.study.proposed_pairs import list_undecided
from graylit.study.screening_checks import list_unlisted
from graylit.study.study import CAPTURES, Study, read_captures
from graylit.tables.comparison import RELEASED as RELEASED_TABLE
from graylit.tables.faults import name_command
from graylit.tables.people import MODEL

STAGE_OF = {
    **dict.fromkeys(("screen", "settle", "progress", "criteria", "describe"), "screening"),
    **dict.fromkeys(("appraise", "settle-scores"), "appraisal"),
    **dict.fromkeys(("code", "recode", "adjudicate", "codebook"), "coding"),
    **dict.fromkeys(("synthesize", "claims", "impacts"), "synthesis"),
    **dict.fromkeys(("check-claims", "settle-readings"), "claims"),
    "read-impacts": "impacts",
    **dict.fromkeys(("sort", "categories"), "card sort"),
}
STAGES = tuple(dict.fromkeys(STAGE_OF.values()))
OTHER_STAGE = "synthesis"
# What a person decides without seeing others: how much of it is left tells nothing of what anybody decided.
BLIND = ("screen", "appraise", "code", "check-claims", "read-impacts", "sort")


@dataclass(frozen=True)
class Open:
    """What is open: a task of a person, or something that a command does (no person)."""

    stage: str
    person: str
    name: str
    title: str
    things: str
    n_left: int | None  # None if it may not be told yet
    n_done: int | None
    last_at: str = ""
    since: str = ""
    waits_for: str = ""
    remedy: str = ""


def list_remaining(folder: Path, study: Study, read_clock: Callable[[], str], but: str = "") -> list[Open]:
    """Return the tasks of everybody in a study but one, in the order of a review and of the table of people."""
    # In which order candidates are shown says nothing of how many are left, and takes long to learn.
    plain = replace(study, config={**study.config, "screening": {"rank": False}})
    coders = [coder for coder, rows in study.codings.items() if rows.cells]  # a new study has an empty table
    names = dict.fromkeys([*list_people(study), *coders])
    found = [one for name in names for one in _list_tasks(Visit(folder, name, read_clock), plain)]
    models = {name for name, row in list_people(study).items() if row.get("kind") == MODEL}
    # Nobody waits for a model that was never asked for something.
    found = [one for one in found if one.person not in models or one.n_done]
    ordered = sorted(_hide_counts(found), key=lambda one: STAGES.index(one.stage))
    return [one for one in ordered if one.person != but]


def _list_tasks(visit: Visit, study: Study) -> list[Open]:
    try:
        tasks = [task for task in open_tasks(visit, study) if not getattr(task, "only_shows", False)]
        return [_describe_task(visit.person, task, task.count_left()) for task in tasks]
    finally:
        for part in visit.shared.values():
            if isinstance(part, Shared):
                part.close()


def _describe_task(person: str, task: Task, left: Left) -> Open:
    stage = STAGE_OF.get(task.name, OTHER_STAGE)
    counts = (left.things, left.n_left, left.n_done, left.last_at, left.since, left.waits_for)
    return Open(stage, person, task.name, task.title, *counts)


def _hide_counts(tasks: Sequence[Open]) -> list[Open]:
    """Return tasks without the counts that tell what others decided, as long as somebody of their stage is blind."""
    blind = {one.stage for one in tasks if one.name in BLIND and one.n_left}
    return [
        replace(one, n_left=None, n_done=None, last_at="") if one.stage in blind and one.name not in BLIND else one
        for one in tasks
    ]


def list_stages(folder: Path, study: Study) -> list[Open]:
    """Return what is open of no person's tasks: of the screening, and of what commands do."""
    screening = [*_list_pairs(folder, study), *_list_unscreened(study), *_list_included(study)]
    return [*screening, *_list_captures(folder, study), *_list_review(folder), *_list_release(folder)]


def _list_pairs(folder: Path, study: Study) -> list[Open]:
    n_left = len(list_undecided(folder, study))
    if not n_left:
        return []
    told = f"{count_things(n_left, 'pair')} may be one page: decide in {study.duplicates.file}"
    return [Open("screening", "", "pairs", "Decide on duplicates", "pairs", n_left, None, waits_for=told)]


def _list_unscreened(study: Study) -> list[Open]:
    """Return the candidates that nobody has decided on, if nobody is listed as a screener."""
    of_page = {} if queue_screeners(study) else group_by_page(study.screenings.cells, name_stand_ins(study))
    n_left = sum(not rows for rows in of_page.values())
    if not n_left:
        return []
    remedy = name_command("desk --as NAME")
    who = "" if study.screenings.cells else "nobody yet, "
    told = f"{who}{n_left:,} of {count_things(len(of_page), 'candidate')} left, run: {remedy}"
    counts = ("candidates", n_left, len(of_page) - n_left)
    return [Open("screening", "", "screen", "Screen candidates", *counts, waits_for=told, remedy=remedy)]


def _list_included(study: Study) -> list[Open]:
    """Return the included candidates that are no sources yet, once that tells nothing to who still decides."""
    n_left = 0 if not study.candidates.cells or list_unsettled(study) else len(list_unlisted(study))
    if not n_left:
        return []
    remedy = name_command("find --include")
    what = f"{count_things(n_left, 'included candidate')} {agree(n_left, 'is no source', 'are no sources')} yet"
    counts, told = ("candidates", n_left, None), f"{what}, run: {remedy}"
    return [Open("screening", "", "include", "Make sources of candidates", *counts, waits_for=told, remedy=remedy)]


def _list_captures(folder: Path, study: Study) -> list[Open]:
    if not (study.config["has_texts"] and study.sources.cells):
        return []
    held = {row["source_id"] for row in read_captures(folder / CAPTURES) if is_held(row)}
    held |= list_frozen(folder, study.sources.cells) if is_frozen(folder) else set()
    n_held = sum(row["source_id"] in held for row in study.sources.cells)
    counts = ("sources", len(study.sources.cells) - n_held, n_held)
    remedy = name_command("collect") if counts[1] else ""
    return [Open("collection", "", "collect", "Capture sources", *counts, remedy=remedy)]


def _list_review(folder: Path) -> list[Open]:
    why = explain_outdated(folder) if read_record(folder) else "Nothing was made yet"
    remedy = name_command("review") if why else ""
    return [Open("review", "", "review", "Run the review", "runs", int(bool(why)), int(not why), remedy=remedy)]


def _list_release(folder: Path) -> list[Open]:
    path = folder / FOLDER / RELEASED
    rows = RELEASED_TABLE.list_cells(str(path)) if path.exists() else []
    released = {row["name"]: row["value"] for row in rows if row["kind"] == "decision"}
    is_left = not released or released != list_decisions(folder)
    remedy = name_command("freeze") if is_left else ""
    counts = ("releases", int(is_left), int(not is_left))
    return [Open("release", "", "freeze", "Freeze the study", *counts, remedy=remedy)]


def tell_open(one: Open) -> str:
    """Return how much of a task is left, in words."""
    if one.waits_for:
        return one.waits_for
    if one.n_left is None or one.n_done is None:
        return "not told while somebody decides blind"
    if not one.n_left:
        return "all done" if one.n_done else "nothing yet"
    times = [f"last {one.last_at[:10]}"] if one.last_at else [f"since {one.since[:10]}"] if one.since else []
    parts = [f"{one.n_left:,} of {one.n_left + one.n_done:,} {one.things} left", *times]
    return ", ".join([*parts, f"run: {one.remedy}"] if one.remedy else parts)


def describe_remaining(tasks: Iterable[Open]) -> list[str]:
    """Return a line for each task, in columns: stage, person, task, how much is left."""
    cells = [(one.stage, one.person, one.title, tell_open(one)) for one in tasks]
    widths = [max((len(row[at]) for row in cells), default=0) for at in range(3)]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=False)] for row in cells]
    return ["  ".join([*cut, row[3]]) for cut, row in zip(padded, cells, strict=True)]


def list_rows(tasks: Iterable[Open]) -> list[dict[str, object]]:
    """Return tasks as objects for JSON."""
    return [asdict(one) for one in tasks]
