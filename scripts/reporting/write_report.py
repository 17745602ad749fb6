"""Write the report: one page, readable without network, that shows what ran and what came out."""

import os
from pathlib import Path

from graylit.pages.number_forms import show_all
from graylit.pages.templates import make_environment, render_alone
from graylit.report.frames import read_frames
from graylit.report.marks import strip_marks
from graylit.report.page import describe_report
from graylit.runs.steps import Step
from graylit.screening.prisma import parse_flow
from graylit.study.makers import count_makers, describe_makers, list_deciders
from graylit.study.study import read_tables
from graylit.tables.numbers import NUMBERS
from graylit.topics.model import read_model

if __name__ == "__main__":
    step = Step(snakemake)
    paths, config = snakemake.input, snakemake.params.config
    frames, flow = read_frames(paths, config), parse_flow(Path(paths.prisma).read_text(encoding="utf-8"))
    centres = read_model(paths.model).centres if paths.get("model") else None
    protocol = strip_marks(Path(paths.protocol).read_text(encoding="utf-8")) if paths.get("protocol") else ""
    numbers = show_all(NUMBERS.list_cells(paths.numbers))
    report = describe_report(frames, config, flow=flow, centres=centres, protocol=protocol, numbers=numbers)
    study, _ = read_tables(Path())
    report["makers"], report["deciders"] = describe_makers(study), list_deciders(study)
    report["methods"] += report["makers"]
    report["decided_by"] = count_makers(study)
    environment = make_environment(Path(os.path.commonpath(paths.templates)))
    page = render_alone(environment, "report.html", report, scripts=["pages.js"])
    Path(step.output.report).write_text(page, encoding="utf-8")
    step.close(f"{len(frames['sources'])} sources, {len(frames['guidelines'])} guidelines", snakemake.output.report)
