"""Measure how far readers of claims agreed, before settling, over all guidelines and for each."""

from graylit.runs.steps import Step
from graylit.study.state import list_in_force
from graylit.synthesis.claims import list_claims, list_pairs
from graylit.synthesis.reader_agreement import measure_readings
from graylit.synthesis.readings import carry_over, list_of_now, list_successors
from graylit.tables.claims import CLAIM_READINGS, CLAIMS, READING_AGREEMENT
from graylit.tables.coding import CODINGS
from graylit.tables.synthesis import EVIDENCE, GUIDELINES

if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    guideline_ids = [row["guideline_id"] for row in list_in_force(GUIDELINES, paths.guidelines)]
    claims = list_claims(CLAIMS.list_cells(paths.claims), guideline_ids)
    linked = list_pairs(claims, EVIDENCE.list_cells(paths.evidence))
    pairs = {pair: (link["guideline_id"], link["source_id"]) for pair, link in linked}
    successors = list_successors(row for path in paths.codings for row in CODINGS.read_each(path))
    readings = list_of_now(carry_over(CLAIM_READINGS.list_cells(paths.readings), successors), claims)
    rows = measure_readings(readings, pairs, snakemake.params.seed)
    READING_AGREEMENT.write_rows(rows, step.output.agreement)
    step.close(f"{len(readings)} readings in force", f"{len(rows)} measures")
