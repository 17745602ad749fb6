"""The audit pages: places and their words, tables of any length, the log, and pages whose links all lead somewhere."""

import contextlib
import http.client
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from conftest import REPOSITORY
from graylit.audit.codings import LONG_TEXT, cut_runs, describe_places, describe_segments, mark_run, name_top_terms
from graylit.audit.decision_log import list_decisions
from graylit.audit.tables import MAX_BYTES, describe_columns, split_file
from graylit.pages.templates import make_environment, point_to_words, show_controls, web_address
from graylit.tables.contracts import Column
from graylit.tables.store import Store
from running import list_graylit

URL = "https://example.org/roofs?page=2#top"


def code(coding_id, start, end, code_id="C1", coder="A", **more):
    """Return a coding as the pages describe it."""
    row = {"coding_id": coding_id, "start": start, "end": end, "code_id": code_id, "coder": coder, "hue": 2}
    defaults = {"source_id": "S1", "segment_id": "S1-1", "publisher": "P", "source_type": "blog", "is_in_force": True}
    return defaults | {"method": "same_place"} | row | more


# Words and addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\x00", "\x85", "\U000e0041"])
def test_characters_that_turn_or_hide_are_spelled_out(mark):
    assert show_controls(f"a{mark}b") == f"a⟨U+{ord(mark):04X}⟩b"


@pytest.mark.parametrize("words", ["línea", "שלום", "a\tb\nc", "👩‍🌾"])
def test_other_characters_stay(words):
    assert show_controls(words) == words


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//example.org", ""]
)
def test_an_address_that_acts_is_not_followed(url):
    assert web_address(url) == ""


def test_marks_in_an_address_are_encoded():
    assert web_address('https://example.org/"><b>\u202e') == "https://example.org/%22%3E%3Cb%3E%E2%80%AE"


def test_a_short_quote_is_pointed_to_as_a_whole():
    address = point_to_words(URL, "Straps hold well-made hives, always")
    assert address == "https://example.org/roofs?page=2#:~:text=Straps%20hold%20well%2Dmade%20hives%2C%20always"


def test_a_long_quote_is_pointed_to_by_its_ends_without_the_marks_of_lists():
    address = point_to_words(URL, "- one two three four five six\n- seven eight nine ten eleven twelve\n")
    assert unquote(address.partition("#:~:text=")[2]) == "one two three four five,eight nine ten eleven twelve"


def test_a_long_quote_without_spaces_is_pointed_to_by_its_ends():
    address = point_to_words(URL, "我们在生产环境里持续监测模型，再把它部署到集群。")
    assert unquote(address.partition("#:~:text=")[2]) == "我们在生产环境里,它部署到集群。"


def test_nothing_is_pointed_to_in_an_address_that_acts():
    assert point_to_words("javascript:alert(1)", "words") == ""


def test_values_of_a_template_are_escaped_and_controls_spelled_out(tmp_path):
    (tmp_path / "page.html").write_text("<b title='{{ words }}'>{{ words }}</b>", encoding="utf-8")
    shown = make_environment(tmp_path).get_template("page.html").render(words="<i>'{{ x }}\u202e")
    assert shown == "<b title='&lt;i&gt;&#39;{{ x }}⟨U+202E⟩'>&lt;i&gt;&#39;{{ x }}⟨U+202E⟩</b>"


# Places ---------------------------------------------------------------------------------------------------------


def test_overlapping_codings_cut_a_text_into_runs():
    runs = [
        (left, right, [coding["coding_id"] for coding in of_run])
        for left, right, of_run in cut_runs(0, 10, [code("A1", 2, 6), code("A2", 4, 12)])
    ]
    assert runs == [(0, 2, []), (2, 4, ["A1"]), (4, 6, ["A1", "A2"]), (6, 10, ["A2"])]


def test_a_run_is_shared_where_two_coders_gave_one_code():
    same = mark_run([code("A1", 0, 4), code("B1", 0, 4, coder="B")])
    other = mark_run([code("A1", 0, 4), code("B1", 0, 4, code_id="C2", coder="B")])
    assert (same["is_shared"], other["is_shared"]) == (True, False)
    assert same["ids"] == "A1 B1"


SEGMENT = {"segment_id": "S1-1", "source_id": "S1", "kind": "paragraph", "start": "6", "end": "17", "n_words": "2"} | {
    "post": "",
    "post_role": "",
}
TEXT = "# Bees Straps hold.\n"


def test_a_segment_shows_its_words_with_what_is_coded():
    shown = describe_segments([SEGMENT], [code("A1", 7, 13)], TEXT, {}, url=URL, title="Bees")[0]
    assert [(run["words"], run["ids"]) for run in shown["runs"]] == [(" ", ""), ("Straps", "A1"), (" hol", "")]
    assert shown["live"].endswith("#:~:text=Straps%20hol")


def test_a_segment_without_words_at_hand_shows_its_terms_and_codings():
    terms = {"S1-1": name_top_terms("ballast:1 bees:3 strap:3")}
    shown = describe_segments([SEGMENT], [code("A1", 7, 13)], None, terms, url=URL, title="Bees")[0]
    assert (shown["runs"], shown["terms"], shown["live"]) == ([], "bees, strap, ballast", "")
    assert [coding["coding_id"] for coding in shown["codings"]] == ["A1"]


def test_a_segment_is_headed_by_what_changed_since_the_one_before_and_never_by_the_title():
    text = "# Bees\n\nOne.\n\n## Roofs\n\nTwo.\n\nThree.\n\n### Flat\n\nFour.\n"
    starts = [text.index(words) for words in ("One", "Two", "Three", "Four")]
    segments = [SEGMENT | {"segment_id": f"S1-{n}", "start": str(n), "end": str(n + 3)} for n in starts]
    shown = describe_segments(segments, [], text, {}, url=URL, title="BEES!")
    assert [segment["heading"] for segment in shown] == ["", "Roofs", "", "Roofs › Flat"]


def test_of_a_long_text_only_coded_segments_show_their_words():
    text, other = TEXT + "x" * LONG_TEXT, SEGMENT | {"segment_id": "S1-2", "start": "19", "end": "90"}
    shown = describe_segments([SEGMENT, other], [code("A1", 7, 13)], text, {}, url=URL, title="Bees")
    assert [bool(segment["runs"]) for segment in shown] == [True, False]


def test_coders_meet_at_one_place():
    codings = [code("A1", 7, 13), code("B1", 7, 18, coder="B"), code("A2", None, None, segment_id="", source_id="S2")]
    places = describe_places(codings, {"S1": TEXT}, {"S1": URL}, {})
    assert [[coding["coding_id"] for coding in place["codings"]] for place in places] == [["A1", "B1"], ["A2"]]
    assert [place["words"] for place in places] == ["Straps hold", ""]


def test_a_page_of_many_places_shows_less_of_each():
    text = "word " * 400
    many = [code(f"A{n}", 0, 1500, segment_id=f"S1-{n}") for n in range(1000)]
    few = describe_places(many[:2], {"S1": text}, {}, {})
    places = describe_places(many, {"S1": text}, {}, {})
    assert len(few[0]["words"]) > len(places[0]["words"]) >= 110
    assert sum(len(place["words"]) for place in places) < MAX_BYTES / 2


# Tables and the log ---------------------------------------------------------------------------------------------


def read_rows(script):
    """Return the rows that a file of a table's page hands to the page."""
    call, _, rows = script.partition("(")
    return call, json.loads(rows.removesuffix(");\n"))


def test_rows_are_split_into_files_below_the_limit():
    rows = [[f"A-{n}", "x" * 1000] for n in range(2000)]
    files = list(split_file("graylit.addRows", rows))
    assert len(files) == 3
    assert max(map(len, files)) < 1_000_000
    assert [row for file in files for row in read_rows(file)[1]] == rows


def test_a_file_of_rows_holds_no_markup_and_no_line_that_a_script_would_read():
    (file,) = split_file("graylit.addRows", [["</script>\u2028\u202e'); fired('row')"]])
    assert file.isascii()
    assert read_rows(file) == ("graylit.addRows", [["</script>\u2028\u202e'); fired('row')"]])


def test_columns_of_few_values_are_filtered_by_choice():
    columns = [Column("code_id", "id", "the code"), Column("coding_id", "id", "id"), Column("round", "count", "round")]
    rows = [{"code_id": f"C{n % 3}", "coding_id": f"A-{n}", "round": str(n % 11)} for n in range(99)]
    described = describe_columns(columns, rows, {"C1": "lid"})
    assert [column["choices"][:2] for column in described] == [[["C0", ""], ["C1", "lid"]], [], [["0", ""], ["1", ""]]]
    assert described[2]["choices"][-1] == ["10", ""]


def test_the_log_has_decisions_by_date_and_says_what_changed():
    blank = {"definition": "", "status": "active", "replaced_by": "", "reason": "", "decided_by": "A"}
    codebook = [
        blank | {"code_id": "C1", "name": "lid", "decided_at": "2026-03-02"},
        blank | {"code_id": "C1", "name": "cover", "decided_at": "2026-03-05"},
        blank
        | {"code_id": "C1", "name": "cover", "decided_at": "2026-03-09", "status": "retired"}
        | {"replaced_by": "C2"},
    ]
    item = {"source_id": "S1", "appraiser": "A", "note": "", "appraised_at": ""}
    quality = [item | {"item": "Q01", "score": "1"}, item | {"item": "Q02", "score": "0", "note": "no author"}]
    store = Store()
    tables = {
        name: store.add(name, list(rows[0]), rows) for name, rows in (("codebook", codebook), ("quality", quality))
    }
    lines = list(list_decisions(tables))
    log = list(store.add("log", list(lines[0]), lines).sort("when"))
    assert [(line["when"], line["decision"], line["page"]) for line in log] == [
        ("2026-03-02", "first worded: lid", "codes/C1.html#history"),
        ("2026-03-05", "changed name: cover", "codes/C1.html#history"),
        ("2026-03-09", "retired, replaced by C2: cover", "codes/C1.html#history"),
        ("", "Q01 1, Q02 0", "sources/S1.html#appraisal"),
    ]
    assert log[-1]["reason"] == "Q02: no author"


# The pages of the mini study ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(built):
    folder = built / "results/audit"
    return {path: BeautifulSoup(path.read_text(encoding="utf-8"), "lxml") for path in sorted(folder.rglob("*.html"))}


@pytest.fixture(scope="module")
def rows(built):
    """Return the rows of each table's page."""
    found = {}
    for path in sorted((built / "results/audit/tables").glob("*.js")):
        found.setdefault(path.stem.rpartition("-")[0], []).extend(read_rows(path.read_text(encoding="utf-8"))[1])
    return found


def test_every_decision_and_every_source_has_its_page(pages, built):
    names = {path.relative_to(built / "results/audit").as_posix() for path in pages}
    single = {f"sources/S{n:03d}.html" for n in range(1, 11)} | {f"guidelines/G0{n}.html" for n in range(1, 6)}
    assert single | {"index.html", "codes/C01.html", "screening.html", "search.html", "tables/log.html"} <= names


def test_links_of_the_audit_pages_lead_to_pages_and_rows_that_are_there(pages, rows):
    ids = {path: {element["id"] for element in page.find_all(id=True)} for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            target, _, mark = link["href"].partition("#")
            if re.match(r"https?:", target):
                continue
            aim = (path.parent / target.partition("?")[0]).resolve() if target else path
            listed = {row[0] for row in rows.get(aim.stem, [])} | {row[3] for row in rows["log"]}
            known = ids.get(aim, set()) | (listed if aim.parent.name == "tables" else set())
            if not aim.is_file() or (mark and mark not in known):
                broken.append((path.name, link["href"]))
    assert broken == []


def test_ids_of_a_page_stand_once(pages):
    for path, page in pages.items():
        ids = [element["id"] for element in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), path


def test_no_page_holds_a_script_or_style_of_its_own(pages):
    for path, page in pages.items():
        assert [script for script in page.find_all("script") if not script.get("src")] == [], path
        assert page.find_all("style") == page.find_all(style=True) == [], path


def test_a_guideline_shows_the_words_it_rests_on(pages, built):
    page = pages[built / "results/audit/guidelines/G01.html"]
    text = (built / "data/processed/texts/S001.txt").read_text(encoding="utf-8")
    assert text[461:539] in page.get_text()
    assert {coding["data-coder"] for coding in page.find_all(class_="coding")} == {"A", "B"}


def test_a_source_marks_its_coded_words(pages, built):
    page = pages[built / "results/audit/sources/S001.html"]
    text = (built / "data/processed/texts/S001.txt").read_text(encoding="utf-8")
    marked = {mark["data-codings"]: mark.get_text() for mark in page.find_all("mark", attrs={"data-codings": True})}
    assert text[697:778] in "".join(marked.values())
    assert page.find(id="A-0001")["data-code"] == "C01"


def test_a_source_shows_the_headings_of_its_text(pages, built):
    page = pages[built / "results/audit/sources/S001.html"]
    text = (built / "data/processed/texts/S001.txt").read_text(encoding="utf-8")
    shown = [heading.get_text() for heading in page.find_all(class_="within")]
    written = [line.lstrip("# ") for line in text.splitlines() if line.startswith("##")]
    assert [heading.rpartition(" › ")[2] for heading in shown] == written != []


def test_a_source_without_words_says_how_to_get_them(pages, built):
    words = pages[built / "results/audit/sources/S010.html"].get_text()
    assert "The words of this source are not at hand here" in words
    assert "graylit collect --all" in words


def test_pages_that_show_words_of_others_say_for_whom_they_are(pages):
    assert all("for the reviewers’ own use" in page.footer.get_text() for page in pages.values())


def test_every_row_of_a_table_is_on_its_page(rows, built):
    made = (built / "data/processed/evidence.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows["evidence"]) == len(made) - 1
    assert len(rows["codings"]) == 33


def serve_pages(folder: Path, port: int = 0) -> subprocess.Popen[str]:
    command = list_graylit("-C", folder, "open", "audit", "--no-show", "--port", port)
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def address(built):
    """Return the port at which the audit pages are served, and the token before their paths."""
    with serve_pages(built) as server:
        found = re.search(r":(\d+)(/[\w-]{20,})/audit/index.html", server.stdout.readline())
        yield int(found[1]), found[2]
        server.terminate()
        server.communicate()


def ask(port: int, path: str, host: str = "127.0.0.1", **more: str) -> tuple[int, str, dict[str, str]]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path, headers={"Host": host} | more)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8"), dict(answer.getheaders())


def test_the_served_pages_are_those_of_the_folder(address, built):
    port, token = address
    for path in ("audit/index.html", "report.html"):
        assert ask(port, f"{token}/{path}")[:2] == (200, (built / "results" / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", ["/../config/config.yaml", "/%2e%2e/config/config.yaml", "//etc/passwd"])
def test_nothing_outside_the_results_is_served(address, path):
    port, token = address
    assert ask(port, f"{token}{path}")[0] == ask(port, path)[0] == 404


@pytest.mark.parametrize("path", ["/audit/index.html", "/audit/search/words-1.js", "/wrong/audit/index.html"])
def test_without_the_token_no_page_of_another_site_reads_them(address, path):
    assert ask(address[0], path)[0] == 404


def test_no_other_site_may_take_a_served_page_for_its_own(address):
    headers = ask(address[0], f"{address[1]}/audit/index.html")[2]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_a_name_that_another_site_points_here_is_refused(address):
    port, token = address
    assert ask(port, f"{token}/audit/index.html", host="rebound.example")[0] == 400


@pytest.mark.parametrize("origin", ["null", "http://other.example", "http://127.0.0.1:1"])
def test_a_page_of_another_site_reads_nothing_though_it_knows_the_address(address, origin):
    port, token = address
    assert ask(port, f"{token}/audit/index.html", Origin=origin)[0] == 403


def test_a_page_of_this_very_server_reads_the_others(address):
    port, token = address
    own = f"127.0.0.1:{port}"
    assert ask(port, f"{token}/audit/index.html", host=own, Origin=f"http://{own}")[0] == 200


def test_a_taken_port_is_named(address, built):
    port = address[0]
    server = serve_pages(built, port)
    said = server.communicate(timeout=60)[1]
    assert server.returncode and re.search(rf"--port.*{port}.*cannot be used", said, re.DOTALL)


def test_where_nothing_was_reviewed_no_page_is_served(mini):
    server = serve_pages(mini)
    assert "run `graylit -C" in server.communicate(timeout=60)[1]


def test_the_manual_names_the_command_for_the_audit_pages():
    assert "graylit open audit" in (REPOSITORY / "config/README.md").read_text(encoding="utf-8")
