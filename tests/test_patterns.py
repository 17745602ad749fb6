"""No pattern takes more than its share of time on any text: what comes from the web may be of any kind."""

import signal
import time
from collections.abc import Iterator

import pytest

from archives import REPOSITORY
from pattern_attacks import Use, list_attacks, list_uses

USES = list_uses([REPOSITORY / "src/graylit", REPOSITORY / "scripts"])
LENGTH = 10_000
# Of processor time. Patterns whose cost grows with the length take a thousandth of it, those whose cost grows with the
# square take it five times over.
MOST_S = 0.1


class TooLongError(Exception):
    """A pattern was stopped."""


@pytest.fixture
def stopped_at_the_end() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


def measure(use: Use, attack: str) -> float:
    """Return the processor time that a pattern takes on a text, in seconds, at most about three times what it may."""
    is_bytes = isinstance(use.pattern.pattern, bytes)
    text = attack.encode("latin-1", "replace") if is_bytes else attack
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 3 * MOST_S)
    try:
        if use.method == "sub":
            use.pattern.sub(b"" if is_bytes else "", text)
        else:
            getattr(use.pattern, use.method)(text)
    except TooLongError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - began


def test_no_pattern_takes_time_that_grows_with_the_square(stopped_at_the_end):
    assert len(USES) > 150
    slow = {}
    for use in USES:
        for attack in list_attacks(use.pattern, LENGTH):
            if measure(use, attack) > MOST_S and measure(use, attack) > MOST_S:
                slow[use.place] = (use.method, use.pattern.pattern, attack[:12], attack[-3:])
                break
    assert slow == {}


@pytest.mark.parametrize("pattern", [r"(a+)+b", r"\s+$", r"<v(?:\s+([^>]*))?>", r"# (.*?)(\s+#+)?\s*$", r"(~{3,}).*"])
def test_a_pattern_that_does_is_found(stopped_at_the_end, pattern):
    import re

    uses = [Use(re.compile(pattern), method, "here") for method in ("sub", "match", "fullmatch")]
    assert any(measure(use, attack) > MOST_S for use in uses for attack in list_attacks(use.pattern, LENGTH))
