"""A project that another tool wrote: its texts are read, everything else is counted."""

import pytest

from graylit.exchange.refi_reading import read_project
from qda_projects import plan, write_coded, write_strange


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


@pytest.fixture
def strange(tmp_path):
    """Return the project of another tool."""
    return write_strange(tmp_path / "strange.qdpx")


def test_a_project_of_another_tool_is_read_as_far_as_it_is_text(study, strange):
    planned = plan(study, strange, "C")
    claims = {(claim.span, claim.code_id, claim.memo) for claim in planned.claims.placed}
    assert claims == {
        ((9, 21), "C04", "on the selection\non the coding"),
        ((9, 21), "C01", "on the selection"),
        (None, "C01", ""),
    }
    names = [row["name"] for row in planned.new_codes.values()]
    assert names == ["Floods"]


def test_what_is_no_text_is_counted_by_reason(study, strange):
    skipped = plan(study, strange, "C").claims.skipped
    assert sum(skipped.values()) == 7
    assert {n for reason, n in skipped.items() if "no source of this study" in reason} == {1}
    assert skipped["at an empty place"] == skipped["a marked place without a code"] == 1
    assert skipped["in a PictureSource, which is no plain text"] == 1


def test_nothing_outside_the_file_is_read(strange):
    sources = {source.name: source for source in read_project(strange).sources.values()}
    assert sources["far"].raw is None and "outside the file" in sources["far"].why
    assert sources["gone"].raw is None
