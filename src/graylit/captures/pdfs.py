"""PDF files: how they are opened, and what can go wrong with them."""

from __future__ import annotations

import io

from pypdf import PdfReader
from pypdf.errors import DependencyError, DeprecationError, PyPdfError

from graylit.captures.kinds import find_pdf

# What pypdf raises for damaged or unusual files, found by changing bytes of good ones at random.
PDF_ERRORS = (
    PyPdfError,
    DependencyError,  # encrypted with AES, for which pypdf needs a library of its own
    DeprecationError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def open_pdf(body: bytes) -> PdfReader:
    """Return a reader of a PDF. Places in it count from its header (ISO 32000-1, 7.5.2), so what precedes it is left.

    Raises one of PDF_ERRORS if it cannot be read.
    """
    return PdfReader(io.BytesIO(body[max(find_pdf(body), 0) :]))
