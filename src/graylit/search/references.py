"""References as reference managers export them: RIS, BibTeX, CSL-JSON.

They are read here and not by libraries: of those tried, one returns nothing of a file without its last line, and one
took minutes for the entries of a review (docs/decisions/0035).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graylit.search.contents import Content
from graylit.search.json_answers import text_of
from graylit.search.search_results import Found, Hit
from graylit.tables.faults import Fault, InputError

_RIS_TAG = re.compile(r"([A-Z][A-Z0-9])  ?- ?(.*)")
_RIS_SMALL = re.compile(r"^ty  ?- ", re.MULTILINE)  # some programs write all tags in small letters
_RIS_START = re.compile(r"\s*+(?:[^\n]*\n){0,5}?(?:TY|ty)  ?- ", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(]", re.MULTILINE)
NO_ENTRIES = ("comment", "preamble", "string")
_SIGNS = re.compile(r"\\.|[{}()]|^[ \t]*@[A-Za-z]+[ \t]*\{[^\s{},=]*,", re.MULTILINE)
_FIELD = re.compile(r"[\s,]*([A-Za-z][A-Za-z0-9_:.+-]*)\s*=\s*")
_ADDRESS = re.compile(r"https?://[^\s{}\"<>\\]+", re.IGNORECASE)
_COMMAND = re.compile(r"\\[a-zA-Z]+\s*")
_ACCENT = re.compile(r"\\(['`^\"~=.])\s*+(?:\{\s*+)?\\?([A-Za-z])\}?")
ACCENTS = dict(zip("'`^\"~=.", "\u0301\u0300\u0302\u0308\u0303\u0304\u0307", strict=True))


def name_doi(doi: str) -> str:
    """Return the address that a DOI stands for; '' if it is none."""
    found = re.search(r"10\.[0-9]{4,9}/\S+", doi)
    return f"https://doi.org/{found[0]}" if found else ""


def read_ris(content: Content) -> list[Found] | None:
    """Return the entries of a RIS file, of whatever type, as hits; None if it is none.

    Raises InputError if it is cut off within an entry.
    """
    if content.is_json or content.is_html or not _RIS_START.match(content.text[:5_000]):
        return None
    entries = list(_list_ris(content))
    return [Found({}, [_make_ris_hit(entry) for entry in entries])]


def _list_ris(content: Content) -> Iterator[dict[str, list[str]]]:
    entry: dict[str, list[str]] = {}
    last, number, start = "", 0, 0
    tag = re.compile(_RIS_TAG.pattern, re.IGNORECASE) if _RIS_SMALL.search(content.text) else _RIS_TAG
    for number, line in enumerate(content.text.split("\n"), start=1):
        found = tag.match(line.lstrip("\ufeff"))
        name = found[1].upper() if found else ""
        if name and name != "TY" and not entry and name != "ER":
            remedy = "begin each entry with a line TY  - ; nothing was written"
            problem = f"{name} stands in no entry"
            raise InputError([Fault(content.file, problem, "entries that begin with TY", remedy, number)])
        if name == "ER":
            if entry:
                yield entry
            entry, last = {}, ""
        elif found and name == "TY":
            if entry:  # the one before it has no end
                yield entry
            entry, last, start = {"TY": [found[2]]}, "TY", number
        elif found and entry:
            last = name
            entry.setdefault(last, []).append(found[2].strip())
        elif line.strip() and entry and last:
            entry[last][-1] = f"{entry[last][-1]} {line.strip()}"
    if entry:
        problem = "is cut off: its last entry has no end (a line ER  - )"
        raise InputError([Fault(content.file, problem, "whole entries", "export it again; nothing was written", start)])


def _make_ris_hit(entry: Mapping[str, Sequence[str]]) -> Hit:
    def first(*tags: str) -> str:
        return next((value for tag in tags for value in entry.get(tag, ()) if value.strip()), "")

    listed = (
        address
        for tag in ("UR", "LK", "L2", "L1", "N1", "M1", "M2")
        for value in entry.get(tag, ())
        for address in _ADDRESS.findall(value)
    )
    url = next(listed, "") or first("UR", "LK") or name_doi(first("DO"))
    title, publisher = first("TI", "T1", "CT", "BT"), first("PB", "T2", "JO", "JF")
    return Hit(url.rstrip(";,"), title, first("AB", "N2"), first("DA", "PY", "Y1").strip("/"), publisher)


def read_bibtex(content: Content) -> list[Found] | None:
    """Return the entries of a BibTeX file as hits; None if it is none. Raises InputError if it is cut off."""
    if content.is_json or content.is_html or not (first := _ENTRY.search(content.text)):
        return None
    before = content.text[: first.start()]
    if any(line.strip() and not line.lstrip().startswith("%") and "http" in line for line in before.splitlines()):
        return None
    entries = (fields for kind, fields in _list_bibtex(content) if kind not in NO_ENTRIES)
    return [Found({}, [_make_bibtex_hit(fields) for fields in entries])]


def _list_bibtex(content: Content) -> Iterator[tuple[str, dict[str, str]]]:
    text, at = content.text, 0
    while found := _ENTRY.search(text, at):
        kind, at = found[1].casefold(), found.end()
        closing = "}" if text[at - 1] == "{" else ")"
        end = _find_end(text, at, closing)
        if end < 0:
            row = text.count("\n", 0, found.start()) + 1
            problem = "is cut off: a bracket of an entry is not closed"
            raise InputError(
                [Fault(content.file, problem, "whole entries", "export it again; nothing was written", row)]
            )
        yield kind, _read_fields(text[at:end])
        at = end + 1


def _find_end(text: str, at: int, closing: str) -> int:
    """Return where the entry that begins at a place ends; -1 if it does not."""
    depth = 0
    for sign in _SIGNS.finditer(text, at):
        found = sign[0]
        if len(found) > 2:
            if depth <= 1 and found.lstrip().startswith("@"):
                return -1
            depth += 1
        elif found == closing and depth == 0:
            return sign.start()
        elif found == "{":
            depth += 1
        elif found == "}":
            depth -= 1
    return -1


def _read_fields(body: str) -> dict[str, str]:
    """Return the fields of an entry, without the brackets or quotes around what they hold."""
    at = body.find(",") + 1 or len(body)
    fields: dict[str, str] = {}
    while found := _FIELD.match(body, at):
        start = found.end()
        if body[start : start + 1] == "{":
            end = _find_end(body, start + 1, "}")
            value, at = body[start + 1 : end], end + 1
        elif body[start : start + 1] == '"':
            end = _find_quote(body, start + 1)
            value, at = body[start + 1 : end], end + 1
        else:
            end = body.find(",", start) if "," in body[start:] else len(body)
            value, at = body[start:end].strip(), end
        if end < start:
            break
        fields.setdefault(found[1].casefold(), value)
    return fields


def _find_quote(body: str, at: int) -> int:
    depth = 0
    for sign in re.finditer(r'\\.|[{}"]', body[at:]):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if sign[0] == '"' and depth == 0:
            return at + sign.start()
    return len(body)


def _make_bibtex_hit(fields: Mapping[str, str]) -> Hit:
    held = " ".join(
        fields.get(name, "") for name in ("url", "link", "howpublished", "note", "annote", "file", "bdsk-url-1")
    )
    found = _ADDRESS.search(held.replace("\\_", "_").replace("\\%", "%").replace("\\&", "&").replace("\\#", "#"))
    url = found[0].rstrip(".,;)") if found else name_doi(fields.get("doi", ""))
    date = fields.get("date", "") or "-".join(filter(None, [fields.get("year", "")]))
    title, abstract = (_read_latex(fields.get(name, "")) for name in ("title", "abstract"))
    names = ("publisher", "organization", "institution", "journal", "journaltitle")
    publisher = next((fields[name] for name in names if fields.get(name)), "")
    return Hit(url or fields.get("url", ""), title, abstract, date.strip("{}"), _read_latex(publisher))


def _read_latex(words: str) -> str:
    """Return words without the brackets and commands of LaTeX."""
    accented = _ACCENT.sub(lambda found: unicodedata.normalize("NFC", found[2] + ACCENTS[found[1]]), words)
    plain = re.sub(r"\\([&%$#_{}])", r"\1", accented).replace("~", " ").replace("--", "–")
    return _COMMAND.sub("", plain).replace("{", "").replace("}", "")


def read_csl(content: Content) -> list[Found] | None:
    """Return the items of CSL-JSON, or of Zotero's own JSON, as hits; None if it is none."""
    if not content.is_json:
        return None
    values = content.values
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if len(values) == 1 and isinstance(values[0], dict) and isinstance(values[0].get("items"), list):
        items = values[0]["items"]
    unfolded = [_unfold(item) for item in items]
    csl = [item for item in unfolded if isinstance(item, dict) and _is_csl(item)]
    return [Found({}, [_make_csl_hit(item) for item in csl])] if csl and len(csl) == len(unfolded) else None


def _unfold(item: object) -> object:
    return item["data"] if isinstance(item, dict) and isinstance(item.get("data"), dict) else item


def _is_csl(item: Mapping[str, Any]) -> bool:
    return bool({"type", "itemType"} & item.keys()) and bool({"title", "id", "key"} & item.keys())


def _make_csl_hit(item: Mapping[str, Any]) -> Hit:
    url = text_of(item.get("URL") or item.get("url")) or name_doi(text_of(item.get("DOI")))
    publisher = (
        item.get("publisher") or item.get("container-title") or item.get("websiteTitle") or item.get("blogTitle")
    )
    snippet = item.get("abstract") or item.get("abstractNote")
    return Hit(url, text_of(item.get("title")), text_of(snippet), _read_issued(item), text_of(publisher))


def _read_issued(item: Mapping[str, Any]) -> str:
    issued = item.get("issued") or item.get("date") or ""
    if not isinstance(issued, dict):
        return text_of(issued)
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return "-".join(text_of(part).zfill(2) for part in parts[0][:3])
    return text_of(issued.get("raw") or issued.get("literal"))
