"""Locks: who holds one is said, what cannot be locked is said, and what a dead run left blocks nobody."""

import errno
import fcntl
import os

import pytest

from graylit.runs.locking import await_lock, hold_lock, lock_now
from graylit.tables.faults import Fault, InputError

TAKEN = Fault("study", "is in use by another run", "one run at a time", "wait until it has ended")


def test_a_lock_that_is_held_is_named_with_its_process_host_and_time(tmp_path):
    path = tmp_path / ".graylit.lock"
    with hold_lock(path, TAKEN), pytest.raises(InputError) as raised, hold_lock(path, TAKEN):
        pass
    assert f"study: is in use by another run (process {os.getpid()} on " in str(raised.value)


def test_a_lock_file_that_a_dead_run_left_blocks_nobody(tmp_path):
    path = tmp_path / ".graylit.lock"
    path.write_text("process 1 on elsewhere since 2026-03-01T00:00:00Z\n")
    with hold_lock(path, TAKEN):
        assert f"process {os.getpid()}" in path.read_text()


def test_a_lock_can_be_had_again_once_its_block_has_ended(tmp_path):
    for _ in range(2):
        with hold_lock(tmp_path / ".graylit.lock", TAKEN):
            pass
    with await_lock(tmp_path / ".graylit.lock"):
        pass


@pytest.mark.parametrize("left", [b"\xff\xfe", b"process \x1b[31m", b"", b"a" * 5_000])
def test_a_holder_who_wrote_nothing_that_can_be_read_is_not_named(tmp_path, left):
    path = tmp_path / ".graylit.lock"
    path.write_bytes(left)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="is in use by another run; expected"), hold_lock(path, TAKEN):
            pass


def test_a_lock_file_of_somebody_else_that_may_only_be_read_is_no_obstacle(tmp_path, monkeypatch):
    path, opened = tmp_path / ".graylit.lock", os.open
    path.write_text("")

    def refuse_to_write(name, flags, mode=0o777):
        if flags & os.O_RDWR:
            raise PermissionError(errno.EACCES, "Permission denied", name)
        return opened(name, flags, mode)

    monkeypatch.setattr(os, "open", refuse_to_write)
    with hold_lock(path, TAKEN):
        assert path.read_text() == ""


def test_a_folder_that_may_not_be_written_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be opened for a lock"), hold_lock(tmp_path / "no/such/lock", TAKEN):
        pass


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_a_disk_without_locks_is_named_and_no_other_run(tmp_path, monkeypatch, code):
    def fail(descriptor, how):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(InputError) as raised:
        lock_now(0, tmp_path)
    assert f"cannot be locked here ({os.strerror(code)})" in str(raised.value)
    assert "another" not in str(raised.value)
