"""What people and models gave to segments: sets of codes by decider, and what more than one person makes of one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.study.people import list_people
from graylit.study.state import follow_code, latest_rows
from graylit.study.study import Study
from graylit.tables.kinds import split_ids
from graylit.tables.locating import LOST
from graylit.tables.people import MODEL, PERSON
from graylit.tables.rows import Cells

Codes = frozenset[str]
Given = Mapping[str, Mapping[str, Codes]]  # by decider and segment; a segment is there if the decider has read it


def gather_given(
    located: Iterable[Cells], readings: Iterable[Cells], passes: Iterable[Cells], segments: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, Codes]]:
    """Return the codes that each coder gave to each segment that they have read, before anybody adjudicated.

    `segments` are those of each source. A segment is read if it was coded, left without a code, or if its source was
    read to the end.
    """
    given: dict[str, dict[str, Codes]] = defaultdict(dict)
    for row in passes:
        given[row["coder"]] |= dict.fromkeys(segments.get(row["source_id"], ()), frozenset())
    for row in readings:
        if row["decision"] == "no_code":
            given[row["coder"]].setdefault(row["segment_id"], frozenset())
    for row in located:
        if row["segment_id"] and row["standing"] != "superseded" and row["method"] not in LOST:
            codes = given[row["coder"]].get(row["segment_id"], frozenset())
            given[row["coder"]][row["segment_id"]] = codes | {row["unadjudicated_code_id"]}
    return dict(given)


def add_sampled(given: dict[str, dict[str, Codes]], rows: Iterable[Cells], codebook: Mapping[str, Cells]) -> None:
    """Add what people gave to segments of the sample, codes merged since as they are now."""
    latest = {(row["coder"], row["segment_id"]): row for row in rows}
    for (coder, segment_id), row in latest.items():
        if row["decision"] != "reopened":
            codes = frozenset(follow_code(code_id, codebook) for code_id in split_ids(row["code_ids"]))
            given.setdefault(coder, {})[segment_id] = codes


def join_people(given: Given, people: Iterable[str]) -> dict[str, Codes]:
    """Return the codes of each segment that a person has read: those that half or more of its readers gave."""
    readers: dict[str, list[Codes]] = defaultdict(list)
    for name in people:
        for segment_id, codes in given.get(name, {}).items():
            readers[segment_id].append(codes)
    joined = {}
    for segment_id, sets in readers.items():
        counts = Counter(code for codes in sets for code in codes)
        joined[segment_id] = frozenset(code for code, n in counts.items() if 2 * n >= len(sets))
    return joined


@dataclass(frozen=True)
class Sampled:
    """The segments of the last draw: how many segments each stands for, and its source."""

    weights: dict[str, float]
    sources: dict[str, str]


def read_sample(rows: Iterable[Cells]) -> Sampled:
    """Return the last draw of a sample."""
    rows = list(rows)
    last = max((int(row["draw"]) for row in rows), default=0)
    kept = [row for row in rows if int(row["draw"]) == last]
    weights = {row["segment_id"]: int(row["n_stratum"]) / max(1, int(row["n_drawn"])) for row in kept}
    return Sampled(weights, {row["segment_id"]: row["source_id"] for row in kept})


def name_kinds(study: Study) -> tuple[list[str], list[str]]:
    """Return who of those listed is a person, and who is a model."""
    rows = list_people(study)
    return [name for name, row in rows.items() if row["kind"] == PERSON], [
        name for name, row in rows.items() if row["kind"] == MODEL
    ]


def find_accepted(trusted: Iterable[Cells]) -> dict[tuple[str, str], str]:
    """Return why codings of a model and a code count although it agrees too little with people."""
    keyed = ({**row, "place": f"{row['decider']}\n{row['code_id']}"} for row in trusted)
    latest = latest_rows(keyed, "place")
    return {(r["decider"], r["code_id"]): r["reason"] for r in latest.values() if r["status"] == "accepted"}


def find_floor(study: Study) -> float | None:
    """Return the least kappa that the protocol asks of models; None if it asks for none."""
    floor = study.config.get("models", {}).get("min_agreement")
    return None if floor is None else float(floor)
