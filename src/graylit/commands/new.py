"""Start a study of your own: a new folder with a config to fill in and tables of headers only (`graylit new`)."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from graylit.tables.names import quote_name

NEXT_STEPS = (
    "Fill in the title and your contact in config/config.yaml, and your questions in config/protocol.md.",
    "List two or three sources in config/sources.csv, one row each (config/TABLES.md describes every column), or begin "
    "with a search: graylit find FILES makes candidates of its hits, `graylit desk --as {coder}` screens them, and "
    "graylit find --include makes sources of those that are in.",
    "graylit check: says what is missing or wrong",
    "graylit collect: captures the pages",
    "graylit review: makes the texts, the topics and the report, which `graylit open` shows",
    "graylit desk --as {coder}: opens a page to code, once there are codes in config/coding/codebook.csv",
)


def describe_start(folder: Path, coder: str, n_files: int) -> str:
    """Return what was written and what to do next, step by step."""
    steps = [step.format(coder=quote_name(coder)) for step in NEXT_STEPS]
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {quote_folder(folder)}")
    numbered = (f"  {number}. {step}" for number, step in enumerate(steps, start=1))
    heading, ending = f"{n_files} files written to {folder}. Next:", "config/README.md says how to do everything else."
    return "\n".join([heading, *numbered, ending])


def quote_folder(folder: Path) -> str:
    """Return a folder as it is typed after `cd`; one whose name begins with a hyphen is no option."""
    return shlex.quote(f"./{folder}" if str(folder).startswith("-") else str(folder))


@click.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--coder", default="A", help="Who codes: the name of the first table of codings.")
def command(folder: Path, coder: str) -> None:
    """Start a study of your own in a new folder.

    FOLDER must be new or empty; a folder just put under git will do. Nothing that exists is touched.
    """
    from graylit.study.starting import start_study

    print(describe_start(folder, coder, n_files=len(start_study(folder, coder))))
