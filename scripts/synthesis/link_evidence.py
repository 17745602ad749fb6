"""Link each guideline to its evidence (theme, code, coding, source), and rank guidelines by their sources."""

from collections.abc import Iterable, Mapping, Sequence

from graylit.measures.support import rank_guidelines
from graylit.runs.steps import Step
from graylit.study.state import follow_ids, list_in_force
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS
from graylit.tables.rows import Cells, Row, Values, group_rows
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_SUPPORT, GUIDELINES


def link_evidence(
    guidelines: Iterable[Cells], codings: Iterable[Cells], sources: Iterable[Cells], codebook: Mapping[str, Cells]
) -> list[Row]:
    """Return one row per guideline and supporting coding; codes that were merged lead to those in force."""
    publisher_of = {row["source_id"]: row["publisher"] for row in sources}
    of_code = group_rows(codings, "code_id")
    linked = [
        (guideline, coding)
        for guideline in guidelines
        for code_id in follow_ids(guideline["code_ids"], codebook)
        for coding in of_code.get(code_id, ())
    ]
    return [
        {name: coding[name] for name in ("code_id", "coding_id", "coder", "source_id", "segment_id")}
        | {name: guideline[name] for name in ("guideline_id", "theme_id")}
        | {"publisher": publisher_of[coding["source_id"]]}
        for guideline, coding in linked
    ]


def describe_weak(support: Iterable[Values], min_publishers: int) -> str:
    """Return how many guidelines have fewer publishers than the protocol asks for, in words."""
    n_weak = sum(row["has_floor"] == "no" for row in support)
    return f"{n_weak} below {min_publishers} publishers" if n_weak else ""


def list_evidence(located: Sequence[Cells]) -> list[Cells]:
    """Return the codings that count as evidence."""
    return [row for row in located if row["is_evidence"] == "yes"]


if __name__ == "__main__":
    step, min_publishers = Step(snakemake), snakemake.params.min_publishers
    guidelines = list_in_force(GUIDELINES, snakemake.input.guidelines)
    codebook = {row["code_id"]: row for row in list_in_force(CODEBOOK, snakemake.input.codebook)}
    codings = list_evidence(LOCATED_CODINGS.list_cells(snakemake.input.codings))
    evidence = link_evidence(guidelines, codings, SOURCES.list_cells(snakemake.input.sources), codebook)
    support = rank_guidelines(guidelines, evidence, min_publishers)
    EVIDENCE.write_rows(evidence, step.output.evidence)
    GUIDELINE_SUPPORT.write_rows(support, step.output.support)
    weak = describe_weak(support, min_publishers)
    step.close(f"{len(codings)} codings", f"{len(evidence)} links for {len(guidelines)} guidelines", weak)
