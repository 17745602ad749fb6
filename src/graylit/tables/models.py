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
MODEL_CALLS = Contract(
    "model_calls",
    (
        Column("decider", "person", "the model, as people.csv has it"),
        Column("task", "text", "what it was asked to do", choices=ASKED_TASKS),
        Column("asked_model", "page_text", "the model that was asked for"),
        Column("returned_model", "page_text", "the model that the server said it was; none if no answer came"),
        Column("fingerprint", "page_text", "what the server calls its state; none if it does not say"),
        Column("settings", "page_text", "the settings it was asked with"),
        Column("template_sha256", "digest", "SHA-256 of the file of what it was asked"),
        Column("sent_words_to", "page_text", "the host to which words of sources went, or this machine"),
        Column("n_calls", "count", "calls"),
        Column("n_answered", "count", "of these, with an answer that could be used"),
        Column("n_refused", "count", "of these, with an answer that could not"),
        Column("n_failed", "count", "of these, without an answer"),
        Column("n_again", "count", "of these, asked once more to see how far the model agrees with itself"),
        Column("n_units", "count", "units that were asked about"),
        Column("tokens_in", "count", "tokens that were sent, as far as the server said so"),
        Column("tokens_out", "count", "tokens that came back"),
        Column("cost", "number", "what the calls cost; empty if no price is known", is_required=False),
        Column("currency", "page_text", "its currency", is_required=False),
        Column("first_at", "time", "when the first answer came"),
        Column("last_at", "time", "when the last answer came"),
    ),
    key=(
        *("decider", "task", "asked_model", "returned_model", "fingerprint", "settings", "template_sha256"),
        "sent_words_to",
    ),
)
MODEL_REPLAY = Contract(
    "model_replay",
    (
        Column("decider", "person", "the model"),
        Column("file", "page_text", "a table with rows of it"),
        Column("n_rows", "count", "rows that the log gives"),
        Column("n_missing", "count", "of these, not in the table"),
        Column("n_differing", "count", "of these, other in the table"),
        Column("n_unknown", "count", "rows of the model in the table that the log does not give"),
        Column("first_difference", "page_text", "the first row that is not the same", is_required=False),
        Column("is_same", "flag", "whether table and log say the same"),
    ),
    key=("decider", "file"),
)
