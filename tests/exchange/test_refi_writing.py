"""Projects that go to other tools: REFI-QDA by its schema, the same bytes every time."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from archives import REPOSITORY
from graylit.exchange.refi import make_guid
from graylit.exchange.refi_reading import read_project
from graylit.exchange.refi_writing import build_codebook, pack_project
from graylit.exchange.review import read_review
from graylit.study.writing import append_rows
from graylit.tables.coding import CODINGS
from graylit.tables.faults import InputError
from qda_projects import CODED, SPACE, export, make_row, read_members, write_coded


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


def test_the_project_follows_the_schema(study):
    schema = etree.XMLSchema(etree.parse(REPOSITORY / "tests/refi/Project.xsd"))
    schema.assertValid(etree.fromstring(read_members(export(study))["project.qde"]))


def test_the_codes_of_the_codebook_follow_the_schema_of_codes(study):
    schema = etree.XMLSchema(etree.parse(REPOSITORY / "tests/refi/Project.xsd"))
    codes = build_codebook(read_review(study)).replace(b":codebook:", b":project:")
    root = etree.fromstring(b'<Project xmlns="urn:QDA-XML:project:1.0" name="x"/>')
    root.append(etree.fromstring(codes))
    del root[0].attrib["origin"]
    schema.assertValid(root)


def test_the_same_state_gives_the_same_bytes(study):
    first = export(study).read_bytes()
    assert export(study).read_bytes() == first
    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(pack_project(read_review(study))).hexdigest()


def test_the_zip_names_no_time_and_nothing_compressed(study):
    with zipfile.ZipFile(export(study)) as archive:
        assert {(m.date_time, m.compress_type) for m in archive.infolist()} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_every_coding_is_at_its_words(study):
    members = read_members(export(study))
    root = etree.fromstring(members["project.qde"])
    found = []
    for source in root.iterfind(".//q:TextSource", SPACE):
        text = members[source.get("plainTextPath").replace("internal://", "sources/")].decode()
        for one in source.iterfind("q:PlainTextSelection", SPACE):
            found.append(text[int(one.get("startPosition")) : int(one.get("endPosition"))])
    assert sorted(found) == sorted(quote for coded in CODED.values() for _, quote, _, _ in coded if quote)


def test_definitions_users_variables_and_memos_are_in_the_project(study):
    project = read_project(export(study))
    assert sorted(project.users.values()) == ["A", "B"]
    assert "A mesh keeps leaves out" in {code.description for code in project.codes.values()}
    memos = {coding.memo for coding in project.codings}
    assert {"Says what it is for\nand for which barrels", "the whole page is about floods"} <= memos
    assert b"<TextValue>Brook &amp; Sons</TextValue>" in read_members(export(study))["project.qde"]


def test_a_source_without_text_is_in_the_project(study):
    name = f"sources/{make_guid('source', 'S003')}.txt"
    assert b"no text of this source" in read_members(export(study))[name]


def test_the_project_has_what_the_importer_of_qualcoder_leans_on(study):
    """It stops at a missing origin or path, takes a coding's first child for its code, and drops what shares a name."""
    members = read_members(export(study))
    root = etree.fromstring(members["project.qde"])
    users = {user.get("guid") for user in root.iterfind(".//q:User", SPACE)}
    assert root.get("origin")
    assert {coding[0].tag for coding in root.iterfind(".//q:Coding", SPACE)} == {f"{{{SPACE['q']}}}CodeRef"}
    assert {coding.get("creatingUser") for coding in root.iterfind(".//q:Coding", SPACE)} <= users
    for tag in ("Code", "TextSource", "Variable"):
        names = [one.get("name") for one in root.iterfind(f".//q:{tag}", SPACE)]
        assert len(set(names)) == len(names) > 0
    for source in root.iterfind(".//q:TextSource", SPACE):
        text = members["sources" + source.get("plainTextPath").split("internal:/")[1]]
        assert b"\r" not in text and not text.startswith(b"\xef\xbb\xbf") and not source.get("richTextPath")


def test_an_export_of_tables_that_changed_since_is_refused(study):
    path = study / "config/coding/codings/B.csv"
    path.write_text(append_rows(path.read_text(), [make_row("B-9", "S002", "Pumps", "C01", "")], CODINGS))
    with pytest.raises(InputError, match=r"older than the coders' tables or the texts \(B-9\).*graylit review"):
        read_review(study)


def test_two_codes_of_one_name_get_names_of_their_own(study):
    path = study / "config/coding/codebook.csv"
    path.write_text(path.read_text() + "C04,Mesh,another,,,active,\n")
    names = [code.name for code in read_project(export(study)).codes.values()]
    assert names == ["Mesh (C01)", "Overflow", "Mesh (C04)"]


def test_the_schema_says_who_may_pass_it_on():
    assert "licensed under the MIT license" in Path(REPOSITORY / "tests/refi/Project.xsd").read_text(encoding="utf-8")
