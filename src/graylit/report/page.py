"""The page of the report, described from the tables of the study."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from graylit.report.agreeing import list_agreement
from graylit.report.appraising import describe_appraisal, name_points
from graylit.report.claims import describe_claims
from graylit.report.contents import (
    CodingPart,
    Report,
    RunPart,
    SourcesPart,
    SynthesisPart,
    TopicsPart,
    list_sections,
)
from graylit.report.counts import list_current, list_evidence
from graylit.report.findings import describe_findings, list_middle_quality
from graylit.report.frames import Frames, Part, key_rows, list_records
from graylit.report.lists import (
    add_quality,
    describe_flow,
    describe_guidelines,
    describe_relations,
    describe_suggestions,
    describe_themes,
    fold_tail,
    group_guidelines,
    sum_counts,
)
from graylit.report.methods import describe_methods, describe_prescreening, describe_screeners
from graylit.report.original import describe_original_part
from graylit.report.parts import (
    compare_rounds,
    describe_agreement,
    describe_categories,
    describe_crosswalk,
    describe_cut,
    describe_impacts,
    describe_practices,
    describe_saturation,
)
from graylit.report.pictures import draw_pictures
from graylit.report.rounds import describe_rounds
from graylit.report.search import describe_search_part, list_origins
from graylit.report.search_methods import LIMITS, NO_LOG
from graylit.report.sensitivity import describe_sensitivity
from graylit.report.threats import list_threats, read_section
from graylit.report.topics import draw_topics, lay_out_crosswalk
from graylit.report.writing_methods import describe_impact_agreement
from graylit.screening.flow import Flow
from graylit.screening.prisma_drawing import draw_flow
from graylit.tables.comparison import CHANGED_TEXTS
from graylit.tables.rows import list_rows
from graylit.tables.topics import explain_lack

if TYPE_CHECKING:
    import numpy as np

LIBRARIES = (
    "snakemake",
    "trafilatura",
    "bertopic",
    "scikit-learn",
    "pandas",
    "requests",
    "charset-normalizer",
    "pypdfium2",
)


def describe_report(
    frames: Frames,
    config: Mapping[str, Any],
    *,
    flow: Flow | None,
    centres: np.ndarray | None,
    protocol: str,
    numbers: Mapping[str, str] | None = None,
) -> Report:
    """Describe the report: everything that its page shows.

    `frames` holds the tables by name, `flow` is that of the screening, `centres` (n_topics, n_dimensions) those of the
    topic model, `protocol` the protocol's page, `numbers` the numbers of the review by name, as findings show them.
    """
    sources = _describe_sources(frames, config, flow)
    coding = _describe_coding(frames)
    topics = _describe_topics(frames, coding, centres)
    synthesis = _describe_synthesis(frames, config, protocol, numbers or {})
    threats = {
        "stated": read_section(protocol, "Threats to validity"),
        "measured": list_threats(
            frames, has_texts=config["has_texts"], min_publishers=config["synthesis"]["min_publishers"]
        ),
    }
    run: RunPart = {
        "threats": threats,
        "methods": describe_methods(frames, flow, config),
        "verdict": list_records(frames["verdict"]),
        "versions": describe_versions(),
    }
    sections = list_sections({**sources, **coding, **topics, **synthesis, **run})
    pictures = draw_pictures(frames, coding["codebook"], synthesis["guidelines"], sources["screening"])
    return {
        **sources,
        **coding,
        **topics,
        **synthesis,
        **run,
        "config": config,
        "sections": sections,
        "pictures": pictures,
    }


def _describe_sources(frames: Frames, config: Mapping[str, Any], flow: Flow | None) -> SourcesPart:
    sources, counts, codings = frames["sources"], frames["source_counts"], list_current(frames)
    variables = {
        name: sum_counts(counts[counts["variable"] == name], "value")
        for name in ["year", "publisher", *config["variables"]]
    }
    return {
        "flow": describe_flow(frames, has_texts=config["has_texts"]),
        "search": describe_search_part(frames, config),
        "search_lines": {"no_log": NO_LOG, "limits": LIMITS},
        "screening": draw_flow(flow, list_origins(frames)),
        "screened": describe_screeners(frames),
        "prescreened": describe_prescreening(config.get("provenance", {})),
        "source_types": sum_counts(counts[counts["variable"] == "year"], "source_type"),
        "variables": {name: sorted(found) if name == "year" else fold_tail(found) for name, found in variables.items()},
        "sources": list_rows(sources.sort_values("source_id")),
        "texts": key_rows(frames["texts"], "source_id"),
        "changes": key_rows(frames["source_changes"], "source_id"),
        "changed": CHANGED_TEXTS,
        "n_codings": {str(key): int(n) for key, n in codings["source_id"].value_counts().items()},
        "n_segments": len(frames["segments"]) if config["has_texts"] else None,
    }


def _describe_coding(frames: Frames) -> CodingPart:
    codebook = key_rows(frames["codebook"], "code_id")
    agreement = describe_agreement(frames["agreement"], codebook)
    by_coder = list_current(frames).groupby("coder")["source_id"].agg(["size", "nunique"])
    return {
        "n_evidence": len(list_evidence(frames)),
        "codebook": codebook,
        "themes": describe_themes(frames["themes"], frames["code_counts"], codebook),
        "coders": {row["coder"]: row for row in list_rows(by_coder.reset_index())},
        "suggestions": describe_suggestions(frames["suggestion_quality"], frames["suggestions"], codebook),
        "agreement": agreement,
        "by_code": compare_rounds(agreement),
        "saturation": _describe_saturation(frames),
    }


def _describe_saturation(frames: Frames) -> Part:
    found = describe_saturation(frames["saturation"], frames["saturation_measures"])
    return found | {"rounds": describe_rounds(frames)} if found else None


def _describe_topics(frames: Frames, coding: CodingPart, centres: np.ndarray | None) -> TopicsPart:
    topics, crosswalk, codebook = frames["topics"], frames["crosswalk"], coding["codebook"]
    words = {int(row["topic_id"]): row["words"] for row in list_rows(topics)}
    codes = [code["code_id"] for theme in coding["themes"] for code in theme["codes"]]
    return {
        "topics": list_rows(topics),
        "no_topics": explain_lack(list_rows(frames["topic_measures"])),
        "topic_map": None if centres is None else draw_topics(topics, centres),
        "measures": list_rows(frames["topic_measures"]),
        "crosswalk": describe_crosswalk(crosswalk, frames["crosswalk_gaps"], codebook, words),
        "crosswalk_measures": list_records(frames["crosswalk_measures"]),
        "meeting": lay_out_crosswalk(crosswalk, codes, codebook, words),
    }


def _describe_synthesis(
    frames: Frames, config: Mapping[str, Any], protocol: str, numbers: Mapping[str, str]
) -> SynthesisPart:
    guidelines = frames["guidelines"]
    by_id = describe_guidelines(guidelines, frames["guideline_support"], frames["guideline_groups"], frames["themes"])
    by_id = add_quality(by_id, list_middle_quality(frames))
    categories = describe_categories(frames["categories"], guidelines, frames["card_clusters"], frames["card_merges"])
    return {
        "guidelines": by_id,
        "groups": group_guidelines(by_id, categories),
        "drawing": bool(categories and categories["drawing"]),
        "card_measures": list_records(frames["card_measures"]),
        "card_cut": describe_cut(frames),
        "sorters": list_records(frames["sorter_agreement"]),
        "points": name_points(frames),
        "findings": describe_findings(frames, protocol, numbers),
        "agreed": list_agreement(frames),
        "claims": describe_claims(frames),
        "practices": describe_practices(frames["practices"]),
        "impacts": describe_impacts(frames["impacts"], guidelines, frames["attributes"]),
        "impact_agreement": describe_impact_agreement(frames),
        "relations": describe_relations(frames["relations"], by_id),
        "sensitivity": describe_sensitivity(frames),
        "original": describe_original_part(frames, config),
        "appraisal": describe_appraisal(frames),
    }


def describe_versions() -> list[tuple[str, str]]:
    """Return the versions of what did the work."""
    return [("Python", platform.python_version()), *((name, version(name)) for name in LIBRARIES)]
