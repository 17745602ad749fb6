"""Habits of other tools: where texts lie and how they are written, users and codes of one name, and what is no text.

Habits are those of projects that MAXQDA, NVivo, ATLAS.ti, QualCoder and qualitative-coding have published or are
reported to write; the projects here are ours.
"""

import codecs

import pytest

from graylit.exchange.describing import describe_plan
from graylit.exchange.import_plan import write_plan
from graylit.exchange.refi_reading import WITHOUT_CODE, read_project
from graylit.study.checking import require_study
from qda_projects import TEXTS_OF, fault_of, plan, write_coded, write_members

TEXT = TEXTS_OF["S002"]
AT = TEXT.index("Keep the cable dry")
USERS = {"11111111-1111-4111-8111-111111111111": "Bea", "11111112-1111-4111-8111-111111111111": "Cem"}
BEA, CEM = USERS
CODE = '<Code guid="22222222-0000-4000-8000-000000000001" name="Cables" isCodable="true"/>'
SOURCE = "sources/33333333-3333-4333-8333-333333333331.txt"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the coded study, which stays as it is."""
    return write_coded(tmp_path_factory.mktemp("tools") / "study")


def write_coding(number=1, user=BEA, code=1):
    by = f' creatingUser="{user}"' if user else ""
    ref = f'<CodeRef targetGUID="22222222-0000-4000-8000-{code:012d}"/>'
    return f'<Coding guid="55555555-0000-4000-8000-{number:012d}"{by}>{ref}</Coding>'


def write_selection(number=1, start=AT, **coding):
    place = f'startPosition="{start}" endPosition="{start + 18}" guid="44444444-0000-4000-8000-{number:012d}"'
    return f"<PlainTextSelection {place}>{write_coding(number, **coding)}</PlainTextSelection>"


def write_project(codings="", codes=CODE, users=USERS, more="", text='plainTextPath="internal://{guid}.txt"', tag=""):
    guid = "33333333-3333-4333-8333-333333333331"
    listed = "".join(f'<User guid="{guid}" name="{name}"/>' for guid, name in users.items())
    codings = codings or write_selection()
    source = f'<TextSource guid="{guid}" name="Pumps" {text.format(guid=guid)}>{codings}</TextSource>'
    return (
        f'{tag}<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="A tool"><Users>{listed}</Users>'
        f"<CodeBook><Codes>{codes}</Codes></CodeBook><Sources>{source}</Sources>{more}</Project>"
    )


def pack(folder, project=None, member=SOURCE, text=None, name="project.qde", **more):
    """Write a project with one text."""
    xml = project if isinstance(project, bytes) else (project or write_project()).encode()
    return write_members(folder / "p.qdpx", {name: xml, member: TEXT.encode() if text is None else text, **more})


def spans_of(planned):
    return [claim.span for claim in planned.claims.placed]


def account(planned):
    """Return the number of codings in a project, and how many are accounted for."""
    skipped = {reason: n for reason, n in planned.claims.skipped.items() if reason != WITHOUT_CODE}
    n_accounted = len(planned.claims.placed) + len(planned.claims.lost) + sum(skipped.values())
    return planned.project.n_codings, n_accounted


# Where texts lie, and how they are written -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("internal://a.txt", "sources/a.txt"),
        ("internal://A.TXT", "Sources/a.txt"),
        ("internal:///a.txt", "SOURCES/A.txt"),
        ("internal://sources/a.txt", "sources/a.txt"),
        ("internal://a.txt", "a.txt"),
        ("relative://sources/a.txt", "sources/a.txt"),
        ("relative:///a.txt", "sources/a.txt"),
        ("relative://.\\Sources\\a.txt", "sources/a.txt"),
        ("absolute://C:\\Users\\bea\\a.txt", "sources/a.txt"),
        ("absolute:///home/bea/a.txt", "Sources/a.txt"),
        ("file:///home/bea/our%20texts/a%20b.txt", "sources/a b.txt"),
        ("internal://a%20b.txt", "sources/a b.txt"),
        ("internal://100%25.txt", "sources/100%25.txt"),
        ("sources\\a.txt", "sources/a.txt"),
        ("C:\\texts\\a.txt", "sources/a.txt"),
        ("a.txt", "sources\\a.txt"),
        ("internal://J\u00f6rg.txt", "sources/Jo\u0308rg.txt"),
        ("internal://notes.md", "sources/notes.md"),
        ("internal://33333333-3333-4333-8333-333333333331.txt", "sources/Pumps.txt"),
    ],
)
def test_a_text_in_the_file_is_found_whatever_its_path_looks_like(study, tmp_path, path, member):
    project = write_project(text=f'plainTextPath="{path}"')
    assert spans_of(plan(study, pack(tmp_path, project, member), "C", user="Bea")) == [(AT, AT + 18)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('plainTextPath="relative://../a.txt"', "their text lies outside the file (relative:)"),
        ('plainTextPath="absolute:///etc/passwd"', "their text lies outside the file (absolute:)"),
        ('plainTextPath="internal://b.txt"', "the text of their source is not in the file"),
        ('richTextPath="internal://a.docx"', "their source has no plain text, only a file of a word processor (docx)"),
        ("", "their source has no plain text"),
    ],
)
def test_a_text_that_is_not_in_the_file_is_named_with_the_reason(study, tmp_path, text, why):
    planned = plan(study, pack(tmp_path, write_project(text=text), "sources/other.txt"), "C", user="Bea")
    assert planned.claims.skipped == {why: 1}
    assert account(planned) == (1, 1)


def test_a_plain_text_at_the_place_of_a_rich_one_is_read(study, tmp_path):
    project = write_project(text='richTextPath="internal://a.txt"')
    assert spans_of(plan(study, pack(tmp_path, project, "sources/a.txt"), "C", user="Bea")) == [(AT, AT + 18)]


def test_of_two_texts_of_one_name_neither_is_guessed(study, tmp_path):
    project = write_project(text='plainTextPath="absolute:///x/a.txt"')
    path = pack(tmp_path, project, "sources/one/a.txt", **{"sources/two/a.txt": b"other"})
    assert spans_of(plan(study, path, "C", user="Bea")) == []


@pytest.mark.parametrize(
    "content",
    [TEXT.encode("utf-16"), TEXT.encode("utf-16-le"), TEXT.encode("utf-16-be"), TEXT.encode("cp1252")],
    ids=["UTF-16 with its mark", "UTF-16 LE", "UTF-16 BE", "Windows-1252"],
)
def test_texts_are_read_in_the_encodings_of_tools(study, tmp_path, content):
    assert spans_of(plan(study, pack(tmp_path, text=content), "C", user="Bea")) == [(AT, AT + 18)]


def test_lines_that_end_in_a_carriage_return_alone_are_lines(study, tmp_path):
    path = pack(tmp_path, text=TEXT.replace("\n", "\r").encode())
    assert spans_of(plan(study, path, "C", user="Bea")) == [(AT, AT + 18)]


DECLARED = '<?xml version="1.0" encoding="{}" standalone="no" ?>\n'


@pytest.mark.parametrize(
    "xml",
    [
        codecs.BOM_UTF8 + write_project(tag=DECLARED.format("utf-8")).encode(),
        write_project(tag=DECLARED.format("utf-16")).encode(),
        codecs.BOM_UTF8 + write_project(tag=DECLARED.format("UTF-16")).encode(),
        write_project(tag=DECLARED.format("utf-16")).encode("utf-16"),
        write_project(tag=DECLARED.format("utf-8")).encode("utf-16"),
        write_project(tag=DECLARED.format("utf-16")).encode("utf-16-le"),
        write_project(tag="\r\n" + DECLARED.format("utf-8")).encode(),
        write_project(tag=DECLARED.format("iso-8859-1")).encode("latin-1"),
    ],
)
def test_the_projects_xml_is_read_whatever_encoding_it_claims(study, tmp_path, xml):
    assert spans_of(plan(study, pack(tmp_path, xml), "C", user="Bea")) == [(AT, AT + 18)]


@pytest.mark.parametrize("name", ["Project.QDE", "My study/project.qde"])
def test_the_project_may_have_another_case_or_lie_in_a_folder(study, tmp_path, name):
    above = name.rpartition("/")[0]
    member = f"{above}/{SOURCE}".lstrip("/")
    shadow = {"__MACOSX/My study/._project.qde": b"\x00\x05", "__MACOSX/._x.txt": b"\x00"}
    path = pack(tmp_path, name=name, member=member, **shadow)
    assert spans_of(plan(study, path, "C", user="Bea")) == [(AT, AT + 18)]


# Users ---------------------------------------------------------------------------------------------------------------


def test_users_of_one_name_are_told_apart_by_their_guid(study, tmp_path):
    codings = write_selection(1) + write_selection(2, start=3, user=CEM)
    path = pack(tmp_path, write_project(codings, users={BEA: "Ana", CEM: "ANA"}))
    message = fault_of(study, path, "Ana")
    assert f"'Ana' (1 codings, GUID {BEA}), 'ANA' (1 codings, GUID {CEM})" in message
    for user, start in ((BEA, AT), (CEM[:8], 3), (f"{{{CEM.upper()}}}", 3)):
        assert spans_of(plan(study, path, "Ana", user=user)) == [(start, start + 18)]


def test_of_users_of_one_name_the_one_who_coded_is_meant(study, tmp_path):
    path = pack(tmp_path, write_project(users={CEM: "Ana", BEA: "Ana"}))
    assert plan(study, path, "Ana").user == BEA


def test_codings_without_a_user_are_those_of_the_only_user(study, tmp_path):
    codings = write_selection(1) + write_selection(2, start=3, user="")
    planned = plan(study, pack(tmp_path, write_project(codings, users={BEA: "Bea"})), "C")
    assert sorted(spans_of(planned)) == [(3, 21), (AT, AT + 18)]


def test_codings_without_a_user_can_be_asked_for(study, tmp_path):
    codings = write_selection(1) + write_selection(2, start=3, user="")
    path = pack(tmp_path, write_project(codings))
    assert "'(nobody named)' (1 codings)" in fault_of(study, path, "C")
    assert spans_of(plan(study, path, "C", user="(nobody named)")) == [(3, 21)]


def test_the_only_user_who_coded_is_meant(study, tmp_path):
    assert plan(study, pack(tmp_path), "C").user == BEA


# Codes ---------------------------------------------------------------------------------------------------------------


def code(number, name, inner="", is_codable="true"):
    guid = f"22222222-0000-4000-8000-{number:012d}"
    return f'<Code guid="{guid}" name="{name}" isCodable="{is_codable}">{inner}</Code>'


NESTED = (
    code(10, "Roof", code(1, "Costs") + code(2, "Mesh"))
    + code(11, "Pump", code(3, "Costs"))
    + code(12, "Lawn", code(4, "Lawn") + code(5, "costs") + code(6, "costs"), is_codable="false")
)


def test_codes_of_one_name_stay_apart(study, tmp_path):
    codings = "".join(write_selection(n, start=n, code=n) for n in range(1, 7))
    path = pack(tmp_path, write_project(codings, NESTED))
    planned = plan(study, path, "C", user="Bea")
    names = {row["code_id"]: row["name"] for row in planned.new_codes.values()}
    # C01 of the study is called Mesh; Lawn is a code once, since the one above it is none.
    assert list(names.values()) == [
        "Roof",
        "Roof > Costs",
        "Pump",
        "Pump > Costs",
        "Lawn",
        "Lawn > costs",
        "Lawn > costs (2)",
    ]
    given = {claim.span[0]: names.get(claim.code_id, claim.code_id) for claim in planned.claims.placed}
    assert given == {
        1: "Roof > Costs",
        2: "C01",
        3: "Pump > Costs",
        4: "Lawn",
        5: "Lawn > costs",
        6: "Lawn > costs (2)",
    }


def test_codes_of_one_name_are_known_again(tmp_path):
    study = write_coded(tmp_path / "study")
    codings = "".join(write_selection(n, start=n, code=n) for n in range(1, 7))
    path = pack(tmp_path, write_project(codings, NESTED))
    write_plan(study, plan(study, path, "C", user="Bea"))
    require_study(study)
    assert plan(study, path, "C", user="Bea").files == {}


def test_a_code_of_ours_is_the_one_at_the_top_if_others_have_its_name_too(study, tmp_path):
    codes = code(10, "Roof", code(2, "Mesh")) + code(1, "MESH")
    planned = plan(study, pack(tmp_path, write_project(codes=codes)), "C", user="Bea")
    assert [claim.code_id for claim in planned.claims.placed] == ["C01"]
    assert [row["name"] for row in planned.new_codes.values()] == ["Roof", "Roof > Mesh"]


def test_a_project_without_codes_is_read(study, tmp_path):
    planned = plan(study, pack(tmp_path, write_project(codes="")), "C", user="Bea")
    assert planned.claims.skipped == {"its code is not in their codebook, or has no name": 1}


# What is no coding of a text -----------------------------------------------------------------------------------------


def test_every_coding_of_a_project_is_accounted_for(study, tmp_path):
    guid = "22222222-0000-4000-8000-000000000099"
    codings = write_selection(1) + write_selection(2, start=3, user=CEM) + write_selection(3, code=7)
    codings += write_selection(4, code=99) + '<PlainTextSelection guid="8" startPosition="1" endPosition="2"/>'
    codings += write_coding(5)
    note = f'<Notes><Note guid="66666666-0000-4000-8000-000000000001">{write_selection(6)}</Note></Notes>'
    more = f'<Cases><Case guid="{guid}" name="Ana"/></Cases>{note}'
    planned = plan(study, pack(tmp_path, write_project(codings, more=more)), "C", user="Bea")
    assert planned.claims.skipped == {
        "of other users": 1,
        "its code is not in their codebook, or has no name": 1,
        "of a case, and of no code": 1,
        "in a note, or at another place that is no source": 1,
        WITHOUT_CODE: 1,
    }
    assert account(planned) == (6, 6)
    assert "6 codings in the project: 2 taken over, 0 not placed, 4 left out" in describe_plan(planned)
    listed = [line.split(": ") for line in describe_plan(planned, has_every_coding=True) if " line " in line]
    assert sorted(why for _, why in listed) == sorted(planned.claims.skipped)
    assert {place for place, _ in listed} == {"  left out    line 1 of project.qde"}


@pytest.mark.parametrize("ends", [("originGUID", "targetGUID"), ("targetGUID", "originGUID")])
def test_a_note_that_is_linked_to_a_place_is_its_memo(study, tmp_path, ends):
    note, place = "66666666-0000-4000-8000-000000000001", "44444444-0000-4000-8000-000000000001"
    link = f'<Links><Link guid="7" {ends[0]}="{note.upper()}" {ends[1]}="{place}"/></Links>'
    more = f'<Notes><Note guid="{note}" plainTextPath="internal://n.txt"/></Notes>{link}'
    path = pack(tmp_path, write_project(more=more), **{"sources/n.txt": b"why so"})
    assert [claim.memo for claim in plan(study, path, "C", user="Bea").claims.placed] == ["why so"]


@pytest.mark.parametrize("name", ["Pumps", "PUMPS.docx", "Internals\\\\Pumps", "web/Pumps.txt"])
def test_a_source_of_a_changed_text_is_known_by_its_name_whatever_stands_around_it(study, tmp_path, name):
    project = write_project().replace('name="Pumps"', f'name="{name}"')
    path = pack(tmp_path, project, text=("A line first.\n" + TEXT).encode())
    project = read_project(path)
    assert len(project.codings) == 1
    planned = plan(study, path, "C", user="Bea")
    assert planned.claims.source_ids == {"S002"}
