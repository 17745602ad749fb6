"""Answers before the answer, such as Continue, Processing or Early Hints (RFC 9110, 15.2; RFC 8297)."""

from __future__ import annotations

import http.client
from http.client import SWITCHING_PROTOCOLS, HTTPException, HTTPResponse, parse_headers

MAX_INTERIM = 20  # chosen, not measured: servers send one or two; an endless run of them ends here
# What http.client reads of headers; its own limit of 100 is less than some pages have. Chosen, not measured.
http.client._MAXHEADERS = 1_000  # type: ignore[attr-defined]  # typeshed leaves it out


class FinalResponse(HTTPResponse):
    """A response whose interim answers are read past (http.client skips 100 only), and whose chunks are undone.

    http.client knows chunks by the word alone; the sizes of others (`identity, chunked`) would be among the words.
    """

    def begin(self) -> None:
        """Read the head of the answer."""
        super().begin()
        codings = ",".join(self.headers.get_all("Transfer-Encoding", [])).lower().split(",")
        if not self.chunked and "chunked" in map(str.strip, codings):
            self.chunked, self.chunk_left, self.length = True, None, None

    def _read_status(self) -> tuple[str, int, str]:
        """Return version, status and reason of the final answer. Raises HTTPException if none comes."""
        for _ in range(MAX_INTERIM + 1):
            version, status, reason = super()._read_status()  # type: ignore[misc]  # typeshed leaves it out
            if not 100 <= status < 200:
                return version, status, reason
            if status == SWITCHING_PROTOCOLS:
                raise HTTPException("the server switches to a protocol that nobody asked for (101)")
            parse_headers(self.fp)
        raise HTTPException(f"more than {MAX_INTERIM} answers before the answer")
