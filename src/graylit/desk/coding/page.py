"""The page in which one coder reads the sources and gives codes: what it shows, and its routes."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.coding.desk import Desk
from graylit.desk.coding.new_codes import make_code, may_make_codes
from graylit.desk.coding.own_codings import View
from graylit.desk.coding.shelf import Shelf
from graylit.desk.tasks import DecisionError
from graylit.pages.templates import web_address
from graylit.preparation.post_places import describe_post
from graylit.tables.locating import LOST
from graylit.tables.rows import Cells

FILES = {"": "code.html", "code.js": "code.js", "code.css": "code.css"}


def describe_study(desk: Desk) -> dict:
    """Return what the page shows of the study: its codes, and its sources with the coder's progress."""
    return {
        "title": desk.title,
        "coder": desk.coder,
        "round": desk.own.round,
        "has_texts": desk.shelf.has_texts,
        **describe_codes(desk),
        "sources": [describe_progress(desk, source_id) for source_id in desk.shelf.sources],
    }


def describe_codes(desk: Desk) -> dict:
    """Return the codes in use that the coder sees, and whether the coder may make others."""
    shown = ("code_id", "name", "definition", "include_when", "exclude_when")
    active = [row for row in desk.codes.in_force().values() if row["status"] == "active"]
    codes = [{name: row[name] for name in shown} for row in active]
    return {"codes": codes, "can_make_codes": may_make_codes(desk), "codebook_version": desk.codes.tell_version()}


def describe_progress(desk: Desk, source_id: str) -> dict:
    """Return how far the coder is with a source, and why it cannot be read if its text is not at hand."""
    view, row = desk.own.look_at(source_id), desk.shelf.sources[source_id]
    segments = desk.shelf.segments_of(source_id)
    return {
        **{name: row[name] for name in ("source_id", "title", "publisher", "source_type", "published")},
        "lack": desk.shelf.explain_lack(source_id),
        "n_segments": len(segments),
        "n_decided": len(segments) if view.is_finished else len(view.decided),
        "n_codings": len(view.codings),
        "is_finished": view.is_finished,
    }


def describe_source(desk: Desk, source_id: str) -> dict:
    """Return a source as the page shows it: its address, its segments with their words, the coder's decisions."""
    return {
        "url": web_address(desk.shelf.sources[source_id]["url"]),
        "segments": describe_segments(desk.shelf, source_id),
        "decisions": describe_decisions(desk, source_id),
    }


def describe_segments(shelf: Shelf, source_id: str) -> list[dict]:
    """Return the segments of a source with their words and headings; none if its text is not at hand."""
    text = shelf.text_of(source_id)
    if text is None:
        return []
    shelf.require_fresh(source_id, text)
    headings = shelf.headings_of(source_id, text)
    return [describe_segment(row, text, headings[row["segment_id"]]) for row in shelf.segments_of(source_id)]


def describe_segment(row: Cells, text: str, headings: tuple[str, ...]) -> dict:
    """Return a segment with its words and the headings above it, outermost first."""
    start, end = int(row["start"]), int(row["end"])
    shown = {"segment_id": row["segment_id"], "kind": row["kind"], "headings": list(headings)}
    shown["post"] = describe_post(row)
    return shown | {"start": start, "end": end, "words": text[start:end]}


def describe_decisions(desk: Desk, source_id: str) -> dict:
    """Return the coder's decisions on a source; the page sends `version` back with the next decision."""
    view = desk.own.look_at(source_id)
    can_undo, can_redo = desk.can_undo(source_id)
    return {
        "version": view.version,
        "round": view.round,
        "codings": [describe_coding(row, view, desk) for row in view.codings],
        "left": sorted(view.left),
        "used": view.used,
        "can_undo": can_undo,
        "can_redo": can_redo,
        "progress": describe_progress(desk, source_id),
    }


def describe_coding(row: Cells, view: View, desk: Desk) -> dict:
    """Return a coding with its place now; `lost` says why it has none."""
    place = view.places[row["coding_id"]]
    code = desk.codes.in_force().get(row["code_id"], {})
    return {
        **{name: row[name] for name in ("coding_id", "code_id", "memo", "confidence")},
        "name": code.get("name", ""),
        "is_retired": code.get("status") != "active",
        "segment_id": view.segment_of.get(row["coding_id"], ""),
        "start": place.start,
        "end": place.end,
        "lost": place.note if place.method in LOST else "",
    }


def describe_suggestions(desk: Desk, source_id: str, segment_id: str, is_asked: bool) -> dict:
    """Return the model's suggestions for a segment, hidden until the coder has decided on it or asks for them."""
    view = desk.own.look_at(source_id)
    if not (is_asked or segment_id in view.decided or view.is_finished):
        return {"hidden": True, "codes": []}
    rows = desk.shelf.suggestions_of(segment_id)
    codes = [{"code_id": row["code_id"], "score": round(float(row["score"]), 2)} for row in rows]
    return {"hidden": False, "codes": codes}


def list_routes(desk: Desk, is_ended: Callable[[], bool]) -> list[Route]:
    """Return the routes of the page, of its files, and of its questions and decisions.

    `is_ended` says whether the coder settles as well and may have seen what others gave: what is finished stays then.
    """

    def with_source(request: Request) -> str:
        source_id = request.path_params["source_id"]
        if source_id not in desk.shelf.sources:
            raise DecisionError(f"There is no source {source_id!r} in this study.")
        return source_id

    async def study(request: Request) -> Response:
        return JSONResponse(describe_study(desk))

    async def source(request: Request) -> Response:
        return JSONResponse(describe_source(desk, with_source(request)))

    async def decide(request: Request) -> Response:
        source_id, asked = with_source(request), await read_words(request)
        # From here to the answer nothing else runs: decisions are taken one after another.
        if desk.own.look_at(source_id).is_finished and is_ended():
            raise DecisionError("You settle codings, and all coders are through: settle, or code another round.")
        segment_id = desk.decide(source_id, asked.get("version", ""), asked)
        return JSONResponse({"segment_id": segment_id, "decisions": describe_decisions(desk, source_id)})

    async def codes(request: Request) -> Response:
        return JSONResponse(describe_codes(desk))

    async def make(request: Request) -> Response:
        asked = await read_words(request)
        code_id = make_code(desk, asked)
        return JSONResponse({"code_id": code_id} | describe_codes(desk))

    async def suggestions(request: Request) -> Response:
        is_asked = request.query_params.get("asked") == "yes"
        segment_id = request.query_params.get("segment_id", "")
        return JSONResponse(describe_suggestions(desk, with_source(request), segment_id, is_asked))

    async def search(request: Request) -> Response:
        hits, is_cut = await run_in_threadpool(desk.shelf.find_words, request.query_params.get("words", ""))
        return JSONResponse({"hits": hits, "is_cut": is_cut})

    return [
        *route_files(FILES),
        Route("/study", study),
        Route("/search", search),
        Route("/codes", codes),
        Route("/codes", make, methods=["POST"]),
        Route("/sources/{source_id}", source),
        Route("/sources/{source_id}", decide, methods=["POST"]),
        Route("/sources/{source_id}/suggestions", suggestions),
    ]
