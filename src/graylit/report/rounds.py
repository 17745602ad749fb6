"""Rounds of coding and the codes that were written in them: from which round saturation can mean anything.

A code that was written before a round began can only be met in it. If all codes are older than a round, the round uses
up a closed list: its curve tells when the list was used up, and nothing of codes that nobody has written.
"""

from __future__ import annotations

from dataclasses import dataclass

from graylit.pages.wording import agree, count_things, count_who, join_words
from graylit.report.frames import Frames


@dataclass(frozen=True)
class Round:
    """A round of coding: when its first coding is dated, and how many of the codes in use were written since then."""

    number: int
    begun: str
    n_written: int  # since this round began, and before the next one did


def list_rounds(frames: Frames) -> tuple[list[Round], int, int]:
    """Return the rounds whose codings are dated, the codes in use older than all of them, and those without a date."""
    dates = frames["codings"]
    begun = dates[dates["coded_at"] != ""].groupby("round")["coded_at"].min()
    rounds = [(int(number), str(begun[number])) for number in sorted(begun.index)]
    written, n_undated = _list_written(frames)
    found = []
    for place, (number, start) in enumerate(rounds):
        end = rounds[place + 1][1] if place + 1 < len(rounds) else ""
        n = sum(_is_since(when, start) and not (end and _is_since(when, end)) for when in written)
        found.append(Round(number, start, n))
    first = rounds[0][1] if rounds else ""
    n_before = sum(not _is_since(when, first) for when in written) if rounds else 0
    return found, n_before, n_undated


def _list_written(frames: Frames) -> tuple[list[str], int]:
    """Return when each code in use was first written, and how many have no date."""
    in_use = set(frames["codebook"].loc[frames["codebook"]["status"] == "active", "code_id"])
    history = frames.get("code_history", frames["codebook"])
    mine = history[history["code_id"].isin(in_use)]
    first = mine.drop_duplicates("code_id")["decided_at"].tolist()  # rows are only ever added: the first is the oldest
    return [when for when in first if when], sum(not when for when in first)


def _is_since(when: str, start: str) -> bool:
    """Return whether a date is not before another; of a day and a time on it, only the day is compared."""
    size = min(len(when), len(start))
    return when[:size] >= start[:size]


def describe_rounds(frames: Frames) -> str:
    """Return what the dates of codes and rounds say of saturation; '' if they say nothing, or nothing was measured."""
    if frames["saturation"].empty:
        return ""
    rounds, n_before, n_undated = list_rounds(frames)
    if not rounds:
        return ""
    if n_undated:
        lack = f"{count_things(n_undated, 'code')} {agree(n_undated, 'has', 'have')} no date"
        return f"From which round saturation can mean anything cannot be told: {lack}."
    last, open_rounds = rounds[-1], [one for one in rounds if one.n_written]
    n_all = n_before + sum(one.n_written for one in rounds)
    if not last.n_written:
        words = (
            f"All {count_things(n_all, 'code')} in use were written before round {last.number}, the last, began. It "
            "used up a closed list, so the curve tells when that was used up, not whether sources hold other codes"
        )
        told = "it can mean something only for a round in which codes are still written, and the last such round is"
        when = f"; {told} {open_rounds[-1].number}" if open_rounds else ""
        return f"{words}{when}."
    named = join_words([f"round {one.number} ({one.n_written:,})" for one in open_rounds])
    n_old = n_all - last.n_written
    return (
        f"Codes in use were still written in or after {named}; {count_who(n_old, 'is', 'are')} older than round "
        f"{last.number}, the last, and could only be met in it. Saturation can mean something for the "
        f"{count_things(last.n_written, 'code')} that {agree(last.n_written, 'was', 'were')} written since round "
        f"{last.number} began."
    )
