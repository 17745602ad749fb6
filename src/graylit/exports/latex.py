"""Format tables in LaTeX (booktabs); every cell is set as text, whatever it holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

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
        "−": r"\ensuremath{-}",
        "→": r"\ensuremath{\rightarrow}",
        "≥": r"\ensuremath{\geq}",
        "≤": r"\ensuremath{\leq}",
    }
)


def escape_latex(text: str) -> str:
    """Return a text that LaTeX sets as it is: nothing in it is a command, and nothing invisible is left."""
    return "".join(filter(_is_set, " ".join(text.split()))).translate(_ESCAPES)


def _is_set(character: str) -> bool:
    """Return whether LaTeX has a glyph for a character as a rule: pictures are left out, as is what nobody sees."""
    kind = unicodedata.category(character)
    is_picture = kind == "So" and character >= "\u2190"
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
