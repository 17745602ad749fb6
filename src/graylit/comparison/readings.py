"""What counts of readings of claims in two states of a study: pairs read otherwise, or to be read again."""

from __future__ import annotations

from graylit.comparison.changes import Change, change_row
from graylit.comparison.pairs import pair
from graylit.study.evidence import list_readings
from graylit.study.people import list_models, list_people
from graylit.study.state import rows_in_force
from graylit.study.study import Study
from graylit.synthesis.readings import judge_pairs, leave_outranked
from graylit.tables.claims import UNREAD


def compare_readings(before: Study, after: Study) -> list[Change]:
    """Return the pairs of a claim and a coding that counted otherwise before; new ones stand among the rows added."""
    old, now = (_judge(study) for study in (before, after))
    changes = []
    for subject_id, was, became in pair(old, now):
        if was is None or was == became:
            continue
        change = "to be read again" if became is None else "read otherwise"
        changes.append(change_row("claim reading", subject_id, change, "reading", was, became or UNREAD))
    return changes


def _judge(study: Study) -> dict[str, str]:
    claims = rows_in_force(study.claims.cells, "claim_id")
    readings = leave_outranked(list_readings(study), list_models(list_people(study).values()))
    return {" ".join(key): found.reading for key, found in judge_pairs(readings, claims).items()}
