"""Weigh the guidelines: who supports them, and which would fall without weak sources or without one publisher.

In a study with claims, what supports a guideline is what supports one of its claims.

ASSUME: a source that nobody appraised stays at every cut-off; only a score can count against a source.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from graylit.measures.support import rank_guidelines
from graylit.runs.steps import Step
from graylit.screening.outranking import leave_outranked_scores
from graylit.study.appraisals import read_appraisals
from graylit.study.people import list_models
from graylit.study.state import latest_rows, list_in_force
from graylit.synthesis.claims import keep_supported
from graylit.synthesis.publisher_groups import count_groups, describe_groups, list_supporters
from graylit.tables.appraisal import CHECKLIST, Item, list_cut_offs, list_items
from graylit.tables.claims import CLAIM_EVIDENCE, CLAIM_SUPPORT
from graylit.tables.people import PEOPLE
from graylit.tables.rows import Cells, Values, group_rows
from graylit.tables.sources import QUALITY, QUALITY_SCORES, SOURCES, group_publishers, names_publisher
from graylit.tables.synthesis import (
    EVIDENCE,
    GROUP_SENSITIVITY,
    GUIDELINE_GROUPS,
    GUIDELINE_QUALITY,
    GUIDELINES,
    PUBLISHER_SENSITIVITY,
    QUALITY_SENSITIVITY,
)

YES_NO = {True: "yes", False: "no"}


def group_support(evidence: Iterable[Cells], sources: Iterable[Cells]) -> list[Values]:
    """Return for each guideline and type or year of sources how many of these support it."""
    groups_of = {
        row["source_id"]: [
            ("source_type", row["source_type"] or "not stated"),
            ("year", row["published"][:4] or "not stated"),
        ]
        for row in sources
    }
    n_all = Counter(group for groups in groups_of.values() for group in groups)
    links = {(row["guideline_id"], row["source_id"]) for row in evidence}
    counts = Counter((guideline_id, *group) for guideline_id, source_id in links for group in groups_of[source_id])
    return [
        dict(zip(GUIDELINE_GROUPS.names, (*group, n, n / n_all[group[1:]]), strict=True))
        for group, n in sorted(counts.items())
    ]


def score_sources(quality: Sequence[Cells], sources: Iterable[Cells], items: Mapping[str, Item]) -> list[Values]:
    """Return one row per source with its score by the checklist; none if nobody appraised any."""
    found = read_appraisals(quality)
    return [
        {
            "source_id": source["source_id"],
            "n_appraisers": len(found.list_appraisers(source["source_id"], items)),
            "score": found.score(source["source_id"], items),
        }
        for source in (sources if quality else ())
    ]


def vary_cut_off(
    guidelines: Sequence[Cells],
    evidence: Sequence[Cells],
    scores: Sequence[Values],
    min_publishers: int,
    cut_offs: Iterable[float],
) -> list[Values]:
    """Return the support of each guideline without the sources below each cut-off; none without scores."""
    if not scores:
        return []
    full = rank_guidelines(guidelines, evidence, min_publishers)
    rows: list[Values] = []
    for cut_off in cut_offs:
        weak = {row["source_id"] for row in scores if row["score"] is not None and float(row["score"]) < cut_off}
        links = [row for row in evidence if row["source_id"] not in weak]
        for before, kept in zip(full, rank_guidelines(guidelines, links, min_publishers), strict=True):
            values = {**kept, "cut_off": cut_off, "change": name_change(before, kept)}
            rows.append({name: values[name] for name in QUALITY_SENSITIVITY.names})
    return rows


def name_change(before: Values, kept: Values) -> str:
    """Return what leaving out sources does to a guideline."""
    if before["has_floor"] == "yes" and kept["has_floor"] == "no":
        return "falls"
    return "none" if before["rank"] == kept["rank"] else "rank moves"


def leave_out_publishers(evidence: Iterable[Cells], min_publishers: int) -> list[Values]:
    """Return for each guideline and publisher of its sources what remains without this publisher."""
    rows: list[Values] = []
    for guideline_id, links in sorted(group_rows(evidence, "guideline_id").items()):
        named = {(row["publisher"], row["source_id"]) for row in links}
        n_all = len(named)
        n_own = Counter(publisher for publisher, _ in named if names_publisher(publisher))
        falls = len(n_own) >= min_publishers > len(n_own) - 1
        for publisher, n in sorted(n_own.items()):
            left = (n_all - n, len(n_own) - 1, YES_NO[falls])
            rows.append(dict(zip(PUBLISHER_SENSITIVITY.names, (guideline_id, publisher, *left), strict=True)))
    return rows


def measure_quality(
    guidelines: Iterable[Cells], evidence: Iterable[Cells], scores: Sequence[Values], cut_offs: Sequence[float]
) -> list[Values]:
    """Return for each guideline and cut-off how well its sources were appraised; none without scores."""
    score_of = {row["source_id"]: float(row["score"]) for row in scores if row["score"] is not None}
    supporting: dict[str, set[str]] = {}
    for link in evidence:
        supporting.setdefault(link["guideline_id"], set()).add(link["source_id"])
    rows: list[Values] = []
    for guideline_id in sorted(row["guideline_id"] for row in guidelines) if scores else ():
        sources = supporting.get(guideline_id, set())
        found = [score_of[source_id] for source_id in sources if source_id in score_of]
        middle = median(found) if found else None
        for cut_off in cut_offs:
            counted = (len(sources), len(found), sum(score < cut_off for score in found), middle)
            rows.append(dict(zip(GUIDELINE_QUALITY.names, (guideline_id, cut_off, *counted), strict=True)))
    return rows


def describe_falling(by_publisher: Iterable[Values], min_publishers: int) -> str:
    """Return how many guidelines lose their floor without one of their publishers, in words."""
    n_falling = len({row["guideline_id"] for row in by_publisher if row["falls"] == "yes"})
    return (
        f"{n_falling} below the floor of {min_publishers} publishers once one of them is left out" if n_falling else ""
    )


if __name__ == "__main__":
    step, paths, floor = Step(snakemake), snakemake.input, snakemake.params.min_publishers
    guidelines, links = list_in_force(GUIDELINES, paths.guidelines), EVIDENCE.list_cells(paths.evidence)
    claims, pairs = CLAIM_SUPPORT.list_cells(paths.claims), CLAIM_EVIDENCE.list_cells(paths.pairs)
    evidence = keep_supported(links, pairs) if claims else links
    sources = SOURCES.list_cells(paths.sources)
    items = list_items(CHECKLIST.list_cells(paths.checklist))
    models = list_models(latest_rows(PEOPLE.list_cells(paths.people), "decider").values())
    scores = score_sources(leave_outranked_scores(QUALITY.list_cells(paths.quality), models), sources, items)
    by_publisher = leave_out_publishers(evidence, floor)
    GUIDELINE_GROUPS.write_rows(group_support(evidence, sources), step.output.groups)
    QUALITY_SCORES.write_rows(scores, step.output.scores)
    by_quality = vary_cut_off(guidelines, evidence, scores, floor, list_cut_offs(items))
    QUALITY_SENSITIVITY.write_rows(by_quality, step.output.by_quality)
    PUBLISHER_SENSITIVITY.write_rows(by_publisher, step.output.by_publisher)
    supporters = list_supporters(guidelines, evidence, claims, pairs)
    by_group = count_groups(supporters, group_publishers(sources), floor)
    GROUP_SENSITIVITY.write_rows(by_group, step.output.by_group)
    of_guidelines = measure_quality(guidelines, evidence, scores, list_cut_offs(items))
    GUIDELINE_QUALITY.write_rows(of_guidelines, step.output.quality)
    falling = ", ".join(filter(None, [describe_falling(by_publisher, floor), describe_groups(by_group)]))
    step.close(f"{len(evidence)} links", f"{len(guidelines)} guidelines weighed", falling)
