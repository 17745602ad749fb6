"""`graylit collect`: captures of the sources' pages."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.folders import with_study
from graylit.runs.options import ARCHIVE, CORES, LOUD
from graylit.runs.workflow import Machine, run_workflow


@click.command("collect")
@ARCHIVE
@click.option("--live/--no-live", default=True, help="Ask the live web and web archives, or only archives at hand.")
@click.option("--all", "frozen_too", is_flag=True, help="Capture sources that the frozen corpus serves, too.")
@click.option("--refresh", default="", metavar="IDS", help="Capture these again, such as 'S001 S002', or all.")
@click.option("--candidates", default="", metavar="IDS", help="Capture these candidates instead, or all.")
@click.option("--browser", is_flag=True, help="Render pages that show nothing without scripts, in a real browser.")
@CORES
@LOUD
@with_study
def command(
    folder: Path,
    archives: list[str],
    live: bool,
    frozen_too: bool,
    refresh: str,
    candidates: str,
    browser: bool,
    cores: str,
    loud: bool,
) -> None:
    """Capture the pages of sources, from archives and the web.

    Only sources without a text are captured, unless they are named. What was captured before is never lost. With
    --candidates, pages are captured for screening; one that becomes a source keeps its capture.
    """
    run_workflow(
        folder,
        ["collect"],
        Machine(cores=cores, is_loud=loud),
        "--forcerun",
        "collect_captures",
        collect=True,
        frozen_too=frozen_too,
        live=live,
        browser=browser,
        archives=archives,
        refresh=refresh,
        candidates=candidates,
    )
