"""Tables of writing guidelines: how they relate to one another and to published ones, what follows, what was opened."""

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
CORRESPONDENCE_WORDS = {  # what a row says of a guideline and a published one
    "same": "says the same as",
    "part": "says a part of",
    "wider": "says more than",
    "contradicts": "contradicts",
    "none": "has no counterpart",
}
CORRESPONDENCES = Contract(
    "correspondences",
    (
        Column("correspondence_id", "id", "id of the row, such as O01"),
        Column("guideline_id", "id", "a guideline of the study; empty if a published one has none", is_required=False),
        Column(
            "published_guideline",
            "text",
            "a guideline of the original, by its number or name; empty if one of the study has no counterpart",
            is_required=False,
            is_name=True,
        ),
        Column(
            "relation",
            "text",
            "same: both say the same; part: the study's says a part of the published one; wider: it says more; "
            "contradicts; none: the one that is named has no counterpart",
            choices=tuple(CORRESPONDENCE_WORDS),
        ),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        Column("decided_at", "when", "when; the last row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided, having read both", is_required=False, is_name=True),
        Column("reason", "text", "why", is_required=False),
    ),
    key=("correspondence_id", "decided_at"),
    is_peoples=True,
)
SHOWN_WITH = ("guidelines", "categories", "attributes", "components", "claims")  # tables that a finding may show
FINDINGS = Contract(
    "findings",
    (
        Column("finding_id", "id", "id of the finding, such as F01"),
        Column(
            "question",
            "count",
            "the research question of the protocol that it answers, by its number; empty: a finding beside them",
            is_required=False,
        ),
        Column(
            "wording",
            "text",
            "the finding in a sentence or two, without a number typed by hand: {sources} is replaced by the number of "
            "that name",
        ),
        Column("guideline_ids", "ids", "the guidelines that it speaks of", is_required=False),
        Column(
            "shows",
            "text",
            "a table, made by the review, that stands below it in the report",
            is_required=False,
            choices=SHOWN_WITH,
        ),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        *DECIDED,
    ),
    key=("finding_id", "decided_at"),
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
