"""Write the audit pages: every guideline, source, code, candidate and decision with what it rests on."""

import os
from pathlib import Path

from graylit.audit.pages import AuditPages, fill_folder, write_pages
from graylit.audit.parts import Audit
from graylit.audit.tables import list_files, read_tables
from graylit.audit.texts import TextsAtHand
from graylit.runs.steps import Step
from graylit.study.config import sources_contract
from graylit.tables.store import Store

if __name__ == "__main__":
    step = Step(snakemake)
    inputs, config, folder = snakemake.input, snakemake.params.config, Path(step.output.folder)
    paths = [*inputs.decided, *inputs.made, inputs.numbers, *inputs.get("release", []), *inputs.get("ledger", [])]
    store, templates = Store(), Path(os.path.commonpath(inputs.templates))
    tables = read_tables(paths, sources_contract(config), store)
    words = TextsAtHand(Path(inputs.folder) if inputs.get("folder") else None)
    pages = AuditPages(Audit(tables, words), config, templates)
    n_pages = fill_folder(folder, write_pages(pages, store, list_files(paths), config), templates)
    step.close(f"{len(tables['sources'])} sources, words of {len(words)}", f"{n_pages} pages")
