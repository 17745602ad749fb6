"""Tables of impacts: what guidelines do to quality attributes, and what a second reader saw in the same places.

A study writes its own attributes into `config/attributes.csv`. Without it, the characteristics of ISO/IEC 25010:2023
stand; what each means is said in our words.
"""

from __future__ import annotations

from collections.abc import Iterable

from graylit.tables.contracts import Column, Contract
from graylit.tables.rows import Cells

QUALITY_ATTRIBUTES = {
    "functional suitability": "it does what its users need, completely and correctly",
    "performance efficiency": "time, throughput and resources that it takes",
    "compatibility": "it works beside other systems, and exchanges information with them",
    "interaction capability": "people can find their way, operate it and are kept from errors",
    "reliability": "it goes on working, and recovers if it did not",
    "security": "only those who may see or change something can, and it shows who did",
    "maintainability": "it can be understood, tested and changed",
    "flexibility": "it can be installed elsewhere, scaled, replaced and adapted",
    "safety": "it brings nobody and nothing into danger",
}
EFFECTS = ("strengthened", "strained")
ATTRIBUTES = Contract(
    "attributes",
    (
        Column("attribute", "text", "the quality attribute, such as reliability or operating effort", is_name=True),
        Column("definition", "text", "what it means", is_required=False),
        Column("status", "text", "whether it may still be used; empty is active", False, choices=("active", "retired")),
    ),
    key=("attribute",),
    is_peoples=True,
)
IMPACTS = Contract(
    "impacts",
    (
        Column("impact_id", "id", "id of the impact, such as I01"),
        Column("guideline_id", "id", "the guideline"),
        Column("component", "text", "the part of the architecture that it touches, in your own words", is_name=True),
        Column("quality_attribute", "text", "what it acts on: one of the attributes of the study"),
        Column("effect", "text", "which way", choices=EFFECTS),
        Column("decision", "text", "the decision that it forces on the architect"),
        Column("coding_ids", "ids", "the codings that show it, all of them evidence of the guideline"),
        Column("reason", "text", "how the codings show it, if that is not plain", is_required=False),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        Column("decided_at", "when", "when; the last row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided", is_required=False, is_name=True),
    ),
    key=("impact_id", "decided_at"),
    is_peoples=True,
)
IMPACT_READINGS = Contract(
    "impact_readings",
    (
        Column("impact_id", "id", "the impact"),
        Column("reader", "person", "the second reader, who saw component, decision and places"),
        Column(
            "reading",
            "text",
            "shown: the places show an impact; not_shown: they show none; withdrawn: taken back",
            choices=("shown", "not_shown", "withdrawn"),
        ),
        Column("quality_attribute", "text", "the attribute that the reader saw in them", is_required=False),
        Column("effect", "text", "which way", is_required=False, choices=EFFECTS),
        Column("reason", "text", "why", is_required=False),
        Column("read_at", "when", "when; the last row of a reader on an impact is in force"),
    ),
    key=("impact_id", "reader", "read_at"),
    is_peoples=True,
)
IMPACT_AGREEMENT = Contract(
    "impact_agreement",
    (
        Column("reader", "text", "the second reader, or all"),
        Column(
            "scope",
            "text",
            "attribute: which it is; effect: which way, where both name an attribute; both: the two together",
            choices=("attribute", "effect", "both"),
        ),
        Column("measure", "id", "name of the measure; graylit.measures.agreement says how each is computed"),
        Column("value", "number", "the measure; empty if it is undefined", is_required=False),
        Column("low", "number", "lower end of the 95 % interval from resampled guidelines", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_impacts", "count", "impacts it was computed from"),
    ),
    key=("reader", "scope", "measure"),
)


def list_attributes(attributes: Iterable[Cells]) -> dict[str, Cells]:
    """Return the quality attributes of a study by name, in its order; those of ISO/IEC 25010:2023 if it has none."""
    rows = [row for row in attributes if row.get("attribute")]
    own = rows or [{"attribute": name, "definition": words} for name, words in QUALITY_ATTRIBUTES.items()]
    return {row["attribute"]: {name: row.get(name, "") for name in ATTRIBUTES.names} for row in own}
