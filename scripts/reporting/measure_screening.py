"""Decide on each candidate, measure how far the screeners agreed, and count the PRISMA 2020 flow."""

from pathlib import Path

from graylit.runs.steps import StepLog
from graylit.screening.deciding import decide_candidates
from graylit.screening.prisma import count_flow, format_flow, format_no_flow
from graylit.screening.screener_agreement import measure_screening
from graylit.tables.contracts import Contract
from graylit.tables.screening import CANDIDATES, CRITERIA, SCREENING_AGREEMENT, SCREENING_DECISIONS, SCREENINGS
from graylit.tables.sources import SOURCES


def read_cells(contract: Contract, path: str) -> list[dict[str, str]]:
    """Return the rows of a people's table that passed its check; none if the study has no such table."""
    return contract.read_rows(Path(path))[0].cells if path else []


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "measure_screening")
    candidates = read_cells(CANDIDATES, snakemake.input.candidates)
    criteria = read_cells(CRITERIA, snakemake.input.criteria)
    screenings = read_cells(SCREENINGS, snakemake.input.screenings)
    decisions = decide_candidates(candidates, screenings, read_cells(SOURCES, snakemake.input.sources))
    agreement = measure_screening(SCREENINGS.to_frame(screenings), snakemake.params.seed)
    flow = count_flow(candidates, criteria, decisions.to_dict("records"))
    SCREENING_DECISIONS.write(decisions, snakemake.output.decisions)
    SCREENING_AGREEMENT.write(agreement, snakemake.output.agreement)
    Path(snakemake.output.prisma).write_text(format_flow(flow) if candidates else format_no_flow(), encoding="utf-8")
    counts = decisions["decision"].value_counts().sort_index()
    log.close(
        f"{len(candidates)} candidates, {len(screenings)} screenings",
        f"{len(decisions)} decisions",
        ", ".join(f"{n} {decision}" for decision, n in counts.items()),
    )
