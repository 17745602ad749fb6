"""Weigh the guidelines: who supports them, and which would fall without weak sources or without one publisher.

ASSUME: a source that nobody appraised stays at every cut-off; only a score can count against a source.
"""

import pandas as pd

from graylit.measures.support import rank_guidelines
from graylit.runs.steps import StepLog
from graylit.study.state import read_in_force
from graylit.tables.appraisal import CUT_OFFS
from graylit.tables.sources import PUBLISHER_SENSITIVITY, QUALITY, QUALITY_SCORES, QUALITY_SENSITIVITY, SOURCES
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_GROUPS, GUIDELINES

YES_NO = {True: "yes", False: "no"}


def group_support(evidence: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return for each guideline and type or year of sources how many of these support it."""
    described = sources[["source_id", "source_type"]].assign(year=sources["published"].str[:4])
    long = described.melt(id_vars="source_id", value_vars=["source_type", "year"])
    long["value"] = long["value"].replace("", "not stated")
    totals = long.groupby(["variable", "value"]).size().rename("n_all").reset_index()
    links = evidence[["guideline_id", "source_id"]].drop_duplicates()
    links = links.merge(long, on="source_id", how="inner", validate="many_to_many")
    counts = links.groupby(["guideline_id", "variable", "value"]).size().reset_index(name="n_sources")
    table = counts.merge(totals, on=["variable", "value"], how="left", validate="many_to_one")
    return table.assign(share=table["n_sources"] / table["n_all"]).drop(columns="n_all")


def score_sources(quality: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return one row per source with the mean of its appraisers' sums; none if nobody appraised any."""
    if quality.empty:
        return QUALITY_SCORES.to_frame([])
    sums = quality.groupby(["source_id", "appraiser"])["score"].sum().reset_index()
    means = sums.groupby("source_id")["score"].agg(n_appraisers="size", score="mean").reset_index()
    table = sources[["source_id"]].merge(means, on="source_id", how="left", validate="one_to_one")
    return table.assign(n_appraisers=table["n_appraisers"].fillna(0).astype(int))


def vary_cut_off(
    guidelines: pd.DataFrame, evidence: pd.DataFrame, scores: pd.DataFrame, min_publishers: int
) -> pd.DataFrame:
    """Return the support of each guideline without the sources below each cut-off; none without scores."""
    if scores.empty:
        return QUALITY_SENSITIVITY.to_frame([])
    full = rank_guidelines(guidelines, evidence, min_publishers)
    tables = []
    for cut_off in CUT_OFFS:
        weak = scores.loc[scores["score"] < cut_off, "source_id"]
        kept = rank_guidelines(guidelines, evidence[~evidence["source_id"].isin(weak)], min_publishers)
        change = (kept["rank"] == full["rank"]).map({True: "none", False: "rank moves"})
        change = change.mask((full["has_floor"] == "yes") & (kept["has_floor"] == "no"), "falls")
        tables.append(kept.assign(cut_off=cut_off, change=change)[QUALITY_SENSITIVITY.names])
    return pd.concat(tables, ignore_index=True)


def leave_out_publishers(evidence: pd.DataFrame, min_publishers: int) -> pd.DataFrame:
    """Return for each guideline and publisher of its sources what remains without this publisher."""
    links = evidence[["guideline_id", "publisher", "source_id"]].drop_duplicates()
    table = links.groupby(["guideline_id", "publisher"]).size().reset_index(name="n_own")
    by_guideline = table.groupby("guideline_id")["n_own"]
    n_publishers = by_guideline.transform("size")
    falls = (n_publishers >= min_publishers) & (n_publishers - 1 < min_publishers)
    without = {
        "n_sources_without": by_guideline.transform("sum") - table["n_own"],
        "n_publishers_without": n_publishers - 1,
    }
    return table.assign(**without, falls=falls.map(YES_NO)).drop(columns="n_own")


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], "weigh_guidelines"), snakemake.input
    guidelines, evidence = read_in_force(GUIDELINES, given.guidelines), EVIDENCE.read(given.evidence)
    sources = SOURCES.read(given.sources)
    quality = QUALITY.read(given.quality) if given.get("quality") else QUALITY.to_frame([])
    min_publishers = snakemake.params.min_publishers
    scores = score_sources(quality, sources)
    by_quality = vary_cut_off(guidelines, evidence, scores, min_publishers)
    by_publisher = leave_out_publishers(evidence, min_publishers)
    GUIDELINE_GROUPS.write(group_support(evidence, sources), snakemake.output.groups)
    QUALITY_SCORES.write(scores, snakemake.output.scores)
    QUALITY_SENSITIVITY.write(by_quality, snakemake.output.by_quality)
    PUBLISHER_SENSITIVITY.write(by_publisher, snakemake.output.by_publisher)
    n_falling = by_publisher.loc[by_publisher["falls"] == "yes", "guideline_id"].nunique()
    falling = f"{n_falling} below the floor of {min_publishers} publishers once one of them is left out"
    log.close(f"{len(evidence)} links", f"{len(guidelines)} guidelines weighed", falling if n_falling else "")
