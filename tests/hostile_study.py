"""The mini study with a page, and with cells of people's tables, that want to be more than words."""

import subprocess
from pathlib import Path

from archives import MINI, Page, write_archive
from conftest import change_config, collect_archived, copy_mini, read_table, run_snakemake, write_table
from running import call_graylit

PAGE = MINI.parent / "hostile/page.html"
URL = "http://hostile.example/roofs/?a=1&b=<i>'\""
SCRIPT = "<script>fired('cell')</script>"
BREAKOUT = "\"'></script><img src=x onerror=fired('cell')>"
TEMPLATE = "{{ config.items() }} {% include 'x' %} ${fired('cell')}"
TURNED = "turned \u202ekcab\u202c and \u2066isolated\u2069 words"


def make_hostile(folder: Path) -> Path:
    """Return the built mini study, its tables and one of its sources hostile."""
    copy_mini(folder)
    source = {"url": URL.replace("<i>'\"", ""), "title": f"Roofs {SCRIPT}", "publisher": BREAKOUT}
    _change(folder / "config/sources.csv", "source_id", "S010", **source, source_type=TEMPLATE, city=TURNED)
    _change(folder / "config/coding/codebook.csv", "code_id", "C01", name=f"load {SCRIPT}", definition=BREAKOUT)
    _change(folder / "config/coding/codebook.csv", "code_id", "C02", name=TURNED, include_when=TEMPLATE)
    _change(folder / "config/synthesis/themes.csv", "theme_id", "T01", name=f"roof {SCRIPT}", description=BREAKOUT)
    words = {"name": f"Roof {SCRIPT}", "statement": BREAKOUT, "intent": TEMPLATE, "motivation": TURNED}
    _change(folder / "config/synthesis/guidelines.csv", "guideline_id", "G01", **words)
    _change(folder / "config/synthesis/impacts.csv", "impact_id", "I01", component=SCRIPT, decision=BREAKOUT)
    _change(folder / "config/synthesis/categories.csv", "category_id", "K01", name=f"cat {SCRIPT}", description=TURNED)
    _change(folder / "config/synthesis/practices.csv", "practice_id", "P01", name=SCRIPT, statement=BREAKOUT)
    relations = folder / "config/synthesis/relations.csv"
    relations.write_text(f"guideline_id,other_guideline_id,relation,reason\nG01,G02,needs,{SCRIPT}\n", encoding="utf-8")
    for coding_id, memo in (("A-0001", SCRIPT), ("A-0003", BREAKOUT), ("A-0018", TURNED)):
        _change(folder / "config/coding/codings/A.csv", "coding_id", coding_id, memo=memo)
    change_config(folder, title=f"Roofs {{title}} {{{{7*7}}}} {SCRIPT}")  # braces are wildcards of Snakemake
    page = Page(URL.replace("<i>'\"", ""), body=PAGE.read_bytes())
    collected = collect_archived(folder, write_archive(folder / "hostile.warc.gz", [page]))
    assert collected.returncode == 0, collected.stderr
    _require(run_snakemake(folder, "data/processed/segments.csv"))
    _code_segments(folder)
    _require(run_snakemake(folder))
    return folder


def _change(path: Path, key: str, row_id: str, **cells: str) -> None:
    rows = read_table(path)
    assert [row.update(cells) for row in rows if row[key] == row_id]
    write_table(path, rows)


def _code_segments(folder: Path) -> None:
    """Give every segment of the hostile page a code of guideline G01, so that its words are evidence."""
    segments = [row for row in read_table(folder / "data/processed/segments.csv") if row["source_id"] == "S010"]
    path = folder / "config/coding/codings/A.csv"
    rows = [row | {"segment_id": row.get("segment_id", "")} for row in read_table(path)]
    blank = dict.fromkeys(rows[0], "")
    for number, segment in enumerate(segments):
        place = {"source_id": "S010", "segment_id": segment["segment_id"], "code_id": "C01"}
        rows.append(blank | place | {"coding_id": f"A-09{number:02d}", "memo": SCRIPT, "coded_at": "2026-03-07"})
    write_table(path, rows)
    _require(call_graylit("-C", folder, "anchor"))


def _require(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stdout + done.stderr
