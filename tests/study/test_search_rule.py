"""The rule to stop in the config: accepted whole, refused in part."""

import pytest

from graylit.study.checking import read_study
from tiny_study import write_study


@pytest.mark.parametrize(
    ("rule", "n_faults"),
    [
        ("{hits: 50, new: 0, of: candidates}", 0),
        ("{hits: 50, new: 2, of: included}", 0),
        ("{hits: 0, new: 0, of: included}", 1),
        ("{hits: 50, new: 0}", 1),
        ("{hits: 50, new: 0, of: pages}", 1),
    ],
)
def test_the_rule_to_stop_says_how_many_hits_how_many_new_ones_and_of_what(tmp_path, rule, n_faults):
    write_study(tmp_path)
    config = tmp_path / "config/config.yaml"
    config.write_text(f"{config.read_text(encoding='utf-8')}search:\n  stop_after: {rule}\n", encoding="utf-8")
    assert len(read_study(tmp_path)[1]) == n_faults
