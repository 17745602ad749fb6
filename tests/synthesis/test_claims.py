"""Support by claim: what counts of readings, and what it adds up to for claims and guidelines."""

import pytest

from claim_rows import CLAIMS, EVIDENCE, GUIDELINES, read
from graylit.synthesis.claims import count_claims, count_guidelines, keep_supported, link_claims, list_claims
from graylit.synthesis.readings import carry_over, digest_wording, judge_pair, list_current, list_successors
from graylit.tables.claims import CLAIM_EVIDENCE, CLAIM_SUPPORT, GUIDELINE_CLAIMS

IDS = ["G1", "G2"]


def counted(readings, claims=CLAIMS, floor=2):
    in_force = list_claims(claims, IDS)
    linked = link_claims(in_force, readings, EVIDENCE)
    return linked, count_claims(in_force, linked, floor)


def outcome(*readings):
    rows = [read(f"R{number}", "L1", "A-1", *reading) for number, reading in enumerate(readings, start=1)]
    return judge_pair(list_current(rows)).reading


def test_a_pair_that_one_reader_read_counts_as_read():
    assert outcome(("ANN", "supports")) == "supports"


def test_what_readers_differ_on_is_disputed_until_it_is_settled():
    both = [("ANN", "supports"), ("BEN", "partly")]
    assert outcome(*both) == "disputed"
    assert outcome(*both, ("CLEO", "against", {"settles": "R1; R2"})) == "against"
    assert outcome(*both, ("CLEO", "against", {"settles": "R1; R2"}), ("CLEO", "", {"replaces": "R3"})) == "disputed"


def test_a_settlement_is_final_and_can_be_settled_anew():
    rows = [("ANN", "supports"), ("BEN", "partly"), ("CLEO", "against", {"settles": "R1; R2"})]
    assert outcome(*rows, ("BEN", "supports", {"replaces": "R2"})) == "against"
    assert outcome(*rows, ("DAN", "partly", {"settles": "R3"})) == "partly"


def test_a_replaced_reading_counts_for_nothing_and_one_taken_back_leaves_the_pair_unread():
    assert outcome(("ANN", "supports"), ("ANN", "against", {"replaces": "R1"})) == "against"
    assert outcome(("ANN", "supports"), ("ANN", "", {"replaces": "R1"})) == "unread"


def test_only_supporting_readings_are_support_and_the_others_stand_beside_it():
    readings = [
        *(read("R1", "L1", "A-1", "ANN", "supports"), read("R2", "L1", "A-2", "ANN", "supports")),
        *(read("R3", "L1", "B-1", "ANN", "partly"), read("R4", "L2", "A-1", "ANN", "against")),
    ]
    linked, rows = counted(readings)
    first, second, other = rows
    assert (first["n_pairs"], first["n_unread"], first["n_supports"], first["n_partly"]) == (4, 1, 2, 1)
    assert (first["n_sources"], first["n_publishers"], first["has_floor"]) == (2, 1, "no")
    assert (first["n_sources_partly"], first["n_publishers_partly"]) == (1, 1)
    assert (second["n_supports"], second["n_sources_against"], second["n_publishers_against"]) == (0, 1, 1)
    assert (other["guideline_id"], other["n_pairs"], other["n_unread"]) == ("G2", 1, 1)
    assert [link["coding_id"] for link in keep_supported(EVIDENCE, linked)] == ["A-1", "A-2"]


def test_a_publisher_that_nobody_knows_supports_no_floor():
    readings = [read("R1", "L1", "B-2", "ANN", "supports"), read("R2", "L1", "B-1", "ANN", "supports")]
    row = counted(readings, floor=2)[1][0]
    assert (row["n_sources"], row["n_publishers"], row["has_floor"]) == (2, 1, "no")


def test_a_claim_in_other_words_is_unread_and_one_with_other_marks_is_not():
    was = read("R1", "L1", "A-1", "ANN", "supports", {"wording_sha256": digest_wording("A mesh keeps leaves out.")})

    def n_supports(wording):
        changed = [{**CLAIMS[0], "wording": wording}, *CLAIMS[1:]]
        return counted([was], changed)[1][0]["n_supports"]

    assert (n_supports("A mesh keeps leaves out."), n_supports("a Mesh keeps leaves out")) == (1, 1)
    assert n_supports("A mesh keeps most leaves out.") == 0
    assert counted([{**was, "wording_sha256": ""}], [{**CLAIMS[0], "wording": "New"}])[1][0]["n_supports"] == 1


def test_withdrawn_claims_and_those_of_guidelines_not_in_force_are_left_out():
    later = {**CLAIMS[0], "status": "withdrawn"}
    assert list(list_claims([*CLAIMS, later], IDS)) == ["L2", "L3"]
    assert list(list_claims(CLAIMS, ["G2"])) == ["L3"]
    assert list(list_claims([*CLAIMS, later, {**later, "status": "accepted"}], IDS)) == ["L1", "L2", "L3"]


def test_readings_of_codings_that_are_no_evidence_count_for_nothing():
    assert counted([read("R1", "L1", "Z-9", "ANN", "supports")])[1][0]["n_supports"] == 0


def test_a_guideline_has_the_sources_that_support_any_of_its_claims():
    readings = [
        *(read("R1", "L1", "A-1", "ANN", "supports"), read("R2", "L2", "A-1", "ANN", "supports")),
        *(read("R3", "L2", "B-1", "ANN", "supports"), read("R4", "L2", "A-2", "ANN", "against")),
    ]
    linked, rows = counted(readings)
    first, second, third = count_guidelines(GUIDELINES, rows, EVIDENCE, linked, 2)
    assert (first["n_codings"], first["n_sources"], first["n_publishers"], first["has_floor"]) == (2, 2, 2, "yes")
    assert (first["n_claims"], first["n_claims_below"], first["n_sources_against"]) == (2, 1, 1)
    assert (first["n_pairs"], first["n_unread"], first["n_disputed"]) == (8, 4, 0)
    assert [row["rank"] for row in (first, second, third)] == [1, 2, 2]
    assert (third["n_claims"], third["n_sources"], third["has_floor"]) == (0, 0, "no")


def test_a_study_without_claims_has_tables_without_rows(tmp_path):
    linked, rows = counted([], claims=[])
    for contract, made in (
        (CLAIM_EVIDENCE, linked),
        (CLAIM_SUPPORT, rows),
        (GUIDELINE_CLAIMS, count_guidelines(GUIDELINES, rows, EVIDENCE, linked, 2)),
    ):
        contract.write_rows(made, tmp_path / "table.csv")
        assert (tmp_path / "table.csv").read_text() == ",".join(contract.names) + "\n"


@pytest.mark.parametrize("wording", ["Ein Netz hält Blätter ab.", "雨水桶要有盖子。", "А сетка держит листья."])
def test_claims_in_any_writing_have_a_digest_of_their_words(wording):
    assert digest_wording(wording) == digest_wording(wording.upper()) != digest_wording("")


def code(coding_id, replaces="", source_id="S1", start="0", end="9", code_id="C1", normal_sha256=""):
    place = {"source_id": source_id, "segment_id": "", "start": start, "end": end, "normal_sha256": normal_sha256}
    return {"coding_id": coding_id, "code_id": code_id, "replaces": replaces, **place}


def test_what_was_read_goes_on_with_the_coding_that_took_the_place_over_the_same_words():
    rows = [
        code("A-1"),
        code("A-2", "A-1"),
        code("A-3", "A-2", code_id="C2"),
        code("B-1"),
        code("B-2", "B-1", end="20"),
    ]
    assert list_successors(rows) == {"A-1": "A-3", "A-2": "A-3"}
    moved = [code("A-1", normal_sha256="f" * 64), code("A-2", "A-1", start="40", end="49", normal_sha256="f" * 64)]
    assert list_successors(moved) == {"A-1": "A-2"}
    assert list_successors([code("A-1"), code("A-2", "A-1", code_id="")]) == {}
    assert list_successors([code("A-1"), code("A-2"), code("A-3", "A-1; A-2")]) == {"A-1": "A-3", "A-2": "A-3"}
    assert list_successors([code("A-1", "A-2"), code("A-2", "A-1")]) != {}  # a circle is a fault of its own, and ends
    readings = [read("R1", "L1", "A-1", "ANN", "supports"), read("R2", "L1", "B-1", "ANN", "against")]
    carried = carry_over(readings, list_successors(rows))
    assert [row["coding_id"] for row in carried] == ["A-3", "B-1"]
    assert carried[1] is readings[1]
