"""Tables of writing guidelines: how they relate to one another, and which places their authors had opened."""

from __future__ import annotations

from graylit.tables.columns import DECIDED
from graylit.tables.contracts import Column, Contract

RELATION_WORDS = {  # what each says of a guideline and the other one; read from the other side it is the second
    "needs": ("needs", "is needed by"),
    "refines": ("refines", "is refined by"),
    "conflicts": ("conflicts with", "conflicts with"),
}
RELATIONS = Contract(
    "relations",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("other_guideline_id", "id", "the guideline that it is related to"),
        Column(
            "relation",
            "text",
            "needs: it works only with the other; refines: it says more closely what the other says; conflicts: who "
            "follows the one cannot wholly follow the other",
            choices=tuple(RELATION_WORDS),
        ),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        *DECIDED,
    ),
    key=("guideline_id", "other_guideline_id", "decided_at"),
    is_peoples=True,
)
PLACES_READ = Contract(
    "places_read",
    (
        Column("opened_by", "person", "who opened the place, to write guidelines"),
        Column("coding_id", "id", "a coding of the place"),
        Column("opened_at", "when", "when"),
    ),
    key=("opened_by", "coding_id", "opened_at"),
    is_peoples=True,
)
PLACES_OPENED = Contract(
    "places_opened",
    (
        Column("kind", "text", "what was written", choices=("practice", "guideline")),
        Column("written_id", "id", "its id"),
        Column("decided_by", "text", "who wrote it as it is in force"),
        Column("decided_at", "when", "when"),
        Column("n_codings", "count", "codings of its codes that are evidence now"),
        Column("n_opened", "count", "those of them that the author had opened by then; nothing is said of older rows"),
    ),
    key=("kind", "written_id"),
)
