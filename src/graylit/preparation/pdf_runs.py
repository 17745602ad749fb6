"""The letters of a PDF page as runs: stretches of words on one line without a wide gap, each with its place and type.

pdfium reads the letters, in the order of the file, each line in the order in which it is read aloud, and says where
words end. What it cannot say is what stands beside what, and what belongs together; see pdf_columns.py.
"""

from __future__ import annotations

import ctypes
import math
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage, PdfTextPage

# In sizes of the letters: a wider gap may be a gutter or lies between cells. Spaces of justified lines are narrower.
WIDE_GAP = 1.0
RAISED = 0.6  # how far, in sizes, notes and indices stand above or below their line; lines are at least 1 apart
BOLD_WEIGHT = 600  # of CSS: semi-bold and above
_BOLD = re.compile(r"bold|black|heavy|demi|(?<![a-z])(?:CMBX|NimbusRomNo9L-Medi|SFBX)", re.IGNORECASE)
_FIXED = re.compile(r"mono|courier|consol|typewriter|menlo|CMTT|SFTT|fixed|NimbusMonL", re.IGNORECASE)
_HYPHENS = "\ufffe\u0002\u00ad"  # as which pdfium and files write a hyphen at the end of a line
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_NAME_BYTES = 256


class Style(NamedTuple):
    """How letters are set; `turn` is how many quarters the line is turned against the clock."""

    size: float
    is_bold: bool
    is_fixed: bool
    turn: int


@dataclass(frozen=True)
class Run:
    """A stretch of words on one line; places are in points along the line and up from it, `order` is as in the file."""

    words: str
    left: float
    right: float
    base: float
    style: Style
    order: int
    bold_share: float = 0.0

    @property
    def size(self) -> float:
        """Return the size of most of its letters in points."""
        return self.style.size


class _Sign(NamedTuple):
    sign: str
    left: float
    right: float
    base: float
    style: Style


@dataclass
class _Open:
    """A run that is being read."""

    signs: list[str] = field(default_factory=list)
    styles: Counter[Style] = field(default_factory=Counter)
    left: float = math.inf
    right: float = -math.inf
    base: float = 0.0
    tallest: float = 0.0
    last: _Sign | None = None

    def takes(self, sign: _Sign) -> bool:
        """Return whether a sign goes on with the run."""
        last = self.last
        if last is None:
            return True
        size = max(last.style.size, sign.style.size)
        gap = max(sign.left - last.right, last.left - sign.right)
        rise = min(abs(sign.base - self.base), abs(sign.base - last.base))
        return sign.style.turn == last.style.turn and gap <= WIDE_GAP * size and rise <= RAISED * size

    def add(self, sign: _Sign, is_apart: bool) -> None:
        """Add a sign, behind a space if it begins a word."""
        if is_apart and self.signs:
            self.signs.append(" ")
        self.signs.append(sign.sign)
        self.styles[sign.style] += 1
        self.left, self.right = min(self.left, sign.left), max(self.right, sign.right)
        if sign.style.size > self.tallest:
            self.base, self.tallest = sign.base, sign.style.size
        self.last = sign

    def close(self, order: int) -> Run:
        """Return the run; its style is that of most of its signs."""
        style = max(self.styles, key=lambda style: (self.styles[style], style))
        bold = sum(count for style, count in self.styles.items() if style.is_bold)
        share = bold / self.styles.total()
        # Two halves of a sign make one, and half a sign none.
        words = "".join(self.signs).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return Run(unicodedata.normalize("NFC", words), self.left, self.right, self.base, style, order, share)


def read_runs(page: PdfPage) -> list[Run]:
    """Return the runs of a page in the order of the file."""
    runs: list[Run] = []
    now, is_apart = _Open(), False
    for sign in _list_signs(page):
        if sign is None:
            is_apart = True
            continue
        if not now.takes(sign):
            runs.append(now.close(len(runs)))
            now = _Open()
        now.add(sign, is_apart)
        is_apart = False
    return [*runs, now.close(len(runs))] if now.signs else runs


def _list_signs(page: PdfPage) -> Iterator[_Sign | None]:
    """Yield the signs of a page, and None between words."""
    text = page.get_textpage()
    styles: dict[int | None, Style] = {}
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    for number in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, number)
        sign = chr(code) if code <= sys.maxunicode else "\ufffd"
        if sign.isspace() or sign == "\0":
            yield None
            continue
        part = pdfium.FPDFText_GetTextObject(text, number)
        key = ctypes.cast(part, ctypes.c_void_p).value
        if key not in styles:
            styles[key] = _read_style(text, number, part)
        pdfium.FPDFText_GetCharOrigin(text, number, x, y)
        pdfium.FPDFText_GetLooseCharBox(text, number, box)
        yield _place(_write(sign), (x.value, y.value), (box.left, box.bottom, box.right, box.top), styles[key])
    text.close()


def _write(sign: str) -> str:
    """Return a sign as it is written in texts: hyphens as such, ligatures as their letters."""
    if sign in _HYPHENS:
        return "-"
    return unicodedata.normalize("NFKC", sign) if _LIGATURES.match(sign) else sign


def _place(sign: str, origin: tuple[float, float], box: tuple[float, float, float, float], style: Style) -> _Sign:
    """Return a sign at its place along its line and up from it."""
    (x, y), (left, bottom, right, top) = origin, box
    if style.turn == 0:
        return _Sign(sign, left, right, y, style)
    if style.turn == 1:
        return _Sign(sign, bottom, top, -x, style)
    if style.turn == 2:
        return _Sign(sign, -right, -left, -y, style)
    return _Sign(sign, -top, -bottom, x, style)


def _read_style(text: PdfTextPage, number: int, part: ctypes._Pointer | None) -> Style:
    """Return the style of a part of a page, of which one letter is known by its number."""
    matrix = pdfium.FS_MATRIX(1, 0, 0, 1, 0, 0)
    pdfium.FPDFText_GetMatrix(text, number, matrix)
    size = abs(pdfium.FPDFText_GetFontSize(text, number)) * math.hypot(matrix.c, matrix.d)
    quarters = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
    name, weight = _read_font(part)
    is_bold = bool(_BOLD.search(name)) or weight >= BOLD_WEIGHT
    # Sizes differ by hundredths where they are meant to be the same.
    return Style(round(max(size, 0.1), 1) if math.isfinite(size) else 0.1, is_bold, bool(_FIXED.search(name)), quarters)


def _read_font(part: ctypes._Pointer | None) -> tuple[str, int]:
    """Return the name and the weight of the font of a part of a page."""
    font = pdfium.FPDFTextObj_GetFont(part) if part else None
    if not font:
        return "", 0
    buffer = ctypes.create_string_buffer(_NAME_BYTES)
    n_bytes = pdfium.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES)
    name = buffer.value.decode("utf-8", "replace") if n_bytes <= _NAME_BYTES else ""
    return name, pdfium.FPDFFont_GetWeight(font)
