"""The seam between one source and the run: what becomes a mishap of the source, and what ends the run."""

import errno
import json
import struct
import sys
import zlib
from collections.abc import Callable

import pytest

from graylit.runs.seams import MAX_FRAMES, StopError, explain_mishaps, try_apart
from graylit.tables.faults import Fault, InputError

FAILURES: dict[str, Callable[[], object]] = {
    "RecursionError": lambda: json.loads("[" * 100_000),
    "ValueError": lambda: int("many"),
    "KeyError": lambda: {}["a"],
    "AttributeError": lambda: None.body,
    "UnicodeEncodeError": lambda: "\ud800".encode(),
    "MemoryError": lambda: bytearray(sys.maxsize),
    "StopIteration": lambda: next(iter(())),
    "NotImplementedError": lambda: (_ for _ in ()).throw(NotImplementedError),
    "FileNotFoundError": lambda: open("/nowhere/at/all"),  # noqa: PTH123, SIM115
    "zlib.error": lambda: zlib.decompress(b"a"),
    "struct.error": lambda: struct.unpack("i", b"a"),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failure_of_any_kind_is_a_mishap_that_says_where(kind):
    mishap = try_apart(FAILURES[kind])
    line = FAILURES[kind].__code__.co_firstlineno
    assert mishap.note == f"{kind} at test_seams.py:{line}"
    assert mishap.trace.startswith("Traceback")


def test_what_succeeds_is_returned():
    assert try_apart(divmod, 7, 2) == (3, 1)


STOPS = (
    InputError([Fault("sources.csv", "is missing", "a table", "add it")]),
    StopError(),
    KeyboardInterrupt(),
    SystemExit(1),
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
)


@pytest.mark.parametrize("error", STOPS, ids=lambda error: type(error).__name__)
def test_what_concerns_all_sources_ends_the_run(error):
    def fail() -> None:
        raise error

    with pytest.raises(type(error)):
        try_apart(fail)


def test_a_message_which_may_quote_a_page_is_in_the_log_only():
    mishap = try_apart(int, "words of a page")
    assert "words of a page" not in mishap.note
    assert "words of a page" in mishap.trace


def test_the_place_is_the_last_of_our_own_files():
    def work() -> None:
        json.loads("{")

    assert try_apart(work).note == f"json.decoder.JSONDecodeError at test_seams.py:{work.__code__.co_firstlineno + 1}"


def test_the_place_in_a_script_is_that_of_the_file_that_people_have(tmp_path):
    """Snakemake copies a script, and puts lines before it."""
    preamble = "\n######## snakemake preamble start (automatically inserted, do not edit) ########\nimport sys\n"
    preamble += "######## snakemake preamble end #########\n"
    path = tmp_path / "tmpa1b2c3d4.extract_texts.py"
    path.write_text(f'{preamble}"""A script."""\n\ndef work():\n    return 1 / 0\n')
    names: dict[str, Callable] = {}
    exec(compile(path.read_text(), path, "exec"), names)
    assert try_apart(names["work"]).note == "ZeroDivisionError at extract_texts.py:4"


def test_endless_recursion_does_not_fill_the_log():
    def even(number: int) -> int:
        return odd(number + 1)

    def odd(number: int) -> int:
        return even(number + 1)

    assert try_apart(even, 0).trace.count("\n") < 4 * MAX_FRAMES


def test_the_end_of_a_run_says_what_to_do():
    assert explain_mishaps(0, "log") == ""
    said = "at 1 source Graylit itself failed: please report it with a.log, which says where"
    assert explain_mishaps(1, "a.log") == said
    assert explain_mishaps(2, "a.log").startswith("at 2 sources ")
