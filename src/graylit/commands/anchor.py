"""`graylit anchor`: the places of new codings, filled in."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.endings import EndingError
from graylit.runs.folders import with_study


@click.command("anchor")
@with_study
def command(folder: Path) -> None:
    """Fill in where codings sit, from segments or quoted words.

    Only the columns of the place, its digests and its fingerprint are written, into the coders' tables, and quotes as
    the text has their words. A quote may differ from the text in typography, blanks, punctuation, hyphens and case,
    and leave words out (… or [...]). Rows that cannot be placed are listed with the reason, and the command ends in 1.
    """
    from graylit.runs.made import require_unaltered
    from graylit.study.anchoring import anchor_codings, describe_anchored, describe_left

    require_unaltered(folder)
    anchored = anchor_codings(folder)
    print(describe_anchored(anchored, folder))
    if anchored.left:
        raise EndingError(describe_left(anchored.left))
