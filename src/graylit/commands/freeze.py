"""`graylit freeze`: the corpus from which anybody can replay the study."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.commands.review import show_verdict
from graylit.runs.folders import with_study
from graylit.runs.made import require_unaltered
from graylit.runs.options import CORES, LOUD
from graylit.runs.workflow import Machine, run_workflow


@click.command("freeze")
@CORES
@LOUD
@with_study
def command(folder: Path, cores: str, loud: bool) -> None:
    """Freeze the study, so that anybody can replay it.

    The review is run with topics fitted anew, then data/frozen is written: term counts, fingerprints and result
    tables, no text. What was frozen before stays until the new corpus is complete.
    """
    from graylit.exports.frozen_corpus import freeze_corpus, require_texts

    require_texts(folder)  # before a review that may take long
    machine = Machine(cores=cores, is_loud=loud)
    run_workflow(folder, ["review"], machine, refit=True)
    require_unaltered(folder)
    print(f"  freeze_corpus          {freeze_corpus(folder)}")
    run_workflow(folder, ["review"], machine, refit=False)
    show_verdict(folder)
