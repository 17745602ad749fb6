"""The figures of a screening that goes on: how far each screener is, how far they agree, and the flow of PRISMA."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from graylit.desk.screening.room import Room
from graylit.screening.deciding import decide_candidates, list_divided
from graylit.screening.flow import Flow, count_flow
from graylit.screening.outranking import leave_outranked
from graylit.screening.screener_agreement import measure_screening
from graylit.search.including import list_unsettled
from graylit.study.people import list_models, list_people
from graylit.study.screening_checks import list_unlisted
from graylit.study.state import latest_rows
from graylit.study.study import Study, read_tables
from graylit.tables.rows import Cells, list_rows
from graylit.tables.screening import SCREENINGS

TABLES = ("sources", "people", "searches", "hits", "duplicates", "candidates", "criteria", "screenings")
MEASURES = ("share_agreed", "cohen_kappa", "fleiss_kappa", "alpha_nominal")


def describe_figures(room: Room) -> dict[str, object]:
    """Return agreement and flow as the tables say now, made as a review makes them; takes a while."""
    study, unlisted = read_unlisted(room)
    candidates, screenings = study.candidates.cells, study.screenings.cells
    stand_ins = room.candidates.choose_stand_ins({row["candidate_id"] for row in screenings})
    deciding = leave_outranked(screenings, list_models(list_people(study).values()))
    decisions = list_rows(decide_candidates(candidates, deciding, study.sources.cells, stand_ins))
    searches = latest_rows(study.searches.cells, "search_id").values()
    flow = count_flow(candidates, study.criteria.cells, decisions, searches=searches, hits=study.hits.cells)
    return {
        "agreement": _describe_agreement(study),
        "flow": describe_flow(flow),
        "n_divided": len(list_divided(decisions, deciding)),
        "n_unlisted": len(unlisted),
        "is_settled": not list_unsettled(study),
        "version": tell_version(unlisted),
    }


def read_unlisted(room: Room) -> tuple[Study, list[str]]:
    """Return the tables as they are now, and the included candidates that are no sources yet."""
    study, _ = read_tables(room.visit.folder, TABLES)
    return study, [cells["candidate_id"] for _, cells in list_unlisted(study)]


def tell_version(unlisted: Sequence[str]) -> str:
    """Return what is another one for other included candidates that are no sources yet."""
    return hashlib.sha256(" ".join(unlisted).encode()).hexdigest()[:16]


def describe_screeners(room: Room) -> list[dict[str, object]]:
    """Return how far each assigned screener is with the last round."""
    room.screenings.refresh()
    n_pages = len(set(room.candidates.choose_stand_ins(room.screenings.of_candidate.keys()).values()))
    number = room.screenings.find_last_round()
    done = {name: room.screenings.in_force[name, number] for name in room.name_people("screener")}
    return [{"name": name, "round": number, "n_done": len(rows), "n_pages": n_pages} for name, rows in done.items()]


def _describe_agreement(study: Study) -> list[Cells]:
    frame = measure_screening(SCREENINGS.to_frame(study.screenings.cells), int(study.config["seed"]))
    shown = ("round", "screeners", "measure", "value", "low", "high", "n_candidates")
    rows = [row for row in list_rows(frame) if row["measure"] in MEASURES]
    return [{name: _tell(row[name]) for name in shown} for row in rows]


def _tell(value: object) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.3f}"
    return str(value)


def describe_flow(flow: Flow) -> list[tuple[str, int]]:
    """Return the boxes of PRISMA with their numbers, in the order of the flow; those that hold nothing are left out."""
    counted = asdict(flow)
    boxes = [
        ("identified", flow.n_identified),
        ("left out before screening", counted["n_left_out"]),
        ("duplicates", counted["n_duplicates"]),
        ("not screened yet", counted["n_unscreened"]),
        ("not retrieved", counted["n_not_retrieved"]),
        *((f"excluded: {reason}", n) for reason, n in flow.excluded),
        ("awaiting a decision", counted["n_undecided"]),
        ("included", counted["n_included"]),
    ]
    return [(name, n) for name, n in boxes if n or name in ("identified", "included")]
