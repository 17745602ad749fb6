"""Single characters that no text may hold: those that XML forbids, and halves of characters."""

from __future__ import annotations

import re

# https://www.w3.org/TR/xml/#charsets. One of them makes the extractor give up a whole page.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# The same in UTF-8, which is ten times faster to go through.
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NONCHARACTERS, _BEGINS_NONCHARACTER = (b"\xef\xbf\xbe", b"\xef\xbf\xbf"), b"\xef\xbf"


def drop_forbidden(words: str) -> str:
    """Return words without the characters that XML forbids, the same object if it has none.

    A page or line break among them becomes a blank.
    """
    if words.isprintable() or not _has_forbidden(words):
        return words
    # Two halves of a character that stand together are that character; a half alone is an unknown one.
    whole = words.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")
    return FORBIDDEN.sub(lambda sign: " " if sign[0] in "\x0b\x0c" else "", whole)


def encode_allowed(words: str) -> bytes:
    """Return words in UTF-8, without the characters that XML forbids."""
    try:
        signs = words.encode("utf-8")
    except UnicodeEncodeError:  # half of a character
        return drop_forbidden(words).encode("utf-8")
    return drop_forbidden(words).encode("utf-8") if _holds_forbidden(signs) else signs


def _has_forbidden(words: str) -> bool:
    try:
        return _holds_forbidden(words.encode("utf-8"))
    except UnicodeEncodeError:
        return True


def _holds_forbidden(signs: bytes) -> bool:
    if len(signs.translate(None, _CONTROLS)) < len(signs):
        return True
    return _BEGINS_NONCHARACTER in signs and any(sign in signs for sign in _NONCHARACTERS)
