"""Say for each result table whether it is the one that was released, and which of its inputs were changed."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from graylit.comparison.pairs import pair
from graylit.comparison.release import (
    STAGES,
    Key,
    count_rows,
    describe_release,
    find_difference,
    list_changes,
    list_tables,
    read_keyed,
)
from graylit.runs.made import digest_file
from graylit.runs.steps import Step
from graylit.study.frozen import FOLDER, RELEASED_TABLES
from graylit.study.frozen import RELEASED as RELEASED_FILE
from graylit.tables.comparison import RELEASED, VERDICT
from graylit.tables.contracts import Contract
from graylit.tables.preparation import TEXTS
from graylit.tables.rows import Cells

Cause = tuple[str, str, str]  # what can make a table differ: kind, first stage in which it shows, what changed
ON_PURPOSE = ("decision", "source", "asked")


def list_source_changes(now: Mapping[Key, Cells], released: Mapping[Key, Cells]) -> list[Cause]:
    """Return the sources whose text or capture is not the released one, as changes that show from preparation on."""
    named = ((key[0], _name_source_change(old, new)) for key, old, new in pair(released, now))
    return [("source", "preparation", f"{source_id} {change}") for source_id, change in named if change]


def _name_source_change(old: Cells | None, new: Cells | None) -> str:
    if old is None or new is None:
        return "was added" if old is None else "was taken out"
    if new["text_sha256"] != old["text_sha256"]:
        return "has another text"
    return "has another capture" if new != old else ""


def compare_tables(contract: Contract, now: Path, released: Path) -> str:
    """Return the first row that is not the same in two files, in words; '' if all are."""
    if now.exists() and released.exists() and digest_file(now) == digest_file(released):
        return ""  # the usual case, for which no table is read
    return find_difference(contract, read_keyed(now, contract), read_keyed(released, contract))


def judge_table(
    stage: str, contract: Contract, n_rows: Sequence[int], difference: str, changes: Iterable[Cause]
) -> Cells:
    """Return the row of a table in the verdict; `n_rows` are those now and as released."""
    possible = [change for change in changes if difference and STAGES.index(change[1]) <= STAGES.index(stage)]
    on_purpose = [change for change in possible if change[0] in ON_PURPOSE]
    causes = on_purpose or possible
    return {
        "stage": stage,
        "table": contract.name,
        "n_rows": str(n_rows[0]),
        "n_released": str(n_rows[1]),
        "verdict": "differs" if difference else "same",
        "cause": "; ".join(what for _, _, what in causes),
        "is_explained": "yes" if on_purpose or not difference else "no",
        "first_difference": difference,
    }


def give_verdict(study: Path, software: Mapping[str, str], is_refit: bool) -> list[Cells]:
    """Return the verdict on every result table that this run has or the release had."""
    made, frozen = study / "data/processed", study / FOLDER
    released_rows = RELEASED.read_rows(frozen / RELEASED_FILE)[0].cells
    changes = list_changes(released_rows, describe_release(study, made, software))
    tables = []
    for stage, contract in list_tables():
        paths = (made / f"{contract.name}.csv", frozen / RELEASED_TABLES / f"{contract.name}.csv")
        if not paths[1].exists() and stage == "preparation":
            paths = (paths[0], frozen / f"{contract.name}.csv")
        if any(path.exists() for path in paths):
            tables.append((stage, contract, [count_rows(path) for path in paths], compare_tables(contract, *paths)))
        if contract is TEXTS:
            changes += list_source_changes(*(read_keyed(path, contract) for path in paths))
    if is_refit:
        changes.append(("asked", "preparation", "topics were fitted anew, as asked"))
    return [judge_table(*table, changes) for table in tables]


if __name__ == "__main__":
    step = Step(snakemake)
    rows = give_verdict(Path(), snakemake.params.software, snakemake.params.refit)
    VERDICT.write_rows(rows, step.output.verdict)
    differing = [row["table"] for row in rows if row["verdict"] == "differs"]
    step.close(f"{len(rows)} tables", f"{len(rows) - len(differing)} same", ", ".join(differing))
