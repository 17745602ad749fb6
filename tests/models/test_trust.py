"""How far a model can be trusted for a code: its agreement with people on a weighted sample."""

import pytest
from measure_models import compare_with_themselves, describe_trust, estimate_whole, read_again

from conftest import read_table
from desks import Clock, assert_no_fault, list_people, write_readable
from graylit.measures.weighted import estimate_total, measure_weighted
from graylit.models.asking import Budget
from graylit.models.running import Asked, Run
from graylit.study.sampling import draw_sample, group_strata, share_out, tell_standing
from graylit.study.study import read_tables
from graylit.study.trust import gather_coded, judge_trust, stand_models
from model_servers import Say, list_calls, serve_model, write_settings
from running import call_graylit

WORDS = "one two three four five six seven eight nine ten"


def test_weighted_kappa_is_that_of_as_many_units_as_each_stands_for():
    first, second = [True, True, False, False], [True, False, True, False]
    weights, sources = [3.0, 1.0, 2.0, 4.0], ["S1", "S2", "S3", "S4"]
    spread = [
        ([a] * int(w), [b] * int(w), [s] * int(w)) for a, b, w, s in zip(first, second, weights, sources, strict=True)
    ]
    flat = [[one for part in spread for one in part[i]] for i in range(3)]
    found = measure_weighted(first, second, weights, sources, seed=1)
    same = measure_weighted(flat[0], flat[1], [1.0] * 10, flat[2], seed=1)
    assert {name: one.value for name, one in found.items()} == pytest.approx({k: one.value for k, one in same.items()})
    assert found["cohen_kappa"].value == pytest.approx((0.7 - 0.5) / 0.5)
    assert found["precision"].value == pytest.approx(3 / 4) and found["recall"].value == pytest.approx(3 / 5)


def test_the_whole_is_estimated_by_the_weights():
    found = estimate_total([True, False, True], [10.0, 20.0, 5.0], ["S1", "S2", "S3"], seed=1)
    assert found.value == 15 and found.low <= 15 <= found.high


def test_strata_are_shared_out_by_their_size_and_none_is_left_unlooked_at():
    sizes = {("agreed", "blog"): 80, ("disputed", "blog"): 15, ("uncoded", "talk"): 1, ("uncoded", "blog"): 4}
    drawn = share_out(sizes, 20)
    assert drawn == {("agreed", "blog"): 16, ("disputed", "blog"): 3, ("uncoded", "talk"): 1, ("uncoded", "blog"): 2}


@pytest.mark.parametrize(
    ("codes", "standing"),
    [
        ([], "uncoded"),
        ([{"C1"}], "coded"),
        ([{"C1"}, {"C1"}], "agreed"),
        ([{"C1"}, set()], "disputed"),
        ([set()], "uncoded"),
    ],
)
def test_how_a_segment_stands(codes, standing):
    assert tell_standing([frozenset(one) for one in codes]) == standing


def test_a_draw_is_the_same_for_the_same_seed_and_says_what_each_segment_stands_for():
    segments = [{"segment_id": f"S1-{i:03d}", "source_id": "S1", "sha256": ""} for i in range(50)]
    strata = group_strata(segments, [{"S1-001": frozenset({"C1"})}], {"S1": "blog"})
    rows = draw_sample(strata, 10, 1, [], "2026-01-01")
    assert rows == draw_sample(strata, 10, 1, [], "2026-01-01") != draw_sample(strata, 10, 2, [], "2026-01-01")
    by_stratum = {(row["stood"], row["n_stratum"], row["n_drawn"]) for row in rows}
    assert by_stratum == {("coded", "1", "1"), ("uncoded", "49", str(len(rows) - 1))}
    again = draw_sample(strata, 10, 1, rows, "2026-01-02")
    assert {row["draw"] for row in again} == {"2"} and again[0]["sample_id"] == f"V{len(rows) + 1:04d}"


MANY = "".join(
    f"## Part {i}\n\nThe {'mesh' if i % 2 else 'pipe'} number {i} of the barrel: {WORDS}.\n\n" for i in range(12)
)


def code(asked, page):
    """Give C01 to every mesh, and C02 to all else."""
    mesh = "mesh" in page
    quote = next(word for word in page.split("The ")[1].split(":")[0:1])
    coding = {"memo": "m", "quote": quote, "code_id": "C01" if mesh else "C02", "confidence": "high"}
    return Say({"reason": "r", "codings": [coding]})


def ask(folder, **asked):
    with serve_model(code) as server:
        write_settings(folder, server)
        return Run(folder, Asked("code", "M1", **asked), Budget(), Clock()).ask(lambda *_: None)


def say_codes(folder, of_segment):
    """Write what a person gave to segments of the sample."""
    lines = ["coder,segment_id,decision,code_ids,decided_at\n"]
    for row in read_table(folder / "config/models/sample.csv"):
        codes = of_segment(row["segment_id"])
        lines.append(f"ANN,{row['segment_id']},{'coded' if codes else 'no_code'},{codes},2026-02-01\n")
    (folder / "config/models/sample_codes.csv").write_text("".join(lines))


@pytest.fixture
def sampled(tmp_path):
    """Return a study that a model has coded, with a sample of all of its segments."""
    folder = write_readable(tmp_path, {"S001": MANY, "S002": MANY.replace("Part", "Piece")})
    list_people(folder, A="coder", B="coder", ANN="coder")
    ask(folder)
    ended = call_graylit("-C", folder, "sample", "--size", "24")
    assert ended.returncode == 0 and "24 segments of 24 drawn" in ended.stdout
    return folder


def look(folder):
    """Return the study, what the model gave as located codings, and the segments of each source."""
    study, faults = read_tables(folder)
    assert not faults
    segments = read_table(folder / "data/processed/segments.csv")
    located = []
    for row in read_table(folder / "config/coding/codings/M1.csv"):
        within = next(
            one["segment_id"]
            for one in segments
            if one["source_id"] == row["source_id"] and int(one["start"]) <= int(row["start"]) < int(one["end"])
        )
        cells = {"coding_id": row["coding_id"], "coder": "M1", "segment_id": within, "standing": "open"}
        located.append(cells | {"unadjudicated_code_id": row["code_id"], "method": "same_place"})
    ids = {}
    for one in segments:
        ids.setdefault(one["source_id"], []).append(one["segment_id"])
    return study, located, ids


def is_mesh(folder):
    segments = {row["segment_id"]: row for row in read_table(folder / "data/processed/segments.csv")}

    def tell(segment_id):
        row = segments[segment_id]
        text = (folder / f"data/processed/texts/{row['source_id']}.txt").read_bytes().decode()
        return "mesh" in text[int(row["start"]) : int(row["end"])]

    return tell


def set_floor(folder, floor):
    path = folder / "config/config.yaml"
    path.write_text(path.read_text() + f"models:\n  min_agreement: {floor}\n")


def test_a_model_that_agrees_is_trusted_and_one_that_does_not_is_not(sampled):
    mesh = is_mesh(sampled)
    say_codes(sampled, lambda one: "C01" if mesh(one) else "")  # what is no mesh has no code by the person
    set_floor(sampled, 0.7)
    study, located, ids = look(sampled)
    trust = judge_trust(study, gather_coded(study, located, ids), seed=1)
    assert trust["M1", "C01"].standing == "trusted" and trust["M1", "C01"].kappa.value == pytest.approx(1)
    assert trust["M1", "C02"].standing == "below" and trust["M1", "C02"].n_units == 24
    assert_no_fault(sampled)


def test_below_the_floor_codings_do_not_count_unless_somebody_accepts_that(sampled):
    mesh = is_mesh(sampled)
    drawn = [row["segment_id"] for row in read_table(sampled / "config/models/sample.csv")]
    say_codes(sampled, lambda one: "C01" if mesh(one) else "")
    path = (
        sampled / "config/models/sample_codes.csv"
    )  # the person leaves two passages alone: there, the model stands alone
    left = [one for one in drawn if not mesh(one)][:2]
    path.write_text(
        "".join(line for line in path.read_text().splitlines(keepends=True) if line.split(",")[1] not in left)
    )
    set_floor(sampled, 0.7)
    study, located, ids = look(sampled)
    standing = stand_models(study, located, ids, seed=1)
    of = {row["coding_id"]: row for row in located}
    assert {of[key]["segment_id"] for key, why in standing.items() if why == "untrusted"} == set(left)
    assert {of[key]["unadjudicated_code_id"] for key in standing} == {"C02"}
    (sampled / "config/models/trusted.csv").write_text(
        "decider,code_id,status,reason,decided_by,decided_at\nM1,C02,accepted,Pipes matter,A,2026-02-02\n"
    )
    study, located, ids = look(sampled)
    assert set(stand_models(study, located, ids, seed=1).values()) == {"outranked"}
    rows = describe_trust(study, gather_coded(study, located, ids), located, seed=1)
    assert {row["code_id"]: (row["standing"], row["reason"]) for row in rows} == {
        "C01": ("trusted", ""),
        "C02": ("accepted", "Pipes matter"),
    }


def test_a_persons_decision_outranks_a_models_where_both_exist(sampled):
    mesh = is_mesh(sampled)
    say_codes(sampled, lambda one: "C01" if mesh(one) else "C01")
    study, located, ids = look(sampled)
    standing = stand_models(study, located, ids, seed=1)
    assert set(standing.values()) == {"outranked"}
    assert {row["coding_id"] for row in located if row["unadjudicated_code_id"] == "C02"} == set(standing)


def test_without_a_sample_nothing_is_judged(tmp_path):
    folder = write_readable(tmp_path, {"S001": MANY})
    ask(folder)
    study, located, ids = look(folder)
    assert {one.standing for one in judge_trust(study, gather_coded(study, located, ids), seed=1).values()} == {
        "untested"
    }
    assert stand_models(study, located, ids, seed=1) == {}


def test_the_sample_tells_of_the_whole(sampled):
    mesh = is_mesh(sampled)
    say_codes(sampled, lambda one: "C01" if mesh(one) else "")
    study, located, ids = look(sampled)
    rows = {row["code_id"]: row for row in estimate_whole(gather_coded(study, located, ids), seed=1)}
    assert rows["C01"]["estimate"] == "12" and rows["C01"]["n_by_models"] == 12 and rows["C02"]["n_given"] == 0


def test_a_model_asked_once_more_is_compared_with_itself(sampled):
    ask(sampled, is_again=True)
    calls = list_calls(sampled)
    assert [call["repeat"] for call in calls] == [0] * 24 + [1] * 24
    rows = compare_with_themselves(read_again(calls), {}, seed=1)
    assert {row["scope"] for row in rows} == {"C01", "C02"} and {row["other"] for row in rows} == {"itself"}
    assert {row["value"] for row in rows if row["measure"] == "share_agreed"} == {"1"}
    assert len(read_table(sampled / "config/coding/codings/M1.csv")) == 24, "a repeat decides nothing"


def test_only_the_sample_is_coded_if_that_is_asked(tmp_path):
    folder = write_readable(tmp_path, {"S001": MANY})
    assert call_graylit("-C", folder, "sample", "--size", "4").returncode == 0
    assert call_graylit("-C", folder, "sample").returncode == 1, "a second draw has to be asked for"
    with serve_model(code) as server:
        write_settings(folder, server)
        assert call_graylit("-C", folder, "ask", "code", "--as", "M1", "--sample").returncode == 0
    assert {call["unit"] for call in list_calls(folder)} == {
        row["segment_id"] for row in read_table(folder / "config/models/sample.csv")
    }
