"""`graylit freeze`: the corpus from which anybody can replay the study, and copies of its sources in a web archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.commands.review import show_verdict
from graylit.pages.wording import count_things
from graylit.runs.endings import EndingError
from graylit.runs.folders import with_study
from graylit.runs.made import require_unaltered
from graylit.runs.options import CORES, LOUD
from graylit.runs.workflow import Machine, run_workflow
from graylit.tables.faults import Fault, InputError, name_command

if TYPE_CHECKING:
    from graylit.collection.save_page_now import Keys

ARCHIVE = "https://web.archive.org"
KEY_NAMES = ("IA_ACCESS_KEY_ID", "IA_SECRET_ACCESS_KEY")  # as the Internet Archive's own programs call them


@click.command("freeze")
@click.option("--to-archive", is_flag=True, help="Then offer every source's address to the Internet Archive.")
@click.option("--within", type=click.IntRange(1, 3650), default=30, help="Skip what was archived in so many days: 30.")
@click.option("--archive-at", default=ARCHIVE, metavar="URL", hidden=True)
@CORES
@LOUD
@with_study
def command(folder: Path, to_archive: bool, within: int, archive_at: str, cores: str, loud: bool) -> None:
    """Freeze the study, so that anybody can replay it.

    The review is run with topics fitted anew, then data/frozen is written: term counts, fingerprints and result
    tables, no text. What was frozen before stays until the new corpus is complete.

    With --to-archive, the Internet Archive is asked to keep a public copy of each page (Save Page Now). The keys of
    your account are read from IA_ACCESS_KEY_ID and IA_SECRET_ACCESS_KEY. What came of it is data/mementos.csv, which
    the bibliography and the package read.
    """
    from graylit.exports.frozen_corpus import freeze_corpus, require_texts

    keys = read_keys(archive_at) if to_archive else None
    require_texts(folder)  # before a review that may take long
    machine = Machine(cores=cores, is_loud=loud)
    run_workflow(folder, ["review"], machine, refit=True)
    require_unaltered(folder)
    print(f"  freeze_corpus          {freeze_corpus(folder)}")
    run_workflow(folder, ["review"], machine, refit=False)
    show_verdict(folder)
    if keys:
        offer_sources(folder, archive_at, keys, within)


def read_keys(archive: str) -> Keys:
    """Return the keys of an account. Raises InputError if they are not in the environment, or the archive is none."""
    from graylit.collection.save_page_now import Keys
    from graylit.tables.addresses import is_of_web

    missing = [name for name in KEY_NAMES if not os.environ.get(name, "").strip()]
    expected = "the keys of an account, from https://archive.org/account/s3.php"
    remedy = "set both in the environment; they are neither stored nor shown"
    faults = [Fault(name, "is not set", expected, remedy) for name in missing]
    if not is_of_web(archive):
        faults.append(
            Fault("--archive-at", "is no address of the web", ARCHIVE, "write it with https://", value=archive)
        )
    if faults:
        raise InputError(faults)
    return Keys(*(os.environ[name].strip() for name in KEY_NAMES))


def offer_sources(folder: Path, archive: str, keys: Keys, within: int) -> None:
    """Offer the addresses of a study's sources to an archive, and say how they stand.

    Raises InputError if the archive does not take the keys, EndingError if another run has to go on.
    """
    import time

    from graylit.collection.gate import name_gate
    from graylit.collection.offered_pages import describe_state, list_known
    from graylit.collection.offering import Offering
    from graylit.collection.pacing import Pace
    from graylit.collection.save_page_now import KeysRefusedError, SavePageNow
    from graylit.collection.turns import end_in_time
    from graylit.collection.web import open_web
    from graylit.study.checking import require_study
    from graylit.study.locks import hold_offers
    from graylit.study.mementos import MEMENTOS_FILE
    from graylit.study.study import CAPTURES, read_captures
    from graylit.study.writing import read_clock
    from graylit.tables.growing import GrowingTable
    from graylit.tables.mementos import MEMENTOS

    study = require_study(folder)
    settings, sources = study.config["collection"], study.sources.cells
    with hold_offers(folder):
        web = open_web(settings, name_gate(settings["allowed_addresses"], archive))
        pace = Pace(web.turns)
        saver, table = SavePageNow(web, archive, keys, pace.take), GrowingTable(folder / MEMENTOS_FILE, MEMENTOS)
        known = list_known(read_captures(folder / CAPTURES))
        run = Offering(saver, table, pace, within, (read_clock, time.monotonic), known)
        try:
            with end_in_time(web.turns, settings["run_limit_s"]):
                run.run(sources)
        except KeysRefusedError as error:
            problem, remedy = "were not taken by the archive", "look at https://archive.org/account/s3.php"
            raise InputError([Fault(" and ".join(KEY_NAMES), problem, "the keys of an account", remedy)]) from error
    print(f"  offer_sources          {describe_state(run.state, sources)}: {MEMENTOS_FILE}")
    if run.why_stopped:
        again = f"run it again later, it goes on from here: {name_command('freeze --to-archive')}"
        left = count_things(run.n_left, "address")
        raise EndingError(f"Stopped with {left} left: {run.why_stopped}. To go on, {again}")
