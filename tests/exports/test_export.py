"""What `graylit export` writes: complete, the same bytes every time, inert whatever titles say, and without words."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import pypdf
import pytest

from conftest import REPOSITORY, read_table, run_snakemake, write_table
from graylit.exports.bibliography import choose_csl_type, escape_url, format_biblatex, list_csl_items
from graylit.exports.cards import escape_markdown, list_cards
from graylit.exports.data_package import PackagedTable, format_rows, pack_tables
from graylit.exports.figures import Drawing, convert_to_pdf
from graylit.exports.latex import escape_latex
from graylit.exports.paper import format_example, format_paper_tables
from graylit.exports.replication import collect_program, collect_study
from graylit.exports.writing import PARTS, make_export, replace_export
from graylit.study.checking import read_study, require_study
from graylit.tables.faults import InputError
from graylit.tables.preparation import TEXTS
from graylit.tables.sources import SOURCES

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"
HOSTILE = (
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    r"\input{/etc/passwd} \write18{touch owned} \immediate\openout3=owned",
    r"}\end{longtable}\newpage \catcode`\@=11 ^^5cinput{/etc/hostname}",
    "100 % of $x_1$ & #3 ~ `ls` [4cm] \"quoted\" }{ } \\\\[2cm]",
    "<script>alert(1)</script> ]]> &amp; <!-- -->",
    "[click](javascript:alert(1)) ![x](http://evil.example/p.png) *bold* `code` # head | cell",
    "{{ 7*7 }} {% raw %} ${HOME} $(id)",
    "right\u202eto left\u2066 \u200b zero\x07 bell 🤖 robot ✅",
    "@online{S999, title = {another}}",
)  # fmt: skip


@pytest.fixture(scope="module")
def exported(built):
    """Return the files of the mini study's export by name."""
    return make_export(built)


@pytest.fixture(scope="module")
def package(exported):
    """Return the files of the replication package by path."""
    with zipfile.ZipFile(io.BytesIO(exported["replication-package.zip"])) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def read_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def name_hostile_sources():
    blank = dict.fromkeys(SOURCES.names, "")
    return [
        blank | {"source_id": f"S{number:03d}", "url": f"https://evil.example/{{}}\\%{number}", "title": words,
                 "publisher": words, "source_type": "blog-post", "published": "2024"}
        for number, words in enumerate(HOSTILE, start=1)
    ]  # fmt: skip


# The same bytes -------------------------------------------------------------------------------------------------


def test_two_exports_are_the_same_bytes(built, exported, tmp_path):
    again = make_export(Path(shutil.copytree(built, tmp_path / "elsewhere")))
    assert {name: hashlib.sha256(content).hexdigest() for name, content in again.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in exported.items()
    }


def test_everything_a_paper_needs_is_exported(exported):
    wanted = {"sources.csl.json", "sources.bib", "guidelines.md", "guidelines.json", "prisma.csv", "paper.tex"}
    wanted |= {"tables/guidelines.tex", "tables/impacts.tex", "tables/codes.tex", "tables/sources.tex"}
    wanted |= {f"figures/{name}.{kind}" for name in ("support", "saturation", "dendrogram") for kind in ("svg", "pdf")}
    assert wanted | {"data-package/datapackage.json", "replication-package.zip"} <= set(exported)


# Bibliography ---------------------------------------------------------------------------------------------------


def test_every_source_is_an_item_of_the_bibliography(built, exported):
    sources = {row["source_id"]: row for row in read_table(built / "config/sources.csv")}
    items = {item["id"]: item for item in json.loads(exported["sources.csl.json"])}
    assert {one: (row["title"], row["url"]) for one, row in sources.items()} == {
        one: (item["title"], item["URL"]) for one, item in items.items()
    }
    assert re.findall(r"^@online\{(\w+),$", exported["sources.bib"].decode(), re.MULTILINE) == list(sources)


def test_an_item_says_when_it_was_published_and_seen():
    source = dict.fromkeys(SOURCES.names, "") | {"source_id": "S1", "published": "2024-03", "source_type": "blog-post"}
    item = list_csl_items([source], {"S1": {"captured_at": "2026-11-23T15:35:34Z"}})[0]
    assert (item["issued"], item["accessed"]) == ({"date-parts": [[2024, 3]]}, {"date-parts": [[2026, 11, 23]]})


@pytest.mark.parametrize(
    ("kind", "csl"), [("blog-post", "post-weblog"), ("white-paper", "report"), ("vendor-docs", "webpage")]
)
def test_kinds_of_sources_have_their_type(kind, csl):
    assert choose_csl_type(kind) == csl


def test_braces_of_a_hostile_bibliography_are_balanced():
    content = format_biblatex(name_hostile_sources(), {})
    depth, lowest = 0, 0
    for character in content:
        depth += {"{": 1, "}": -1}.get(character, 0)
        lowest = min(lowest, depth)
    assert (depth, lowest) == (0, 0)
    assert re.findall(r"^@\w+\{(\w+)", content, re.MULTILINE) == [f"S{n:03d}" for n in range(1, len(HOSTILE) + 1)]


def test_an_address_keeps_no_character_that_ends_it():
    assert escape_url("https://x.example/a{b}\\c d<e>`é") == "https://x.example/a%7Bb%7D%5Cc%20d%3Ce%3E%60%C3%A9"


# Cards ----------------------------------------------------------------------------------------------------------


def test_a_card_has_the_guideline_with_its_codes_support_and_sources(built, exported):
    cards = {card["guideline_id"]: card for card in json.loads(exported["guidelines.json"])["guidelines"]}
    support = {row["guideline_id"]: row for row in read_table(built / "data/processed/guideline_support.csv")}
    assert {one: card["support"]["n_sources"] for one, card in cards.items()} == {
        one: int(row["n_sources"]) for one, row in support.items()
    }
    assert [len(card["sources"]) for card in cards.values()] == [
        card["support"]["n_sources"] for card in cards.values()
    ]
    assert cards["G01"]["codes"][0]["id"] == "C01"
    assert f"## G01 {escape_markdown(cards['G01']['name'])}\n" in exported["guidelines.md"].decode("utf-8")


def test_a_withdrawn_guideline_has_no_card(built_copy):
    rows = read_table(built_copy / "config/synthesis/guidelines.csv")
    rows = [{**row, "status": "withdrawn" if row["guideline_id"] == "G05" else ""} for row in rows]
    write_table(built_copy / "config/synthesis/guidelines.csv", rows)
    cards = list_cards(read_study(built_copy)[0], [], [])
    assert [card["guideline_id"] for card in cards] == ["G01", "G02", "G03", "G04"]


@pytest.mark.parametrize("words", HOSTILE)
def test_markdown_of_hostile_words_has_no_mark_that_acts(words):
    escaped = escape_markdown(words)
    assert re.findall(r"(?<!\\)[*_`<>\[\]!#|~$&{}]", re.sub(r"\\\\", "", escaped)) == []
    assert "\n" not in escaped


# LaTeX ----------------------------------------------------------------------------------------------------------

COMMANDS = (
    r"\\(textbackslash|textbraceleft|textbraceright|textasciicircum|textasciitilde|textless|textgreater|textbar)\{\}"
)


@pytest.mark.parametrize("words", HOSTILE)
def test_latex_of_hostile_words_is_text_alone(words):
    escaped = re.sub(
        COMMANDS + r"|\\textasciigrave\{\}|\{\\textquotedbl\}|\{\[\}|\{\]\}|\\[$&#%_]", "", escape_latex(words)
    )
    assert re.findall(r"[\\{}$&#%_^~\[\]\x00-\x1f\u200b\u202e\u2066]", escaped) == []


@pytest.mark.skipif(
    not shutil.which("pdflatex"), reason="pdflatex is not installed (Debian: texlive-latex-recommended)"
)
def test_a_paper_with_hostile_titles_compiles_and_shows_them(tmp_path):
    sources = name_hostile_sources()
    card = {"guideline_id": "G01", "name": HOSTILE[2], "category": HOSTILE[3], "impacts": [], "support": {}}
    files = format_paper_tables([card], sources, [], [])
    template = (REPOSITORY / "src/graylit/templates/paper.tex").read_text("utf-8")
    files["paper.tex"] = format_example(template, HOSTILE[4], files)
    files["sources.bib"] = format_biblatex(sources, {})
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stdout[-1500:]
    shown = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "paper.pdf").pages)
    assert "/etc/passwd" in shown
    assert not (tmp_path / "owned").exists()
    assert not list(tmp_path.glob("owned*"))


# Figures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["support", "saturation", "dendrogram"])
def test_a_figure_is_a_picture_of_its_own_in_both_forms(exported, name):
    root = ElementTree.fromstring(exported[f"figures/{name}.svg"])
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(pypdf.PdfReader(io.BytesIO(exported[f"figures/{name}.pdf"])).pages) == 1


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_in_a_figure_are_words(words):
    drawing = Drawing(100, 100, words)
    drawing.write(1, 1, words)
    root = ElementTree.fromstring(drawing.to_svg())
    assert [one.tag.rsplit("}")[-1] for one in root.iter()] == ["svg", "title", "text"]
    assert convert_to_pdf(drawing.to_svg()).startswith(b"%PDF")


# Data package ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def resources(exported):
    """Return the resources of the data package by name."""
    return {one["name"]: one for one in json.loads(exported["data-package/datapackage.json"])["resources"]}


def test_every_table_with_rows_is_in_the_data_package(built, resources):
    made = {path.stem for path in (built / "data/processed").glob("*.csv") if len(read_table(path))} - {"prisma"}
    assert {name.replace("_", "-") for name in made} <= set(resources)
    assert {"sources", "codebook", "codings", "themes", "guidelines"} <= set(resources)


def test_a_resource_is_described_as_it_is(exported, resources):
    for one in resources.values():
        content = exported[f"data-package/{one['path']}"]
        fields = [field["name"] for field in one["schema"]["fields"]]
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        assert content.decode("utf-8").splitlines()[0] == ",".join(fields)
        assert not {"exact", "prefix", "suffix"} & set(fields)


def test_keys_are_unique_and_lead_where_they_say(exported, resources):
    rows = {name: read_rows(exported[f"data-package/{one['path']}"]) for name, one in resources.items()}
    for name, one in resources.items():
        keys = [tuple(row[column] for column in one["schema"]["primaryKey"]) for row in rows[name]]
        assert len(set(keys)) == len(keys), name
        for link in one["schema"].get("foreignKeys", []):
            target = link["reference"]
            known = {row[target["fields"]] for row in rows[target["resource"]]}
            assert {row[link["fields"]] for row in rows[name]} - {""} <= known, (name, link)


def test_codings_lead_to_their_source_and_code(resources):
    links = {link["fields"]: link["reference"]["resource"] for link in resources["codings"]["schema"]["foreignKeys"]}
    assert {"source_id": "sources", "code_id": "codebook"}.items() <= links.items()


def test_rows_of_what_is_gone_make_no_foreign_key():
    sources = PackagedTable(SOURCES, [dict.fromkeys(SOURCES.names, "x") | {"source_id": "S1"}])
    texts = PackagedTable(TEXTS, [dict.fromkeys(TEXTS.names, "") | {"source_id": "S2"}])
    descriptor, _ = pack_tables("t", [sources, texts])
    described = descriptor["resources"][1]
    assert "foreignKeys" not in described["schema"]
    assert described["description"].endswith("source_id")


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "＝1"])
def test_no_cell_of_the_data_package_is_a_formula(words):
    content = format_rows(PackagedTable(TEXTS, [dict.fromkeys(TEXTS.names, "") | {"title": words}]))
    assert read_rows(content)[0]["title"] == "'" + words


# Replication package --------------------------------------------------------------------------------------------


def test_the_package_has_what_a_replay_needs(package):
    wanted = {"README.md", "CITATION.cff", "LICENSE", "licences.csv", "SHA256SUMS", "Makefile", "uv.lock"}
    wanted |= {"config/sources.csv", "config/config.yaml", "workflow/Snakefile", "scripts/preparation/gather_texts.py"}
    assert wanted | {"tables/datapackage.json", "ro-crate-metadata.json"} <= set(package)
    assert [
        name for name in package if "__pycache__" in name or name.startswith(("data/raw/captures", "results/r"))
    ] == []


def test_the_digests_of_the_package_are_those_of_its_files(package):
    listed = dict(line.split("  ")[::-1] for line in package["SHA256SUMS"].decode().splitlines())
    files = {name: hashlib.sha256(content).hexdigest() for name, content in package.items() if name != "SHA256SUMS"}
    assert listed == files


def test_the_crate_names_every_file_of_the_package(package):
    graph = {one["@id"]: one for one in json.loads(package["ro-crate-metadata.json"])["@graph"]}
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    assert parts == set(package) - {"ro-crate-metadata.json"}
    assert parts <= set(graph)
    assert graph["./"]["mainEntity"] == {"@id": "workflow/Snakefile"}
    assert "ComputationalWorkflow" in graph["workflow/Snakefile"]["@type"]


def test_the_run_leads_from_decisions_to_tables(package):
    graph = {one["@id"]: one for one in json.loads(package["ro-crate-metadata.json"])["@graph"]}
    run = next(one for one in graph.values() if one["@type"] == "CreateAction")
    assert {"@id": "config/coding/codings/A.csv"} in run["object"]
    assert {"@id": "tables/evidence.csv"} in run["result"]


def test_every_source_has_its_licence(built, package):
    rows = read_rows(package["licences.csv"])
    assert {row["source_id"]: row["licence"] for row in rows} == {
        row["source_id"]: row["licence"] for row in read_table(built / "config/sources.csv")
    }


def plant_words(folder):
    """Give the first coding of A quoted words."""
    rows = [{"exact": "", **row} for row in read_table(folder / A)]
    rows[0]["exact"] = "words of a page that nobody may publish"
    write_table(folder / A, rows)
    return require_study(folder)


def test_quoted_words_are_not_in_the_package(built_copy):
    study = plant_words(built_copy)
    files = collect_study(built_copy, study)
    assert "exact" not in read_rows(files[A])[0]
    assert not any(b"nobody may publish" in content for content in files.values())
    assert [row["fingerprint"] for row in read_rows(files[A])] == [
        row["fingerprint"] for row in read_table(built_copy / A)
    ]


def test_quoted_words_without_place_are_refused(built_copy):
    rows = [{"exact": "", **row} for row in read_table(built_copy / A)]
    rows[0] |= {"exact": "Bees", "fingerprint": "", "start": "", "end": "", "exact_sha256": "", "normal_sha256": ""}
    write_table(built_copy / A, rows)
    with pytest.raises(InputError, match="run: graylit anchor"):
        collect_study(built_copy, require_study(built_copy))


def list_runs(text, n=9):
    """Return every run of nine words of a text, addresses aside."""
    words = re.findall(r"\w+", re.sub(r"https?://[^\s,\"'<>)}]+", " ", text.lower()))
    return {" ".join(words[at : at + n]) for at in range(len(words) - n + 1)}


def find_foreign_words(files, texts, titles):
    """Return the files that hold nine words in a row of a text, but for those of titles."""
    foreign = set().union(*map(list_runs, texts)) - set().union(*map(list_runs, titles))
    return {name for name, content in files.items() if list_runs(content.decode("utf-8", "replace")) & foreign}


def list_titles(*tables):
    """Return what names the sources, publishers beside titles, as tables show them."""
    rows = [row for table in tables for row in table]
    return [" ".join([row["title"], row.get("publisher") or row.get("author", "")]) for row in rows]


def test_the_package_and_the_export_hold_no_words_of_the_sources(built, exported, package):
    texts = [path.read_text("utf-8") for path in (built / "data/processed/texts").glob("*.txt")]
    named = list_titles(read_table(built / "config/sources.csv"), read_table(built / "data/processed/texts.csv"))
    # One hand wrote the mini study's pages and its guidelines: a guideline there has words of a page.
    named += [row["statement"] for row in read_table(built / "config/synthesis/guidelines.csv")]
    files = {name: content for name, content in exported.items() if not name.endswith((".zip", ".pdf"))}
    assert find_foreign_words({"planted": texts[0].encode()}, texts, named) == {"planted"}
    assert find_foreign_words({**files, **package}, texts, named) == set()


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real pages is not beside the repository")
def test_the_package_of_the_default_study_holds_no_words_of_real_pages():
    study = require_study(REPOSITORY)
    files = collect_program(REPOSITORY) | collect_study(REPOSITORY, study)
    frozen = REPOSITORY / "data/frozen/texts.csv"
    named = list_titles(study.sources.cells, study.candidates.cells, read_table(frozen) if frozen.exists() else [])
    texts = [path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    assert find_foreign_words(files, texts, named) == set()


# The command ----------------------------------------------------------------------------------------------------


def test_the_command_writes_all_files_and_leaves_no_old_ones(built_copy, exported):
    (built_copy / "results/export").mkdir(parents=True)
    (built_copy / "results/export/old.csv").write_text("old")
    folder = built_copy / "results/export"
    replace_export(folder, make_export(built_copy), PARTS)
    written = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written == exported


def test_a_study_without_a_review_is_refused(mini):
    with pytest.raises(InputError, match="run `graylit review` first"):
        make_export(mini)
    assert not (mini / "results/export").exists()


def test_the_report_of_snakemake_shows_results_by_category_with_labels(built_copy):
    ended = run_snakemake(built_copy, "--report", "results/run.html")
    assert ended.returncode == 0, ended.stderr
    page = (built_copy / "results/run.html").read_text("utf-8")
    assert set(re.findall(r'"(?:Coding|Screening|Synthesis|Reporting)"', page)) == {
        '"Coding"', '"Screening"', '"Synthesis"', '"Reporting"'
    }  # fmt: skip
    assert "agreement of coders" in page
    assert "support of guidelines" in page
