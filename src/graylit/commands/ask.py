"""`graylit ask`: a model decides, as a person would, and every call is recorded."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graylit.runs.endings import DIFFERENT, FAULTY, EndingError
from graylit.runs.folders import with_study

if TYPE_CHECKING:
    from graylit.models.asking import Tally
    from graylit.models.running import Ended

TASKS = ("screen", "appraise", "code", "settle", "check-claims")
SHOW_EVERY_S = 0.5  # seconds between two lines of progress: chosen


@click.command("ask")
@click.argument("task", type=click.Choice(TASKS), required=False)
@click.option("--as", "decider", default="", metavar="NAME", help="The model: config/models/NAME.yaml.")
@click.option("--round", "round_", type=click.IntRange(1), default=1, help="The round of screening or coding: 1.")
@click.option("--at", default="", metavar="DATE", help="Code by the codebook as it was in force then.")
@click.option("--sample", is_flag=True, help="Code the segments of the sample alone (graylit sample).")
@click.option("--send-words-to", default="", metavar="HOST", help="Let words of sources leave this machine.")
@click.option("--max-calls", type=click.IntRange(1), help="Begin no more calls than these.")
@click.option("--max-cost", type=click.FloatRange(0, min_open=True), help="Spend no more than this, by config's price.")
@click.option("--again", "is_again", is_flag=True, help="Ask once more: shows how far the model agrees with itself.")
@click.option("--refused", "is_refused", is_flag=True, help="Ask again where no answer could be used.")
@click.option("--replay", is_flag=True, help="Make all rows again from the log, without any call.")
@with_study
def command(
    folder: Path,
    task: str | None,
    decider: str,
    round_: int,
    at: str,
    sample: bool,
    send_words_to: str,
    max_calls: int | None,
    max_cost: float | None,
    is_again: bool,
    is_refused: bool,
    replay: bool,
) -> None:
    """Have a model decide, and record every call.

    It decides unit by unit, blind as a person. TASK is screen, appraise, code, settle or check-claims. The model is
    described in config/models/NAME.yaml, what it is asked in config/models/prompts. What it was asked and said stands
    in config/models/log.jsonl; its decisions are rows as those of people. What was answered is not asked again.
    """
    from graylit.models.asking import Budget
    from graylit.models.running import Asked, Run
    from graylit.study.locks import hold_models, hold_table
    from graylit.study.writing import read_clock, read_coder

    if replay:
        _replay(folder)
        return
    if not (task and decider):
        raise click.UsageError("Say what is asked and who: graylit ask TASK --as NAME; or --replay.")
    decider = read_coder(decider, [])
    _draft(folder, decider)
    with hold_models(folder), hold_table(folder, decider):
        asked = Asked(
            task,
            decider,
            str(round_),
            at,
            _read_sample(folder) if sample else frozenset(),
            send_words_to,
            is_again,
            is_refused,
        )
        run = Run(folder, asked, Budget(max_calls, max_cost), read_clock)
        ended = run.ask(_Progress())
    _describe(ended, decider)


def _read_sample(folder: Path) -> frozenset[str]:
    from graylit.study.given import read_sample
    from graylit.study.study import read_tables

    drawn = read_sample(read_tables(folder, ("sample",))[0].sample.cells).weights
    if not drawn:
        raise click.UsageError("There is no sample yet: graylit sample draws one.")
    return frozenset(drawn)


def _draft(folder: Path, decider: str) -> None:
    """Write the settings of a model that has none, for its user to fill in, and end there."""
    from graylit.models.running import draft_settings
    from graylit.runs.places import NEW_STUDY
    from graylit.study.model_settings import name_settings

    if (folder / name_settings(decider)).exists():
        return
    file = draft_settings(folder, decider, (NEW_STUDY / "model.yaml").read_text(encoding="utf-8"))
    raise EndingError(f"{file} was written: say in it which model that is, and ask again.", FAULTY)


def _replay(folder: Path) -> None:
    from graylit.models.replaying import add_missing, describe_replay, replay_log
    from graylit.study.locks import hold_models
    from graylit.study.writing import read_clock

    with hold_models(folder):
        found = replay_log(folder)
        add_missing(folder, found, read_clock)
    lines, is_same = describe_replay(found, is_added=True)
    print("\n".join(lines))
    if not is_same:
        raise EndingError("", DIFFERENT)


class _Progress:
    """One line on the terminal that rewrites itself: how many units were begun, and how long it may take."""

    def __init__(self) -> None:
        self._began = self._shown_at = time.monotonic()
        self._n_skipped: int | None = None

    def __call__(self, n_begun: int, n_units: int, tally: Tally) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._shown_at < SHOW_EVERY_S:
            return
        self._shown_at = now
        per_answer = (now - self._began) / max(1, tally.n_answered + tally.n_refused)
        left = _name_time(per_answer * (n_units - n_begun))
        said = (
            f"{n_begun:,} of {n_units:,} units, {tally.n_answered:,} answers, {tally.n_refused:,} refused, {left} left"
        )
        print(f"\r\x1b[K  {said}, {left} left", end="", file=sys.stderr, flush=True)


def _name_time(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )


def _describe(ended: Ended, decider: str) -> None:
    from graylit.pages.wording import count_things
    from graylit.runs.progress import clear_line

    clear_line()
    tally = ended.tally
    if ended.is_new_template:
        print(f"{ended.template_file} was written: what is asked stands in it, and goes into git with the study.")
    print(
        f"{decider}: {count_things(ended.n_units, 'unit')}, {ended.n_before:,} decided before; "
        f"{count_things(tally.n_answered, 'answer')}, {tally.n_refused:,} refused for good, "
        f"{tally.n_units_lost:,} without an answer; {count_things(ended.n_rows, 'row')} added"
    )
    if tally.why:
        print("  " + ", ".join(f"{n:,} {why}" for why, n in sorted(tally.why.items())))
    if tally.tokens[0] or tally.tokens[1]:
        print(f"  {tally.tokens[0]:,} tokens sent, {tally.tokens[1]:,} received")
    if tally.stopped:
        raise EndingError(f"It ended early: {tally.stopped}. The same command goes on.", FAULTY)
