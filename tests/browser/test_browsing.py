"""The checks of pages find what they are for: a check that cannot fail would say nothing about the pages."""

import pytest

from browser.browsing import assert_accessible, assert_no_script_ran, assert_nothing_left_the_machine, observed

HEAD = (
    '<!DOCTYPE html><html lang="en"><head><title>Bees</title>{}</head><body><main><h1>Bees</h1>{}</main></body></html>'
)


def open_page(page, folder, body, head=""):
    """Open a page of one's own from a file."""
    path = folder / "page.html"
    path.write_text(HEAD.format(head, body), encoding="utf-8")
    page.goto(path.as_uri())


def test_a_plain_page_passes_all_checks(page, tmp_path):
    open_page(page, tmp_path, "<p>Bees &lt;script&gt;fired('text')&lt;/script&gt;</p>")
    assert_no_script_ran(page)
    assert_accessible(page)


@pytest.mark.parametrize(
    "body",
    [
        "<script>fired('inline')</script>",
        "<img alt='' src='data:,' onerror=\"fired('handler')\">",
        "<a href=\"javascript:fired('link')\">read</a>",
        "<a href=\"data:text/html,<script>fired('data')</script>\">read</a>",
        "<script>alert(1)</script>",
    ],
    ids=["inline", "handler", "link", "data", "alert"],
)
def test_a_script_of_the_data_is_found(page, tmp_path, body):
    open_page(page, tmp_path, body)
    with pytest.raises(AssertionError):
        assert_no_script_ran(page)


def test_a_script_that_the_policy_stopped_is_found(page, tmp_path):
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    open_page(page, tmp_path, "<svg onload=\"fired('svg')\"></svg>", head=policy)
    page.wait_for_load_state("networkidle")
    observed(page).errors.clear()  # Chromium says it on the console as well
    assert any("the policy stopped" in one for one in observed(page).scripts)
    assert not any("a script ran" in one for one in observed(page).scripts)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_too_pale_to_read_are_found(page, tmp_path, scheme):
    rule = f"<style>@media (prefers-color-scheme: {scheme}) {{ p {{ color: #ccc; background: #ddd }} }}</style>"
    open_page(page, tmp_path, "<p>Bees</p>", head=rule)
    with pytest.raises(AssertionError, match=f"{scheme}: color-contrast"):
        assert_accessible(page)


def test_a_request_to_another_machine_is_found_and_refused(page, tmp_path):
    open_page(page, tmp_path, "<img alt='' src='http://pictures.example/bee.png'>")
    page.wait_for_load_state("networkidle")
    with pytest.raises(AssertionError):
        assert_nothing_left_the_machine(page)
    observed(page).strangers.clear()
    observed(page).errors.clear()  # Chromium says it on the console as well
