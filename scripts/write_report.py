"""Write the report: one page, readable without network, that shows what ran and what came out."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from glr.pages import make_environment, render_alone
from glr.report_parts import (
    ANALYSES,
    describe_agreement,
    describe_categories,
    describe_crosswalk,
    describe_impacts,
    describe_practices,
    describe_saturation,
    describe_screening,
    describe_sensitivity,
    list_records,
)
from glr.state import Cells, follow_ids, read_in_force
from glr.steps import StepLog
from glr.study import sources_contract
from glr.tables import (
    CATEGORIES,
    CODE_COUNTS,
    CODEBOOK,
    EVIDENCE,
    GUIDELINE_SUPPORT,
    GUIDELINES,
    IMPACTS,
    LOCATED_CODINGS,
    PRACTICES,
    SEGMENTS,
    SOURCE_COUNTS,
    SUGGESTION_QUALITY,
    SUGGESTIONS,
    TEXTS,
    THEMES,
    TOPIC_MEASURES,
    TOPICS,
)

LIBRARIES = ("snakemake", "trafilatura", "bertopic", "scikit-learn", "pandas", "requests", "beautifulsoup4", "pypdf")


def describe_flow(sources: pd.DataFrame, texts: pd.DataFrame | None, codings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the stages sources pass through: label, number of sources, and what became of the others."""
    coded = set(codings["source_id"])
    flow = [{"label": "sources in the study", "n": len(sources), "others": {}}]
    if texts is not None:
        held = texts[texts["outcome"] != "not_captured"]
        lost = texts[texts["outcome"] == "not_captured"]["capture_outcome"].replace("", "not tried")
        extracted = held[held["outcome"] == "extracted"]
        failed = held[held["outcome"] != "extracted"]["outcome"]
        flow.append({"label": "captured", "n": len(held), "others": _count(lost)})
        flow.append({"label": "with text", "n": len(extracted), "others": _count(failed)})
    flow.append({"label": "coded", "n": len(coded), "others": {"without coding": len(sources) - len(coded)}})
    return flow


def _count(words: pd.Series) -> dict[str, int]:
    return {str(word).replace("_", " "): int(n) for word, n in words.value_counts().sort_index().items()}


def sum_counts(counts: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Return the number of sources for each value of a column of the source counts, largest first."""
    sums = counts.groupby(column)["n_sources"].sum()
    return sorted(((str(value), int(n)) for value, n in sums.items()), key=lambda pair: (-pair[1], pair[0]))


def fold_tail(counts: list[tuple[str, int]], n_most: int = 14) -> list[tuple[str, int]]:
    """Return the first counts, the others put together as one."""
    shown, rest = counts[:n_most], counts[n_most:]
    return shown + ([(f"{len(rest)} others", sum(n for _, n in rest))] if rest else [])


def describe_guidelines(
    guidelines: pd.DataFrame, support: pd.DataFrame, evidence: pd.DataFrame, themes: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the guidelines in order of rank, each with its support and the places it comes from."""
    table = guidelines.merge(support.drop(columns="name"), on="guideline_id", validate="one_to_one")
    table = table.merge(
        themes[["theme_id", "name"]].rename(columns={"name": "theme"}), on="theme_id", validate="many_to_one"
    )
    by_guideline = {key: rows.to_dict("records") for key, rows in evidence.groupby("guideline_id")}
    ordered = table.sort_values(["rank", "guideline_id"]).to_dict("records")
    return [{**row, "evidence": by_guideline.get(row["guideline_id"], [])} for row in ordered]


def describe_themes(themes: pd.DataFrame, counts: pd.DataFrame, codebook: Mapping[str, Cells]) -> list[dict[str, Any]]:
    """Return the themes, each with its codes and their counts; codes of no theme come last."""
    by_code = counts.set_index("code_id", drop=False).to_dict("index")
    described, placed = [], set()
    for theme in themes.to_dict("records"):
        codes = [by_code[code_id] for code_id in follow_ids(theme["code_ids"], codebook) if code_id in by_code]
        placed |= {code["code_id"] for code in codes}
        described.append({**theme, "codes": sorted(codes, key=lambda code: (-code["n_sources"], code["code_id"]))})
    free = [code for code_id, code in by_code.items() if code_id not in placed]
    if free:
        described.append({"theme_id": "", "name": "In no theme", "description": "", "codes": free})
    return described


def describe_suggestions(
    quality: pd.DataFrame, suggestions: pd.DataFrame, codebook: Mapping[str, Cells]
) -> list[dict[str, Any]]:
    """Return each code with how exact the model's suggestions of it proved, and how many are listed."""
    n_listed = suggestions["code_id"].value_counts()
    rows = quality.astype(object).where(quality.notna(), None).to_dict("records")
    return [
        {**row, "name": codebook[row["code_id"]]["name"], "n_listed": int(n_listed.get(row["code_id"], 0))}
        for row in rows
    ]


def describe_versions() -> list[tuple[str, str]]:
    """Return the versions of what did the work."""
    return [("Python", platform.python_version()), *((name, version(name)) for name in LIBRARIES)]


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "write_report")
    given, config = snakemake.input, snakemake.params.config
    sources = sources_contract(config).read(given.sources)
    located = LOCATED_CODINGS.read(given.codings)
    codings = located[located["standing"] != "superseded"]
    texts = TEXTS.read(given.texts) if given.get("texts") else None
    guidelines, themes = read_in_force(GUIDELINES, given.guidelines), read_in_force(THEMES, given.themes)
    codebook = read_in_force(CODEBOOK, given.codebook).set_index("code_id", drop=False).to_dict("index")
    source_counts = SOURCE_COUNTS.read(given.source_counts)
    quality = SUGGESTION_QUALITY.read(given.suggestion_quality) if given.get("suggestion_quality") else None
    suggestions = SUGGESTIONS.read(given.suggestions) if given.get("suggestions") else None
    made = {
        name: table.read(given[name]) if given.get(name) else table.to_frame([]) for name, table in ANALYSES.items()
    }
    decided = {
        name: read_in_force(table, given[name]) if given.get(name) else table.to_frame([])
        for name, table in (("practices", PRACTICES), ("categories", CATEGORIES), ("impacts", IMPACTS))
    }
    boxes = pd.read_csv(given.prisma, dtype="str", keep_default_na=False)
    topics = TOPICS.read(given.topics).to_dict("records") if given.get("topics") else []
    words = {int(topic["topic_id"]): topic["words"] for topic in topics}
    counts, evidence = CODE_COUNTS.read(given.counts), EVIDENCE.read(given.evidence)
    page = {
        "config": config,
        "flow": describe_flow(sources, texts, codings),
        "source_types": sum_counts(source_counts[source_counts["variable"] == "year"], "source_type"),
        "variables": {
            name: sorted(counts) if name == "year" else fold_tail(counts)
            for name in ["year", "publisher", *config["variables"]]
            for counts in [sum_counts(source_counts[source_counts["variable"] == name], "value")]
        },
        "sources": sources.to_dict("records"),
        "texts": {} if texts is None else texts.set_index("source_id").to_dict("index"),
        "segments": SEGMENTS.read(given.segments) if given.get("segments") else None,
        "topics": topics,
        "measures": TOPIC_MEASURES.read(given.measures).to_dict("records") if given.get("measures") else [],
        "codebook": codebook,
        "themes": describe_themes(themes, counts, codebook),
        "coders": codings.groupby("coder")["source_id"].agg(["size", "nunique"]).to_dict("index"),
        "codings": codings,
        "suggestions": [] if quality is None else describe_suggestions(quality, suggestions, codebook),
        "guidelines": describe_guidelines(guidelines, GUIDELINE_SUPPORT.read(given.support), evidence, themes),
        "agreement": describe_agreement(made["agreement"], codebook),
        "saturation": describe_saturation(made["saturation"], made["saturation_measures"]),
        "categories": describe_categories(
            decided["categories"], guidelines, made["card_clusters"], made["card_merges"]
        ),
        "card_measures": list_records(made["card_measures"]),
        "practices": describe_practices(decided["practices"]),
        "impacts": describe_impacts(decided["impacts"], guidelines),
        "crosswalk": describe_crosswalk(made["crosswalk"], made["crosswalk_gaps"], codebook, words),
        "crosswalk_measures": list_records(made["crosswalk_measures"]),
        "sensitivity": describe_sensitivity(
            made["by_quality"], made["by_publisher"], made["quality_scores"], guidelines
        ),
        "screening": describe_screening(dict(zip(boxes["data"], boxes["n"], strict=True))),
        "versions": describe_versions(),
    }
    environment = make_environment(Path(os.path.commonpath(given.templates)))
    report = render_alone(environment, "report.html", page, scripts=["pages.js"])
    Path(snakemake.output.report).write_text(report, encoding="utf-8")
    log.close(f"{len(sources)} sources, {len(guidelines)} guidelines", snakemake.output.report)
