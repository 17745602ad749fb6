"""Format tables in LaTeX (booktabs); every cell is set as text, whatever it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

_UNSEEN = ("Cc", "Cf", "Co", "Cs")  # control, format (marks of direction, too), private use, half characters
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibLaTeX would still count \{ as a brace
        "}": r"\textbraceright{}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "%": r"\%",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        "`": r"\textasciigrave{}",
        '"': r"{\textquotedbl}",
        "[": "{[}",  # after the end of a row it would be an option
        "]": "{]}",
    }
)
# Marks over and under letters, as commands that every LaTeX has.
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0326": "c", "\u0327": "c",
    "\u0328": "k", "\u0331": "b",
}  # fmt: skip
# Signs that neither pdfLaTeX's own tables nor pylatexenc's formulas have, in plain signs of the same look.
_PLAIN = {"\u2010": "-", "\u2011": "-", "ʼ": "’", "ʻ": "‘", "ʹ": "’", "′": "’", "″": "”", "ˈ": "’", "ẞ": "SS"}
# What pdfLaTeX sets as it is, with the fonts T1 and TS1: Latin letters, quotation marks, dashes, currencies, fractions.
_SET = re.compile(
    "[\u00a1-\u017f\u0218-\u021b\u02c6\u02da\u02dc\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2031"
    "\u2039\u203a\u203b\u203d\u2044\u20a1\u20a4\u20a6\u20a9\u20ab\u20ac\u20b1\u2103\u2116\u2117\u211e\u2120\u2122\u2126"
    "\u2190-\u2193\u266a]"
)


def escape_latex(text: str) -> str:
    """Return a text that LaTeX sets as it is: nothing in it is a command, and nothing invisible is left.

    Letters and signs that pdfLaTeX has no table for are written as commands. Those of other scripts than the Latin one
    stay: LuaLaTeX and XeLaTeX set them.
    """
    characters = filter(_is_set, " ".join(unicodedata.normalize("NFC", text).split()))
    return "".join(map(_escape_sign, characters))


@cache
def _escape_sign(sign: str) -> str:
    if sign.isascii():
        return sign.translate(_ESCAPES)
    if _SET.fullmatch(sign):
        return sign
    return _PLAIN.get(sign) or _write_accents(sign) or _write_formula(sign) or _write_alike(sign) or sign


def _write_accents(sign: str) -> str:
    """Return a letter with marks as commands of LaTeX; '' if it has none, or one that LaTeX has no command for."""
    letter, *marks = list(unicodedata.normalize("NFD", sign))
    if not marks or not letter.isascii() or not set(marks) <= _ACCENTS.keys():
        return ""
    for mark in marks:
        letter = rf"\{_ACCENTS[mark]}{{{letter}}}"
    return letter


def _write_formula(sign: str) -> str:
    """Return a sign as a formula; '' if there is none that every LaTeX sets."""
    from pylatexenc.latexencode import unicode_to_latex

    found = unicode_to_latex(sign, unknown_char_policy="keep", unknown_char_warning=False)
    return found if found.startswith(r"\ensuremath") else ""


def _write_alike(sign: str) -> str:
    """Return the plain signs that another one stands for, such as 'fi' for a ligature and '1' in a circle."""
    plain = unicodedata.normalize("NFKC", sign)
    return "".join(map(_escape_sign, plain)) if plain != sign else ""


def _is_set(character: str) -> bool:
    """Return whether LaTeX has a glyph for a character as a rule: pictures are left out, as is what nobody sees."""
    kind = unicodedata.category(character)
    is_picture = kind == "So" and character >= "\u2190" and unicodedata.normalize("NFKC", character) == character
    return kind not in _UNSEEN and not is_picture and character != "\ufe0f"


def format_table(head: Sequence[str], rows: Iterable[Sequence[object]], columns: str, caption: str, label: str) -> str:
    """Return a table that may run over several pages, its cells escaped; `columns` are longtable's."""
    lines = [
        f"\\begin{{longtable}}{{{columns}}}",
        f"\\caption{{{escape_latex(caption)}}}\\label{{{label}}}\\\\",
        "\\toprule",
        _format_row(head),
        "\\midrule\\endfirsthead",
        "\\toprule",
        _format_row(head),
        "\\midrule\\endhead",
        "\\bottomrule\\endlastfoot",
        *map(_format_row, rows),
        "\\end{longtable}",
    ]
    return "\n".join(lines) + "\n"


def _format_row(cells: Sequence[object]) -> str:
    return " & ".join(escape_latex(str(cell)) for cell in cells) + r" \\"
