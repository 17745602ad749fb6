"""Write everything that papers, libraries and archives take from a review.

Bibliography (CSL-JSON, BibLaTeX), guideline cards (Markdown, JSON), tables and figures for a paper (LaTeX, SVG, PDF),
the PRISMA flow for the R package, all tables as a Frictionless data package, and a replication package (RO-Crate) that
holds no words of the sources. The same review gives the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from graylit.exports.badges import FILE as BADGES
from graylit.exports.badges import Packed, format_badges
from graylit.exports.bibliography import format_biblatex, list_csl_items
from graylit.exports.cards import format_cards, list_cards
from graylit.exports.citation import About, describe_program, format_citation, format_licence
from graylit.exports.crate import METADATA, format_crate
from graylit.exports.data_package import PackagedTable, format_rows, join_coders, pack_tables
from graylit.exports.deciding import list_deciders, list_deciding_models
from graylit.exports.figures import convert_to_pdf, draw_figures
from graylit.exports.latex_signs import FILE as SIGNS
from graylit.exports.latex_signs import format_signs
from graylit.exports.llm_checklist import fill_items, format_items, read_record
from graylit.exports.opening import format_opening, read_verdict
from graylit.exports.paper import format_example, format_numbers, format_paper_tables
from graylit.exports.replication import (
    SUMS,
    add_digests,
    collect_program,
    collect_study,
    date_decisions,
    list_licences,
    zip_files,
)
from graylit.exports.telling import Told, tell_study
from graylit.exports.telling import describe_study as tell_paragraphs
from graylit.exports.trying import find_trial
from graylit.exports.works import list_works
from graylit.exports.zenodo import FILE as ZENODO
from graylit.exports.zenodo import format_zenodo
from graylit.runs.places import TEMPLATES
from graylit.screening.prisma import parse_flow
from graylit.study.authors import list_authors, list_open, name_licence
from graylit.study.checking import require_study
from graylit.study.config import sources_contract
from graylit.study.frozen import FOLDER as FROZEN_FOLDER
from graylit.study.frozen import is_frozen
from graylit.study.mementos import find_mementos, read_offers
from graylit.study.original import list_correspondences
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES, PEOPLES_TABLES, Study
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import CODINGS
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.mementos import MEMENTOS
from graylit.tables.numbers import NUMBERS, NUMBERS_FILE
from graylit.tables.reading import read_finished, read_made
from graylit.tables.rows import Cells
from graylit.tables.sources import LICENCES

Tables = Mapping[str, Sequence[Cells]]
FOLDER = "results/export"
DATA_PACKAGE, REPLICATION = "data-package/", "replication-package.zip"
DRAWN = ("saturation", "card_merges", "card_clusters", "search_counts", "search_curve", "search_sets")


def read_made_tables(folder: Path) -> dict[str, list[Cells]]:
    """Return the tables that the review made, by name. Raises InputError if it has not been run."""
    paths = sorted((folder / "data/processed").glob("*.csv"))
    made: dict[str, list[Cells]] = {
        path.stem: [*read_made(folder, f"data/processed/{path.name}", CONTRACTS[path.stem])]
        for path in paths
        if path.stem in CONTRACTS
    }
    if "evidence" not in made:
        expected, remedy = "the tables that a review makes", f"run `{name_command('review')}` first"
        raise InputError([Fault(str(folder / "data/processed"), "lacks evidence.csv", expected, remedy)])
    if offers := read_offers(folder):
        made[MEMENTOS.name] = offers
    return made


def list_tables(study: Study, made: Tables) -> list[PackagedTable]:
    """Return all tables of the review: those of people, those of coders as one, and those that were made."""
    listed = [join_coders(CODINGS, {coder: rows.cells for coder, rows in study.codings.items()})]
    for name, (_, contract) in {**PEOPLES_TABLES, **OPTIONAL_TABLES}.items():
        contract = sources_contract(study.config) if name == "sources" else contract
        listed.append(PackagedTable(contract, getattr(study, name).cells))
    return listed + [PackagedTable(CONTRACTS[name], rows) for name, rows in made.items()]


def read_template(name: str) -> str:
    """Return the text of a template."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def format_json(content: object) -> bytes:
    """Return content as JSON for people and programs."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def list_searches(study: Study) -> list[Cells]:
    """Return the searches in force, by the time when they were made; those of no known time come last."""
    searches = latest_rows(study.searches.cells, "search_id").values()
    return sorted(searches, key=lambda row: (not row["searched_at"], row["searched_at"], row["search_id"]))


def write_for_papers(
    study: Study, made: Tables, drawn: Mapping[str, pd.DataFrame], prisma: bytes, told: Told
) -> dict[str, bytes]:
    """Return the files for papers and libraries, by name; `prisma` is the table for R, `told` comes first."""
    sources, title = study.sources.cells, study.config["title"]
    texts = {row["source_id"]: row for row in made.get("texts", [])}
    cards = list_cards(study, made["guideline_support"], made["evidence"], made)
    mementos = find_mementos(made.get(MEMENTOS.name, []))
    files = {
        "prisma.csv": prisma,
        "sources.csl.json": format_json(list_csl_items(sources, texts, mementos)),
        "sources.bib": format_biblatex(sources, texts, mementos).encode("utf-8"),
        "guidelines.md": format_cards(title, cards, told).encode("utf-8"),
        "guidelines.json": format_json(
            {"title": title, "about": told.paragraphs, "findings": told.findings, "guidelines": cards}
        ),
    }
    if items := fill_items(read_record(study, made)):
        files["llm-checklist.md"] = format_items(title, items).encode("utf-8")
        files["llm-checklist.json"] = format_json({"title": title, "items": items})
    searches = list_searches(study)
    tables = format_paper_tables(
        *(cards, sources, made["code_counts"], made["agreement"], searches),
        search_counts=made.get("search_counts", []),
        deciders=list_deciders(study),
        correspondences=list_correspondences(study.correspondences.cells),
        groups=made.get("group_sensitivity", []),
    )
    files |= {file: content.encode("utf-8") for file, content in tables.items()}
    names = {row["search_id"]: row["engine"] for row in searches}
    authors = [author.name for author in list_authors(study.config)]
    for name, svg in draw_figures(cards, drawn, parse_flow(prisma.decode("utf-8")), names).items():
        files |= {f"figures/{name}.svg": svg, f"figures/{name}.pdf": convert_to_pdf(svg)}
    files["paper.tex"] = format_example(read_template("paper.tex"), title, authors, files, told).encode("utf-8")
    worded = [content.decode("utf-8") for name, content in files.items() if name.endswith((".tex", ".bib", ".json"))]
    return files | {SIGNS: format_signs(worded).encode("utf-8")}


def check_publishable(folder: Path, study: Study) -> list[Fault]:
    """Return what a study still lacks to be published: who made it, its licence, and what it is replayed from."""
    faults = list_open(study.config)
    if study.config["has_texts"] and not is_frozen(folder):
        problem, expected = "is missing", "the frozen corpus, from which the package is replayed"
        faults.append(Fault(FROZEN_FOLDER, problem, expected, f"run: {name_command('freeze')}"))
    return faults


def require_publishable(folder: Path) -> Study:
    """Return the study in a folder. Raises InputError if it has faults, or lacks what a publication needs."""
    study = require_study(folder)
    if faults := check_publishable(folder, study):
        raise InputError(faults)
    return study


def describe_study(study: Study) -> About:
    """Return what a package says of a study whose config is filled in."""
    title, authors, licence = study.config["title"], list_authors(study.config), name_licence(study.config)
    return About(
        title=title,
        authors=authors,
        licence=licence,
        date=date_decisions(study),
        program=describe_program(),
        engine=version("snakemake"),
        models=list_deciding_models(study),
        goes_back_to=list_works(study.config),
        told=tuple(tell_paragraphs(study)),
        version=study.config.get("version", ""),
        doi=study.config.get("doi", ""),
    )


def pack_replication(folder: Path, study: Study, about: About, tables: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of the replication package by path."""
    program = collect_program()
    files = program | collect_study(folder, study)
    files |= {f"tables/{name}": content for name, content in tables.items()}
    files["licences.csv"] = format_rows(PackagedTable(LICENCES, list_licences(study.sources.cells)))
    readme = format_opening(study, about, read_verdict(folder), files)
    written = {"README.md": readme, "CITATION.cff": format_citation(about), "LICENSE": format_licence(about)}
    written[ZENODO] = format_zenodo(about)
    files |= {name: content.encode("utf-8") for name, content in written.items()}
    files[METADATA] = format_crate(about, [*files, BADGES, SUMS], program)
    trial = find_trial(folder, hashlib.sha256(add_digests(files)[SUMS]).hexdigest())  # BADGES.md tells of it: not named
    badges = format_badges(Packed(study, about, files, read_verdict(folder), trial))
    return add_digests({**files, BADGES: badges.encode("utf-8")})


def pack_all(folder: Path, study: Study, made: Tables) -> dict[str, bytes]:
    """Return the data package and the replication package, by file name."""
    if faults := check_publishable(folder, study):
        raise InputError(faults)
    about = describe_study(study)
    descriptor, packed = pack_tables(about, list_tables(study, made))
    packed["datapackage.json"] = format_json(descriptor)
    files = {f"{DATA_PACKAGE}{name}": content for name, content in packed.items()}
    return files | {REPLICATION: zip_files(pack_replication(folder, study, about, packed))}


def find_made(folder: Path, name: str) -> str:
    """Return where a made table is; '' if the review that made the others did not know it yet."""
    path = folder / f"data/processed/{name}.csv"
    return str(path) if path.exists() else ""


def draw_all(folder: Path, study: Study, made: Tables) -> dict[str, bytes]:
    """Return the files for papers and libraries, by name, figures included."""
    drawn = {name: CONTRACTS[name].read_or_empty(find_made(folder, name)) for name in DRAWN}
    told = tell_study(study, folder)
    files = write_for_papers(study, made, drawn, (folder / "data/processed/prisma.csv").read_bytes(), told)
    numbers = read_finished(folder / NUMBERS_FILE, NUMBERS)  # none of a review that did not know them yet
    return files | ({"numbers.tex": format_numbers(numbers).encode("utf-8")} if numbers else {})


PARTS = {"paper": draw_all, "package": pack_all}


def make_export(folder: Path, parts: Iterable[str] = tuple(PARTS)) -> dict[str, bytes]:
    """Return the files of some parts of the export of the study in a folder, by name."""
    study, made = require_study(folder), read_made_tables(folder)
    return {name: content for part in parts for name, content in PARTS[part](folder, study, made).items()}


def name_part(file: str) -> str:
    """Return the part of the export that a file belongs to."""
    return "package" if file.startswith(DATA_PACKAGE) or file == REPLICATION else "paper"


def replace_export(target: Path, files: Mapping[str, bytes], parts: Iterable[str]) -> None:
    """Write files of parts of the export; remove the other files that an earlier export wrote of these parts."""
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_file() and name_part(path.relative_to(target).as_posix()) in parts:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for file, content in files.items():
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_bytes(content)
