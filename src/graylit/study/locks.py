"""Locks of a study: one run in a folder, one program on a person's decisions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from graylit.runs.locking import hold_lock
from graylit.tables.faults import Fault, InputError


@contextlib.contextmanager
def hold_study(folder: Path) -> Iterator[None]:
    """Keep runs of the review and other imports out of a study's folder. Raises InputError if one is at work."""
    fault = Fault(str(folder), "is in use by another run", "one run at a time in a folder", "wait until it has ended")
    with _hold(folder, ".graylit.lock", fault):
        yield


@contextlib.contextmanager
def hold_table(folder: Path, coder: str) -> Iterator[None]:
    """Keep other programs from writing what a person decides. Raises InputError if one is at work on it."""
    problem, remedy = (
        "are being written by another program",
        "close the desk (Ctrl+C in its terminal) or end the import that is at work on them",
    )
    fault = Fault(f"decisions of {coder}", problem, "one program at a time on a person's decisions", remedy)
    with _hold(folder, f".graylit.coder.{coder}.lock", fault):
        yield


@contextlib.contextmanager
def hold_models(folder: Path) -> Iterator[None]:
    """Keep other programs from asking models for a study: their log has one writer. Raises InputError if one does."""
    problem, expected = "is being written by another program", "one run of `graylit ask` at a time in a study"
    fault = Fault("config/models/log.jsonl", problem, expected, "wait until it has ended")
    with _hold(folder, ".graylit.models.lock", fault):
        yield


@contextlib.contextmanager
def hold_update(folder: Path) -> Iterator[None]:
    """Keep other updates out of a study's folder until this one ends. Raises InputError if one is at work."""
    problem, expected = "is being updated by another program", "one `graylit update` at a time in a study"
    fault = Fault(str(folder), problem, expected, "wait until it has ended")
    with _hold(folder, ".graylit.update.lock", fault):
        yield


@contextlib.contextmanager
def hold_offers(folder: Path) -> Iterator[None]:
    """Keep other programs from offering a study's addresses to an archive. Raises InputError if one is at work."""
    problem, expected = "is being written by another program", "one program at a time that asks a web archive"
    fault = Fault("data/mementos.csv", problem, expected, "wait until it has ended")
    with _hold(folder, ".graylit.offers.lock", fault):
        yield


@contextlib.contextmanager
def _hold(folder: Path, name: str, fault: Fault) -> Iterator[None]:
    """Hold a lock of a study until the block ends or the process dies. Raises InputError if another one holds it."""
    if not (folder / "config").is_dir():
        remedy = "name another folder"
        raise InputError([Fault(str(folder), "holds no study", "a folder with config/config.yaml", remedy)])
    with hold_lock(folder / name, fault):
        yield
