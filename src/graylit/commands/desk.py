"""`graylit desk`: the page on which people decide."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.runs.folders import with_study
from graylit.runs.options import ARCHIVE
from graylit.runs.workflow import Machine, collect_archives, run_workflow

if TYPE_CHECKING:
    from graylit.study.study import Study

READING = ("coder", "adjudicator", "reader")  # roles of those who decide on words of texts


@click.command("desk")
@click.option("--as", "person", default="", metavar="NAME", help="Who decides: your name in the tables, such as B.")
@click.option("--read-only", "is_read_only", is_flag=True, help="Look, and decide nothing.")
@click.option("--round", "round_", default="", help="The round of screening or coding; else your last one.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; else a free one.")
@ARCHIVE
@with_study
def command(folder: Path, person: str, is_read_only: bool, round_: str, port: int, archives: list[str]) -> None:
    """Open the page on which you decide: screen, code, settle.

    It begins with what is left for you. Every decision is saved at once. The page is served on this machine only, until
    Ctrl+C.
    """
    from graylit.desk.application import serve_desk
    from graylit.desk.tasks import Visit
    from graylit.study.checking import require_screened
    from graylit.study.locks import hold_table
    from graylit.study.people import list_made, list_people, name_deciders
    from graylit.study.writing import check_round, read_clock, read_coder

    if not (person or is_read_only):
        raise click.UsageError("Missing option '--as': your name in the tables. To look only, write --read-only.")
    check_round(round_)  # before texts are made, which may take long
    study = require_screened(folder)
    people = list_people(study)
    known = [*study.codings, *people, *(made.decider for made in list_made(study))]
    person = read_coder(person, known) if person else ""
    reading = [name for role in READING for name in name_deciders(people, role)]
    if person not in people or person in [*study.codings, *reading]:
        _make_texts(folder, study, archives)
    visit = Visit(folder, person, read_clock, round_, is_read_only)
    with ExitStack() as held:
        if not is_read_only:
            held.enter_context(hold_table(folder, person))
        try:
            serve_desk(visit, port)
        except KeyboardInterrupt:
            print("\nEnded.")


def _make_texts(folder: Path, study: Study, archives: list[str]) -> None:
    """Have the texts of captured sources made, and of those in archives; without sources there are none."""
    if not study.sources.cells:
        return
    collect_archives(folder, archives, Machine())
    if (folder / "data/raw/captures.csv").exists():
        run_workflow(folder, ["data/processed/segments.csv"], Machine())
