"""Link each guideline to its evidence (theme, code, coding, source), and rank guidelines by their sources."""

from collections.abc import Mapping

import pandas as pd

from graylit.measures.support import rank_guidelines
from graylit.runs.steps import StepLog
from graylit.study.state import follow_ids, read_in_force
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS
from graylit.tables.rows import Cells
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_SUPPORT, GUIDELINES


def link_evidence(
    guidelines: pd.DataFrame, codings: pd.DataFrame, sources: pd.DataFrame, codebook: Mapping[str, Cells]
) -> pd.DataFrame:
    """Return one row per guideline and supporting coding; codes that were merged lead to those in force."""
    code_ids = guidelines["code_ids"].map(lambda cell: follow_ids(cell, codebook))
    links = guidelines[["guideline_id", "theme_id"]].assign(code_id=code_ids)
    links = links.explode("code_id")
    evidence = links.merge(codings, on="code_id", how="inner", validate="many_to_many")
    evidence = evidence.merge(sources[["source_id", "publisher"]], on="source_id", how="left", validate="many_to_one")
    return evidence[EVIDENCE.names]


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "link_evidence")
    guidelines = read_in_force(GUIDELINES, snakemake.input.guidelines)
    codebook = read_in_force(CODEBOOK, snakemake.input.codebook).set_index("code_id", drop=False).to_dict("index")
    codings = LOCATED_CODINGS.read(snakemake.input.codings)
    codings = codings[codings["is_evidence"] == "yes"]
    evidence = link_evidence(guidelines, codings, SOURCES.read(snakemake.input.sources), codebook)
    support = rank_guidelines(guidelines, evidence, snakemake.params.min_publishers)
    EVIDENCE.write(evidence, snakemake.output.evidence)
    GUIDELINE_SUPPORT.write(support, snakemake.output.support)
    n_weak = int((support["has_floor"] == "no").sum())
    weak = f"{n_weak} below {snakemake.params.min_publishers} publishers" if n_weak else ""
    log.close(f"{len(codings)} codings", f"{len(evidence)} links for {len(guidelines)} guidelines", weak)
