"""`graylit anchor`: the places of new codings, filled in."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.folders import with_study


@click.command("anchor")
@with_study
def command(folder: Path) -> None:
    """Fill in where codings sit, from segments or quoted words.

    Only the columns of the place, its digests and its fingerprint are written, into the coders' tables.
    """
    from graylit.runs.made import require_unaltered
    from graylit.study.anchoring import anchor_codings

    require_unaltered(folder)
    print(anchor_codings(folder))
