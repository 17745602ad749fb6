"""The most frequent terms of segments, by which these are recognised if their words are not at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graylit.audit.codings import name_top_terms
from graylit.tables.rows import Cells


class TopTerms(Mapping[str, str]):
    """The most frequent terms of each segment."""

    def __init__(self, counts: Mapping[str, Cells]) -> None:
        self._counts = counts

    def __getitem__(self, segment_id: str) -> str:
        """Return the terms of a segment."""
        return name_top_terms(self._counts[segment_id]["terms"])

    def __iter__(self) -> Iterator[str]:
        """Yield the segments."""
        return iter(self._counts)

    def __len__(self) -> int:
        """Return the number of segments."""
        return len(self._counts)
