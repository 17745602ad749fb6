"""`graylit sample`: segments for people to code, so that it shows how far models can be trusted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from graylit.runs.folders import with_study


@click.command("sample")
@click.option("--size", type=click.IntRange(2), default=100, show_default=True, help="How many segments to draw.")
@click.option("--anew", is_flag=True, help="Draw another sample; the last one drawn counts.")
@with_study
def command(folder: Path, size: int, anew: bool) -> None:
    """Draw a sample of segments for people to code.

    It is drawn by the seed of the study, and stratified by how models had coded a segment (agreed, disputed, by one
    only, without a code) and by kind of source. Whoever codes finds it on the desk: Code the sample. A review then
    says how far models agree with people, code by code, and what the sample says of the whole.
    """
    from graylit.pages.wording import count_things
    from graylit.study.checking import require_study
    from graylit.study.given import gather_given, name_kinds
    from graylit.study.locks import hold_study
    from graylit.study.sampling import draw_sample, group_strata
    from graylit.study.study import OPTIONAL_TABLES
    from graylit.study.writing import extend_table, read_clock
    from graylit.tables.coding import LOCATED_CODINGS
    from graylit.tables.faults import Fault, InputError
    from graylit.tables.preparation import SEGMENTS
    from graylit.tables.reading import read_finished, read_made

    file, contract = OPTIONAL_TABLES["sample"]
    with hold_study(folder):
        study = require_study(folder)
        if study.sample.cells and not anew:
            problem, remedy = (
                "holds a sample already",
                "code it on the desk; --anew draws another, which counts then",
            )
            raise InputError([Fault(file, problem, "no sample yet", remedy)])
        segments = read_made(folder, "data/processed/segments.csv", SEGMENTS)
        located = read_finished(folder / "data/processed/located_codings.csv", LOCATED_CODINGS)
        ids: dict[str, list[str]] = {}
        for row in segments:
            ids.setdefault(row["source_id"], []).append(row["segment_id"])
        given = gather_given(located, study.readings.cells, study.passes.cells, ids)
        models = [given[name] for name in name_kinds(study)[1] if name in given]
        type_of = {row["source_id"]: row["source_type"] for row in study.sources.cells}
        seed = int(study.config["seed"])
        rows = draw_sample(group_strata(segments, models, type_of), size, seed, study.sample.cells, read_clock())
        extend_table(folder, file, rows, contract, ",".join(contract.names) + "\n")
    stood = Counter(row["stood"] for row in rows)
    told = ", ".join(f"{n:,} {name}" for name, n in sorted(stood.items()))
    print(f"{count_things(len(rows), 'segment')} of {len(segments):,} drawn: {told}. Code them on the desk.")
