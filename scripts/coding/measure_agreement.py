"""Measure how far coders agree, round by round, and list what they disagree on, ready for adjudication.

Two questions are kept apart. Unitizing: is there something to code in this unit (coded or left)? Coding: which codes
does it get, if both coded it? Measures without prefix take both together: a unit that was left has the empty set.
"""

import pandas as pd

from graylit.measures.agreement import list_groups, name_group
from graylit.measures.given_codes import measure_given
from graylit.runs.steps import Step
from graylit.study.coder_agreement import measure_overall
from graylit.study.disputes import list_disagreements
from graylit.study.state import read_in_force
from graylit.study.units import RatedSets, gather_marks, list_finished, list_units, name_units, rate_sets
from graylit.tables.coding import AGREEMENT, CODEBOOK, DISAGREEMENTS, LOCATED_CODINGS, PASSES, READINGS
from graylit.tables.preparation import SEGMENTS
from graylit.tables.sources import SOURCES

CODE_COLUMN = "unadjudicated_code_id"  # agreement is about what coders gave, before anybody settled it
PLACED = ["coding_id", "coder", "round", "source_id", "segment_id", "method", CODE_COLUMN]  # what is read of codings


def measure_group(rated: RatedSets) -> pd.DataFrame:
    """Return every measure of one group of coders: of the sets of codes (overall), and of each code."""
    overall = [{"scope": "overall", "measure": name} | vars(found) for name, found in measure_overall(rated).items()]
    of_codes = [
        pd.DataFrame({"scope": rated.code_ids, "measure": name} | vars(found))
        for name, found in measure_given(rated.ratings, rated.members).items()
    ]
    return pd.concat([pd.DataFrame(overall), *of_codes])


def measure_agreement(marks: pd.DataFrame, code_ids: list[str], seed: int) -> pd.DataFrame:
    """Return the measures of each round and group of coders who have read the same units."""
    found = []
    for number, in_round in marks.groupby("round"):
        everyone = rate_sets(in_round, code_ids, seed)
        groups = [everyone.choose(group) for group in list_groups(everyone.coders)]
        # Groups that share as many sources follow each other: their intervals rest on the same draws.
        for rated in sorted(groups, key=lambda rated: rated.ratings.n_sources):
            if len(rated.ratings.sources):
                place = {"round": number, "coders": name_group(rated.coders), "n_coders": len(rated.coders)}
                found.append(measure_group(rated).assign(**place))
    return pd.concat(found)[list(AGREEMENT.names)] if found else pd.DataFrame(columns=AGREEMENT.names)


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
    codings = name_units(located, has_texts=bool(paths.get("segments")))
    readings, passes = READINGS.read_or_empty(paths.get("readings") or ""), PASSES.read_or_empty(paths.passes)
    if paths.get("segments"):
        segments = SEGMENTS.read(paths.segments, columns=["segment_id", "source_id"])
    else:
        segments = list_units(codings, readings)
    source_ids = set(SOURCES.read(paths.sources, columns=["source_id"])["source_id"])
    finished = list_finished(codings, passes, source_ids)
    noted = () if paths.get("segments") else (readings, passes)
    marks = gather_marks(codings, segments, finished, CODE_COLUMN, *noted)
    code_ids = choose_codes(read_in_force(CODEBOOK, paths.codebook), codings)
    agreement, disagreements = measure_agreement(marks, code_ids, snakemake.params.seed), list_disagreements(marks)
    AGREEMENT.write(agreement, step.output.agreement)
    DISAGREEMENTS.write(disagreements, step.output.disagreements)
    step.note(describe_left_out(len(located), len(codings), int(marks["coding_ids"].map(len).sum())))
    n_disputed = len(disagreements[["round", "unit_id"]].drop_duplicates())
    step.close(f"{len(located)} codings", f"{len(agreement)} measures, {n_disputed} disputed units")
