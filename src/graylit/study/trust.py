"""How far models can be trusted for codes: their agreement with people on a sample, and what that makes of codings.

A person's decision outranks a model's: where a person has read a segment, what a model gave there and the person did
not is no evidence. Elsewhere a model's codings of a code count, unless the protocol asks for an agreement with people
that the model falls short of for this code, and nobody has accepted that with a reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.measures.agreement import Estimate
from graylit.study.given import (
    Codes,
    Given,
    Sampled,
    add_sampled,
    find_accepted,
    find_floor,
    gather_given,
    join_people,
    name_kinds,
    read_sample,
)
from graylit.study.state import latest_rows
from graylit.study.study import Study
from graylit.tables.rows import Cells

OUTRANKED, UNTRUSTED = "outranked", "untrusted"
TRUSTED, BELOW, ACCEPTED, UNTESTED = "trusted", "below", "accepted", "untested"


@dataclass(frozen=True)
class Coded:
    """What was given to the segments of a study: by whom, and which of these are people and which are models."""

    given: Given
    joined: Mapping[str, Codes]  # by people together
    models: Sequence[str]
    sampled: Sampled


def gather_coded(study: Study, located: Iterable[Cells], segments: Mapping[str, Sequence[str]]) -> Coded:
    """Return what was given to segments; `segments` are those of each source.

    No model is judged in a study that has asked none through `graylit ask` and has drawn no sample.
    """
    people, models = name_kinds(study)
    models = models if study.asked.cells or study.sample.cells else []
    given = gather_given(located, study.readings.cells, study.passes.cells, segments)
    add_sampled(given, study.sample_codes.cells, latest_rows(study.codebook.cells, "code_id"))
    return Coded(given, join_people(given, people), [m for m in models if m in given], read_sample(study.sample.cells))


def list_tested(coded: Coded, model: str) -> list[str]:
    """Return the segments of the sample that people and a model have read, in order."""
    own = coded.given.get(model, {})
    return sorted(one for one in coded.sampled.weights if one in coded.joined and one in own)


def measure_code(coded: Coded, model: str, code_id: str, tested: Sequence[str], seed: int) -> dict[str, Estimate]:
    """Return how a model agrees with people on a code, over the segments of the sample that both have read."""
    from graylit.measures.weighted import measure_weighted

    own, sampled = coded.given[model], coded.sampled
    return measure_weighted(
        [code_id in own[one] for one in tested],
        [code_id in coded.joined[one] for one in tested],
        [sampled.weights[one] for one in tested],
        [sampled.sources[one] for one in tested],
        seed,
    )


@dataclass(frozen=True)
class Trust:
    """How a model stands for a code."""

    standing: str
    n_units: int
    kappa: Estimate | None
    reason: str = ""


def judge_trust(study: Study, coded: Coded, seed: int) -> dict[tuple[str, str], Trust]:
    """Return how each model stands for each code that it gave, or that people gave in the sample."""
    floor, accepted = find_floor(study), find_accepted(study.trusted.cells)
    found = {}
    for model in coded.models:
        tested = list_tested(coded, model)
        codes = {code for codes in coded.given[model].values() for code in codes}
        of_people = {code for one in tested for code in coded.joined[one]}
        for code_id in sorted(codes | of_people):
            kappa = measure_code(coded, model, code_id, tested, seed)["cohen_kappa"] if tested else None
            standing, reason = TRUSTED, ""
            if kappa is None or math.isnan(kappa.value):
                standing = UNTESTED
            elif floor is not None and kappa.value < floor:
                reason = accepted.get((model, code_id), "")
                standing = ACCEPTED if (model, code_id) in accepted else BELOW
            found[model, code_id] = Trust(standing, len(tested), kappa, reason)
    return found


def stand_models(
    study: Study, located: Sequence[Cells], segments: Mapping[str, Sequence[str]], seed: int
) -> dict[str, str]:
    """Return the standing of the codings of models that are no evidence though nobody adjudicated them, by id."""
    coded = gather_coded(study, located, segments)
    if not coded.models:
        return {}
    trust = judge_trust(study, coded, seed) if find_floor(study) is not None else {}
    below = {key for key, one in trust.items() if one.standing == BELOW}
    found = {}
    for row in located:
        if row["coder"] not in coded.models or row["standing"] != "open":
            continue
        code_id, by_people = row["unadjudicated_code_id"], coded.joined.get(row["segment_id"])
        if by_people is not None and code_id not in by_people:
            found[row["coding_id"]] = OUTRANKED
        elif (row["coder"], code_id) in below:
            found[row["coding_id"]] = UNTRUSTED
    return found
