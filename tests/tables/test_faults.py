"""What a fault suggests."""

from graylit.tables.faults import suggest_name


def test_a_name_in_other_letter_case_is_suggested_before_one_that_only_looks_alike():
    assert suggest_name("c001", ["C001", "S001"]) == " (did you mean 'C001'?)"
    assert suggest_name("g05", ["G05"]) == " (did you mean 'G05'?)"
