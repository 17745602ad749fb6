"""The page that opens a replication package: the one command, what decides, and where everything is."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from graylit.comparison.verdict import conclude, describe_stages
from graylit.exports.cards import escape_markdown
from graylit.exports.citation import About
from graylit.exports.replay import conclude as conclude_replay
from graylit.runs.places import TEMPLATES
from graylit.study.study import Study
from graylit.tables.comparison import VERDICT
from graylit.tables.rows import Cells

RELEASED = "data/frozen/released.csv"
CORPUS = (
    "| `data/frozen/` | the sources' texts as figures, enough to replay all that follows; `released/`: the released "
    "tables |\n"
)
OF_TEXTS = (
    "From the figures of the texts on (`data/frozen`: counts of terms, places and fingerprints), all is computed anew. "
    "How the pages were captured and their texts extracted is not, since the pages are not here."
)
OF_TABLES = (
    "This review has no texts: all is computed anew from what was decided. No tables were released to compare it with."
)


def read_verdict(folder: Path) -> Sequence[Cells]:
    """Return how the last review stood to the release, table by table; none if there was no release."""
    path = folder / "results/verdict.csv"
    return VERDICT.read_rows(path)[0].cells if path.exists() else []


def describe_replay(folder: Path) -> str:
    """Return how the tables differ from those that were frozen, as the last review saw it; '' if they do not."""
    rows = read_verdict(folder)
    return conclude(rows)[1] if any(row["verdict"] == "differs" for row in rows) else ""


def format_opening(study: Study, about: About, verdict: Sequence[Cells], files: Mapping[str, bytes]) -> str:
    """Return the page that opens a package of these files; `verdict` is how the last review stood to the release."""
    released = list_released(files.get(RELEASED, b""))
    differing = [row["table"] for row in verdict if row["verdict"] == "differs"]
    expected = conclude_replay(len(released), sorted(released.intersection(differing)), 0)[1]
    difference = f"\n**Not as it was frozen**: {escape_markdown(conclude(verdict)[1])}\n" if differing else ""
    stages = "\n".join(["\nIts makers' own review said:\n", "```text", *describe_stages(verdict), "```\n"])
    parts = {
        "title": escape_markdown(about.title),
        "built_on": "".join(f"\n{escape_markdown(work.sentence)}\n" for work in about.goes_back_to),
        "verdict": expected,
        "stages": stages if verdict and not differing else "",
        "difference": difference,
        "replayed": OF_TEXTS if study.config["has_texts"] else OF_TABLES,
        "corpus": CORPUS if study.config["has_texts"] else "",
        "n_packages": count_packages(files["environment.yml"].decode("utf-8")),
    }
    return Template((TEMPLATES / "replication.md").read_text(encoding="utf-8")).substitute(parts)


def count_packages(environment: str) -> int:
    """Return how many packages the description of the environment for conda names with their versions."""
    return len(re.findall(r"^ +- [^\s=]+==\S+", environment, re.MULTILINE))


def list_released(content: bytes) -> set[str]:
    """Return the names of the tables in the list of what was released."""
    rows = csv.DictReader(content.decode("utf-8").splitlines())
    return {row["name"] for row in rows if row["kind"] == "table"}
