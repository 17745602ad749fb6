"""Measure what each search brought, how searches overlap, and how many candidates none of them found."""

from graylit.runs.steps import Step
from graylit.screening.same_pages import choose_stand_ins, list_merged
from graylit.search.gathered_hits import gather_finds
from graylit.search.overlap import cross_searches, estimate_unseen, group_candidates
from graylit.search.search_counts import count_left_out, count_ranks, count_searches, draw_curve
from graylit.search.stopping import read_rule
from graylit.study.state import latest_rows
from graylit.tables.screening import CANDIDATES, DUPLICATE_CANDIDATES, SCREENING_DECISIONS, SCREENINGS
from graylit.tables.search import DUPLICATES, HITS, SEARCHES
from graylit.tables.search_figures import (
    SEARCH_COUNTS,
    SEARCH_CURVE,
    SEARCH_ESTIMATES,
    SEARCH_LEFT_OUT,
    SEARCH_OVERLAP,
    SEARCH_RANKS,
    SEARCH_SETS,
)

NEEDED = ("search_id", "rank", "candidate_id", "left_out")  # of hits, of which there may be many

if __name__ == "__main__":
    step = Step(snakemake)
    paths, out = snakemake.input, step.output
    searches = [*latest_rows(SEARCHES.list_cells(paths.searches), "search_id").values()]
    hits, rule = HITS.list_cells(paths.hits, columns=NEEDED), read_rule({"search": snakemake.params.search})
    decisions = SCREENING_DECISIONS.list_cells(paths.decisions)
    candidates, duplicates = CANDIDATES.list_cells(paths.candidates), DUPLICATES.list_cells(paths.duplicates)
    screened = {row["candidate_id"] for row in SCREENINGS.list_cells(paths.screenings)}
    merged = list_merged(DUPLICATE_CANDIDATES.read_each(paths.pairs))
    finds = gather_finds(searches, hits, decisions, choose_stand_ins(candidates, duplicates, merged, screened))
    SEARCH_COUNTS.write_rows(count_searches(finds, searches, rule), out.counts)
    SEARCH_LEFT_OUT.write_rows(count_left_out(finds), out.left_out)
    SEARCH_CURVE.write_rows(draw_curve(finds), out.curve)
    SEARCH_RANKS.write_rows(count_ranks(finds), out.ranks)
    SEARCH_OVERLAP.write_rows(cross_searches(finds), out.overlap)
    SEARCH_SETS.write_rows(group_candidates(finds), out.sets)
    SEARCH_ESTIMATES.write_rows(estimate_unseen(finds, searches), out.estimates)
    n_left_out = sum(not row["candidate_id"] for row in hits)
    read, kept = f"{len(searches)} searches, {len(hits)} hits", f"{len(hits) - n_left_out} hits of candidates"
    step.close(read, kept, f"{n_left_out} left out" if n_left_out else "")
