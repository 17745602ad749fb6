"""Two scripted screeners and a settler, whose desks are killed while they save, lose nothing that was called saved."""

from desk_trials import screen_whole
from desks import assert_no_fault
from screening_desks import list_candidates


def test_no_decision_that_was_called_saved_is_lost_and_none_stands_twice(chromium, tmp_path):
    seen = screen_whole(chromium, list_candidates(6), tmp_path / "study", n_kills=2)
    assert {name: seen[name] for name in ("kills", "lost", "twice", "missing")} == {
        "kills": 2,
        "lost": 0,
        "twice": 0,
        "missing": 0,
    }
    assert_no_fault(tmp_path / "study")
