"""Where claims stand in a study: what is left to read and to settle, and which have too little support."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graylit.pages.wording import count_things, name_some
from graylit.study.evidence import list_links, list_readings, list_study_places
from graylit.study.model_remarks import list_aside
from graylit.study.people import list_models, list_people, name_deciders
from graylit.study.state import rows_in_force
from graylit.synthesis.assigning import assign_pairs, list_left, read_plan
from graylit.synthesis.claims import count_claims, link_claims, list_claims, list_pairs
from graylit.synthesis.readings import Pair, leave_outranked, list_current, list_of_now
from graylit.tables.claims import ACTIVE, DISPUTED
from graylit.tables.coding import ORPHANS
from graylit.tables.faults import Fault, name_command
from graylit.tables.names import quote_name
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, Values

if TYPE_CHECKING:
    from graylit.study.study import Study


@dataclass(frozen=True)
class Standing:
    """The claims in force of a study, what they rest on, and how far they were read."""

    claims: Mapping[str, Cells]
    pairs: list[Pair]
    readings: list[Cells]
    left: Mapping[str, list[Pair]]  # what each reader has still to read
    linked: list[Values]
    counted: list[Values]


def take_stock(study: Study, folder: Path) -> Standing:
    """Return where the claims of a study without faults stand; the last review says which words were not found."""
    guideline_ids = rows_in_force(study.guidelines.cells, "guideline_id")
    claims = list_claims(study.claims.cells, guideline_ids)
    lost = {row["coding_id"] for row in read_finished(folder / f"data/processed/{ORPHANS.name}.csv", ORPHANS)}
    lost |= list_aside(folder) if claims and (study.asked.cells or study.sample.cells) else set()
    evidence = list_links(study, lost) if claims else []
    models = list_models(list_people(study).values())
    readings = leave_outranked(list_readings(study), models) if claims else []
    linked = link_claims(claims, readings, evidence)
    counted = count_claims(claims, linked, study.config["synthesis"]["min_publishers"])
    pairs = [pair for pair, _ in list_pairs(claims, evidence)]
    readers, places = name_deciders(list_people(study), "reader"), list_study_places(study)
    assigned = assign_pairs(pairs, readers, read_plan(study.config), places)
    left = list_left(assigned, list_of_now(readings, claims))
    return Standing(claims, pairs, readings, left, linked, counted)


def check_floor(study: Study, folder: Path) -> list[Fault]:
    """Return a fault for each claim that all was read for, that too few publishers support, and nobody has accepted.

    `graylit check` fails on it. It stops no run, since a review shows what is to be done, and the desk does it.
    """
    floor = study.config["synthesis"]["min_publishers"]
    number_of = {cells["claim_id"]: number for number, cells in study.claims}
    standing = take_stock(study, folder)
    unread = {claim_id for pairs in standing.left.values() for claim_id, _ in pairs}
    remedy = "word it so that the evidence bears it, withdraw it, or accept it with a reason"
    return [
        Fault(
            study.claims.file,
            f"is supported by {count_things(int(str(row['n_publishers'])), 'publisher')}",
            f"{floor} at least, or the status accepted",
            remedy,
            number_of[str(row["claim_id"])],
            "claim_id",
            str(row["claim_id"]),
        )
        for row in standing.counted
        if row["has_floor"] == "no" and row["status"] == ACTIVE and not (row["n_unread"] or row["n_disputed"])
        if row["claim_id"] not in unread
    ]


def remark_claims(study: Study, folder: Path) -> list[Fault]:
    """Return remarks on what is left to read and to settle, and on what has no bearing on any claim."""
    if not study.claims.cells:
        return []
    standing = take_stock(study, folder)
    return [
        *_remark_unsplit(study, standing),
        *_remark_unread(study, standing),
        *_remark_disputed(study, standing),
        *_remark_idle(study, standing),
    ]


def _remark_unsplit(study: Study, standing: Standing) -> list[Fault]:
    split = {row["guideline_id"] for row in standing.claims.values()}
    missing = [key for key in rows_in_force(study.guidelines.cells, "guideline_id") if key not in split]
    if not missing:
        return []
    problem = f"holds no claim of {count_things(len(missing), 'guideline')}: {name_some(missing)}"
    remedy = "split what they say into claims; without any, they have no support by claims"
    return [Fault(study.claims.file, problem, "a claim of each guideline", remedy)]


def _remark_unread(study: Study, standing: Standing) -> list[Fault]:
    file, expected = study.claim_readings.file, "a reading of each pair of a claim and a coding"
    if not standing.left:
        unread = [row["claim_id"] for row in standing.linked if row["reading"] == "unread"]
        problem = f"holds no reading of {count_things(len(unread), 'pair')} of a claim and a coding: {_name(unread)}"
        remedy = "give somebody the role reader in people.csv"
        return [Fault(file, problem, expected, remedy)] if unread else []
    return [
        Fault(
            file,
            f"holds no reading of {reader} on {count_things(len(pairs), 'pair')} of a claim and a coding: "
            f"{_name(pair[0] for pair in pairs)}",
            expected,
            f"read them: {name_command(f'desk --as {quote_name(reader)}')}",
        )
        for reader, pairs in standing.left.items()
        if pairs
    ]


def _name(claim_ids: Iterable[object]) -> str:
    return name_some(sorted({str(claim_id) for claim_id in claim_ids}))


def _remark_disputed(study: Study, standing: Standing) -> list[Fault]:
    disputed = [row for row in standing.linked if row["reading"] == DISPUTED]
    if not disputed:
        return []
    which = (
        f"{count_things(len(disputed), 'pair')} of a claim and a coding: {_name(row['claim_id'] for row in disputed)}"
    )
    remedy = f"settle them: {name_command('desk --as')} with the name of an adjudicator"
    problem = f"leaves open what readers differ on, {which}"
    return [Fault(study.claim_readings.file, problem, "a settlement of each", remedy)]


def _remark_idle(study: Study, standing: Standing) -> list[Fault]:
    """Return a remark on the readings in force of claims in force whose coding is no evidence of the guideline."""
    known = set(standing.pairs)
    current = list_current(standing.readings)
    idle = {
        row["coding_id"]
        for row in current
        if row["claim_id"] in standing.claims and (row["claim_id"], row["coding_id"]) not in known
    }
    if not idle:
        return []
    problem = f"holds readings of {count_things(len(idle), 'coding')} on which the guideline does not rest: "
    remedy = "nothing, if the codings were withdrawn or recoded; their readings count for nothing"
    expected = "codings that are evidence of the claim's guideline"
    return [Fault(study.claim_readings.file, problem + name_some(idle), expected, remedy)]
