"""`graylit find`: hits of searches, read from files or asked for now, become candidates."""

from __future__ import annotations

from pathlib import Path

import click

from graylit.runs.endings import DIFFERENT, EndingError
from graylit.runs.folders import with_study

FILE = click.Path(path_type=Path)
SERVICES = ("searxng", "hackernews", "feed", "sitemap")


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
@click.option("--searxng", default="", metavar="URL", help="Ask a SearXNG instance for --query.")
@click.option("--hackernews", default="", metavar="QUERY", help="Ask Hacker News for its stories.")
@click.option("--hackernews-at", default="", metavar="URL", hidden=True)
@click.option("--feed", default="", metavar="URL", help="Read a publisher's feed; --query keeps entries of its words.")
@click.option("--sitemap", default="", metavar="URL", help="Read a site's sitemaps; --query keeps pages of its words.")
@click.option("--pages", "n_pages", type=click.IntRange(1, 100), default=1, help="How many pages of hits to read: 1.")
@click.option("--permitted", is_flag=True, help="The operator of the SearXNG lets you ask it, whatever its robots.txt.")
@click.option("--links", "by_links", is_flag=True, help="Follow the links of captured sources, one round.")
@click.option("--include", "is_included", is_flag=True, help="Add candidates that screening included to sources.csv.")
@click.option("--replay", "replayed", default="", metavar="X01", help="Make a search again from its kept answers.")
@click.option("--search", "search_id", default="", help="The search that is continued or completed, such as X01.")
@click.option("--keep-words", is_flag=True, help="Keep snippets, though git would take them.")
@click.option("--dry-run", is_flag=True, help="Show the account, and write nothing.")
@with_study
def command(
    folder: Path,
    files: tuple[Path, ...],
    search_id: str,
    keep_words: bool,
    dry_run: bool,
    n_pages: int,
    permitted: bool,
    by_links: bool,
    is_included: bool,
    replayed: str,
    **said: str | None,
) -> None:
    """Make candidates of the hits of searches, whatever the file.

    Answers of engines (JSON), saved pages of hits, references (RIS, BibTeX, CSL-JSON, Zotero), bookmarks, lists of
    addresses and tables with a column of them are told by their content. Options fill what a file does not say. Every
    row is accounted for; a second import of a file adds nothing. Without FILES, --search completes a search.

    Or search now: with --searxng, --hackernews, --feed or --sitemap, or along the links of sources (--links). The
    answers are kept, and --replay makes the same hits of them again.

    In the end, --include makes sources of the candidates that screeners included; their captures serve them.
    """
    from graylit.search.asking import describe_replay, follow_links, name_question, search_today
    from graylit.search.importing import (
        describe_account,
        describe_unknown,
        describe_unused,
        read_files,
        require_given,
        tell_next,
    )
    from graylit.search.kept_answers import keep_answers
    from graylit.search.recording import complete_search, plan_searches, record_searches
    from graylit.study.extending import finish_interrupted
    from graylit.study.locks import hold_study
    from graylit.study.writing import read_clock

    services = {name: (said.pop(name) or "").strip() for name in (*SERVICES, "hackernews_at")}
    given = {name: cell.strip() for name, cell in said.items() if cell and cell.strip()}
    require_one(files, by_links, replayed, is_included, *(services[name] for name in SERVICES))
    if is_included:
        include(folder, dry_run)
        return
    if replayed:
        lines, is_same = describe_replay(folder, replayed)
        print("\n".join(lines))
        if not is_same:
            raise EndingError("", DIFFERENT)
        return
    require_given(folder, given)
    remarks: list[str] = []
    if question := name_question(services, given, n_pages):
        asked, remarks = search_today(folder, question, given, permitted)
        read = [asked]
    elif by_links:
        followed, remarks = follow_links(folder, given, read_clock())
        read = [followed] if followed else []
    elif files:
        read = read_files(files, given)
    else:
        if finish_interrupted(folder):
            print("Rows that an interrupted import had left were added.")
            if not search_id:
                return
        if not (search_id and given):
            raise click.UsageError("name the files of your hits, or a search and what to fill (--search X01 --by …)")
        with hold_study(folder):
            recorded = [complete_search(folder, search_id, given, read_clock())]
        print(f"{search_id}: {', '.join(recorded[0].completed) or 'nothing'} added")
        print("".join(f"{line}\n" for line in describe_unknown(recorded)), end="")
        return
    found, now = [part for file in read for part in file.found], read_clock()
    if dry_run:
        _, recorded = plan_searches(folder, found, now, search_id, keep_words)
    else:
        with hold_study(folder):
            recorded = record_searches(folder, found, now, search_id, keep_words)
            keep_answers(folder, files, [record.facts for record in recorded])
    unused = describe_unused(recorded) if dry_run else []
    print("\n".join([*describe_account(read, recorded), *unused, *remarks, *describe_unknown(recorded)]))
    if dry_run:
        print("Nothing was written. To write it: the same command without --dry-run.")
    elif any(record.n_new for record in recorded):
        print(tell_next())


def include(folder: Path, dry_run: bool) -> None:
    """Make sources of the included candidates, and say which; or say which they would be."""
    from graylit.search.including import describe_included, include_candidates, plan_inclusion

    print("\n".join(describe_included(plan_inclusion(folder) if dry_run else include_candidates(folder))))
    if dry_run:
        print("Nothing was written. To write it: the same command without --dry-run.")


def require_one(*asked: object) -> None:
    """Raise UsageError if a command names more than one place to take hits from."""
    if sum(map(bool, asked)) > 1:
        raise click.UsageError(
            "name one of: files, --searxng, --hackernews, --feed, --sitemap, --links, --replay, --include"
        )
