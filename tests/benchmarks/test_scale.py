"""Larger reviews made from a real one, and the figures of how a review grows."""

import os
import re

import pytest

from archives import MINI, PAGES
from conftest import read_table
from enlarging import carry_codings, index_codings, name_sources, write_tables
from figures import start_afresh
from graylit.anchors.fingerprints import digest_exact
from graylit.study.checking import require_study
from recombining import recombine_pages
from scaling import draw_growth, fit_growth, read_span, read_stages

HTML = [page.read() for page in PAGES if page.file.endswith(".html") and page.file != "shell.html"]


def test_recombined_pages_are_all_different():
    pages = list(recombine_pages(HTML, 40, seed=1))
    assert len(set(pages)) == 40


def test_the_same_seed_recombines_the_same_pages_and_another_one_others():
    first, again, other = (list(recombine_pages(HTML, 8, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_recombined_page_keeps_its_own_menu_and_has_words_of_other_pages():
    (page,) = recombine_pages(HTML, 1, seed=3)
    menu = re.search(rb"<nav.*?</nav>", HTML[0], re.DOTALL)
    others = b"".join(HTML[1:])
    blocks = re.findall(rb"<p>([^<]{60,})</p>", page)
    assert menu and menu[0] in page
    assert any(block in others for block in blocks)


@pytest.fixture(scope="module")
def study():
    return require_study(MINI)


def test_a_coding_goes_with_the_words_of_its_segment(study, built):
    segments = read_table(built / "data/processed/shards/1-of-2/segments.csv")
    segments += read_table(built / "data/processed/shards/2-of-2/segments.csv")
    segments.sort(key=lambda row: (row["source_id"], int(row["start"])))
    carried = list(carry_codings(segments, built / "data/processed/texts", index_codings(study, segments)))
    assert len(carried) > 20
    for _, row in carried:
        text = (built / f"data/processed/texts/{row['source_id']}.txt").read_bytes().decode("utf-8")
        assert digest_exact(text[int(row["start"]) : int(row["end"])]) == row["exact_sha256"]
    assert len({row["coding_id"] for _, row in carried}) == len(carried)


def test_a_larger_study_has_an_appraisal_for_each_source_as_its_model_has(study, tmp_path):
    sources = name_sources(study, 25)
    write_tables(study, sources, None, tmp_path)
    appraised = read_table(tmp_path / "config/quality.csv")
    n_of_model = {row["source_id"]: 0 for row in study.sources.cells}
    for row in study.quality.cells:
        n_of_model[row["source_id"]] += 1
    assert len(appraised) == sum(n_of_model[model] for _, model in sources)
    assert len(read_table(tmp_path / "config/sources.csv")) == 25


def test_growth_is_the_exponent_between_the_largest_sizes():
    assert fit_growth([10, 100, 1000], [99.0, 1.0, 10.0]) == pytest.approx(1)
    assert fit_growth([100, 1000], [5.0, 5.0]) == pytest.approx(0)


def test_stages_add_up_their_jobs(tmp_path):
    header = "s\th:m:s\tmax_rss\tcpu_time\n"
    (tmp_path / "extract_texts.1-of-2.benchmark.tsv").write_text(header + "2.0\t0:00:02\t100.0\t1.5\n")
    (tmp_path / "extract_texts.2-of-2.benchmark.tsv").write_text(header + "3.0\t0:00:03\t200.0\t-\n")
    (row,) = read_stages(tmp_path).to_dict("records")
    assert (row["stage"], row["n_jobs"], row["seconds"], row["cpu_seconds"]) == ("extract_texts", 2, 5.0, 1.5)
    assert row["peak_mb"] == pytest.approx(209.7, abs=0.1)


def test_the_plot_has_a_curve_for_each_series():
    plot = draw_growth({"review": {10: 1.0, 100: 9.0}, "one": {10: 0.1, 100: 0.2}}, "Growth", "s")
    assert plot.count("<polyline") == 2
    assert "100 sources" in plot


def test_a_stage_lasts_from_the_start_of_its_first_job_to_the_end_of_its_last(tmp_path):
    for job, ended, seconds in (("1-of-2", 1000, 20), ("2-of-2", 1015, 12)):
        path = tmp_path / f"extract_texts.{job}.benchmark.tsv"
        path.write_text(f"s\tmax_rss\n{seconds}\t1\n", encoding="utf-8")
        os.utime(path, (ended, ended))
    assert read_span(tmp_path, "extract_texts") == 35


def test_a_run_that_was_broken_off_leaves_nothing_that_the_next_one_meets(tmp_path):
    for _ in range(2):
        folder = start_afresh(tmp_path / "runs")
        assert list(folder.iterdir()) == []
        (folder / "topics").mkdir()
