"""A person's decision outranks a model's: where both are, the model's rows decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graylit.screening.deciding import list_current
from graylit.tables.rows import Cells


def leave_outranked(screenings: Iterable[Cells], models: Collection[str]) -> list[Cells]:
    """Return the rows of screening that decide: those of models only on candidates on which no person has decided.

    A model's settlement of what people decided does not count either.
    """
    rows = list(screenings)
    if not models:
        return rows
    by_people = {row["candidate_id"] for row in list_current(rows) if row.get("screener") not in models}
    return [row for row in rows if row.get("screener") not in models or row.get("candidate_id") not in by_people]


def leave_outranked_scores(quality: Iterable[Cells], models: Collection[str]) -> list[Cells]:
    """Return the rows of appraisal that count: those of models only on questions that no person has scored."""
    rows = list(quality)
    if not models:
        return rows
    latest = {(row["source_id"], row["item"], row.get("appraiser")): row for row in rows}
    by_people = {key[:2] for key, row in latest.items() if key[2] not in models and row["score"]}
    return [
        row for row in rows if row.get("appraiser") not in models or (row["source_id"], row["item"]) not in by_people
    ]
