"""The contents of the report, part by part: what its template shows, and the entries of its menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from graylit.pages.pictures import Picture
from graylit.report.frames import Part, Records
from graylit.report.lists import Counts
from graylit.screening.prisma_drawing import FlowDrawing
from graylit.tables.rows import Cells


class SourcesPart(TypedDict):
    """Candidates and sources, and what became of them."""

    flow: Records
    search: Part
    search_lines: dict[str, str]
    screening: FlowDrawing | None
    screened: list[str]
    prescreened: str
    source_types: Counts
    variables: dict[str, Counts]
    sources: Records
    texts: dict[str, dict[str, Any]]
    changes: dict[str, dict[str, Any]]
    changed: tuple[str, ...]
    n_codings: dict[str, int]
    n_segments: int | None


class CodingPart(TypedDict):
    """Codes, who coded, and how far coders agree."""

    n_evidence: int
    codebook: Mapping[str, Cells]
    themes: Records
    coders: dict[str, dict[str, int]]
    suggestions: Records
    agreement: Records
    by_code: Part
    saturation: Part


class TopicsPart(TypedDict):
    """Topics, and the codes that they meet."""

    topics: Records
    no_topics: str  # why there are none
    topic_map: Part
    measures: Records
    crosswalk: Part
    crosswalk_measures: Records
    meeting: Part


class SynthesisPart(TypedDict):
    """Guidelines with their support, and how they were made."""

    guidelines: dict[str, dict[str, Any]]
    groups: Records
    drawing: bool  # whether cards were sorted
    card_measures: Records
    card_cut: Part
    sorters: Records
    points: str
    findings: Part
    agreed: Records
    claims: Part
    practices: Part
    impacts: Part
    impact_agreement: Part
    relations: dict[str, list[tuple[str, str, str]]]
    sensitivity: Part
    original: Part
    appraisal: Part


class RunPart(TypedDict):
    """What the run says of itself."""

    threats: dict[str, Any]
    methods: list[str]
    verdict: Records
    versions: list[tuple[str, str]]


class Report(SourcesPart, CodingPart, TopicsPart, SynthesisPart, RunPart):
    """Everything that the template of the report shows."""

    config: Mapping[str, Any]
    decided_by: NotRequired[list[tuple[str, int]]]
    pictures: dict[str, Picture]
    makers: NotRequired[list[str]]
    deciders: NotRequired[list[dict[str, Any]]]
    sections: list[tuple[str, str]]


def list_sections(parts: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the entries of the menu: those parts of the report that have something to say."""
    entries = [
        ("glance", "At a glance", True),
        ("findings", "Findings", parts["findings"]),
        ("guidelines", "Guidelines", True),
        ("claims", "Claims", parts["claims"]),
        ("impact", "Impact", parts["impacts"]),
        ("categories", "Card sort", parts["practices"] or parts["drawing"]),
        ("original", "Beside the original", parts["original"]),
        ("agreement", "Agreement", parts["agreed"] or parts["appraisal"]),
        ("saturation", "Saturation", parts["saturation"]),
        ("sensitivity", "Sensitivity", parts["sensitivity"]),
        ("threats", "Threats", True),
        ("screening", "Screening", parts["screening"]),
        ("search", "Search", True),
        ("sources", "Sources", True),
        ("codes", "Codes", True),
        ("topics", "Topics", parts["topics"] or parts["no_topics"]),
        ("crosswalk", "Topics and codes", parts["crosswalk"]),
        ("methods", "Methods", True),
        ("verdict", "Verdict", parts["verdict"]),
    ]
    return [(key, name) for key, name, is_there in entries if is_there]
