"""The review as a whole, on the mini study: from captures to the report."""

import fcntl
import random
import re
import shutil
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from archives import PAGES
from conftest import (
    REPOSITORY,
    change_config,
    copy_mini,
    read_table,
    read_times,
    run_snakemake,
    write_table,
)
from graylit.anchors.fingerprints import digest_exact
from graylit.anchors.words import digest_words
from graylit.preparation.shards import shard_of
from graylit.study.checking import accept_rows
from graylit.study.outline import digest_checked, read_stamp
from graylit.study.writing import PLACE


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder: its bytes by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def by_source(path: Path) -> dict[str, dict[str, str]]:
    return {row["source_id"]: row for row in read_table(path)}


def shuffle_rows(path: Path, seed: int) -> None:
    rows = read_table(path)
    random.Random(seed).shuffle(rows)
    write_table(path, rows)


# What comes out ------------------------------------------------------------------------------------------------


def test_a_review_ends_in_a_report(built):
    assert (built / "results/report.html").stat().st_size > 5000


def test_every_source_has_a_text_row_with_its_outcome(built):
    outcomes = {source_id: row["outcome"] for source_id, row in by_source(built / "data/processed/texts.csv").items()}
    extracted = dict.fromkeys(("S001", "S002", "S003", "S004", "S005", "S006", "S007", "S008"), "extracted")
    assert outcomes == extracted | {"S009": "empty_text", "S010": "not_captured"}


def test_a_source_reached_through_a_redirect_says_so(built):
    rows = by_source(built / "data/processed/texts.csv")
    assert {source_id for source_id, row in rows.items() if row["capture_outcome"] == "moved"} == {"S004"}


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("S001", "- Strap each hive to a stand that is heavier than the hive."),
        ("S002", "Two honey supers | 88 kg | 104 kg"),
        ("S003", "If I am away, Frédérique from the second floor opens the hives for me"),
        ("S004", "- Light\n  - Work ends one hour before sunset."),
        ("S005", "A flat roof with black felt reaches seventy degrees on a clear day in July."),
        ("S006", "| Loose strap or lid | fix it before you leave the roof | at once |"),
        ("S007", "Age of the queen. Eight of the eleven swarms left with a queen of two years or more."),
        ("S008", "Allergic people in the house are called on the phone before a hive is opened"),
    ],
)
def test_the_words_of_a_page_are_in_its_text(built, source_id, words):
    assert words in (built / f"data/processed/texts/{source_id}.txt").read_text(encoding="utf-8")


def test_a_page_of_loose_parts_keeps_its_headings_and_loses_its_menu(built):
    text = (built / "data/processed/texts/S003.txt").read_text(encoding="utf-8")
    assert text.startswith("# What swarms taught me\n\nNotes by Nora")
    assert "write to me" not in text


@pytest.mark.parametrize(
    ("source_id", "words"),
    [
        ("S001", "Imprint"),
        ("S001", "Candles from our wax"),
        ("S002", "Choosing a roof"),
        ("S004", "cookie"),
        ("S004", "Accessibility"),
    ],
)
def test_menus_and_footers_are_not_in_the_text(built, source_id, words):
    assert words not in (built / f"data/processed/texts/{source_id}.txt").read_text(encoding="utf-8")


def test_each_segment_stands_where_its_row_says(built):
    for row in read_table(built / "data/processed/segments.csv"):
        text = (built / f"data/processed/texts/{row['source_id']}.txt").read_bytes().decode("utf-8")
        words = text[int(row["start"]) : int(row["end"])]
        is_guessable = words == "Hive and Wall home notes checklists"  # too few of its words are hidden for a digest
        assert row["sha256"] == ("" if is_guessable else digest_words(words))


def test_each_coding_is_located_in_the_segment_that_holds_it(built):
    segments = {row["segment_id"]: row for row in read_table(built / "data/processed/segments.csv")}
    located = read_table(built / "data/processed/located_codings.csv")
    assert len(located) == 33
    for row in located:
        if row["start"]:
            segment = segments[row["segment_id"]]
            assert segment["source_id"] == row["source_id"]
            assert int(segment["start"]) <= int(row["start"]) < int(row["end"]) <= int(segment["end"])
    assert [row["coding_id"] for row in located if not row["segment_id"]] == ["A-0018"]


def test_the_words_of_every_coding_are_found_where_they_were(built):
    located = read_table(built / "data/processed/located_codings.csv")
    methods = dict.fromkeys((row["coding_id"] for row in located), "same_place") | {"A-0018": "whole_source"}
    assert {row["coding_id"]: row["method"] for row in located} == methods
    assert {row["is_evidence"] for row in located} == {"yes"}
    assert read_table(built / "data/processed/orphans.csv") == []


def test_support_of_guidelines_counts_sources_and_publishers(built):
    rows = read_table(built / "data/processed/guideline_support.csv")
    counts = {r["guideline_id"]: (r["rank"], r["n_sources"], r["n_publishers"], r["has_floor"]) for r in rows}
    assert counts == {
        "G01": ("1", "5", "4", "yes"),
        "G02": ("2", "3", "3", "yes"),
        "G03": ("4", "2", "2", "yes"),
        "G04": ("5", "1", "1", "no"),
        "G05": ("2", "3", "3", "yes"),
    }


def test_the_topics_asked_for_are_formed(built):
    topics = [row for row in read_table(built / "data/processed/topics.csv") if row["topic_id"] != "-1"]
    assert len(topics) == 4


# The report ----------------------------------------------------------------------------------------------------


class _Report(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href", "srcset", "data", "action", "poster", "background"):
                self.targets.append((tag, value))


@pytest.fixture(scope="module")
def report(built) -> str:
    return (built / "results/report.html").read_text(encoding="utf-8")


def test_the_report_holds_each_guideline(report, built):
    guidelines = [row["guideline_id"] for row in read_table(built / "config/synthesis/guidelines.csv")]
    assert [one for one in _Report(report).ids if re.fullmatch(r"G\d\d", one)] == ["G01", "G05", "G04", "G02", "G03"]
    assert len(guidelines) == 5


def test_the_report_asks_the_network_for_nothing(report):
    parsed = _Report(report)
    assert [pair for pair in parsed.targets if pair[0] != "a"] == []
    assert not re.search(r"url\((?!#)|@import|<iframe|<object", report)


def test_the_report_runs_only_the_scripts_that_its_policy_names(report):
    allowed = re.search(r"script-src ([^;]*);", unescape(report))[1].split()
    digests = [sha256(script.encode()).digest() for script in re.findall(r"<script>(.*?)</script>", report, re.DOTALL)]
    assert allowed == [f"'sha256-{b64encode(digest).decode()}'" for digest in digests]
    assert report.count("<script") == len(digests) > 0


def test_links_inside_the_report_lead_somewhere(report):
    parsed = _Report(report)
    inner = {target[1:] for tag, target in parsed.targets if target.startswith("#")}
    assert inner and inner <= set(parsed.ids)
    assert len(parsed.ids) == len(set(parsed.ids))


def test_the_report_shows_which_guideline_lacks_publishers(report):
    card = report.partition('<article class="guideline" id="G04">')[2].partition("</article>")[0]
    assert "fewer than 2 publishers" in card
    assert "guidelines rest on 2 publishers or more; G04 does not" in report
    assert report.count("fewer than 2 publishers") == 2


# The same again ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory) -> Path:
    """Build with rows in other orders, one core, another working directory, and a path that is hard to quote."""
    base = tmp_path_factory.mktemp("again")
    folder = copy_mini(base / "l'étude des toits – 蜂 (2)")
    shuffle_rows(folder / "config/sources.csv", seed=1)
    for coder in ("A", "B"):
        shuffle_rows(folder / f"config/coding/codings/{coder}.csv", seed=2)
    done = run_snakemake(folder, cores=1, cwd=base)
    assert done.returncode == 0, done.stderr
    return folder


def read_made(folder: Path) -> dict[str, bytes]:
    """Return what a review made, without the shards: their number is that of the cores."""
    tree = read_tree(folder / "data/processed")
    return {path: content for path, content in tree.items() if not path.startswith("shards/")}


def test_rows_in_other_orders_and_other_cores_give_the_same_bytes(built, rebuilt):
    ours, others = read_made(built), read_made(rebuilt)
    assert list(ours) == list(others)
    assert [path for path in ours if ours[path] != others[path]] == []
    assert {"texts/S001.txt", "segments.csv", "topics.csv", "evidence.csv"} <= set(ours)


def list_shards(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "data/processed/shards").iterdir())


def test_there_is_a_shard_for_each_core(built, rebuilt):
    assert (list_shards(built), list_shards(rebuilt)) == (["1-of-2", "2-of-2"], ["1-of-1"])


def test_other_cores_later_keep_the_shards_and_redo_nothing(built_copy):
    before = read_times(built_copy / "data")
    done = run_snakemake(built_copy, cores=1)
    assert done.returncode == 0, done.stderr
    assert read_times(built_copy / "data") == before


def test_another_number_of_shards_takes_the_place_of_the_former_and_gives_the_same_bytes(built_copy, built):
    made = ["data/processed/topics.csv", "data/processed/located_codings.csv"]
    done = run_snakemake(built_copy, *made, "--config", "shards=1")
    assert done.returncode == 0, done.stderr
    assert list_shards(built_copy) == ["1-of-1"]
    assert read_made(built_copy) == read_made(built)


def test_the_report_does_not_depend_on_the_order_of_codings(report, rebuilt):
    again = (rebuilt / "results/report.html").read_text(encoding="utf-8")
    assert again == report


def test_a_run_from_any_folder_uses_the_default_profile(rebuilt, tmp_path):
    done = run_snakemake(rebuilt, "--forcerun", "link_evidence", "--", "data/processed/evidence.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if not line.startswith("  ")]
    assert [line for line in said if "workflow specific profile" not in line] == []
    assert "link_evidence" in done.stderr


def test_a_second_run_redoes_nothing(built_copy):
    before = read_times(built_copy / "data"), read_times(built_copy / "results")
    done = run_snakemake(built_copy)
    assert done.returncode == 0, done.stderr
    assert (read_times(built_copy / "data"), read_times(built_copy / "results")) == before
    assert " in, " not in done.stderr


def test_a_changed_title_redoes_no_shard(built_copy):
    sources = read_table(built_copy / "config/sources.csv")
    sources[0]["title"] = "Our first and second year"
    write_table(built_copy / "config/sources.csv", sources)
    before = read_times(built_copy / "data/processed/shards")
    done = run_snakemake(built_copy, "data/processed/texts.csv")
    assert done.returncode == 0, done.stderr
    assert "gather_texts" in done.stderr
    assert read_times(built_copy / "data/processed/shards") == before


# Other studies -------------------------------------------------------------------------------------------------


def test_a_study_without_texts_runs_to_a_report(hostile):
    assert not (hostile / "data/processed/texts.csv").exists()
    report = (hostile / "results/report.html").read_text(encoding="utf-8")
    assert [one for one in _Report(report).ids if re.fullmatch(r"G\d\d", one)] == ["G01", "G02"]
    located = read_table(hostile / "data/processed/located_codings.csv")
    assert [row["coding_id"] for row in located] == ["A-1", "A-2", "A-3", "B-1"]


def test_a_source_taken_out_is_no_evidence_any_more_in_a_study_without_texts(mini):
    change_config(mini, has_texts=False)
    located = mini / "data/processed/located_codings.csv"
    assert run_snakemake(mini, str(located.relative_to(mini))).returncode == 0
    assert "S001" in {row["source_id"] for row in read_table(located)}
    sources = read_table(mini / "config/sources.csv")
    write_table(mini / "config/sources.csv", [row for row in sources if row["source_id"] != "S001"])
    done = run_snakemake(mini, str(located.relative_to(mini)))
    assert done.returncode == 0, done.stderr
    assert "S001" not in {row["source_id"] for row in read_table(located)}


def test_after_a_review_the_study_needs_no_other_check(built):
    assert read_stamp(built) == digest_checked(built)


def test_a_table_that_was_put_back_with_its_old_date_is_read_again(built_copy):
    table, located = built_copy / "config/coding/codings/A.csv", built_copy / "data/processed/located_codings.csv"
    before, kept = located.read_bytes(), built_copy / "kept.csv"
    shutil.copy2(table, kept)
    table.write_text(table.read_text().replace(",C01,", ",C02,", 1))
    for expected in (False, True):
        accept_rows(built_copy)
        done = run_snakemake(built_copy, "data/processed/located_codings.csv")
        assert done.returncode == 0, done.stderr
        assert (located.read_bytes() == before) == expected
        shutil.copy2(kept, table)


def test_a_table_that_was_removed_is_made_again(built_copy):
    tables = [built_copy / f"data/processed/{name}.csv" for name in ("evidence", "suggestions", "topics", "prisma")]
    before = [table.read_bytes() for table in tables]
    for table in tables:
        table.unlink()
    done = run_snakemake(built_copy)
    assert done.returncode == 0, done.stderr
    assert [table.read_bytes() for table in tables] == before


def test_what_nobody_foresaw_is_told_before_anything_runs(mini):
    (mini / "config/coding/codings/E.csv").mkdir()
    done = run_snakemake(mini)
    assert done.returncode == 4
    assert "Nothing was run: IsADirectoryError" in done.stderr and "E.csv" in done.stderr


def test_a_number_of_shards_that_is_none_is_named_before_anything_runs(mini):
    done = run_snakemake(mini, "--config", "shards=-1")
    assert done.returncode == 4
    assert "--shards: '-1' is no number of shards" in done.stderr
    assert not (mini / "data/processed").exists()


def test_faults_in_tables_are_all_named_and_nothing_is_written(mini):
    sources = read_table(mini / "config/sources.csv")
    sources[2]["url"] = "ftp://noravelt.example/swarms.html"
    write_table(mini / "config/sources.csv", sources)
    codings = read_table(mini / "config/coding/codings/A.csv")
    codings[6]["code_id"] = "C99"
    write_table(mini / "config/coding/codings/A.csv", codings)
    change_config(mini, "topics", n_topics="four")
    before = read_tree(mini)
    done = run_snakemake(mini)
    assert done.returncode != 0
    assert "3 faults found, nothing was run:" in done.stderr
    assert "config/sources.csv, row 4, column url: 'ftp://noravelt.example/swarms.html'" in done.stderr
    assert "config/coding/codings/A.csv, row 8, column code_id: 'C99'" in done.stderr
    assert "config/config.yaml, column topics.n_topics: 'four'" in done.stderr
    assert "Traceback" not in done.stderr
    own = (".snakemake/", ".graylit.lock")
    assert {path: content for path, content in read_tree(mini).items() if not path.startswith(own)} == before


def test_words_that_are_elsewhere_are_found_and_words_that_are_gone_are_no_evidence(built_copy):
    path, processed = built_copy / "config/coding/codings/B.csv", built_copy / "data/processed"
    before = {row["coding_id"]: row for row in read_table(processed / "located_codings.csv")}
    counted = {row["code_id"]: row for row in read_table(processed / "code_counts.csv")}
    codings = read_table(path)
    moved, gone = codings[1], codings[14]  # B-0002; B-0015 is the only coding of C01 in S008
    moved["start"], moved["end"] = str(int(moved["start"]) - 200), str(int(moved["end"]) - 200)
    gone |= {"exact_sha256": "0" * 64, "normal_sha256": "0" * 64, "fingerprint": "7-1/1/0-9e17a627-259aec5c-34b67d88"}
    write_table(path, codings)
    done = run_snakemake(built_copy, "data/processed/code_counts.csv", "data/processed/guideline_support.csv")
    assert done.returncode == 0, done.stderr
    after = {row["coding_id"]: row for row in read_table(processed / "located_codings.csv")}
    assert after["B-0002"] == before["B-0002"] | {"method": "same_words"}
    assert (after["B-0015"]["method"], after["B-0015"]["is_evidence"], after["B-0015"]["start"]) == ("orphan", "no", "")
    (orphan,) = read_table(processed / "orphans.csv")
    given = ("B-0015", "B", "S008", "C01", "1343", "1388")
    assert tuple(orphan[name] for name in ("coding_id", "coder", "source_id", "code_id", "start", "end")) == given
    counts = {row["code_id"]: row for row in read_table(processed / "code_counts.csv")}
    fewer = {"n_codings": "5", "n_sources": "2", "n_publishers": "2"}
    assert counts == counted | {"C01": counted["C01"] | fewer}
    assert "B-0015" not in {row["coding_id"] for row in read_table(processed / "evidence.csv")}
    support = {row["guideline_id"]: row["n_sources"] for row in read_table(processed / "guideline_support.csv")}
    assert support["G01"] == "4"
    assert "1 codings are no evidence" in (built_copy / "results/logs/count_codes.log").read_text(encoding="utf-8")


def test_a_coding_that_still_waits_for_its_place_stops_the_run_before_codings_are_counted(built_copy):
    path = built_copy / "config/coding/codings/B.csv"
    codings = [row | {"segment_id": ""} for row in read_table(path)]
    codings[1] |= dict.fromkeys(PLACE, "") | {"segment_id": "S001-003"}
    write_table(path, codings)
    before = (built_copy / "data/processed/code_counts.csv").read_bytes()
    done = run_snakemake(built_copy, "data/processed/code_counts.csv")
    assert done.returncode != 0
    assert "B.csv, row 3, column start: 'S001-003' has no place in the text yet (B-0002)" in done.stderr
    assert "run `graylit anchor`" in done.stderr
    assert (built_copy / "data/processed/code_counts.csv").read_bytes() == before


def test_without_captures_the_message_says_what_to_do(mini):
    shutil.rmtree(mini / "data")
    done = run_snakemake(mini)
    assert done.returncode != 0
    assert "No source has been captured yet" in done.stderr
    assert "graylit collect" in done.stderr
    assert "graylit review --archive file.warc.gz" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (mini / "data/processed").exists()


def test_a_second_run_in_the_same_folder_says_so_and_stops(mini):
    with (mini / ".graylit.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_snakemake(mini)
    assert done.returncode != 0
    assert f"Another run is at work in {mini}; wait until it has ended." in done.stderr
    assert not (mini / "data/processed").exists()


def test_a_row_of_captures_that_was_cut_off_does_not_stop_the_review(built_copy):
    with (built_copy / "data/raw/captures.csv").open("a", encoding="utf-8") as captures:
        captures.write("S001-2,S001,http://lindenstreet.example/first-year/,live,captured")
    shard = f"data/processed/shards/{shard_of('S001', 2)}-of-2/texts.csv"
    done = run_snakemake(built_copy, "--forcerun", "extract_texts", "--", shard, "results/ledger.csv")
    assert done.returncode == 0, done.stderr
    assert "extract_texts" in done.stderr and "write_ledger" in done.stderr
    assert by_source(built_copy / shard)["S001"]["outcome"] == "extracted"


def test_the_mini_study_holds_its_captures(mini):
    rows = read_table(mini / "data/raw/captures.csv")
    assert [row["source_id"] for row in rows] == [row["source_id"] for row in read_table(mini / "config/sources.csv")]
    assert {row["final_url"] for row in rows if row["final_url"]} <= {page.url for page in PAGES}
    assert all((mini / "data/raw" / row["warc_file"]).exists() for row in rows)


def test_the_codings_of_the_mini_study_are_those_of_its_quotes(mini):
    codings = [row for coder in ("A", "B") for row in read_table(mini / f"config/coding/codings/{coder}.csv")]
    quotes = read_table(mini / "quotes.csv")
    assert [(row["coding_id"], row["source_id"], row["code_id"], row["exact_sha256"]) for row in codings] == [
        (row["coding_id"], row["source_id"], row["code_id"], digest_exact(row["quote"]) if row["quote"] else "")
        for row in quotes
    ]


def test_steps_run_where_the_path_of_the_interpreter_holds_a_space(mini, tmp_path):
    environment = tmp_path / "an environment"
    environment.symlink_to(sys.prefix)
    arguments = ["--snakefile", str(REPOSITORY / "workflow/Snakefile"), "--directory", str(mini), "--cores", "1"]
    command = [str(environment / "bin/python"), "-m", "snakemake", *arguments, "data/processed/source_counts.csv"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, (mini / "data/processed/source_counts.csv").exists()) == (0, True), done.stderr
