"""What `graylit find` does beside reading files: searches of today, rounds of links, replays, each with its account."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from graylit.captures.choosing import explain_missing_captures
from graylit.captures.page_keys import list_distinct
from graylit.pages.wording import agree, count_things
from graylit.search.answers import Question
from graylit.search.engines import ALGOLIA
from graylit.search.importing import ReadFile, check_given
from graylit.search.live import search_now
from graylit.search.replaying import replay_recorded
from graylit.search.search_results import Found
from graylit.search.snowballing import describe_left_out, drop_uncounted, find_round, harvest_links
from graylit.study.config import CONFIG
from graylit.study.study import CAPTURES, Study, read_captures, read_tables
from graylit.tables.addresses import is_of_web
from graylit.tables.faults import Fault, InputError, name_command

MAX_NAMED = 5  # of the pages that most sources link to: chosen
OF_QUESTION = ("query", "language", "region")
NEEDED = ("sources", "candidates", "searches", "hits")


def name_question(services: Mapping[str, str], given: Mapping[str, str], n_pages: int) -> Question | None:
    """Return what is asked of a service; None if none is named. Raises InputError if it cannot be asked so."""
    named = [(service, said) for service, said in services.items() if said and service != "hackernews_at"]
    if not named:
        return None
    service, said = named[0]
    query = said if service == "hackernews" else given.get("query", "")
    address = (services["hackernews_at"] or ALGOLIA) if service == "hackernews" else said
    faults = check_given(given)
    if not is_of_web(address):
        problem, expected = "is no address of the web", "an address such as http://localhost:8888"
        faults.append(Fault(f"--{service}", problem, expected, "write it with http:// or https://", value=address))
    if service == "searxng" and not query:
        faults.append(Fault("--query", "is missing", "what is to be asked", "add --query"))
    if service == "searxng" and given.get("region") and not given.get("language"):
        problem, remedy = "goes with a language in SearXNG", "add --language, such as en"
        faults.append(Fault("--region", problem, "a language with its region", remedy, value=given["region"]))
    if faults:
        raise InputError(faults)
    return Question(service, address, query, n_pages, given.get("language", ""), given.get("region", ""))


def search_today(
    folder: Path, question: Question, given: Mapping[str, str], is_permitted: bool
) -> tuple[ReadFile, list[str]]:
    """Ask a service; return what it found as a file is read, and what else is to be said."""
    settings = _read_sound(folder).config["collection"]
    findings = search_now(folder, settings, question, is_permitted=is_permitted)
    rest = {name: cell for name, cell in given.items() if name not in OF_QUESTION}
    found = Found(findings.facts, findings.hits, given=rest)
    n_reported = findings.facts["n_reported"]
    reported = f" of {int(n_reported):,}" if n_reported and int(n_reported) != len(findings.hits) else ""
    said = f"{question.service}{reported}; {findings.facts['stopped_because']}"
    return ReadFile(said, (found,)), [f"The answers are kept in {findings.facts['file_name']} (data/raw/searches)."]


def follow_links(folder: Path, given: Mapping[str, str], now: str) -> tuple[ReadFile | None, list[str]]:
    """Return the next round of links, if there is one, and what is to be said of it."""
    study, captures = _read_sound(folder), read_captures(folder / CAPTURES)
    if explain_missing_captures(study.sources.cells, captures):
        remedy = f"capture them first: {name_command('collect')}"
        raise InputError([Fault(CAPTURES, "has no capture to read links from", "captures of sources", remedy)])
    sources = study.sources.cells
    distinct = list_distinct(study.candidates.cells, sources)
    harvest = harvest_links(sources, captures, folder / "data/raw")
    harvest = drop_uncounted(harvest, sources, study.candidates.cells, distinct)
    found = find_round(harvest, study.searches.cells, study.hits.cells, distinct, now)
    told = [f"Links could not be read of {name}." for name in harvest.failed]
    if found is None:
        n_read = count_things(len(harvest.links), "source")
        return None, [*told, f"Nothing new: the links of {n_read} are in hits.csv already, so nothing was written."]
    found = Found(found.facts, found.hits, given=dict(given))
    return ReadFile(f"{found.facts['query']}, {describe_left_out(harvest)}", (found,)), [
        *told,
        *_name_most_cited(found),
    ]


def _name_most_cited(found: Found) -> list[str]:
    cited = [(hit.url, hit.cited_by.count(";") + 1) for hit in found.hits if ";" in hit.cited_by]
    if not cited:
        return []
    lines = [f"  {n} sources: {url}" for url, n in cited[:MAX_NAMED]]
    return [f"{len(cited):,} {agree(len(cited), 'page is', 'pages are')} cited by more than one source:", *lines]


def describe_replay(folder: Path, search_id: str) -> tuple[list[str], bool]:
    """Return what a replay shows, and whether it makes the same rows."""
    n_hits, differences = replay_recorded(folder, _read_sound(folder), search_id)
    if not differences:
        return [f"{search_id}: its kept answers make the same {count_things(n_hits, 'hit')}, row for row."], True
    return [f"{search_id}: its kept answers make other rows:", *(f"  {line}" for line in differences)], False


def _read_sound(folder: Path) -> Study:
    """Return the tables of a study that a search needs. Raises InputError if the config or one of them has faults."""
    study, faults = read_tables(folder, NEEDED)
    files = {getattr(study, name).file for name in NEEDED} | {CONFIG, CAPTURES}
    if faults := [fault for fault in faults if fault.file in files]:
        raise InputError(faults)
    return study
