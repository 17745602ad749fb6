"""Pack the tables as a Frictionless data package, described by their contracts.

References
----------
Data Package v1, https://specs.frictionlessdata.io/data-package/; Table Schema v1, https://specs.frictionlessdata.io/table-schema/.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graylit.exports.citation import About
from graylit.study.authors import SPDX, Author
from graylit.tables.contracts import Column, Contract
from graylit.tables.rows import Cells, defuse_cell

ID_PATTERN = "[A-Za-z][A-Za-z0-9_.-]*"
# A little more than graylit.tables.names.is_person allows: readers of patterns differ in what they call a letter.
PERSON_PATTERN = r"[^\s./\\:;*?\"<>|]([^/\\:;*?\"<>|]*[^\s./\\:;*?\"<>|])?"
_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
FIELDS: dict[str, dict[str, Any]] = {
    "id": {"type": "string", "constraints": {"pattern": ID_PATTERN}},
    "ids": {"type": "string", "constraints": {"pattern": rf"{ID_PATTERN}(\s*;\s*{ID_PATTERN})*"}},
    "person": {"type": "string", "constraints": {"pattern": PERSON_PATTERN}},
    "url": {"type": "string", "format": "uri"},
    "urls": {"type": "string", "constraints": {"pattern": r"https?://\S+(\s+https?://\S+)*"}},
    "date": {"type": "string", "constraints": {"pattern": _DATE}},
    "time": {"type": "string", "constraints": {"pattern": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"}},
    "when": {"type": "string", "constraints": {"pattern": rf"{_DATE}(T\d{{2}}:\d{{2}}:\d{{2}}Z)?"}},
    "count": {"type": "integer", "constraints": {"minimum": 0}},
    "number": {"type": "number"},
    "share": {"type": "number", "constraints": {"minimum": 0, "maximum": 1}},
    "digest": {"type": "string", "constraints": {"pattern": "[0-9a-f]{64}"}},
    "flag": {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
}
# The table and column that a column of this name refers to.
LEADS_TO = {
    "source_id": ("sources", "source_id"),
    "segment_id": ("segments", "segment_id"),
    "coding_id": ("codings", "coding_id"),
    "code_id": ("codebook", "code_id"),
    "other_code_id": ("codebook", "code_id"),
    "given_code_id": ("codebook", "code_id"),
    "unadjudicated_code_id": ("codebook", "code_id"),
    "theme_id": ("themes", "theme_id"),
    "guideline_id": ("guidelines", "guideline_id"),
    "other_guideline_id": ("guidelines", "guideline_id"),
    "category_id": ("categories", "category_id"),
    "claim_id": ("claims", "claim_id"),
    "adjudication_id": ("adjudications", "adjudication_id"),
    "candidate_id": ("candidates", "candidate_id"),
    "criterion_id": ("criteria", "criterion_id"),
    "search_id": ("searches", "search_id"),
    "topic_id": ("topics", "topic_id"),
}


@dataclass(frozen=True)
class PackagedTable:
    """A table to be packed: its contract, which says what its columns mean, and its rows."""

    contract: Contract
    rows: Sequence[Cells]

    @property
    def name(self) -> str:
        """The name of the table, and of its file without ending."""
        return self.contract.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are packed: all but words of pages."""
        return tuple(column for column in self.contract.columns if not column.is_quoted)


def pack_tables(about: About, tables: Iterable[PackagedTable]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the descriptor of a data package, and its tables as files by name."""
    packed = {table.name: table for table in sorted(tables, key=lambda table: table.name) if table.rows}
    files = {f"{table.name}.csv": format_rows(table) for table in packed.values()}
    descriptor = {
        "profile": "tabular-data-package",
        "name": "gray-literature-review",
        "title": about.title,
        "licenses": [{"name": about.licence, "path": SPDX + about.licence}],
        "description": "The tables of the review that have rows. A cell that a spreadsheet would take for a formula "
        "has an apostrophe in front. Words of the sources are left out: they are their publishers'."
        + "".join(f" {words}" for words in about.told),
        "resources": [_describe(table, files[f"{table.name}.csv"], packed) for table in packed.values()],
    }
    named = [_describe_author(author) for author in about.authors]
    return descriptor | ({"contributors": named} if named else {}), files


def _describe_author(author: Author) -> dict[str, str]:
    more = {"path": author.orcid, "organization": author.affiliation}
    return {"title": author.name, "role": "author", **{name: value for name, value in more.items() if value}}


def format_rows(table: PackagedTable) -> bytes:
    """Return a table as CSV in which no cell is a formula."""
    lines = io.StringIO()
    names = [column.name for column in table.columns]
    worded = {column.name for column in table.columns if column.kind in ("text", "page_text")}
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(names)
    for row in table.rows:
        writer.writerow(defuse_cell(row[name]) if name in worded else row[name] for name in names)
    return lines.getvalue().encode("utf-8")


def _describe(table: PackagedTable, content: bytes, packed: Mapping[str, PackagedTable]) -> dict[str, Any]:
    links, broken = _link(table, packed)
    schema: dict[str, Any] = {
        "fields": [_describe_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.contract.key),
    }
    schema |= {"foreignKeys": links} if links else {}
    resource = {
        "profile": "tabular-data-resource",
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }
    note = "Some rows are of things that are no longer in the study, so these columns are no foreign keys: "
    return resource | ({"description": note + ", ".join(broken)} if broken else {})


def _describe_field(column: Column) -> dict[str, Any]:
    field = {"name": column.name, "description": column.meaning, **FIELDS.get(column.kind, {"type": "string"})}
    constraints = dict(field.get("constraints", {}))
    if column.choices:
        is_number = field["type"] in ("number", "integer")
        constraints["enum"] = [float(choice) if is_number else choice for choice in column.choices]
    if column.is_required:
        constraints["required"] = True
    return field | ({"constraints": constraints} if constraints else {})


def _link(table: PackagedTable, packed: Mapping[str, PackagedTable]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the foreign keys of a table, and the columns that are none because some rows refer to what is gone."""
    links, broken = [], []
    for column in table.columns:
        name, target = LEADS_TO.get(column.name, ("", ""))
        if name not in packed or (name == table.name and column.name == target):
            continue
        known = {row[target] for row in packed[name].rows}
        if {row[column.name] for row in table.rows} - {""} <= known:
            reference = {"resource": name.replace("_", "-"), "fields": target}
            links.append({"fields": column.name, "reference": reference})
        else:
            broken.append(column.name)
    return links, broken


def join_coders(contract: Contract, codings: Mapping[str, Iterable[Cells]]) -> PackagedTable:
    """Return the tables of all coders as one table, with a column that names the coder of each row."""
    coder = Column("coder", "person", "who coded: the name of the coder's table")
    rows = [{**row, "coder": name} for name, of_coder in sorted(codings.items()) for row in of_coder]
    return PackagedTable(replace(contract.with_columns([coder])), rows)
