"""The benchmark of import: mappings of published studies, and the made study of many coders."""

from pathlib import Path

import pandas as pd
import pytest

from graylit.exchange.mapping_reading import read_mapping
from many_coders import N_CODERS, N_CODES, N_CODINGS, draw_codings
from packages import PACKAGES, PUBLISHED

ROOT = Path(__file__).parents[2]
MAPPINGS = ROOT / "tests/mappings"


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_mappings_of_published_studies_are_mappings(path):
    assert read_mapping(path).title


def test_published_figures_are_those_of_packages_with_a_mapping():
    table = pd.read_csv(ROOT / PUBLISHED, dtype="str", keep_default_na=False)
    assert set(table["package"]) <= {package.mapping for package in PACKAGES}
    assert {f"{package.mapping}.yaml" for package in PACKAGES} <= {path.name for path in MAPPINGS.iterdir()}
    assert not table.duplicated(["package", "figure"]).any()


def test_the_made_study_has_as_many_coders_codes_and_codings_as_it_says():
    rows = list(draw_codings())
    assert len({tuple(row.values()) for row in rows}) == len(rows) == N_CODINGS
    assert (len({row["Coder"] for row in rows}), len({row["Code"] for row in rows})) == (N_CODERS, N_CODES)
