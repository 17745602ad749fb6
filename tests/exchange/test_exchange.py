"""Projects that go to other tools and come back: REFI-QDA out and in, Web Annotations, CSV."""

import csv
import hashlib
import io
import json
import random
import re
import struct
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from archives import REPOSITORY
from graylit.anchors.fingerprints import Words
from graylit.exchange.annotations import annotate_codings, tabulate_codings
from graylit.exchange.changes import read_time
from graylit.exchange.import_plan import Asked, plan_import, write_plan
from graylit.exchange.refi import make_guid
from graylit.exchange.refi_reading import read_project
from graylit.exchange.refi_writing import build_codebook, pack_project
from graylit.exchange.review import read_review
from graylit.study.checking import require_study
from graylit.study.locks import hold_study
from graylit.study.state import current_codings
from graylit.study.writing import append_rows, fill_place, number_ids
from graylit.tables.coding import CODINGS, LOCATED_CODINGS
from graylit.tables.faults import InputError
from graylit.tables.preparation import TEXTS
from made_rows import capture, write_captures, write_made
from running import call_graylit
from tiny_study import write_study

NOW = "2026-12-01T10:00:00Z"
SPACE = {"q": "urn:QDA-XML:project:1.0"}
TEXTS_OF = {
    "S001": "# Choosing a barrel\n\nA fine mesh keeps leaves out of the barrel. 🌧️ Rain brings dust and 🍃 leaves "
    "from the roof.\n\nWhen the barrel is full, water must go somewhere: a hose leads it to the lawn, off the wall.\n",
    "S002": "# Pumps\n\nA small pump empties the barrel in an hour. Lift it off the mud.\n\n"
    "- Clean the sieve each spring.\n- Keep the cable dry, Ünal says.\n",
}
CODED = {  # coder: (source, quote, code, memo)
    "A": [
        ("S001", "A fine mesh keeps leaves out of the barrel.", "C01", "Says what it is for\nand for which barrels"),
        ("S001", "🍃 leaves from the roof", "C01", ""),
        ("S001", "a hose leads it to the lawn", "C02", ""),
        ("S002", "Clean the sieve each spring.", "C03", "C03 was merged into C02 since"),
        ("S003", "", "C02", "the whole page is about floods"),
    ],
    "B": [("S002", "Keep the cable dry, Ünal says", "C02", ""), ("S002", "Lift it off the mud", "C01", "")],
}


@pytest.fixture
def study(tmp_path):
    """Return the tiny study with texts, placed codings of two coders, and the located codings of a run."""
    folder = write_study(tmp_path / "study")
    for source_id, text in TEXTS_OF.items():
        path = folder / f"data/processed/texts/{source_id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    for coder, coded in CODED.items():
        rows = [make_row(f"{coder}-{number}", *coding) for number, coding in enumerate(coded, start=1)]
        header = (
            ",".join(name for name in CODINGS.names if name not in ("exact", "prefix", "suffix", "replaces")) + "\n"
        )
        (folder / f"config/coding/codings/{coder}.csv").write_text(append_rows(header, rows, CODINGS), encoding="utf-8")
    return locate(folder)


def make_row(coding_id, source_id, quote, code_id, memo):
    row = {"coding_id": coding_id, "source_id": source_id, "code_id": code_id, "memo": memo, "coded_at": "2026-05-04"}
    at = TEXTS_OF.get(source_id, "").find(quote) if quote else -1
    return fill_place(row, (at, at + len(quote)), Words(TEXTS_OF[source_id])) if at >= 0 else row


def locate(folder):
    """Write what `graylit review` makes of the study: texts.csv and located_codings.csv."""
    (folder / "data/processed/texts.csv").unlink(missing_ok=True)
    rows = []
    for coder, table in require_study(folder).codings.items():
        for row in current_codings(table.cells):
            own = {name: row[name] for name in ("coding_id", "source_id", "start", "end")}
            code_id = {"C03": "C02"}.get(row["code_id"], row["code_id"])
            given = {"given_code_id": row["code_id"], "unadjudicated_code_id": code_id, "code_id": code_id}
            method = "same_place" if row["start"] else "whole_source"
            rows.append({**own, **given, "coder": coder, "round": "1", "method": method, "standing": "open"})
            rows[-1] |= {"score": "1", "is_evidence": "yes"}
    write_made(folder / "data/processed/located_codings.csv", LOCATED_CODINGS, rows)
    texts = [
        {"source_id": i, "outcome": "extracted", "n_characters": len(text), "n_words": 9, "captured_at": NOW}
        for i, text in TEXTS_OF.items()
    ]
    write_made(folder / "data/processed/texts.csv", TEXTS, texts)
    return folder


def export(folder):
    path = folder.parent / "review.qdpx"
    path.write_bytes(pack_project(read_review(folder)))
    return path


def read_members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_members(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def edit_project(path, change):
    """Change the project's XML by a function of its root, or by one of its members."""
    members = read_members(path)
    root = etree.fromstring(members["project.qde"])
    change(root)
    return write_members(path, {**members, "project.qde": etree.tostring(root)})


def edit_text(path, source_id, change):
    members = read_members(path)
    name = f"sources/{make_guid('source', source_id)}.txt"
    return write_members(path, {**members, name: change(members[name].decode()).encode()})


def find_selection(root, coding_id):
    return root.find(f".//q:PlainTextSelection[@guid='{make_guid('selection', coding_id)}']", SPACE)


def add_selection(root, source_id, quote, code_guid, coder="B", memo=""):
    """Add a coding to the project as another tool would: with GUIDs of its own."""
    source = root.find(f".//q:TextSource[@guid='{make_guid('source', source_id)}']", SPACE)
    at = TEXTS_OF[source_id].index(quote)
    n = len(root.findall(".//q:Coding", SPACE))
    selection = etree.fromstring(
        f'<PlainTextSelection xmlns="{SPACE["q"]}" guid="00000000-0000-4000-8000-{n:012d}" startPosition="{at}" '
        f'endPosition="{at + len(quote)}"><Description>{memo}</Description>'
        f'<Coding guid="00000000-0000-4000-9000-{n:012d}" creatingUser="{make_guid("coder", coder)}" '
        f'creationDateTime="2026-11-02T12:30:00+02:00"><CodeRef targetGUID="{code_guid}"/></Coding>'
        "</PlainTextSelection>"
    )
    source.insert(1, selection)


def plan(folder, path, coder="B", **asked):
    return plan_import(folder, Asked(path, coder, **asked), NOW)


def counts_of(planned):
    return {kind: n for kind, n in planned.difference.count().items() if n}


def digest_folder(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in files)).hexdigest()


def renew_guids(root):
    """Give everything another GUID, as tools do that keep only what they understand."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
                element.set(name, "{" + value[::-1][:12].join(["", ""]) + value[12:].upper() + "}")


def fault_of(folder, path, coder="B", **asked):
    """Return what an import that is refused says, after making sure that it changed nothing."""
    before = digest_folder(folder)
    with pytest.raises(InputError) as error:
        plan(folder, path, coder, **asked)
    assert digest_folder(folder) == before
    return str(error.value)


# Out ------------------------------------------------------------------------------------------------------------


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
    path.write_text(path.read_text() + "C04,mesh,another,,,active,\n")
    names = [code.name for code in read_project(export(study)).codes.values()]
    assert names == ["Mesh (C01)", "Overflow", "mesh (C04)"]


# There and back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coder", ["A", "B"])
def test_our_own_export_comes_back_without_a_change(study, coder):
    planned = plan(study, export(study), coder)
    assert (planned.difference.changes, planned.files) == ([], {})
    assert planned.difference.n_same == len(CODED[coder])


@pytest.mark.parametrize("coder", ["A", "B"])
def test_it_comes_back_without_a_change_when_a_tool_gave_everything_other_guids(study, coder):
    planned = plan(study, edit_project(export(study), renew_guids), coder)
    assert (planned.difference.changes, planned.files) == ([], {})


def recode(root):
    find_selection(root, "B-1").find(".//q:CodeRef", SPACE).set("targetGUID", make_guid("code", "C01"))


def move(root):
    selection = find_selection(root, "B-1")
    selection.set("endPosition", str(int(selection.get("endPosition")) - len(", Ünal says")))


def note(root):
    selection = find_selection(root, "B-1")
    etree.SubElement(selection, f"{{{SPACE['q']}}}Description").text = "=SUM(1) is no formula here"
    selection.insert(0, selection[-1])


def remove(root):
    selection = find_selection(root, "B-1")
    selection.getparent().remove(selection)


def add(root):
    add_selection(root, "S001", "Rain brings dust", make_guid("code", "C02"), memo="seen by B")


def add_code(root):
    codes = root.find(".//q:Codes", SPACE)
    code = etree.SubElement(codes, f"{{{SPACE['q']}}}Code", guid="00000000-0000-4000-a000-000000000001", name="Dust")
    code.set("isCodable", "true")
    etree.SubElement(code, f"{{{SPACE['q']}}}Description").text = "What the rain brings along"
    add_selection(root, "S001", "Rain brings dust", code.get("guid"))


EDITS = {"recoded": recode, "moved": move, "noted": note, "removed": remove, "added": add}


@pytest.mark.parametrize("renewed", [False, True], ids=["own guids", "other guids"])
@pytest.mark.parametrize("kind", EDITS)
def test_one_edit_is_one_change_of_its_kind(study, kind, renewed):
    path = edit_project(export(study), EDITS[kind])
    path = edit_project(path, renew_guids) if renewed else path
    assert counts_of(plan(study, path)) == {kind: 1}


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_adds_one_row_and_touches_none_that_was_there(study, kind):
    path = edit_project(export(study), EDITS[kind])
    table = study / "config/coding/codings/B.csv"
    before = list(csv.DictReader(io.StringIO(table.read_text())))
    write_plan(study, plan(study, path))
    after = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [{name: row[name] for name in before[0]} for row in after[:2]] == before
    assert [row["coding_id"] for row in after[2:]] == ["B-3"]
    assert (study / "config/coding/codings").joinpath("A.csv").exists()
    require_study(study)


@pytest.mark.parametrize("kind", EDITS)
def test_an_import_done_twice_adds_nothing_the_second_time(study, kind):
    path = edit_project(export(study), EDITS[kind])
    write_plan(study, plan(study, path))
    assert plan(study, path).files == {}
    assert plan(locate(study), export(study)).files == {}


def test_a_removed_coding_is_withdrawn_by_a_row(study):
    write_plan(study, plan(study, edit_project(export(study), remove)))
    row = require_study(study).codings["B"].cells[-1]
    assert (row["replaces"], row["code_id"], row["start"], row["coded_at"]) == ("B-1", "", "", NOW)


def test_keep_withdraws_nothing(study):
    assert plan(study, edit_project(export(study), remove), keep=True).files == {}


def test_an_added_coding_has_its_place_fingerprint_memo_and_time(study):
    write_plan(study, plan(study, edit_project(export(study), add), round="2"))
    row = require_study(study).codings["B"].cells[-1]
    at = TEXTS_OF["S001"].index("Rain brings dust")
    assert (int(row["start"]), int(row["end"])) == (at, at + 16)
    assert row["exact_sha256"] == hashlib.sha256(b"Rain brings dust").hexdigest()
    assert row["fingerprint"]
    assert (row["memo"], row["round"], row["coded_at"]) == ("seen by B", "2", "2026-11-02T10:30:00Z")


def test_a_new_code_is_appended_to_the_codebook(study):
    before = (study / "config/coding/codebook.csv").read_text()
    write_plan(study, plan(study, edit_project(export(study), add_code)))
    after = (study / "config/coding/codebook.csv").read_text()
    assert after == before + "C04,Dust,What the rain brings along,,,active,\n"
    assert require_study(study).codings["B"].cells[-1]["code_id"] == "C04"


def test_a_memo_that_a_spreadsheet_would_run_gets_an_apostrophe(study):
    write_plan(study, plan(study, edit_project(export(study), note)))
    assert require_study(study).codings["B"].cells[-1]["memo"] == "'=SUM(1) is no formula here"


def test_a_coder_without_table_gets_one(study):
    write_plan(study, plan(study, export(study), coder="C", user="B"))
    rows = require_study(study).codings["C"].cells
    assert [row["coding_id"] for row in rows] == ["C-0001", "C-0002"]


def test_codings_of_one_code_that_overlap_become_one(study):
    def overlap(root):
        add_selection(root, "S001", "Rain brings dust", make_guid("code", "C02"), memo="dust")
        add_selection(root, "S001", "dust and 🍃 leaves", make_guid("code", "C02"), memo="leaves")

    path = edit_project(export(study), overlap)
    planned = plan(study, path)
    assert counts_of(planned) == {"added": 1}
    claim = planned.difference.changes[0].claim
    assert TEXTS_OF["S001"][slice(*claim.span)] == "Rain brings dust and 🍃 leaves"
    assert claim.memo == "dust\nleaves"
    write_plan(study, planned)
    assert plan(study, path).files == {}


def test_faults_that_an_import_would_bring_are_refused(study):
    path = study / "config/coding/codebook.csv"
    lines = path.read_text().splitlines()
    counted = zip(lines, (",n_sources", ",2", ",3", ","), strict=True)
    path.write_text("".join(line + cell + "\n" for line, cell in counted))

    def remove_last_of_a_source(root):
        selection = find_selection(root, "B-2")
        selection.getparent().remove(selection)

    message = fault_of(study, edit_project(export(study), remove_last_of_a_source))
    assert "codebook.csv (with the rows of the import), row 2, column n_sources" in message


def test_a_source_swapped_out_since_it_was_captured_stands_in_no_imports_way(study):
    path = edit_project(export(study), recode)
    write_captures(study, capture(1, "captured", url="https://example.org/old", source_id="S004"))
    table = study / "config/coding/codings/B.csv"
    former = make_row("B-9", "S004", "", "C02", "of a page that was swapped out")
    table.write_text(append_rows(table.read_text(encoding="utf-8"), [former], CODINGS), encoding="utf-8")
    assert counts_of(plan(study, path)) == {"recoded": 1}


def test_codings_of_other_coders_are_left_to_them(study):
    planned = plan(study, export(study), "B")
    assert planned.claims.skipped["of other users"] == len(CODED["A"])


def test_a_tool_that_drops_codings_of_whole_sources_withdraws_none(study):
    def drop(root):
        for coding in root.findall(".//q:TextSource/q:Coding", SPACE):
            coding.getparent().remove(coding)

    planned = plan(study, edit_project(export(study), drop), "A")
    assert planned.files == {}
    assert planned.difference.kept == {"of a whole source, and the project holds none of these": 1}


def test_a_project_of_some_sources_withdraws_nothing_of_the_others(study):
    def drop(root):
        source = root.find(f".//q:TextSource[@guid='{make_guid('source', 'S002')}']", SPACE)
        source.getparent().remove(source)

    assert plan(study, edit_project(export(study), drop)).files == {}


# Other tools ----------------------------------------------------------------------------------------------------


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


STRANGE = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="elsewhere" origin="A tool 1.0">
  <Users><User guid="{11111111-1111-4111-8111-111111111111}" name="Bea"/></Users>
  <CodeBook><Codes>
    <Code guid="22222222-2222-4222-8222-222222222222" name="Water" isCodable="false">
      <Code guid="22222222-2222-4222-8222-22222222222A" name="Floods" isCodable="true">
        <Description>Too much of it</Description></Code></Code>
    <Code guid="22222222-2222-4222-8222-222222222223" name="MESH" isCodable="true"/>
  </Codes></CodeBook>
  <Sources>
    <TextSource guid="33333333-3333-4333-8333-333333333331" name="Pumps"><PlainTextContent>%TEXT%</PlainTextContent>
      <PlainTextSelection guid="4" startPosition="9" endPosition="21"><Description>on the selection</Description>
        <Coding guid="5" creatingUser="11111111-1111-4111-8111-111111111111">
          <CodeRef targetGUID="22222222-2222-4222-8222-22222222222a"/>
          <NoteRef targetGUID="66666666-6666-4666-8666-666666666666"/></Coding>
        <Coding guid="6" creatingUser="11111111-1111-4111-8111-111111111111">
          <CodeRef targetGUID="{22222222-2222-4222-8222-222222222223}"/></Coding></PlainTextSelection>
      <PlainTextSelection guid="7" startPosition="3" endPosition="4"><Description>a remark</Description>
      </PlainTextSelection>
      <PlainTextSelection guid="8" startPosition="4" endPosition="4"><Coding guid="9"
        creatingUser="11111111-1111-4111-8111-111111111111"><CodeRef targetGUID="22222222-2222-4222-8222-222222222223"/>
        </Coding></PlainTextSelection>
      <Coding guid="10" creatingUser="11111111-1111-4111-8111-111111111111">
        <CodeRef targetGUID="22222222-2222-4222-8222-222222222223"/></Coding>
    </TextSource>
    <TextSource guid="33333333-3333-4333-8333-333333333332" name="rich" richTextPath="internal://a.docx">%SELECTION%</TextSource>
    <TextSource guid="33333333-3333-4333-8333-333333333333" name="far" plainTextPath="relative://../../etc/passwd">
      %SELECTION%</TextSource>
    <TextSource guid="33333333-3333-4333-8333-333333333334" name="gone" plainTextPath="internal://../gone.txt">
      %SELECTION%</TextSource>
    <PDFSource guid="33333333-3333-4333-8333-333333333335" name="leaflet.pdf" path="internal://a.pdf">
      <PDFSelection guid="11" page="0" firstX="0" firstY="0" secondX="1" secondY="1"><Coding guid="12">
        <CodeRef targetGUID="22222222-2222-4222-8222-222222222223"/></Coding></PDFSelection></PDFSource>
    <PictureSource guid="33333333-3333-4333-8333-333333333336" name="a.png" path="internal://a.png">
      <PictureSelection guid="13" firstX="0" firstY="0" secondX="1" secondY="1"><Coding guid="14">
        <CodeRef targetGUID="22222222-2222-4222-8222-222222222223"/></Coding></PictureSelection></PictureSource>
    <AudioSource guid="33333333-3333-4333-8333-333333333337" name="a.mp3"/>
  </Sources>
  <Notes><Note guid="66666666-6666-4666-8666-666666666666"><PlainTextContent>on the coding</PlainTextContent></Note>
  </Notes>
</Project>""".replace("%TEXT%", TEXTS_OF["S002"]).replace(
    "%SELECTION%",
    '<PlainTextSelection guid="15" startPosition="0" endPosition="4"><Coding guid="16" '
    'creatingUser="11111111-1111-4111-8111-111111111111"><CodeRef targetGUID="22222222-2222-4222-8222-222222222223"/>'
    "</Coding></PlainTextSelection>",
)


@pytest.fixture
def strange(tmp_path):
    return write_members(tmp_path / "strange.qdpx", {"Project.qde": STRANGE.encode(), "Sources/": b""})


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


# Bad input ------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("coder", ["../A", "", "a b", ".", "A/../B"])
def test_a_coder_that_is_no_name_is_refused(study, coder):
    assert "is no name of a coder's table" in fault_of(study, export(study), coder)


def test_a_coder_of_another_case_is_taken_for_a_slip(study):
    assert "did you mean 'B'?" in fault_of(study, export(study), "b")


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


# The command ----------------------------------------------------------------------------------------------------


def import_qda(study, path, *arguments):
    return call_graylit("-C", study, "import", "qda", path, "--as", "B", *arguments)


def test_the_command_writes_only_when_told_to(study):
    path = edit_project(export(study), add_code)
    before = digest_folder(study)
    shown = import_qda(study, path)
    assert digest_folder(study) == before
    assert "new code    C04  Dust" in shown.stdout and "Nothing was written" in shown.stdout, shown.stderr
    done = import_qda(study, path, "--yes")
    assert "Rows added to config/coding/codebook.csv, config/coding/codings/B.csv" in done.stdout, done.stderr
    assert "Nothing to add" in import_qda(study, path, "--yes").stdout


def test_the_command_says_a_fault_and_fails(study, tmp_path):
    (tmp_path / "x.qdpx").write_bytes(b"no")
    ended = import_qda(study, tmp_path / "x.qdpx", "--yes")
    assert ended.returncode == 1
    assert ended.stderr.startswith("1 fault found, nothing was run:") and "Traceback" not in ended.stderr


def test_the_command_waits_for_nobody(study):
    path = edit_project(export(study), add)
    with hold_study(study):
        ended = import_qda(study, path, "--yes")
    assert "is in use by another run" in ended.stderr
    assert plan(study, path).files


def test_a_folder_without_study_is_refused_and_stays_as_it_is(study, tmp_path):
    ended = import_qda(tmp_path / "no", export(study), "--yes")
    assert "no is no study" in ended.stderr and not (tmp_path / "no").exists()


def test_the_exports_are_written_by_their_commands(study):
    assert call_graylit("-C", study, "export", "qda").returncode == 0
    assert call_graylit("-C", study, "export", "codings").returncode == 0
    names = {path.name for path in (study / "results/exchange").iterdir()}
    assert names == {"review.qdpx", "codebook.qdc", "annotations.jsonld", "codings.csv"}


# Annotations and CSV --------------------------------------------------------------------------------------------


def test_an_annotation_names_code_memo_page_and_place(study):
    collection = annotate_codings(read_review(study), has_words=True)
    items = collection["first"]["items"]
    assert collection["total"] == len(items) == 7
    first = next(item for item in items if item["id"].endswith(make_guid("coding", "A-1")))
    assert [(body["purpose"], body["value"][:4]) for body in first["body"]] == [
        ("classifying", "Mesh"),
        ("commenting", "Says"),
    ]
    target = first["target"]
    assert (target["source"], target["state"][0]["sourceDate"]) == ("https://example.org/barrels", NOW)
    quote, place = target["selector"]
    assert quote["exact"] == TEXTS_OF["S001"][place["start"] : place["end"]] == CODED["A"][0][1]
    assert TEXTS_OF["S001"].count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1


def test_without_words_no_word_of_a_source_is_given_away(study):
    state = read_review(study)
    given = json.dumps(annotate_codings(state, has_words=False)) + tabulate_codings(state, has_words=False)
    assert not [quote for coded in CODED.values() for _, quote, _, _ in coded if quote and quote in given]
    assert "TextPositionSelector" in given


def test_the_csv_has_a_row_for_each_coding_with_words_and_code(study):
    rows = list(csv.DictReader(io.StringIO(tabulate_codings(read_review(study), has_words=True))))
    assert sorted((row["coding_id"], row["exact"]) for row in rows if row["coder"] == "A") == [
        (f"A-{number}", quote) for number, (_, quote, _, _) in enumerate(CODED["A"], start=1)
    ]
    assert {row["code"] for row in rows} == {"Mesh", "Overflow"}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_cells_that_a_spreadsheet_would_run_are_defused(study, start):
    state = read_review(study)
    state.codings[0]["memo"] = f"{start}|cmd"
    rows = list(csv.DictReader(io.StringIO(tabulate_codings(state, has_words=True))))
    assert rows[0]["memo"] == f"'{start}|cmd"


# Small things ---------------------------------------------------------------------------------------------------


def test_ids_go_on_as_they_were_written():
    assert number_ids(["A-0009", "A-0011"], 2, first="A-0001") == ["A-0012", "A-0013"]
    assert number_ids([], 1, first="B-0001") == ["B-0001"]
    assert number_ids(["C99"], 1, first="C01") == ["C100"]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-05-01T12:00:00+02:00", "2026-05-01T10:00:00Z"),
        ("2026-05-01T12:00:00.123Z", "2026-05-01T12:00:00Z"),
        ("2026-05-01", "2026-05-01T00:00:00Z"),
        ("0001-01-01T00:00:00", NOW),
        ("2999-01-01T00:00:00Z", NOW),
        ("yesterday", NOW),
        ("", NOW),
    ],
)
def test_times_of_other_tools_become_utc(given, read):
    assert read_time(given, NOW) == read


def test_a_row_appended_leaves_the_bytes_before_it():
    table = 'coding_id,source_id,code_id\n"A-1",S001,C01'
    grown = append_rows(table, [{"coding_id": "A-2", "source_id": "S001", "code_id": "C01"}], CODINGS)
    assert grown == table + "\nA-2,S001,C01\n"
    wider = append_rows(table, [{"coding_id": "A-2", "source_id": "S001", "memo": "why"}], CODINGS)
    assert wider == "coding_id,source_id,code_id,memo\nA-1,S001,C01,\nA-2,S001,,why\n"


def test_the_schema_says_who_may_pass_it_on():
    assert "licensed under the MIT license" in Path(REPOSITORY / "tests/refi/Project.xsd").read_text(encoding="utf-8")
