"""Everything that is wrong with what people wrote in a study."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from graylit.captures.choosing import check_rows
from graylit.captures.verifying import check_captures
from graylit.runs.made import digest_file
from graylit.study.appraisal_checks import check_appraisals
from graylit.study.claim_checks import check_claims
from graylit.study.coding_checks import check_overlaps
from graylit.study.dates import check_dates, read_today
from graylit.study.duplicate_checks import check_duplicates
from graylit.study.findings import check_findings
from graylit.study.frozen import check_frozen, is_frozen
from graylit.study.impact_checks import check_impacts
from graylit.study.known_rows import check_known, write_known
from graylit.study.model_settings import check_models
from graylit.study.name_checks import check_files, check_names
from graylit.study.original import check_correspondences
from graylit.study.outline import read_stamp
from graylit.study.people import check_people
from graylit.study.publisher_checks import check_groups
from graylit.study.references import check_filled, check_positions, check_references
from graylit.study.relations import check_relations
from graylit.study.screening_checks import NOT_INCLUDED, NOT_LISTED, check_screening
from graylit.study.search_checks import check_search
from graylit.study.study import CAPTURES, PROTOCOL, Study, list_peoples, read_tables
from graylit.study.synthesis_checks import check_synthesis
from graylit.tables.conflicts import tell_conflicts
from graylit.tables.faults import Fault, InputError
from graylit.tables.preparation import TEXTS
from graylit.tables.reading import read_finished


def read_study(folder: Path) -> tuple[Study, list[Fault]]:
    """Return the study in a folder and every fault of what people wrote there, and of its table of captures."""
    study, faults = read_decided(folder)
    is_readable = not any(fault.file == CAPTURES and fault.row in (None, 1) for fault in faults)
    return study, faults + (_check_captures(folder) if is_readable else [])


def read_decided(folder: Path) -> tuple[Study, list[Fault]]:
    """Return the study in a folder and every fault of what people wrote there; no record of a capture is read."""
    study, faults = read_tables(folder)
    is_whole = all(rows.is_whole for rows, _ in list_peoples(study))
    unread = {fault.file for fault in faults if fault.row in (None, 1)}
    unread |= {rows.file for rows, _ in list_peoples(study) if not rows.is_whole}
    faults += (
        _check_protocol(folder / PROTOCOL)
        + check_files(folder)
        + check_models(folder)
        + check_dates(study, read_today())
        + check_known(folder, study, unread)
    )
    # Without a column or the end of a table, what other tables name in it would all be unknown.
    if is_whole:
        faults += check_tables(study, faults) + check_overlaps(study, open_texts(folder))
        faults += check_findings(study, folder)
    faults += check_frozen(folder) if is_frozen(folder) else []
    return study, faults + check_positions(study, read_finished(folder / "data/processed/texts.csv", TEXTS))


def _check_protocol(path: Path) -> list[Fault]:
    return tell_conflicts(path.read_text(encoding="utf-8", errors="replace"), PROTOCOL) if path.exists() else []


def _check_captures(folder: Path) -> list[Fault]:
    """Return what the records of the captures say otherwise, if the table is not as it was at the last run."""
    path = folder / CAPTURES
    if not path.is_file() or read_stamp(folder).get(CAPTURES) == digest_file(path):
        return []
    rows, faults = check_rows(path, CAPTURES)
    return [] if faults else check_captures(path.parent, rows, CAPTURES)


def open_texts(folder: Path) -> Callable[[str], str | None]:
    """Return a function that returns the text of a source; None if no run has made it."""

    def read_text(source_id: str) -> str | None:
        path = folder / "data/processed/texts" / f"{source_id}.txt"
        return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None

    return read_text


def accept_rows(folder: Path) -> list[Fault]:
    """Take the rows of a study as they are for those known at the last run; return what became of the known ones.

    Raises InputError if anything else is wrong with them.
    """
    study, _ = read_tables(folder)
    accepted = check_known(folder, study)
    if others := [fault for fault in read_study(folder)[1] if fault not in accepted]:
        raise InputError(others)
    write_known(folder, study)
    return accepted


def check_tables(study: Study, known: Iterable[Fault] = ()) -> list[Fault]:
    """Return the faults of a study's tables taken together; `known` are those of each table alone."""
    faulty = {fault.file for fault in known}
    unfilled = [fault for fault in check_filled(study) if fault.file not in faulty]
    return (
        unfilled
        + check_names(study)
        + check_people(study)
        + check_references(study)
        + check_groups(study)
        + check_search(study)
        + check_duplicates(study)
        + check_screening(study)
        + check_synthesis(study)
        + check_relations(study)
        + check_correspondences(study)
        + check_impacts(study)
        + check_claims(study)
        + check_appraisals(study)
    )


def require_screened(folder: Path) -> Study:
    """Return the study in a folder, in which screening and sources.csv may still contradict each other.

    Whoever screens, settles and lists sources does away with that. Raises InputError with every other fault of what
    people wrote. No record is read: people wait for a capture.
    """
    study, faults = read_decided(folder)
    if faults := [fault for fault in faults if fault.problem not in (NOT_LISTED, NOT_INCLUDED)]:
        raise InputError(faults)
    return study


def require_study(folder: Path) -> Study:
    """Return the study in a folder. Raises InputError with every fault."""
    study, faults = read_study(folder)
    if faults:
        raise InputError(faults)
    return study
