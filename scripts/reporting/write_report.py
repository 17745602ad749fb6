"""Write the report: one page, readable without network, that shows what ran and what came out."""

import os
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from graylit.pages.prisma_drawing import draw_flow
from graylit.pages.templates import make_environment, render_alone
from graylit.report.lists import (
    describe_flow,
    describe_guidelines,
    describe_suggestions,
    describe_themes,
    fold_tail,
    group_guidelines,
    sum_counts,
)
from graylit.report.methods import tell_methods
from graylit.report.parts import (
    ANALYSES,
    compare_rounds,
    describe_agreement,
    describe_categories,
    describe_crosswalk,
    describe_impacts,
    describe_practices,
    describe_saturation,
    describe_sensitivity,
    list_records,
)
from graylit.report.threats import collect_assumptions, list_threats, read_section
from graylit.report.topics import draw_topics, lay_out_crosswalk
from graylit.runs.steps import StepLog
from graylit.study.config import sources_contract
from graylit.study.state import read_in_force
from graylit.tables.coding import ADJUDICATIONS, CODE_COUNTS, CODEBOOK, LOCATED_CODINGS
from graylit.tables.comparison import CHANGED_STATES, SOURCE_CHANGES, VERDICT
from graylit.tables.contracts import Contract
from graylit.tables.preparation import SEGMENTS, TEXTS
from graylit.tables.screening import SCREENING_AGREEMENT
from graylit.tables.sources import SOURCE_COUNTS
from graylit.tables.synthesis import (
    CATEGORIES,
    GUIDELINE_GROUPS,
    GUIDELINE_SUPPORT,
    GUIDELINES,
    IMPACTS,
    PRACTICES,
    THEMES,
)
from graylit.tables.topics import SUGGESTION_QUALITY, SUGGESTIONS, TOPIC_MEASURES, TOPICS

DECIDED = {
    "codebook": CODEBOOK,
    "themes": THEMES,
    "guidelines": GUIDELINES,
    "practices": PRACTICES,
    "categories": CATEGORIES,
    "impacts": IMPACTS,
    "adjudications": ADJUDICATIONS,
}
LIBRARIES = ("snakemake", "trafilatura", "bertopic", "scikit-learn", "pandas", "requests", "beautifulsoup4", "pypdf")


def describe_versions() -> list[tuple[str, str]]:
    """Return the versions of what did the work."""
    return [("Python", platform.python_version()), *((name, version(name)) for name in LIBRARIES)]


def list_sections(page: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the entries of the menu: those parts of the report that have something to say."""
    entries = [
        ("glance", "At a glance", True),
        ("guidelines", "Guidelines", True),
        ("categories", "Card sort", page["practices"] or page["drawing"]),
        ("impact", "Impact", page["impacts"]),
        ("codes", "Codes", True),
        ("topics", "Topics", page["topics"]),
        ("crosswalk", "Topics and codes", page["crosswalk"]),
        ("agreement", "Agreement", page["agreement"]),
        ("saturation", "Saturation", page["saturation"]),
        ("sensitivity", "Sensitivity", page["sensitivity"]),
        ("threats", "Threats", True),
        ("sources", "Sources", True),
        ("methods", "Methods", True),
        ("verdict", "Verdict", page["verdict"]),
    ]
    return [(key, name) for key, name, is_there in entries if is_there]


def read_optional(table: Contract, path: str | None) -> pd.DataFrame:
    """Return a table, without rows where the study has none."""
    return table.read(path) if path else table.to_frame([])


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "write_report")
    given, config = snakemake.input, snakemake.params.config
    sources = sources_contract(config).read(given.sources)
    located = LOCATED_CODINGS.read(given.codings)
    codings = located[located["standing"] != "superseded"]
    made = {name: read_optional(table, given.get(name)) for name, table in ANALYSES.items()}
    texts = TEXTS.read(given.texts) if given.get("texts") else None
    segments = SEGMENTS.read(given.segments, columns=["segment_id"]) if given.get("segments") else None
    decided = {
        name: read_in_force(table, given[name]) if given.get(name) else table.to_frame([])
        for name, table in DECIDED.items()
    }
    guidelines, themes = decided["guidelines"], decided["themes"]
    codebook = decided["codebook"].set_index("code_id", drop=False).to_dict("index")
    source_counts = SOURCE_COUNTS.read(given.source_counts)
    quality = SUGGESTION_QUALITY.read(given.suggestion_quality) if given.get("suggestion_quality") else None
    boxes = pd.read_csv(given.prisma, dtype="str", keep_default_na=False)
    flow = dict(zip(boxes["data"], boxes["n"], strict=True))
    topics = read_optional(TOPICS, given.get("topics"))
    words = {int(topic["topic_id"]): topic["words"] for topic in topics.to_dict("records")}
    described_themes = describe_themes(themes, CODE_COUNTS.read(given.counts), codebook)
    categories = describe_categories(decided["categories"], guidelines, made["card_clusters"], made["card_merges"])
    support = GUIDELINE_SUPPORT.read(given.support)
    agreement = describe_agreement(made["agreement"], codebook)
    by_id = describe_guidelines(guidelines, support, GUIDELINE_GROUPS.read(given.groups), themes)
    measures = read_optional(TOPIC_MEASURES, given.get("measures"))
    told = {"sources": sources, "segments": SEGMENTS.to_frame([]) if segments is None else segments}
    told |= {"texts": TEXTS.to_frame([]) if texts is None else texts, "codings": located, "topic_measures": measures}
    told |= {"screening_agreement": SCREENING_AGREEMENT.read(given.screening_agreement)}
    protocol = Path(given.protocol).read_text(encoding="utf-8") if given.get("protocol") else ""
    changes = read_optional(SOURCE_CHANGES, given.get("changes"))
    scripts = {Path(path).name: Path(path).read_text(encoding="utf-8") for path in given.scripts}
    page = {
        "config": config,
        "flow": describe_flow(sources, texts, codings),
        "screening": draw_flow(flow),
        "source_types": sum_counts(source_counts[source_counts["variable"] == "year"], "source_type"),
        "variables": {
            name: sorted(counts) if name == "year" else fold_tail(counts)
            for name in ["year", "publisher", *config["variables"]]
            for counts in [sum_counts(source_counts[source_counts["variable"] == name], "value")]
        },
        "sources": sources.sort_values("source_id").to_dict("records"),
        "texts": {} if texts is None else texts.set_index("source_id").to_dict("index"),
        "changes": changes.set_index("source_id").to_dict("index"),
        "changed": CHANGED_STATES,
        "n_codings": codings["source_id"].value_counts().to_dict(),
        "n_evidence": int((located["is_evidence"] == "yes").sum()),
        "n_segments": None if segments is None else len(segments),
        "topics": topics.to_dict("records"),
        "topic_map": draw_topics(topics, np.load(given.model)["centres"]) if given.get("model") else None,
        "measures": measures.to_dict("records"),
        "codebook": codebook,
        "themes": described_themes,
        "coders": codings.groupby("coder")["source_id"].agg(["size", "nunique"]).to_dict("index"),
        "suggestions": []
        if quality is None
        else describe_suggestions(quality, read_optional(SUGGESTIONS, given.get("suggestions")), codebook),
        "guidelines": by_id,
        "groups": group_guidelines(by_id, categories),
        "agreement": agreement,
        "by_code": compare_rounds(agreement),
        "saturation": describe_saturation(made["saturation"], made["saturation_measures"]),
        "drawing": categories["drawing"] if categories else None,
        "card_measures": list_records(made["card_measures"]),
        "practices": describe_practices(decided["practices"]),
        "impacts": describe_impacts(decided["impacts"], guidelines),
        "crosswalk": describe_crosswalk(made["crosswalk"], made["crosswalk_gaps"], codebook, words),
        "crosswalk_measures": list_records(made["crosswalk_measures"]),
        "meeting": lay_out_crosswalk(
            made["crosswalk"],
            [code["code_id"] for theme in described_themes for code in theme["codes"]],
            codebook,
            words,
        ),
        "sensitivity": describe_sensitivity(
            made["by_quality"], made["by_publisher"], made["quality_scores"], guidelines
        ),
        "threats": {
            "stated": read_section(protocol, "Threats to validity"),
            "measured": list_threats(
                texts=texts,
                changes=changes,
                sources=sources,
                codings=located,
                agreement=made["agreement"],
                support=support,
                by_publisher=made["by_publisher"],
                min_publishers=config["synthesis"]["min_publishers"],
            ),
            "assumed": collect_assumptions(scripts),
        },
        "methods": tell_methods(made | decided | told, flow, config),
        "verdict": list_records(read_optional(VERDICT, given.get("verdict"))),
        "versions": describe_versions(),
    }
    page["sections"] = list_sections(page)
    environment = make_environment(Path(os.path.commonpath(given.templates)))
    report = render_alone(environment, "report.html", page, scripts=["pages.js"])
    Path(snakemake.output.report).write_text(report, encoding="utf-8")
    log.close(f"{len(sources)} sources, {len(guidelines)} guidelines", snakemake.output.report)
