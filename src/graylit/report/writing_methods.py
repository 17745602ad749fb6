"""The sentences on how guidelines and impacts were written: places opened before, and what a second reader saw."""

from __future__ import annotations

import pandas as pd

from graylit.pages.wording import agree, count_things, count_who, join_words
from graylit.report.coding_methods import state_measure
from graylit.report.frames import Frames, Part, list_records

ALL = "all"
SCOPES = {"attribute": "the attribute", "effect": "the direction, where both saw an attribute", "both": "both together"}
TOLD = {"attribute": "the attribute", "effect": "the direction, if both saw an attribute,", "both": "both together"}
MEASURES = {"share_agreed": "share agreed", "cohen_kappa": "Cohen’s kappa", "alpha_nominal": "alpha, nominal"}


def describe_places_opened(frames: Frames) -> str:
    """Return how many places authors had opened before they wrote; '' if nobody kept a log of it."""
    opened = frames["places_opened"]
    if opened.empty:
        return ""
    parts = []
    for kind in ("practice", "guideline"):
        rows = opened[opened["kind"] == kind]
        n, n_all = int(rows["n_opened"].sum()), int(rows["n_codings"].sum())
        if n_all:
            share = f"{n:,} of {count_things(n_all, 'coding')} ({100 * n / n_all:.0f} %)"
            parts.append(f"of the codes of {count_things(len(rows), kind)}, {share}")
    if not parts:
        return ""
    return (
        "Before practices and guidelines were worded as they are in force, their authors had opened, "
        f"{join_words(parts)}; a coding counts once for each of them."
    )


def describe_impacts(frames: Frames) -> str:
    """Return how many impacts there are, which way they go, and how far a second reader saw the same."""
    impacts = frames["impacts"]
    if impacts.empty:
        return ""
    standard = " (ISO/IEC 25010:2023)" if frames["attributes"].empty else ""
    n_strained = int((impacts["effect"] == "strained").sum())
    words = (
        f"{count_things(len(impacts), 'impact')} of {count_things(impacts['guideline_id'].nunique(), 'guideline')} on "
        f"{count_things(impacts['quality_attribute'].nunique(), 'quality attribute')}{standard} "
        f"{agree(len(impacts), 'was', 'were')} read in the codings: "
        f"{count_who(len(impacts) - n_strained, 'strengthens', 'strengthen')} an attribute, "
        f"{count_who(n_strained, 'strains', 'strain')} one."
    )
    return " ".join(filter(None, [words, _describe_second_readers(frames)]))


def _describe_second_readers(frames: Frames) -> str:
    agreement = frames["impact_agreement"]
    readers = sorted(set(agreement["reader"]) - {ALL})
    if not readers:
        return ""
    kept = agreement[agreement["reader"] == (ALL if len(readers) > 1 else readers[0])]
    whole = {(row["scope"], row["measure"]): row for row in list_records(kept)}
    n_read = int(whole["attribute", "share_agreed"]["n_impacts"])
    who = "A second reader" if len(readers) == 1 else count_things(len(readers), "second reader")
    told = [
        f"on {name} in {100 * float(whole[scope, 'share_agreed']['value']):.0f} %, "
        f"Cohen’s kappa {state_measure(pd.Series(whole[scope, 'cohen_kappa']))}"
        for scope, name in TOLD.items()
        if (scope, "share_agreed") in whole
    ]
    return (
        f"{who} saw component, decision and places of {count_things(n_read, 'impact')}, and neither attribute nor "
        f"direction, and agreed with the authors {'; '.join(told)}."
    )


def describe_impact_agreement(frames: Frames) -> Part:
    """Return the agreement of second readers with authors: a row for each reader and scope; None if nobody read any."""
    agreement = frames["impact_agreement"]
    if agreement.empty:
        return None
    cells: dict[tuple[str, str], dict[str, object]] = {}
    n_impacts: dict[tuple[str, str], int] = {}
    for row in list_records(agreement):
        key = (row["reader"], row["scope"])
        cells.setdefault(key, {})[row["measure"]] = row
        n_impacts[key] = int(row["n_impacts"])
    order = list(SCOPES)
    rows = [
        {"reader": reader, "scope": SCOPES[scope], "n_impacts": n_impacts[reader, scope],
         "cells": [of_one.get(measure) for measure in MEASURES]}
        for (reader, scope), of_one in sorted(cells.items(), key=lambda item: (item[0][0], order.index(item[0][1])))
    ]  # fmt: skip
    return {"measures": list(MEASURES.values()), "rows": rows}
