"""`graylit status`: who is left, and with what."""

from __future__ import annotations

import json
from pathlib import Path

import click

from graylit.runs.folders import with_study


@click.command("status")
@click.option("--json", "is_json", is_flag=True, help="As JSON, for other programs.")
@click.option("--open", "is_open", is_flag=True, help="Only what is open.")
@with_study
def command(folder: Path, is_json: bool, is_open: bool) -> None:
    """Say what is open, by stage and person.

    Nothing of what anybody decided is told: counts of what several people's decisions add up to are left out as long as
    somebody decides blind.
    """
    from graylit.desk.remaining import describe_remaining, list_remaining, list_rows, list_stages
    from graylit.study.checking import require_screened
    from graylit.study.writing import read_clock

    study = require_screened(folder)
    tasks = [*list_remaining(folder, study, read_clock), *list_stages(folder, study)]
    if is_open:
        tasks = [one for one in tasks if one.n_left or one.n_left is None or one.waits_for]
    if is_json:
        print(json.dumps({"title": study.config["title"], "open": list_rows(tasks)}, ensure_ascii=False, indent=1))
    else:
        print("\n".join([study.config["title"], *describe_remaining(tasks)]))
