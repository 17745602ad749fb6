"""Names that people wrote: which of them look alike and are written otherwise."""

from __future__ import annotations

import re
import unicodedata

# What nobody sees: controls and signs of format (Cc, Cf), fillers, and the choice of a sign's variant.
_UNSEEN = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def drop_unseen(name: str) -> str:
    """Return a name without signs that nobody sees; blanks stay."""
    kept = (sign for sign in name if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf"))
    return _UNSEEN.sub("", "".join(kept))


def strip_blanks(name: str) -> str:
    """Return a name without blanks and signs that nobody sees at its ends."""
    stripped = name.strip()
    if stripped.isascii() and stripped.isprintable():
        return stripped
    while stripped and not drop_unseen(stripped[0]).strip():
        stripped = stripped[1:]
    while stripped and not drop_unseen(stripped[-1]).strip():
        stripped = stripped[:-1]
    return stripped


def _space(name: str) -> str:
    return " ".join(name.split())


def _compose(name: str) -> str:
    return unicodedata.normalize("NFC", name)


# From what a reader sees least to what is most likely meant, each on top of those before it.
_STEPS = {
    "blanks": _space,
    "signs that nobody sees": lambda name: _space(drop_unseen(name)),
    "Unicode form (NFC or NFD)": _compose,
    "upper and lower case": lambda name: _compose(_compose(name).casefold()),
    "forms of the same signs": lambda name: _space(unicodedata.normalize("NFKC", name).casefold()),
}


def fold_name(name: str) -> str:
    """Return what a name has in common with every name that looks like it."""
    for step in _STEPS.values():
        name = step(name)
    return name


def explain_difference(name: str, other: str) -> str:
    """Return in what two names that look alike differ."""
    for what, step in _STEPS.items():
        name, other = step(name), step(other)
        if name == other:
            return what
    return "nothing that is seen"
