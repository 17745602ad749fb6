"""The board: codes into themes, practices from codes, guidelines of practices, all of it rows and undone by rows."""

import pytest

from applications import get, open_desk, post
from boards import open_author, write_coded
from conftest import read_table
from desks import list_people
from graylit.desk.synthesizing.evidence import cut_words
from graylit.study.checking import read_study
from graylit.tables.faults import describe_faults


@pytest.fixture
def folder(tmp_path):
    return write_coded(tmp_path / "study")


@pytest.fixture
def desk(folder):
    return open_author(folder)


def board_of(desk):
    return get(desk, "synthesize/board")


def decide(desk, kind, **asked):
    return post(desk, "synthesize/board", kind=kind, version=board_of(desk)["version"], **asked)


def take(desk, kind, **asked):
    status, answer = decide(desk, kind, **asked)
    assert status == 200, answer
    assert_no_fault(desk)
    return answer


def refuse(desk, kind, **asked):
    before = board_of(desk)["version"]
    status, answer = decide(desk, kind, **asked)
    assert (status, board_of(desk)["version"]) == (422, before)
    return answer["message"]


def assert_no_fault(desk):
    _, faults = read_study(desk.visit.folder)
    assert faults == [], describe_faults(faults)


def rows_of(desk, name):
    path = desk.visit.folder / f"config/synthesis/{name}.csv"
    return read_table(path) if path.exists() else []


def write_all(desk):
    """Write two themes, two practices and a guideline that merges one of them."""
    take(desk, "save_theme", name="Clean water", code_ids="C01; C04", description="What keeps it clean", reason="why")
    take(desk, "save_theme", name="Too much", code_ids="C02")
    take(desk, "save_practice", name="Sieve", statement="Put a sieve on top.", code_ids="C01")
    take(desk, "save_practice", name="Paint", statement="Paint the barrel.", code_ids="C02")
    cells = {"name": "Cover the inlet", "statement": "Put a mesh over the inlet.", "intent": "Keep leaves out."}
    return take(desk, "save_guideline", theme_id="T01", code_ids="C01", practice_ids="P01", **cells, reason="core")


def test_codes_are_shown_with_what_they_rest_on(desk):
    codes = {one["code_id"]: one for one in board_of(desk)["codes"]}
    assert list(codes) == ["C01", "C02", "C04"]
    counted = {key: [one[name] for name in ("n_codings", "n_sources", "n_publishers")] for key, one in codes.items()}
    assert counted == {"C01": [3, 2, 2], "C02": [1, 1, 1], "C04": [1, 1, 1]}


def test_every_step_is_a_row_by_its_author_and_the_check_finds_no_fault(desk):
    answer = write_all(desk)
    assert [row["theme_id"] for row in rows_of(desk, "themes")] == ["T01", "T02"]
    assert {row["decided_by"] for row in rows_of(desk, "themes")} == {"Ana"}
    states = {one["practice_id"]: (one["state"], one["guideline_id"]) for one in answer["board"]["practices"]}
    assert states == {"P01": ("merged", "G01"), "P02": ("open", "")}
    (guideline,) = answer["board"]["guidelines"]
    assert (guideline["n_codings"], guideline["n_publishers"], guideline["has_floor"]) == (3, 2, True)
    assert rows_of(desk, "guidelines")[0]["intent"] == "Keep leaves out."


def test_a_code_moves_between_themes_and_an_empty_theme_is_withdrawn(desk):
    write_all(desk)
    answer = take(desk, "move_codes", theme_id="T02", code_ids="C04")
    assert {one["theme_id"]: one["code_ids"] for one in answer["board"]["themes"]} == {
        "T01": ["C01"],
        "T02": ["C02", "C04"],
    }
    answer = take(desk, "move_codes", theme_id="T01", code_ids="C02; C04")
    assert [one["theme_id"] for one in answer["board"]["themes"]] == ["T01"]
    assert rows_of(desk, "themes")[-1]["status"] in ("", "withdrawn")
    answer = take(desk, "undo")
    assert {one["theme_id"]: one["code_ids"] for one in answer["board"]["themes"]} == {
        "T01": ["C01"],
        "T02": ["C02", "C04"],
    }
    assert "Nothing was changed" in refuse(desk, "move_codes", theme_id="T01", code_ids="C01")


def test_what_a_guideline_rests_on_is_not_taken_away(desk):
    write_all(desk)
    assert "C01 is not a code of theme T01" in refuse(desk, "move_codes", theme_id="T02", code_ids="C01")
    assert "G01 comes from this theme" in refuse(desk, "withdraw_theme", theme_id="T01")
    assert "C02 is not a code of theme T01" in refuse(
        desk, "save_guideline", guideline_id="G01", name="x", statement="x", theme_id="T01", code_ids="C02"
    )


def test_practices_are_merged_dropped_with_a_reason_and_opened_again(desk):
    write_all(desk)
    assert "Say why" in refuse(desk, "drop_practices", practice_ids="P02", reason=" ")
    take(desk, "drop_practices", practice_ids="P02", reason="Nothing to do with water")
    assert rows_of(desk, "practices")[-1]["reason"] == "Nothing to do with water"
    answer = take(desk, "merge_practices", practice_ids="P01; P02", guideline_id="G01", reason="the same")
    assert {one["state"] for one in answer["board"]["practices"]} == {"merged"}
    answer = take(desk, "reopen_practices", practice_ids="P02")
    assert [one["state"] for one in answer["board"]["practices"]] == ["merged", "open"]


def test_a_withdrawn_guideline_ends_its_relations_and_opens_its_practices(desk):
    write_all(desk)
    take(desk, "save_guideline", name="Lead it away", statement="Away.", theme_id="T02", code_ids="C02")
    answer = take(desk, "relate", guideline_id="G01", other_guideline_id="G02", relation="needs", reason="full barrels")
    first, second = answer["board"]["guidelines"]
    assert first["relations"] == [["needs", "G02", "full barrels"]]
    assert second["relations"] == [["is needed by", "G01", "full barrels"]]
    take(desk, "relate", guideline_id="G01", other_guideline_id="G02", relation="conflicts")
    answer = take(desk, "withdraw_guideline", guideline_id="G01", reason="said elsewhere")
    assert [one["guideline_id"] for one in answer["board"]["guidelines"]] == ["G02"]
    assert [one["state"] for one in answer["board"]["practices"]] == ["open", "open"]
    assert [row["status"] for row in rows_of(desk, "relations")] == ["", "", "withdrawn"]
    answer = take(desk, "undo")
    assert answer["board"]["guidelines"][0]["relations"] == [["conflicts with", "G02", ""]]
    assert answer["board"]["practices"][0]["state"] == "merged"


@pytest.mark.parametrize(
    ("table", "content"),
    [
        ("claims", "claim_id,guideline_id,wording\nL01,G01,A mesh keeps leaves out.\n"),
        ("categories", "category_id,name,guideline_ids\nL01,Inlet,G01\n"),
        ("impacts", "impact_id,guideline_id,component,quality_attribute,effect,decision,coding_ids\n"
         "L01,G01,inlet,safety,strained,Which,A-1\n"),
    ],
)  # fmt: skip
def test_a_guideline_on_which_something_rests_is_not_withdrawn(desk, table, content):
    write_all(desk)
    (desk.visit.folder / f"config/synthesis/{table}.csv").write_text(content, encoding="utf-8")
    assert f"rests on G01 first ({table}): L01" in refuse(desk, "withdraw_guideline", guideline_id="G01", reason="x")


def test_everything_can_be_undone_by_rows_in_the_reverse_order(desk):
    write_all(desk)
    take(desk, "save_theme", theme_id="T02", name="Far too much", code_ids="C02")
    n_rows = [len(rows_of(desk, name)) for name in ("themes", "practices", "guidelines")]
    for _ in range(6):
        answer = take(desk, "undo")
    shown = answer["board"]
    assert [shown[name] for name in ("themes", "practices", "guidelines", "can_undo")] == [[], [], [], False]
    assert n_rows < [len(rows_of(desk, name)) for name in ("themes", "practices", "guidelines")]
    assert "Nothing was decided here" in refuse(desk, "undo")


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("save_theme", {"name": "x"}, "mark those that belong to it"),
        ("save_theme", {"name": "", "code_ids": "C01"}, "name is empty"),
        ("save_theme", {"name": "x", "code_ids": "C09"}, "C09 is not in codebook.csv"),
        ("save_theme", {"theme_id": "T9", "name": "x", "code_ids": "C01"}, "no theme 'T9'"),
        ("save_theme", {"name": "x", "code_ids": "C01, C02"}, "is not valid"),
        ("save_practice", {"name": "x", "statement": "x"}, "mark them first"),
        ("merge_practices", {"practice_ids": "P1", "guideline_id": "G1"}, "no guideline 'G1'"),
        ("save_guideline", {"name": "x", "statement": "x", "theme_id": "T1", "code_ids": "C01"}, "no theme 'T1'"),
        ("relate", {"guideline_id": "G1", "other_guideline_id": "G1", "relation": "needs"}, "no guideline 'G1'"),
        ("write", {}, "no decision"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(desk, kind, asked, said):
    assert said in refuse(desk, kind, **asked)
    assert rows_of(desk, "themes") == []


def test_formulas_are_kept_from_running(desk):
    take(desk, "save_theme", name="=1+1", code_ids="C01")
    assert rows_of(desk, "themes")[0]["name"] == "'=1+1"


def test_two_desks_do_not_overwrite_one_another(desk, folder):
    seen, other = board_of(desk)["version"], open_author(folder)
    take(other, "save_theme", name="Theirs", code_ids="C01")
    asked = {"kind": "save_theme", "name": "Ours", "code_ids": "C02"}
    assert post(desk, "synthesize/board", version=seen, **asked)[0] == 409
    take(desk, "save_theme", name="Ours", code_ids="C02")
    assert [(row["theme_id"], row["name"]) for row in rows_of(desk, "themes")] == [("T01", "Theirs"), ("T02", "Ours")]


def test_two_authors_on_two_machines_give_no_id_twice(folder, tmp_path):
    list_people(folder, A="coder", B="coder", Ana="synthesizer", Bo="synthesizer")
    ana, bo = open_author(folder), open_desk(folder, "Bo")
    take(ana, "save_theme", name="Hers", code_ids="C01")
    take(bo, "save_theme", name="His", code_ids="C02")
    take(bo, "save_theme", name="More", code_ids="C04")
    list_people(folder, A="coder", B="coder", Ana="synthesizer", Bo="screener")
    take(ana, "save_theme", name="Alone again", code_ids="C01; C02")
    assert [row["theme_id"] for row in rows_of(ana, "themes") if not row["status"]] == [
        "T-Ana-01", "T-Bo-01", "T-Bo-02", "T01",
    ]  # fmt: skip


def test_rows_of_one_second_keep_their_order(folder):
    desk = open_author(folder)
    times = iter(["2026-03-01T10:00:00Z"] * 4 + ["2026-03-01T10:00:01Z"] * 9)
    object.__setattr__(desk.visit, "read_clock", lambda: next(times))
    take(desk, "save_theme", name="One", code_ids="C01")
    take(desk, "save_theme", theme_id="T01", name="Two", code_ids="C01")
    assert [row["decided_at"][-3:] for row in rows_of(desk, "themes")] == ["00Z", "01Z"]


def open_place(desk, code_ids, place):
    status, answer = post(desk, "synthesize/places", code_ids=code_ids, place_id=place)
    assert status == 200, answer
    return answer


def test_places_have_no_words_before_they_are_opened_and_opening_is_noted(desk):
    write_all(desk)
    (first, second) = get(desk, "synthesize/places?code_ids=C01")["places"]
    assert (first["title"], len(first["codings"]), first["is_opened"]) == ("Choosing a barrel", 2, False)
    assert "words" not in first
    shown = open_place(desk, "C01", first["place_id"])
    marked = [part["words"] for part in shown["parts"] if part["coding_ids"]]
    assert marked == ["A mesh over the inlet", "a second mesh keeps gnats out"]
    assert "oak holds two hundred litres" in shown["before"]
    assert shown["headings"] == ["Choosing a barrel"]
    assert shown["codings"][0]["memo"] == "note on A-1"
    open_place(desk, "C01", first["place_id"])
    assert [(row["opened_by"], row["coding_id"]) for row in rows_of(desk, "places_read")] == [
        ("Ana", "A-1"),
        ("Ana", "B-1"),
    ]
    assert [one["is_opened"] for one in get(desk, "synthesize/places?code_ids=C01")["places"]] == [True, False]
    assert_no_fault(desk)


def test_what_was_opened_before_writing_is_counted(desk):
    take(desk, "save_theme", name="Clean", code_ids="C01; C04")
    (first, second) = get(desk, "synthesize/places?code_ids=C01")["places"]
    open_place(desk, "C01", first["place_id"])
    answer = take(desk, "save_practice", name="Sieve", statement="Put one on top.", code_ids="C01")
    open_place(desk, "C01", second["place_id"])
    assert [(one["n_opened"], one["n_codings"]) for one in answer["board"]["practices"]] == [(2, 3)]
    assert board_of(desk)["practices"][0]["n_opened"] == 2
    take(desk, "save_practice", practice_id="P01", name="Sieve", statement="Put one over the inlet.", code_ids="C01")
    assert board_of(desk)["practices"][0]["n_opened"] == 3


def test_a_coding_of_a_whole_source_has_a_place_without_words(desk):
    (place,) = get(desk, "synthesize/places?code_ids=C04")["places"]
    assert place["place_id"] == "S002"
    assert open_place(desk, "C04", "S002")["lack"] == "the codings are of the whole source"
    assert post(desk, "synthesize/places", code_ids="C02", place_id="S002")[0] == 422


def test_words_are_cut_where_codings_begin_and_end():
    rows = [{"coding_id": key, "start": str(low), "end": str(high)} for key, low, high in (("a", 0, 4), ("b", 2, 9))]
    parts = cut_words("0123456789", (1, 8), rows)
    assert [(part["words"], part["coding_ids"]) for part in parts] == [
        ("1", ["a"]),
        ("23", ["a", "b"]),
        ("4567", ["b"]),
    ]


def test_a_coder_who_writes_sees_no_coding_of_others_before_being_through(folder):
    list_people(folder, A="coder; synthesizer", B="coder")
    desk = open_desk(folder, "A")
    (left,) = [task for task in get(desk, "left")["tasks"] if task["name"] == "synthesize"]
    assert left["waits_for"].startswith("opens as soon as")
    for path in ("board", "places?code_ids=C01"):
        with pytest.raises(AssertionError, match="Coding still goes on"):
            get(desk, f"synthesize/{path}")
    assert post(desk, "synthesize/places", code_ids="C01", place_id="S002")[0] == 422
    passes = folder / "config/coding/passes.csv"
    done = "".join(f"{coder},1,{source_id},2026-01-05\n" for coder in "AB" for source_id in ("S001", "S002"))
    passes.write_text("coder,round,source_id,finished_at\n" + done)
    assert board_of(desk)["codes"][0]["n_codings"] == 3


def test_the_board_is_the_authors_and_who_only_looks_notes_nothing(folder):
    assert "synthesize" not in [task["name"] for task in get(open_desk(folder, "B"), "left")["tasks"]]
    desk = open_desk(folder, "", is_read_only=True)
    assert board_of(desk)["is_read_only"]
    assert get(desk, "synthesize/words?code_ids=C04&place_id=S002")["codings"][0]["coding_id"] == "B-2"
    assert rows_of(desk, "places_read") == []
    with pytest.raises(AssertionError, match="is noted"):
        get(open_author(folder), "synthesize/words?code_ids=C04&place_id=S002")


def test_what_is_left_is_codes_without_theme_and_open_practices(desk):
    def left():
        (task,) = [one for one in get(desk, "left")["tasks"] if one["name"] == "synthesize"]
        return task["n_left"], task["n_done"]

    assert left() == (3, 0)
    write_all(desk)
    assert left() == (1, 4)
    take(desk, "drop_practices", practice_ids="P02", reason="no")
    assert left() == (0, 5)


def test_readings_of_claims_are_shown_for_and_against(desk, folder):
    write_all(desk)
    synthesis = folder / "config/synthesis"
    (synthesis / "claims.csv").write_text("claim_id,guideline_id,wording\nL01,G01,A mesh keeps leaves out.\n")
    (synthesis / "claim_readings.csv").write_text(
        "reading_id,claim_id,coding_id,reader,reading\nR1,L01,A-1,Cy,supports\nR2,L01,A-3,Cy,against\n"
    )
    list_people(folder, A="coder", B="coder", Ana="synthesizer", Cy="reader")
    first, second = get(desk, "synthesize/places?code_ids=C01&guideline_id=G01")["places"]
    assert (first["stands"], second["stands"]) == (["supports"], ["against"])
    (claim,) = board_of(desk)["guidelines"][0]["claims"]
    assert claim["readings"] == {"supports": 1, "against": 1}
    list_people(folder, A="coder", B="coder", Ana="synthesizer; reader", Cy="reader")
    assert board_of(open_author(folder))["guidelines"][0]["claims"] == [
        {"claim_id": "L01", "wording": "A mesh keeps leaves out.", "readings": {}}
    ]
