"""Recompute the published agreement of a review with two screeners (David et al. 2022), and time the intervals.

The studies folder holds blended_modeling_screening/ with academic_screening.csv (two screeners, the decision derived
from both, and the final one), agreement.csv (two reviewers and the criteria of gray sources), sources.csv and
expected.json, which gives kappas to three or four digits: figures may differ by 0.0005, counts not at all.

References
----------
David et al. 2022, Blended modeling in commercial and open-source model-driven software engineering tools: a
systematic study, doi:10.1007/s10270-022-01010-3.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from figures import Figure, write_figures
from graylit.measures.agreement import (
    jaccard_distances,
    make_ratings,
    masi_distances,
    measure_cohen,
    measure_nominal_alpha,
    measure_set_alpha,
    share_agreed,
)
from graylit.screening.deciding import decide_candidates
from graylit.screening.screener_agreement import cross_decisions, measure_screening
from graylit.tables.screening import CANDIDATES, SCREENINGS

STUDY = "blended_modeling_screening"
SCREENERS = ("rater1", "rater2")
WORDS = {"1. NO": "exclude", "2. MAYBE": "unsure", "3. YES": "include"}
NUMBERS = {"exclude": 0, "unsure": 1, "include": 2}
SEED = 1
TOLERANCE = 0.0005  # half of the last digit that was published


def read_table(path: Path) -> pd.DataFrame:
    """Return a table of the study, all cells as text."""
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def read_decisions(path: Path) -> pd.DataFrame:
    """Return the academic screening with our words for its decisions."""
    table = read_table(path)
    return table.assign(**{name: table[name].map(WORDS) for name in (*SCREENERS, "derived", "final")})


def make_screenings(table: pd.DataFrame) -> list[dict[str, str]]:
    """Return rows of screenings: two per candidate, and a settlement if the two were unsure or differed."""
    rows = []
    for decided in table.to_dict("records"):
        unit, is_settled = decided["unit"], decided["rater1"] == decided["rater2"] != "unsure"
        for number, screener in enumerate((*SCREENERS, "arbiter")):
            if screener == "arbiter" and is_settled:
                continue
            decision = decided["final" if screener == "arbiter" else screener]
            cells = {"screening_id": f"N{unit}-{number}", "candidate_id": f"H{unit}", "screener": screener}
            settles = f"N{unit}-0; N{unit}-1" if screener == "arbiter" else ""
            rows.append(dict.fromkeys(SCREENINGS.names, "") | cells | {"decision": decision, "settles": settles})
    return [row | {"round": "1", "criterion_id": "E1" if row["decision"] == "exclude" else ""} for row in rows]


def recompute_screening(table: pd.DataFrame, screenings: list[dict[str, str]]) -> dict[str, float]:
    """Return the figures of the academic screening by their ids in expected.json."""
    frame = SCREENINGS.to_frame(screenings)
    measures = measure_screening(frame, SEED).set_index("measure")["value"]
    crosstab = cross_decisions(frame, *SCREENERS).ravel()
    return {
        "papers": table["unit"].nunique(),
        "agree": measures["share_agreed"],
        "kappa_w": measures["cohen_kappa_linear"],
        **{f"crosstab.{number}": int(n) for number, n in enumerate(crosstab)},
    }


def count_unsettled(table: pd.DataFrame, screenings: list[dict[str, str]]) -> int:
    """Return the candidates whose decision, rebuilt from all rows, is not the final one of the study."""
    blank = dict.fromkeys(CANDIDATES.names, "")
    decided = decide_candidates([blank | {"candidate_id": f"H{unit}"} for unit in table["unit"]], screenings, [])
    final = dict(zip("H" + table["unit"], table["final"], strict=True))
    return sum(row["decision"] != final[row["candidate_id"]] for row in decided.to_dict("records"))


def recompute_criteria(ratings: pd.DataFrame, sources: pd.DataFrame) -> dict[str, float]:
    """Return the figures of the gray sources: counts, and Cohen's kappa of each criterion."""
    split = ratings["unit"].str.split("|", expand=True)
    table = ratings.assign(source=split[0], criterion=split[1], number=ratings["category"].astype(int))
    figures: dict[str, float] = {"grey_hits": len(sources)}
    figures["grey_included"] = int((sources["included"] == "yes").sum())
    for criterion, rows in table.groupby("criterion"):
        numbers = rows.pivot(index="source", columns="coder", values="number").fillna(-1).to_numpy(int).T
        kappa = measure_cohen(make_ratings(numbers, np.arange(numbers.shape[1]), 2, SEED)).value
        figures[f"grey_kappa_per_criterion.{criterion}"] = kappa
    return figures


def read_sure(table: pd.DataFrame) -> dict[str, float]:
    """Return Cohen's kappa for each reading of 'without MAYBEs' that the tables allow."""
    first, second = (table[name].map(NUMBERS).to_numpy() for name in SCREENERS)
    derived, final = (table[name].map(NUMBERS).to_numpy() for name in ("derived", "final"))
    sure = (first != 1) & (second != 1)
    readings = {
        "rows_dropped": (first[sure], second[sure]),
        "counted_as_no": (first == 2, second == 2),
        "counted_as_yes": (first > 0, second > 0),
        "counted_as_the_other_says": (np.where(first == 1, second, first), np.where(second == 1, first, second)),
        "derived_yes_against_final_yes": (derived == 2, final == 2),
        "derived_not_no_against_final_yes": (derived > 0, final == 2),
    }
    clusters = {name: np.arange(len(pair[0])) for name, pair in readings.items()}
    return {
        name: measure_cohen(make_ratings(np.vstack(pair).astype(int), clusters[name], 3, SEED)).value
        for name, pair in readings.items()
    }


def list_published(expected: list[dict]) -> dict[str, float | None]:
    """Return the figures to meet, one by one: recomputed ones if these are known to more digits than were published."""
    published: dict[str, float | None] = {}
    for figure in expected:
        value = figure["recomputed_from_csv"]
        if figure["match"] is False:
            continue
        if isinstance(value, list):
            value = dict(enumerate(value))
        parts = {f"{figure['id']}.{name}": part for name, part in value.items()} if isinstance(value, dict) else None
        published |= parts or {figure["id"]: value}
    return published


def is_equal(published: float | None, recomputed: float) -> bool:
    """Return whether a figure is the published one: counts exactly, shares and kappas up to the tolerance."""
    if published is None:
        return bool(np.isnan(recomputed))
    return abs(published - recomputed) <= (0 if isinstance(published, int) else TOLERANCE)


def time_intervals() -> float:
    """Return the seconds for all measures of two coders with intervals: 3,600 units of 100 sources, 26 codes."""
    generator = np.random.default_rng(SEED)
    members = generator.random((400, 26)) < 0.1
    first = generator.integers(0, 400, 3600)
    second = np.where(generator.random(3600) < 0.7, first, generator.integers(0, 400, 3600))
    started = time.perf_counter()
    ratings = make_ratings(np.vstack([first, second]), generator.integers(0, 100, 3600), 400, SEED)
    for distances in (jaccard_distances(members), masi_distances(members)):
        measure_set_alpha(ratings, distances)
    for code in range(26):
        has_code = ratings.recode(members[:, code].astype(int), 2)
        for measure in (share_agreed, measure_cohen, measure_nominal_alpha):
            measure(has_code)
    return time.perf_counter() - started


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=Path, required=True)
    folder = parser.parse_args().studies / STUDY
    if not (folder / "expected.json").exists():
        sys.exit(f"{folder}/expected.json is missing; name the folder of published studies with --studies")
    table = read_decisions(folder / "academic_screening.csv")
    screenings = make_screenings(table)
    recomputed = recompute_screening(table, screenings)
    recomputed |= recompute_criteria(read_table(folder / "agreement.csv"), read_table(folder / "sources.csv"))
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["expected"]
    published = list_published(expected)
    rows = [(name, value, recomputed[name], is_equal(value, recomputed[name])) for name, value in published.items()]
    figures = pd.DataFrame(rows, columns=["figure_id", "published", "recomputed", "is_equal"])
    different = figures[~figures["is_equal"]]
    is_met = write_figures(
        "agreement",
        [
            Figure("published_figures", len(figures), "figures"),
            Figure("figures_recomputed_differently", len(different), "figures", "== 0"),
            Figure("settled_decisions_differing", count_unsettled(table, screenings), "candidates", "== 0"),
            Figure("share_agreed", recomputed["agree"], "share"),
            Figure("cohen_kappa_linear", recomputed["kappa_w"], "kappa"),
            *(Figure(f"kappa_unsure_{name}", kappa, "kappa") for name, kappa in read_sure(table).items()),
            Figure("intervals_wall", time_intervals(), "s", "<= 20"),
        ],
    )
    if len(different):
        print(different.to_string(index=False))
    figures.to_csv("results/bench/agreement_by_figure.csv", index=False, lineterminator="\n")
    sys.exit(0 if is_met else 1)
