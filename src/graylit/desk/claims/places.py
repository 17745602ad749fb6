"""The places that claims are read against: the codings that are evidence, as the last review located them."""

from __future__ import annotations

from pathlib import Path

from graylit.desk.coding.shelf import PROCESSED, Shelf
from graylit.desk.tasks import Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.pages.templates import web_address
from graylit.study.state import follow_ids, latest_rows
from graylit.study.study import PEOPLES_TABLES, Study, find_codings
from graylit.synthesis.readings import list_places, list_successors
from graylit.tables.claims import WITHDRAWN
from graylit.tables.coding import CODINGS, LOCATED_CODINGS
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells

LOCATED = f"{PROCESSED}/located_codings.csv"
SHOWN = ("title", "publisher", "source_type", "published")
OF_CODE = ("code_id", "name", "definition")


class Places:
    """Guidelines in force, the codings that they rest on, and the words of these."""

    def __init__(self, visit: Visit, study: Study) -> None:
        self.shelf = Shelf(visit.folder, study)
        file, contract = PEOPLES_TABLES["guidelines"]
        self._located = Watched(visit.folder / LOCATED, lambda: read_finished(visit.folder / LOCATED, LOCATED_CODINGS))
        self._guidelines = Watched(
            visit.folder / file, lambda: latest_rows(read_peoples(visit.folder, file, contract), "guideline_id")
        )
        self._codings = Watched(visit.folder / LOCATED, lambda: _read_codings(visit.folder))
        self._memos = {row["coding_id"]: row["memo"] for rows in study.codings.values() for row in rows.cells}
        self._links: tuple[tuple[object, ...], list[Cells]] = ((), [])

    @property
    def guidelines(self) -> dict[str, Cells]:
        """Return the guidelines in force, by id."""
        latest = self._guidelines.get()
        return {key: row for key, row in sorted(latest.items()) if row.get("status") != WITHDRAWN}

    @property
    def successors(self) -> dict[str, str]:
        """Return which coding took the place of which over the same words, as of the last review."""
        return self._codings.get()[0]

    @property
    def by_coding(self) -> dict[str, str]:
        """Return the place of each coding: codings of the very same words have one."""
        return self._codings.get()[1]

    def list_links(self) -> list[Cells]:
        """Return a link for each guideline in force and coding that it rests on; the same list until one changes."""
        made_of = (self._guidelines.get(), self._located.get(), self.shelf.list_codebook())
        if not self._links[0] or any(old is not new for old, new in zip(self._links[0], made_of, strict=True)):
            self._links = (made_of, self._link())
        return self._links[1]

    def _read_codebook(self) -> dict[str, Cells]:
        return latest_rows(self.shelf.list_codebook(), "code_id")

    def _link(self) -> list[Cells]:
        codebook = self._read_codebook()
        of_code: dict[str, list[Cells]] = {}
        for row in self._located.get():
            if row["is_evidence"] == "yes" and row["source_id"] in self.shelf.sources:
                of_code.setdefault(row["code_id"], []).append(row)
        return [
            {**row, "guideline_id": guideline_id, "publisher": self.shelf.sources[row["source_id"]]["publisher"]}
            for guideline_id, guideline in self.guidelines.items()
            for code_id in follow_ids(guideline["code_ids"], codebook)
            for row in of_code.get(code_id, ())
        ]

    def describe(self, link: Cells) -> dict[str, object]:
        """Return what is shown of a coding: its source, its code, its words with what stands around them."""
        source, code = self.shelf.sources[link["source_id"]], self._read_codebook().get(link["code_id"], {})
        return {
            **{name: link[name] for name in ("coding_id", "source_id", "segment_id")},
            **{name: source[name] for name in SHOWN},
            "url": web_address(source["url"]),
            "code": {name: code.get(name, "") for name in OF_CODE},
            **self._describe_words(link),
        }

    def _describe_words(self, link: Cells) -> dict[str, object]:
        """Return the words in three parts (before, coded, after), headings, neighbours; or why they are not shown."""
        nothing: dict[str, object] = {"headings": [], "before": "", "parts": [], "after": "", "memo": "", "lack": ""}
        text, segments = self.shelf.text_of(link["source_id"]), self.shelf.segments_of(link["source_id"])
        at = next((n for n, row in enumerate(segments) if row["segment_id"] == link["segment_id"]), None)
        if text is None or at is None:
            lack = self.shelf.explain_lack(link["source_id"]) or "the coding is of the whole source"
            return nothing | {"lack": lack, "memo": self._memos.get(link["coding_id"], "")}
        self.shelf.require_fresh(link["source_id"], text)
        spans = {n: (int(row["start"]), int(row["end"])) for n, row in enumerate(segments)}
        first, last = spans[at]
        start, end = (int(link[name] or limit) for name, limit in (("start", first), ("end", last)))
        last = max(last, end)  # words may reach into the next segment
        around = [text[slice(*spans[n])] if n in spans else "" for n in (at - 1, at + 1)]
        return nothing | {
            "headings": list(self.shelf.headings_of(link["source_id"], text)[link["segment_id"]]),
            "before": around[0],
            "parts": [text[min(first, start) : start], text[start:end], text[end:last]],
            "after": around[1] if end <= spans[at][1] else "",
        }


def _read_codings(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Return which coding took the place of which, and the place of each."""
    files = (path.relative_to(folder).as_posix() for path in find_codings(folder).values())
    rows = [row for file in files for row in read_peoples(folder, file, CODINGS)]
    return list_successors(rows), list_places(rows)
