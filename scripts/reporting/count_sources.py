"""Count the sources by type together with year, publisher and each variable of the study."""

import pandas as pd

from graylit.runs.steps import StepLog
from graylit.study.config import sources_contract
from graylit.tables.sources import SOURCE_COUNTS


def count_sources(sources: pd.DataFrame, variables: list[str]) -> pd.DataFrame:
    """Return the number of sources for each source type, variable and value; an empty value counts as 'not stated'."""
    described = sources.assign(year=sources["published"].str[:4])
    long = described.melt(id_vars=["source_id", "source_type"], value_vars=["year", "publisher", *variables])
    long["value"] = long["value"].replace("", "not stated")
    return long.groupby(["source_type", "variable", "value"]).size().reset_index(name="n_sources")


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "count_sources")
    sources = sources_contract(snakemake.params.config).read(snakemake.input.sources)
    counts = count_sources(sources, list(snakemake.params.config["variables"]))
    SOURCE_COUNTS.write(counts, snakemake.output.counts)
    log.close(f"{len(sources)} sources", f"{len(counts)} counts")
