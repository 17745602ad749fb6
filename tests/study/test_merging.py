"""What git makes of tables that two people added rows to: merged unasked, and told if a person must look."""

import itertools
import shutil
from subprocess import CalledProcessError

import pytest

from graylit.study.checking import read_study, require_study
from graylit.study.known_rows import write_known
from graylit.study.remarks import list_remarks
from graylit.study.tracking import complete_gitattributes, remark_brought_back
from graylit.tables.appraisal import ITEMS
from repositories import git, needs_git
from tiny_study import PATHS, faults_of, only_fault, place, replace_once, write_synthesis

pytestmark = needs_git
A, PASSES, ADJUDICATIONS = "config/coding/codings/A.csv", "config/coding/passes.csv", "config/coding/adjudications.csv"
CODEBOOK, QUALITY, SOURCES = "config/coding/codebook.csv", PATHS["quality"][0], "config/sources.csv"
CRITERIA, RULES = "config/screening/criteria.csv", "criterion_id,kind,name,status\n"
PASS, JUDGED = "coder,round,source_id\n", "adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at\n"
APPRAISAL = "".join(f"S002,{{0}},{item},1\n" for item in ITEMS)


class Laptops:
    """A study of two people, each with a clone, and what the two came from."""

    def __init__(self, folder):
        self.base = write_synthesis(folder / "base")
        replace_once(self.base, "config/config.yaml", "has_texts: true", "has_texts: false")
        complete_gitattributes(self.base)
        git(self.base, "init")
        commit(self.base)
        self.ann, self.ben = (clone(self.base, folder / name) for name in ("ann", "ben"))

    def add(self, file, ann, ben, header=""):
        """Have both add rows at the end of a table, at the same time."""
        for folder, rows in ((self.ann, ann), (self.ben, ben)):
            path = folder / file
            path.parent.mkdir(exist_ok=True)
            path.write_text((path.read_text() if path.exists() else header) + rows)
            write_known(folder, read_study(folder)[0])
            commit(folder)

    def merge(self):
        """Yield the study of each, merged with that of the other: git says nothing of conflicts."""
        for mine, other in itertools.permutations((self.ann, self.ben)):
            merged = shutil.copytree(mine, mine.with_name(f"{mine.name}-merged"))
            git(merged, "pull", "--quiet", "--no-rebase", "--no-edit", other, "main")
            yield merged


def clone(source, target):
    git(source, "clone", "--quiet", ".", target)
    return target


def commit(folder):
    git(folder, "add", "config", ".gitattributes")
    git(folder, "commit", "--quiet", "--message", "rows")


@pytest.fixture
def laptops(tmp_path):
    return Laptops(tmp_path)


@pytest.mark.parametrize(
    ("file", "header", "ann", "ben"),
    [
        (PASSES, PASS, "A,1,S001\nA,1,S002\n", "B,1,S001\n"),  # made by both
        (A, "", "A-4,S001,,,,C02,,,\n", "A-5,S002,,,,C01,,,\n"),
        (CODEBOOK, "", "C04,Tap,A tap,,,active,\n", "C05,Lid,A lid,,,active,\n"),
        (QUALITY, "", APPRAISAL.format("A"), APPRAISAL.format("B")),
        (PATHS["card_sorts"][0], "", "C,G01,in\nC,G02,in\n", "D,G01,in\nD,G02,in\n"),
        (PATHS["impacts"][0], "", "I03,G01,lid,safety,strained,Why,A-1\n", "I04,G02,lid,safety,strained,Why,A-2\n"),
        (SOURCES, "", "S004,https://a.example/,A,P,blog-post,,,,\n", "S005,https://b.example/,B,P,blog-post,,,,\n"),
        (CRITERIA, RULES, "E1,exclusion,Sales,active\n", "E2,exclusion,Talks,active\n"),
        (ADJUDICATIONS, JUDGED, "J-1,A-1,stands,,so,A,2026-01-02\n", "J-2,A-2,falls,,so,B,2026-01-02\n"),
    ],
)
def test_rows_that_two_people_add_are_merged_and_no_row_is_called_changed(laptops, file, header, ann, ben):
    laptops.add(file, ann, ben, header)
    merged = list(laptops.merge())
    assert [faults_of(folder) for folder in merged] == [[], []]
    ours, theirs = ((folder / file).read_text().splitlines() for folder in merged)
    assert sorted(ours) == sorted(theirs) and len(ours) == len(set(ours))


@pytest.mark.parametrize(("ben", "end"), [("B,1,S001", "B,1,S001"), ("B,1,S001\r\n", "B,1,S001\n")])
def test_a_file_that_ends_without_a_line_break_or_came_from_windows_is_merged_row_by_row(laptops, ben, end):
    laptops.add(PASSES, "A,1,S001\n", ben, PASS)
    for folder in laptops.merge():
        assert sorted((folder / PASSES).read_text().splitlines()) == ["A,1,S001", end.strip(), PASS.strip()]
        assert faults_of(folder) == []


def test_two_rows_with_one_id_are_named_with_the_next_free_id(laptops):
    laptops.add(A, "A-4,S001,,,,C02,,,\n", "A-4,S002,,,,C01,,,\n")
    for folder in laptops.merge():
        fault = only_fault(folder)
        assert place(fault) == (A, 6, "coding_id", "A-4")
        assert "give it a new id (A-5), also in rows that name it" in fault.remedy


def test_two_decisions_of_one_day_are_named(laptops):
    laptops.add(PATHS["categories"][0], "K01,In,G01,,2026-02-09\n", "K01,Inlets,G01,,2026-02-09\n")
    for folder in laptops.merge():
        assert place(only_fault(folder)) == (PATHS["categories"][0], 7, "category_id, decided_at", "K01, 2026-02-09")
        assert "give the later one its time of day" in only_fault(folder).remedy


def test_a_row_that_both_changed_is_there_twice_and_named(laptops):
    for folder, score in ((laptops.ann, "0"), (laptops.ben, "0.5")):
        replace_once(folder, QUALITY, "S001,A,Q03,1", f"S001,A,Q03,{score}")
        commit(folder)
    for folder in laptops.merge():
        assert place(only_fault(folder)) == (QUALITY, 5, "source_id, appraiser, item, appraised_at", "S001, A, Q03")


def test_the_row_in_force_of_two_decisions_is_the_last_and_its_date_is_remarked(laptops):
    laptops.add(PATHS["categories"][0], "K01,In,G01,,2026-02-08\n", "K01,Inlets,G01,,2026-02-09\n")
    said = []
    for folder in laptops.merge():
        remarks = list_remarks(require_study(folder), folder)
        said += [place(remark) for remark in remarks if "dated before an earlier row of K01" in remark.problem]
    assert said == [(PATHS["categories"][0], 7, "decided_at", "2026-02-08")]


def test_two_tables_of_other_columns_have_a_second_header_that_is_named_alone(laptops):
    for folder, table in (
        (laptops.ann, PASS + "A,1,S001\n"),
        (laptops.ben, f"{PASS.strip()},finished_at\nB,1,S001,\n"),
    ):
        (folder / PASSES).write_text(table)
        commit(folder)
    for folder in laptops.merge():
        assert [(fault.row, fault.problem) for fault in faults_of(folder)] == [(3, "is another header than row 1")]


def test_two_sources_of_one_id_are_named_with_the_next_free_id(laptops):
    laptops.add(SOURCES, "S004,https://a.example/,A,P,blog-post,,,,\n", "S004,https://b.example/,B,P,blog-post,,,,\n")
    for folder in laptops.merge():
        assert (only_fault(folder).row, "give it a new id (S005)" in only_fault(folder).remedy) == (6, True)


def test_a_source_that_one_took_out_and_git_brought_back_is_a_remark_until_somebody_has_seen_it(laptops):
    replace_once(laptops.base, A, "A-3,S003", "A-3,S002")
    commit(laptops.base)
    for folder in (laptops.ann, laptops.ben):
        git(folder, "pull", "--quiet", laptops.base, "main")
    taken = next(line for line in (laptops.ann / SOURCES).read_text().splitlines() if line.startswith("S003"))
    replace_once(laptops.ann, SOURCES, f"{taken}\n", "")
    replace_once(laptops.ben, SOURCES, taken, f"{taken}\nS004,https://b.example/,B,P,blog-post,,,,")
    for folder in (laptops.ann, laptops.ben):
        commit(folder)
    for folder in laptops.merge():
        assert faults_of(folder) == []
        (remark,) = remark_brought_back(folder)
        assert remark.problem.endswith("since git merged their rows: S003")
        replace_once(folder, SOURCES, f"{taken}\n", "")
        commit(folder)
        assert remark_brought_back(folder) == []


def test_a_conflict_in_what_is_no_table_is_named(laptops):
    for folder, title in ((laptops.ann, "Barrels"), (laptops.ben, "Rain")):
        replace_once(folder, "config/config.yaml", "title: Rain barrels in small gardens", f"title: {title}")
        commit(folder)
    with pytest.raises(CalledProcessError):
        list(laptops.merge())
    assert place(only_fault(laptops.ann.with_name("ann-merged"))) == ("config/config.yaml", 1, "", "<<<<<<< HEAD")


@pytest.mark.parametrize("rounds", [3])
def test_after_many_merges_in_both_directions_each_row_is_there_once(laptops, rounds):
    for number in range(rounds):
        laptops.add(PASSES, f"A,{number},S001\n", f"B,{number},S001\n", PASS)
        for mine, other in ((laptops.ann, laptops.ben), (laptops.ben, laptops.ann)):
            git(mine, "pull", "--quiet", "--no-rebase", "--no-edit", other, "main")
            assert faults_of(mine) == []
    assert (laptops.ann / PASSES).read_text() == (laptops.ben / PASSES).read_text()
