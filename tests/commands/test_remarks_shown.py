"""Remarks of `graylit check`: of each kind a few are shown, so that none buries the others."""

from graylit.commands.check import group_remarks, number_remarks
from graylit.tables.faults import Fault
from running import run_graylit
from tiny_study import write_study

CODEBOOK, A, B = (f"config/coding/{name}.csv" for name in ("codebook", "codings/A", "codings/B"))


def similar(number):
    return Fault(
        CODEBOOK, f"is almost the name of C{number} ('Answer {number}')", "names apart", "merge", number, "name"
    )


RARE = [
    Fault(CODEBOOK, "has no definition", "a definition", "write it", 2, "definition"),
    Fault(A, "was retired on 2026-01-02, before this coding", "C04", "use it", 2, "code_id"),
    Fault(B, "was retired on 2026-03-04, before this coding", "C05", "use it", 9, "code_id"),
]


def test_remarks_of_one_kind_are_those_that_differ_in_names_ids_and_numbers_only():
    kinds = group_remarks([similar(1), *RARE, similar(2)])
    assert [len(kind) for kind in kinds] == [2, 1, 2]


def test_remarks_of_one_kind_come_in_the_order_of_rows():
    (kind,) = group_remarks(map(similar, (9, 2, 10)))
    assert [remark.row for remark in kind] == [2, 9, 10]


def test_many_remarks_of_a_kind_are_counted_and_bury_no_other():
    lines = number_remarks([*map(similar, range(138)), *RARE])
    assert lines[0].startswith("141 remarks of 3 kinds (nothing is stopped by them; graylit check --all shows each)")
    assert [line.split()[0] for line in lines[1:4]] == ["1.", "2.", "3."]
    assert lines[4] == "     … and 135 more like these"
    assert lines[5].startswith("  139. ") and "has no definition" in lines[5]
    assert len(lines) == 8


def test_all_are_shown_if_they_are_few_or_asked_for():
    assert len(number_remarks([*map(similar, range(4))])) == 5  # a line that counts one is no shorter than it
    assert len(number_remarks([*map(similar, range(138))], n_shown=None)) == 139
    assert number_remarks([]) == []


def test_the_command_shows_all_if_asked(tmp_path):
    folder = write_study(tmp_path)
    codebook = folder / CODEBOOK
    codebook.write_text(codebook.read_text() + "".join(f"C9{n},Colour {n},,,,active,\n" for n in range(9)))
    few, every = (run_graylit("-C", folder, "check", *asked).stdout for asked in ([], ["--all"]))
    assert "… and 6 more like these" in few
    assert few.count("has no definition") == 3 and every.count("has no definition") == 9
