"""Single characters that no text may hold: those that XML forbids, and halves of characters."""

from __future__ import annotations

import re

# https://www.w3.org/TR/xml/#charsets. One of them makes the extractor give up a whole page.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


# The same in UTF-8, which is ten times faster to go through.
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20)])
_NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")


def drop_forbidden(words: str) -> str:
    """Return words without the characters that XML forbids; a page or line break among them becomes a blank."""
    if words.isprintable() or not _has_forbidden(words):
        return words
    # Two halves of a character that stand together are that character; a half alone is an unknown one.
    whole = words.encode("utf-16", errors="surrogatepass").decode("utf-16", errors="replace")
    return FORBIDDEN.sub(lambda sign: " " if sign[0] in "\x0b\x0c" else "", whole)


def _has_forbidden(words: str) -> bool:
    try:
        signs = words.encode("utf-8")
    except UnicodeEncodeError:  # half of a character
        return True
    return len(signs.translate(None, _CONTROLS)) < len(signs) or any(sign in signs for sign in _NONCHARACTERS)
