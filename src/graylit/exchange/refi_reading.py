"""Read a REFI-QDA project that some tool wrote: its users, codes, texts and codings as they stand there.

Everything but plain text (pictures, films, sounds, marks on PDF pages) is left out and counted, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from graylit.exchange.refi import clean_name
from graylit.exchange.refi_archive import parse_xml, read_archive, refuse
from graylit.exchange.refi_texts import join_text, read_text
from graylit.tables.faults import Fault, InputError
from graylit.tables.rows import clean_words

_Element = etree._Element
_TEXT_TAGS = ("TextSource", "Representation")
WITHOUT_CODE = "a marked place without a code"  # is left out, and no coding
LeftOut = tuple[int, str]  # a coding that is left out: its line in project.qde, and the reason
Notes = dict[str, str]  # what notes say, by the GUIDs of the notes and of the places they are linked to


@dataclass(frozen=True)
class ImportedCode:
    """A code of their codebook; `path` names the codes above it too."""

    guid: str
    name: str
    path: str
    description: str
    is_codable: bool


@dataclass(frozen=True)
class ImportedSource:
    """A source of theirs; `raw` is its text as it is in the file, or None, and `why` says why there is none."""

    guid: str
    name: str
    raw: str | None
    why: str = ""


@dataclass(frozen=True)
class ImportedCoding:
    """One code at one place."""

    guid: str
    source_guid: str
    span: tuple[int, int] | None  # start and end as their tool counts them; None for a whole source
    code_guid: str
    user_guid: str
    memo: str
    created: str
    quote: str  # the name of the place, in which some tools keep its first words
    line: int  # in project.qde


@dataclass
class Project:
    """A project as read; `n_codings` counts all codings that it holds, `left_out` those that were not read."""

    file: str
    origin: str
    n_codings: int = 0
    case_guids: Set[str] = frozenset()  # cases are coded like codes in some tools
    users: dict[str, str] = field(default_factory=dict)  # names by GUID
    codes: dict[str, ImportedCode] = field(default_factory=dict)
    sources: dict[str, ImportedSource] = field(default_factory=dict)
    codings: list[ImportedCoding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


def read_project(path: Path) -> Project:
    """Return the project in a .qdpx file. Raises InputError with every fault that keeps it from being read."""
    content, texts = read_archive(path)
    file = f"{path}: project.qde"
    root = parse_xml(content, file)
    name = etree.QName(root)
    if name.localname != "Project" or not (name.namespace or "").startswith("urn:QDA-XML:project"):
        raise refuse(file, f"starts with <{name.localname[:40]}>", "the <Project> of REFI-QDA")
    project = Project(file, clean_name(root.get("origin", "")), len(_list_codings(root)))
    project.case_guids = {read_guid(case, "guid") for case in root.iterfind("{*}Cases/{*}Case")}
    for user in root.iterfind("{*}Users/{*}User"):
        guid = read_guid(user, "guid")
        project.users[guid] = clean_name(user.get("name", "")) or clean_name(user.get("id", "")) or guid
    for code in root.iterfind("{*}CodeBook/{*}Codes/{*}Code"):
        project.codes.update({inner.guid: inner for inner in _read_codes(code, above="")})
    notes = _read_notes(root, texts)
    faults: list[Fault] = []
    for element in root.iterfind("{*}Sources/*"):
        faults += _read_source(element, project, texts, notes)
    if faults:
        raise InputError(faults)
    read = Counter(coding.line for coding in project.codings)
    read += Counter(line for line, reason in project.left_out if reason != WITHOUT_CODE)
    unread = Counter(map(_line_of, _list_codings(root))) - read
    project.left_out += [(line, "in a note, or at another place that is no source") for line in unread.elements()]
    if len(project.users) == 1:  # then codings without a user can be nobody else's
        (only,) = project.users
        project.codings = [replace(coding, user_guid=coding.user_guid or only) for coding in project.codings]
    return project


def read_guid(element: _Element, attribute: str) -> str:
    """Return a GUID as we write them (lower case, no braces), or '' if there is none."""
    return element.get(attribute, "").strip(" {}\t\n").lower()


def _words_of(element: _Element, tag: str) -> str:
    found = element.find(f"{{*}}{tag}")
    return clean_words(join_text(found)).strip() if found is not None else ""


def _read_codes(element: _Element, above: str) -> Iterator[ImportedCode]:
    """Yield a code and those nested in it."""
    name = clean_name(element.get("name", ""))
    path = " > ".join(filter(None, [above, name]))
    is_codable = element.get("isCodable", "true").strip() not in ("false", "0")
    guid = read_guid(element, "guid")
    if guid:
        yield ImportedCode(guid, name, path, _words_of(element, "Description"), is_codable)
    for inner in element.iterfind("{*}Code"):
        yield from _read_codes(inner, above=path)


def _read_notes(root: _Element, texts: dict[str, bytes]) -> Notes:
    """Return what notes say, by their GUIDs and, as NVivo links the two, by those of places."""
    notes = {read_guid(note, "guid"): _read_note(note, texts) for note in root.iterfind("{*}Notes/{*}Note")}
    for link in root.iterfind("{*}Links/{*}Link"):
        ends = read_guid(link, "originGUID"), read_guid(link, "targetGUID")
        for note, place in (ends, ends[::-1]):
            if note in notes and place not in notes:
                notes[place] = notes[note]
                break
    return notes


def _read_note(note: _Element, texts: dict[str, bytes]) -> str:
    return clean_words(read_text(note, texts)[0] or "").strip() or _words_of(note, "Description")


def _read_source(element: _Element, project: Project, texts: dict[str, bytes], notes: Notes) -> Iterator[Fault]:
    """Read one source into the project; yield the faults of its positions."""
    tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
    place = element.find("{*}Representation") if tag == "PDFSource" else element
    if not tag or place is None or etree.QName(place).localname not in _TEXT_TAGS:
        reason = f"in a {tag}, which is no plain text"
        project.left_out += [(_line_of(coding), reason) for coding in _list_codings(element)]
        return
    if place is not element:
        for coding in (coding for mark in element.iterfind("{*}PDFSelection") for coding in _list_codings(mark)):
            project.left_out.append((_line_of(coding), "on a page of a PDF, not in its text"))
    raw, why = read_text(place, texts)
    guid = read_guid(element, "guid")
    if not guid or guid in project.sources:
        problem, remedy = "has no GUID, or that of another source", "export the project again"
        yield Fault(
            f"{project.file}, line {element.sourceline}, source", problem, "a GUID of its own", remedy, value=guid
        )
        return
    project.sources[guid] = ImportedSource(guid, clean_name(element.get("name", "")), raw, why)
    reader = _CodingReader(project, guid, notes)
    for selection in place.iterfind("{*}PlainTextSelection"):
        yield from reader.read_selection(selection)
    for owner in dict.fromkeys([element, place]):
        for coding in owner.iterfind("{*}Coding"):
            reader.add_coding(coding, None, read_memo(coding, notes), coding)


def _list_codings(element: _Element) -> list[_Element]:
    return list(element.iter("{*}Coding"))


def _line_of(element: _Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def read_memo(element: _Element, notes: Notes) -> str:
    """Return the memo of an element: its description and the notes that it refers to or is linked to."""
    referred = [notes.get(read_guid(note, "targetGUID"), "") for note in element.iterfind("{*}NoteRef")]
    referred.append(notes.get(read_guid(element, "guid"), ""))
    return "\n".join(dict.fromkeys(filter(None, [_words_of(element, "Description"), *referred])))


@dataclass
class _CodingReader:
    """Reads the codings of one source into a project."""

    project: Project
    source_guid: str
    notes: Notes

    def read_selection(self, selection: _Element) -> Iterator[Fault]:
        """Add the codings of a coded place; yield the faults of its positions."""
        codings = selection.findall("{*}Coding")
        if not codings:
            self.project.left_out.append((_line_of(selection), WITHOUT_CODE))
            return
        places = []
        for name in ("startPosition", "endPosition"):
            value = selection.get(name, "").strip()
            if re.fullmatch(r"\d{1,12}", value, re.ASCII):
                places.append(int(value))
            else:
                place = f"{self.project.file}, line {selection.sourceline}, {name}"
                remedy = "correct or remove the coding in the tool that wrote it, and export again"
                yield Fault(place, "is not a position", "a whole number from 0", remedy, value=value)
        if len(places) == 2:
            for coding in codings:
                memo = "\n".join(filter(None, [read_memo(selection, self.notes), read_memo(coding, self.notes)]))
                self.add_coding(coding, (places[0], places[1]), memo, selection)

    def add_coding(self, coding: _Element, span: tuple[int, int] | None, memo: str, owner: _Element) -> None:
        """Add one coding, or leave it out if it has no code."""
        ref = coding.find("{*}CodeRef")
        code_guid = read_guid(ref, "targetGUID") if ref is not None else ""
        if code_guid not in self.project.codes or not self.project.codes[code_guid].name:
            is_case = code_guid in self.project.case_guids
            why = "of a case, and of no code" if is_case else "its code is not in their codebook, or has no name"
            self.project.left_out.append((_line_of(coding), why))
            return
        users = [read_guid(coding, "creatingUser"), read_guid(owner, "creatingUser"), read_guid(owner, "modifyingUser")]
        dates = [coding.get("creationDateTime"), owner.get("creationDateTime"), owner.get("modifiedDateTime")]
        self.project.codings.append(
            ImportedCoding(
                guid=read_guid(coding, "guid"),
                source_guid=self.source_guid,
                span=span,
                code_guid=code_guid,
                user_guid=next(filter(None, users), ""),
                memo=memo,
                created=next(filter(None, dates), ""),
                quote=clean_name(owner.get("name", "")),
                line=_line_of(coding),
            )
        )
