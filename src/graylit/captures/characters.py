"""Bytes to characters, in the order of the HTML standard: byte order mark, header, the page's statement, a guess."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from charset_normalizer import from_bytes

from graylit.captures.charsets import find_charset, name_in_python, read_characters
from graylit.captures.signs import drop_forbidden

MARKS = (  # the first that fits counts: the mark of UTF-16 is the beginning of that of UTF-32
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PRESCAN_BYTES = 1024  # of the HTML standard, 13.2.3.2
HEAD_BYTES = 65_536  # where a later statement is looked for, as browsers do too; chosen, not measured
# How many bytes may be faults for each character beyond ASCII. Text of fourteen languages in other sets, read as UTF-8,
# has three or more; a page in UTF-8 with a stray byte has far fewer.
FAULTS_PER_CHARACTER = 2
# What a body without a statement can be in, by the language of its page (HTML standard, 13.2.3.2, step 9, and what was
# in use beside it).
SETS_OF_LANGUAGES = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), ["windows-1250", "iso-8859-2"]),
    **dict.fromkeys(("be", "bg", "mk", "ru", "sr", "uk"), ["windows-1251", "koi8-u", "iso-8859-5", "ibm866"]),
    **dict.fromkeys(("az", "ku", "tr"), ["windows-1254"]),
    **dict.fromkeys(("ar", "fa"), ["windows-1256"]),
    **dict.fromkeys(("et", "lt", "lv"), ["windows-1257"]),
    **{"el": ["windows-1253"], "he": ["windows-1255"], "th": ["windows-874"], "vi": ["windows-1258"]},
    **dict.fromkeys(("af", "ca", "da", "de", "en", "es", "eu", "fi", "fr", "gl", "id", "is"), ["windows-1252"]),
    **dict.fromkeys(("it", "ms", "nb", "nl", "nn", "no", "pt", "sv"), ["windows-1252"]),
    **{"ja": ["shift_jis", "euc-jp"], "ko": ["euc-kr"], "zh": ["gb18030", "big5"]},
}
ALL_SETS = sorted({name for names in SETS_OF_LANGUAGES.values() for name in names})
# Windows-1252, the standard's default, is chosen if another set is better by no more than this (shares of odd
# characters, of likely letters). Of 63 real pages in nine languages, stripped of statements, 62 are read right.
MESS, COHERENCE = 0.01, 0.02
# A body with more control characters than this among its signs is no text. Binary files have a tenth;
# 1,337 real pages (the corpus, and the tests of readability and trafilatura) have 0.0001 at most.
MAX_CONTROLS = 0.01
# "Binary data bytes" of the MIME Sniffing standard.
_CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_TAG = re.compile(
    rb"<!(?=--)(?:.*?-->|.*)|(?P<meta><meta(?=[\t\n\f\r /]))|(?P<tag></?[a-z][^\t\n\f\r >]*)|<[!/?][^>]*>?", re.I | re.S
)
_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"([^\"]*)\"|'([^']*)'|([\"'])|([^\t\n\f\r >]*)))?"
)
_CHARSET = re.compile(rb"charset\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"';][^\s;]*))", re.I)
_HEADER_CHARSET = re.compile(r"(?:^|[;,\s])charset\s*+=\s*+[\"']?\s*+([^\s\"';,]+)", re.I)
_LANGUAGE = re.compile(rb"<html\b[^<>]*?\slang\s*+=\s*+[\"']?([a-z]{2,3})", re.I)
_XML_CHARSET = re.compile(rb"<\?xml[^>]*?encoding[\x00-\x20]*+=[\x00-\x20]*+(?:\"([^\">]*)\"|'([^'>]*)')")
_OPENS_SCRIPT = re.compile(rb"<(script|style|title)\b")


def decode_body(body: bytes, headers: Mapping[str, str], kind: str) -> str | None:
    """Return a body as characters; None if it is no text.

    What states a character set is believed in the order of the HTML standard, unless the bytes speak against it. Bytes
    that are no characters become U+FFFD each, and harm no others. `kind` is 'html' if the page itself may state a set.
    """
    for mark, charset in MARKS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(charset, "replace"))
    stated = list(_list_stated(body, headers, kind))
    for charset in stated:
        words = read_characters(body, charset)
        if _fits(body, words, charset) and (clean := _clean(words)) is not None:
            return clean
    return _clean(read_characters(body, _guess(body) or next(iter(stated), "windows-1252")))


def _clean(words: str) -> str | None:
    """Return words without control characters; None if they have more of them than a text has."""
    clean = drop_forbidden(words)
    return None if clean is not words and _has_many_controls(words) else clean


def _list_stated(body: bytes, headers: Mapping[str, str], kind: str) -> Iterator[str]:
    """Yield the character sets that header and page state, the most binding first."""
    in_header = _HEADER_CHARSET.search(headers.get("content-type", ""))
    if in_header and (charset := find_charset(in_header[1])):
        yield charset
    if kind != "html":
        return
    head = re.split(rb"</head|<body", body[:HEAD_BYTES], maxsplit=1, flags=re.IGNORECASE)[0]
    # What the standard's prescan finds in a script or a title is left for the first element that does state a set.
    charset = prescan(_drop_scripts(head)) or prescan(body[:PRESCAN_BYTES])
    if charset:
        yield charset


def _drop_scripts(head: bytes) -> bytes:
    """Return a head without its scripts, styles and titles, of which what follows `</script` stays."""
    small, kept, end = head.lower(), [], 0
    while opening := _OPENS_SCRIPT.search(small, end):
        kept.append(head[end : opening.start()])
        closing = small.find(b"</" + opening[1], opening.end())
        end = len(head) if closing < 0 else closing + len(b"</" + opening[1])
    return b"".join([*kept, head[end:]])


def _fits(body: bytes, words: str, charset: str) -> bool:
    """Return whether bytes can be of a character set in which they make these words.

    Other sets give nearly every byte a meaning, so a body with faults in one that is whole in UTF-8 is UTF-8; so is one
    that is called UTF-16 and has no zero byte, as the marks and line ends of UTF-16 do.
    """
    n_faults = words.count("\ufffd")
    is_suspect = bool(n_faults) or (charset.startswith("utf-16") and b"\x00" not in body)
    if is_suspect and charset != "utf-8" and _is_utf_8(body):
        return False
    return not n_faults or n_faults <= FAULTS_PER_CHARACTER * (_count_beyond_ascii(words) - n_faults)


def _has_many_controls(words: str) -> bool:
    signs = words.encode("utf-8", "replace")
    return len(signs) - len(signs.translate(None, _CONTROLS)) > len(words) * MAX_CONTROLS


def _count_beyond_ascii(words: str) -> int:
    return len(words) - len(words.encode("ascii", "ignore"))


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(body: bytes) -> str:
    """Return the character set of a body that states none, or a wrong one; '' if nothing can be said."""
    if b"\x1b$B" in body or b"\x1b$@" in body:
        return "iso-2022-jp"  # all ASCII but for its escapes
    half = len(body[:4096]) // 2
    if half and body[1:4096:2].count(0) > half / 4 > 8 * body[:4096:2].count(0):
        return "utf-16le"
    if half and body[:4096:2].count(0) > half / 4 > 8 * body[1:4096:2].count(0):
        return "utf-16be"
    words = body.decode("utf-8", "replace")
    if _is_utf_8(body) or (_fits(body, words, "utf-8") and not _has_many_controls(words)):
        return "utf-8"
    return _guess_by_content(body)


def _guess_by_content(body: bytes) -> str:
    """Return the likeliest character set: of those of the page's language if it states one that fits, else of all."""
    language = _LANGUAGE.search(body[:HEAD_BYTES])
    charsets = SETS_OF_LANGUAGES.get(language[1].decode().lower() if language else "", [])
    best = _find_likeliest(body, charsets) if charsets else None
    if best is not None:
        return best.charset
    best, western = _find_likeliest(body, ALL_SETS), _find_likeliest(body, ["windows-1252"])
    if best and western and western.mess <= best.mess + MESS and western.coherence >= best.coherence - COHERENCE:
        return western.charset
    return best.charset if best else ""


class _Guess(NamedTuple):
    """A character set that a body may be in: its shares of odd characters and of likely letters."""

    charset: str
    mess: float
    coherence: float


def _find_likeliest(body: bytes, charsets: list[str]) -> _Guess | None:
    names = {name_in_python(charset): charset for charset in charsets}
    found = from_bytes(body, cp_isolation=list(names)).best()
    return _Guess(names[found.encoding], found.chaos, found.coherence) if found else None


def prescan(opening: bytes) -> str:
    """Return the character set that the opening of a page states in a meta element or an XML declaration; '' if none.

    Follows "prescan a byte stream to determine its encoding" of the HTML standard, comments skipped.
    """
    if opening.startswith((b"<\0?\0x\0", b"\0<\0?\0x")):
        return "utf-16le" if opening[0] else "utf-16be"
    position = 0
    while tag := _TAG.search(opening, position):
        attributes, position = _read_attributes(opening, tag.end()) if tag.lastgroup else ({}, tag.end())
        if tag["meta"] and (charset := _find_in_meta(attributes)):
            return charset
    in_declaration = _XML_CHARSET.match(opening)
    return _find_in_page(in_declaration[1] or in_declaration[2] or b"") if in_declaration else ""


def _read_attributes(opening: bytes, position: int) -> tuple[dict[bytes, bytes], int]:
    """Return the attributes of a tag by name, the first of a name counts, and where they end."""
    attributes: dict[bytes, bytes] = {}
    while found := _ATTRIBUTE.match(opening, position):
        if found[4]:
            return {}, len(opening)  # a quotation mark without its end
        attributes.setdefault(found[1].lower(), found[2] or found[3] or found[5] or b"")
        position = found.end()
    is_whole = re.compile(rb"[\t\n\f\r /]*>").match(opening, position)
    return (attributes, position) if is_whole else ({}, len(opening))


def _find_in_meta(attributes: Mapping[bytes, bytes]) -> str:
    if b"charset" in attributes:
        return _find_in_page(attributes[b"charset"])
    found = _CHARSET.search(attributes.get(b"content", b""))
    is_pragma = attributes.get(b"http-equiv", b"").lower() == b"content-type"
    return _find_in_page(found[1] or found[2] or found[3] or b"") if found and is_pragma else ""


def _find_in_page(label: bytes) -> str:
    """Return the character set of a label in a page. A page that can be read so far is not in UTF-16."""
    charset = find_charset(label.decode("latin-1"))
    return {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252"}.get(charset, charset)
