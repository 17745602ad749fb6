"""Tables of the card sort: who put which guideline on which pile, and what follows from it."""

from __future__ import annotations

from graylit.tables.columns import MEASURED
from graylit.tables.contracts import Column, Contract

CARD_SORTS = Contract(
    "card_sorts",
    (
        Column("sorter", "person", "who sorted"),
        Column("guideline_id", "id", "the card: a guideline"),
        Column(
            "pile",
            "text",
            "the pile it was put on, in the sorter's own words; empty if it was taken back",
            is_required=False,
            is_name=True,
        ),
        Column("sorted_at", "when", "when; the last row of a sorter and card is in force", is_required=False),
    ),
    key=("sorter", "guideline_id", "sorted_at"),
    is_peoples=True,
)
BEGUN, FINISHED = "begun", "finished"
OPEN, CLOSED = "open", "closed"
SORT_SESSIONS = Contract(
    "sort_sessions",
    (
        Column("sorter", "person", "who sorts"),
        Column("status", "text", "how far the sort is", choices=(BEGUN, FINISHED)),
        Column("kind", "text", "whether piles were the sorter's own (open) or given", choices=(OPEN, CLOSED)),
        Column(
            "way",
            "text",
            "where cards were sorted: on the desk, or in a file for somebody without Graylit",
            choices=("desk", "file"),
        ),
        Column("seed", "count", "the seed by which the order of the cards was drawn, with the sorter's name"),
        Column("note", "text", "what the sorter says about the sort", is_required=False),
        Column("decided_at", "when", "when; the last row of a sorter is in force", is_required=False),
    ),
    key=("sorter", "decided_at"),
    is_peoples=True,
)
CARD_SIMILARITY = Contract(
    "card_similarity",
    (
        Column("guideline_id", "id", "a guideline"),
        Column("other_guideline_id", "id", "another one, later by id"),
        Column("n_sorters", "count", "sorters who put both on one pile"),
        Column("share", "share", "share of all sorters; the distance of the two is 1 less this"),
    ),
    key=("guideline_id", "other_guideline_id"),
)
CARD_CLUSTERS = Contract(
    "card_clusters",
    (
        Column("guideline_id", "id", "the guideline"),
        Column("leaf", "count", "its place among the dendrogram's leaves, from 1"),
        Column(
            "cluster", "count", "its cluster in the dendrogram cut into as many clusters as there are categories", False
        ),
        Column("category_id", "id", "the category that people gave it", is_required=False),
    ),
    key=("guideline_id",),
)
CARD_MERGES = Contract(
    "card_merges",
    (
        Column("step", "count", "number of the merge, from 1"),
        Column("left", "ids", "guidelines of the one cluster: the one with the first id"),
        Column("right", "ids", "guidelines of the other one"),
        Column("distance", "share", "mean of 1 - share over all pairs of a left and a right card"),
        Column("linkage", "text", "how distances of clusters are made of those of cards", choices=("average",)),
        Column("size", "count", "cards of both together"),
    ),
    key=("step",),
)
CARD_MEASURES = Contract("card_measures", MEASURED, key=("measure",))
CARD_CUTS = Contract(
    "card_cuts",
    (
        Column("n_clusters", "count", "clusters that the dendrogram is cut into"),
        Column("silhouette", "number", "mean silhouette of the cards then (Rousseeuw 1987); a card alone counts 0"),
        Column("is_chosen", "flag", "whether this cut is the one that the rule or the config chooses"),
    ),
    key=("n_clusters",),
)
CARD_FITS = Contract(
    "card_fits",
    (
        Column("guideline_id", "id", "the card"),
        Column("cluster", "count", "its cluster in the chosen cut, numbered in the order of the leaves"),
        Column("share_own", "share", "mean share of sorters who put it with another card of its cluster", False),
        Column("nearest_cluster", "count", "the other cluster that it is most often with", False),
        Column("share_nearest", "share", "mean share of sorters who put it with a card of that one", False),
        Column("silhouette", "number", "how much nearer its own cluster is than that one, from -1 to 1"),
        Column("is_misfit", "flag", "whether it is more often with the cards of another cluster than with its own"),
    ),
    key=("guideline_id",),
)
SORTER_AGREEMENT = Contract(
    "sorter_agreement",
    (
        Column("sorter", "person", "a sorter"),
        Column("other_sorter", "person", "another one, later by name"),
        Column("n_cards", "count", "cards that both sorted"),
        Column("rand", "number", "adjusted Rand index of their piles; empty for fewer than two cards", False),
    ),
    key=("sorter", "other_sorter"),
)
