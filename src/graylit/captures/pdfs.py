"""PDF files: how they are opened, and what can go wrong with them."""

from __future__ import annotations

from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

from graylit.captures.kinds import find_pdf

# What opening raises: what pdfium says of a file, and what Python says of what stands in it.
PDF_ERRORS = (PdfiumError, ValueError)


def open_pdf(body: bytes) -> PdfDocument:
    """Return a PDF. Places in it count from its header (ISO 32000-1, 7.5.2), so what precedes it is left.

    Raises one of PDF_ERRORS if it cannot be read.
    """
    return PdfDocument(body[max(find_pdf(body), 0) :])


def is_locked(error: Exception) -> bool:
    """Return whether a PDF could not be opened because it needs a password, or a way of encryption nobody knows."""
    return getattr(error, "err_code", None) in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY)
