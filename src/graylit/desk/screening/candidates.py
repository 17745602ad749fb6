"""The candidates as screeners see them: what is known of each, how it was found, and what it is judged by."""

from __future__ import annotations

from collections.abc import Container, Sequence
from pathlib import Path

from graylit.desk.watching import Watched, read_peoples
from graylit.pages.templates import web_address
from graylit.screening.criteria import list_active
from graylit.screening.same_pages import choose_stand_ins, list_merged
from graylit.study.state import latest_rows
from graylit.study.study import MERGED, OPTIONAL_TABLES
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, group_rows
from graylit.tables.screening import DUPLICATE_CANDIDATES

SHOWN = ("candidate_id", "title", "publisher", "source_type", "published", "found_by")
MOST_HITS = 20  # of a candidate that are shown: chosen, more than a page has


class Candidates:
    """The candidates of a study with their hits, and the criteria in use; read again when a table has changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows = self._watch("candidates")
        self._criteria = self._watch("criteria")
        self._duplicates = self._watch("duplicates")
        self._searches = self._watch("searches")
        hits = OPTIONAL_TABLES["hits"][0]
        self._hits = Watched(folder / hits, lambda: group_rows(self._read("hits"), "candidate_id"))
        self._merged = Watched(folder / MERGED, lambda: read_finished(folder / MERGED, DUPLICATE_CANDIDATES))
        self._by_id: tuple[object, dict[str, Cells]] = (None, {})

    def _read(self, name: str) -> list[dict[str, str]]:
        file, contract = OPTIONAL_TABLES[name]
        return read_peoples(self._folder, file, contract)

    def _watch(self, name: str) -> Watched[list[dict[str, str]]]:
        return Watched(self._folder / OPTIONAL_TABLES[name][0], lambda: self._read(name))

    def by_id(self) -> dict[str, Cells]:
        """Return the candidates by their ids, in the order of the table."""
        rows = self._rows.get()
        if self._by_id[0] is not rows:
            self._by_id = (rows, {row["candidate_id"]: row for row in rows})
        return self._by_id[1]

    def list_criteria(self) -> list[Cells]:
        """Return the criteria that screeners may use as they are worded now, in the order in which they came."""
        return list_active(self._criteria.get())

    def list_tables(self) -> tuple[object, ...]:
        """Return what is another object as soon as pages may be told apart in another way."""
        return self._rows.get(), self._duplicates.get(), self._merged.get()

    def choose_stand_ins(self, screened: Container[str]) -> dict[str, str]:
        """Return the candidate that stands for each one's page; `screened` are those on which somebody decided."""
        merged = list_merged(self._merged.get())
        return choose_stand_ins(self._rows.get(), self._duplicates.get(), merged, screened)

    def describe(self, candidate_id: str) -> dict[str, object]:
        """Return what a screener is shown of a candidate, but for the text of its page."""
        row = self.by_id()[candidate_id]
        hits = self._hits.get().get(candidate_id, [])
        snippets = dict.fromkeys(hit["snippet"] for hit in hits if hit["snippet"])
        return {
            **{name: row[name] for name in SHOWN},
            "url": web_address(row["url"]),
            "snippets": list(snippets)[:MOST_HITS],
            "hits": self._describe_hits(hits[:MOST_HITS]),
        }

    def _describe_hits(self, hits: Sequence[Cells]) -> list[dict[str, str]]:
        searches = latest_rows(self._searches.get(), "search_id")
        described = []
        for hit in hits:
            search = searches.get(hit["search_id"], {})
            cells = {"search_id": hit["search_id"], "rank": hit["rank"]}
            described.append(cells | {name: search.get(name, "") for name in ("engine", "query")})
        return described
