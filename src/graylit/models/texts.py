"""Texts and segments of a study's sources, as a model is shown them: those that the last review made."""

from __future__ import annotations

import functools
from pathlib import Path

from graylit.anchors.fingerprints import Words
from graylit.anchors.words import digest_words
from graylit.preparation.markup import find_headings
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.preparation import SEGMENTS
from graylit.tables.reading import read_made
from graylit.tables.rows import Cells, group_rows

PROCESSED = "data/processed"
N_KEPT = 32  # texts that are kept with their words: chosen, some megabytes


class Texts:
    """The texts of a study; segments by their ids."""

    def __init__(self, folder: Path, source_ids: list[str]) -> None:
        self._folder = folder
        rows = read_made(folder, f"{PROCESSED}/segments.csv", SEGMENTS)
        self.of_source = group_rows(rows, "source_id")
        self.segments = {row["segment_id"]: row for row in rows}
        self.readable = [source_id for source_id in source_ids if self.of_source.get(source_id)]
        self.words_of = functools.lru_cache(maxsize=N_KEPT)(self._read_words)
        self._headings_of = functools.lru_cache(maxsize=N_KEPT)(self._read_headings)

    def _read_words(self, source_id: str) -> Words:
        return Words((self._folder / PROCESSED / "texts" / f"{source_id}.txt").read_bytes().decode("utf-8"))

    def _read_headings(self, source_id: str) -> dict[int, tuple[str, ...]]:
        return find_headings(self.words_of(source_id).text)

    def has_text(self, source_id: str) -> bool:
        """Return whether the text of a source is at hand."""
        return (self._folder / PROCESSED / "texts" / f"{source_id}.txt").exists()

    def cut(self, segment: Cells) -> str:
        """Return the words of a segment. Raises InputError if the text is not the one it was cut from."""
        text = self.words_of(segment["source_id"]).text
        words = text[int(segment["start"]) : int(segment["end"])]
        if segment["sha256"] and digest_words(words) != segment["sha256"]:
            problem, remedy = f"has another text than {segment['source_id']} now", f"run `{name_command('review')}`"
            raise InputError([Fault(f"{PROCESSED}/segments.csv", problem, "segments of the texts of now", remedy)])
        return words

    def describe(self, segment: Cells) -> list[tuple[str, str]]:
        """Return a segment with the headings above it, as parts of a page."""
        headings = self._headings_of(segment["source_id"]).get(int(segment["start"]), ())
        above = [("headings", " › ".join(headings))] if headings else []
        return [*above, ("", self.cut(segment))]
