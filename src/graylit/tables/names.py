"""Names that people wrote: which can name a file, and which look alike and are written otherwise."""

from __future__ import annotations

import hashlib
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


# What word processors put in the place of what was typed: apostrophes, quotation marks, hyphens.
_TYPOGRAPHY = str.maketrans("\u2018\u2019\u02bc\u0060\u00b4\u201c\u201d\u2010\u2011\u2013\u2014", "'''''\"\"----")


# From what a reader sees least to what is most likely meant, each on top of those before it.
_STEPS = {
    "blanks": _space,
    "signs that nobody sees": lambda name: _space(drop_unseen(name)),
    "Unicode form (NFC or NFD)": _compose,
    "the form of apostrophes, quotation marks or hyphens": lambda name: name.translate(_TYPOGRAPHY),
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


_INSIDE = " .,-_'’·@+&()"  # what may stand in a person's name besides letters and digits; none is a wildcard or a path
# Files that Windows keeps for devices, whatever their ending.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_MOST_BYTES = 200  # of a name in UTF-8: with an ending it stays below the 255 that file systems take. Chosen
_PREFIX_SIGNS, _DIGEST_SIGNS = 60, 6  # of the start of ids made of a name: chosen, so that no two of a study are alike


def is_device(name: str) -> bool:
    """Return whether Windows takes a file of this name for a device, such as con, nul or com1."""
    return bool(_DEVICE.fullmatch(name))


def is_person(name: str) -> bool:
    """Return whether a name can be a person's in tables, files and addresses, on every system.

    It has letters and digits of any script, and inside it single blanks and what names are written with. Systems
    take its composed form (NFC) and its decomposed one for two files or for one, so only the first is allowed.
    """
    if not 0 < len(name) <= 100 or len(name.encode()) > _MOST_BYTES or drop_unseen(name) != name:
        return False
    if not unicodedata.is_normalized("NFC", name) or "  " in name or is_device(name):
        return False
    is_ended = name[0].isalnum() and (_is_letter(name[-1]) or name[-1] == ")")
    return is_ended and all(_is_letter(sign) or sign in _INSIDE for sign in name)


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or sign.isdecimal()


def compose_name(name: str) -> str:
    """Return a name in its composed form (NFC): keyboards and file systems of Macs may give another."""
    return unicodedata.normalize("NFC", name)


def quote_name(name: str) -> str:
    """Return a person's name as it is typed in a command: no sign of one means anything to a shell within quotes."""
    return name if re.fullmatch(r"[A-Za-z0-9_.-]+", name) else f'"{name}"'


def name_ids(name: str) -> str:
    """Return how the ids of a person's rows start: the name itself, or its Latin letters and a digest of it.

    Two people on two machines who know nothing of each other get ids that differ.
    """
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", name) and len(name) <= _PREFIX_SIGNS:
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    latin = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:_PREFIX_SIGNS]
    latin = latin if latin[:1].isalpha() else f"coder-{latin}".strip("-")
    return f"{latin}-{hashlib.sha256(name.encode()).hexdigest()[:_DIGEST_SIGNS]}"
