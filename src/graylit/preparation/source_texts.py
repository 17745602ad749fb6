"""From captured pages to texts: what a page says, by what it is, and the text of a source from those of its pages."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from graylit.captures.characters import decode_body
from graylit.captures.choosing import choose_telling, digest_pages, is_held
from graylit.captures.groups import read_capture
from graylit.captures.kinds import tell_kind
from graylit.captures.page_trees import read_tree
from graylit.captures.warcs import Response
from graylit.languages.words import count_words
from graylit.preparation.cleaning import clean_words
from graylit.preparation.markup import read_blocks
from graylit.preparation.page_markup import write_posts
from graylit.preparation.page_texts import read_page
from graylit.preparation.post_places import PostPlace, continue_posts
from graylit.preparation.text_rows import start_row
from graylit.preparation.transcripts import is_transcript, read_transcript
from graylit.tables.rows import Cells, Row

if TYPE_CHECKING:
    from graylit.preparation.pdf_texts import PdfText

TAG = re.compile("<[a-z]", re.IGNORECASE)  # without one, what is called HTML is text or data of another kind
MIN_WORDS = 20  # ASSUME: fewer words than this are no text to code but a notice, an error or an empty shell


@dataclass(frozen=True)
class Text:
    """What extraction made of one response."""

    outcome: str
    words: str = ""
    extractor: str = ""
    title: str = ""
    author: str = ""
    published: str = ""
    site: str = ""
    language: str = ""
    canonical_url: str = ""
    page_kind: str = ""
    kind_probability: str = ""
    way: str = ""
    note: str = ""
    posts: tuple[PostPlace, ...] = ()


NO_TEXT = Text("not_captured")


def extract_text(response: Response, url: str, captured_at: str, keep_code_blocks: bool) -> Text:
    """Return the text of a response, by what it is: HTML, PDF, Markdown or plain text."""
    kind = tell_kind(response.body, response.headers, url)
    if kind == "html":
        text = extract_html(response, url, captured_at, keep_code_blocks)
    elif kind == "pdf":
        text = extract_pdf(response.body)
    elif kind == "text":
        text = extract_plain(response)
    else:
        return Text("unsupported_type", note=f"media type {kind}")
    text = clean_text(text)
    if text.outcome == "extracted" and count_words(text.words) < MIN_WORDS:
        note = "; ".join(filter(None, [f"fewer than {MIN_WORDS} words of running text", text.note]))
        return replace(text, outcome="empty_text", words="", posts=(), note=note)
    return text


def clean_text(text: Text) -> Text:
    """Return a text of which neither the words nor what is said about it hold signs that no text keeps."""
    clean = {name: clean_words(value) for name, value in vars(text).items() if name != "posts"}
    return Text(**clean, posts=text.posts)


def extract_html(response: Response, url: str, captured_at: str, keep_code_blocks: bool) -> Text:
    """Return the main text of a page without menus and notices, how it was read, and its metadata."""
    page = decode_body(response.body, response.headers, "html")
    tree = read_tree(page) if page and TAG.search(page) else None
    if tree is None:
        outcome = "unreadable" if response.body.strip() else "empty_text"
        return Text(outcome, extractor=name_version("trafilatura"))
    found = read_page(tree, url, captured_at)
    about = vars(found.about)
    if found.body is None:
        return Text("empty_text", extractor=name_version("trafilatura"), **about)
    words, posts = write_posts(found.body, keep_code_blocks)
    return Text(
        "extracted",
        words=words,
        posts=posts,
        extractor=name_version("trafilatura" if found.way == "article" else "graylit"),
        page_kind=found.kind,
        kind_probability=f"{found.probability:.2f}",
        way=found.way,
        **about,
    )


@functools.cache
def name_version(package: str) -> str:
    """Return a package with its version, such as 'trafilatura 2.3.1'; looking it up takes milliseconds."""
    return f"{package} {version(package)}"


def extract_pdf(body: bytes) -> Text:
    """Return the words of a PDF without running headers and footers, and how many of their words were left out."""
    # Loaded only for texts that need it: the library takes longer than the rest.
    from graylit.captures.pdfs import PDF_ERRORS
    from graylit.preparation.pdf_texts import read_pdf

    extractor = name_version("pypdfium2")
    try:
        read = read_pdf(body)
    except PDF_ERRORS as error:
        return Text("unreadable", extractor=extractor, note=f"{type(error).__name__}: {error}"[:200])
    if read.n_unread == read.n_pages:
        return Text("unreadable", extractor=extractor, note=f"none of {read.n_pages} pages can be read")
    title, author = _one_line(read.title), _one_line(read.author)
    return Text("extracted", words=read.words, extractor=extractor, title=title, author=author, note=_note_pdf(read))


def _note_pdf(read: PdfText) -> str:
    """Return what a reader of the text of a PDF should know, '' if nothing."""
    running = sum(count_words(line) for line in read.running)
    notes = {
        f"{read.n_unread} of {read.n_pages} pages cannot be read": read.n_unread,
        f"no words on {read.n_pages} pages, which may be pictures of words": not read.words,
        f"{len(read.running)} running lines left out, {running} words": len(read.running),
    }
    return "; ".join(note for note, applies in notes.items() if applies)


def extract_plain(response: Response) -> Text:
    """Return plain text or Markdown as it is, with Unix line ends; of a subtitle file what is said."""
    words = decode_body(response.body, response.headers, "text")
    if words is None:
        return Text("unreadable", extractor="as it is")
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    if is_transcript(words):
        return Text("extracted", words=read_transcript(words), extractor="transcript")
    title = next((block.title for block in read_blocks(words) if block.level == 1), "")
    return Text("extracted", words=words, extractor="as it is", title=_one_line(title))


def _one_line(words: str | None) -> str:
    return " ".join((words or "").split())


def join_pages(pages: list[Text]) -> Text:
    """Return the text of an article from those of its pages, in order; if one has none, the article has none."""
    for number, page in enumerate(pages, start=1):
        if len(pages) > 1 and page.outcome != "extracted":
            note = f"page {number} of {len(pages)} gave no text"
            return replace(page, words="", posts=(), note="; ".join(filter(None, [note, page.note])))
    first, *further = pages
    if not further:
        return first
    title = first.words.partition("\n")[0] + "\n"
    extractors = dict.fromkeys(page.extractor for page in pages)
    joined, posts = first.words.strip("\n"), continue_posts((), first.posts, shift=-_count_breaks(first.words))
    for page in further:
        words = page.words.removeprefix(title if title.startswith("# ") else "")
        dropped = len(page.words) - len(words) + _count_breaks(words)
        posts = continue_posts(posts, page.posts, shift=len(joined) + len("\n\n") - dropped)
        joined += "\n\n" + words.strip("\n")
    return replace(first, words=joined + "\n", posts=posts, extractor="; ".join(extractors))


def _count_breaks(words: str) -> int:
    return len(words) - len(words.lstrip("\n"))


def extract_source(source: Cells, captures: list[Cells], raw: Path, keep_code_blocks: bool) -> tuple[Row, Text]:
    """Return the row of a source in the table of texts, and its text; `captures` are those of its pages, in order."""
    row, telling = start_row(source, captures), choose_telling(captures)
    if not is_held(telling):
        number, n_pages = captures.index(telling) + 1, len(captures)
        note = f"page {number} of {n_pages} is not captured" if n_pages > 1 else ""
        return row | {"outcome": "not_captured", "n_characters": "0", "n_words": "0", "note": note}, NO_TEXT
    pages = []
    for capture in captures:
        response = read_capture(capture, raw)
        pages.append(extract_text(response, capture["final_url"], capture["captured_at"], keep_code_blocks))
    text = join_pages(pages)
    digest = digest_pages([capture["sha256"] for capture in captures])
    row |= {"captured_at": telling["captured_at"], "capture_sha256": digest}
    row |= {name: value for name, value in vars(text).items() if name in row}
    row |= {"n_characters": str(len(text.words)), "n_words": str(count_words(text.words))}
    if text.words:
        row["text_sha256"] = hashlib.sha256(text.words.encode("utf-8")).hexdigest()
    "".join(row.values()).encode("utf-8")  # what cannot be written fails here, where it is one source's
    return row, text
