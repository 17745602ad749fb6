"""Recompute the published figures of four reviews from their imported tables, and time a study of many coders.

The first is a multivocal review (Scheuner and Leitner 2020): the studies folder holds faas_performance_mlr/ with
sources.csv, codebook.csv, codings.csv and expected.json (id, published). The others are replication packages
(`packages`), each a folder in the packages folder, as fetched. Tables go through import, coding, synthesis and
reporting; the figures come out of the product's own tables, none of them from the input.

References
----------
Scheuner and Leitner 2020, Function-as-a-Service performance evaluation: a multivocal literature review,
doi:10.1016/j.jss.2020.110708.
"""

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

import pandas as pd

from figures import Figure, run_graylit, write_figures
from graylit.tables.coding import CODE_PAIRS, CODEBOOK
from graylit.tables.sources import SOURCE_COUNTS
from many_coders import measure_many_coders
from packages import PACKAGES, Package, compare_package

STUDY = "faas_performance_mlr"
# How the publication groups the searches that found its gray sources.
SEARCHES = {
    "Google web search (google1+google2)": ("Google1", "Google2"),
    "Twitter": ("Twitter1", "Twitter2", "Twitter4"),
    "Hackernews": ("Hackernews4",),
    "Reddit": ("Reddit3",),
    "Medium": ("Medium2", "Medium4"),
    "academic snowballing + alerts": ("Snowball Academic", "Google Scholar Alert"),
    "exploratory Google": ("Google Manual",),
    "grey snowballing": ("Snowball Grey",),
}


class Recount:
    """The product's tables of one study, asked for a figure by its id in expected.json."""

    def __init__(self, study: Path) -> None:
        processed = study / "data/processed"
        codes = CODEBOOK.read(study / "config/coding/codebook.csv")
        names = dict(zip(codes["code_id"], codes["name"], strict=True))
        pairs = CODE_PAIRS.read(processed / "code_pairs.csv")
        self._pairs = {
            (row.source_type, names[row.code_id], names[row.other_code_id]): row.n_sources for row in pairs.itertuples()
        }
        self._counts = SOURCE_COUNTS.read(processed / "source_counts.csv")

    def find(self, figure_id: str) -> int:
        """Return the recomputed figure. Raise KeyError if its id has no known form."""
        if figure_id in ("studies", "academic", "grey"):
            return self.count_sources("year", source_type="" if figure_id == "studies" else figure_id)
        if found := re.fullmatch(
            r"char_(academic|grey)_(\w+?)_(p_total|aws|azure|google|ibm|cloudflare|self_hosted\w*)", figure_id
        ):
            return self.count_pair(*found.groups())
        if found := re.fullmatch(r"runtime_(academic|grey)_(\w+)", figure_id):
            return self._pairs.get((found[1], f"p3_runtimes={found[2]}", f"p3_runtimes={found[2]}"), 0)
        if found := re.fullmatch(r"year_(Academic|Grey)_(\d{4})", figure_id):
            return self.count_sources("year", found[1].lower(), [found[2]])
        if found := re.fullmatch(r"rank_(.+)", figure_id):
            return self.count_sources("venue_ranking", "academic", ["W" if found[1] == "Workshop" else found[1]])
        return self.count_sources("found_by", "grey", SEARCHES[figure_id.removeprefix("grey_")])

    def count_pair(self, source_type: str, characteristic: str, platform: str) -> int:
        """Return the sources of a type with a characteristic on a platform; c_total and p_total stand for any."""
        if characteristic == "c_total" and platform == "p_total":
            return self.count_sources("year", source_type)
        first = characteristic if platform == "p_total" else platform
        second = platform if characteristic == "c_total" else characteristic
        # A platform on which only applications ran counts in total and for applications.
        values = (
            ("yes", "only app") if characteristic in ("c_total", "app_bench") and platform != "p_total" else ("yes",)
        )
        keys = [(f"{first}={value}", f"{first}={value}" if second == first else f"{second}=yes") for value in values]
        return sum(self._pairs.get((source_type, *key), 0) for key in keys)

    def count_sources(self, variable: str, source_type: str = "", values: tuple | list = ()) -> int:
        """Return the number of sources with one of the values, or with any value if none is named."""
        rows = self._counts[self._counts["variable"] == variable]
        rows = rows[rows["source_type"] == source_type] if source_type else rows
        rows = rows[rows["value"].isin(values)] if values else rows
        return int(rows["n_sources"].sum())


def compare_figures(expected: list[dict], recount: Recount) -> pd.DataFrame:
    """Return one row per published figure: figure_id, published, recomputed."""
    rows = [(figure["id"], figure["published"], recount.find(figure["id"])) for figure in expected]
    return pd.DataFrame(rows, columns=["figure_id", "published", "recomputed"])


def recount_study(folder: Path, study: Path) -> tuple[pd.DataFrame, list[Figure]]:
    """Import, review and recount the study of the studies folder; return its figures one by one, and in all."""
    run_graylit("import", "tables", f"tests/mappings/{STUDY}.yaml", "--from", folder, "--to", study)
    run = run_graylit("-C", study, "review")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["expected"]
    figures = compare_figures(expected, Recount(study))
    n_different = int((figures["published"] != figures["recomputed"]).sum())
    return figures.assign(package=STUDY, where="expected.json", note=""), [
        Figure("published_figures", len(figures), "figures"),
        Figure("figures_recomputed_differently", n_different, "figures", "== 0"),
        Figure("report_made", int((study / "results/report.html").exists()), "pages", "== 1"),
        Figure("review_wall", run.seconds, "s"),
    ]


def recount_package(package: Package, folder: Path, study: Path) -> tuple[pd.DataFrame, list[Figure]]:
    """Import, check, review and recount a replication package; return its figures one by one, and in all."""
    mapping = f"tests/mappings/{package.mapping}.yaml"
    imported = run_graylit("import", "tables", mapping, "--from", folder, "--to", study)
    run_graylit("-C", study, "check")
    run = run_graylit("-C", study, "review")
    figures = compare_package(package, folder, study)
    is_right = figures["published"] == figures["recomputed"]
    return figures, [
        Figure(f"published_{package.mapping}", len(figures), "figures"),
        Figure(f"recomputed_{package.mapping}", int(is_right.sum()), "figures", f">= {package.n_right}"),
        Figure(f"import_wall_{package.mapping}", imported.seconds, "s"),
        Figure(f"review_wall_{package.mapping}", run.seconds, "s"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=Path, required=True)
    parser.add_argument("--packages", type=Path, required=True, help="a folder of fetched replication packages")
    asked = parser.parse_args()
    if not (asked.studies / STUDY / "expected.json").exists():
        sys.exit(
            f"{asked.studies / STUDY}/expected.json is missing; name the folder of published studies with --studies"
        )
    with tempfile.TemporaryDirectory() as scratch:
        found = [recount_study(asked.studies / STUDY, Path(scratch) / STUDY)]
        for package in PACKAGES:
            if (asked.packages / package.folder).exists():
                found.append(recount_package(package, asked.packages / package.folder, Path(scratch) / package.mapping))
            else:
                address = f"https://github.com/{package.repository}"
                print(f"Left out: {package.folder} is not in {asked.packages}; clone {address} ({package.commit})")
        many = measure_many_coders(Path(scratch))
    by_figure = pd.concat([figures for figures, _ in found], ignore_index=True)
    by_figure.to_csv("results/bench/import_by_figure.csv", index=False, lineterminator="\n")
    different = by_figure[by_figure["published"] != by_figure["recomputed"]]
    if len(different):
        print(different.to_string(index=False))
    sys.exit(0 if write_figures("import", [*(one for _, totals in found for one in totals), *many]) else 1)
