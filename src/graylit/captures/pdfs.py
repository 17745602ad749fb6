"""PDF files: what can go wrong with them."""

from __future__ import annotations

from pypdf.errors import DependencyError, DeprecationError, PyPdfError

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
