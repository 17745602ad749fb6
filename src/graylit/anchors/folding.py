"""Texts without what typing, pasting and typesetting change, in which each sign still knows where it stood."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

_PLAIN = {
    **dict.fromkeys("‘’‚‛′‵ʼʹ`´", "'"),
    **dict.fromkeys("“”„‟″«»‹›〝〞〟", '"'),
    **dict.fromkeys("‐‑‒–—―⁃−﹘﹣－", "-"),
}
_TABLE = str.maketrans(_PLAIN)
_JAMO = r"[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?"  # of which a Mac makes Korean syllables
_VOICED = "\uff9e\uff9f"  # marks of voice behind narrow katakana, which Unicode counts as letters
_KEPT_MARKS = "%&@"  # punctuation to Unicode, and words to readers


@dataclass(frozen=True)
class Folded:
    """The signs that are left of a text; `starts` and `ends` say which of its characters each of them stands for."""

    signs: str
    starts: list[int]
    ends: list[int]

    def find_all(self, wanted: Folded) -> Iterator[tuple[int, int]]:
        """Yield each place of the other text's signs among these: the first sign, and the one after the last."""
        at = self.signs.find(wanted.signs) if wanted.signs else -1
        while at >= 0:
            yield at, at + len(wanted.signs)
            at = self.signs.find(wanted.signs, at + 1)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the characters of the signs `first` to `last` (exclusive)."""
        return self.starts[first], self.ends[last - 1]


def fold_typography(text: str) -> Folded:
    """Return a text with plain quotation marks, dashes, dots and blanks, composed accents and nothing invisible."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for cluster in _cluster_shape(text).finditer(text):
        for sign in _fold_cluster(cluster[0]):
            if sign == " " and signs and signs[-1] == " ":
                ends[-1] = cluster.end()
            else:
                signs.append(sign)
                starts.append(cluster.start())
                ends.append(cluster.end())
    kept = range(len(signs))[signs[:1] == [" "] : len(signs) - (signs[-1:] == [" "])]
    return Folded("".join(signs[i] for i in kept), [starts[i] for i in kept], [ends[i] for i in kept])


def _cluster_shape(text: str) -> re.Pattern[str]:
    """Return what finds a sign with its accents: those that the text has, since Python's expressions know none."""
    marks = "".join(sorted(sign for sign in set(text) if unicodedata.category(sign)[0] == "M" or sign in _VOICED))
    return re.compile(rf"\s+|{_JAMO}|[\s\S]" + (f"[{marks}]*" if marks else ""))


@functools.lru_cache(maxsize=20_000)
def _fold_cluster(cluster: str) -> str:
    if cluster.isspace():
        return " "
    seen = "".join(sign for sign in cluster.translate(_TABLE) if not _is_unseen(sign))
    return re.sub(r"\s", " ", unicodedata.normalize("NFKC", seen).translate(_TABLE))


def _is_unseen(sign: str) -> bool:
    """Return whether a sign takes no room: soft hyphens, joiners, byte order marks, what selects a shape."""
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


def fold_marks(folded: Folded) -> Folded:
    """Return the letters, digits and symbols alone: words are the same however they are spaced, hyphenated and marked.

    What stands between two digits stays, since 1.5 is not 15, and so does the mark of C#.
    """
    signs, kept = folded.signs, [_is_told(folded.signs, i) for i in range(len(folded.signs))]
    for run in re.finditer(r"(?<=\d)[^\w]+(?=\d)", signs):
        if not any(kept[run.start() : run.end()]):
            kept[run.start() + len(run[0]) - len(run[0].lstrip())] = True
    return _rebuild(folded, lambda i: signs[i] if kept[i] else "")


def fold_case(folded: Folded) -> Folded:
    """Return the signs without the difference of capitals and small letters."""
    return _rebuild(folded, lambda i: folded.signs[i].casefold())


def _is_told(signs: str, i: int) -> bool:
    return _is_word_sign(signs[i]) or (signs[i] == "#" and signs[max(0, i - 1) : i].isalnum())


@functools.lru_cache(maxsize=20_000)
def _is_word_sign(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return kind[0] in "LNM" or kind in ("Sm", "Sc", "So") or sign in _KEPT_MARKS


def _rebuild(folded: Folded, write: Callable[[int], str]) -> Folded:
    """Return the signs that `write` has for each number of a sign; each stands for the characters of its sign."""
    kept: Iterable[tuple[str, int]] = [(sign, i) for i in range(len(folded.signs)) for sign in write(i)]
    signs = "".join(sign for sign, _ in kept)
    return Folded(signs, [folded.starts[i] for _, i in kept], [folded.ends[i] for _, i in kept])
