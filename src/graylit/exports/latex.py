"""Format tables in LaTeX (booktabs); every cell is set as text, whatever it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from graylit.exports.latex_signs import ESCAPES, has_glyph, write_marks, write_sign

_LETTERS = re.compile(".[\u0300-\u036f]*", re.DOTALL)  # with the marks that follow each


def escape_latex(text: str) -> str:
    """Return a text that LaTeX sets as it is: nothing in it is a command, and nothing invisible is left.

    Letters and signs that pdfLaTeX has no table for are written as commands. Letters of other scripts stay: LuaLaTeX
    and XeLaTeX set them, and pdfLaTeX shows their numbers once it has read the export's signs.tex.
    """
    return "".join(map(_escape_letter, _LETTERS.findall(_tidy(text))))


def escape_signs_of_ascii(text: str) -> str:
    """Return a text for a bibliography: biber reads every other sign as it is, and half of those that are commands."""
    return _tidy(text).translate(ESCAPES)


def _tidy(text: str) -> str:
    return "".join(filter(has_glyph, " ".join(unicodedata.normalize("NFC", text).split())))


def _escape_letter(letter: str) -> str:
    """Return a letter with the marks that stand over or under it."""
    return (len(letter) > 1 and write_marks(letter)) or "".join(map(_escape_sign, letter))


def _escape_sign(sign: str) -> str:
    return sign.translate(ESCAPES) if sign.isascii() else write_sign(sign)


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
