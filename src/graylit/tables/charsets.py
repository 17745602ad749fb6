"""Which characters the bytes of a table mean, if they are not UTF-8: only what can be told for sure is read.

Windows-1252 is what spreadsheets write in the West if they are not asked for UTF-8. Nothing in a file says so, and the
same bytes are words in other character sets too: 0xE8 is è here, č in Windows-1250 and Windows-1257, Ë in Mac Roman and
Þ in MS-DOS. So a file is read in each of them. Those in which a cell is not as people write are left out: a sign or a
control character inside a word, a capital after a small letter, two scripts in a word, letters that no one language
has. The file is read if Windows-1252 is left, and all others that are left say the same, as those of Central Europe do
for German words.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

WINDOWS = "cp1252"
CHARSETS = {
    WINDOWS: "Windows-1252",
    "iso8859_15": "Latin-9",
    "cp1250": "Windows-1250",
    "cp1254": "Windows-1254",
    "cp1257": "Windows-1257",
    "iso8859_2": "Latin-2",
    "mac_roman": "Mac Roman",
    "cp850": "MS-DOS",
    "cp437": "MS-DOS (US)",
    "cp852": "MS-DOS (Central Europe)",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp866": "MS-DOS (Cyrillic)",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp874": "Windows-874",
    "gbk": "GBK",
    "big5": "Big5",
    "cp932": "Shift JIS",
    "euc_kr": "EUC-KR",
}
# Letters beyond ASCII of the languages that these character sets are for.
ALPHABETS = {
    "Catalan": "àçèéíïòóúü",
    "Croatian, Slovene": "čćđšž",
    "Czech": "áčďéěíňóřšťúůýž",
    "Danish, Norwegian": "æøåéèêóòôà",
    "Dutch": "áéëèêïíóöúü",
    "English": "éèêëïçôöñâ",
    "Estonian, Finnish": "äöüõåšž",
    "French": "àâæçéèêëîïôœùûü",
    "German": "äöüßéàè",
    "Hungarian": "áéíóöőúüű",
    "Icelandic": "áðéíóúýþæö",
    "Italian": "àèéìîòù",
    "Latvian": "āčēģīķļņšūž",
    "Lithuanian": "ąčęėįšųūž",
    "Polish": "ąćęłńóśźż",
    "Portuguese": "áâãàçéêíóôõúü",
    "Romanian": "ăâîşţ",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Spanish": "áéíñóúü",
    "Swedish": "åäöéàü",
    "Turkish": "çğıöşüâîû",
}
LONE = set("àáèéåöőÀÈÉÅ")  # letters beyond ASCII that are words
SIGNS = set("‘’“”‚„‹›«»–—…•·€£¥§©®™°±×²³½¼¾µ¿¡ªº†\xa0\xad")
INSIDE = set("’‘–—…·×®™\xa0\xad")  # of these, what stands between two letters of a cell
UNDEFINED = "\x81\x8d\x8f\x90\x9d"  # bytes that Windows-1252 has no sign for
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_CELL = re.compile(r"[^,;\t\n\"]+")
_WORD = re.compile(r"[^\W\d_]+")
# Apostrophes of contractions: Windows-1252 has them where Mac Roman has í, as in país.
_CONTRACTED = re.compile(r"(?<=[A-Za-z])’(?=(s|t|re|ll|ve|d|m)\b)|(?<=\b[ldnsjmtcLDNSJMTC])’(?=[A-Za-z])")
_NOT_CONTRACTED = re.compile(r"\b(pa|par|lu|an)’s\b", re.IGNORECASE)


@dataclass(frozen=True)
class Doubt:
    """Words that may mean several things: where they begin, and what they are in each character set that fits."""

    start: int
    readings: dict[str, str]


def decode_windows(content: bytes) -> str | Doubt:
    """Return the text of bytes in Windows-1252, which every reader sees alike, or why one cannot be sure."""
    texts = {charset: text for charset in CHARSETS if (text := _decode(content, charset)) is not None}
    plausible = {charset: text for charset, text in texts.items() if _is_written(text, texts.get(WINDOWS, ""))}
    if WINDOWS in plausible and len(set(plausible.values())) == 1:
        return plausible[WINDOWS]
    return _find_doubt(content, plausible)


def _decode(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        return None


def _is_written(text: str, in_windows: str) -> bool:
    """Return whether people write so; `in_windows` is what the same bytes are in Windows-1252."""
    is_aligned = len(text) == len(in_windows)
    cells = _find_cells(text)
    return all(_is_cell(cell[0], in_windows[cell.start() : cell.end()] if is_aligned else "") for cell in cells)


def _find_cells(text: str) -> Iterator[re.Match[str]]:
    """Yield the cells of a table that hold a letter beyond ASCII."""
    return (cell for cell in _CELL.finditer(text) if not cell[0].isascii())


def _is_cell(cell: str, in_windows: str) -> bool:
    if cell != in_windows and _loses_apostrophe(cell, in_windows):
        return False
    words = _list_words(cell)
    if not all(map(_is_sign, cell)) or _has_odd_sign(cell) or not all(map(_is_word, words)):
        return False
    return _is_of_one(words) and [len(word) for word in words if _script_of(word[0]) != "LATIN"] != [1]


def _loses_apostrophe(cell: str, in_windows: str) -> bool:
    places = (found.start() for found in _CONTRACTED.finditer(in_windows))
    return any(cell[at].isalpha() for at in places) and not _NOT_CONTRACTED.search(in_windows)


def _is_sign(sign: str) -> bool:
    """Return whether a character is one that people type: a letter, or a sign of print."""
    return sign.isascii() or sign in SIGNS or unicodedata.category(sign) in ("Lu", "Ll", "Lo", "Mn")


def _has_odd_sign(cell: str) -> bool:
    """Return whether a sign stands inside a word or alone, or a letter beyond ASCII beside a digit."""
    if ("‹" in cell) != ("›" in cell):
        return True
    for at, sign in enumerate(cell[1:-1], start=1):
        before, after = cell[at - 1], cell[at + 1]
        if sign in SIGNS and sign not in INSIDE and before.isalpha() and after.isalpha():
            return True
    for before, mark in zip(" " + cell, cell, strict=False):
        if before.isascii() and unicodedata.category(mark) == "Mn":
            return True
    return bool(re.search(r"[0-9][^\W\d_\x00-\x7fªºµ]|[^\W\d_\x00-\x7fªºµ][0-9]", cell))


def _list_words(cell: str) -> list[str]:
    plain = "".join(" " if sign in SIGNS else sign for sign in cell)
    return [word for word in _WORD.findall(plain) if not word.isascii()]


def _is_word(word: str) -> bool:
    """Return whether the letters of a word are of one script, and capitals where words have them."""
    if len(set(map(_script_of, word))) > 1:
        return False
    if _script_of(word[0]) != "LATIN":
        return True
    if len(word) == 1:
        return word in LONE
    pairs = zip(word, word[1:], strict=False)
    return not any(a.islower() and b.isupper() and not (a.isascii() and b.isascii()) and a != "ß" for a, b in pairs)


def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]


def _is_of_one(words: list[str]) -> bool:
    """Return whether one language has all Latin letters beyond ASCII of a cell."""
    letters = {sign for sign in "".join(words).lower() if not sign.isascii() and _script_of(sign) == "LATIN"}
    return any(letters <= set(alphabet) for alphabet in ALPHABETS.values())


def _find_doubt(content: bytes, plausible: dict[str, str]) -> Doubt:
    """Return the first words that the character sets left see otherwise; of one that is left, the first words."""
    shown = {charset: text for charset, text in plausible.items() if len(text) == len(content)}
    cells = list(_find_cells(content.decode("latin-1")))
    for cell in cells:
        readings = {CHARSETS[charset]: text[cell.start() : cell.end()] for charset, text in shown.items()}
        if len(set(readings.values())) > 1 or len(shown) < 2:
            return Doubt(cell.start(), _keep_different(readings))
    return Doubt(cells[0].start() if cells else 0, {})


def _keep_different(readings: dict[str, str]) -> dict[str, str]:
    first = {words: charset for charset, words in reversed(readings.items())}
    return {charset: words for words, charset in reversed(first.items())}


def restore_words(cell: str) -> str:
    """Return what a cell was before UTF-8 was read as Windows-1252 and saved again (`MÃ¼ller`); '' if that is not sure.

    All of its signs beyond ASCII have to be such bytes. `IRMÃ…` and a French `é »` are, and are words all the same: so
    one of them touches a small letter or is of three bytes, and no letter of another script touches one of ours.
    """
    restored = cell
    while not restored.isascii() and (words := _read_again(restored)):
        restored = words
    return restored if restored != cell else ""


def _read_again(cell: str) -> str:
    """Return the words whose bytes in UTF-8 a cell shows as Windows-1252; '' if it shows none, or others as well."""
    if not any(_is_misread(found, cell) for found in _BEYOND.finditer(cell)):
        return ""
    try:
        words = b"".join(_write_byte(sign) for sign in cell).decode("utf-8")
    except UnicodeError:
        return ""
    beyond = (sign for sign in words if not sign.isascii() and sign not in UNDEFINED)
    is_written = all(unicodedata.category(sign) not in ("Cc", "Cn", "Co") for sign in beyond)
    return words if is_written and not _mixes_scripts(words) else ""


def _write_byte(sign: str) -> bytes:
    """Return the byte that Windows shows as a sign; five bytes without one are kept as control characters."""
    return sign.encode("latin-1" if sign in UNDEFINED else WINDOWS)


def _is_misread(run: re.Match[str], cell: str) -> bool:
    beside = cell[max(run.start() - 1, 0) : run.start()] + cell[run.end() : run.end() + 1]
    return len(run[0]) > 2 or run[0][0] == "Â" or (len(run[0]) == 2 and any(map(str.islower, beside)))


def _mixes_scripts(words: str) -> bool:
    """Return whether a Latin letter stands beside a letter or sign of another script, as in no word of people."""
    pairs = itertools.chain(zip(words, words[1:], strict=False), zip(words[1:], words, strict=False))
    return any(_is_latin(one) and _is_of_another(other) for one, other in pairs)


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and _script_of(sign) == "LATIN"


def _is_of_another(sign: str) -> bool:
    return sign >= "\u0370" and (sign.isalpha() or sign < "\u2000") and not _is_latin(sign)
