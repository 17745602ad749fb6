"""A study folder: its config, the tables people wrote, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from glr import captures as capture_tables
from glr import shards
from glr.captures import choose_pages, choose_telling, is_held, read_finished
from glr.contracts import Column, Contract, Rows
from glr.faults import Fault, InputError, name_command, suggest_name
from glr.frozen import FOLDER as FROZEN_FOLDER
from glr.frozen import check_frozen, is_frozen
from glr.references import check_filled, check_positions, check_references
from glr.screening_checks import check_screening
from glr.synthesis_checks import check_synthesis
from glr.tables import (
    ADJUDICATIONS,
    CANDIDATES,
    CARD_SORTS,
    CATEGORIES,
    CODEBOOK,
    CODINGS,
    CRITERIA,
    FROZEN_TEXTS,
    GUIDELINES,
    HELD_OUTCOMES,
    IMPACTS,
    PASSES,
    PRACTICES,
    QUALITY,
    READINGS,
    SCREENINGS,
    SOURCES,
    TEXTS,
    THEMES,
)
from glr.urls import list_urls

if TYPE_CHECKING:
    import jsonschema

SCHEMA = Path(__file__).resolve().parents[2] / "workflow" / "schemas" / "config.schema.yaml"
CONFIG = "config/config.yaml"
PEOPLES_TABLES = {
    "sources": ("config/sources.csv", SOURCES),
    "codebook": ("config/coding/codebook.csv", CODEBOOK),
    "themes": ("config/synthesis/themes.csv", THEMES),
    "guidelines": ("config/synthesis/guidelines.csv", GUIDELINES),
}
OPTIONAL_TABLES = {
    "adjudications": ("config/coding/adjudications.csv", ADJUDICATIONS),
    "passes": ("config/coding/passes.csv", PASSES),
    "readings": ("config/coding/readings.csv", READINGS),
    "candidates": ("config/screening/candidates.csv", CANDIDATES),
    "criteria": ("config/screening/criteria.csv", CRITERIA),
    "screenings": ("config/screening/screenings.csv", SCREENINGS),
    "practices": ("config/synthesis/practices.csv", PRACTICES),
    "categories": ("config/synthesis/categories.csv", CATEGORIES),
    "card_sorts": ("config/synthesis/card_sorts.csv", CARD_SORTS),
    "impacts": ("config/synthesis/impacts.csv", IMPACTS),
    "quality": ("config/quality.csv", QUALITY),
}
ALL_TABLES = {**PEOPLES_TABLES, **OPTIONAL_TABLES}
CODINGS_FOLDER = "config/coding/codings"
CAPTURES = "data/raw/captures.csv"
TAKEN = {*SOURCES.names, "year", "variable", "value"}  # columns of sources and of the counts made of them


@dataclass(frozen=True)
class Study:
    """A study's config and the rows people wrote, as far as they could be read; `codings` by coder."""

    config: dict[str, Any]
    sources: Rows
    codebook: Rows
    themes: Rows
    guidelines: Rows
    adjudications: Rows
    passes: Rows
    readings: Rows
    candidates: Rows
    criteria: Rows
    screenings: Rows
    practices: Rows
    categories: Rows
    card_sorts: Rows
    impacts: Rows
    quality: Rows
    codings: dict[str, Rows]
    former: frozenset[str] = frozenset()  # ids of pages that were candidates or captured, and are no source now


def read_study(folder: Path) -> tuple[Study, list[Fault]]:
    """Return the study in a folder and every fault of what people wrote there."""
    study, faults = read_tables(folder)
    faulty = {fault.file for fault in faults}
    faults += [fault for fault in check_filled(study) if fault.file not in faulty]
    faults += check_references(study) + check_screening(study) + check_synthesis(study)
    faults += check_frozen(folder) if is_frozen(folder) else []
    return study, faults + check_positions(study, read_finished(folder / "data/processed/texts.csv", TEXTS))


def read_tables(folder: Path, names: Container[str] = ALL_TABLES) -> tuple[Study, list[Fault]]:
    """Return a study with the codings and the tables named, and the faults that show in each table alone."""
    (config, faults), tables = read_config(folder / CONFIG, file=CONFIG), {}
    for name, (file, contract) in ALL_TABLES.items():
        contract = sources_contract(config) if name == "sources" else contract
        is_read = name in names and (name in PEOPLES_TABLES or (folder / file).exists())
        tables[name], more = contract.read_rows(folder / file, file) if is_read else (Rows(file), [])
        faults += more
    codings = {}
    for path in sorted((folder / CODINGS_FOLDER).glob("*.csv")):
        codings[path.stem], more = CODINGS.read_rows(path, f"{CODINGS_FOLDER}/{path.name}")
        faults += more
    captures, more = capture_tables.check_rows(folder / CAPTURES, CAPTURES)
    former = _former_sources(folder, tables, captures.cells)
    return Study(config=config, codings=codings, **tables, former=former), faults + more


def _former_sources(folder: Path, tables: Mapping[str, Rows], captures: list[dict[str, str]]) -> frozenset[str]:
    """Return the ids of pages that were screened, captured or frozen, and are no sources now: those swapped out."""
    known = {row["candidate_id"] for row in tables["candidates"].cells if row.get("candidate_id")}
    known |= {row["source_id"] for row in captures if row.get("source_id")}
    known |= {row["source_id"] for row in read_finished(folder / FROZEN_FOLDER / "texts.csv", FROZEN_TEXTS)}
    return frozenset(known - {row["source_id"] for row in tables["sources"].cells if row.get("source_id")})


def list_written(folder: Path) -> list[Path]:
    """Return the files in which people decided, as far as a study has them; no other file below config is read."""
    tables = (folder / file for file, _ in ALL_TABLES.values())
    codings = sorted((folder / CODINGS_FOLDER).glob("*.csv"))
    return [path for path in (folder / CONFIG, *tables, *codings) if path.exists()]


def require_study(folder: Path) -> Study:
    """Return the study in a folder. Raises InputError with every fault."""
    study, faults = read_study(folder)
    if faults:
        raise InputError(faults)
    return study


def sources_contract(config: Mapping[str, Any]) -> Contract:
    """Return the contract of sources.csv with the study's own variables."""
    variables = config.get("variables")
    variables = variables if isinstance(variables, dict) else {}
    return SOURCES.with_columns(Column(str(n), "text", str(m), is_required=False) for n, m in variables.items())


def read_config(path: Path, file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Return a study's config as far as it could be read, and its faults."""
    remedy = "config/README.md describes every key"
    try:
        config = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, [Fault(file, "is missing", "the review's choices", "create it; " + remedy)]
    except UnicodeDecodeError:
        return {}, [Fault(file, "is not UTF-8", "UTF-8", "save it again as UTF-8")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = f"is not YAML ({getattr(error, 'problem', error)})"
        return {}, [Fault(file, problem, "YAML", "look at the line and the one above it", row=row)]
    if not isinstance(config, dict):
        return {}, [Fault(file, "holds no keys", "the review's choices", remedy)]
    import jsonschema  # slow to import, and steps that know of a study's tables read no config

    schema = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    found = jsonschema.Draft202012Validator(schema).iter_errors(config)
    faults = [fault for error in sorted(found, key=str) for fault in _config_faults(error, file)]
    variables = config.get("variables")
    for name in sorted(TAKEN.intersection(variables if isinstance(variables, dict) else {})):
        problem, expected = "is the name of another column", "a name of its own"
        faults.append(Fault(file, problem, expected, "rename the variable", column=f"variables.{name}"))
    return config, faults


def _config_faults(error: jsonschema.ValidationError, file: str) -> list[Fault]:
    place = ".".join(str(step) for step in error.absolute_path)
    remedy = "config/README.md describes every key"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        wrong = sorted(str(key) for key in set(error.instance) - set(known))  # YAML reads `no` and 1 as no words
        missing = set(error.schema.get("required", [])) - set(error.instance) or known
        names = [".".join(filter(None, [place, name])) for name in wrong]
        return [
            Fault(file, f"is not a key{suggest_name(wrong[i], missing)}", ", ".join(known), remedy, column=names[i])
            for i in range(len(wrong))
        ]
    if error.validator == "required":
        missing = error.message.split("'")[1]
        place = ".".join(filter(None, [place, missing]))
        return [Fault(file, "is missing", "a value", remedy, column=place)]
    expected = {"type": f"a value of type {error.validator_value}"}.get(
        error.validator, f"{error.validator} {error.validator_value}"
    )
    return [Fault(file, "is not valid", expected, remedy, column=place, value=str(error.instance))]


def read_captures(path: Path) -> list[dict[str, str]]:
    """Return the attempts of all collections so far, as `captures.read_rows` does."""
    return capture_tables.read_rows(path)


def choose_captures(
    sources: Iterable[Mapping[str, str]], captures: Iterable[Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    """Return, by source_id, the capture that stands for each source: held if all its pages are.

    Where a page is not held, it is the last attempt for that page; sources never tried have no entry.
    """
    told = {source_id: choose_telling(pages) for source_id, pages in choose_pages(sources, captures).items()}
    return {source_id: capture for source_id, capture in told.items() if capture}


def digest_shards(study: Study, captures: list[dict[str, str]], n_shards: int) -> dict[str, str]:
    """Return, by scatteritem ('1-of-2'), a digest of what its sources and their captures are.

    The workflow passes it to the steps that work by shards: a changed source redoes its own shard only, and another
    try that brought no page redoes none.
    """
    sources = study.sources.cells
    chosen = choose_pages(sources, captures)
    rows: dict[int, list[dict[str, str]]] = {shard: [] for shard in range(1, n_shards + 1)}
    for cells in sources:
        source_id = cells["source_id"]
        for number, (url, capture) in enumerate(zip(list_urls(cells), chosen[source_id], strict=True)):
            told = capture if is_held(capture) else {name: capture.get(name, "") for name in ("origin", "outcome")}
            row = {"of_source": source_id, "of_url": url, "of_number": str(number), **told}
            rows[shards.shard_of(source_id, n_shards)].append(row)
    return {f"{shard}-of-{n_shards}": shards.digest_rows(shard_rows) for shard, shard_rows in rows.items()}


def explain_missing_captures(captures: Iterable[Mapping[str, str]]) -> str:
    """Return what to do where nothing was captured yet; '' where at least one source has a capture."""
    if any(capture["outcome"] in HELD_OUTCOMES for capture in captures):
        return ""
    return (
        "No source has been captured yet, so there is nothing to review. Do one of these:\n"
        f"  {name_command('collect')}\n    to capture the sources from the live web\n"
        f"  {name_command('review ARCHIVE=file.warc.gz')}\n    to capture them from a WARC file, and review them"
    )
