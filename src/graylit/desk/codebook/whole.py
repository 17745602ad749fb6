"""Whether a study stays whole with further rows of its codebook: themes and guidelines name codes as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from graylit.desk.tasks import DecisionError
from graylit.study.references import check_references
from graylit.study.study import read_tables
from graylit.tables.rows import Row


def require_whole(folder: Path, added: Sequence[Row]) -> None:
    """Raise DecisionError with every fault that a study would have with further rows of its codebook."""
    study, _ = read_tables(folder)
    rows, last = study.codebook, max(study.codebook.numbers, default=1)
    numbers = [*rows.numbers, *range(last + 1, last + 1 + len(added))]
    after = replace(study, codebook=replace(rows, cells=[*rows.cells, *map(dict, added)], numbers=numbers))
    known = set(map(str, check_references(study)))
    if faults := [str(fault) for fault in check_references(after) if str(fault) not in known]:
        raise DecisionError(f"Nothing was changed, since the study would have a fault then: {' '.join(faults)}")
