"""Count for each practice and guideline how many codings of its codes its author had opened before it was written."""

from graylit.runs.steps import Step
from graylit.study.places_opened import list_opened
from graylit.study.state import list_in_force
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS
from graylit.tables.relating import PLACES_OPENED, PLACES_READ
from graylit.tables.rows import group_rows
from graylit.tables.synthesis import GUIDELINES, PRACTICES

if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    written = {
        "practice": list_in_force(PRACTICES, paths.practices),
        "guideline": list_in_force(GUIDELINES, paths.guidelines),
    }
    evidence = [row for row in LOCATED_CODINGS.list_cells(paths.codings) if row["is_evidence"] == "yes"]
    codebook = {row["code_id"]: row for row in list_in_force(CODEBOOK, paths.codebook)}
    places_read = PLACES_READ.list_cells(paths.places_read)
    of_code = {str(code_id): rows for code_id, rows in group_rows(evidence, "code_id").items()}
    rows = list(list_opened(written, of_code, codebook, places_read))
    PLACES_OPENED.write_rows(rows, step.output.opened)
    step.close(f"{len(places_read)} places read", f"{len(rows)} practices and guidelines")
