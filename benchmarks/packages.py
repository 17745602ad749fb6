"""Replication packages of three published studies by several coders: imported by mapping alone, reviewed and recounted.

Each package is a folder, fetched from its repository with its own name; nothing of it is kept here but the figures its
authors published (benchmarks/published.csv), and nothing is done to its tables before the mapping.

References
----------
Albonico et al. 2021, Mining energy-related practices in robotics software, doi:10.1109/MSR52588.2021.00060; Dogucu et
al. 2025, A systematic literature review of undergraduate data science education research,
doi:10.1080/26939169.2025.2486656; Hardwicke et al. 2024, Prevalence of transparent research practices in psychology,
doi:10.1177/25152459241283477.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from graylit.tables.coding import AGREEMENT, CODE_COUNTS, CODE_PAIRS, CODEBOOK, DISAGREEMENTS
from graylit.tables.screening import CRITERIA, SCREENING_DECISIONS
from graylit.tables.sources import SOURCES

PUBLISHED = Path("benchmarks/published.csv")


@dataclass(frozen=True)
class Package:
    """A replication package: its repository and commit, and the mapping that reads it (tests/mappings)."""

    repository: str
    commit: str
    mapping: str
    n_right: int  # published figures that are recomputed; docs/import.md says why the others are not

    @property
    def folder(self) -> str:
        """The name of the folder it is fetched into."""
        return self.repository.rpartition("/")[2]


PACKAGES = (
    Package(
        "S2-group/msr-2021-green-practices-replication-package",
        "d1f473685c92f932bcd68b18d903f41c9566da62",
        "robotics_energy_practices",
        390,
    ),
    Package("mdogucu/comp-data-sci", "8ef4c29fdeb4fac89c939b3111ff1bbfdd40ac8f", "data_science_education", 55),
    Package(
        "TomHardwicke/2023-transparency-psych",
        "0576710009b2c08c1b893444c1cd794d3ad1c50b",
        "psychology_transparency",
        23,
    ),
)


class Recounted:
    """A study's own tables, asked for published figures."""

    def __init__(self, study: Path) -> None:
        codebook = CODEBOOK.read(study / "config/coding/codebook.csv")
        self._names = dict(zip(codebook["code_id"], codebook["name"], strict=True))
        processed = study / "data/processed"
        self._pairs = CODE_PAIRS.read(processed / "code_pairs.csv")
        self._counts = CODE_COUNTS.read(processed / "code_counts.csv")
        self._agreement = AGREEMENT.read(processed / "agreement.csv")
        self._disagreements = DISAGREEMENTS.read(processed / "disagreements.csv")
        self._types = SOURCES.read(study / "config/sources.csv")["source_type"]
        self._decisions = SCREENING_DECISIONS.read(processed / "screening_decisions.csv")
        criteria = CRITERIA.read_or_empty(next(study.glob("config/screening/criteria.csv"), None))
        self._criteria = dict(zip(criteria["criterion_id"], criteria["name"], strict=True))

    def find(self, table: str, source_type: str, counted: str) -> float:
        """Return a figure as a row of published.csv asks for it."""
        if table == "sources":
            return self.count_sources(source_type)
        if table == "codes":
            return self.count_coded(source_type, counted)
        if table == "percent":  # their function in R rounds to two digits
            return float(f"{100 * self.count_coded(source_type, counted) / self.count_sources(source_type):.2g}")
        if table == "screening":
            return self.count_candidates(counted)
        if table == "agreed":
            return self.count_agreed(counted)
        raise ValueError(f"{PUBLISHED}: no table {table!r}")

    def count_sources(self, source_type: str) -> int:
        """Return the sources of a type, or all."""
        return int((self._types == source_type).sum()) if source_type else len(self._types)

    def count_coded(self, source_type: str, counted: str) -> int:
        """Return the sources with codes: 'a & b | c' are those with both of two codes, or with a third."""
        pairs = self._pairs[self._pairs["code_id"] <= self._pairs["other_code_id"]]
        pairs = pairs[pairs["source_type"] == source_type] if source_type else pairs
        names = list(zip(pairs["code_id"].map(self._names), pairs["other_code_id"].map(self._names), strict=True))
        wanted = []
        for codes in counted.split(" | "):
            first, _, second = codes.partition(" & ")
            wanted.append({first, second or first})
        return int(pairs["n_sources"][[set(pair) in wanted for pair in names]].sum())

    def count_candidates(self, counted: str) -> int:
        """Return the candidates: all, those included, or those excluded by the criterion of a name."""
        if not counted:
            return len(self._decisions)
        if counted == "include":
            return int((self._decisions["decision"] == "include").sum())
        return int((self._decisions["criterion_id"].map(self._criteria) == counted).sum())

    def count_agreed(self, question: str) -> int:
        """Return the sources to which their coders gave the same answers; codes of a question begin alike."""
        read = self._agreement[self._agreement["coders"] == "all"]
        answers = self._disagreements["code_ids"].map(lambda cell: self.choose_answers(cell, question))
        n_answers = answers.groupby(self._disagreements["unit_id"]).nunique()
        return int(read["n_units"].max() - (n_answers > 1).sum())

    def choose_answers(self, code_ids: str, question: str) -> str:
        """Return the codes in a cell of ids that answer a question."""
        return "; ".join(one for one in code_ids.split("; ") if self._names.get(one, "").startswith(question))

    def count_codings(self) -> dict[str, int]:
        """Return the codings of each code, by its name."""
        return dict(zip(self._counts["name"], self._counts["n_codings"], strict=True))


def list_published(package: Package, folder: Path) -> pd.DataFrame:
    """Return the published figures of a package, as published.csv has them."""
    table = pd.read_csv(PUBLISHED, dtype="str", keep_default_na=False)
    figures = table[table["package"] == package.mapping].astype({"published": float})
    if package.mapping != "robotics_energy_practices":
        return figures
    path = folder / "data_analysis/coding/04-codes-classification.csv"  # the figures of 494 codes are in the package
    theirs = pd.read_csv(path, dtype="str", keep_default_na=False)
    columns = {"figure": theirs["Unique codes"].str.strip(), "published": theirs["# Data Points"].astype(float)}
    return pd.DataFrame({**columns, "table": "codings", "where": path.name}).assign(note="")


def compare_package(package: Package, folder: Path, study: Path) -> pd.DataFrame:
    """Return one row per published figure of a package: package, figure, where, published, recomputed, note."""
    figures, recounted = list_published(package, folder), Recounted(study)
    if "codings" in set(figures["table"]):
        n_codings = recounted.count_codings()
        found = [n_codings.get(name, 0) for name in figures["figure"]]
    else:
        asked = zip(figures["table"], figures["source_type"], figures["counted"], strict=True)
        found = [recounted.find(*row) for row in asked]
    columns = ["package", "figure", "where", "published", "recomputed", "note"]
    return figures.assign(package=package.mapping, recomputed=found)[columns]
