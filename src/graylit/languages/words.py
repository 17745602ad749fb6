"""Where the words of a text begin and end, in every script.

Most scripts put spaces between words, so a word is a run of letters and digits. Chinese, Japanese, Thai, Lao, Khmer and
Burmese do not: there, the dictionaries of ICU say where words end.

References
----------
Unicode Standard Annex #29, Unicode Text Segmentation, section 4: vowel signs and joiners stay in their word (WB4), runs
of katakana are whole (WB13), and other scripts without spaces need more than its rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[int, int]  # first character, and the one after the last

RUN = re.compile(r"\w+")  # letters and digits: what fingerprints are made of
WHOLE = re.compile(r"\w+(?:[-'’]\w+)*")  # with apostrophes and hyphens inside: what is counted
CHUNK = re.compile(r"\S+")  # with the marks around it

# Blocks of the scripts in question, vowel signs included; U+30FC also lengthens a vowel written in hiragana.
HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3021-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
HIRAGANA = r"\u3041-\u309f\U0001b001-\U0001b11f\U0001b150-\U0001b152"
KATAKANA = r"\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001b000\U0001b164-\U0001b167"
SOUTHEAST_ASIAN = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9fe\uaa60-\uaa7f"
# Tai, Yi, Javanese, Balinese: without spaces, and without a dictionary in ICU.
UNLISTED = r"\u1950-\u19df\u1a20-\u1aaf\uaa80-\uaadf\ua000-\ua4cf\ua980-\ua9df\u1b00-\u1b7f\U00011700-\U0001174f"
UNSPACED_SIGN = f"[{HAN}{HIRAGANA}{KATAKANA}{SOUTHEAST_ASIAN}{UNLISTED}]"
_WIDE = rf"[{HAN}{HIRAGANA}{KATAKANA}\u3000-\u303f\u30fb\u30fc\uff01-\uff60]"
_BROKEN_LINE = re.compile(rf"(?<={_WIDE})[^\S\n]*\n\s*(?={_WIDE})")
# Much faster to look for, since these are two ranges of signs.
_MAY_BE_BROKEN = re.compile(r"[\u2e80-\U0010ffff][^\S\n]*\n\s*[\u2e80-\U0010ffff]")
# Faster still for texts without such signs: in UTF-8, those from U+3000 begin with a byte from 0xE3, others as below.
_NARROW, _RADICAL = bytes(range(0xE3)), re.compile(rb"\xe2[\xba-\xbf]")
_VARIANTS = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"  # select the shape of the sign before them
_KATAKANA_RUN = rf"[{KATAKANA}][{KATAKANA}\u30fc]*"
_UNSPACED_RUN = rf"[{HAN}{HIRAGANA}{SOUTHEAST_ASIAN}][{HAN}{HIRAGANA}{SOUTHEAST_ASIAN}{_VARIANTS}\u30fc]*"
_UNSPACED = re.compile(rf"(?P<katakana>{_KATAKANA_RUN})|(?P<unlisted>[{UNLISTED}]+)|{_UNSPACED_RUN}")
_IS_VARIANT = re.compile(rf"[{_VARIANTS}]")
_JOINERS = "\u200c\u200d"  # stand inside words of Persian and of Indian languages
_LETTER = "\u0640"  # has no case and is a letter to every expression


def find_words(text: str, shape: re.Pattern[str] = RUN) -> Iterator[Span]:
    """Yield where each word of a text begins and ends, in order.

    `shape` is what a word looks like in scripts with spaces; in the others, a word is what a dictionary says.
    """
    if text.isascii():
        return (found.span() for found in shape.finditer(text))
    spaced = _UNSPACED.sub(lambda run: " " * len(run[0]), text)
    spans = [found.span() for found in shape.finditer(_join_marks(spaced))]
    if spaced != text:
        spans += [span for run in _UNSPACED.finditer(text) for span in _cut_run(run)]
    return iter(sorted(spans))


def list_words(text: str, shape: re.Pattern[str] = RUN) -> list[str]:
    """Return the words of a text in order; `shape` is as in `find_words`."""
    return [text[start:end] for start, end in find_words(text, shape)]


def count_words(text: str) -> int:
    """Return the number of words; a word with apostrophes or hyphens inside is one."""
    return sum(1 for _ in find_words(text, WHOLE))


def close_lines(text: str) -> str:
    """Return a text without the line ends between two Chinese or Japanese signs, which may stand inside a word.

    References
    ----------
    CSS Text Module Level 3, section 4.1.3, Segment Break Transformation Rules: so that no reader sees a space there.
    """
    return _BROKEN_LINE.sub("", text) if _may_be_broken(text) else text


def _may_be_broken(text: str) -> bool:
    """Return whether signs from U+2E80 stand on both sides of a line end."""
    if text.isascii():
        return False
    signs = text.encode("utf-8", "surrogatepass")
    return bool(signs.translate(None, _NARROW) or _RADICAL.search(signs)) and bool(_MAY_BE_BROKEN.search(text))


def _join_marks(text: str) -> str:
    """Return a text of the same length whose vowel signs, accents and joiners inside words are letters.

    To Python's expressions they are not, so they would end the word.
    """
    marks = "".join(sorted(sign for sign in set(text) if _is_mark(sign)))
    joiners = [sign for sign in _JOINERS if sign in text]
    if not marks and not joiners:
        return text
    inside = [rf"[{marks}]"] * bool(marks) + [rf"[{_JOINERS}](?=\w)"] * bool(joiners)
    return re.sub(rf"(?<=\w)(?:{'|'.join(inside)})+", lambda found: _LETTER * len(found[0]), text)


def _is_mark(sign: str) -> bool:
    return sign > "\u02ff" and unicodedata.category(sign) in ("Mn", "Mc") and not _IS_VARIANT.match(sign)


def _cut_run(run: re.Match[str]) -> Iterator[Span]:
    """Yield the words of a run of signs without spaces; marks of punctuation among them are none.

    If no dictionary knows the script, each sign with its vowel is a word, so that no clause ever is.
    """
    # Loaded only for texts that need it: the library holds 40 MB of the world's languages.
    from icu4py.breakers import CharacterBreaker, WordBreaker

    start = run.start()
    cut = CharacterBreaker if run["unlisted"] else WordBreaker
    # The library's own spans count an astral sign twice (1.2.0), so the words are counted instead.
    for word in [run[0]] if run["katakana"] else cut(run[0], "root"):
        if any(map(str.isalnum, word)):
            yield start, start + len(word)
        start += len(word)
