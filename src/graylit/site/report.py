"""The report as the site has it: without what a run says of itself, which is not the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graylit.pages.number_forms import show_all
from graylit.report.frames import read_frames
from graylit.report.marks import strip_marks
from graylit.report.page import describe_report
from graylit.screening.prisma import parse_flow
from graylit.study.frozen import FOLDER, RELEASED
from graylit.study.makers import count_makers, describe_makers, list_deciders
from graylit.study.study import PROTOCOL, Study
from graylit.tables.comparison import RELEASED as RELEASED_ROWS
from graylit.tables.numbers import NUMBERS, NUMBERS_FILE
from graylit.tables.reading import read_finished
from graylit.topics.model import read_model

# Sections that pages of their own have on the site, at greater length.
LEFT_OUT = ("guidelines", "claims", "impact", "sources", "codes")


def describe_public_report(folder: Path, study: Study, files: Iterable[Path]) -> dict[str, Any]:
    """Return everything that the page of the report shows; `files` are those of the tables that it is made of."""
    frames = read_frames([str(path) for path in files], study.config)
    flow = parse_flow((folder / "data/processed/prisma.csv").read_text(encoding="utf-8"))
    model, protocol = folder / "data/processed/topic_model.npz", folder / PROTOCOL
    described = describe_report(
        frames,
        study.config,
        flow=flow,
        centres=read_model(model).centres if model.exists() else None,
        protocol=strip_marks(protocol.read_text(encoding="utf-8")) if protocol.exists() else "",
        numbers=show_all(read_finished(folder / NUMBERS_FILE, NUMBERS)),
    )
    makers = describe_makers(study)
    report: dict[str, Any] = {**described, "decided_by": count_makers(study), "versions": list_versions(folder)}
    report |= {"makers": makers, "deciders": list_deciders(study), "methods": [*described["methods"], *makers]}
    sections = [(key, name) for key, name in described["sections"] if key not in LEFT_OUT]
    return {**report, "left_out": LEFT_OUT, "sections": sections}


def list_versions(folder: Path) -> list[tuple[str, str]]:
    """Return the versions of what made the release, as it says itself; none if nothing was released."""
    rows = read_finished(folder / FOLDER / RELEASED, RELEASED_ROWS)
    return [(row["name"], row["value"]) for row in rows if row["kind"] == "software" and row["name"] != "scripts"]
