"""Decide on each candidate, measure how far the screeners agreed, and count the PRISMA 2020 flow."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from graylit.captures.page_keys import list_distinct
from graylit.runs.steps import Step
from graylit.screening.deciding import decide_candidates, list_sourced
from graylit.screening.flow import count_flow
from graylit.screening.outranking import leave_outranked
from graylit.screening.prisma import format_flow, format_no_flow
from graylit.screening.queues import list_hidden, list_queues
from graylit.screening.same_pages import choose_stand_ins, list_merged
from graylit.screening.screener_agreement import measure_queues, measure_screening
from graylit.study.people import list_models, name_deciders
from graylit.study.state import latest_rows
from graylit.tables.contracts import Contract
from graylit.tables.people import PEOPLE
from graylit.tables.rows import list_rows
from graylit.tables.screening import (
    CANDIDATES,
    CRITERIA,
    DUPLICATE_CANDIDATES,
    SCREENING_AGREEMENT,
    SCREENING_DECISIONS,
    SCREENINGS,
)
from graylit.tables.search import DUPLICATES, HITS, SEARCHES
from graylit.tables.sources import SOURCES


def read_cells(contract: Contract, path: str) -> list[dict[str, str]]:
    """Return the rows of a people's table that passed its check; none if the study has no such table."""
    return contract.read_rows(Path(path))[0].cells if path else []


def describe_decisions(decisions: Iterable[str]) -> str:
    """Return how many candidates got which decision."""
    return ", ".join(f"{n} {decision}" for decision, n in sorted(Counter(decisions).items()))


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    candidates, screenings = read_cells(CANDIDATES, paths.candidates), read_cells(SCREENINGS, paths.screenings)
    screened = {row["candidate_id"] for row in screenings}
    merged = list_merged(DUPLICATE_CANDIDATES.read_each(paths.pairs))
    stand_ins = choose_stand_ins(candidates, read_cells(DUPLICATES, paths.duplicates), merged, screened)
    sources = read_cells(SOURCES, paths.sources)
    screeners = name_deciders(latest_rows(read_cells(PEOPLE, paths.people), "decider"), "screener")
    queues = list_queues(screeners, screenings, stand_ins, snakemake.params.stopping)
    known = list_sourced(candidates, sources, list_distinct(candidates, sources))
    hidden = list_hidden(queues, screenings, stand_ins, known)
    models = list_models(latest_rows(read_cells(PEOPLE, paths.people), "decider").values())
    deciding = leave_outranked(screenings, models)
    decisions = decide_candidates(candidates, deciding, sources, stand_ins, hidden)
    searches = latest_rows(SEARCHES.list_cells(paths.searches), "search_id").values()
    hits = HITS.list_cells(paths.hits, columns=("search_id", "candidate_id"))
    criteria = read_cells(CRITERIA, paths.criteria)
    decided = list_rows(decisions)
    told = {"screenings": screenings, "provenance": snakemake.params.provenance}
    flow = count_flow(candidates, criteria, decided, searches=searches, hits=hits, **told)
    seed, rows = snakemake.params.seed, SCREENINGS.to_frame(screenings)
    agreement = measure_queues(queues) if hidden else measure_screening(rows, seed)
    SCREENING_DECISIONS.write(decisions, step.output.decisions)
    SCREENING_AGREEMENT.write(agreement, step.output.agreement)
    prisma = format_flow(flow) if flow.n_identified else format_no_flow()
    Path(step.output.prisma).write_text(prisma, encoding="utf-8")
    read = f"{len(candidates)} candidates, {len(screenings)} screenings, {len(hits)} hits"
    step.close(read, f"{len(decisions)} decisions", describe_decisions(decisions["decision"]))
