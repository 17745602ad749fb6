"""Signs beyond ASCII in LaTeX: which are set as they are, and what stands for the others.

pdfLaTeX stops at a sign that it has no table for (`Unicode character … not set up for use with LaTeX`). In tables such
signs are written as commands. A bibliography keeps them, since biber reads some commands and leaves others; for it
`signs.tex` declares them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

FILE = "signs.tex"
_HEAD = r"""% Signs of tables and bibliography that pdfLaTeX does not know. Put \input{signs} before \begin{document}.
% LuaLaTeX and XeLaTeX need none of it. With amssymb more signs look as they should.
\ifdefined\Umathchar\else
"""
_LETTER = re.compile(r"LATIN (?:LETTER )?(CAPITAL|SMALL|SMALL CAPITAL)(?: LETTER)? ([A-Z])(?: WITH .*)?")
# Commands that LaTeX defines only to say that a package is needed.
_EMPTY = {"Box", "Diamond", "Join", "leadsto", "lhd", "mho", "rhd", "sqsubset", "sqsupset", "unlhd", "unrhd"}
_UNSEEN = ("Cc", "Cf", "Co", "Cs")  # control, format (marks of direction, too), private use, half characters
ESCAPES = str.maketrans(
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
    "[\u00a0-\u0125\u0128-\u0137\u0139-\u013e\u0141-\u0148\u014a-\u0165\u0168-\u017e\u0218-\u021b\u02c6\u02dc\u2013\u2014"
    "\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2031\u2039\u203a\u203b\u203d\u2044\u20a1\u20a4\u20a6\u20a9\u20ab"
    "\u20ac\u20b1\u2103\u2116\u2117\u211e\u2120\u2122\u2126\u2190-\u2193\u266a]"
)
# The commands for formulas that LaTeX has without any package; pylatexenc names others, too.
_COMMANDS = """
Delta Downarrow Gamma Lambda Leftarrow Leftrightarrow Longleftarrow Longleftrightarrow Longrightarrow Omega Phi
Pi Psi Rightarrow Sigma Theta Uparrow Updownarrow Upsilon Vert Xi acute aleph alpha amalg angle approx asymp
beta bigcap bigcirc bigcup bigtriangledown bigtriangleup bigvee bigwedge bowtie bullet cap cdot cdots chi circ
cong coprod cup dashv ddot ddots delta diamond dot doteq ell ensuremath epsilon equiv eta exists forall frown
gamma geq gg hbar hookleftarrow hookrightarrow in infty int iota kappa lambda langle lceil leftharpoondown
leftharpoonup leftrightarrow leq lfloor ll lmoustache longleftarrow longleftrightarrow longmapsto longrightarrow
mapsto mathbf mathbin mathit mathsf mathtt mid mp mu nabla nearrow neq ni not notin nu nwarrow odot oint omega
ominus oplus oslash otimes parallel partial perp phi pi pm prec preceq prod propto psi rangle rceil rfloor rho
rightharpoondown rightharpoonup rightleftharpoons rmoustache searrow sigma sim simeq smile sqcap sqcup sqrt
sqsubseteq sqsupseteq stackrel star subset subseteq succ succeq sum supset supseteq swarrow tau theta times top
triangleleft triangleright updownarrow uplus upsilon varepsilon varphi varpi varrho varsigma vartheta vdash
vdots vee wedge wp wr xi zeta
"""
_OF_EVERY_LATEX = frozenset(_COMMANDS.split())


def is_set_as_it_is(sign: str) -> bool:
    """Return whether pdfLaTeX sets a sign that is not ASCII without further ado."""
    return bool(_SET.fullmatch(sign))


def has_glyph(character: str) -> bool:
    """Return whether LaTeX has a glyph for a character as a rule: pictures are left out, as is what nobody sees."""
    kind = unicodedata.category(character)
    is_picture = kind == "So" and character >= "\u2190" and unicodedata.normalize("NFKC", character) == character
    return kind not in _UNSEEN and not is_picture and character != "\ufe0f"


@cache
def write_sign(sign: str) -> str:
    """Return a sign beyond ASCII so that every LaTeX sets it; a letter of another script stays as it is."""
    if is_set_as_it_is(sign) or _is_of_another_script(sign):
        return sign
    return _write_for_all(sign) or f"{{\\ifdefined\\Umathchar {sign}\\else {_write_nearest(sign)}\\fi}}"


def _is_of_another_script(sign: str) -> bool:
    is_sign = "\u2100" <= sign < "\u2190" or unicodedata.name(sign, "").startswith(("LATIN", "MODIFIER"))
    return unicodedata.category(sign).startswith("L") and not is_sign and not _write_for_all(sign)


def _write_for_all(sign: str) -> str:
    """Return a sign as commands that every LaTeX has; '' if there are none."""
    return _PLAIN.get(sign) or write_marks(sign) or _write_formula(sign) or _write_alike(sign)


def write_marks(letter: str) -> str:
    """Return a letter with its marks as commands of LaTeX; '' if it has none, or one that LaTeX has no command for."""
    parts = unicodedata.normalize("NFD", letter)
    return _write_accents(parts) if len(parts) > 1 and set(parts[1:]) <= _ACCENTS.keys() else ""


def _write_accents(parts: str) -> str:
    """Return a letter and its marks, taken apart, as commands of LaTeX; marks without a command are left out.

    It is '' if there is no mark, or the letter is not one of ASCII.
    """
    letter, marks = parts[0], parts[1:]
    if not marks or not letter.isascii():
        return ""
    for mark in filter(_ACCENTS.__contains__, marks):
        letter = rf"\{_ACCENTS[mark]}{{{letter}}}"
    return letter


def _write_formula(sign: str) -> str:
    """Return a sign as a formula; '' if there is none that every LaTeX sets."""
    formula = _find_formula(sign)
    return formula if set(re.findall(r"\\([A-Za-z]+)", formula)) <= _OF_EVERY_LATEX else ""


def _find_formula(sign: str) -> str:
    """Return a sign as a formula, if need be with commands of packages; '' if there is none."""
    from pylatexenc.latexencode import unicode_to_latex

    found = unicode_to_latex(sign, unknown_char_policy="keep", unknown_char_warning=False)
    return found if found.startswith(r"\ensuremath") else ""


def _write_alike(sign: str) -> str:
    """Return the plain signs that another one stands for, such as 'fi' for a ligature and '1' in a circle."""
    plain = unicodedata.normalize("NFKC", sign)
    parts = [_write_part(part) for part in plain] if plain != sign else []
    return "".join(parts) if all(parts) else ""


def _write_part(part: str) -> str:
    if part.isascii():
        return part.translate(ESCAPES)
    return part if is_set_as_it_is(part) else _write_for_all(part)


def _write_nearest(sign: str) -> str:
    """Return what pdfLaTeX sets in place of a sign that no command stands for."""
    if unicodedata.category(sign).startswith("M"):
        return ""  # a mark without a letter of its own: the letter before it stays
    number = f"{{[}}U+{ord(sign):04X}{{]}}"
    return _write_bare_letter(sign) or _write_if_known(_find_formula(sign), number) or number


def _write_bare_letter(sign: str) -> str:
    """Return a Latin letter with the marks that LaTeX has commands for, the others left out; '' if it is none."""
    if plain := _write_accents(unicodedata.normalize("NFD", sign)):
        return plain
    found = _LETTER.fullmatch(unicodedata.name(sign, ""))
    return (found[2].lower() if found[1] == "SMALL" else found[2]) if found else ""


def _write_if_known(formula: str, number: str) -> str:
    """Return a formula of one command that is set if a package has defined the command, else the sign's number."""
    found = re.fullmatch(r"\\ensuremath\{(\\([A-Za-z]+))\}", formula)
    if not found or found[2] in _EMPTY:
        return ""
    return f"\\ifdefined{found[1]}{formula}\\else {number}\\fi"


def format_signs(contents: Iterable[str]) -> str:
    """Return declarations for the signs of some files that pdfLaTeX stops at."""
    words = unicodedata.normalize("NFC", "".join(contents))
    signs = {sign for sign in words if not sign.isascii() and has_glyph(sign) and not is_set_as_it_is(sign)}
    shown = ((sign, _write_for_all(sign) or _write_nearest(sign)) for sign in sorted(signs))
    lines = [f"\\DeclareUnicodeCharacter{{{ord(sign):04X}}}{{{words}}}\n" for sign, words in shown]
    return "".join([_HEAD, *lines, "\\fi\n"])
