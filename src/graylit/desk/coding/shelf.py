"""The sources that a coder can read: their texts and segments, the codebook, and the model's suggestions."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from graylit.anchors.fingerprints import Words
from graylit.anchors.words import digest_words
from graylit.desk.watching import Watched, read_peoples
from graylit.languages.words import UNSPACED_SIGN
from graylit.preparation.markup import find_headings
from graylit.study.study import PEOPLES_TABLES, Study
from graylit.tables.coding import CODEBOOK
from graylit.tables.collection import PROGRAM_ERROR
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.preparation import SEGMENTS, TEXTS
from graylit.tables.reading import read_made
from graylit.tables.rows import Cells
from graylit.tables.topics import SUGGESTIONS

PROCESSED = "data/processed"
MAX_HITS = 100  # chosen, not measured: more than anybody reads, and a short answer for the page
_SNIPPET = 60  # characters shown on either side of a hit


class Shelf:
    """A study's sources, as coders read them."""

    def __init__(self, folder: Path, study: Study) -> None:
        self.folder = folder
        self.has_texts = bool(study.config["has_texts"])
        self.sources = {row["source_id"]: row for row in study.sources.cells}
        codebook = PEOPLES_TABLES["codebook"][0]
        self._codebook = Watched(folder / codebook, lambda: read_peoples(folder, codebook, CODEBOOK))
        self._segments = self._watch_made("segments.csv", SEGMENTS, "source_id")
        self._suggestions = self._watch_made("suggestions.csv", SUGGESTIONS, "segment_id")
        self._texts = self._watch_made("texts.csv", TEXTS, "source_id")
        self._words = functools.lru_cache(maxsize=8)(Words)

    def _watch_made(self, name: str, contract: Contract, by: str) -> Watched[dict[str, list[Cells]]]:
        file = f"{PROCESSED}/{name}"

        def read() -> dict[str, list[Cells]]:
            rows = read_made(self.folder, file, contract) if (self.folder / file).exists() else []
            return _group(rows, by)

        return Watched(self.folder / file, read)

    def list_codebook(self) -> Sequence[Cells]:
        """Return all rows of the codebook: the same list as long as the table is the same."""
        return self._codebook.get()

    def has_text(self, source_id: str) -> bool:
        """Return whether the text of a source is at hand."""
        return bool(self.segments_of(source_id)) and self._path_of(source_id).exists()

    def text_of(self, source_id: str) -> str | None:
        """Return the text of a source, or None if it is not at hand."""
        return self._path_of(source_id).read_bytes().decode("utf-8") if self.has_text(source_id) else None

    def _path_of(self, source_id: str) -> Path:
        return self.folder / PROCESSED / "texts" / f"{source_id}.txt"

    def words_of(self, text: str) -> Words:
        """Return the words of a text with their places."""
        return self._words(text)

    def segments_of(self, source_id: str) -> list[Cells]:
        """Return the segments of a source in the order of its text."""
        return self._segments.get().get(source_id, [])

    def require_fresh(self, source_id: str, text: str) -> None:
        """Raise InputError if the segments of a source are not those of its text."""
        for row in self.segments_of(source_id):
            words = text[int(row["start"]) : int(row["end"])]
            if int(row["end"]) > len(text) or (row["sha256"] and digest_words(words) != row["sha256"]):
                problem = f"has another text than {source_id} has now ({row['segment_id']})"
                remedy = f"run `{name_command('review')}`, then load this page again"
                raise InputError([Fault(f"{PROCESSED}/segments.csv", problem, "segments of the texts of now", remedy)])

    def headings_of(self, source_id: str, text: str) -> dict[str, tuple[str, ...]]:
        """Return the headings above each segment of a source, outermost first, by segment_id."""
        paths = find_headings(text)
        return {row["segment_id"]: paths.get(int(row["start"]), ()) for row in self.segments_of(source_id)}

    def explain_lack(self, source_id: str) -> str:
        """Return why the text of a source is not at hand, in words for a coder; '' if it is, or if none is needed."""
        if not self.has_texts or self.has_text(source_id):
            return ""
        row = next(iter(self._texts.get().get(source_id, [])), {"outcome": "not_captured"})
        if row["outcome"] in ("empty_text", "unreadable", "unsupported_type"):
            return f"the captured page holds no text that can be read ({row['outcome'].replace('_', ' ')})"
        if row["outcome"] == PROGRAM_ERROR:
            return f"Graylit itself failed at the captured page ({row['note']})"
        return "the page has not been captured on this machine"

    def suggestions_of(self, segment_id: str) -> list[Cells]:
        """Return the model's suggestions for a segment, the nearest code first."""
        found = self._suggestions.get().get(segment_id, [])
        return sorted(found, key=lambda row: (-float(row["score"]), row["code_id"]))

    def find_words(self, wanted: str) -> tuple[list[dict[str, str]], bool]:
        """Return the segments that hold these words, each with a snippet, and whether more of them were left out."""
        hits: list[dict[str, str]] = []
        for hit in self._find(" ".join(wanted.split())):
            if len(hits) == MAX_HITS:
                return hits, True
            hits.append(hit)
        return hits, False

    def _find(self, wanted: str) -> Iterator[dict[str, str]]:
        pattern = compile_phrase(wanted)
        for source_id in self.sources:
            text = self.text_of(source_id) if wanted else None
            if text is None or not pattern.search(text):
                continue
            for row in self.segments_of(source_id):
                found = pattern.search(text, int(row["start"]), int(row["end"]))
                if found:
                    before = text[max(int(row["start"]), found.start() - _SNIPPET) : found.start()]
                    after = text[found.end() : min(int(row["end"]), found.end() + _SNIPPET)]
                    place = {"source_id": source_id, "segment_id": row["segment_id"]}
                    yield place | {"before": before, "found": found[0], "after": after}


def compile_phrase(wanted: str) -> re.Pattern[str]:
    """Return what finds words in this order, whatever white space is between them.

    In a script without spaces there is none, but a line may end after any sign.
    """
    joined = re.sub(rf"(?<={UNSPACED_SIGN})\s+(?={UNSPACED_SIGN})", "", wanted)
    parts = (re.split(rf"(?<={UNSPACED_SIGN})(?={UNSPACED_SIGN})", word) for word in joined.split())
    return re.compile(r"\s+".join(r"\s*".join(map(re.escape, part)) for part in parts), re.IGNORECASE)


def _group(rows: Sequence[Cells], by: str) -> dict[str, list[Cells]]:
    grouped: dict[str, list[Cells]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["source_id"], int(row.get("start", 0)))):
        grouped[row[by]].append(row)
    return dict(grouped)
