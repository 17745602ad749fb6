"""Count the support of each claim and, by claims, of each guideline, from what readers found in the evidence."""

from collections.abc import Sequence

from graylit.runs.steps import Step
from graylit.study.people import list_models
from graylit.study.state import latest_rows, list_in_force
from graylit.synthesis.claims import count_claims, count_guidelines, link_claims, list_claims
from graylit.synthesis.readings import carry_over, leave_outranked, list_successors
from graylit.tables.claims import CLAIM_EVIDENCE, CLAIM_READINGS, CLAIM_SUPPORT, CLAIMS, GUIDELINE_CLAIMS
from graylit.tables.coding import CODINGS
from graylit.tables.people import PEOPLE
from graylit.tables.rows import Values
from graylit.tables.synthesis import EVIDENCE, GUIDELINES


def describe_open(counted: Sequence[Values]) -> str:
    """Return how much is left to read and to settle, and how many claims are below the floor, in words."""
    n_unread, n_disputed = (sum(int(str(row[name])) for row in counted) for name in ("n_unread", "n_disputed"))
    n_below = sum(row["has_floor"] == "no" for row in counted)
    parts = ((n_unread, "pairs unread"), (n_disputed, "disputed"), (n_below, "claims below the floor"))
    return ", ".join(f"{n} {words}" for n, words in parts if n)


if __name__ == "__main__":
    step, paths, floor = Step(snakemake), snakemake.input, snakemake.params.min_publishers
    guidelines, evidence = list_in_force(GUIDELINES, paths.guidelines), EVIDENCE.list_cells(paths.evidence)
    claims = list_claims(CLAIMS.list_cells(paths.claims), [row["guideline_id"] for row in guidelines])
    successors = list_successors(row for path in paths.codings for row in CODINGS.read_each(path))
    readings = carry_over(CLAIM_READINGS.list_cells(paths.readings), successors)
    models = list_models(latest_rows(PEOPLE.list_cells(paths.people), "decider").values())
    linked = link_claims(claims, leave_outranked(readings, models), evidence)
    counted = count_claims(claims, linked, floor)
    CLAIM_EVIDENCE.write_rows(linked, step.output.pairs)
    CLAIM_SUPPORT.write_rows(counted, step.output.claims)
    GUIDELINE_CLAIMS.write_rows(count_guidelines(guidelines, counted, evidence, linked, floor), step.output.guidelines)
    step.close(f"{len(linked)} pairs", f"{len(counted)} claims", describe_open(counted))
