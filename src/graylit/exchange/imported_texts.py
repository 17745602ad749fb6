"""Texts that others hand over as files: put into a web archive, of which `graylit collect` takes them like any page."""

from __future__ import annotations

import datetime
import html
import io
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.foreign_tables import decode
from graylit.exchange.making import Making
from graylit.exchange.mapping import Said
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.rows import Row

ARCHIVE = "texts.warc.gz"  # in the study's folder; its .gitignore keeps archives out of git
WEB = "web"  # said in the place of a folder: the texts are on the web still
MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".pdf": "application/pdf",
    ".txt": "text/html; charset=utf-8",  # paragraphs as HTML has them: plain text has no sign for one
    ".md": "text/html; charset=utf-8",
}
PLAIN = (".txt", ".md")


@dataclass(frozen=True)
class Text:
    """A text of a source: the address under which it is archived, its file and its bytes."""

    url: str
    file: str
    media_type: str
    body: bytes
    date: str


def read_texts(said: Said, folder: Path, sources: Iterable[Row], making: Making) -> list[Text]:
    """Return the texts in a folder, each file named after its source; what has no counterpart is counted.

    Raises InputError if there is no such folder, a source has two files, or none of the files is a source's.
    """
    place = folder / said.words
    if not place.is_dir():
        problem, expected = f"is no folder in {folder}", f"a folder with a file for each source, or {WEB}"
        raise InputError([Fault(making.mapping, problem, expected, "correct it", said.line, said.place, said.words)])
    url_of = {row["source_id"]: row["url"] for row in sources}
    found: dict[str, Path] = {}
    faults, strange = [], []
    for path in sorted(path for path in place.rglob("*") if path.is_file() and not path.name.startswith((".", "~"))):
        source_id = making.ids["source"].find(path.stem) or (path.stem if path.stem in url_of else None)
        if path.suffix.lower() not in MEDIA_TYPES or source_id not in url_of:
            strange.append(path.name)
        elif source_id in found:
            problem, remedy = f"is a second text of {path.stem}, besides {found[source_id].name}", "keep one of the two"
            faults.append(Fault(str(path), problem, "one file a source", remedy))
        else:
            found[source_id] = path
    if not found and strange:
        hint = suggest_name(Path(strange[0]).stem, [theirs for theirs, _ in making.ids["source"].list_ids()])
        expected = f"names such as {next(iter(url_of))}.txt, with an ending of {', '.join(MEDIA_TYPES)}"
        remedy = "name the files after the sources' ids"
        faults.append(Fault(str(place), f"has no file of a source, but {strange[0]!r}{hint}", expected, remedy))
    if faults:
        raise InputError(faults)
    making.notes |= _count_left(url_of.keys() - found.keys(), strange)
    return [_read_text(path, url_of[source_id]) for source_id, path in sorted(found.items())]


def _count_left(lacking: Iterable[str], strange: list[str]) -> dict[str, int]:
    lacking = sorted(lacking)
    counted = {}
    if lacking:
        counted[f"texts: sources without a file, such as {lacking[0]}"] = len(lacking)
    if strange:
        counted[f"texts: files that are no source's, such as {strange[0]}"] = len(strange)
    return counted


def _read_text(path: Path, url: str) -> Text:
    body, ending = path.read_bytes(), path.suffix.lower()
    if ending in PLAIN:
        body = write_page(path.stem, decode(body, str(path))[0]).encode("utf-8")
    modified = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return Text(url, path.name, MEDIA_TYPES[ending], body, modified.strftime("%Y-%m-%dT%H:%M:%SZ"))


def write_texts(drafteds: Iterable[Drafted], sources: Iterable[Row], making: Making, today: str) -> list[Text]:
    """Return the texts that the table of sources holds itself, each row of a source a paragraph or more of it."""
    parts: dict[str, list[str]] = {}
    for draft in (draft for one in drafteds for draft in one.drafts):
        source_id = making.ids["source"].find(draft.cells.get("source_id", ""))
        if source_id and draft.cells.get("text"):
            parts.setdefault(source_id, []).append(draft.cells["text"])
    described = {row["source_id"]: row for row in sources}
    return [
        Text(
            described[source_id]["url"],
            source_id,
            MEDIA_TYPES[".txt"],
            write_page(described[source_id]["title"], "\n\n".join(texts)).encode("utf-8"),
            f"{today}T00:00:00Z",
        )
        for source_id, texts in parts.items()
        if source_id in described
    ]


def write_page(title: str, text: str) -> str:
    """Return a plain text as a page: what stands between empty lines is a paragraph."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")))
    paragraphs = "\n".join(f"<p>{html.escape(part)}</p>" for part in parts if part)
    head = f'<html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
    return f"<!DOCTYPE html>\n{head}<body><article>\n{paragraphs}\n</article></body></html>\n"


def pack_texts(texts: Iterable[Text]) -> bytes:
    """Return a web archive of texts: a record for each, without any answer of a server, since there was none."""
    from warcio.warcwriter import WARCWriter

    packed = io.BytesIO()
    writer = WARCWriter(packed, gzip=True, warc_version="1.1")
    for text in texts:
        writer.write_record(
            writer.create_warc_record(
                text.url,
                "resource",
                payload=io.BytesIO(text.body),
                length=len(text.body),
                warc_content_type=text.media_type,
                warc_headers_dict=dict(_name_record(text)),
            )
        )
    return packed.getvalue()


def _name_record(text: Text) -> Iterator[tuple[str, str]]:
    yield "WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{text.url} {text.file} {text.date}')}>"
    yield "WARC-Date", text.date
