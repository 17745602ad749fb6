"""All numbers of a review by name: what spans in Markdown, macros in LaTeX and the page of numbers take from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from graylit.pages.number_forms import Number, count, join_name, write_number
from graylit.report.frames import Frames
from graylit.report.numbers import coding, deciding, finding, synthesis
from graylit.report.numbers.blocks import list_blocks
from graylit.study.study import Study
from graylit.synthesis.piles import list_counted, read_piles, read_sessions
from graylit.tables.numbers import COEFFICIENT, COUNT, DECIMAL, INTERVAL, NUMBERS, SHARE
from graylit.tables.sources import list_publishers

MISSING = "not measured yet"
AWAITED = {  # numbers that every review comes to: a page may have marks for them from its first day
    **dict.fromkeys(("alpha", "screening.cohen_kappa", "sort.rand", "sort.silhouette", "sort.cophenetic"), COEFFICIENT),
    **dict.fromkeys(("readings.cohen_kappa", "readings.alpha_nominal", "topics.coherence"), COEFFICIENT),
    **dict.fromkeys(("alpha.interval", "screening.cohen_kappa.interval", "readings.cohen_kappa.interval"), INTERVAL),
    **dict.fromkeys(("screening.share_agreed", "readings.share_agreed", "topics.share_outside"), SHARE),
    **dict.fromkeys(("quality.median", "quality.mean", "quality.lowest", "quality.highest"), DECIMAL),
    **dict.fromkeys(("saturation.listed", "saturation.shuffled"), DECIMAL),
    **dict.fromkeys(("sort.sorters", "sort.cards", "sort.clusters", "sort.piles.fewest", "sort.piles.most"), COUNT),
    **dict.fromkeys(("agreement.last.units", "sources.until_all_codes"), COUNT),
}


def list_catalogue(frames: Frames, study: Study) -> list[Number]:
    """Return every number of a review.

    A name that would stand for two, such as that of kinds `blog post` and `blog/post`, stands for none.
    """
    numbers = [
        *finding.list_numbers(frames),
        *coding.list_numbers(frames),
        *synthesis.list_numbers(frames),
        *deciding.list_numbers(study),
        *_list_choices(study.config),
        *_list_written(study),
    ]
    found = [*numbers, *list_blocks(frames, study.config.get("original", {}).get("counts", {}), numbers)]
    n_named = Counter(number.name for number in found)
    awaited = [Number(name, kind, "", MISSING) for name, kind in AWAITED.items() if name not in n_named]
    return [*(number for number in found if n_named[number.name] == 1), *awaited]


def _list_choices(config: Mapping[str, Any]) -> Iterator[Number]:
    floor = config["synthesis"]["min_publishers"]
    for name, n in config.get("original", {}).get("counts", {}).items():
        yield count(join_name("original", name), n, f"{name}, as the original reports it")
    yield count("floor", floor, "publishers that a guideline needs, by the config")


def _list_written(study: Study) -> Iterator[Number]:
    """Yield numbers of people's tables of which no made table says more."""
    publishers = list_publishers(row["publisher"] for row in study.candidates.cells)
    yield count("candidates.publishers", len(publishers), "publishers of the candidates")
    piles, sessions = read_piles(study.card_sorts.cells), read_sessions(study.sort_sessions.cells)
    sizes = [len(set(piles[sorter].values())) for sorter in list_counted(piles, sessions)]
    if sizes:
        yield count("sort.piles.fewest", min(sizes), "piles of the sorter who made the fewest")
        yield count("sort.piles.most", max(sizes), "piles of the sorter who made the most")


def to_frame(numbers: Sequence[Number]) -> pd.DataFrame:
    """Return the catalogue as a table, each number as it is written unless asked for otherwise."""
    return NUMBERS.to_frame(
        {
            "name": number.name,
            "kind": number.kind,
            "value": number.value,
            "shown": write_number(number.kind, number.value),
            "meaning": number.meaning,
        }
        for number in numbers
    )
