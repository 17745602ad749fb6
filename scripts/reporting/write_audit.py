"""Write the audit pages: every guideline, source, code, candidate and decision with what it rests on.

The pages are plain files that work from a folder. They show the words of sources where these are at hand, for the
reviewers' own use, and are not in version control.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
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
    read_tables,
    split_file,
    split_rows,
)
from graylit.pages.templates import make_environment, render_shared
from graylit.runs.steps import StepLog
from graylit.study.config import sources_contract
from graylit.tables.comparison import CHANGED_STATES
from graylit.tables.contracts import Contract
from graylit.tables.store import Store, Table

SCRIPTS = ["pages.js", "audit.js"]
SHARED = ["style.css", *SCRIPTS]
N_TEXTS = 100  # texts in memory at one time
Pages = Iterator[tuple[str, Iterable[str]]]  # path below the folder, its content in parts


class Words(Mapping[str, str]):
    """The texts at hand by source, each read when a page shows words of it."""

    def __init__(self, folder: Path | None) -> None:
        self._paths = {path.stem: path for path in sorted(folder.glob("*.txt"))} if folder else {}
        self._read = lru_cache(maxsize=N_TEXTS)(lambda source_id: self._paths[source_id].read_bytes().decode("utf-8"))

    def __getitem__(self, source_id: str) -> str:
        """Return the text of a source."""
        return self._read(source_id)

    def __contains__(self, source_id: object) -> bool:
        """Return whether the text of a source is at hand."""
        return source_id in self._paths

    def __iter__(self) -> Iterator[str]:
        """Yield the sources with a text, in order."""
        return iter(self._paths)

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._paths)


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

    def render(self, name: str, path: str, heading: str, **values: object) -> tuple[str, Iterable[str]]:
        """Return the path and the parts of a page; `here` is the entry of the menu that it belongs to."""
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
            "n_codings": sum(row["is_evidence"] == "yes" for row in audit.tables["located_codings"]),
            "n_candidates": len(audit.tables["candidates"]),
            "n_decisions": n_decisions,
        }
        yield self.render("index", "index.html", "Guidelines", categories=list_categories(audit), **figures)
        yield self.render("sources", "sources.html", "Sources", rows=list_sources(audit))
        yield self.render("codes", "codes.html", "Codes", themes=list_themes(audit))
        more = {"n_rows": figures["n_candidates"], "rows": list_candidates(audit)}
        yield self.render("screening", "screening.html", "Screening", **more)

    def write_table(self, table: Contract, rows: Table, file: str) -> Pages:
        """Yield the page of a table and the files of its rows."""
        columns = list_columns(table)
        names = []
        for number, part in enumerate(split_rows(columns, rows), start=1):
            names.append(f"{table.name}-{number}.js")
            yield f"tables/{names[-1]}", [part]
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
        names = []
        for number, part in enumerate(split_file("graylit.addWords", list_searched(self.audit)), start=1):
            names.append(f"words-{number}.js")
            yield f"search/{names[-1]}", [part]
        yield self.render("search", "search.html", "Search", kinds=KINDS, files=names)


def write_pages(writer: Writer, store: Store, files: dict[str, str], config: dict[str, Any]) -> Pages:
    """Yield every page of the audit; `files` holds where each table is, by its name."""
    audit = writer.audit
    decisions = store.add("log", [column.name for column in LOG_COLUMNS], list_decisions(audit.tables)).sort("when")
    codings = store.add("described", [column.name for column in CODING_COLUMNS], list_codings(audit))
    contracts = CONTRACTS | {
        "sources": sources_contract(config),
        "codings": Contract("codings", CODING_COLUMNS, ("coding_id",)),
        "log": Contract("log", LOG_COLUMNS, ("id",)),
    }
    rows = dict(audit.tables) | {"codings": codings, "log": decisions}
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
    store = Store()
    tables = read_tables(paths, sources_contract(config), store)
    words = Words(Path(given.folder) if given.get("folder") else None)
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
    for path, content in write_pages(writer, store, files, config):
        with (folder / path).open("w", encoding="utf-8") as page:
            page.writelines(content)
        n_pages += path.endswith(".html")
    log.close(f"{len(tables['sources'])} sources, words of {len(words)}", f"{n_pages} pages in {folder}")
