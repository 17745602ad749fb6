"""Damaged and hostile projects: refused in words, nothing written."""

import random
import re
import struct

import pytest

from graylit.exchange.refi import make_guid
from graylit.tables.faults import InputError
from qda_projects import (
    SPACE,
    digest_folder,
    edit_project,
    export,
    fault_of,
    find_selection,
    plan,
    read_members,
    write_coded,
    write_members,
    write_strange,
)


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


@pytest.fixture
def strange(tmp_path):
    """Return the project of another tool."""
    return write_strange(tmp_path / "strange.qdpx")


def test_a_file_that_is_no_zip_is_refused(study, tmp_path):
    path = tmp_path / "x.qdpx"
    for content in (b"", b"PK\x03\x04", b"no zip at all", random.Random(1).randbytes(5000)):
        path.write_bytes(content)
        assert "is no zip file" in fault_of(study, path)
    assert "is missing" in fault_of(study, tmp_path / "y.qdpx")
    assert "is a folder" in fault_of(study, tmp_path)


@pytest.mark.parametrize("name", ["../../evil.txt", "sources/../../x.txt", "/etc/x.txt", "..\\x.txt", "C:\\x.txt"])
def test_names_that_lead_out_of_the_project_are_refused(study, tmp_path, name):
    path = export(study)
    write_members(path, read_members(path) | {name: b"x"})
    assert "is a name that leads out of the project" in fault_of(study, path)
    assert not (tmp_path.parent / "evil.txt").exists()


def test_entities_are_refused_before_they_are_expanded(study, tmp_path):
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(12))
    for doctype in (f"<!DOCTYPE Project [{laughs}]>", '<!DOCTYPE Project SYSTEM "file:///etc/passwd">'):
        for encoding in ("utf-8", "utf-16"):
            xml = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<Project name="&l11;"/>'
            path = write_members(tmp_path / "x.qdpx", {"project.qde": xml.encode(encoding)})
            assert "declares a document type" in fault_of(study, path)


def test_a_claim_of_two_gigabytes_is_refused(study):
    path = export(study)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 2_000_000_000)
    path.write_bytes(content)
    assert "claims 2,000,000,000 bytes" in fault_of(study, path)


def test_what_unpacks_to_far_more_than_it_is_is_refused(study):
    path = export(study)
    write_members(path, read_members(path) | {"sources/bomb.txt": b"0" * 15_000_000})
    assert "which no project does" in fault_of(study, path)


def test_a_size_that_is_claimed_too_small_is_refused(study):
    path = export(study)
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 300)
    path.write_bytes(content)
    assert "1 fault found" in fault_of(study, path)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("endPosition", "99999", "lies beyond the text of 'S002 Pumps', which has 139 characters"),
        ("endPosition", "9" * 30, "is not a position"),
        ("startPosition", "-5", "is not a position"),
        ("startPosition", "1e3", "is not a position"),
        ("startPosition", "٣", "is not a position"),
        ("startPosition", "139", "is before startPosition"),
    ],
)
def test_a_position_that_cannot_be_is_refused_by_line(study, name, value, said):
    path = edit_project(export(study), lambda root: find_selection(root, "B-1").set(name, value))
    message = fault_of(study, path)
    assert said in message
    assert re.search(r"project\.qde, line \d+, ", message)


def test_an_unknown_user_is_refused_with_the_users_there_are(study):
    message = fault_of(study, export(study), "C")
    assert "'C' has 0 users of this name; its users are 'A' (5 codings), 'B' (2 codings)" in message
    assert "'Zed' has 0 users" in fault_of(study, export(study), user="Zed")


def test_several_users_of_one_name_are_refused(study):
    path = edit_project(
        export(study), lambda root: [user.set("name", "b") for user in root.iterfind(".//q:User", SPACE)]
    )
    assert "has 2 users of this name" in fault_of(study, path)
    assert plan(study, path, user=make_guid("coder", "B")).difference.n_same == 2


@pytest.mark.parametrize("coder", ["../A", "", "a;b", ".", "A/../B"])
def test_a_coder_that_is_no_name_is_refused(study, coder):
    assert "cannot be the name of a coder" in fault_of(study, export(study), coder)


def test_a_coder_of_another_case_is_taken_for_a_slip(study):
    assert "differs from 'B' in upper and lower case only" in fault_of(study, export(study), "b")


def test_two_projects_in_one_file_are_refused(study, tmp_path):
    path = write_members(tmp_path / "x.qdpx", {"a.qde": b"<a/>", "b.qde": b"<a/>"})
    assert "holds 2 files that end in .qde" in fault_of(study, path)


def test_other_xml_is_refused(study, tmp_path):
    for xml in (b"<html/>", b'<Project xmlns="urn:other"/>', b"", b"<Project>", b"\xff\xfe<\x00"):
        fault_of(study, write_members(tmp_path / "x.qdpx", {"project.qde": xml}))


def mutate(content, chance):
    """Return bytes with some of them flipped, cut out, doubled or replaced by what breaks parsers."""
    content = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content))
        kind = chance.randrange(5)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at : at + chance.randint(1, 60)]
        elif kind == 2:
            content[at:at] = content[at : at + chance.randint(1, 200)]
        elif kind == 3:
            content[at : at + 4] = struct.pack("<i", chance.choice([-1, 0, 2**31 - 1, 65536]))
        else:
            words = (
                b"&x;",
                b"]]>",
                b"<Code/>",
                b'"',
                b"\x00",
                b"-1",
                b"99999999",
                b"<!DOCTYPE a>",
                b"{",
                b"../",
                b"\xed\xa0",
            )
            content[at:at] = chance.choice(words)
    return bytes(content)


def test_no_damage_to_a_project_writes_or_crashes(study, strange, tmp_path):
    chance, n_refused = random.Random(20260606), 0
    given = [export(study), strange]
    members = [read_members(path) for path in given]
    before = digest_folder(study)
    path = tmp_path / "mutant.qdpx"
    for number in range(500):
        which = number % 2
        if number % 3 == 0:
            path.write_bytes(mutate(given[which].read_bytes(), chance))
        else:
            name = chance.choice([name for name, content in members[which].items() if content])
            write_members(path, members[which] | {name: mutate(members[which][name], chance)})
        try:
            plan(study, path, chance.choice(["A", "B"]), user=chance.choice(["", "Bea"]))
        except InputError:
            n_refused += 1
    assert digest_folder(study) == before
    assert 100 < n_refused < 490  # the rest was read, with what was left of it
