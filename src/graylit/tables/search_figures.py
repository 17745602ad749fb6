"""Tables made of searches and hits: what each search brought, how searches overlap, what all of them missed."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

TOGETHER = "all"  # in the place of a search: all searches together, one after the other
SEARCH = Column("search_id", "id", f"the search; {TOGETHER} for all together, one after the other by their dates")
SEARCH_COUNTS = Contract(
    "search_counts",
    (
        SEARCH,
        Column("n_reported", "count", "hits that were reported; of all searches only if each one says it", False),
        Column("n_read", "count", "hits that were read; empty if nothing says it", is_required=False),
        Column("n_hits", "count", "hits that are recorded"),
        Column("n_left_out", "count", "of these, hits that are no candidate"),
        Column("n_candidates", "count", "candidates that the others lead to, duplicates counted once"),
        Column("n_new", "count", "candidates that no earlier search had found"),
        Column("n_alone", "count", "candidates that no other search found"),
        Column("n_included", "count", "candidates that were included"),
        Column("n_included_alone", "count", "included candidates that no other search found"),
        Column("n_open", "count", "candidates on which nothing is decided yet"),
        Column(
            "stopped_at", "count", "hits after which the protocol's rule to stop held; empty if it never did", False
        ),
    ),
    key=("search_id",),
)
SEARCH_LEFT_OUT = Contract(
    "search_left_out",
    (SEARCH, Column("left_out", "text", "why hits are no candidates"), Column("n_hits", "count", "hits")),
    key=("search_id", "left_out"),
)
SEARCH_CURVE = Contract(
    "search_curve",
    (
        SEARCH,
        Column("n_hits", "count", "hits read so far, ten more in each row"),
        Column("n_new", "count", "candidates that these last ten hits brought first"),
        Column("n_seen", "count", "candidates found so far"),
        Column("n_included_new", "count", "candidates that these last ten hits brought first and that were included"),
        Column("n_included_seen", "count", "included candidates found so far"),
    ),
    key=("search_id", "n_hits"),
)
SEARCH_RANKS = Contract(
    "search_ranks",
    (
        Column("search_id", "id", f"the search; {TOGETHER} for the same ranks of all searches"),
        Column("first_rank", "count", "first of ten ranks"),
        Column("last_rank", "count", "last of them"),
        Column("n_hits", "count", "hits of these ranks"),
        Column("n_included", "count", "of these, hits that lead to an included candidate"),
        Column("share_included", "share", "share of the hits that lead to one"),
    ),
    key=("search_id", "first_rank"),
)
SEARCH_OVERLAP = Contract(
    "search_overlap",
    (
        Column("search_id", "id", "a search"),
        Column("other_id", "id", "another one"),
        Column("n_both", "count", "candidates that both found"),
        Column("n_either", "count", "candidates that one of them or both found"),
        Column("jaccard", "share", "share of these that both found; empty if there are none", is_required=False),
        Column("n_included_both", "count", "included candidates that both found"),
        Column("n_included_either", "count", "included candidates that one of them or both found"),
    ),
    key=("search_id", "other_id"),
)
SEARCH_SETS = Contract(
    "search_sets",
    (
        Column("search_ids", "ids", "the searches that found them, and no other did"),
        Column("n_candidates", "count", "candidates"),
        Column("n_included", "count", "of these, included candidates"),
    ),
    key=("search_ids",),
)
SEARCH_ESTIMATES = Contract(
    "search_estimates",
    (
        Column("scope", "text", "which candidates are meant", choices=("candidates", "included")),
        Column(
            "method",
            "text",
            "chao: the lower bound of Chao 1987, for three searches and more; chapman: Chapman 1951, for two; none: no "
            "estimate is possible",
            choices=("chao", "chapman", "none"),
        ),
        Column("n_searches", "count", "searches that found some; those that follow citations are left out"),
        Column("n_found", "count", "candidates that they found"),
        Column("n_once", "count", "candidates that one of them found"),
        Column("n_twice", "count", "candidates that two of them found"),
        Column("value", "number", "estimate of all that there are, found and not found", is_required=False),
        Column("low", "number", "lower end of its 95 % interval", is_required=False),
        Column("high", "number", "its upper end", is_required=False),
        Column("why_none", "text", "why there is no estimate or no interval", is_required=False),
    ),
    key=("scope",),
)
SEARCH_FIGURES = (
    *(SEARCH_COUNTS, SEARCH_LEFT_OUT, SEARCH_CURVE, SEARCH_RANKS),
    *(SEARCH_OVERLAP, SEARCH_SETS, SEARCH_ESTIMATES),
)
