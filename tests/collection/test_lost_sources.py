"""The closing line of a collection names what it could not get."""

from collect_captures import describe_failed, name_lost


def rows(n_lost):
    lost = [{"source_id": f"S{number:03d}", "state": "lost", "outcome": "gone"} for number in range(1, n_lost + 1)]
    return [{"source_id": "S000", "state": "archived", "outcome": "captured"}, *lost]


def test_a_lost_source_is_named_with_its_outcome():
    assert name_lost(rows(1)) == " (S001 gone; data/raw/captures.csv says more)"


def test_nothing_is_said_if_nothing_is_lost():
    assert name_lost(rows(0)) == ""


def test_of_many_lost_sources_the_first_are_named_and_the_rest_counted():
    said = name_lost(rows(10))
    assert "S008 gone and 2 more;" in said and "S009" not in said


def test_sources_at_which_the_program_failed_are_counted_with_what_to_do():
    assert describe_failed([], "results/logs/collect_captures.log") == ""
    said = describe_failed({"S001", "S002"}, "results/logs/collect_captures.log")
    assert said.startswith("; at 2 sources Graylit itself failed: please report it with results/logs/")
    assert said.endswith("the next collection tries again")
