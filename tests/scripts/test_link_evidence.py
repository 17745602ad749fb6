"""Guidelines with their evidence."""

from frames import table
from graylit.tables.synthesis import EVIDENCE, GUIDELINES
from guideline_rows import FOUR_SOURCES, LOCATED, THREE_GUIDELINES, UNMERGED, codebook, evidence, link_evidence


def test_a_guideline_is_linked_to_every_coding_of_its_codes():
    links = evidence()
    assert links[["guideline_id", "coding_id"]].to_numpy().tolist() == [
        ["G1", "A-1"],
        ["G1", "A-2"],
        ["G1", "B-1"],
        ["G1", "B-2"],
        ["G2", "A-2"],
        ["G2", "B-1"],
        ["G2", "B-2"],
    ]


def test_a_link_names_theme_code_coder_source_publisher_and_segment():
    assert evidence().iloc[0].to_dict() == {
        "guideline_id": "G1",
        "theme_id": "T1",
        "code_id": "C1",
        "coding_id": "A-1",
        "coder": "A",
        "source_id": "S1",
        "publisher": "Ann",
        "segment_id": "S1-001",
    }


def test_codings_of_codes_without_guideline_are_no_evidence():
    assert "B-3" not in set(evidence()["coding_id"])


def test_the_evidence_fits_its_contract(tmp_path):
    EVIDENCE.write(evidence(), tmp_path / "evidence.csv")
    assert len(EVIDENCE.read(tmp_path / "evidence.csv")) == 7


def test_without_guidelines_there_is_no_evidence(tmp_path):
    none = table(GUIDELINES, "guideline_id")
    EVIDENCE.write(link_evidence(none, LOCATED, FOUR_SOURCES, UNMERGED), tmp_path / "evidence.csv")
    assert len(EVIDENCE.read(tmp_path / "evidence.csv")) == 0


def test_a_guideline_of_a_merged_code_is_linked_to_the_codings_of_the_code_in_force():
    merged = UNMERGED | codebook(("C9", "retired", "C5"))
    links = link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, merged)
    assert links[links["guideline_id"] == "G3"][["code_id", "coding_id"]].to_numpy().tolist() == [["C5", "B-3"]]


def test_a_guideline_of_two_codes_that_were_merged_is_linked_to_each_coding_once(tmp_path):
    merged = UNMERGED | codebook(("C1", "retired", "C2"))
    links = link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, merged)
    assert links[links["guideline_id"] == "G1"]["coding_id"].tolist() == ["A-2", "B-1", "B-2"]
    EVIDENCE.write(links, tmp_path / "evidence.csv")


def test_a_guideline_of_a_code_that_was_split_keeps_the_codings_that_still_carry_it():
    split = UNMERGED | codebook(("C2", "retired", "C1; C5"))
    links = link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, split)
    assert links[links["guideline_id"] == "G2"]["coding_id"].tolist() == ["A-2", "B-1", "B-2"]
