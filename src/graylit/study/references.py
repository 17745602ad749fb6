"""Faults that show only when tables are compared: unknown ids, pages listed twice, places beyond a text."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from graylit.captures.page_keys import explain_distinct, list_distinct, tell_page
from graylit.study.authors import is_unfilled
from graylit.study.coding_checks import check_codings
from graylit.study.ids import list_unknown
from graylit.study.state import follow_code, follow_ids, latest_rows
from graylit.study.study import list_peoples
from graylit.tables.addresses import hide_users
from graylit.tables.faults import Fault, name_command, suggest_name
from graylit.tables.kinds import read_count, split_ids
from graylit.tables.rows import Rows

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_references(study: Study) -> list[Fault]:
    """Return the faults that show only when tables are compared."""
    # Decisions on a source that was swapped out stay in their tables; they are left out, not wrong.
    source_ids = _ids(study.sources, "source_id") | study.former
    code_ids = _ids(study.codebook, "code_id")
    theme_ids = _ids(study.themes, "theme_id")
    # Without captures an address is a reference only, and one may serve two sources (parts of one volume, say).
    faults = _check_pages(study.sources) if study.config.get("has_texts", True) else []
    faults += _check_users(study)
    faults += list_unknown(study.codebook, "replaced_by", code_ids, "codebook.csv")
    faults += list_unknown(study.themes, "code_ids", code_ids, "codebook.csv")
    faults += list_unknown(study.guidelines, "theme_id", theme_ids, "themes.csv")
    faults += list_unknown(study.guidelines, "code_ids", code_ids, "codebook.csv")
    faults += list_unknown(study.guidelines, "related", _ids(study.guidelines, "guideline_id"), "guidelines.csv")
    faults += _check_guideline_codes(study)
    for rows in (study.passes, study.readings):
        faults += list_unknown(rows, "source_id", source_ids, "sources.csv")
        faults += list_unknown(rows, "coder", set(study.codings), "config/coding/codings")
    faults += _check_collection(study.config.get("collection"), source_ids)
    seen: dict[str, str] = {}
    for rows in study.codings.values():
        faults += list_unknown(rows, "source_id", source_ids, "sources.csv")
        faults += list_unknown(rows, "code_id", code_ids, "codebook.csv")
        for number, cells in rows:
            faults += _check_span(rows.file, number, cells)
            coding_id = cells.get("coding_id", "")
            if coding_id and seen.get(coding_id, rows.file) != rows.file:
                problem = f"stands in {seen[coding_id]} already"
                remedy = "start the ids of each coder with the coder's letter"
                faults.append(
                    Fault(rows.file, problem, "ids of one coder only", remedy, number, "coding_id", coding_id)
                )
            seen.setdefault(coding_id, rows.file)
    return faults + check_codings(study)


def check_filled(study: Study) -> list[Fault]:
    """Return the faults of a study just started: a config in which brackets stand for an answer, no sources yet.

    A study without texts captures no pages, so its contact may stay open. One that is screened has candidates first.
    """
    collection = study.config.get("collection") if study.config.get("has_texts", True) else None
    contact = collection.get("contact") if isinstance(collection, dict) else ""
    faults = []
    for column, value in (("title", study.config.get("title")), ("collection.contact", contact)):
        if is_unfilled(value):
            problem, remedy = "is still to be filled in", "write it in the place of the brackets"
            faults.append(Fault("config/config.yaml", problem, value.strip("()"), remedy, column=column, value=value))
    if not (study.sources.cells or study.candidates.cells):
        bring = f"or bring in what you searched: {name_command('find FILES')}"
        remedy = f"add a row for each page that you review (config/TABLES.md has the columns), {bring}"
        faults.append(Fault(study.sources.file, "holds no sources", "one row per source", remedy))
    return faults


def _check_collection(section: object, source_ids: set[str]) -> list[Fault]:
    """Return the faults of the lists in the config's section on collection."""
    section = section if isinstance(section, dict) else {}
    place, faults = "config/config.yaml", []
    for network in _listed(section.get("allowed_addresses")):
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            problem, column = f"is no network ({error})", "collection.allowed_addresses"
            faults.append(Fault(place, problem, "a network or an address", "write it as 10.1.0.0/16", column=column))
    for source_id in set(_listed(section.get("taken_as_is"))) - source_ids:
        problem = f"is no source{suggest_name(source_id, source_ids)}"
        remedy, column = "correct or remove the id", "collection.taken_as_is"
        faults.append(Fault(place, problem, "an id of sources.csv", remedy, column=column, value=source_id))
    return faults


def _listed(value: object) -> list[str]:
    return sorted(str(item) for item in value) if isinstance(value, list) else []


def _ids(rows: Rows, column: str) -> set[str]:
    return {cells[column] for _, cells in rows if cells.get(column)}


def _check_pages(sources: Rows) -> list[Fault]:
    faults = []
    distinct = list_distinct(sources.cells)
    seen: dict[str, tuple[int, str]] = {}
    for number, column, url in _list_addresses(sources):
        key = tell_page(url, distinct)
        if url and key in seen:
            problem = f"is the same page as row {seen[key][0]} ({seen[key][1]})"
            remedy = "remove one of the rows" if column == "url" else "remove one of the two addresses"
            remedy += explain_distinct(url, seen[key][1])
            faults.append(Fault(sources.file, problem, "each page once", remedy, number, column, url))
        seen.setdefault(key, (number, url))
    return faults


def _check_users(study: Study) -> list[Fault]:
    """Return a fault for each address with a user's name or password: these tables are published."""
    expected, remedy = (
        "an address that anybody can ask for",
        "take out what stands before the @, and change the password",
    )
    return [
        Fault(rows.file, "holds a user's name or password", expected, remedy, number, column.name, hide_users(cell))
        for rows, contract in list_peoples(study)
        for column in contract.columns
        if column.kind in ("url", "urls")
        for number, cell in ((number, cells[column.name]) for number, cells in rows)
        if hide_users(cell) != cell
    ]


def _list_addresses(sources: Rows) -> Iterator[tuple[int, str, str]]:
    """Yield (row, column, address) of each page of the sources."""
    for number, cells in sources:
        yield number, "url", cells.get("url", "")
        yield from ((number, "further_urls", url) for url in cells.get("further_urls", "").split())


def _check_guideline_codes(study: Study) -> list[Fault]:
    """Return the faults of guidelines in force that do not fit their theme in force."""
    needed = {"theme_id", "code_ids"}
    if any(not needed <= set(cells) for rows in (study.themes, study.guidelines) for cells in rows.cells):
        return []
    codebook = latest_rows((c for c in study.codebook.cells if {"code_id", "status"} <= set(c)), "code_id")
    themes = latest_rows(study.themes.cells, "theme_id")
    in_force = {id(cells) for cells in latest_rows(study.guidelines.cells, "guideline_id").values()}
    faults = []
    for number, cells in study.guidelines:
        theme = cells["theme_id"]
        if id(cells) not in in_force or cells["status"] == "withdrawn" or theme not in themes:
            continue
        if themes[theme]["status"] == "withdrawn":
            remedy = "withdraw the guideline as well, or add a row that gives it another theme"
            faults.append(
                Fault(study.guidelines.file, "is withdrawn", "a theme in force", remedy, number, "theme_id", theme)
            )
        codes = follow_ids(themes[theme]["code_ids"], codebook)
        for code in split_ids(cells["code_ids"]):
            meant = follow_code(code, codebook)
            if meant not in codes:
                problem = f"is not a code of theme {theme}"
                problem += f" (it was merged into {meant})" if meant != code else ""
                remedy = "add it to the theme, or remove it from the guideline"
                expected = f"codes of {theme}"
                faults.append(Fault(study.guidelines.file, problem, expected, remedy, number, "code_ids", code))
    return faults


def _check_span(file: str, number: int, cells: Mapping[str, str]) -> list[Fault]:
    start, end = cells.get("start", ""), cells.get("end", "")
    if not start and not end:
        return []
    if not (start and end):
        remedy = "fill both start and end, or leave both empty for a coding of the whole source"
        column = "end" if start else "start"
        return [Fault(file, "is empty", "a position", remedy, number, column, "")]
    first, after = read_count(start), read_count(end)
    if first is not None and after is not None and first >= after:
        return [Fault(file, "is not after start", f"a position after {start}", "correct it", number, "end", end)]
    return []


def check_positions(study: Study, texts: Iterable[Mapping[str, str]]) -> list[Fault]:
    """Return the faults of codings that lie beyond their text, as far as texts have been made."""
    extracted = (cells for cells in texts if cells["outcome"] == "extracted")
    lengths = {cells["source_id"]: read_count(cells["n_characters"]) for cells in extracted}
    faults = []
    for rows in study.codings.values():
        for number, cells in rows:
            if cells.get("fingerprint"):
                continue  # it is looked for wherever its words are now
            source_id = cells.get("source_id", "")
            length = lengths.get(source_id)
            if length is None:
                continue
            for column, limit in (("start", length - 1), ("end", length)):
                place = cells.get(column, "")
                if (read_count(place) or 0) > limit:
                    problem = f"lies beyond the text of {source_id}, which has {length} characters"
                    remedy = "correct start and end; they count characters from 0"
                    faults.append(Fault(rows.file, problem, f"at most {limit}", remedy, number, column, place))
    return faults
