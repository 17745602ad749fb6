"""Open a .qdpx file that somebody sent: nothing is unpacked to disk, and nothing beyond a limit is read."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from graylit.tables.faults import Fault, InputError

# Limits against files made to exhaust a machine. They are chosen, not measured: far above any project of words, and low
# enough for a laptop's memory.
MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 1_000_000_000  # as claimed, all members together; films belong beside a project, not into it
MAX_PROJECT_BYTES = 100_000_000
MAX_TEXT_BYTES = 20_000_000
MAX_READ_BYTES = 300_000_000  # the project and all texts together
MAX_RATIO = 200  # unpacked to packed; projects of words reach about 30
_FREE_BYTES = 1_000_000  # members up to this size are not held to the ratio: a small text of one letter breaks it
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,  # a compression that Python does not know
    RuntimeError,  # encrypted
    OSError,
    ValueError,
)
_EXPORT_ANEW = "export the project again from the tool that wrote it; nothing was changed here"


def refuse(file: str, problem: str, expected: str, remedy: str = _EXPORT_ANEW) -> InputError:
    """Return the error that says what is wrong with somebody's file."""
    return InputError([Fault(file, problem, expected, remedy)])


def read_archive(path: Path) -> tuple[bytes, dict[str, bytes]]:
    """Return the project's XML and, by their lower-case names within the folder of sources, the plain texts.

    Raises InputError if the file is no zip, is damaged, breaks a limit or holds a name that leads elsewhere.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_members(archive, str(path))
    except FileNotFoundError:
        raise refuse(str(path), "is missing", "a .qdpx file", "correct the name of the project") from None
    except IsADirectoryError:
        raise refuse(str(path), "is a folder", "a .qdpx file", "correct the name of the project") from None
    except _BROKEN as error:
        problem = f"is no zip file, or a damaged one ({_on_one_line(error)})"
        raise refuse(str(path), problem, "a REFI-QDA project (.qdpx)") from None


def _on_one_line(error: BaseException) -> str:
    return re.sub(r"[^\x20-\x7e]+", " ", str(error) or type(error).__name__)[:120]


def _read_members(archive: zipfile.ZipFile, file: str) -> tuple[bytes, dict[str, bytes]]:
    members = archive.infolist()
    faults = list(_check_members(members, file))
    if faults:
        raise InputError(faults)
    projects = [member for member in members if _is_project(member.filename)]
    if len(projects) != 1:
        found = ", ".join(repr(member.filename) for member in projects[:3]) or "none"
        raise refuse(file, f"holds {len(projects)} files that end in .qde ({found})", "one, project.qde")
    texts = [member for member in members if member.filename.lower().endswith(".txt")]
    n_bytes = sum(member.file_size for member in [*projects, *texts])
    if n_bytes > MAX_READ_BYTES:
        problem, remedy = f"holds {n_bytes:,} bytes of project and texts", "split the project"
        raise refuse(file, problem, f"at most {MAX_READ_BYTES:,}", remedy)
    return archive.read(projects[0]), {_key_of(member.filename): archive.read(member) for member in texts}


def _is_project(name: str) -> bool:
    parts = re.split(r"[\\/]", name)
    return len(parts) == 1 and name.lower().endswith(".qde") and not name.startswith("._")  # a Mac's shadow file


def _key_of(name: str) -> str:
    return re.sub(r"^sources/", "", name.replace("\\", "/").lower())


def _check_members(members: list[zipfile.ZipInfo], file: str) -> Iterator[Fault]:
    """Yield why the members cannot be read, from the zip's directory alone."""
    if len(members) > MAX_MEMBERS:
        yield Fault(file, f"holds {len(members)} files", f"at most {MAX_MEMBERS}", "split the project")
    total = sum(member.file_size for member in members)
    if total > MAX_TOTAL_BYTES:
        problem, remedy = f"claims to unpack to {total:,} bytes", "export it without films, sounds and pictures"
        yield Fault(file, problem, f"at most {MAX_TOTAL_BYTES:,}", remedy)
    seen: set[str] = set()
    for member in members:
        key = member.filename.replace("\\", "/").lower()
        if problem := _judge_member(member) or ("stands in it twice" if key in seen else ""):
            expected = "plain names, sizes within the limits, no encryption"
            yield Fault(f"{file}: {member.filename[:80]!r}", problem, expected, _EXPORT_ANEW)
        seen.add(key)


def _judge_member(member: zipfile.ZipInfo) -> str:
    """Return what is wrong with a member, or ''."""
    name, size = member.filename.lower(), member.file_size
    parts = re.split(r"[\\/]", member.filename)
    if ".." in parts or parts[0] == "" or ":" in member.filename or not member.filename.isprintable():
        return "is a name that leads out of the project"
    if member.flag_bits & 1:
        return "is encrypted"
    limit = {".qde": MAX_PROJECT_BYTES, ".txt": MAX_TEXT_BYTES}.get(name[-4:], MAX_TOTAL_BYTES)
    if size > limit:
        return f"claims {size:,} bytes, {limit:,} are allowed"
    if size > _FREE_BYTES and size > MAX_RATIO * max(1, member.compress_size) and limit < MAX_TOTAL_BYTES:
        return f"unpacks {member.compress_size:,} bytes to {size:,}, which no project does"
    return ""


def parse_xml(content: bytes, file: str) -> etree._Element:
    """Return the root of an XML document, read without entities, without network and to a limited depth.

    Raises InputError if it has a document type or is not well-formed.
    """
    _refuse_doctype(content, file)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise refuse(file, f"is not well-formed XML ({_on_one_line(error)})", "the XML of a project") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype_error(file)
    return root


def _doctype_error(file: str) -> InputError:
    problem = "declares a document type, which may make a small file endless or read other files"
    return refuse(file, problem, "XML without <!DOCTYPE")


class _Seen(Exception):
    """Stops the parser at the first doctype or element; the argument says which."""


def _refuse_doctype(content: bytes, file: str) -> None:
    """Raise InputError at a document type, before anything in it is read, and if the XML breaks before that."""

    def stop(what: str) -> None:
        raise _Seen(what)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: stop("doctype")
    parser.StartElementHandler = lambda *_: stop("element")
    try:
        parser.Parse(content, True)
    except _Seen as seen:
        if seen.args == ("doctype",):
            raise _doctype_error(file) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise refuse(file, f"is not well-formed XML ({_on_one_line(error)})", "the XML of a project") from None
