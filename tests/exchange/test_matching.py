"""Projects of other tools: ways of counting positions, changed texts, sources and codes known by name."""

import pytest

from graylit.exchange.refi import make_guid
from qda_projects import SPACE, TEXTS_OF, edit_project, edit_text, export, plan, renew_guids, write_coded


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


def rescale(path, width_of):
    """Rewrite positions as a tool counts that gives each character another width; return the path."""

    def change(root):
        for source_id, text in TEXTS_OF.items():
            for one in root.iterfind(f".//q:TextSource[@guid='{make_guid('source', source_id)}']/q:*", SPACE):
                for name in ("startPosition", "endPosition"):
                    if one.get(name):
                        one.set(name, str(sum(map(width_of, text[: int(one.get(name))]))))

    return edit_project(path, change)


def test_a_text_with_windows_line_ends_counted_as_two(study):
    path = rescale(export(study), lambda character: 2 if character == "\n" else 1)
    for source_id in TEXTS_OF:
        edit_text(path, source_id, lambda text: text.replace("\n", "\r\n"))
    assert plan(study, path).files == plan(study, path, "A").files == {}


def test_a_text_with_windows_line_ends_counted_as_one(study):
    path = export(study)
    for source_id in TEXTS_OF:
        edit_text(path, source_id, lambda text: text.replace("\n", "\r\n"))
    assert plan(study, path).files == plan(study, path, "A").files == {}


def test_a_byte_order_mark_that_counts_and_one_that_does_not(study):
    path = export(study)
    for source_id in TEXTS_OF:
        edit_text(path, source_id, lambda text: "\ufeff" + text)
    assert plan(study, path).files == plan(study, path, "A").files == {}

    def shift(root):
        for one in root.iterfind(".//q:PlainTextSelection", SPACE):
            for name in ("startPosition", "endPosition"):
                one.set(name, str(int(one.get(name)) + 1))

    edit_project(path, shift)
    assert plan(study, path).files == plan(study, path, "A").files == {}


def test_positions_in_units_of_utf_16(study):
    path = rescale(export(study), lambda character: 2 if character > "\uffff" else 1)
    assert plan(study, path).files == plan(study, path, "A").files == {}


def test_places_in_a_changed_text_are_found_again(study):
    path = export(study)
    edit_text(path, "S002", lambda text: "A line that a tool put first.\n\n" + text)

    def shift(root):
        for one in root.iterfind(f".//q:TextSource[@guid='{make_guid('source', 'S002')}']/q:*[@startPosition]", SPACE):
            for name in ("startPosition", "endPosition"):
                one.set(name, str(int(one.get(name)) + 31))

    assert plan(study, edit_project(path, shift)).files == {}


def test_a_place_that_cannot_be_found_is_reported_and_nothing_is_withdrawn(study):
    path = export(study)
    edit_text(
        path, "S002", lambda text: text.replace("Keep the cable dry, Ünal says", "Wholly other words stand there")
    )
    planned = plan(study, edit_project(path, renew_guids))
    assert len(planned.claims.lost) == 1
    assert planned.files == {}


def test_sources_are_known_by_their_text_and_by_their_name(study):
    def rename(root):
        renew_guids(root)
        for source in root.iterfind(".//q:TextSource", SPACE):
            source.set("name", f"{source.get('name')[5:]}.docx")

    assert plan(study, edit_project(export(study), rename)).difference.n_same == 2
    edit_text(export(study), "S002", lambda text: text + "\nAn end.")
    assert plan(study, edit_project(export(study), rename)).difference.n_same == 2


def test_codes_are_known_by_name_whatever_its_case(study):
    def shout(root):
        renew_guids(root)
        for code in root.iterfind(".//q:Code", SPACE):
            code.set("name", code.get("name").upper())

    planned = plan(study, edit_project(export(study), shout))
    assert (planned.files, planned.new_codes) == ({}, {})
