"""Write the audit pages: every guideline, source, code, candidate and decision with what it rests on.

The pages are plain files that work from a folder. They show the words of sources where these are at hand, for the
reviewers' own use, and are not in version control.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glr.audit_codings import MAX_PLACES
from glr.audit_lists import list_candidates, list_categories, list_codings, list_sources, list_themes
from glr.audit_parts import Audit
from glr.audit_search import KINDS, list_searched
from glr.audit_tables import (
    CODING_COLUMNS,
    CONTRACTS,
    LOG_COLUMNS,
    describe_columns,
    list_columns,
    read_tables,
    split_file,
    split_rows,
)
from glr.contracts import Contract
from glr.decision_log import list_decisions
from glr.pages import make_environment, render_shared
from glr.steps import StepLog
from glr.study import sources_contract
from glr.tables import CHANGED_STATES

SCRIPTS = ["pages.js", "audit.js"]
SHARED = ["style.css", *SCRIPTS]
Pages = Iterator[tuple[str, str]]  # path below the folder, content


def read_words(folder: Path | None) -> dict[str, str]:
    """Return the texts at hand by source."""
    paths = sorted(folder.glob("*.txt")) if folder else []
    return {path.stem: path.read_bytes().decode("utf-8") for path in paths}


class Writer:
    """The audit pages of a study: what all of them share, and each kind of page."""

    def __init__(self, audit: Audit, config: dict[str, Any], templates: Path) -> None:
        self.audit = audit
        named = (audit.codebook, audit.themes, audit.guidelines)
        self.names = {key: row["name"] for rows in named for key, row in rows.items()}
        self.environment = make_environment(templates)
        self.shared = {
            "config": config,
            "has_texts": config["has_texts"],
            "changed": CHANGED_STATES,
            "n_sources": len(audit.sources),
            "n_words": len(audit.words),
            "codebook": audit.codebook,
            "guidelines": audit.guidelines,
            "hues": audit.hues,
            "counts": audit.counts,
            "support": audit.support,
        }

    def render(self, name: str, path: str, heading: str, **values: object) -> tuple[str, str]:
        """Return a page and its path; `here` is the entry of the menu that it belongs to."""
        here = {"guidelines": "index", "codes": "codes", "sources": "sources"}.get(path.partition("/")[0])
        values = self.shared | {"heading": heading, "here": here or path.removesuffix(".html")} | values
        root = "../" * path.count("/")
        return path, render_shared(self.environment, f"audit/{name}.html", values, SCRIPTS, root)

    def write_single_pages(self) -> Pages:
        """Yield the pages of guidelines, codes and sources."""
        audit = self.audit
        rounds = [int(row["round"]) for row in audit.tables["disagreements"]]
        for guideline_id, row in audit.guidelines.items():
            one = audit.describe_guideline(guideline_id)
            yield self.render("guideline", f"guidelines/{guideline_id}.html", row["name"], one=one)
        for code_id, row in audit.codebook.items():
            more = {"one": audit.describe_code(code_id), "last_round": max(rounds, default=0), "max_places": MAX_PLACES}
            yield self.render("code", f"codes/{code_id}.html", row["name"], **more)
        order = ["", *sorted(audit.sources), ""]
        for previous, source_id, following in zip(order, order[1:], order[2:], strict=False):
            more = {"one": audit.describe_source(source_id), "previous": previous, "following": following}
            yield self.render("source", f"sources/{source_id}.html", audit.sources[source_id]["title"], **more)

    def write_lists(self, n_decisions: int) -> Pages:
        """Yield the pages that list guidelines, sources, codes and candidates."""
        audit = self.audit
        figures = {
            "n_codes": sum(row["status"] == "active" for row in audit.codebook.values()),
            "n_codings": sum(one["is_evidence"] == "yes" for one in audit.codings),
            "n_candidates": len(audit.tables["candidates"]),
            "n_decisions": n_decisions,
        }
        yield self.render("index", "index.html", "Guidelines", categories=list_categories(audit), **figures)
        yield self.render("sources", "sources.html", "Sources", rows=list_sources(audit))
        yield self.render("codes", "codes.html", "Codes", themes=list_themes(audit))
        yield self.render("screening", "screening.html", "Screening", rows=list_candidates(audit))

    def write_table(self, table: Contract, rows: list[dict[str, str]], file: str) -> Pages:
        """Yield the page of a table and the files of its rows."""
        columns = list_columns(table)
        parts = list(split_rows(columns, rows))
        names = [f"{table.name}-{number}.js" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            yield f"tables/{name}", part
        more = {
            "columns": describe_columns(columns, rows, self.names),
            "n_rows": len(rows),
            "file": file,
            "files": names,
        }
        heading = table.name.replace("_", " ").capitalize()
        yield self.render("table", f"tables/{table.name}.html", heading, **more)

    def write_search(self) -> Pages:
        """Yield the search page and the files of words that it looks through."""
        parts = list(split_file("graylit.addWords", list_searched(self.audit)))
        names = [f"words-{number}.js" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            yield f"search/{name}", part
        yield self.render("search", "search.html", "Search", kinds=KINDS, files=names)


def write_pages(writer: Writer, files: dict[str, str], config: dict[str, Any]) -> Pages:
    """Yield every page of the audit; `files` holds where each table is, by its name."""
    audit = writer.audit
    decisions = list_decisions(audit.tables)
    contracts = CONTRACTS | {
        "sources": sources_contract(config),
        "codings": Contract("codings", CODING_COLUMNS, ("coding_id",)),
        "log": Contract("log", LOG_COLUMNS, ("id",)),
    }
    rows = dict(audit.tables) | {"codings": list_codings(audit), "log": decisions}
    files = files | {"codings": "config/coding/codings", "log": "config"}
    shown = sorted(name for name in files if name in contracts)
    yield from writer.write_lists(len(decisions))
    yield from writer.write_single_pages()
    for name in shown:
        yield from writer.write_table(contracts[name], rows[name], files[name])
    columns = {name: [column.name for column in list_columns(contracts[name])] for name in shown}
    lines = [{"name": name, "file": files[name], "columns": columns[name], "n_rows": len(rows[name])} for name in shown]
    yield writer.render("tables", "tables.html", "Tables", rows=lines)
    yield from writer.write_search()


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "write_audit")
    given, config = snakemake.input, snakemake.params.config
    paths = [*given.decided, *given.made, *given.get("release", []), *given.get("ledger", [])]
    tables = read_tables(paths, sources_contract(config))
    words = read_words(Path(given.folder) if given.get("folder") else None)
    templates = Path(os.path.commonpath(given.templates))
    writer = Writer(Audit(tables, words), config, templates)
    folder = Path(snakemake.output.folder)
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("guidelines", "codes", "sources", "tables", "search"):
        (folder / part).mkdir(parents=True)
    for name in SHARED:
        shutil.copyfile(templates / name, folder / name)
    files = {Path(path).stem: str(path) for path in paths if Path(path).parent.name != "codings"}
    n_pages = 0
    for path, content in write_pages(writer, files, config):
        (folder / path).write_text(content, encoding="utf-8")
        n_pages += path.endswith(".html")
    log.close(f"{len(tables['sources'])} sources, words of {len(words)}", f"{n_pages} pages in {folder}")
