"""An end to every wait: a request's connection is shut down when its time is over, whatever the server drips."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

_here = threading.local()


class DeadlineError(TimeoutError):
    """A request whose time is over."""


class Deadline:
    """A time at which the sockets opened in this thread's block are shut down.

    The block then ends in DeadlineError even if it raised nothing: an answer without a length would look whole.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = max(seconds, 0.0)
        self.has_passed = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._timer = threading.Timer(self.seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        """Start counting, and watch what this thread opens."""
        _here.deadline = self
        self._timer.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop counting. Raises DeadlineError if the time was over."""
        self._timer.cancel()
        _here.deadline = None
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()
        if self.has_passed:
            raise DeadlineError(f"no whole answer within {self.seconds:.3g} s") from error

    def watch(self, opened: socket.socket) -> None:
        """Shut a socket down when the time is over. A copy is kept: TLS takes the socket itself over."""
        with self._lock:
            self._sockets.append(opened.dup())
        if self.has_passed:
            self._pass()

    def _pass(self) -> None:
        self.has_passed = True
        with self._lock:
            for watched in self._sockets:
                with contextlib.suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)


def watch_socket(opened: socket.socket) -> socket.socket:
    """Return a socket, now watched by the deadline of this thread if it has one."""
    deadline: Deadline | None = getattr(_here, "deadline", None)
    if deadline is not None:
        deadline.watch(opened)
    return opened
