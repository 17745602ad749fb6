"""Faults of appraisals that show only beside the checklist, and remarks on what is still to be appraised or settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from graylit.pages.wording import agree, count_things, name_some, tell_share
from graylit.study.appraisals import Appraisals, read_appraisals
from graylit.study.ids import list_unknown
from graylit.tables.appraisal import Item, list_items
from graylit.tables.faults import Fault, name_command, suggest_name
from graylit.tables.kinds import KINDS, split_people
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_appraisals(study: Study) -> list[Fault]:
    """Return the faults of appraisals: sources, items and scores that are none, and settlements of nothing."""
    quality, items = study.quality, list_items(study.checklist.cells)
    source_ids = {cells["source_id"] for cells in study.sources.cells if cells.get("source_id")} | study.former
    faults = list_unknown(quality, "source_id", source_ids, "sources.csv")
    before: dict[tuple[str, str], set[str]] = {}
    for number, cells in quality:
        place = cells.get("source_id", ""), cells.get("item", "")
        faults += _check_score(quality.file, number, cells, items)
        if not cells.get("score") and cells.get("appraiser") not in before.get(place, set()):
            remedy = "fill the cell; without a score a row withdraws an earlier one, and there is none"
            faults.append(Fault(quality.file, "is empty", "a score of the checklist", remedy, number, "score", ""))
        for name in split_people(cells.get("settles_scores_of", "")):
            if name not in before.get(place, set()):
                problem = f"has not scored {place[1]} of {place[0]} before this row"
                expected, remedy = "appraisers of this source and question", "name those whose scores are settled"
                faults.append(Fault(quality.file, problem, expected, remedy, number, "settles_scores_of", name))
        before.setdefault(place, set()).add(cells.get("appraiser", ""))
    return faults


def _check_score(file: str, number: int, cells: Cells, items: Mapping[str, Item]) -> list[Fault]:
    """Return a fault if a row is about no question of the checklist, or has none of its scores."""
    name, score = cells.get("item", ""), cells.get("score", "")
    item = items.get(name)
    if name and item is None:
        problem, remedy = f"is not valid{suggest_name(name, items)}", "correct the cell, or add it to checklist.csv"
        return [Fault(file, problem, f"one of {', '.join(items)}", remedy, number, "item", name)]
    is_number = bool(score) and KINDS["number"].is_valid(score)  # what is none is a fault of the table itself
    if not (item and is_number) or item.allows(score):
        return []
    expected = f"one of {', '.join(f'{known} ({words})' if words else known for known, words in item.scores)}"
    return [Fault(file, "is not valid", expected, "correct the cell", number, "score", score)]


def remark_appraisals(study: Study) -> list[Fault]:
    """Return remarks on sources that nobody or only part of a person appraised, and on differences not settled yet.

    A study that has neither a checklist of its own nor an appraisal appraises nothing.
    """
    quality, items = study.quality, list_items(study.checklist.cells)
    if not (quality.cells or study.checklist.cells):
        return []
    found, source_ids = read_appraisals(quality.cells), [row["source_id"] for row in study.sources.cells]
    remedy = f"go on at the desk: {name_command('desk --as NAME')}"
    told = [
        (_tell_unappraised(found, source_ids, items), "every source by all questions"),
        (_tell_unfinished(found, source_ids, items), "all questions: a sum is comparable only over all of them"),
        (_tell_unsettled(found, source_ids, items), "one score for each question"),
    ]
    return [Fault(quality.file, problem, expected, remedy) for problem, expected in told if problem]


def _tell_unappraised(found: Appraisals, source_ids: list[str], items: Mapping[str, Item]) -> str:
    missing = [source_id for source_id in source_ids if not found.of(source_id)]
    share = tell_share(len(missing), len(source_ids), "source", "was", "were")
    return f"{share} appraised by nobody: {name_some(missing)}" if missing else ""


def _tell_unfinished(found: Appraisals, source_ids: list[str], items: Mapping[str, Item]) -> str:
    """Return who has begun to appraise which source without all items; such scores count in no sum."""
    unfinished = [
        f"{source_id} by {name} without {name_some(left)}"
        for source_id in source_ids
        for name, rows in sorted(found.of(source_id).items())
        if (left := [item for item in items if item not in rows])
    ]
    begun = f"{count_things(len(unfinished), 'appraisal')} {agree(len(unfinished), 'is', 'are')} not finished"
    return f"{begun}: {'; '.join(unfinished[:3])}{'; …' if len(unfinished) > 3 else ''}" if unfinished else ""


def _tell_unsettled(found: Appraisals, source_ids: list[str], items: Mapping[str, Item]) -> str:
    places = [f"{source_id} {item}" for source_id in source_ids for item in found.list_unsettled(source_id, items)]
    differ = f"{count_things(len(places), 'score')} {agree(len(places), 'differs', 'differ')} and"
    return f"{differ} nobody has settled {agree(len(places), 'it', 'them')}: {name_some(places)}" if places else ""
