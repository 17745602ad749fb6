"""Which format a file has, told by what is in it and never by its name: a list of recognizers, the surest first."""

from __future__ import annotations

from collections.abc import Callable

from graylit.search.column_names import ROLES
from graylit.search.contents import Content
from graylit.search.json_answers import read_answers
from graylit.search.json_items import read_bookmark_files, read_items
from graylit.search.link_lists import is_plain_list, read_bookmarks, read_list, read_onetab
from graylit.search.link_tables import read_table, read_workbook
from graylit.search.references import read_bibtex, read_csl, read_ris
from graylit.search.replaying import read_kept
from graylit.search.result_pages import read_page
from graylit.search.search_results import Found
from graylit.tables.faults import Fault, InputError

EXPECTED = (
    "answers of SerpApi, Serper, SearXNG, Brave, Google, Bing or DuckDuckGo (JSON), references (RIS, BibTeX, "
    "CSL-JSON), bookmarks, OneTab, a saved page of hits, a table with a column url, or addresses one a line"
)


def recognize(content: Content) -> list[Found]:
    """Return the searches that a file holds, with their hits.

    Raises InputError if it is in no format that is known, or is broken.
    """
    for read in RECOGNIZERS:
        if (found := read(content)) is not None:
            return found
    start = " ".join(content.text[:200].split())[:60]
    problem = f"is in no format that is known, and holds no column or list of addresses; it begins with {start!r}"
    raise InputError([Fault(content.file, problem, EXPECTED, "save it as a CSV file with a column url")])


def _read_plain(content: Content) -> list[Found] | None:
    return read_list(content) if not content.is_html and is_plain_list(content) and not _is_headed(content) else None


def _is_headed(content: Content) -> bool:
    """Return whether the first line is the name of a column, and no query."""
    return content.text.strip().partition("\n")[0].strip('"\ufeff ').casefold() in ROLES["url"]


RECOGNIZERS: tuple[Callable[[Content], list[Found] | None], ...] = (
    *(read_kept, read_workbook, read_answers, read_csl, read_bookmark_files, read_items, read_bookmarks, read_page),
    *(read_ris, read_bibtex, _read_plain, read_onetab, read_table, read_list),
)
