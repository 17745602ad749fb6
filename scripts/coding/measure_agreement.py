"""Measure how far coders agree, round by round, and list what they disagree on, ready for adjudication.

Two questions are kept apart. Unitizing: is there something to code in this unit (coded or left)? Coding: which codes
does it get, if both coded it? Measures without prefix take both together: a unit that was left has the empty set.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from graylit.measures.agreement import (
    Estimate,
    Ratings,
    jaccard_distances,
    list_groups,
    masi_distances,
    measure_cohen,
    measure_fleiss,
    measure_nominal_alpha,
    measure_set_alpha,
    name_group,
    share_agreed,
)
from graylit.runs.steps import Step
from graylit.study.state import read_in_force
from graylit.study.units import UNIT, RatedSets, gather_marks, list_finished, name_units, rate_sets
from graylit.tables.coding import AGREEMENT, CODEBOOK, DISAGREEMENTS, LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS
from graylit.tables.sources import SOURCES

CODE_COLUMN = "unadjudicated_code_id"  # agreement is about what coders gave, before anybody settled it
PLACED = ["coding_id", "coder", "round", "source_id", "segment_id", "method", CODE_COLUMN]  # what is read of codings


def measure_categories(ratings: Ratings) -> dict[str, Estimate]:
    """Return the measures of a yes-or-no question by name: per cent, a kappa for two or for many, and alpha."""
    kappa: tuple[str, Callable[[Ratings], Estimate]] = ("fleiss_kappa", measure_fleiss)
    if len(ratings.values) == 2:
        kappa = ("cohen_kappa", measure_cohen)
    return {
        "share_agreed": share_agreed(ratings),
        kappa[0]: kappa[1](ratings),
        "alpha_nominal": measure_nominal_alpha(ratings),
    }


def measure_sets(ratings: Ratings, members: np.ndarray) -> dict[str, Estimate]:
    """Return the measures of sets of codes by name."""
    return {
        "share_agreed": share_agreed(ratings),
        "alpha_nominal": measure_set_alpha(ratings, 1.0 - np.eye(len(members))),
        "alpha_jaccard": measure_set_alpha(ratings, jaccard_distances(members)),
        "alpha_masi": measure_set_alpha(ratings, masi_distances(members)),
    }


def measure_scopes(rated: RatedSets) -> dict[tuple[str, str], Estimate]:
    """Return every measure of one group of coders, by scope (overall, or a code) and name."""
    ratings, members = rated.ratings, rated.members
    is_coded = members.any(axis=1)
    coded = ratings.recode(np.where(is_coded, np.arange(len(members)), -1), len(members)).keep_pairable()
    overall = {
        **measure_sets(ratings, members),
        **_prefix("unitizing", measure_categories(ratings.recode(is_coded.astype(int), 2))),
        **_prefix("coding", measure_sets(coded, members)),
    }
    found = {("overall", name): estimate for name, estimate in overall.items()}
    for number, code_id in enumerate(rated.code_ids):
        is_given = ratings.recode(members[:, number].astype(int), 2)
        found |= {(code_id, name): estimate for name, estimate in measure_categories(is_given).items()}
    return found


def _prefix(part: str, measures: dict[str, Estimate]) -> dict[str, Estimate]:
    return {f"{part}_{name}": estimate for name, estimate in measures.items()}


def measure_agreement(marks: pd.DataFrame, code_ids: list[str], seed: int) -> pd.DataFrame:
    """Return the measures of each round and group of coders who have read the same units."""
    rows = []
    for number, in_round in marks.groupby("round"):
        for group in list_groups(in_round["coder"].unique().tolist()):
            rated = rate_sets(in_round, group, code_ids, seed)
            if not len(rated.ratings.sources):
                continue
            for (scope, measure), estimate in measure_scopes(rated).items():
                place = {"round": number, "coders": name_group(group), "scope": scope, "measure": measure}
                rows.append(place | vars(estimate) | {"n_coders": len(group)})
    return pd.DataFrame(rows, columns=AGREEMENT.names)


def list_disagreements(marks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per disputed unit and coder who has read it."""
    numbers = pd.Series(pd.factorize(marks["code_ids"])[0], index=marks.index)
    units = [marks["round"], marks["unit_id"]]
    n_sets = numbers.groupby(units).transform("nunique")
    n_filled = numbers.where(marks["code_ids"].map(len) > 0).groupby(units).transform("nunique")
    kinds = n_filled.gt(1).map({True: "coding", False: "unitizing"})
    disputed = marks.assign(kind=kinds)[n_sets > 1]
    joined = {column: disputed[column].map("; ".join) for column in ("code_ids", "coding_ids")}
    return disputed.assign(**joined)[[*UNIT, "kind", "coder", "code_ids", "coding_ids"]]


def choose_codes(codebook: pd.DataFrame, codings: pd.DataFrame, code_column: str = CODE_COLUMN) -> list[str]:
    """Return the codes to measure: those in use, and active ones that nobody gave."""
    active = codebook.loc[codebook["status"] == "active", "code_id"]
    return sorted({*active, *codings[code_column]})


def describe_left_out(n_located: int, n_placed: int, n_measured: int) -> str:
    """Return how many codings are not measured, and why."""
    n_unfinished = n_placed - n_measured
    return f"{n_located - n_placed} codings have no place now, and {n_unfinished} are in unfinished sources"


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    located = LOCATED_CODINGS.read(paths.codings, columns=PLACED)
    segments = SEGMENTS.read_or_empty(paths.get("segments", ""), columns=["segment_id", "source_id"])
    codings = name_units(located, has_texts=bool(paths.get("segments")))
    source_ids = set(SOURCES.read(paths.sources, columns=["source_id"])["source_id"])
    finished = list_finished(codings, PASSES.read_or_empty(paths.passes), source_ids)
    marks = gather_marks(codings, segments, finished, CODE_COLUMN)
    code_ids = choose_codes(read_in_force(CODEBOOK, paths.codebook), codings)
    agreement, disagreements = measure_agreement(marks, code_ids, snakemake.params.seed), list_disagreements(marks)
    AGREEMENT.write(agreement, step.output.agreement)
    DISAGREEMENTS.write(disagreements, step.output.disagreements)
    step.note(describe_left_out(len(located), len(codings), int(marks["coding_ids"].map(len).sum())))
    n_disputed = len(disagreements[["round", "unit_id"]].drop_duplicates())
    step.close(f"{len(located)} codings", f"{len(agreement)} measures, {n_disputed} disputed units")
