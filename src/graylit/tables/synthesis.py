"""Tables of synthesis: themes, guidelines, their evidence, and which would fall."""

from __future__ import annotations

from graylit.tables.columns import DECIDED, TYPED_COUNT
from graylit.tables.contracts import Column, Contract

THEMES = Contract(
    "themes",
    (
        Column("theme_id", "id", "id of the theme, such as T01"),
        Column("name", "text", "short name", is_name=True),
        Column("description", "text", "what its codes have in common", is_required=False),
        Column("code_ids", "ids", "the codes it groups"),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        *DECIDED,
        TYPED_COUNT,
    ),
    key=("theme_id", "decided_at"),
    is_peoples=True,
)
GUIDELINES = Contract(
    "guidelines",
    (
        Column("guideline_id", "id", "id of the guideline, such as G01"),
        Column("name", "text", "short name", is_name=True),
        Column("statement", "text", "the guideline in one sentence"),
        Column("intent", "text", "what it is to achieve", is_required=False),
        Column("motivation", "text", "why it matters", is_required=False),
        Column("applicability", "text", "when it applies, and when not", is_required=False),
        Column("theme_id", "id", "the theme it comes from"),
        Column("code_ids", "ids", "the codes of the theme that support it"),
        Column("related", "ids", "related guidelines", is_required=False),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        *DECIDED,
        TYPED_COUNT,
    ),
    key=("guideline_id", "decided_at"),
    is_peoples=True,
)
EVIDENCE = Contract(
    "evidence",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("theme_id", "id", "its theme"),
        Column("code_id", "id", "the supporting code"),
        Column("coding_id", "id", "a coding of this code"),
        Column("coder", "person", "who coded"),
        Column("source_id", "id", "the coded source"),
        Column("publisher", "text", "its publisher"),
        Column("segment_id", "id", "the coded segment; empty for a whole source", is_required=False),
    ),
    key=("guideline_id", "coding_id"),
)
GUIDELINE_SUPPORT = Contract(
    "guideline_support",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("name", "text", "its name"),
        Column("rank", "count", "place by number of sources; equal numbers share a place"),
        Column("n_codes", "count", "codes with at least one coding"),
        Column("n_codings", "count", "codings"),
        Column("n_sources", "count", "sources"),
        Column("n_publishers", "count", "publishers"),
        Column("has_floor", "flag", "whether it has the publishers the protocol asks for"),
    ),
    key=("guideline_id",),
)
PRACTICES = Contract(
    "practices",
    (
        Column("practice_id", "id", "id of the practice, such as P01"),
        Column("name", "text", "short name", is_name=True),
        Column("statement", "text", "what the sources do or advise, in one sentence"),
        Column("code_ids", "ids", "the codes it was drawn from"),
        Column("guideline_id", "id", "the guideline it was merged into; empty if it was dropped", is_required=False),
        Column("reason", "text", "why it was merged or dropped; must be filled if it was dropped", is_required=False),
        Column(
            "status",
            "text",
            "empty: merged into its guideline, or dropped if it names none; open: neither yet",
            is_required=False,
            choices=("open", "withdrawn"),
        ),
        Column("decided_at", "when", "when; the last row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided", is_required=False, is_name=True),
    ),
    key=("practice_id", "decided_at"),
    is_peoples=True,
)
CATEGORIES = Contract(
    "categories",
    (
        Column("category_id", "id", "id of the category, such as K01"),
        Column("name", "text", "short name", is_name=True),
        Column("description", "text", "what its guidelines have in common", is_required=False),
        Column("guideline_ids", "ids", "its guidelines; a guideline is in one category"),
        Column("status", "text", "empty is active", is_required=False, choices=("active", "withdrawn")),
        Column("decided_at", "when", "when; the last row of an id is in force", is_required=False),
        Column("decided_by", "text", "who decided", is_required=False, is_name=True),
    ),
    key=("category_id", "decided_at"),
    is_peoples=True,
)
GUIDELINE_GROUPS = Contract(
    "guideline_groups",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("variable", "id", "what the sources are grouped by", choices=("source_type", "year")),
        Column("value", "text", "the group"),
        Column("n_sources", "count", "its sources that support the guideline"),
        Column("share", "share", "share of all sources of the group"),
    ),
    key=("guideline_id", "variable", "value"),
)
QUALITY_SENSITIVITY = Contract(
    "quality_sensitivity",
    (
        Column("cut_off", "number", "sources with a lower score are left out; those without a score stay"),
        Column("guideline_id", "id", "the guideline"),
        Column("n_sources", "count", "its sources then"),
        Column("n_publishers", "count", "their publishers"),
        Column("rank", "count", "its place by number of sources then"),
        Column("has_floor", "flag", "whether it has the publishers the protocol asks for"),
        Column(
            "change",
            "text",
            "compared with all sources; it falls if it had the floor and loses it",
            choices=("none", "rank moves", "falls"),
        ),
    ),
    key=("cut_off", "guideline_id"),
)
PUBLISHER_SENSITIVITY = Contract(
    "publisher_sensitivity",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("publisher", "text", "a publisher of its sources, all of whose sources are left out"),
        Column("n_sources_without", "count", "sources that remain"),
        Column("n_publishers_without", "count", "publishers that remain"),
        Column("falls", "flag", "whether the guideline had the publishers the protocol asks for and loses them"),
    ),
    key=("guideline_id", "publisher"),
)
GROUP_SENSITIVITY = Contract(
    "group_sensitivity",
    (
        Column("kind", "text", "what is counted", choices=("guideline", "claim")),
        Column("counted_id", "id", "the guideline or claim"),
        Column("guideline_id", "id", "the guideline, or the one of the claim"),
        Column("n_publishers", "count", "publishers that support it"),
        Column("n_groups", "count", "the same, publishers with one group (publisher_group of sources) counted once"),
        Column("has_floor", "flag", "whether it has as many groups as the protocol asks for publishers"),
        Column("falls", "flag", "whether it has the publishers that the protocol asks for, and not as many groups"),
    ),
    key=("kind", "counted_id"),
)
GUIDELINE_QUALITY = Contract(
    "guideline_quality",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("cut_off", "number", "a score of sources, as in quality_sensitivity"),
        Column("n_sources", "count", "sources that support it"),
        Column("n_appraised", "count", "of these, appraised by all questions"),
        Column("n_below", "count", "of these, with a lower score than the cut-off"),
        Column("median_score", "number", "median score of those appraised; empty without any", is_required=False),
    ),
    key=("guideline_id", "cut_off"),
)
