"""The page and the table of what is new, made of the tables of a study at hand."""

from __future__ import annotations

from pathlib import Path

from graylit.comparison.whats_new import Known, News, gather_news
from graylit.pages.templates import make_environment, render_alone
from graylit.runs.places import TEMPLATES
from graylit.study.frozen import FOLDER as FROZEN_FOLDER
from graylit.study.frozen import RELEASED_TABLES
from graylit.study.study import CAPTURES, Study, read_captures
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.comparison import SOURCE_CHANGES
from graylit.tables.contracts import Contract
from graylit.tables.faults import name_command
from graylit.tables.files import replace_file
from graylit.tables.growing import GrowingTable
from graylit.tables.preparation import FROZEN_TEXTS
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, Row
from graylit.tables.screening import DUPLICATE_CANDIDATES, SCREENING_DECISIONS
from graylit.tables.synthesis import EVIDENCE
from graylit.tables.updating import ENDED, UPDATES, WHATS_NEW, WHOLE

PAGE, TABLE = "results/whats_new.html", "results/whats_new.csv"
UPDATE_LOG = "data/raw/updates.csv"


def read_known(folder: Path, study: Study, today: str) -> Known:
    """Return what is known of a study once its review has been made."""
    released = folder / FROZEN_FOLDER / RELEASED_TABLES / f"{LOCATED_CODINGS.name}.csv"

    def read(contract: Contract, path: Path | None = None) -> list[Row]:
        return read_finished(path or folder / f"data/processed/{contract.name}.csv", contract)

    frozen = read(FROZEN_TEXTS, folder / FROZEN_FOLDER / "texts.csv")
    evidence = read(EVIDENCE, released.with_name(f"{EVIDENCE.name}.csv"))
    return Known(
        config=study.config,
        sources=study.sources.cells,
        searches=study.searches.cells,
        candidates=study.candidates.cells,
        decisions=read(SCREENING_DECISIONS),
        pairs=read(DUPLICATE_CANDIDATES),
        readings=study.claim_readings.cells,
        located=read(LOCATED_CODINGS),
        released=read(LOCATED_CODINGS, released),
        evidence=evidence or read(EVIDENCE),
        changes=read(SOURCE_CHANGES, folder / f"results/{SOURCE_CHANGES.name}.csv"),
        captures=read_captures(folder / CAPTURES),
        updates=GrowingTable(folder / UPDATE_LOG, UPDATES).read(),
        without_text=frozenset(row["source_id"] for row in frozen if row["outcome"] != "extracted"),
        is_released=released.exists(),
        today=today,
    )


def write_news(folder: Path, known: Known) -> News:
    """Write the page and the table of what is new, each whole or not at all; return what is new."""
    news = gather_news(known)
    part = folder / f"{TABLE}.part"
    WHATS_NEW.write_rows(news.rows, part)
    replace_file(folder / TABLE, part.read_text(encoding="utf-8"))
    part.unlink()
    replace_file(folder / PAGE, render_news(known, news))
    return news


def render_news(known: Known, news: News) -> str:
    """Return the page of what is new."""
    last = max((row["update"] for row in known.updates), default="")
    shown = {
        "title": known.config["title"],
        "news": news,
        "began": last,
        "is_ended": any(_is_end(row) for row in known.updates if row["update"] == last),
        "commands": {"desk": name_command("desk --as NAME"), "review": name_command("review")},
    }
    return render_alone(make_environment(TEMPLATES), "whats_new.html", shown, ["pages.js"])


def _is_end(row: Cells) -> bool:
    return (row["subject"], row["outcome"]) == (WHOLE, ENDED)
