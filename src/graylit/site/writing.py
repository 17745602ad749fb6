"""Write the site: pages, data and how to cite them, as files of one folder that works wherever it is put."""

from __future__ import annotations

import io
import lzma
import shutil
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from graylit.audit.pages import SHARED
from graylit.audit.parts import Audit
from graylit.audit.tables import list_files, read_tables
from graylit.exports.bibliography import Mementos, format_biblatex, list_csl_items
from graylit.exports.citation import About
from graylit.exports.citing import describe_guideline, describe_review, format_dataset, format_ris
from graylit.exports.data_package import pack_tables
from graylit.exports.frozen_corpus import replace_folder
from graylit.exports.writing import describe_study, format_json
from graylit.runs.places import TEMPLATES
from graylit.site.cards import list_content
from graylit.site.database import NAME, describe_database, write_database
from graylit.site.leading import mark_segments
from graylit.site.pages import SitePages, list_deciders
from graylit.site.report import describe_public_report
from graylit.site.tables import Listed, list_inputs, list_tables, make_guide
from graylit.study.authors import list_open
from graylit.study.checking import require_study
from graylit.study.config import sources_contract
from graylit.study.makers import count_makers
from graylit.study.mementos import find_mementos, read_offers
from graylit.study.pasted import find_pasted
from graylit.study.people import list_made, list_people
from graylit.study.study import Study
from graylit.tables.faults import InputError
from graylit.tables.store import Store, Table

FOLDER = "results/site"
Files = dict[str, bytes]
Item = Mapping[str, Any]  # of CSL-JSON


def require_open(folder: Path) -> Study:
    """Return the study in a folder. Raises InputError if it has faults, or does not say who made it or its licence."""
    study = require_study(folder)
    if faults := list_open(study.config):
        raise InputError(faults)
    return study


def require_publishable(folder: Path) -> Study:
    """Return the study in a folder, as `require_open` does.

    Raises InputError also if somebody wrote words of a source into it, as far as texts are at hand to tell.
    """
    study = require_open(folder)
    if pasted := find_pasted(folder, study):
        remedy = "reword it: the site shows what people wrote"
        raise InputError([replace(fault, remedy=remedy) for fault in pasted])
    return study


def make_site(folder: Path, versions: Sequence[Mapping[str, Any]] = ()) -> Files:
    """Return the files of the site of a reviewed study, by path; the same study gives the same bytes.

    `versions` describe other states of it, to be shown beside this one.
    """
    study = require_publishable(folder)
    about, inputs = describe_study(study), list_inputs(folder)
    tables = read_tables(inputs, sources_contract(study.config), Store())
    listed = list_tables(tables, sources_contract(study.config), list_files(inputs))
    mementos = find_mementos(read_offers(folder))
    items = list_csl_items(study.sources.cells, tables["texts"].key("source_id"), mementos)
    data = make_data(study, about, listed, tables, items) | cite_all(study, about, tables, items, mementos)
    marks = mark_segments(tables["term_counts"], tables["vocabulary"])
    pages = SitePages(Audit(tables, {}), study.config, TEMPLATES, marks)
    pages.guide, pages.mementos = make_guide(tables, listed), mementos
    has_agreement = len(tables["agreement"]) > 0
    pages.shared |= {"about": about, "licence": about.licence, "has_agreement": has_agreement}
    pages.shared["decided_by"] = count_makers(study)
    files = {path: "".join(parts).encode("utf-8") for path, parts in _write_pages(pages, study, listed, data)}
    others = [
        *pages.write_report(describe_public_report(folder, study, inputs)),
        pages.render("versions", "versions.html", "Versions", versions=versions),
    ]
    files |= {path: "".join(parts).encode("utf-8") for path, parts in others}
    shared = {name: (TEMPLATES / name).read_bytes() for name in SHARED}
    return dict(sorted({**shared, **files, **data, ".nojekyll": b""}.items()))


def _write_pages(
    pages: SitePages, study: Study, listed: Sequence[Listed], data: Mapping[str, bytes]
) -> Iterator[tuple[str, Any]]:
    made = Counter[str]()
    for one in list_made(study):
        made[one.decider] += one.n_rows
    yield from pages.write_listed()
    yield from pages.write_guidelines()
    yield from pages.write_claims()
    yield from pages.write_codes()
    yield from pages.write_sources()
    yield from pages.write_decisions(list_deciders(list_people(study), made))
    yield from pages.write_tables(listed, {path: len(content) for path, content in data.items()})
    yield from pages.write_search()


def make_data(
    study: Study, about: About, listed: Sequence[Listed], tables: Mapping[str, Table], items: Sequence[Item]
) -> Files:
    """Return an archive of the tables as CSV and as one database, and of what most look for as JSON."""
    packed = [one.packed for one in listed if one.packed.rows]
    descriptor, files = pack_tables(about, packed)
    files |= {
        "datapackage.json": format_json(descriptor),
        f"{NAME}.sqlite": write_database(packed),
        "metadata.json": format_json(describe_database(about, packed)),
        f"{NAME}.json": format_json(list_content(study, about, tables, items)),
    }
    return {f"data/{NAME}.tar.xz": pack_files(files)}


def pack_files(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files; the same files give the same bytes.

    Packed as one, the tables and the database that repeats them take half the room of a zip archive.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)  # of nobody, at no time
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return lzma.compress(packed.getvalue(), preset=9)


def cite_all(
    study: Study, about: About, tables: Mapping[str, Table], items: Sequence[Item], mementos: Mementos
) -> Files:
    """Return how to cite the review, each guideline and each source, and all sources at once: BibLaTeX and RIS."""
    texts = tables["texts"].key("source_id")
    sources = study.sources.cells
    own = {"review": describe_review(about)}
    for row in tables["guidelines"]:
        own[row["guideline_id"]] = describe_guideline(about, row["guideline_id"], row["name"])
    cited = {f"{name}.bib": format_dataset(item) for name, item in own.items()}
    cited |= {f"{name}.ris": format_ris(item) for name, item in (own | {item["id"]: item for item in items}).items()}
    cited |= {f"{row['source_id']}.bib": format_biblatex([row], texts, mementos) for row in sources}
    cited["sources.bib"] = format_biblatex(sources, texts, mementos)
    cited["sources.ris"] = "".join(map(format_ris, items))
    return {f"cite/{name}": content.encode("utf-8") for name, content in cited.items()}


def replace_site(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write the files of a site in the place of an earlier one, which stays whole until this one is; return where."""
    target, new = folder / FOLDER, folder / f"{FOLDER}.new"
    shutil.rmtree(new, ignore_errors=True)
    for file, content in files.items():
        (new / file).parent.mkdir(parents=True, exist_ok=True)
        (new / file).write_bytes(content)
    replace_folder(new, target)
    return target
