"""A scripted adjudicator, whose desk is killed while it saves, loses nothing that was called saved."""

from desks import assert_no_fault
from settling_trials import settle_whole


def test_no_settlement_that_was_called_saved_is_lost_and_none_stands_twice(chromium, tmp_path):
    seen = settle_whole(chromium, tmp_path / "study", n=8, n_kills=2)
    expected = {"disputes": 8, "kills": 2, "lost": 0, "twice": 0, "missing": 0, "most_keys": 2}
    assert {name: seen[name] for name in expected} == expected
    assert_no_fault(tmp_path / "study")
