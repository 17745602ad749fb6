"""The texts at hand, read when a page shows words of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

N_TEXTS = 100  # in memory at a time. Chosen, not measured: pages of codes and guidelines come back to the same sources


class TextsAtHand(Mapping[str, str]):
    """The texts in a folder by source; nothing is at hand without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.txt"))} if folder else {}
        self._read = lru_cache(maxsize=N_TEXTS)(lambda source_id: self._paths[source_id].read_bytes().decode("utf-8"))

    def __getitem__(self, source_id: str) -> str:
        """Return the text of a source."""
        return self._read(source_id)

    def __contains__(self, source_id: object) -> bool:
        """Return whether the text of a source is at hand."""
        return source_id in self._paths

    def __iter__(self) -> Iterator[str]:
        """Yield the sources with a text, in order."""
        return iter(self._paths)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._paths)
