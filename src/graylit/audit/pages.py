"""The audit pages: every guideline, source, code, candidate and decision with what it rests on.

The pages are plain files that work from a folder. They show the words of sources as far as these are at hand, for the
reviewers' own use, and are not in version control.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from graylit.audit.codings import MAX_PLACES
from graylit.audit.decision_log import list_decisions
from graylit.audit.lists import list_candidates, list_categories, list_codings, list_sources, list_themes
from graylit.audit.parts import Audit
from graylit.audit.search import KINDS, list_searched
from graylit.audit.tables import (
    CODING_COLUMNS,
    CONTRACTS,
    LOG_COLUMNS,
    describe_columns,
    list_columns,
    split_file,
    split_rows,
)
from graylit.pages.templates import make_environment, render_shared
from graylit.study.config import sources_contract
from graylit.tables.comparison import CHANGED_TEXTS
from graylit.tables.contracts import Contract
from graylit.tables.store import Store, Table

SCRIPTS = ["pages.js", "audit.js"]
SHARED = ["style.css", *SCRIPTS]
FOLDERS = ("guidelines", "codes", "sources", "tables", "search")
# Tables that are put together for the pages; the others are files of the study.
LOG = Contract("log", LOG_COLUMNS, ("id",))
SHOWN_CODINGS = Contract("codings", CODING_COLUMNS, ("coding_id",))
Pages = Iterator[tuple[str, Iterable[str]]]  # path below the folder, content in parts


class AuditPages:
    """The pages of a study: what all of them share, and each kind of page."""

    def __init__(self, audit: Audit, config: Mapping[str, Any], templates: Path) -> None:
        self.audit = audit
        named = (audit.codebook, audit.themes, audit.guidelines)
        self.names = {key: row["name"] for rows in named for key, row in rows.items()}
        self.environment = make_environment(templates)
        self.shared = {
            "layout": "audit/base.html",
            "is_public": False,
            "config": config,
            "has_texts": config["has_texts"],
            "changed": CHANGED_TEXTS,
            "n_sources": len(audit.sources),
            "n_words": len(audit.words),
            "codebook": audit.codebook,
            "guidelines": audit.guidelines,
            "hues": audit.hues,
            "counts": audit.counts,
            "support": audit.support,
        }

    def choose_template(self, name: str) -> str:
        """Return the template of a kind of page."""
        return f"audit/{name}.html"

    def render(self, name: str, path: str, heading: str, **values: object) -> tuple[str, Iterable[str]]:
        """Return the path and the parts of a page; `name` is that of its kind."""
        entries = {"guidelines": "index", "codes": "codes", "sources": "sources"}
        here = entries.get(path.partition("/")[0]) or path.removesuffix(".html")  # the entry of the menu
        shown = self.shared | {"heading": heading, "here": here} | values
        return path, render_shared(
            self.environment, self.choose_template(name), shown, SCRIPTS, "../" * path.count("/")
        )

    def write_guidelines(self) -> Pages:
        """Yield the page of each guideline."""
        for guideline_id, row in self.audit.guidelines.items():
            guideline = self.audit.describe_guideline(guideline_id)
            yield self.render("guideline", f"guidelines/{guideline_id}.html", row["name"], guideline=guideline)

    def write_codes(self) -> Pages:
        """Yield the page of each code."""
        last_round = max((int(row["round"]) for row in self.audit.tables["disagreements"]), default=0)
        for code_id, row in self.audit.codebook.items():
            values = {"code": self.audit.describe_code(code_id), "last_round": last_round, "max_places": MAX_PLACES}
            yield self.render("code", f"codes/{code_id}.html", row["name"], **values)

    def write_sources(self) -> Pages:
        """Yield the page of each source, which leads to those before and after it."""
        order = ["", *sorted(self.audit.sources), ""]
        for previous, source_id, following in zip(order, order[1:], order[2:], strict=False):
            source = self.audit.describe_source(source_id)
            values = {"source": source, "previous": previous, "following": following}
            yield self.render("source", f"sources/{source_id}.html", source["title"], **values)

    def write_lists(self, n_decisions: int) -> Pages:
        """Yield the pages that list guidelines, sources, codes and candidates."""
        audit = self.audit
        n_candidates = len(audit.tables["candidates"])
        figures = {
            "n_codes": sum(row["status"] == "active" for row in audit.codebook.values()),
            "n_codings": sum(row["is_evidence"] == "yes" for row in audit.tables["located_codings"]),
            "n_candidates": n_candidates,
            "n_decisions": n_decisions,
        }
        yield self.render("index", "index.html", "Guidelines", categories=list_categories(audit), **figures)
        yield self.render("sources", "sources.html", "Sources", rows=list_sources(audit))
        yield self.render("codes", "codes.html", "Codes", themes=list_themes(audit))
        found = {"n_rows": n_candidates, "has_hits": len(audit.tables["hits"]) > 0}
        yield self.render("screening", "screening.html", "Screening", **found, rows=list_candidates(audit))

    def write_table(self, table: Contract, rows: Table, file: str) -> Pages:
        """Yield the page of a table and the files of its rows."""
        columns = list_columns(table)
        names = []
        for number, part in enumerate(split_rows(columns, rows), start=1):
            names.append(f"{table.name}-{number}.js")
            yield f"tables/{names[-1]}", [part]
        values = {
            "columns": describe_columns(columns, rows, self.names),
            "n_rows": len(rows),
            "file": file,
            "files": names,
        }
        heading = table.name.replace("_", " ").capitalize()
        yield self.render("table", f"tables/{table.name}.html", heading, **values)

    def write_search(self) -> Pages:
        """Yield the search page and the files of words that it looks through."""
        names = []
        for number, part in enumerate(split_file("graylit.addWords", list_searched(self.audit)), start=1):
            names.append(f"words-{number}.js")
            yield f"search/{names[-1]}", [part]
        yield self.render("search", "search.html", "Search", kinds=KINDS, files=names)


def write_pages(pages: AuditPages, store: Store, files: Mapping[str, str], config: Mapping[str, Any]) -> Pages:
    """Yield every page of the audit; `files` holds the file of each table by the table's name."""
    audit = pages.audit
    decisions = store.add("log", LOG.names, list_decisions(audit.tables)).sort("when")
    codings = store.add("described", SHOWN_CODINGS.names, list_codings(audit))
    contracts = CONTRACTS | {"sources": sources_contract(config), "codings": SHOWN_CODINGS, "log": LOG}
    rows = dict(audit.tables) | {"codings": codings, "log": decisions}
    files = {**files, "codings": "config/coding/codings", "log": "config"}
    shown = sorted(name for name in files if name in contracts)
    yield from pages.write_lists(len(decisions))
    yield from pages.write_guidelines()
    yield from pages.write_codes()
    yield from pages.write_sources()
    for name in shown:
        yield from pages.write_table(contracts[name], rows[name], files[name])
    columns = {name: [column.name for column in list_columns(contracts[name])] for name in shown}
    lines = [{"name": name, "file": files[name], "columns": columns[name], "n_rows": len(rows[name])} for name in shown]
    yield pages.render("tables", "tables.html", "Tables", rows=lines)
    yield from pages.write_search()


def fill_folder(folder: Path, pages: Pages, templates: Path) -> int:
    """Write pages and what they share into a folder, which is emptied before; return the number of pages."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name in SHARED:
        shutil.copyfile(templates / name, folder / name)
    n_pages = 0
    for path, content in pages:
        with (folder / path).open("w", encoding="utf-8") as page:
            page.writelines(content)
        n_pages += path.endswith(".html")
    return n_pages
