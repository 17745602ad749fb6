"""Finding the place of quoted words in a text: as they were typed, else as people paste them, never by a guess.

The ladder: the same signs → other typography, blanks and line breaks → other punctuation and hyphens → other case → the
parts of a quote that leaves words out (… or [...]). On each rung, the words before and after the quote and its segment
decide among several places; if they leave several, the quote has none.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from graylit.anchors.fingerprints import Words
from graylit.anchors.folding import Folded, fold_case, fold_marks, fold_typography
from graylit.anchors.nearest import tell_nearest
from graylit.languages.words import UNSPACED_SIGN

Span = tuple[int, int]

_DOTS = r"(?:[…⋯]|\.(?:\s?\.){1,5})"
GAP = re.compile(rf"\[\s?{_DOTS}\s?\]|\(\s?{_DOTS}\s?\)|[…⋯]|\.(?:\s?\.){{2,}}")
# Characters that a quote may leave out at one place: some paragraphs. Chosen, not measured: a part that is found much
# farther off belongs to another passage.
MAX_GAP = 3000
# How a quote differs from the words at its place, rung by rung; the last holds quotes that begin or end inside a word.
MANNERS = ("", "typography", "punctuation", "upper and lower case", "words left out", "typography")


@dataclass(frozen=True)
class Quote:
    """Quoted words, the words before and after them if known, and the characters among which they begin, if known."""

    exact: str
    prefix: str = ""
    suffix: str = ""
    within: Span | None = None


@dataclass(frozen=True)
class Found:
    """Where a quote stands, and how it differs from the words there ('' if it does not)."""

    start: int
    end: int
    differs: str


class QuotedText:
    """A text in which quotes are looked for; it is folded when that is needed first, and once."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.text = words.text

    @functools.cached_property
    def plain(self) -> Folded:
        """The text in plain typography."""
        return fold_typography(self.text)

    @functools.cached_property
    def bare(self) -> Folded:
        """The text without punctuation."""
        return fold_marks(self.plain)

    @functools.cached_property
    def caseless(self) -> Folded:
        """The text without punctuation and case."""
        return fold_case(self.bare)

    def find(self, quote: Quote) -> Found | str:
        """Return the only place of a quote, or why there is none."""
        known: list[Span] = []
        for manner, list_places in zip(MANNERS, _LADDER, strict=True):
            places = list_places(self, quote.exact)
            kept = _choose(self.text, places, quote)
            if len(kept) == 1:
                return Found(*kept[0], manner if self.text[slice(*kept[0])] != quote.exact else "")
            if kept:
                return f"the quote stands at {len(kept)} places: {_show(kept)}"
            known = known or places
        if known:
            given = [name for name in ("prefix", "suffix") if getattr(quote, name)] or ["segment"]
            saying = f"{' and '.join(given)} {'say' if given[1:] else 'says'}"
            return f"the quote stands at {_show(known)}, which is not where its {saying}"
        return f"the quote stands nowhere in the text{self._tell_nearest(quote.exact)}"

    def _tell_nearest(self, exact: str) -> str:
        """Return how the closest passage differs, as the end of a sentence; '' if none is close."""
        parts = list(filter(None, map(str.strip, GAP.split(exact))))
        lost = [part for part in parts if not _list_first(self, part)]
        if not lost:
            return f"; its parts stand there, but not in this order within {MAX_GAP:,} characters of each other"
        near = tell_nearest(self.words, lost[0])
        if len(parts) == 1:
            return near and f"; {near}"
        return f"; of its parts, {lost[0][:40]!r} is not there{near and f': {near}'}"


def is_quoted(words: str, exact: str) -> bool:
    """Return whether words are those of a quote, all of them, however they are written."""
    found = QuotedText(Words(words)).find(Quote(exact))
    return isinstance(found, Found) and _bare_signs(words[found.start : found.end]) == _bare_signs(words)


def _list_exact(text: QuotedText, exact: str) -> list[Span]:
    return _leave_cut(text, _list_typed(text, exact))


def _list_plain(text: QuotedText, exact: str) -> list[Span]:
    return _leave_cut(text, _list_pasted(text, exact))


def _list_cut(text: QuotedText, exact: str) -> list[Span]:
    return _list_typed(text, exact) or _list_pasted(text, exact)


def _list_typed(text: QuotedText, exact: str) -> list[Span]:
    return list(Folded(text.text, [], []).find_all(Folded(exact, [], [])))


def _list_pasted(text: QuotedText, exact: str) -> list[Span]:
    return [text.plain.span(*place) for place in text.plain.find_all(fold_typography(exact))]


def _leave_cut(text: QuotedText, places: list[Span]) -> list[Span]:
    """Return the places that neither begin nor end inside a word."""
    return [place for place in places if not any(_is_inside(text.text[max(0, at - 1) : at + 1]) for at in place)]


def _is_inside(pair: str) -> bool:
    if len(pair) < 2 or re.search(UNSPACED_SIGN, pair):
        return False
    return unicodedata.category(pair[1])[0] == "M" or re.fullmatch(r"\w\w", pair) is not None


def _list_bare(text: QuotedText, exact: str) -> list[Span]:
    return _list_without_marks(text, exact, text.bare, fold_marks)


def _list_caseless(text: QuotedText, exact: str) -> list[Span]:
    return _list_without_marks(text, exact, text.caseless, lambda plain: fold_case(fold_marks(plain)))


def _list_without_marks(text: QuotedText, exact: str, among: Folded, fold: Callable[[Folded], Folded]) -> list[Span]:
    """Return the places of a quote's words that cut no word; marks that both have at their edges belong to them."""
    wanted = fold(fold_typography(exact))
    spans = [among.span(*place) for place in among.find_all(wanted)]
    whole = _leave_cut(text, spans)
    return [_widen(text.text, span, exact[: wanted.starts[0]], exact[wanted.ends[-1] :]) for span in whole]


def _widen(text: str, span: Span, lead: str, trail: str) -> Span:
    """Return a place with the marks before and after it that the quote has as well."""
    start, end = span
    for sign in reversed(lead):
        if start and _is_same_mark(text[start - 1], sign):
            start -= 1
    for sign in trail:
        if _is_same_mark(text[end : end + 1], sign):
            end += 1
    return start, end


def _is_same_mark(mark: str, sign: str) -> bool:
    return not sign.isspace() and fold_typography(mark).signs == fold_typography(sign).signs


def _list_parted(text: QuotedText, exact: str) -> list[Span]:
    """Return the shortest passages that hold the parts of a quote in their order, near to each other."""
    parts = [part.strip() for part in GAP.split(exact) if fold_marks(fold_typography(part)).signs]
    if not parts or GAP.search(exact) is None:
        return []
    first, *rest = [_list_first(text, part) for part in parts]
    spans = []
    for start, end in first:
        for places in rest:
            next_end = next((last for at, last in places if end <= at <= end + MAX_GAP), None)
            if next_end is None:
                break
            end = next_end
        else:
            spans.append((start, end))
    return [span for span in spans if not any(_holds(span, other) for other in spans)]


def _list_first(text: QuotedText, part: str) -> list[Span]:
    """Return the places of a part on the first rung that has any."""
    return next(filter(None, (list_places(text, part) for list_places in _LADDER[:4])), [])


def _holds(outer: Span, inner: Span) -> bool:
    return outer != inner and outer[0] <= inner[0] and inner[1] <= outer[1]


_LADDER = (_list_exact, _list_plain, _list_bare, _list_caseless, _list_parted, _list_cut)


def _choose(text: str, places: list[Span], quote: Quote) -> list[Span]:
    """Return the places that begin in the quote's segment and stand between its prefix and suffix."""
    if quote.within is not None:
        places = [place for place in places if quote.within[0] <= place[0] < quote.within[1]]
    if not (quote.prefix or quote.suffix):
        return places
    as_typed = [
        (start, end)
        for start, end in places
        if text[:start].endswith(quote.prefix) and text[end:].startswith(quote.suffix)
    ]
    return as_typed or [place for place in places if _has_context(text, place, quote)]


def _has_context(text: str, place: Span, quote: Quote) -> bool:
    """Return whether the words before and after a place are those of prefix and suffix, however they are written."""
    reach = 3 * max(len(quote.prefix), len(quote.suffix)) + 50
    before, after = text[max(0, place[0] - reach) : place[0]], text[place[1] : place[1] + reach]
    return _bare_signs(before).endswith(_bare_signs(quote.prefix)) and _bare_signs(after).startswith(
        _bare_signs(quote.suffix)
    )


def _bare_signs(words: str) -> str:
    return fold_case(fold_marks(fold_typography(words))).signs


def _show(places: list[Span]) -> str:
    shown = ", ".join(f"{first}-{last}" for first, last in places[:5])
    return f"{shown} and {len(places) - 5} more" if len(places) > 5 else shown
