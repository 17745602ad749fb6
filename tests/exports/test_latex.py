"""Tables in LaTeX: hostile titles are text alone, and a paper compiles."""

import re
import shutil
import subprocess

import pypdf
import pytest

from conftest import REPOSITORY
from graylit.exports.bibliography import format_biblatex
from graylit.exports.latex import escape_latex
from graylit.exports.paper import format_example, format_paper_tables
from hostile_words import HOSTILE, name_hostile_sources

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"


COMMANDS = (
    r"\\(textbackslash|textbraceleft|textbraceright|textasciicircum|textasciitilde|textless|textgreater|textbar)\{\}"
)


@pytest.mark.parametrize("words", HOSTILE)
def test_latex_of_hostile_words_is_text_alone(words):
    escaped = re.sub(
        COMMANDS + r"|\\textasciigrave\{\}|\{\\textquotedbl\}|\{\[\}|\{\]\}|\\[$&#%_]", "", escape_latex(words)
    )
    assert re.findall(r"[\\{}$&#%_^~\[\]\x00-\x1f\u200b\u202e\u2066]", escaped) == []


@pytest.mark.parametrize(
    ("sign", "latex"),
    [
        ("e\u0301", "é"),  # as file names and titles from a Mac have it
        ("\u1ec5", r"\~{\^{e}}"),
        ("\u1ec7", r"\^{\d{e}}"),
        ("\u01ce", r"\v{a}"),
        ("\u2248", r"\ensuremath{\approx}"),
        ("\u21d2", r"\ensuremath{\Rightarrow}"),
        ("\u0394", r"\ensuremath{\Delta}"),
        ("\u2206", r"\ensuremath{\Delta}"),
        ("\u2082", r"\ensuremath{_2}"),
        ("\ufb01", "fi"),
        ("\u33a1", "m2"),
        ("\u2032", "’"),
        ("\u0436", "ж"),  # LuaLaTeX sets other scripts
        ("“£½ß„—…€ș”", "“£½ß„—…€ș”"),
    ],
)
def test_signs_that_stop_pdflatex_are_written_as_commands(sign, latex):
    assert escape_latex(sign) == latex


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
