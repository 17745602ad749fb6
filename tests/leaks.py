"""Words of sources in what is published: runs of eight words that stand in a text and in an exported file."""

import io
import re
import tarfile
import zipfile
from pathlib import Path

import pypdf


def list_runs(text, n=8):
    """Return every run of eight words of a text, addresses aside."""
    words = re.findall(r"\w+", re.sub(r"https?://[^\s,\"'<>)}]+", " ", text.lower()))
    return {" ".join(words[at : at + n]) for at in range(len(words) - n + 1)}


def find_foreign_words(files, texts, titles):
    """Return the files that hold eight words in a row of a text, but for those of titles."""
    foreign = set().union(*map(list_runs, texts)) - set().union(*map(list_runs, titles))
    opened = {part: words for name, content in files.items() for part, words in open_file(name, content).items()}
    return {name for name, words in opened.items() if list_runs(words) & foreign}


def open_file(name, content):
    """Return the words of a file as a person reads them, by name: of each member of an archive, of each page."""
    if name.endswith((".zip", ".qdpx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {f"{name}/{entry.filename}": archive.read(entry) for entry in archive.infolist()}
        return {part: words for member, inside in members.items() for part, words in open_file(member, inside).items()}
    if name.endswith(".tar.xz"):
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            members = {f"{name}/{entry.name}": archive.extractfile(entry).read() for entry in archive.getmembers()}
        return {part: words for member, inside in members.items() for part, words in open_file(member, inside).items()}
    if name.endswith(".pdf"):
        return {name: "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)}
    return {name: content.decode("utf-8", "replace")}


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def list_titles(*tables):
    """Return what names the sources, publishers beside titles, as tables show them."""
    rows = [row for table in tables for row in table]
    return [" ".join([row["title"], row.get("publisher") or row.get("author", "")]) for row in rows]
