"""Count for each code its codings, coders, sources and publishers, and for each pair of codes the shared sources."""

import itertools
from collections import Counter
from collections.abc import Iterable

from graylit.runs.steps import Step
from graylit.study.state import list_in_force
from graylit.tables.coding import CODE_COUNTS, CODE_PAIRS, CODEBOOK, LOCATED_CODINGS
from graylit.tables.rows import Cells, Values, group_rows
from graylit.tables.sources import SOURCES, list_publishers


def count_codes(codebook: Iterable[Cells], codings: Iterable[Cells], sources: Iterable[Cells]) -> list[Values]:
    """Return one row per code in force, codes without codings included, and retired codes that still have some."""
    publisher_of = {row["source_id"]: row["publisher"] for row in sources}
    of_code = group_rows(codings, "code_id")
    return [
        {
            "code_id": code["code_id"],
            "name": code["name"],
            "n_codings": len({row["coding_id"] for row in of_code.get(code["code_id"], ())}),
            "n_coders": len({row["coder"] for row in of_code.get(code["code_id"], ())}),
            "n_sources": len({row["source_id"] for row in of_code.get(code["code_id"], ())}),
            "n_publishers": len(
                list_publishers(publisher_of[row["source_id"]] for row in of_code.get(code["code_id"], ()))
            ),
        }
        for code in codebook
        if code["status"] == "active" or code["code_id"] in of_code
    ]


def count_pairs(codings: Iterable[Cells], sources: Iterable[Cells]) -> list[Values]:
    """Return for each kind of source and pair of codes (a code with itself too) the sources that carry both."""
    type_of = {row["source_id"]: row["source_type"] for row in sources}
    n_sources: Counter[tuple[str, str, str]] = Counter()
    for source_id, of_source in group_rows(codings, "source_id").items():
        code_ids = {row["code_id"] for row in of_source}
        n_sources.update((type_of[str(source_id)], *pair) for pair in itertools.product(code_ids, code_ids))
    return [dict(zip(CODE_PAIRS.names, (*pair, n), strict=True)) for pair, n in sorted(n_sources.items())]


def describe_unused(counts: Iterable[Values]) -> str:
    """Return how many codes have no coding, in words."""
    n_unused = sum(row["n_codings"] == 0 for row in counts)
    return f"{n_unused} codes without coding" if n_unused else ""


if __name__ == "__main__":
    step = Step(snakemake)
    located = LOCATED_CODINGS.list_cells(snakemake.input.codings)
    codings = [row for row in located if row["is_evidence"] == "yes"]
    sources = SOURCES.list_cells(snakemake.input.sources)
    counts = count_codes(list_in_force(CODEBOOK, snakemake.input.codebook), codings, sources)
    CODE_COUNTS.write_rows(counts, step.output.counts)
    CODE_PAIRS.write_rows(count_pairs(codings, sources), step.output.pairs)
    reasons = "orphans, fallen in adjudication, or superseded by a later round"
    step.note(f"{len(located) - len(codings)} codings are no evidence: {reasons}")
    step.close(f"{len(located)} codings", f"{len(counts)} codes", describe_unused(counts))
