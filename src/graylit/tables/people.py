"""Who decides: people and models, their roles, and the columns of all tables that name them."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

PERSON, MODEL, UNKNOWN = "person", "model", "unknown"
# Every column of people's tables that names who made a row, with the role of whom it names; '' says none.
MAKERS = {
    "screener": "screener",
    "appraiser": "appraiser",
    "coder": "coder",
    "sorter": "sorter",
    "reader": "reader",
    "opened_by": "synthesizer",
    "decided_by": "",
    "searched_by": "",
}
ROLES = (
    *("screener", "settler", "appraiser", "coder", "adjudicator", "reader", "sorter", "editor", "synthesizer"),
    "searcher",
)
OF_MODELS = ("model", "version", "settings", "prompt_file", "prompt_sha256", "from", "to")  # a model's row has them all
PEOPLE = Contract(
    "people",
    (
        Column("decider", "text", "the name under which rows of other tables have it, as it is there", is_name=True),
        Column("kind", "text", "what decides under this name", choices=(PERSON, MODEL, UNKNOWN)),
        Column("roles", "ids", f"what it does: {', '.join(ROLES)}", is_required=False),
        Column("model", "text", "of a model: its name, as its endpoint returned it", is_required=False),
        Column("version", "text", "of a model: its version or the digest of its weights", is_required=False),
        Column("settings", "text", "of a model: temperature, seed and the like, or unknown", is_required=False),
        Column("prompt_file", "text", "of a model: the file of what it was asked, or unknown", is_required=False),
        Column("prompt_sha256", "text", "of a model: the digest of that file, or unknown", is_required=False),
        Column("from", "text", "of a model: when its first decision was made, or unknown", is_required=False),
        Column("to", "text", "of a model: when its last decision was made, or unknown", is_required=False),
        Column("note", "text", "what else is to be known of it", is_required=False),
        Column("decided_at", "when", "when the row was written; the last row of a name is in force", is_required=False),
    ),
    key=("decider", "decided_at"),
    is_peoples=True,
)
