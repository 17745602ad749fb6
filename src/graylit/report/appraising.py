"""The appraisal in the report: the checklist, how far appraisers agreed on each question, and what is left to do."""

from __future__ import annotations

import math
from collections.abc import Mapping

from graylit.pages.wording import name_some
from graylit.report.frames import Frames, Part, list_records
from graylit.study.appraisals import Appraisals, read_appraisals
from graylit.tables.appraisal import ALL_ITEMS, Item, list_items, sum_bounds
from graylit.tables.rows import list_rows

SHOWN = ("share_agreed", "cohen_kappa", "fleiss_kappa", "alpha_ordinal")


def read_items(frames: Frames) -> dict[str, Item]:
    """Return the questions by which a study appraises."""
    return list_items(list_rows(frames["checklist"]))


def read_found(frames: Frames) -> Appraisals:
    """Return the appraisals in force."""
    rows = list_rows(frames["quality"])
    return read_appraisals({**row, "score": "" if math.isnan(row["score"]) else str(row["score"])} for row in rows)


def name_questions(frames: Frames) -> str:
    """Return the questions in words: the twenty of Garousi et al., or as many as the study's checklist has."""
    if frames["checklist"].empty:
        return "the twenty questions of Garousi et al. (2019)"
    n_items = len(read_items(frames))
    return f"the {n_items} questions of its checklist" if n_items > 1 else "the one question of its checklist"


def name_points(frames: Frames) -> str:
    """Return the most points that a source can have."""
    return f"{sum_bounds(read_items(frames))[1]:g}"


def describe_appraisal(frames: Frames) -> Part:
    """Describe the agreement of appraisers question by question, and what is unsettled, unfinished or not appraised."""
    if frames["quality"].empty:
        return None
    items, found, agreement = read_items(frames), read_found(frames), list_records(frames["appraisal_agreement"])
    source_ids = frames["sources"]["source_id"].tolist()
    measures = [name for name in SHOWN if any(row["measure"] == name for row in agreement)]
    places = dict.fromkeys((row["appraisers"], row["item"]) for row in agreement)
    order = {name: number for number, name in enumerate([ALL_ITEMS, *items])}
    by_place = {(row["appraisers"], row["item"], row["measure"]): row for row in agreement}
    return {
        "measures": [name.replace("_", " ") for name in measures],
        "rows": [
            {
                "appraisers": appraisers,
                "item": item,
                "question": items[item].question if item in items else "all questions together",
                "cells": [by_place.get((appraisers, item, name)) for name in measures],
            }
            for appraisers, item in sorted(places, key=lambda place: (place[0], order[place[1]]))
        ],
        "left": _list_left(found, source_ids, items),
    }


def _list_left(found: Appraisals, source_ids: list[str], items: Mapping[str, Item]) -> list[dict[str, str | int]]:
    """Return what is still to be done, in words, with how many and which."""
    left = {
        "sources that nobody appraised": [source_id for source_id in source_ids if not found.of(source_id)],
        "appraisals that lack some questions, and count in no sum": [
            f"{source_id} by {name}"
            for source_id in source_ids
            for name, rows in sorted(found.of(source_id).items())
            if any(item not in rows for item in items)
        ],
        "scores that differ and are not settled, so that their mean counts": [
            f"{source_id} {item}" for source_id in source_ids for item in found.list_unsettled(source_id, items)
        ],
    }
    return [{"what": what, "n": len(ids), "ids": name_some(ids)} for what, ids in left.items() if ids]
