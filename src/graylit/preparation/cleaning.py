"""What no text keeps: characters that XML forbids, and signs that nobody sees and that cut words."""

from __future__ import annotations

import re

from graylit.captures.signs import drop_forbidden
from graylit.languages.words import SOUTHEAST_ASIAN

# Soft hyphens and word joiners say where a line may or may not end. A zero width space says the same, but in scripts
# without spaces it says where a word ends. Joiners of letters (U+200C, U+200D) are part of words and of emoji.
# Marks of direction and operators that are not written are kept, unless a word goes on behind them.
_UNSEEN = re.compile(rf"[\u00ad\u2060\ufeff]|(?<![{SOUTHEAST_ASIAN}])\u200b|\u200b(?![{SOUTHEAST_ASIAN}])")
_UNSEEN_IN_WORD = re.compile(r"(?<=\w)[\u061c\u200e\u200f\u202a-\u202e\u2061-\u2069]+(?=\w)")
# Much faster to look for.
_MAY_BE_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_words(words: str) -> str:
    """Return words without forbidden and unseen signs; what is clean stays as it is."""
    allowed = drop_forbidden(words)
    return _UNSEEN_IN_WORD.sub("", _UNSEEN.sub("", allowed)) if _MAY_BE_UNSEEN.search(allowed) else allowed
