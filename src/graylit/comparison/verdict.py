"""How the last run stands to the release, stage by stage: what differs, and why."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from graylit.pages.wording import count_things
from graylit.study.frozen import is_frozen
from graylit.tables.comparison import RESULT_TABLES, SOURCE_CHANGES, VERDICT
from graylit.tables.models import MODEL_REPLAY
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells

N_SHOWN = 3  # differing tables shown per stage, and causes


def describe_stages(rows: Sequence[Cells]) -> list[str]:
    """Return one line per stage: its tables, rows, and which of them differ."""
    lines = [f"  {'stage':<13} {'tables':>6} {'rows':>7}  against the release"]
    for stage in RESULT_TABLES:
        of_stage = [row for row in rows if row["stage"] == stage]
        differing = [row["table"] for row in of_stage if row["verdict"] == "differs"]
        verdict = "same" if not differing else f"differs: {', '.join(differing)}"
        if of_stage:
            n_rows = sum(int(row["n_rows"]) for row in of_stage)
            lines.append(f"  {stage:<13} {len(of_stage):>6} {n_rows:>7,}  {verdict}")
    return lines


def describe_differences(rows: Sequence[Cells]) -> list[str]:
    """Return the first rows that differ, a few per stage."""
    lines = []
    for stage in RESULT_TABLES:
        differing = [row for row in rows if row["stage"] == stage and row["verdict"] == "differs"]
        lines += [f"    {row['table']}: {row['first_difference'][:200]}" for row in differing[:N_SHOWN]]
        if len(differing) > N_SHOWN:
            lines.append(f"    … and {len(differing) - N_SHOWN} more tables of {stage}: results/verdict.csv")
    return lines


def describe_causes(rows: Sequence[Cells]) -> str:
    """Return what was changed, each cause once."""
    causes = list(dict.fromkeys(cause for row in rows for cause in row["cause"].split("; ") if cause))
    rest = len(causes) - 2 * N_SHOWN
    return "; ".join(causes[: 2 * N_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")


def conclude(rows: Sequence[Cells]) -> tuple[int, str]:
    """Return the exit code and the last line."""
    differing = [row for row in rows if row["verdict"] == "differs"]
    unexplained = [row for row in differing if row["is_explained"] == "no"]
    if not differing:
        return 0, f"The same as released: {len(rows)} of {len(rows)} tables."
    if not unexplained:
        return 0, f"Differs from the release, since the study was changed: {describe_causes(differing)}."
    names = ", ".join(row["table"] for row in unexplained)
    causes = describe_causes(unexplained)
    why = f"not by you, but {causes}" if causes else "neither by you, nor a version of the software"
    return 3, f"DIFFERS FROM THE RELEASE, though nothing that {names} is made of was changed in the study: {why}."


def describe_service(changes: Sequence[Cells]) -> str:
    """Return where the texts of the sources came from, in one line."""
    words = {"captured": "from captures", "frozen": "from the frozen corpus", "none": "without text"}
    counts = Counter(row["served_by"] for row in changes)
    shown = ", ".join(f"{counts[name]} {words[name]}" for name in words if counts[name])
    return f"  {count_things(len(changes), 'source')}: {shown}"


def describe_models(study: Path) -> list[str]:
    """Return whether the log of models makes the rows that stand in the tables, in one line; none without a log."""
    rows = read_finished(study / f"data/processed/{MODEL_REPLAY.name}.csv", MODEL_REPLAY)
    differing = [f"{row['decider']} in {row['file']}" for row in rows if row["is_same"] == "no"]
    if not rows:
        return []
    said = f"DIFFERENT FROM THE LOG: {', '.join(differing)}" if differing else "the same, made again from their log"
    return [f"  {count_things(sum(int(row['n_rows']) for row in rows), 'row')} of models: {said}"]


def describe_verdict(study: Path) -> tuple[int, list[str]]:
    """Return the exit code of a review and how it stands to the release, in lines; none if nothing was released.

    Exit code 0: the same, or something was changed on purpose. 3: it differs though nothing of the study was changed.
    """
    if not is_frozen(study) or not (study / "results/verdict.csv").exists():
        return 0, []
    rows = VERDICT.read_rows(study / "results/verdict.csv")[0].cells
    lines = describe_stages(rows)
    if (study / "results/source_changes.csv").exists():
        lines.append(describe_service(SOURCE_CHANGES.read_rows(study / "results/source_changes.csv")[0].cells))
    lines += describe_models(study)
    code, conclusion = conclude(rows)
    lines.append(f"  {conclusion}")
    if differences := describe_differences(rows):
        lines += ["  First rows that differ:", *differences]
    return code, lines
