"""Count for each code its codings, coders, sources and publishers, and for each pair of codes the shared sources."""

import pandas as pd

from graylit.runs.steps import StepLog
from graylit.study.state import read_in_force
from graylit.tables.coding import CODE_COUNTS, CODE_PAIRS, CODEBOOK, LOCATED_CODINGS
from graylit.tables.sources import SOURCES


def count_codes(codebook: pd.DataFrame, codings: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return one row per code in force, codes without codings included, and retired codes that still have some."""
    coded = codings.merge(sources[["source_id", "publisher"]], on="source_id", how="left", validate="many_to_one")
    counts = coded.groupby("code_id").agg(
        n_codings=("coding_id", "nunique"),
        n_coders=("coder", "nunique"),
        n_sources=("source_id", "nunique"),
        n_publishers=("publisher", "nunique"),
    )
    shown = codebook[(codebook["status"] == "active") | codebook["code_id"].isin(codings["code_id"])]
    table = shown[["code_id", "name"]].merge(counts, on="code_id", how="left", validate="one_to_one")
    return table.fillna(dict.fromkeys(counts.columns, 0)).astype(dict.fromkeys(counts.columns, int))


def count_pairs(codings: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return for each kind of source and pair of codes (a code with itself too) the sources that carry both."""
    carried = codings[["source_id", "code_id"]].drop_duplicates()
    carried = carried.merge(sources[["source_id", "source_type"]], on="source_id", how="left", validate="many_to_one")
    others = carried[["source_id", "code_id"]].rename(columns={"code_id": "other_code_id"})
    pairs = carried.merge(others, on="source_id", how="inner", validate="many_to_many")
    return pairs.groupby(["source_type", "code_id", "other_code_id"]).size().reset_index(name="n_sources")


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "count_codes")
    located = LOCATED_CODINGS.read(snakemake.input.codings)
    codings = located[located["is_evidence"] == "yes"]
    sources = SOURCES.read(snakemake.input.sources)
    counts = count_codes(read_in_force(CODEBOOK, snakemake.input.codebook), codings, sources)
    CODE_COUNTS.write(counts, snakemake.output.counts)
    CODE_PAIRS.write(count_pairs(codings, sources), snakemake.output.pairs)
    n_unused = int((counts["n_codings"] == 0).sum())
    log.note(f"{len(located) - len(codings)} codings are no evidence: orphans, or fallen in adjudication")
    log.close(f"{len(located)} codings", f"{len(counts)} codes", f"{n_unused} codes without coding" if n_unused else "")
