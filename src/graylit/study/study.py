"""A study folder: the tables that people wrote in it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from graylit.captures import choosing as capture_tables
from graylit.screening.same_pages import Pair, list_merged
from graylit.study.config import CONFIG, read_config, sources_contract
from graylit.study.frozen import FOLDER as FROZEN_FOLDER
from graylit.study.model_log import LOG
from graylit.study.model_settings import list_model_files
from graylit.tables.appraisal import CHECKLIST
from graylit.tables.card_sorting import CARD_SORTS, SORT_SESSIONS
from graylit.tables.claims import CLAIM_READINGS, CLAIMS
from graylit.tables.coding import ADJUDICATIONS, CODEBOOK, CODINGS, PASSES, READINGS
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault
from graylit.tables.files import find_table, is_table
from graylit.tables.impacts import ATTRIBUTES, IMPACT_READINGS, IMPACTS
from graylit.tables.models import ASKED, SAMPLE, SAMPLE_CODES, TRUSTED
from graylit.tables.people import PEOPLE
from graylit.tables.preparation import FROZEN_TEXTS
from graylit.tables.reading import read_finished
from graylit.tables.relating import CORRESPONDENCES, FINDINGS, PLACES_READ, RELATIONS
from graylit.tables.rows import Rows
from graylit.tables.screening import CANDIDATES, CRITERIA, DUPLICATE_CANDIDATES, SCREENINGS
from graylit.tables.search import DUPLICATES, HITS, SEARCHES
from graylit.tables.sources import QUALITY, SOURCES
from graylit.tables.synthesis import CATEGORIES, GUIDELINES, PRACTICES, THEMES

PROTOCOL = "config/protocol.md"
PEOPLES_TABLES = {
    "sources": ("config/sources.csv", SOURCES),
    "codebook": ("config/coding/codebook.csv", CODEBOOK),
    "themes": ("config/synthesis/themes.csv", THEMES),
    "guidelines": ("config/synthesis/guidelines.csv", GUIDELINES),
}
OPTIONAL_TABLES = {
    "people": ("config/people.csv", PEOPLE),
    "asked": ("config/models/asked.csv", ASKED),
    "sample": ("config/models/sample.csv", SAMPLE),
    "sample_codes": ("config/models/sample_codes.csv", SAMPLE_CODES),
    "trusted": ("config/models/trusted.csv", TRUSTED),
    "adjudications": ("config/coding/adjudications.csv", ADJUDICATIONS),
    "passes": ("config/coding/passes.csv", PASSES),
    "readings": ("config/coding/readings.csv", READINGS),
    "searches": ("config/search/searches.csv", SEARCHES),
    "hits": ("config/search/hits.csv", HITS),
    "duplicates": ("config/search/duplicates.csv", DUPLICATES),
    "candidates": ("config/screening/candidates.csv", CANDIDATES),
    "criteria": ("config/screening/criteria.csv", CRITERIA),
    "screenings": ("config/screening/screenings.csv", SCREENINGS),
    "practices": ("config/synthesis/practices.csv", PRACTICES),
    "categories": ("config/synthesis/categories.csv", CATEGORIES),
    "card_sorts": ("config/synthesis/card_sorts.csv", CARD_SORTS),
    "relations": ("config/synthesis/relations.csv", RELATIONS),
    "correspondences": ("config/synthesis/correspondences.csv", CORRESPONDENCES),
    "findings": ("config/synthesis/findings.csv", FINDINGS),
    "places_read": ("config/synthesis/places_read.csv", PLACES_READ),
    "attributes": ("config/attributes.csv", ATTRIBUTES),
    "sort_sessions": ("config/synthesis/sort_sessions.csv", SORT_SESSIONS),
    "impacts": ("config/synthesis/impacts.csv", IMPACTS),
    "impact_readings": ("config/synthesis/impact_readings.csv", IMPACT_READINGS),
    "claims": ("config/synthesis/claims.csv", CLAIMS),
    "claim_readings": ("config/synthesis/claim_readings.csv", CLAIM_READINGS),
    "checklist": ("config/checklist.csv", CHECKLIST),
    "quality": ("config/quality.csv", QUALITY),
}
ALL_TABLES = {**PEOPLES_TABLES, **OPTIONAL_TABLES}
SCREENED = ("candidates", "criteria", "screenings", "hits", "duplicates")  # the tables that screening needs
CODINGS_FOLDER = "config/coding/codings"
CAPTURES = "data/raw/captures.csv"
MERGED = "data/processed/duplicate_candidates.csv"
TIDIED = ".graylit.tidied"  # keeps the tables that were tidied as they were before


@dataclass(frozen=True)
class Study:
    """A study's config and the rows people wrote, as far as they could be read; `codings` by coder."""

    config: dict[str, Any]
    sources: Rows
    codebook: Rows
    themes: Rows
    guidelines: Rows
    people: Rows
    asked: Rows
    sample: Rows
    sample_codes: Rows
    trusted: Rows
    adjudications: Rows
    passes: Rows
    readings: Rows
    searches: Rows
    hits: Rows
    duplicates: Rows
    candidates: Rows
    criteria: Rows
    screenings: Rows
    practices: Rows
    categories: Rows
    card_sorts: Rows
    relations: Rows
    correspondences: Rows
    findings: Rows
    places_read: Rows
    attributes: Rows
    sort_sessions: Rows
    impacts: Rows
    impact_readings: Rows
    claims: Rows
    claim_readings: Rows
    checklist: Rows
    quality: Rows
    codings: dict[str, Rows]
    merged: tuple[Pair, ...] = ()  # pairs of candidates that the last review took for one page
    former: frozenset[str] = frozenset()  # ids of pages that were candidates or captured, and are no source now


def read_tables(folder: Path, names: Container[str] = ALL_TABLES) -> tuple[Study, list[Fault]]:
    """Return a study with the codings and the tables named, and the faults that show in each table alone."""
    (config, faults), tables = read_config(folder / CONFIG, file=CONFIG), {}
    for name, (file, contract) in ALL_TABLES.items():
        contract = sources_contract(config) if name == "sources" else contract
        path = find_table(folder / file)
        is_read = name in names and (name in PEOPLES_TABLES or path.exists())
        shown = path.relative_to(folder).as_posix()
        tables[name], more = contract.read_rows(path, shown) if is_read else (Rows(file), [])
        faults += more
    codings = {}
    for coder, path in find_codings(folder).items():
        codings[coder], more = CODINGS.read_rows(path, f"{CODINGS_FOLDER}/{path.name}")
        faults += more
    captures, more = capture_tables.check_rows(folder / CAPTURES, CAPTURES)
    former = _former_sources(folder, tables, captures.cells)
    merged = list_merged(read_finished(folder / MERGED, DUPLICATE_CANDIDATES)) if tables["candidates"].cells else []
    return Study(config=config, codings=codings, **tables, merged=tuple(merged), former=former), faults + more


def _former_sources(folder: Path, tables: Mapping[str, Rows], captures: list[dict[str, str]]) -> frozenset[str]:
    """Return the ids of pages that were screened, captured or frozen, and are no sources now: those swapped out."""
    known = {row["candidate_id"] for row in tables["candidates"].cells if row.get("candidate_id")}
    known |= {row["source_id"] for row in captures if row.get("source_id")}
    known |= {row["source_id"] for row in read_finished(folder / FROZEN_FOLDER / "texts.csv", FROZEN_TEXTS)}
    return frozenset(known - {row["source_id"] for row in tables["sources"].cells if row.get("source_id")})


def list_peoples(study: Study) -> list[tuple[Rows, Contract]]:
    """Return the rows of every table that people wrote, with the table's contract."""
    contracts = {name: contract for name, (_, contract) in ALL_TABLES.items()}
    contracts["sources"] = sources_contract(study.config)
    tables = [(getattr(study, name), contract) for name, contract in contracts.items()]
    return tables + [(rows, CODINGS) for rows in study.codings.values()]


def list_written(folder: Path) -> list[Path]:
    """Return the files in which people decided, as far as a study has them; no other file below config is read."""
    return [path for path in (folder / CONFIG, *(path for path, _ in list_files(folder))) if path.exists()]


def list_files(folder: Path) -> list[tuple[Path, Contract]]:
    """Return the files of the tables that people wrote, as far as a study has them, with their contracts."""
    tables = [(find_table(folder / file), contract) for file, contract in ALL_TABLES.values()]
    tables += [(path, CODINGS) for path in find_codings(folder).values()]
    return [(path, contract) for path, contract in tables if path.exists()]


def find_codings(folder: Path) -> dict[str, Path]:
    """Return the table of each coder, whatever its form, in the order of the coders."""
    place = folder / CODINGS_FOLDER
    coders = sorted({path.stem for path in place.iterdir() if is_table(path)}) if place.is_dir() else []
    return {coder: find_table(place / f"{coder}.csv") for coder in coders}


def name_plain(file: str) -> str:
    """Return the name that a table has in the canonical form."""
    return PurePosixPath(file).with_suffix(".csv").as_posix()


def read_plain(folder: Path) -> dict[str, str]:
    """Return the tables that people wrote in the canonical form, by their name in it.

    One that is in it already comes byte for byte. Raises InputError if one cannot be read.
    """
    files = ((path.relative_to(folder).as_posix(), contract.read_plain(path)) for path, contract in list_files(folder))
    return {name_plain(file): content for file, content in files}


def list_published(folder: Path) -> list[Path]:
    """Return the files below config that may be published once quoted words are out: what people decided, and how.

    Nothing else that lies there goes along, such as a copy of a coder's table in a folder of its own.
    """
    protocol = folder / PROTOCOL
    others = [protocol, folder / LOG, *list_model_files(folder)]
    return [*list_written(folder), *(path for path in others if path.exists())]


def read_captures(path: Path) -> list[dict[str, str]]:
    """Return the attempts of all collections so far, as `captures.read_rows` does."""
    return capture_tables.read_rows(path)
