"""Count the sources by type together with year, publisher and each variable of the study."""

from collections import Counter
from collections.abc import Iterable, Sequence

from graylit.runs.steps import Step
from graylit.study.config import sources_contract
from graylit.tables.rows import Cells, Values
from graylit.tables.sources import SOURCE_COUNTS


def count_sources(sources: Iterable[Cells], variables: Sequence[str]) -> list[Values]:
    """Return the number of sources for each source type, variable and value; an empty value counts as 'not stated'."""
    n_sources: Counter[tuple[str, str, str]] = Counter()
    for source in sources:
        described = {**source, "year": source["published"][:4]}
        for variable in ("year", "publisher", *variables):
            n_sources[source["source_type"], variable, described[variable] or "not stated"] += 1
    return [dict(zip(SOURCE_COUNTS.names, (*group, n), strict=True)) for group, n in sorted(n_sources.items())]


if __name__ == "__main__":
    step = Step(snakemake)
    sources = sources_contract(snakemake.params.config).list_cells(snakemake.input.sources)
    counts = count_sources(sources, list(snakemake.params.config["variables"]))
    SOURCE_COUNTS.write_rows(counts, step.output.counts)
    step.close(f"{len(sources)} sources", f"{len(counts)} counts")
