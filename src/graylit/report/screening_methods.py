"""The sentences on the order in which candidates were screened, and on what that leaves unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graylit.report.frames import Frames
from graylit.screening.stopping import list_own, read_stop_rule, take_stock
from graylit.screening.stopping_words import tell_estimate, tell_order, tell_rule
from graylit.tables.rows import Cells, list_rows
from graylit.tables.screening import DRAWN, RANKED, SHARE_DECIDED

SHOWN = ["candidate_id", "screener", "round", "decision", "settles", "shown"]


def tell_progress(frames: Frames) -> str:
    """Return on how many candidates each screener has decided, as long as not all are through; '' if they are."""
    agreement = frames["screening_agreement"]
    rows = list_rows(agreement[agreement["measure"] == SHARE_DECIDED])
    numbers = [(row["screeners"], int(row["n_candidates"]), float(row["value"])) for row in rows]
    return ", ".join(f"{name}: {round(value * n):,} of {n:,}" for name, n, value in numbers)


def describe_order(frames: Frames, config: Mapping[str, Any]) -> list[str]:
    """Return for each screener and round whose rows say it how candidates were shown, and what is told of the rest.

    None until all screeners are through: what was found so far would tell the others.
    """
    if tell_progress(frames):
        return []
    rows: list[Cells] = [
        {name: str(cell) for name, cell in row.items()} for row in list_rows(frames["screenings"][SHOWN])
    ]
    decisions = frames["screening_decisions"]
    asked = decisions[decisions["decision"] != "duplicate"]["candidate_id"].tolist()
    sentences, rule = [], read_stop_rule(config)
    queues = sorted({(int(row["round"]), row["screener"]) for row in rows if row["shown"]})
    for number, screener in queues:
        standing = take_stock(list_own(rows, screener, str(number)), asked, rule)
        sentences.append(tell_order(standing, screener))
        if {RANKED, DRAWN} & set(standing.n_shown):
            sentences += [*tell_estimate(standing), *tell_rule(standing)]
    return sentences
