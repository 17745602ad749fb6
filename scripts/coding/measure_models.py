"""Measure how far models agree with people on a sample, with each other, and with themselves; judge trust by code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from graylit.measures.agreement import Estimate
from graylit.measures.weighted import estimate_total, measure_weighted
from graylit.models.decisions import ANSWERED
from graylit.runs.steps import Step
from graylit.study.given import find_floor
from graylit.study.model_log import LOG, Call, read_calls
from graylit.study.study import Study, read_tables
from graylit.study.trust import Coded, gather_coded, judge_trust, list_tested, measure_code
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.models import (
    CHECK_CLAIMS,
    CODE,
    ITSELF,
    MODEL_AGREEMENT,
    MODEL_TRUST,
    PEOPLE_TOGETHER,
    SAMPLE_ESTIMATES,
    SCREEN,
)
from graylit.tables.preparation import SEGMENTS
from graylit.tables.rows import Cells, Values

READ = (
    *("sources", "candidates", "codebook", "people", "readings", "passes"),
    *("asked", "sample", "sample_codes", "trusted"),
)
SAID = {SCREEN: "decision", CHECK_CLAIMS: "reading"}  # what the answers of a task say in one word
Pair = tuple[str, dict[str, Any], dict[str, Any]]  # a unit, and what was said of it at first and once more


def show(value: float) -> str:
    """Return a measure as a cell; empty if it is undefined."""
    return f"{value:.6g}" if np.isfinite(value) else ""


def describe(decider: str, other: str, scope: str, measures: Mapping[str, Estimate]) -> list[Values]:
    """Return the rows of one comparison."""
    rows: list[Values] = []
    for name, one in measures.items():
        shown: Values = {"value": show(one.value), "low": show(one.low), "high": show(one.high)}
        shown = {**shown, "n_units": one.n_units}
        rows.append({"decider": decider, "other": other, "scope": scope, "measure": name, **shown})
    return rows


def compare_with_people(coded: Coded, judged: Iterable[tuple[str, str]], seed: int) -> list[Values]:
    """Return how each model agrees with people on each code, by the weights of the sample."""
    rows: list[Values] = []
    for model, code_id in judged:
        if tested := list_tested(coded, model):
            rows += describe(model, PEOPLE_TOGETHER, code_id, measure_code(coded, model, code_id, tested, seed))
    return rows


def compare_models(coded: Coded, source_of: Mapping[str, str], seed: int) -> list[Values]:
    """Return how each two models agree on each code that one of them gave, over the segments that both have read."""
    rows: list[Values] = []
    for first, second in combinations(sorted(coded.models), 2):
        own, other = coded.given[first], coded.given[second]
        both = sorted(one for one in own.keys() & other.keys() if one in source_of)
        codes = sorted({code for one in both for code in own[one] | other[one]})
        sources = [source_of[one] for one in both]
        for code in codes:
            said = [[code in of[one] for one in both] for of in (own, other)]
            found = measure_weighted(said[0], said[1], [1.0] * len(both), sources, seed)
            rows += describe(first, second, code, found)
    return rows


def read_again(calls: Iterable[Call]) -> dict[tuple[str, str], list[Pair]]:
    """Return what models said of a unit at first and once more, by model and task."""
    first: dict[tuple[str, str, int], dict[str, Any]] = {}
    pairs: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for call in calls:
        if call["outcome"] != ANSWERED:
            continue
        key = (call["decider"], call["question"], call["sample"])
        if call["repeat"] == 0:
            first.setdefault(key, call["answer"])
        elif key in first:
            pairs[call["decider"], call["task"]].append((call["unit"], first[key], call["answer"]))
    return pairs


def compare_with_themselves(
    pairs: Mapping[tuple[str, str], Sequence[Pair]], source_of: Mapping[str, str], seed: int
) -> list[Values]:
    """Return how far models said the same when they were asked once more."""
    rows: list[Values] = []
    for (model, task), answers in sorted(pairs.items()):
        sources, weights = [source_of.get(unit, unit) for unit, _, _ in answers], [1.0] * len(answers)
        if task == CODE:
            then = [{one["code_id"] for one in first["codings"]} for _, first, _ in answers]
            now = [{one["code_id"] for one in again["codings"]} for _, _, again in answers]
            for code in sorted(set().union(*then, *now)):
                sides = [[code in codes for codes in side] for side in (then, now)]
                rows += describe(model, ITSELF, code, measure_weighted(sides[0], sides[1], weights, sources, seed))
        elif task in SAID:
            same = [first[SAID[task]] == again[SAID[task]] for _, first, again in answers]
            agreed = measure_weighted(same, [True] * len(same), weights, sources, seed)["share_agreed"]
            rows += describe(model, ITSELF, SAID[task], {"share_agreed": agreed})
    return rows


def describe_trust(study: Study, coded: Coded, located: Iterable[Cells], seed: int) -> list[Values]:
    """Return how each model stands for each code."""
    n_codings: dict[tuple[str, str], int] = defaultdict(int)
    for row in located:
        n_codings[row["coder"], row["unadjudicated_code_id"]] += row["standing"] != "superseded"
    floor = find_floor(study)
    rows: list[Values] = []
    for (model, code_id), one in judge_trust(study, coded, seed).items():
        kappa = one.kappa or Estimate(np.nan, np.nan, np.nan, 0)
        shown = {"kappa": show(kappa.value), "low": show(kappa.low), "high": show(kappa.high)}
        counts = {"n_codings": n_codings[model, code_id], "n_units": one.n_units}
        asked = {"floor": "" if floor is None else f"{floor:g}", "standing": one.standing, "reason": one.reason}
        rows.append({"decider": model, "code_id": code_id, **counts, **shown, **asked})
    return rows


def estimate_whole(coded: Coded, seed: int) -> list[Values]:
    """Return how many segments of the whole would have each code by people, by the weights of the sample."""
    sampled, rows = coded.sampled, list[Values]()
    read = sorted(one for one in sampled.weights if one in coded.joined)
    weights, sources = [sampled.weights[one] for one in read], [sampled.sources[one] for one in read]
    by_models: dict[str, set[str]] = defaultdict(set)
    for model in coded.models:
        for segment_id, codes in coded.given[model].items():
            for code in codes:
                by_models[code].add(segment_id)
    for code in sorted({code for one in read for code in coded.joined[one]} | (set(by_models) if read else set())):
        given = [code in coded.joined[one] for one in read]
        found = estimate_total(given, weights, sources, seed)
        shown = {"estimate": show(found.value), "low": show(found.low), "high": show(found.high)}
        counts = {"n_sampled": len(read), "n_given": sum(given), "n_by_models": len(by_models[code])}
        rows.append({"code_id": code, **shown, **counts})
    return rows


if __name__ == "__main__":
    step = Step(snakemake)
    study, _ = read_tables(Path(), READ)
    located = LOCATED_CODINGS.list_cells(snakemake.input.codings)
    segments = SEGMENTS.list_cells(snakemake.input.get("segments") or "", ("segment_id", "source_id"))
    source_of = {row["segment_id"]: row["source_id"] for row in segments}
    of_source: dict[str, list[str]] = defaultdict(list)
    for row in segments:
        of_source[row["source_id"]].append(row["segment_id"])
    coded, seed = gather_coded(study, located, of_source), snakemake.params.seed
    trust = describe_trust(study, coded, located, seed)
    judged = [(str(row["decider"]), str(row["code_id"])) for row in trust]
    agreement = compare_with_people(coded, judged, seed) + compare_models(coded, source_of, seed)
    agreement += compare_with_themselves(read_again(read_calls(Path(LOG))), source_of, seed)
    MODEL_AGREEMENT.write_rows(agreement, step.output.agreement)
    MODEL_TRUST.write_rows(trust, step.output.trust)
    SAMPLE_ESTIMATES.write_rows(estimate_whole(coded, seed), step.output.estimates)
    below = sum(row["standing"] == "below" for row in trust)
    step.close(f"{len(coded.models)} models", f"{len(trust)} codes judged", f"{below} below the floor")
