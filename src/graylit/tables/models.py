"""Tables of models that decide: what each was asked, unit by unit, and what came of it."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

SCREEN, APPRAISE, CODE, SETTLE, CHECK_CLAIMS = "screen", "appraise", "code", "settle", "check-claims"
ASKED_TASKS = (SCREEN, APPRAISE, CODE, SETTLE, CHECK_CLAIMS)
DECIDED, REFUSED = "decided", "refused"
ASKED = Contract(
    "asked",
    (
        Column("asked_id", "id", "id of the row, such as M1-q0001; rows are added, never edited"),
        Column("decider", "person", "the model that was asked, as people.csv has it"),
        Column("task", "text", "what it was asked to do", choices=ASKED_TASKS),
        Column("round", "count", "round of screening or coding"),
        Column("unit", "text", "the candidate, source, segment, disputed unit, or claim and coding it was asked about"),
        Column("place", "count", "the place of the unit in the order that was drawn, from 1"),
        Column(
            "outcome",
            "text",
            "refused: none of its answers could be used, so that nothing was decided",
            choices=(DECIDED, REFUSED),
        ),
        Column("decision", "text", "what was decided, in short", is_required=False),
        Column("n_samples", "count", "answers that could be used, of those that were asked for"),
        Column("n_agreeing", "count", "those of them that say what was decided", is_required=False),
        Column("n_calls", "count", "calls that were needed, those without an answer left out"),
        Column("reason", "text", "why the last answer was refused", is_required=False),
        Column("decided_at", "when", "when the last answer came"),
    ),
    key=("asked_id",),
    is_peoples=True,
)
