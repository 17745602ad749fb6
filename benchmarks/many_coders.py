"""A made study of many coders and codes, as plain tables: how long its import and its agreement take."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from enlarging import write_rows
from figures import Figure, run_graylit
from rivals import run_workflow

N_CODERS, N_CODES, N_CODINGS, N_SOURCES = 30, 300, 10_000, 200
SEED = 1
MAPPING = """\
title: A made study of many coders
sources: {file: sources.csv, columns: {source_id: No, title: Title, publisher: Site}}
codes: {file: codes.csv, columns: {name: Code, definition: Meaning}}
codings: {file: codings.csv, columns: {source_id: No, coder: Coder, name: Code}}
"""


def draw_codings() -> Iterator[dict[str, str]]:
    """Yield codings: a third of them are one of three codes that suit the source, and some codes are much in use."""
    generator, seen = random.Random(SEED), set()
    weights = [(number + 1) ** -0.7 for number in range(N_CODES)]
    codes = range(N_CODES)
    fitting = [generator.choices(codes, weights, k=3) for _ in range(N_SOURCES)]
    while len(seen) < N_CODINGS:
        coder, source = generator.randrange(N_CODERS), generator.randrange(N_SOURCES)
        fits = generator.random() < 1 / 3
        code = generator.choice(fitting[source]) if fits else generator.choices(codes, weights)[0]
        if (coder, source, code) not in seen:
            seen.add((coder, source, code))
            yield {"No": f"S{source:03d}", "Coder": f"Coder {coder:02d}", "Code": f"code number {code:03d}"}


def write_made_tables(folder: Path) -> Path:
    """Write the tables of the made study and their mapping; return the mapping's path."""
    sources = ({"No": f"S{n:03d}", "Title": f"Page {n}", "Site": f"Site {n % 70}"} for n in range(N_SOURCES))
    write_rows(folder / "sources.csv", ["No", "Title", "Site"], sources)
    codes = ({"Code": f"code number {n:03d}", "Meaning": f"what {n} means"} for n in range(N_CODES))
    write_rows(folder / "codes.csv", ["Code", "Meaning"], codes)
    write_rows(folder / "codings.csv", ["No", "Coder", "Code"], draw_codings())
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    return folder / "mapping.yaml"


def measure_many_coders(scratch: Path) -> list[Figure]:
    """Return what the import of the made study takes, what became of its rows, and what its agreement takes."""
    tables, study = scratch / "made", scratch / "many"
    imported = run_graylit("import", "tables", write_made_tables(tables), "--from", tables, "--to", study)
    account = pd.read_csv(study / "config/import/rows.csv", dtype="str", keep_default_na=False)
    run_workflow(study, "data/processed/agreement.csv")
    spent = pd.read_csv(study / "results/logs/measure_agreement.benchmark.tsv", sep="\t")
    n_rows = N_SOURCES + N_CODES + N_CODINGS
    return [
        Figure("many_coders_import_wall", imported.seconds, "s", "<= 30"),
        Figure("many_coders_rows_unaccounted", n_rows - len(account), "rows", "== 0"),
        Figure("many_coders_measures", sum(1 for _ in (study / "data/processed/agreement.csv").open()) - 1, "measures"),
        Figure("many_coders_agreement_cpu", spent["cpu_time"].iloc[0], "s", "<= 60"),
        Figure("many_coders_agreement_peak", spent["max_rss"].iloc[0], "MB"),
    ]
