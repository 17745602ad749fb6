"""Texts that others hand over as files, taken up by a study that is imported."""

import pytest

from importing import import_tables, lay_out, refuse
from running import call_graylit, run_graylit

MAPPING = (
    "title: Bees\ntexts: texts\n"
    "sources: {file: sources.csv, columns: {source_id: id, url: url, title: title}}\n"
    "codings: {file: codings.csv, columns: {source_id: source, coder: coder, name: code, exact: quote}}\n"
)
SOURCES = "id,url,title\n1,,On bees\n2,https://a.org/2,On water\n"
CODINGS = "source,coder,code,quote\n1,Ann,mesh,a mesh\n2,Ann,water,\n"


def write_texts(folder, **texts: bytes):
    (folder / "texts").mkdir(exist_ok=True)
    for name, body in texts.items():
        (folder / "texts" / name.replace("_", ".")).write_bytes(body)


def list_archived(folder) -> dict[str, bytes]:
    """Return the bodies in the archive of an imported study, by their address."""
    from warcio.archiveiterator import ArchiveIterator

    with (folder / "study/texts.warc.gz").open("rb") as stream:
        return {
            record.rec_headers.get_header("WARC-Target-URI"): record.content_stream().read()
            for record in ArchiveIterator(stream)
        }


def test_texts_become_an_archive_from_which_they_are_collected(tmp_path):
    write_texts(
        tmp_path, **{"1_txt": "Über\n\nBarrels <have> a mesh.".encode(), "2_html": b"<html><p>Water</p></html>"}
    )
    study = import_tables(tmp_path, MAPPING, sources=SOURCES, codings=CODINGS)
    assert study.config["has_texts"] is True
    assert [row["exact"] for row in study.codings["Ann"].cells] == ["a mesh", ""]
    archived = list_archived(tmp_path)
    assert archived["https://a.org/2"] == b"<html><p>Water</p></html>"
    page = archived["https://no-address.invalid/1"].decode("utf-8")
    assert "<p>Über</p>\n<p>Barrels &lt;have&gt; a mesh.</p>" in page
    assert (tmp_path / "study/.gitignore").read_text(encoding="utf-8").count("*.warc.gz") == 1


def test_the_archive_is_the_same_for_the_same_files(tmp_path):
    write_texts(tmp_path, **{"1_txt": b"Bees", "2_pdf": b"%PDF-1.4"})
    import_tables(tmp_path, MAPPING, sources=SOURCES, codings=CODINGS)
    first = (tmp_path / "study/texts.warc.gz").read_bytes()
    (tmp_path / "study").rename(tmp_path / "before")
    import_tables(tmp_path, MAPPING, sources=SOURCES, codings=CODINGS)
    assert (tmp_path / "study/texts.warc.gz").read_bytes() == first


def test_sources_without_a_file_and_files_without_a_source_are_said(tmp_path):
    write_texts(tmp_path, **{"1_txt": b"Bees", "x_txt": b"What", "2_docx": b"PK"})
    path = lay_out(tmp_path, MAPPING, sources=SOURCES, codings=CODINGS)
    ended = call_graylit("import", "tables", path, "--from", tmp_path, "--to", tmp_path / "study")
    assert "1 × texts: sources without a file, such as S2" in ended.stdout
    assert "2 × texts: files that are no source's, such as 2.docx" in ended.stdout
    assert "1 texts are in" in ended.stdout or "1 text is in" in ended.stdout


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (None, "row 2, column texts: 'texts' is no folder in"),
        ({"1_txt": b"a", "1_html": b"b"}, "1.txt: is a second text of 1, besides 1.html"),
        ({"one_txt": b"a"}, "has no file of a source, but 'one.txt'"),
    ],
)
def test_what_is_wrong_with_the_files_of_texts_is_named(tmp_path, texts, said):
    if texts is not None:
        write_texts(tmp_path, **texts)
    assert said in refuse(tmp_path, MAPPING, sources=SOURCES, codings=CODINGS)


def test_pages_on_the_web_need_an_address_at_which_their_owners_reach_somebody(tmp_path):
    web = MAPPING.replace("texts: texts", "texts: web")
    assert "row 2, column contact: is missing" in refuse(tmp_path, web, sources=SOURCES, codings=CODINGS)
    study = import_tables(tmp_path, web + "contact: me@uni.example\n", sources=SOURCES, codings=CODINGS)
    assert (study.config["has_texts"], study.config["collection"]["contact"]) == (True, "me@uni.example")


def test_a_table_that_holds_the_words_of_its_sources_gives_their_texts(tmp_path):
    mapping = (
        "title: Posts\nsources: {file: sources.csv, columns: {source_id: thread, title: name, text: body}}\n"
        "codings: {file: sources.csv, columns: {source_id: thread, name: code, exact: quote}}\n"
    )
    sources = (
        "thread,name,body,code,quote\n1,Hives,Put it in the shade.,place,in the shade\n1,Hives,Why?,,\n2,Water,,,\n"
    )
    study = import_tables(tmp_path, mapping, sources=sources)
    assert (len(study.sources.cells), study.config["has_texts"]) == (2, True)
    [page] = [body.decode("utf-8") for body in list_archived(tmp_path).values()]
    assert "<p>Put it in the shade.</p>\n<p>Why?</p>" in page
    assert [row["exact"] for row in study.codings["unnamed"].cells] == ["in the shade"]


@pytest.mark.slow
def test_texts_are_collected_from_the_archive_and_their_quotes_are_placed(tmp_path):
    write_texts(
        tmp_path, **{"1_txt": b"Bees drink from gravel. " * 20 + b"\n\nBarrels need a mesh. " + b"It keeps out. " * 20}
    )
    study = tmp_path / "study"
    import_tables(
        tmp_path,
        MAPPING,
        sources="id,url,title\n1,,On bees\n",
        codings="source,coder,code,quote\n1,Ann,m,need a mesh\n",
    )
    for command in (("collect", "--archive", study / "texts.warc.gz", "--no-live"), ("review",), ("anchor",)):
        ended = run_graylit("-C", study, *command)
    assert "1 coding by 1 coder" in ended.stdout, ended.stdout + ended.stderr
    assert "1 with place and fingerprint" in ended.stdout
