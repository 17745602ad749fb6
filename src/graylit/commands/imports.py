"""`graylit import`: what others hold, taken over: plain tables, a project coded elsewhere, the answer of a sorter."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from graylit.runs.folders import with_study
from graylit.runs.groups import SuggestingGroup
from graylit.tables.faults import Fault, InputError, name_command

FOLDER = click.Path(path_type=Path)


@click.group("import", cls=SuggestingGroup)
def command() -> None:
    """Take over plain tables, a project coded elsewhere, or a sorter's answer."""


@command.command("tables")
@click.argument("mapping", type=FOLDER)
@click.option("--from", "theirs", required=True, type=FOLDER, help="The folder of their tables.")
@click.option("--to", "target", required=True, type=FOLDER, help="The new study's folder.")
def import_tables(mapping: Path, theirs: Path, target: Path) -> None:
    """Make a study of somebody's plain tables.

    MAPPING is a YAML file that says which of their columns mean what.
    """
    from graylit.exchange.accounting import describe_sums
    from graylit.exchange.imported_texts import ARCHIVE, pack_texts
    from graylit.exchange.mapping_reading import read_mapping
    from graylit.exchange.plain_tables import import_study
    from graylit.exchange.writing_study import FOLDER as ACCOUNT
    from graylit.exchange.writing_study import check_contents, list_contents, write_contents
    from graylit.study.writing import read_clock

    if (target / "config").exists():
        remedy = "name another folder with --to; nothing was written"
        raise InputError([Fault(f"{target}/config", "is there already", "a folder without a study", remedy)])
    read = read_mapping(mapping)
    study = import_study(read, theirs, today=read_clock()[:10])
    contents = list_contents(study, read)
    check_contents(contents, study)
    files = write_contents(contents, target)
    if study.texts:
        (target / ARCHIVE).write_bytes(pack_texts(study.texts))
    print("\n".join(describe_sums(study.sums, study.outcomes, study.making.notes)))
    print()
    print(f"{len(files)} files written to {target}. {ACCOUNT}/rows.csv says what became of each of their rows,")
    print(f"{ACCOUNT}/ids.csv what their ids are now. Look at the study with: {name_command('check', target)}")
    if study.texts:
        take = f"collect --archive {shlex.quote(str((target / ARCHIVE).resolve()))} --no-live"
        print(f"{len(study.texts)} texts are in {target / ARCHIVE}; take them with: {name_command(take, target)}")
    if study.config["has_texts"]:
        review, anchor = name_command("review", target), name_command("anchor", target)
        print(f"Then `{review}`; if codings quote words, `{anchor}` places them.")


@command.command("qda")
@click.argument("project", type=FOLDER)
@click.option("--as", "coder", required=True, metavar="CODER", help="Whose table the rows go to, such as B.")
@click.option("--user", default="", help="Whose codings of the project; else the coder's, or its only user's.")
@click.option("--round", "round_", default="", help="The round of coding of new rows; else 1.")
@click.option("--keep", is_flag=True, help="Withdraw nothing that the project lacks.")
@click.option("--all", "is_all", is_flag=True, help="List each coding that is left out, and every change.")
@click.option("--yes", is_flag=True, help="Add the rows; without it they are only shown.")
@with_study
def import_qda(
    folder: Path, project: Path, coder: str, user: str, round_: str, keep: bool, is_all: bool, yes: bool
) -> None:
    """Show what a project coded elsewhere would change; --yes adds it.

    Rows are only added: a coding that moved, or got another code or memo, is a new row that replaces the old one; one
    that was removed is a row that withdraws it.
    """
    from graylit.exchange.describing import describe_plan
    from graylit.exchange.import_plan import Asked, plan_import, write_plan
    from graylit.study.locks import hold_study, hold_table
    from graylit.study.writing import read_clock, read_coder

    coder = read_coder(coder, [])
    asked = Asked(project, coder, user, round_, keep)
    if yes:
        with hold_study(folder), hold_table(folder, coder):
            plan = plan_import(folder, asked, read_clock())
            write_plan(folder, plan)
    else:
        plan = plan_import(folder, asked, read_clock())
    print("\n".join(describe_plan(plan, has_every_coding=is_all)))
    if not plan.files:
        print("Nothing to add.")
    elif yes:
        print(f"Rows added to {', '.join(sorted(plan.files))}; `{name_command('review')}` takes them up.")
    else:
        print("Nothing was written. To add these rows: the same command with --yes.")


@command.command("sort")
@click.argument("answer", type=FOLDER)
@click.option(
    "--as", "sorter", default="", metavar="NAME", help="The sorter's name in the tables; else that of the file."
)
@with_study
def import_sort(folder: Path, answer: Path, sorter: str) -> None:
    """Take over the answer file of a sorter without Graylit.

    It is taken whole, or refused: every card must be sorted, and be one of this study as it is worded now.
    """
    from graylit.exchange.sort_answers import import_answer
    from graylit.study.writing import read_clock

    print("\n".join(import_answer(folder, answer, sorter, read_clock())))
