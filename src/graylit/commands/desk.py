"""`graylit desk`: the page in which a coder reads sources and codes them."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.folders import with_study
from graylit.runs.options import ARCHIVE
from graylit.runs.workflow import Machine, collect_archives, run_workflow


@click.command("desk")
@click.option("--as", "coder", required=True, metavar="CODER", help="Whose table the codings go to, such as B.")
@click.option("--round", "round_", default="", help="The round of coding; else the coder's last one.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; else a free one.")
@ARCHIVE
@with_study
def command(folder: Path, coder: str, round_: str, port: int, archives: list[str]) -> None:
    """Open a page to read sources and code them.

    Every decision is saved at once. The page is served on this machine only, until Ctrl+C.
    """
    from graylit.desk.desk import Desk
    from graylit.desk.page import serve_desk
    from graylit.study.checking import require_study
    from graylit.study.locks import hold_table
    from graylit.study.writing import check_round, read_clock, read_coder

    check_round(round_)  # before texts are made, which may take long
    read_coder(coder, require_study(folder).codings)
    collect_archives(folder, archives, Machine())
    if (folder / "data/raw/captures.csv").exists():
        run_workflow(folder, ["data/processed/segments.csv"], Machine())
    desk = Desk(folder, coder, round_, read_clock)
    with hold_table(folder, desk.coder):
        try:
            serve_desk(desk, port)
        except KeyboardInterrupt:
            print("\nEnded.")
