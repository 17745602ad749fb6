"""Open a .qdpx file that somebody sent: nothing is unpacked to disk, and nothing beyond a limit is read."""

from __future__ import annotations

import lzma
import posixpath
import re
import struct
import unicodedata
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
_TEXT_ENDINGS = (".txt", ".text", ".md", ".srt", ".vtt", ".csv")  # what tools keep plain texts in
_DECLARED = re.compile(rb"^(<\?xml[^>]{0,200}?encoding\s*=\s*['\"])utf-?(?:8|16|32)(?:le|be)?(?=['\"])", re.IGNORECASE)
_EXPORT_ANEW = "export the project again from the tool that wrote it; nothing was changed here"


def refuse(file: str, problem: str, expected: str, remedy: str = _EXPORT_ANEW) -> InputError:
    """Return the error that says what is wrong with somebody's file."""
    return InputError([Fault(file, problem, expected, remedy)])


def read_archive(path: Path) -> tuple[bytes, dict[str, bytes]]:
    """Return the project's XML and, by their lower-case names within the project, the plain texts.

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
    # Some people zip the folder of a project instead of what is in it.
    projects = [member for member in projects if "/" not in name_member(member.filename)] or projects
    if len(projects) != 1:
        found = ", ".join(repr(member.filename) for member in projects[:3]) or "none"
        raise refuse(file, f"holds {len(projects)} files that end in .qde ({found})", "one, project.qde")
    texts = [member for member in members if member.filename.lower().endswith(_TEXT_ENDINGS)]
    n_bytes = sum(member.file_size for member in [*projects, *texts])
    if n_bytes > MAX_READ_BYTES:
        problem, remedy = f"holds {n_bytes:,} bytes of project and texts", "split the project"
        raise refuse(file, problem, f"at most {MAX_READ_BYTES:,}", remedy)
    above = posixpath.dirname(name_member(projects[0].filename))
    named = {name_member(_decode_name(member)): member for member in texts}
    return archive.read(projects[0]), {
        name.removeprefix(above).lstrip("/"): archive.read(member) for name, member in named.items()
    }


def _is_project(name: str) -> bool:
    *above, last = name_member(name).split("/")
    return last.endswith(".qde") and not last.startswith("._") and "__macosx" not in above  # a Mac's shadow files


def _decode_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name, also if its tool wrote UTF-8 without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return member.filename


def name_member(path: str) -> str:
    """Return a path as members are compared: with slashes, composed, in lower case."""
    return unicodedata.normalize("NFC", path.replace("\\", "/")).lower()


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
    limits = {".qde": MAX_PROJECT_BYTES, **dict.fromkeys(_TEXT_ENDINGS, MAX_TEXT_BYTES)}
    limit = limits.get(posixpath.splitext(name)[1], MAX_TOTAL_BYTES)
    if size > limit:
        return f"claims {size:,} bytes, {limit:,} are allowed"
    if size > _FREE_BYTES and size > MAX_RATIO * max(1, member.compress_size) and limit < MAX_TOTAL_BYTES:
        return f"unpacks {member.compress_size:,} bytes to {size:,}, which no project does"
    return ""


def parse_xml(content: bytes, file: str) -> etree._Element:
    """Return the root of an XML document, read without entities, without network and to a limited depth.

    Raises InputError if it has a document type or is not well-formed.
    """
    content = _unify_encoding(content)
    _refuse_doctype(content, file)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise refuse(file, f"is not well-formed XML ({_on_one_line(error)})", "the XML of a project") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype_error(file)
    return root


def _unify_encoding(content: bytes) -> bytes:
    """Return XML that can be read whatever it declares: tools declare UTF-16 and write UTF-8, or begin with blanks."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        encoding = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(content[:2], "utf-16")
        content = content.decode(encoding, errors="replace").encode("utf-8", errors="replace")
    plain = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _DECLARED.sub(rb"\1utf-8", plain, count=1)


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
