"""Write a review as a REFI-QDA project and codebook: the same review gives the same bytes on every machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from graylit.exchange.refi import (
    CODEBOOK_NAMESPACE,
    ORIGIN,
    PROJECT_NAMESPACE,
    clean_name,
    make_guid,
    name_codes,
    name_source,
    stand_in_text,
)
from graylit.exchange.review import EXCHANGE_FOLDER, ExportedReview, date_coding, date_review, describe_left_out
from graylit.pages.wording import count_things
from graylit.study.config import sources_contract
from graylit.tables.rows import Cells, clean_words

COLOURS = ("#A6611A", "#2C7BB6", "#1A9641", "#C51B7D", "#5E3C99", "#E66101", "#00858A", "#7F7F00", "#B2182B", "#4D4D4D")
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold


def pack_project(review: ExportedReview) -> bytes:
    """Return the project as a .qdpx file: uncompressed, because compressors differ between machines."""
    members = {"project.qde": build_project(review)}
    for row in sorted(review.study.sources.cells, key=lambda row: make_guid("source", row["source_id"])):
        text = review.texts.get(row["source_id"]) or stand_in_text(row)
        members[f"sources/{make_guid('source', row['source_id'])}.txt"] = text.encode("utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, date_time=_FIXED_TIME)
            member.create_system, member.external_attr = 3, 0o644 << 16
            archive.writestr(member, content)
    return packed.getvalue()


def build_project(review: ExportedReview) -> bytes:
    """Return the project's XML: coders as users, the codebook, variables, sources with their codings, and notes."""
    coders = sorted(review.study.codings)
    root = _start("Project", PROJECT_NAMESPACE)
    root.set("name", clean_name(str(review.study.config["title"])))
    root.set("origin", ORIGIN)
    if coders:
        root.set("creatingUserGUID", make_guid("coder", coders[0]))
    root.set("creationDateTime", date_review(review))
    users = [_element(root, "User", guid=make_guid("coder", coder), name=coder) for coder in coders]
    _group(root, "Users", users)
    codes = _list_codes(root, review)
    if codes:
        _group(_element(root, "CodeBook", to=root), "Codes", codes)
    variables = sources_contract(review.study.config).columns
    _group(root, "Variables", [_build_variable(root, column.name, column.meaning) for column in variables])
    _group(root, "Sources", [_build_source(root, row, review) for row in review.study.sources.cells])
    _group(root, "Notes", [_build_note(root, row, review) for row in _whole(review.codings) if row["memo"]])
    return _to_bytes(root)


def build_codebook(review: ExportedReview) -> bytes:
    """Return the codebook's XML, the content of a .qdc file."""
    root = _start("CodeBook", CODEBOOK_NAMESPACE)
    root.set("origin", ORIGIN)
    _group(root, "Codes", _list_codes(root, review))
    return _to_bytes(root)


def _start(tag: str, namespace: str) -> etree._Element:
    """Return the root of a document whose elements stand in a namespace without prefix."""
    return etree.fromstring(f'<{tag} xmlns="{namespace}"/>')


def _to_bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _element(like: etree._Element, tag: str, to: etree._Element | None = None, **attributes: str) -> etree._Element:
    """Return an element of the namespace of `like`, added to `to`; empty attributes are left out."""
    element = etree.Element(f"{{{etree.QName(like).namespace}}}{tag}", {k: v for k, v in attributes.items() if v})
    if to is not None:
        to.append(element)
    return element


def _group(to: etree._Element, tag: str, elements: Iterable[etree._Element]) -> None:
    """Add elements in an element around them; if there are none add nothing, for the schema allows no empty ones."""
    grouped = list(elements)
    if grouped:
        _element(to, tag, to=to).extend(grouped)


def _list_codes(like: etree._Element, review: ExportedReview) -> list[etree._Element]:
    """Return the active codes, and the retired ones that codings in force still carry."""
    used = {row["unadjudicated_code_id"] for row in review.codings}
    shown = {i: row for i, row in sorted(review.codes.items()) if row["status"] == "active" or i in used}
    names = name_codes(shown)
    found = []
    for number, (code_id, row) in enumerate(shown.items()):
        colour = COLOURS[number % len(COLOURS)]
        code = _element(like, "Code", guid=make_guid("code", code_id), name=names[code_id], isCodable="true")
        code.set("color", colour)
        _describe(code, _define_code(row))
        found.append(code)
    return found


def _define_code(row: Cells) -> str:
    parts = [row["definition"]]
    parts += [f"Include: {row['include_when']}"] if row["include_when"] else []
    parts += [f"Exclude: {row['exclude_when']}"] if row["exclude_when"] else []
    return "\n".join(filter(None, parts))


def _describe(element: etree._Element, words: str, tag: str = "Description") -> None:
    if words:
        _element(element, tag, to=element).text = clean_words(words)


def _build_variable(like: etree._Element, name: str, meaning: str) -> etree._Element:
    variable = _element(like, "Variable", guid=make_guid("variable", name), name=name, typeOfVariable="Text")
    _describe(variable, meaning)
    return variable


def _build_source(like: etree._Element, row: Cells, review: ExportedReview) -> etree._Element:
    """Return a source with its codings, and with the cells of sources.csv as variables."""
    guid = make_guid("source", row["source_id"])
    source = _element(like, "TextSource", guid=guid, name=name_source(row), plainTextPath=f"internal://{guid}.txt")
    _describe(source, row["url"])
    codings = [coding for coding in review.codings if coding["source_id"] == row["source_id"]]
    placed = [coding for coding in codings if coding["start"]]
    for coding in sorted(placed, key=lambda c: (int(c["start"]), int(c["end"]), c["coding_id"])):
        source.append(_build_selection(like, coding))
    for coding in sorted(_whole(codings), key=lambda coding: coding["coding_id"]):
        element = _build_coding(like, coding, to=source)
        if coding["memo"]:
            _element(like, "NoteRef", to=element, targetGUID=make_guid("note", coding["coding_id"]))
    for name in sources_contract(review.study.config).names:
        if row[name]:
            value = _element(like, "VariableValue", to=source)
            _element(like, "VariableRef", to=value, targetGUID=make_guid("variable", name))
            _describe(value, row[name], tag="TextValue")
    return source


def _whole(codings: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [coding for coding in codings if not coding["start"]]


def _build_selection(like: etree._Element, coding: Cells) -> etree._Element:
    """Return the coded place, with the memo as its description, and the coding in it."""
    selection = _element(
        like,
        "PlainTextSelection",
        guid=make_guid("selection", coding["coding_id"]),
        startPosition=coding["start"],
        endPosition=coding["end"],
        creatingUser=make_guid("coder", coding["coder"]),
        creationDateTime=date_coding(coding["coded_at"]),
    )
    _describe(selection, coding["memo"])
    _build_coding(like, coding, to=selection)
    return selection


def _build_coding(like: etree._Element, coding: Cells, to: etree._Element) -> etree._Element:
    guid, user = make_guid("coding", coding["coding_id"]), make_guid("coder", coding["coder"])
    when = date_coding(coding["coded_at"])
    element = _element(like, "Coding", to=to, guid=guid, creatingUser=user, creationDateTime=when)
    _element(like, "CodeRef", to=element, targetGUID=make_guid("code", coding["unadjudicated_code_id"]))
    return element


def _build_note(like: etree._Element, coding: Cells, review: ExportedReview) -> etree._Element:
    """Return the memo of a coding of a whole source as a note, since such a coding has no description."""
    note = _element(
        like,
        "Note",
        guid=make_guid("note", coding["coding_id"]),
        name=f"Memo on {coding['coding_id']}",
        creatingUser=make_guid("coder", coding["coder"]),
        creationDateTime=date_coding(coding["coded_at"]) or date_review(review),
    )
    _describe(note, coding["memo"], tag="PlainTextContent")
    return note


def describe_export(review: ExportedReview) -> str:
    """Return one line that counts what was written and what was left out."""
    n_sources, n_coders = len(review.study.sources.cells), len({row["coder"] for row in review.codings})
    return (
        f"{count_things(n_sources, 'source')} ({n_sources - len(review.texts):,} without text), "
        f"{count_things(len(review.codings), 'coding')} of {count_things(n_coders, 'coder')}; codings left out: "
        f"{describe_left_out(review)}"
    )


def write_project(folder: Path, review: ExportedReview) -> tuple[Path, str]:
    """Write review.qdpx and codebook.qdc; return the folder they are in, and what they hold, in words."""
    target = folder / EXCHANGE_FOLDER
    target.mkdir(parents=True, exist_ok=True)
    (target / "review.qdpx").write_bytes(pack_project(review))
    (target / "codebook.qdc").write_bytes(build_codebook(review))
    return target, describe_export(review)
