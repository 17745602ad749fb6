"""`graylit compare`: what people decided since another state of the study, and what came of it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from graylit.pages.wording import count_things
from graylit.runs.endings import MISUSED, EndingError
from graylit.runs.folders import with_study
from graylit.tables.faults import InputError


@contextlib.contextmanager
def open_base(folder: Path, base: str) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folder of the base and remarks on it; a revision is replayed in a folder of its own."""
    from graylit.comparison.states import find_revision, replay, take_revision

    if Path(base).is_dir():
        yield Path(base), []
        return
    commit = find_revision(folder, base)
    with tempfile.TemporaryDirectory(prefix="graylit-base-") as scratch:
        take_revision(folder, commit, Path(scratch))
        click.echo(f"Replaying {base} ({commit[:8]}) from its frozen corpus ...", err=True)
        reason = replay(Path(scratch))
        yield Path(scratch), [f"{base} was not replayed, since {reason}"] if reason else []


@click.command("compare")
@click.argument("base")
@with_study
def command(folder: Path, base: str) -> None:
    """Hold the study beside another state of it.

    BASE is the folder of a study, or a git revision of this one, such as HEAD~3. Of a revision, config/ and
    data/frozen/ are replayed by the present workflow, so that the same steps made both sides.
    """
    from graylit.comparison.states import compare_sides, count_changes, read_side, write_comparison
    from graylit.runs.made import require_unaltered, warn_outdated

    try:
        with open_base(folder, base) as (base_folder, remarks):
            require_unaltered(folder)
            warn_outdated(folder)
            after = read_side(str(folder), folder, is_checked=True)
            before = read_side(base, base_folder, is_checked=False)
    except InputError as error:
        raise EndingError(str(error), MISUSED) from error
    changes = compare_sides(before, after)
    remarks += [*before.remarks, *after.remarks]
    page = write_comparison(folder, base, changes, after.study.config["title"], remarks)
    print("".join(f"{remark}\n" for remark in remarks), end="")
    print("".join(f"{subject:<14} {change:<18} {n:>6}\n" for subject, change, n in count_changes(changes)), end="")
    counted = count_things(len(changes), "change")
    print(f"{counted} since {base}: {page}" if changes else f"Nothing changed since {base}.")
