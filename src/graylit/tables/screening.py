"""Tables of screening: candidates, criteria, and who decided what on each candidate."""

from __future__ import annotations

from graylit.tables.columns import DECIDED
from graylit.tables.contracts import Column, Contract
from graylit.tables.sources import DISTINCT

# From no to yes: the weighted measures of agreement count how far two decisions are apart.
DECISION_RANKS = {"exclude": 0, "unsure": 1, "include": 2}
DECISIONS = tuple(DECISION_RANKS)
# How a candidate came before its screener: in the order of the table, ranked by a model, or drawn at random.
LISTED, RANKED, DRAWN = "listed", "ranked", "drawn"
CANDIDATES = Contract(
    "candidates",
    (
        Column("candidate_id", "id", "id of the candidate, such as H001; one for each search hit"),
        Column("url", "url", "the address of the page"),
        Column("title", "text", "title of the page"),
        Column("publisher", "text", "who publishes it", is_required=False, is_name=True),
        Column("source_type", "text", "kind of source, in the study's own words", is_required=False, is_name=True),
        Column("published", "date", "date of publication or last change", is_required=False),
        Column(
            "found_by",
            "text",
            "the search that found it, such as google-1; PRISMA counts names that start with organisation or citation "
            "in the boxes of these, all others as websites",
            is_name=True,
        ),
        Column("duplicate_of", "id", "the candidate that stands for the same page", is_required=False),
        Column("is_distinct", "flag", DISTINCT, is_required=False),
    ),
    key=("candidate_id",),
    is_peoples=True,
)
CRITERIA = Contract(
    "criteria",
    (
        Column("criterion_id", "id", "id of the criterion, such as E1"),
        Column(
            "kind",
            "text",
            "what it decides on; retrieval is for pages that could not be retrieved, which PRISMA counts separately",
            choices=("inclusion", "exclusion", "retrieval"),
        ),
        Column("name", "text", "short name; the reason in the PRISMA diagram", is_name=True),
        Column("definition", "text", "when it is met", is_required=False),
        Column("status", "text", "whether screeners may still use it", choices=("active", "retired")),
        *DECIDED,
    ),
    key=("criterion_id", "decided_at"),
    is_peoples=True,
)
SCREENINGS = Contract(
    "screenings",
    (
        Column("screening_id", "id", "id of the decision, such as N0001; rows are added, never edited"),
        Column("candidate_id", "id", "the candidate"),
        Column("screener", "person", "who decided"),
        Column("round", "count", "round of screening"),
        Column(
            "decision",
            "text",
            "what was decided; a settlement is never unsure; empty in a row that only takes back the one it replaces",
            is_required=False,
            choices=DECISIONS,
        ),
        Column("criterion_id", "id", "the criterion that an exclusion rests on", is_required=False),
        Column("reason", "text", "why, if the criterion does not say it all", is_required=False),
        Column("screened_at", "when", "when", is_required=False),
        Column("settles", "ids", "for a settlement: the decisions it settles; it is final", is_required=False),
        Column("replaces", "id", "the decision of the same screener that this row takes the place of", False),
        Column(
            "shown",
            "text",
            "how the candidate came before the screener: as listed in candidates.csv, ranked by a model that learnt "
            "from this screener's own decisions, or drawn at random from what was left",
            is_required=False,
            choices=(LISTED, RANKED, DRAWN),
        ),
        Column("rank", "count", "its place in that order, from 1", is_required=False),
        Column(
            "n_learnt",
            "count",
            "how many rows of this screener in this round the order was made after",
            is_required=False,
        ),
        Column(
            "order_sha256",
            "digest",
            "digest of what the order was made of: decisions, texts, settings, seed, versions",
            is_required=False,
        ),
        Column(
            "n_pages",
            "count",
            "for a ranked one: how many candidates' pages the model had read, those that were captured first",
            is_required=False,
        ),
    ),
    key=("screening_id",),
    is_peoples=True,
)
# Columns that the desk adds to a table when a row needs them; who writes rows by hand has no use for them.
OF_DESK = ("replaces", "shown", "rank", "n_learnt", "order_sha256", "n_pages")
SCREENING_DECISIONS = Contract(
    "screening_decisions",
    (
        Column("candidate_id", "id", "the candidate"),
        Column(
            "decision",
            "text",
            "what was decided in the end; open: not screened, unsure, or neither agreed on nor settled",
            choices=("include", "exclude", "open", "duplicate"),
        ),
        Column(
            "criterion_id",
            "id",
            "for an exclusion: the criterion named most in the deciding rows; of several named equally often, the "
            "first by its id",
            is_required=False,
        ),
        Column("round", "count", "its last round of screening", is_required=False),
        Column("n_screeners", "count", "screeners of that round, settlements aside"),
        Column("screening_ids", "ids", "the deciding rows: the settlement, or those of the last round", False),
        Column("source_id", "id", "for an included candidate: the source of the same page", is_required=False),
    ),
    key=("candidate_id",),
)
# By what two candidates are, or may be, one page; from the surest.
DUPLICATE_SIGNS = ("address", "identity", "redirect", "canonical", "variant", "slug", "moved", "title", "text")
MERGED, PROPOSED = "merged", "proposed"
DUPLICATE_CANDIDATES = Contract(
    "duplicate_candidates",
    (
        Column("candidate_id", "id", "a candidate"),
        Column("other_id", "id", "another that is, or may be, the same page"),
        Column(
            "sign",
            "text",
            "what speaks for it most: the address, an identity such as a DOI, a redirect or canonical link that "
            "captures showed, an address that shows a page in another way (AMP, print, mobile), the last part of an "
            "address, a page that moved on its site, the title, or the words of the text",
            choices=DUPLICATE_SIGNS,
        ),
        Column("score", "share", "how likely they are one page; 1 needs no decision"),
        Column(
            "status",
            "text",
            "merged without a decision, proposed for one, or what rows of duplicates.csv or candidates.csv say",
            choices=(MERGED, PROPOSED, "same", "different"),
        ),
        Column("detail", "page_text", "what it rests on", is_required=False),
    ),
    key=("candidate_id", "other_id"),
)
SHARE_DECIDED = "share_decided"
SCREENING_AGREEMENT = Contract(
    "screening_agreement",
    (
        Column("round", "count", "round of screening"),
        Column("screeners", "text", "the two compared, as 'A; B', or all for all of a round with more than two"),
        Column(
            "measure",
            "id",
            "name of the measure; graylit.measures.agreement says how each is computed. Until all screeners are "
            f"through it is {SHARE_DECIDED}: how much of the candidates the one named has decided on",
        ),
        Column("value", "number", "the measure; empty if it is undefined", is_required=False),
        Column("low", "number", "lower end of the 95 % interval from resampled candidates", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("n_candidates", "count", "candidates it was computed from"),
        Column("n_screeners", "count", "screeners compared"),
    ),
    key=("round", "screeners", "measure"),
)
