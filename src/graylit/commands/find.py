"""`graylit find`: hits of searches, read from files, become candidates."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.folders import with_study

FILE = click.Path(path_type=Path)


@click.command("find")
@click.argument("files", nargs=-1, type=FILE)
@click.option("--engine", default="", help="Where was searched, such as google.")
@click.option("--query", default="", help="What was asked, letter by letter.")
@click.option("--at", "searched_at", default="", help="When it was asked: 2026-08-24, or a time in UTC.")
@click.option("--by", "searched_by", default="", help="Who searched.")
@click.option("--region", default="", help="The region the engine was asked for, such as us.")
@click.option("--language", default="", help="The language it was asked for, such as en.")
@click.option("--reported", "n_reported", default="", help="How many hits the engine said there were.")
@click.option("--read", "n_read", default="", help="How many hits were read.")
@click.option("--stopped", "stopped_because", default="", help="Why nobody read on.")
@click.option("--way", type=click.Choice(["website", "organisation", "citation"]), help="PRISMA's box for the hits.")
@click.option("--search", "search_id", default="", help="The search that is continued or completed, such as X01.")
@click.option("--keep-words", is_flag=True, help="Keep snippets, though git would take them.")
@click.option("--dry-run", is_flag=True, help="Show the account, and write nothing.")
@with_study
def command(
    folder: Path, files: tuple[Path, ...], search_id: str, keep_words: bool, dry_run: bool, **facts: str | None
) -> None:
    """Make candidates of the hits of searches, whatever the file.

    Answers of engines (JSON), saved pages of hits, references (RIS, BibTeX, CSL-JSON, Zotero), bookmarks, lists of
    addresses and tables with a column of them are told by their content. Options fill what a file does not say. Every
    row is accounted for; a second import of a file adds nothing. Without FILES, --search completes a search.
    """
    from graylit.search.importing import describe_account, describe_unknown, read_files
    from graylit.search.recording import complete_search, plan_searches, record_searches
    from graylit.study.locks import hold_study
    from graylit.study.writing import read_clock

    given = {name: cell.strip() for name, cell in facts.items() if cell and cell.strip()}
    now = read_clock()
    if not files:
        if not (search_id and given):
            raise click.UsageError(
                "name the files of your hits, or a search and what is to be filled (--search X01 --by …)"
            )
        with hold_study(folder):
            recorded = [complete_search(folder, search_id, given, now)]
        print(f"{search_id}: {', '.join(recorded[0].completed) or 'nothing'} added")
    else:
        read = read_files(files, given)
        found = [part for file in read for part in file.found]
        if dry_run:
            _, recorded = plan_searches(folder, found, now, search_id, keep_words)
        else:
            with hold_study(folder):
                recorded = record_searches(folder, found, now, search_id, keep_words)
        print("\n".join(describe_account(read, recorded)))
    print("".join(f"{line}\n" for line in describe_unknown(recorded)), end="")
    if dry_run:
        print("Nothing was written. To write it: the same command without --dry-run.")
