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
ASKED_SEGMENTS = ("agreed", "disputed", "coded", "uncoded")  # how a segment stood when a sample was drawn
SAMPLE = Contract(
    "sample",
    (
        Column("sample_id", "id", "id of the row, such as V0001; rows are added, never edited"),
        Column("draw", "count", "the draw it belongs to, from 1; the last one counts"),
        Column("segment_id", "id", "a segment that people code, to see how far models can be trusted"),
        Column("source_id", "id", "its source"),
        Column("segment_sha256", "digest", "SHA-256 of its words, by which it is recognised", is_required=False),
        Column(
            "stood",
            "text",
            "how models had coded it then: agreed on its codes, disputed, coded by one only, or without a code",
            choices=ASKED_SEGMENTS,
        ),
        Column("source_type", "text", "the kind of its source", is_required=False),
        Column("n_stratum", "count", "segments that stood so in sources of this kind"),
        Column("n_drawn", "count", "of these, drawn; their quotient is how many segments each stands for"),
        Column("seed", "count", "the seed of the draw"),
        Column("drawn_at", "when", "when"),
    ),
    key=("sample_id",),
    is_peoples=True,
)
SAMPLE_CODES = Contract(
    "sample_codes",
    (
        Column("coder", "person", "who coded it"),
        Column("segment_id", "id", "a segment of the sample, by the number it had then"),
        Column("segment_sha256", "digest", "SHA-256 of its words", is_required=False),
        Column(
            "decision",
            "text",
            "coded: code_ids fit it; no_code: none does; reopened: taken back",
            choices=("coded", "no_code", "reopened"),
        ),
        Column("code_ids", "ids", "the codes that fit it", is_required=False),
        Column("decided_at", "when", "when; the last row of a coder on a segment is in force"),
    ),
    key=("coder", "segment_id", "decided_at"),
    is_peoples=True,
)
TRUSTED = Contract(
    "trusted",
    (
        Column("decider", "person", "a model"),
        Column("code_id", "id", "a code for which it agrees with people less than the protocol asks for"),
        Column("status", "text", "accepted: its codings of it count all the same", choices=("accepted", "withdrawn")),
        Column("reason", "text", "why"),
        Column("decided_by", "text", "who decided", is_name=True),
        Column("decided_at", "when", "when; the last row of a model and a code is in force", is_required=False),
    ),
    key=("decider", "code_id", "decided_at"),
    is_peoples=True,
)
PEOPLE_TOGETHER, ITSELF = "people", "itself"
MODEL_AGREEMENT = Contract(
    "model_agreement",
    (
        Column("decider", "person", "a model"),
        Column(
            "other",
            "text",
            "what it is compared with: people (what half or more of those who coded a segment of the sample gave), "
            "itself (asked once more), or another model",
        ),
        Column("scope", "text", "the code that is given or not given; decision, of tasks other than coding"),
        Column("measure", "id", "name of the measure; those with people are weighted by the sample"),
        Column("value", "number", "the measure; empty if it is undefined", is_required=False),
        Column("low", "number", "lower end of the 95 % interval from resampled sources", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_units", "count", "units that both decided on"),
    ),
    key=("decider", "other", "scope", "measure"),
)
MODEL_TRUST = Contract(
    "model_trust",
    (
        Column("decider", "person", "a model that codes"),
        Column("code_id", "id", "a code that it gave, or that people gave in the sample"),
        Column("n_codings", "count", "its codings of this code that no later round superseded"),
        Column("n_units", "count", "segments of the sample that people and the model coded"),
        Column("kappa", "number", "Cohen's kappa with people, weighted by the sample; empty if undefined", False),
        Column("low", "number", "lower end of its 95 % interval", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("floor", "number", "the least kappa that the protocol asks for; empty if it asks for none", False),
        Column(
            "standing",
            "text",
            "untested: people coded none of it in the sample; below: the codings do not count; accepted: below, and "
            "they count all the same",
            choices=("trusted", "below", "accepted", "untested"),
        ),
        Column("reason", "text", "why it was accepted", is_required=False),
    ),
    key=("decider", "code_id"),
)
SAMPLE_ESTIMATES = Contract(
    "sample_estimates",
    (
        Column("code_id", "id", "a code"),
        Column("n_sampled", "count", "segments of the sample that people coded"),
        Column("n_given", "count", "of these, with this code by people"),
        Column("estimate", "number", "segments of the whole that would have it, by the weights of the sample"),
        Column("low", "number", "lower end of the 95 % interval from resampled sources", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_by_models", "count", "segments of the whole to which models gave it"),
    ),
    key=("code_id",),
)
