"""The page of a candidate as it was captured, for screeners and settlers: its text, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words
from graylit.desk.capturing import CandidatePages

MOST_SIGNS = 60_000  # of a text that is shown: chosen, some thirty pages; screening reads the beginning


def describe_text(known: Mapping[str, str]) -> dict[str, object]:
    """Return the paragraphs of a page as `CandidatePages.look` knows it, and whether its end was left out."""
    words = known["words"]
    paragraphs = [part.strip() for part in words[:MOST_SIGNS].split("\n\n") if part.strip()]
    shown = {name: known[name] for name in ("candidate_id", "captured_at", "state", "note")}
    return shown | {"paragraphs": paragraphs, "is_cut": len(words) > MOST_SIGNS}


def list_text_routes(pages: CandidatePages, with_candidate: Callable[[Request], str]) -> list[Route]:
    """Return the routes that show a candidate's page, and have it captured; these decide nothing."""

    async def text(request: Request) -> Response:
        return JSONResponse(describe_text(pages.look(with_candidate(request))))

    async def capture(request: Request) -> Response:
        await read_words(request)
        candidate_id = with_candidate(request)
        pages.ask(candidate_id)
        return JSONResponse(describe_text(pages.look(candidate_id)))

    return [
        Route("/candidates/{candidate_id}/text", text),
        Route("/candidates/{candidate_id}/text", capture, methods=["POST"]),
    ]
