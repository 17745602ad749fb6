"""Make the decisions of models again from the log of what they were asked, and count the calls."""

from pathlib import Path

from graylit.models.counting import Counter, list_standings
from graylit.models.recording import compare_all
from graylit.models.running import read_log
from graylit.runs.steps import Step
from graylit.study.model_log import LOG, read_calls
from graylit.tables.models import MODEL_CALLS, MODEL_REPLAY
from graylit.tables.rows import Values


def replay_models(study: Path) -> list[Values]:
    """Return how the tables of a study stand to the log, by model and table."""
    decisions = read_log(study).decisions
    return list(list_standings(compare_all(study, decisions, sorted({decider for decider, _ in decisions.rows}))))


def count_calls(study: Path) -> list[Values]:
    """Return what models were asked, by model, task, settings and prompt."""
    counter = Counter()
    for call in read_calls(study / LOG):
        counter.take(call)
    return counter.list_rows()


if __name__ == "__main__":
    step = Step(snakemake)
    replayed, calls = replay_models(Path()), count_calls(Path())
    MODEL_REPLAY.write_rows(replayed, step.output.replay)
    MODEL_CALLS.write_rows(calls, step.output.calls)
    n_calls, n_rows = (
        sum(int(str(row[name])) for row in rows) for name, rows in (("n_calls", calls), ("n_rows", replayed))
    )
    differing = [f"{row['decider']} {row['file']}" for row in replayed if row["is_same"] == "no"]
    step.close(f"{n_calls} calls", f"{n_rows} rows made again", f"differs: {', '.join(differing)}" if differing else "")
