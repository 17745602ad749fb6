"""The links of a PDF: those that can be clicked, and addresses that stand in its text, with the words around them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage

from graylit.captures.pdfs import open_pdf

MAX_LENGTH = 2_000  # bytes of an address: chosen, longer ones are no links to pages
MAX_WORDS = 300  # characters of what a link covers: chosen
Placed = tuple[str, str, str, int]  # where it leads, its words, the text of its page, and where the words begin


def list_pdf_links(body: bytes) -> Iterator[Placed]:
    """Yield the links of a PDF, page by page; pages that are too damaged have none.

    Raises one of PDF_ERRORS if the file cannot be read.
    """
    document = open_pdf(body)
    try:
        for number in range(len(document)):
            yield from _read_page(document, number)
    finally:
        document.close()


def _read_page(document: PdfDocument, number: int) -> list[Placed]:
    try:
        page = document[number]
    except PdfiumError:
        return []
    try:
        text_page = page.get_textpage()
    except PdfiumError:
        page.close()
        return []
    text = text_page.get_text_bounded()
    found = [(url, words, text, text.find(words) if words else -1) for url, words in _list_clickable(page, text_page)]
    named = {url.rstrip("/") for url, *_ in found}
    found += [(url, "", text, -1) for url in _list_written(text_page) if url.rstrip("/") not in named]
    text_page.close()
    page.close()
    return found


def _list_clickable(page: PdfPage, text_page: PdfTextPage) -> Iterator[tuple[str, str]]:
    """Yield where each annotation of a page leads, and the words that it covers; parts of one link are one."""
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    parts: dict[str, list[str]] = {}
    while pdfium.FPDFLink_Enumerate(page, position, link):
        action = pdfium.FPDFLink_GetAction(link)
        length = pdfium.FPDFAction_GetURIPath(page.pdf, action, None, 0) if action else 0
        box = pdfium.FS_RECTF()
        if 1 < length <= MAX_LENGTH and pdfium.FPDFLink_GetAnnotRect(link, box):
            buffer = ctypes.create_string_buffer(length)
            pdfium.FPDFAction_GetURIPath(page.pdf, action, buffer, length)
            words = text_page.get_text_bounded(box.left, box.bottom, box.right, box.top)[:MAX_WORDS]
            parts.setdefault(buffer.value.decode("utf-8", errors="replace"), []).append(words)
    for url, words in parts.items():
        yield url, " ".join(" ".join(words).split())


def _list_written(text_page: PdfTextPage) -> Iterator[str]:
    """Yield the addresses that stand in the text of a page, also over two lines."""
    links = pdfium.FPDFLink_LoadWebLinks(text_page)
    if not links:
        return
    for number in range(pdfium.FPDFLink_CountWebLinks(links)):
        length = pdfium.FPDFLink_GetURL(links, number, None, 0)
        if 1 < length <= MAX_LENGTH:
            buffer = (ctypes.c_ushort * length)()
            pdfium.FPDFLink_GetURL(links, number, buffer, length)
            yield bytes(buffer).decode("utf-16-le", errors="replace").rstrip("\0")
    pdfium.FPDFLink_CloseWebLinks(links)
