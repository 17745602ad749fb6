"""Plan the import of a project coded elsewhere to its last byte, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from graylit.anchors.fingerprints import Words
from graylit.exchange.changes import CodingChange, Difference, compare_codings, write_row
from graylit.exchange.claims import Claims, read_claims
from graylit.exchange.matching import choose_user, match_codes, match_sources
from graylit.exchange.pairing import list_own
from graylit.exchange.refi_reading import ImportedCode, Project, read_project
from graylit.exchange.review import read_texts
from graylit.study.checking import check_tables, open_texts, require_study
from graylit.study.coding_checks import check_overlaps
from graylit.study.state import codings_in_force, last_rounds, latest_rows
from graylit.study.study import CODINGS_FOLDER, PEOPLES_TABLES, Study
from graylit.study.writing import NEW_TABLE, append_rows, check_round, read_coder, read_own
from graylit.tables.coding import CODEBOOK, CODINGS
from graylit.tables.faults import Fault, InputError
from graylit.tables.files import replace_file
from graylit.tables.kinds import number_ids
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row, store_words

CODEBOOK_FILE = PEOPLES_TABLES["codebook"][0]


@dataclass(frozen=True)
class Asked:
    """What the researcher asked for: the project, the coder whose table it goes to, and how."""

    qdpx: Path
    coder: str
    user: str = ""
    round: str = ""
    keep: bool = False  # withdraw nothing


@dataclass(frozen=True)
class Plan:
    """An import as it would be done; `files` holds the new content of each file of the study that changes."""

    asked: Asked
    project: Project
    user: str
    codebook: dict[str, Cells]  # rows in force before the import, by code_id
    new_codes: dict[str, Row]  # rows of the codebook, by their GUID
    code_of: dict[str, str]  # our code_id by their GUID
    claims: Claims
    difference: Difference
    files: dict[str, str]


def plan_import(folder: Path, asked: Asked, now: str) -> Plan:
    """Return what an import would change in the study in a folder, which stays as it is.

    Raises InputError if the project or the study has faults, or if the study would have some afterwards.
    """
    check_round(asked.round)
    study = require_study(folder)
    asked = replace(asked, coder=read_coder(asked.coder, study.codings))
    project = read_project(asked.qdpx)
    user = choose_user(project, asked.coder, asked.user)
    codebook = latest_rows(study.codebook.cells, "code_id")
    code_of, new = match_codes(project, codebook)
    new_codes = _number_codes(new, study)
    code_of |= {guid: row["code_id"] for guid, row in new_codes.items()}
    texts = read_texts(folder, study)
    claims = read_claims(project, user, match_sources(project, study.sources.cells, texts), code_of, texts)
    rows: list[Cells] = list(study.codings[asked.coder].cells) if asked.coder in study.codings else []
    concerned = {claim.source_id for claim in claims.placed} | {row["source_id"] for row in rows}
    words = {source_id: Words(text) for source_id, text in texts.items() if source_id in concerned}
    passes = [row for row in study.passes.cells if row["coder"] == asked.coder]
    difference = compare_codings(list_own(codings_in_force(rows, passes), words, codebook), claims)
    if asked.keep:
        difference.changes = [change for change in difference.changes if change.kind != "removed"]
    added = _list_rows(difference.changes, rows, asked, words, now, last_rounds(rows, passes))
    files = _format_files(folder, asked, list(new_codes.values()), added, now)
    _check_result(folder, study, files, asked.coder)
    return Plan(asked, project, user, codebook, new_codes, code_of, claims, difference, files)


def write_plan(folder: Path, plan: Plan) -> None:
    """Write the files of a plan: the codebook first, so that no coding ever has an unknown code."""
    for file, content in sorted(plan.files.items(), key=lambda content: content[0] != CODEBOOK_FILE):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        replace_file(folder / file, content)


def _number_codes(new: Mapping[str, ImportedCode], study: Study) -> dict[str, Row]:
    """Return a row of the codebook for each new code (`new` has them by name), by its GUID."""
    taken = [row["code_id"] for row in study.codebook.cells]
    rows: dict[str, Row] = {}
    for code_id, (name, code) in zip(number_ids(taken, len(new), first="C01"), new.items(), strict=True):
        named = {"name": store_words(name), "definition": store_words(code.description)}
        rows[code.guid] = {"code_id": code_id, **named, "status": "active"}
    return rows


def _list_rows(
    changes: list[CodingChange],
    rows: list[Cells],
    asked: Asked,
    words: Mapping[str, Words],
    now: str,
    rounds: Mapping[str, int],
) -> list[Row]:
    """Return the rows that the changes add to the coder's table; they belong to the coder's last round (`rounds`)."""
    taken = [row["coding_id"] for row in rows]
    coding_ids = number_ids(taken, len(changes), first=f"{name_ids(asked.coder)}-0001")
    why = f"removed in {store_words(asked.qdpx.name)}"
    added = [write_row(change, i, words, now, why_removed=why) for change, i in zip(changes, coding_ids, strict=True)]
    last = {source_id: str(number) for source_id, number in rounds.items() if number > 1}
    return [{**row, "round": row.get("round") or asked.round or last.get(row["source_id"], "")} for row in added]


def _format_files(folder: Path, asked: Asked, codes: list[Row], added: list[Row], now: str) -> dict[str, str]:
    """Return the new content of the codebook and of the coder's table; a file that stays as it is is left out."""
    files = {}
    if codes:
        file = CODEBOOK_FILE
        content = read_own(folder, file, CODEBOOK, header="")
        why = {"decided_at": now, "decided_by": asked.coder, "reason": f"imported from {store_words(asked.qdpx.name)}"}
        known = {name: cell for name, cell in why.items() if name in content.split("\n", 1)[0].split(",")}
        distinct = {row["code_id"]: row | known for row in reversed(codes)}
        files[file] = append_rows(content, [distinct[code_id] for code_id in sorted(distinct)], CODEBOOK)
    if added:
        file = f"{CODINGS_FOLDER}/{asked.coder}.csv"
        files[file] = append_rows(read_own(folder, file, CODINGS, NEW_TABLE), added, CODINGS)
    return files


def _check_result(folder: Path, study: Study, files: Mapping[str, str], coder: str) -> None:
    """Raise InputError if the study in a folder would have faults with these files."""
    codebook, codings = study.codebook, dict(study.codings)
    faults: list[Fault] = []
    for file, content in files.items():
        if file == CODEBOOK_FILE:
            codebook, found = CODEBOOK.parse_rows(content, file)
        else:
            codings[coder], found = CODINGS.parse_rows(content, file)
        faults += found
    changed = replace(study, codebook=codebook, codings=dict(sorted(codings.items())))
    faults += check_tables(changed, faults) + check_overlaps(changed, open_texts(folder))
    if faults:
        raise InputError(replace(fault, file=f"{fault.file} (with the rows of the import)") for fault in faults)
