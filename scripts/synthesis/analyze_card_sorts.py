"""Analyze the card sort: which guidelines sorters put together, and whether the categories follow from it."""

from collections.abc import Collection

from graylit.runs.steps import Step
from graylit.study.state import list_in_force
from graylit.synthesis.card_analysis import Piles, analyze_sorts, assign_categories, gather_piles
from graylit.tables.card_sorting import (
    CARD_CLUSTERS,
    CARD_CUTS,
    CARD_FITS,
    CARD_MEASURES,
    CARD_MERGES,
    CARD_SIMILARITY,
    CARD_SORTS,
    SORT_SESSIONS,
    SORTER_AGREEMENT,
)
from graylit.tables.rows import Cells
from graylit.tables.synthesis import CATEGORIES, GUIDELINES


def describe_left_out(sorts: Collection[Cells], piles: Piles) -> str:
    """Return how many rows are left out, in words."""
    n_left_out = len(sorts) - len(piles.cards) * len(piles.names)
    return f"{n_left_out} replaced, unfinished, or of guidelines not in force" if n_left_out else ""


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    sorts, sessions = CARD_SORTS.list_cells(paths.sorts), SORT_SESSIONS.list_cells(paths.sessions)
    guideline_ids = [row["guideline_id"] for row in list_in_force(GUIDELINES, paths.guidelines)]
    piles = gather_piles(sorts, sessions, guideline_ids)
    category_of = assign_categories(list_in_force(CATEGORIES, paths.categories))
    made = analyze_sorts(piles, category_of, snakemake.params.n_clusters)
    CARD_SIMILARITY.write_rows(made.similarity, step.output.similarity)
    CARD_CLUSTERS.write_rows(made.clusters, step.output.clusters)
    CARD_MERGES.write_rows(made.merges, step.output.merges)
    CARD_MEASURES.write_rows(made.measures, step.output.measures)
    CARD_CUTS.write_rows(made.cuts, step.output.cuts)
    CARD_FITS.write_rows(made.fits, step.output.fits)
    SORTER_AGREEMENT.write_rows(made.agreement, step.output.agreement)
    dropped = describe_left_out(sorts, piles)
    step.close(f"{len(sorts)} sorted cards", f"{len(made.merges)} merges of {len(piles.cards)} cards", dropped)
