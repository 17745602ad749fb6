"""Tables of claims: what guidelines say, claim by claim, what readers found in the evidence, and what it adds up to."""

from __future__ import annotations

from graylit.tables.columns import DECIDED
from graylit.tables.contracts import Column, Contract

ACTIVE, ACCEPTED, WITHDRAWN = "active", "accepted", "withdrawn"
SUPPORTS, PARTLY, AGAINST, NOT_ABOUT = "supports", "partly", "against", "not_about"
READINGS = (SUPPORTS, PARTLY, AGAINST, NOT_ABOUT)
DISPUTED, UNREAD = "disputed", "unread"
CLAIMS = Contract(
    "claims",
    (
        Column("claim_id", "id", "id of the claim, such as L01"),
        Column("guideline_id", "id", "the guideline whose statement it is a part of"),
        Column("wording", "text", "the claim in one sentence: one thing that a place can support or contradict"),
        Column(
            "status",
            "text",
            "empty is active; accepted stays although fewer publishers support it than the protocol asks for, and says "
            "why in reason",
            is_required=False,
            choices=(ACTIVE, ACCEPTED, WITHDRAWN),
        ),
        *DECIDED,
    ),
    key=("claim_id", "decided_at"),
    is_peoples=True,
)
CLAIM_READINGS = Contract(
    "claim_readings",
    (
        Column("reading_id", "id", "id of the reading, such as R0001; rows are added, never edited"),
        Column("claim_id", "id", "the claim"),
        Column("coding_id", "id", "the coding whose words were read against it"),
        Column("reader", "person", "who read"),
        Column(
            "reading",
            "text",
            "what the words say of the claim; empty in a row that only takes back the one it replaces",
            is_required=False,
            choices=READINGS,
        ),
        Column("reason", "text", "why, if it is not plain", is_required=False),
        Column("read_at", "when", "when", is_required=False),
        Column("replaces", "id", "the reading of the same reader that this row takes the place of", False),
        Column("settles", "ids", "for a settlement: the readings that it settles; it is final", is_required=False),
        Column(
            "wording_sha256",
            "digest",
            "SHA-256 of the words of the claim as they were read, in lower case; a reading of other words does not "
            "count, one without a digest always does",
            is_required=False,
        ),
    ),
    key=("reading_id",),
    is_peoples=True,
)
CLAIM_EVIDENCE = Contract(
    "claim_evidence",
    (
        Column("claim_id", "id", "a claim in force"),
        Column("guideline_id", "id", "its guideline"),
        Column("code_id", "id", "a code of the guideline"),
        Column("coding_id", "id", "a coding of this code that counts as evidence"),
        Column("source_id", "id", "the coded source"),
        Column("publisher", "text", "its publisher"),
        Column("segment_id", "id", "the coded segment; empty for a whole source", is_required=False),
        Column(
            "reading",
            "text",
            "what counts: the settlement, or what all readers of the pair agree on; disputed: they differ; unread: "
            "nobody has read it",
            choices=(*READINGS, DISPUTED, UNREAD),
        ),
        Column("n_readers", "count", "readers of the pair, settlements aside"),
        Column("reading_ids", "ids", "the rows that decide it", is_required=False),
    ),
    key=("claim_id", "coding_id"),
)
CLAIM_SUPPORT = Contract(
    "claim_support",
    (
        Column("claim_id", "id", "the claim"),
        Column("guideline_id", "id", "its guideline"),
        Column("wording", "text", "the claim"),
        Column("status", "text", "active, or accepted below the floor", choices=(ACTIVE, ACCEPTED)),
        Column("n_pairs", "count", "codings to be read against it: the evidence of its guideline"),
        Column("n_unread", "count", "of these, not read yet"),
        Column("n_disputed", "count", "of these, read differently and not settled; they count for nothing"),
        Column("n_supports", "count", "codings that support it"),
        Column("n_partly", "count", "codings that support a part of it"),
        Column("n_against", "count", "codings that speak against it"),
        Column("n_not_about", "count", "codings that say nothing of it"),
        Column("n_sources", "count", "sources with a coding that supports it"),
        Column("n_publishers", "count", "publishers of these"),
        Column("n_sources_partly", "count", "sources with a coding that supports a part of it"),
        Column("n_publishers_partly", "count", "publishers of these"),
        Column("n_sources_against", "count", "sources with a coding that speaks against it"),
        Column("n_publishers_against", "count", "publishers of these"),
        Column("has_floor", "flag", "whether as many publishers support it as the protocol asks for"),
    ),
    key=("claim_id",),
)
GUIDELINE_CLAIMS = Contract(
    "guideline_claims",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("name", "text", "its name"),
        Column("rank", "count", "place by number of sources that support a claim of it; equal numbers share a place"),
        Column("n_claims", "count", "its claims"),
        Column("n_claims_below", "count", "of these, below the floor of publishers, be they accepted or not"),
        Column("n_pairs", "count", "pairs of a claim and a coding to be read"),
        Column("n_unread", "count", "of these, not read yet"),
        Column("n_disputed", "count", "of these, read differently and not settled"),
        Column("n_codes", "count", "codes with a coding that supports a claim"),
        Column("n_codings", "count", "codings that support a claim"),
        Column("n_sources", "count", "sources with such a coding"),
        Column("n_publishers", "count", "publishers of these"),
        Column("n_sources_against", "count", "sources with a coding that speaks against a claim"),
        Column("n_publishers_against", "count", "publishers of these"),
        Column("has_floor", "flag", "whether it has the publishers the protocol asks for"),
    ),
    key=("guideline_id",),
)
ALL_GUIDELINES = "all"
READING_AGREEMENT = Contract(
    "reading_agreement",
    (
        Column("scope", "text", "the guideline whose claims were read, or all"),
        Column("readers", "text", "the two compared, as 'A; B', or all for all of more than two"),
        Column("measure", "id", "name of the measure; graylit.measures.agreement says how each is computed"),
        Column("value", "number", "the measure; empty if it is undefined", is_required=False),
        Column("low", "number", "lower end of the 95 % interval from resampled sources", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_pairs", "count", "pairs of a claim and a coding that it was computed from"),
        Column("n_readers", "count", "readers compared"),
    ),
    key=("scope", "readers", "measure"),
)
