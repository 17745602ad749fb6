"""How far deciders agree, decision by decision: one row for each kind, by its measure, with the way to its details."""

from __future__ import annotations

import pandas as pd

from graylit.pages.wording import count_among, count_things
from graylit.report import counts
from graylit.report.frames import Frames, Records, list_records
from graylit.tables.appraisal import ALL_ITEMS
from graylit.tables.claims import ALL_GUIDELINES

ALL = "all"
RELIABLE = 0.8  # Krippendorff's own bound for reliable conclusions (Content Analysis, 2004)


def list_agreement(frames: Frames) -> Records:
    """Return a row for each kind of decision on which two or more agreed or differed, in the order of a review."""
    return [
        *_tell_screening(frames["screening_agreement"]),
        *_tell_coding(frames),
        *_tell_codes(frames["agreement"]),
        *_tell_readings(frames["reading_agreement"]),
        *_tell_impacts(frames["impact_agreement"]),
        *_tell_appraisal(frames["appraisal_agreement"]),
        *_tell_sorting(frames),
    ]


def _row(
    what: str, measure: str, value: float | None, units: str, who: str, target: str, **more: object
) -> dict[str, object]:
    made = {"what": what, "measure": measure, "value": value, "units": units, "who": who, "target": target}
    return {"low": None, "high": None, "is_main": False, "detail": "", **made, **more}


def _name(who: str) -> str:
    return "all" if who == ALL else who.replace("; ", " and ")


def _choose(rows: pd.DataFrame, column: str) -> Records:
    """Return the row of all who were compared, if there is one, else those of each pair."""
    of_all = rows[rows[column] == ALL]
    return list_records(rows if of_all.empty else of_all)


def _tell_screening(agreement: pd.DataFrame) -> Records:
    rows = agreement[(agreement["measure"] == "cohen_kappa") & agreement["value"].notna()]
    if rows.empty:
        rows = agreement[(agreement["measure"] == "fleiss_kappa") & agreement["value"].notna()]
    last = rows[rows["round"] == rows["round"].max()]
    return [
        _row(
            "screening",
            row["measure"].replace("_kappa", "").capitalize() + "’s kappa of the decision",
            row["value"],
            count_things(int(row["n_candidates"]), "candidate"),
            _name(row["screeners"]),
            "audit/tables/screening_agreement.html",
            low=row["low"],
            high=row["high"],
        )
        for row in _choose(last, "screeners")
    ]


def _tell_coding(frames: Frames) -> Records:
    return [
        _row(
            f"coding, round {int(row['round'])}, the last",
            "Krippendorff’s alpha over sets of codes (MASI)",
            row["value"],
            count_things(int(row["n_units"]), "unit"),
            _name(row["coders"]),
            f"audit/tables/agreement.html?round={int(row['round'])}&scope=overall&measure={counts.MAIN_ALPHA}",
            low=row["low"],
            high=row["high"],
            is_main=True,
            detail="#coding-agreement",
        )
        for row in list_records(counts.list_main_alphas(frames))
    ]


def _tell_codes(agreement: pd.DataFrame) -> Records:
    """Return how many codes are reliable in the last round, and the lowest alpha of one."""
    last = agreement[agreement["round"] == agreement["round"].max()]
    codes = last[(last["scope"] != "overall") & (last["measure"] == "alpha_nominal")]
    lowest = codes.groupby("scope")["value"].min().dropna()
    if lowest.empty:
        return []
    n_reliable = int((lowest >= RELIABLE).sum())
    return [
        _row(
            "single codes, in that round",
            f"alpha, nominal, of whether a code is given: the lowest, {lowest.idxmin()}; "
            f"{count_among(n_reliable, len(lowest), 'code')} at .800 or more",
            float(lowest.min()),
            count_things(len(lowest), "code"),
            "",
            "audit/tables/agreement.html?measure=alpha_nominal",
            detail="#codes-agreement",
        )
    ]


def _tell_readings(agreement: pd.DataFrame) -> Records:
    rows = agreement[(agreement["scope"] == ALL_GUIDELINES) & (agreement["measure"] == "alpha_nominal")]
    return [
        _row(
            "reading of claims",
            "alpha, nominal, of the reading",
            row["value"],
            count_things(int(row["n_pairs"]), "pair"),
            _name(row["readers"]),
            "audit/tables/reading_agreement.html",
            low=row["low"],
            high=row["high"],
            detail="#readings",
        )
        for row in _choose(rows, "readers")
    ]


def _tell_impacts(agreement: pd.DataFrame) -> Records:
    rows = agreement[(agreement["scope"] == "both") & (agreement["measure"] == "alpha_nominal")]
    return [
        _row(
            "impacts",
            "alpha, nominal, of attribute and direction together",
            row["value"],
            count_things(int(row["n_impacts"]), "impact"),
            "all second readers" if row["reader"] == ALL else f"{row['reader']} and the author",
            "audit/tables/impact_agreement.html",
            low=row["low"],
            high=row["high"],
            detail="#second-readers",
        )
        for row in _choose(rows, "reader")
    ]


def _tell_appraisal(agreement: pd.DataFrame) -> Records:
    rows = agreement[(agreement["item"] == ALL_ITEMS) & (agreement["measure"] == "alpha_ordinal")]
    return [
        _row(
            "appraisal of quality",
            "alpha, ordinal, of the scores",
            row["value"],
            count_things(int(row["n_sources"]), "source"),
            _name(row["appraisers"]),
            "audit/tables/appraisal_agreement.html",
            low=row["low"],
            high=row["high"],
            detail="#appraisal",
        )
        for row in _choose(rows, "appraisers")
    ]


def _tell_sorting(frames: Frames) -> Records:
    pairs = frames["sorter_agreement"]
    values = pairs["rand"].dropna()
    if values.empty:
        return []
    n_sorters = len(set(pairs["sorter"]) | set(pairs["other_sorter"]))
    return [
        _row(
            "card sort",
            "adjusted Rand index of piles: the mean of all pairs",
            float(values.mean()),
            count_things(int(pairs["n_cards"].max()), "card"),
            count_things(n_sorters, "sorter"),
            "audit/tables/sorter_agreement.html",
            low=float(values.min()) if len(values) > 1 else None,
            high=float(values.max()) if len(values) > 1 else None,
            is_span=True,
            detail="#sorters",
        )
    ]
