"""Tables in LaTeX: hostile titles are text alone, and a paper compiles."""

import re
import shutil
import subprocess
import unicodedata

import pypdf
import pytest

from conftest import REPOSITORY
from graylit.exports.bibliography import format_biblatex
from graylit.exports.latex import escape_latex, escape_signs_of_ascii
from graylit.exports.latex_signs import format_signs
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
        ("x\u0302", r"\^{x}"),
        ("\uff04", r"\$"),
        ("\u1ea3", r"{\ifdefined\Umathchar ả\else a\fi}"),
        ("\u20b9", r"{\ifdefined\Umathchar ₹\else {[}U+20B9{]}\fi}"),
        ("“£½ß„—…€ș”", "“£½ß„—…€ș”"),
    ],
)
def test_signs_that_stop_pdflatex_are_written_as_commands(sign, latex):
    assert escape_latex(sign) == latex


SIGNS_OF_LATIN_TITLES = (
    range(0xA0, 0x250),  # Latin-1 Supplement, Latin Extended-A and -B
    range(0x250, 0x370),  # IPA, modifiers, marks
    range(0x1E00, 0x1F00),  # Latin Extended Additional
    range(0x2010, 0x2028),
    range(0x202F, 0x2060),  # punctuation
    range(0x2070, 0x20C0),  # superscripts, subscripts, currency
    range(0x2100, 0x2300),  # letterlike signs, numbers, arrows, formulas
    range(0xFB00, 0xFB07),
    range(0xFF01, 0xFF5F),
)
LATIN = [chr(code) for part in SIGNS_OF_LATIN_TITLES for code in part if unicodedata.category(chr(code)) != "Cn"]
MARKED = [letter + mark for letter in "ex" for mark in map(chr, range(0x300, 0x370))]
HEAD = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{textcomp}\\begin{document}\n"
needs_latex = pytest.mark.skipif(
    not shutil.which("pdflatex"), reason="pdflatex is not installed (Debian: texlive-latex-recommended)"
)


needs_lualatex = pytest.mark.skipif(
    not shutil.which("lualatex"), reason="lualatex is not installed (Debian: texlive-luatex)"
)
needs_biber = pytest.mark.skipif(not shutil.which("biber"), reason="biber is not installed (Debian: biber)")
ENGINES = [pytest.param("pdflatex", marks=needs_latex), pytest.param("lualatex", marks=needs_lualatex)]


def compile_latex(folder, engine="pdflatex"):
    """Compile paper.tex; return how it ended and the errors it found."""
    command = [engine, "-interaction=nonstopmode", "paper"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return ended.returncode, re.findall("(?m)^! .*", (folder / "paper.log").read_text("utf-8", "replace"))


@needs_latex
def test_no_sign_of_a_title_in_latin_script_stops_pdflatex(tmp_path):
    body = "\n\n".join(f"{at} {escape_latex(letter)} x" for at, letter in enumerate([*LATIN, *MARKED]))
    (tmp_path / "paper.tex").write_text(f"{HEAD}{body}\n\\end{{document}}", encoding="utf-8")
    assert compile_latex(tmp_path) == (0, [])


@needs_lualatex
def test_no_sign_of_a_title_stops_lualatex_and_signs_change_nothing_there(tmp_path):
    titles = [*LATIN, *MARKED, "Việt Nam", "исследование", "研究", "Ἀρχή"]
    body = "\n\n".join(map(escape_latex, titles))
    head = "\\documentclass{article}\\usepackage{fontspec,textcomp,amssymb}\\input{signs}\\begin{document}\n"
    (tmp_path / "signs.tex").write_text(format_signs([body]), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(f"{head}{body}\n\\end{{document}}", encoding="utf-8")
    assert compile_latex(tmp_path, "lualatex") == (0, [])


@needs_latex
def test_a_bibliography_keeps_signs_and_letters_of_other_scripts_and_declares_them(tmp_path):
    titles = [*LATIN, *MARKED, "Việt Nam", "исследование", "研究", "Ἀρχή"]
    head = HEAD.replace("textcomp}", "textcomp,amssymb}\\input{signs}")
    body = "\n\n".join(map(escape_signs_of_ascii, titles))
    (tmp_path / "signs.tex").write_text(format_signs([body]), encoding="utf-8")
    (tmp_path / "paper.tex").write_text(f"{head}{body}\n\\end{{document}}", encoding="utf-8")
    assert escape_signs_of_ascii("Việt & {x}") == r"Việt \& \textbraceleft{}x\textbraceright{}"
    assert compile_latex(tmp_path) == (0, [])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_paper_with_hostile_titles_compiles_and_shows_them(tmp_path, engine):
    sources = name_hostile_sources()
    card = {"guideline_id": "G01", "name": HOSTILE[2], "category": HOSTILE[3], "impacts": [], "support": {}}
    files = format_paper_tables([card], sources, [], [])
    template = (REPOSITORY / "src/graylit/templates/paper.tex").read_text("utf-8")
    files["paper.tex"] = format_example(template, HOSTILE[4], HOSTILE[:3], files)
    files["sources.bib"] = format_biblatex(sources, {})
    files["signs.tex"] = format_signs(files.values())
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert compile_latex(tmp_path, engine) == (0, [])
    shown = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "paper.pdf").pages)
    assert "/etc/passwd" in shown
    assert not (tmp_path / "owned").exists()
    assert not list(tmp_path.glob("owned*"))


@needs_biber
@pytest.mark.parametrize("engine", ENGINES)
def test_the_exported_paper_is_made_whole_with_its_bibliography(exported, tmp_path, engine):
    for name, content in exported.items():
        if not name.startswith("data-package/") and name != "replication-package.zip":
            (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
            (tmp_path / name).write_bytes(content)
    assert compile_latex(tmp_path, engine) == (0, [])
    cited = subprocess.run(["biber", "paper"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (cited.returncode, re.findall("(?:WARN|ERROR) - .*", cited.stdout)) == (0, [])
    assert compile_latex(tmp_path, engine) == (0, [])
    shown = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "paper.pdf").pages)
    assert "Mira Holm" in shown
    assert "[10]" in shown  # each of the ten sources is a reference
    wide = [
        float(width)
        for width in re.findall(r"Overfull \\[hv]box \(([\d.]+)pt", (tmp_path / "paper.log").read_text("latin-1"))
    ]
    assert max(wide, default=0) < 10  # points: nothing stands out of the page
