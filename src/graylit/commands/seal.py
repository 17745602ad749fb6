"""`graylit seal`: a copy of config/ that quotes nobody."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.folders import with_study


@click.command("seal")
@click.option("--to", "target", type=click.Path(path_type=Path), help="The folder of the copy; else results/sealed.")
@with_study
def command(folder: Path, target: Path | None) -> None:
    """Copy the tables without quoted words, for publication.

    The codings keep their places, digests and fingerprints. The study itself stays as it is.
    """
    from graylit.study.anchoring import seal_codings
    from graylit.study.checking import require_study
    from graylit.study.pasted import describe_pasted, find_pasted

    print(seal_codings(folder, target or folder / "results/sealed"))
    if told := describe_pasted(find_pasted(folder, require_study(folder))):
        print(told)
