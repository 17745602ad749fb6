"""A coded study, its REFI-QDA project, and what another tool may do to the project."""

import hashlib
import re
import zipfile

import pytest
from lxml import etree

from graylit.anchors.fingerprints import Words
from graylit.exchange.import_plan import Asked, plan_import
from graylit.exchange.refi import make_guid
from graylit.exchange.refi_writing import pack_project
from graylit.exchange.review import read_review
from graylit.study.checking import require_study
from graylit.study.state import current_codings
from graylit.study.writing import append_rows, fill_place
from graylit.tables.coding import CODINGS, LOCATED_CODINGS
from graylit.tables.faults import InputError
from graylit.tables.preparation import TEXTS
from made_rows import write_made
from tiny_study import write_study

NOW = "2026-11-20T10:00:00Z"
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


def write_coded(folder):
    """Write the tiny study with texts, placed codings of two coders, and the located codings of a run."""
    write_study(folder)
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


def write_strange(path):
    """Write a project that another tool wrote."""
    return write_members(path, {"Project.qde": STRANGE.encode(), "Sources/": b""})
