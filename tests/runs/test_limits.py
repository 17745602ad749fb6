"""One source's costs end with it: limits of time and memory, and crashes, are outcomes, and the others go on."""

import errno
import os
import re
import signal

import pytest

from graylit.runs.limits import Limits, work_apart
from graylit.runs.seams import Mishap
from graylit.tables.faults import Fault, InputError

WITHIN = Limits(processor_s=1, memory_mb=500)
WORK = {
    "a pattern that takes exponential time": lambda: re.match("(a+)+b", "a" * 64),
    "more memory than there may be": lambda: bytearray(5_000_000_000),
    "a crash of a library": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "a mistake of ours": lambda: {}["a"],
}
ENDS = {
    "a pattern that takes exponential time": ("over_limit", "took more than 1 seconds of processor time"),
    "more memory than there may be": ("over_limit", "MemoryError at test_limits.py:"),
    "a crash of a library": ("program_error", "its process ended with SIGKILL"),
    "a mistake of ours": ("program_error", "KeyError at test_limits.py:"),
}


def test_what_one_source_costs_is_its_own_outcome_and_the_others_go_on():
    made = list(work_apart(lambda name: WORK.get(name, name.upper)(), ["first", *WORK, "last"], WITHIN))
    assert (made[0], made[-1]) == ("FIRST", "LAST")
    assert len(made) == len(WORK) + 2
    for name, mishap in zip(WORK, made[1:-1], strict=True):
        outcome, note = ENDS[name]
        assert isinstance(mishap, Mishap) and mishap.note.startswith(note) and mishap.outcome == outcome


@pytest.mark.parametrize("error", [InputError([Fault("a.csv", "is odd", "a", "b")]), OSError(errno.ENOSPC, "full")])
def test_what_concerns_all_sources_is_raised(error):
    def fail(item):
        raise error

    with pytest.raises(type(error), match=re.escape(str(error))):
        list(work_apart(fail, [1, 2], WITHIN))


def test_nothing_is_made_of_no_sources():
    assert list(work_apart(str, [], WITHIN)) == []
