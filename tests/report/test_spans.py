"""Numbers in pages: a review writes what stands between marks, and nothing else, or says what is wrong."""

import shutil

import pytest

from conftest import read_table
from graylit.report.marks import strip_marks
from graylit.report.spans import list_pages, remark_pages, write_pages
from graylit.tables.faults import InputError
from graylit.tables.numbers import NUMBERS
from running import call_graylit

ROWS = (
    ("codes", "count", "34"),
    ("alpha", "coefficient", "0.89692"),
    ("table.codes", "block", "| code | n |\n| --- | --: |\n| C01 | 2 |"),
)
BLOCK = "<!--=table.codes-->\n\n| code | n |\n| --- | --: |\n| C01 | 2 |\n\n<!--/{}-->"


@pytest.fixture
def folder(tmp_path):
    """A folder of a study with three numbers of its last review."""
    write_numbers(tmp_path)
    (tmp_path / "docs").mkdir()
    return tmp_path


def write_numbers(folder, **changed):
    values = {name: changed.get(name, value) for name, _, value in ROWS}
    rows = [{"name": name, "kind": kind, "value": values[name], "shown": "", "meaning": ""} for name, kind, _ in ROWS]
    (folder / "results").mkdir(exist_ok=True)
    NUMBERS.write(NUMBERS.to_frame(rows), folder / "results/numbers.csv")


def write_page(folder, text, file="docs/findings.md"):
    (folder / file).write_bytes(text.encode())
    return folder / file


def list_faults(folder):
    with pytest.raises(InputError) as refused:
        write_pages(folder)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize("file", ["README.md", "config/protocol.md", "docs/findings.md", "docs/parts/two.md"])
def test_a_review_writes_the_pages_that_people_write(folder, file):
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    page = write_page(
        folder, "Of <!--=codes-->?<!--/--> codes, <!--=codes as Words--><!--/-->, <!--=alpha-->.9<!--/-->\n", file
    )
    assert write_pages(folder) == [(file, 3)]
    written = "Of <!--=codes-->34<!--/--> codes, <!--=codes as Words-->Thirty-four<!--/-->, <!--=alpha-->.90<!--/-->\n"
    assert page.read_text(encoding="utf-8") == written


def test_manuals_and_pages_elsewhere_are_not_looked_at(folder):
    (folder / "config").mkdir()
    for file in ("config/README.md", "config/TABLES.md", "results/README.md", "docs/notes.txt"):
        write_page(folder, "<!--=nothing-->", file)
    assert list_pages(folder) == ([], [])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(folder, end, bom):
    lines = ["<!--=table.codes-->", "<!--/-->", "Ünd <!--=codes--><!--/--> codes", "", "end"]
    page = write_page(folder, bom + end.join(lines))
    write_pages(folder)
    text = page.read_bytes().decode()
    assert text.startswith(f"{bom}<!--=table.codes-->{end}{end}| code | n |{end}")
    assert text.endswith(f"-->{end}Ünd <!--=codes-->34<!--/--> codes{end}{end}end")
    assert text.count("\n") == text.count(end)


def test_what_is_up_to_date_is_not_touched(folder):
    page = write_page(folder, "Of <!--=codes--><!--/--> codes\n\n<!--=table.codes-->\n<!--/-->\n")
    assert write_pages(folder) == [("docs/findings.md", 2)]
    before, times = page.read_bytes(), page.stat()
    assert write_pages(folder) == []
    assert page.read_bytes() == before
    assert (page.stat().st_mtime_ns, page.stat().st_ino) == (times.st_mtime_ns, times.st_ino)


def test_a_block_laid_out_by_another_program_stays_until_its_numbers_change(folder):
    page = write_page(folder, "<!--=table.codes-->\n<!--/-->\n")
    write_pages(folder)
    laid_out = page.read_text().replace("| code | n |", "| code | n   |").replace("--:", "------:")
    page.write_text(laid_out)
    assert write_pages(folder) == [] and remark_pages(folder) == []
    write_numbers(folder, **{"table.codes": "| code | n |\n| --- | --: |\n| C01 | 3 |"})
    assert write_pages(folder) == [("docs/findings.md", 1)]
    assert "| C01 | 3 |\n\n<!--/" in page.read_text()


def test_words_of_a_person_between_marks_are_never_written_over(folder):
    block = write_page(folder, "<!--=table.codes-->\n<!--/-->\n")
    write_pages(folder)
    block.write_text(block.read_text().replace("| C01 | 2 |", "| C01 | 2 |\n\nWhich we doubt."))
    line = write_page(folder, "Of <!--=codes-->34 codes, of which we drop<!--/--> some", "README.md")
    first = write_page(folder, "<!--=table.codes-->\nOur own table\n<!--/-->\n", "docs/own.md")
    before = [page.read_bytes() for page in (block, line, first)]
    faults = list_faults(folder)
    assert [fault.partition(":")[0] for fault in faults] == [
        "README.md, row 1",
        "docs/findings.md, row 1",
        "docs/own.md, row 1",
    ]
    assert all("no review wrote it" in fault for fault in faults)
    assert [page.read_bytes() for page in (block, line, first)] == before


def test_marks_lost_in_the_middle_swallow_no_sentence(folder):
    page = write_page(folder, "Of <!--=codes-->34 codes we keep all that matter, alpha .90<!--/-->.\n")
    assert "no review wrote it" in list_faults(folder)[0]
    assert "we keep all" in page.read_text()


def test_nothing_is_written_if_a_mark_is_wrong_anywhere(folder):
    good = write_page(folder, "Of <!--=codes--><!--/--> codes")
    write_page(folder, "Of <!--=cods--><!--/--> codes and <!--=alpha--> more", "README.md")
    faults = list_faults(folder)
    assert faults[0].startswith("README.md, row 1: 'alpha' is not closed by the end of the page")
    assert "'cods' is no number of this review (did you mean 'codes'?)" in faults[1]
    assert good.read_text() == "Of <!--=codes--><!--/--> codes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a <!--=codes as percent--><!--/-->",
            "'percent' is no form of codes; expected one of digits, words, Words, or no form",
        ),
        ("a <!--=table.codes--><!--/-->", "'table.codes' is a list or table; expected marks that fit; give both marks"),
        ("<!--=codes-->\n<!--/-->", "'codes' is no list or table; expected marks that fit; close it in its line"),
        ("Write `<!--=codes-->34<!--/-->`", "'codes' is a mark in code, where no number is written"),
    ],
)
def test_marks_that_do_not_fit_are_named(folder, text, said):
    write_page(folder, text)
    assert list_faults(folder)[0].startswith(f"docs/findings.md, row 1: {said}")


def test_code_that_shows_a_mark_of_another_name_is_an_example(folder):
    page = write_page(folder, "Write `<!--=NAME--><!--/-->` for a number.")
    assert write_pages(folder) == [] and page.read_text().startswith("Write `")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_page_with_marks_in_another_encoding_is_named(folder, encoding):
    (folder / "README.md").write_bytes("Über <!--=codes-->34<!--/--> codes".encode(encoding))
    (folder / "docs/other.md").write_bytes("Über alles".encode(encoding))
    assert list_faults(folder) == [
        "README.md: has marks for numbers, and is not in UTF-8; expected a page in UTF-8; save it as UTF-8."
    ]


def test_a_link_stays_a_link_and_permissions_stay(folder):
    page = write_page(folder, "Of <!--=codes--><!--/--> codes", "docs/there.md")
    page.chmod(0o640)
    (folder / "README.md").symlink_to("docs/there.md")
    write_pages(folder)
    assert (folder / "README.md").is_symlink() and "34" in page.read_text()
    assert page.stat().st_mode & 0o777 == 0o640


def test_stale_numbers_and_marks_that_begin_a_line_are_remarked(folder):
    write_page(folder, "<!--=codes-->35<!--/--> codes\nand <!--=alpha-->.90<!--/-->\n")
    said = [str(remark) for remark in remark_pages(folder)]
    assert said[0].startswith("docs/findings.md, row 1: 'codes' begins its line, which Markdown takes for HTML")
    assert said[1].startswith("docs/findings.md, row 1: '35' is not what the last review says of 'codes'; expected 34;")
    assert len(said) == 2


def test_before_any_review_nothing_is_stale(folder):
    shutil.rmtree(folder / "results")
    write_page(folder, "Of <!--=codes--><!--/--> codes")
    assert remark_pages(folder) == []
    (folder / "docs/findings.md").unlink()
    assert write_pages(folder) == []


# A whole study -----------------------------------------------------------------------------------------------------


def test_a_review_writes_numbers_that_its_tables_hold_and_check_tells_stale_ones(clone):
    pages = {
        "README.md": (
            "We read <!--=sources-->0<!--/--> sources, <!--=texts[outcome=extracted]--><!--/--> with a text.\n\n"
            "<!--=list.guidelines-->\n<!--/-->\n"
        ),
        "config/protocol.md": "# P\n\n## Threats to validity\n\n- Only <!--=sources as words-->?<!--/--> sources.\n",
    }
    for file, text in pages.items():
        (clone / file).write_text(text, encoding="utf-8")
    checked = call_graylit("-C", clone, "check", "--all")
    assert checked.returncode == 0 and checked.stdout.count("is not what the last review says") == 4
    done = call_graylit("-C", clone, "review", "--cores", "2")
    assert done.returncode == 0, done.stderr
    assert "Numbers written: README.md (3), config/protocol.md (1)" in done.stdout
    n_sources = len(read_table(clone / "config/sources.csv"))
    assert f"<!--=sources-->{n_sources}<!--/-->" in (clone / "README.md").read_text(encoding="utf-8")
    report = (clone / "results/report.html").read_text(encoding="utf-8")
    protocol = (clone / "config/protocol.md").read_text(encoding="utf-8")
    assert strip_marks(protocol).splitlines()[-1].removeprefix("- ") in report and "=sources" not in report
    again = call_graylit("-C", clone, "review", "--cores", "2")
    assert again.returncode == 0 and "Numbers written" not in again.stdout
    assert call_graylit("-C", clone, "check", "--all").stdout.count("not what the last review says") == 0
    text = (clone / "README.md").read_text(encoding="utf-8")
    (clone / "README.md").write_text(text.replace(f"-->{n_sources}<", "-->999<"), encoding="utf-8")
    stale = call_graylit("-C", clone, "check", "--all")
    assert stale.returncode == 0 and "'999' is not what the last review says of 'sources'" in stale.stdout


def test_a_wrong_mark_fails_check_and_ends_a_review_that_is_made(clone):
    (clone / "README.md").write_text("Of <!--=sorces-->3<!--/--> sources", encoding="utf-8")
    done = call_graylit("-C", clone, "review", "--cores", "2")
    assert done.returncode == 1
    assert "no number was written into a page" in done.stderr and "did you mean 'sources'?" in done.stderr
    assert (clone / "results/numbers.csv").exists()
    checked = call_graylit("-C", clone, "check")
    assert checked.returncode == 1 and "README.md, row 1: 'sorces' is no number of this review" in checked.stderr
