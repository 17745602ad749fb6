"""A whole review of five pages by two people: commands search, capture, review and export; pages decide all the rest.

No table is opened: each row of each table comes from a command or from a page, and says who decided.
"""

import re
import zipfile
from contextlib import contextmanager

from playwright.sync_api import expect

from archives import Page as ArchivedPage
from archives import write_archive
from browser.browsing import assert_no_script_ran
from conftest import read_table
from desks import serve_page
from graylit.study.checking import read_study
from graylit.study.people import list_unlisted
from graylit.study.remarks import list_remarks
from graylit.study.study import ALL_TABLES
from graylit.tables.faults import describe_faults
from graylit.tables.people import MAKERS
from running import call_graylit

ANNA = "searcher screener editor coder appraiser synthesizer reader sorter"
BEN = "screener settler coder adjudicator reader sorter"
PARTS = {
    "mesh": "A mesh over the inlet of the barrel keeps leaves and gnats out of the water for years.",
    "overflow": "The overflow of the barrel leads away from the wall of the house, to a bed that likes water.",
    "pump": "A pump stands behind a filter, since sand from the roof wears its wheel out within a summer.",
    "tap": "A tap sits a hand above the ground of the barrel, so that mud stays where it has sunk.",
}
ASIDE = "In our garden the summer was dry again, and neighbours asked how we had kept the beans alive."
HOSTS = ("brook", "meadow", "hillside", "orchard", "terrace")
TITLES = [f"Barrels on the {host}" for host in HOSTS]
SALE = "Sale of barrels"
SEARCH = ("--engine", "bing", "--query", "rain barrel", "--stopped", "all hits were read")
CODES = {"Mesh": "A mesh or sieve keeps things out", "Overflow": "Where water goes when the barrel is full",
         "Pump": "How a pump is kept whole", "Tap": "Where the tap sits"}  # fmt: skip
FILLED = {
    '"(title of your review)"': "Rain barrels",
    '"(your name)"': "Anna Field",
    '    orcid: "(your ORCID iD; leave the line out if you have none)"\n': "",
    '    affiliation: "(where you work; leave the line out if nowhere)"\n': "",
    '"(how others may use what is yours: one of https://spdx.org/licenses, such as CC-BY-4.0)"': "CC-BY-4.0",
    '"(your e-mail address or page)"': "anna@example.org",
    "has_texts: true": "has_open_coding: true\nhas_texts: true",
    "min_segment_words: 12": "min_segment_words: 5",
    "n_topics: 4": "n_topics: 0",
}


def format_page(title, parts):
    body = "".join(f"<p>{words}</p>" for words in parts)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>".encode()
    )


def start_study(folder):
    """Write a new study, and answer the questions of its config and protocol, which are no tables."""
    assert call_graylit("new", folder).returncode == 0
    config = folder / "config/config.yaml"
    said = config.read_text(encoding="utf-8")
    for asked, answer in FILLED.items():
        assert said.count(asked) == 1, asked
        said = said.replace(asked, answer)
    config.write_text(said, encoding="utf-8")
    protocol = folder / "config/protocol.md"
    said = protocol.read_text(encoding="utf-8")
    protocol.write_text(re.sub(r"^\(.*\)$", "We say so here.", said, flags=re.MULTILINE), encoding="utf-8")


def write_web(folder):
    """Write what a search brought, as a manager of references saves it, and an archive of the pages."""
    pages = {f"https://{host}.example/barrels": title for host, title in zip(HOSTS, TITLES, strict=True)}
    archive = [ArchivedPage(url, body=format_page(title, [*PARTS.values(), ASIDE])) for url, title in pages.items()]
    hits = [*pages.items(), ("https://shop.example/sale", SALE)]
    answer = "".join(f"TY  - BLOG\nTI  - {title}\nUR  - {url}\nPY  - 2025\nER  - \n\n" for url, title in hits)
    (folder / "hits.ris").write_text(answer, encoding="utf-8")
    write_archive(folder / "pages.warc.gz", archive)


def run(folder, *arguments):
    ended = call_graylit("-C", folder, *arguments)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@contextmanager
def sit(page, study, person, task):
    """Open a task of a person's desk in the browser, which leaves it before the desk ends."""
    with serve_page(study, person) as server:
        page.goto(server.turn_to(task).address)
        expect(page.locator("#study")).to_have_text("Rain barrels")
        yield server
        assert_no_script_ran(page)
        page.goto("about:blank")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def fill(page, **cells):
    for name, words in cells.items():
        page.locator(f"#form-{name}").fill(words)
    press(page, "Control+Enter")
    expect(page.locator("#form")).not_to_be_visible()


def describe_people(page, study):
    """Say on the first page who decides: Anna does, and she adds Ben."""
    with serve_page(study, "ANNA") as server:
        page.goto(server.first)
        expect(page.locator("#heading")).to_have_text("Who decides here?")
        page.get_by_role("button", name="Add somebody else").click()
        for at, (name, roles) in enumerate((("", ANNA), ("BEN", BEN))):
            box = page.locator(".decider").nth(at)
            if name:
                box.locator("input[name=decider]").fill(name)
            box.get_by_label("a person").check()
            for role in roles.split():
                box.locator(f"input[value={role}]").check()
        page.get_by_role("button", name="Save all").click()
        expect_saved(page, "ANNA, BEN")
        page.goto("about:blank")


def screen(page, study, person, unsure=""):
    with sit(page, study, person, "screen"):
        for number in range(6):
            title = page.locator("#candidate h1")
            expect(page.locator("#left")).to_have_text(f"{6 - number} left · {number} done")
            shown = title.inner_text()
            press(page, "1" if shown == SALE else "m" if shown == unsure else "i")
        expect(page.locator("#left")).to_have_text("0 left · 6 done")


def code_all(page, study, person, taken_for=""):
    """Code every source: each segment by the word that it has; `taken_for` is given where the tap is meant."""
    with sit(page, study, person, "code"):
        for number in range(1, 6):
            expect(page.locator(".segment.current")).to_have_attribute("id", re.compile("-001$"))
            segments = page.locator(".segment").count()
            for _ in range(segments):
                current = page.locator(".segment.current")
                segment_id, words = current.get_attribute("id"), current.inner_text()
                found = next((name for name, part in zip(CODES, PARTS.values(), strict=True) if part in words), "")
                name = taken_for if number == 1 and found == "Tap" and taken_for else found
                if name:
                    press(page, "/")
                    page.keyboard.type(name)
                    press(page, "Enter")
                    expect_saved(page, f".* on {segment_id}")
                press(page, "Enter")
                if not name:
                    expect_saved(page, f"no code on {segment_id}")
            expect(page.locator("#head")).to_contain_text(f"{segments} of {segments} segments decided")
            press(page, "F")
            page.locator("[data-do=finished]").click()
            expect_saved(page, "finished")
            if number < 5:
                press(page, "J")
                expect(page.locator("#total")).to_contain_text(f"{number} of 5 sources finished")


def write_guidelines(page, study):
    """Have the codings found; write two themes, then a practice and a guideline of each code, places opened first."""
    run(study, "review")
    with sit(page, study, "ANNA", "synthesize"):
        expect(page.locator("#total")).to_contain_text("4 codes")
        codes = {}
        for line in page.locator("#codes li").all_inner_texts():
            name = next(name for name in CODES if name in line)
            codes[name] = re.search(r"ANNA-c[0-9]+", line)[0]
        for theme, members in {"Clean water": ("Mesh", "Tap"), "Moving water": ("Overflow", "Pump")}.items():
            press(page, "1")
            for name in members:
                page.get_by_label(re.compile(f"Mark {codes[name]} ")).check()
            press(page, "n")
            fill(page, name=theme)
        for name, code in codes.items():
            page.locator("#codes li", has_text=name).get_by_role("button").first.click()
            expect(page.locator("#places-title")).to_contain_text(code)
            for number in (1, 2):
                press(page, "o")
                expect(page.locator("#places mark")).to_have_count(number)
            press(page, "c", "2")
            page.get_by_label(re.compile(f"Mark {code} ")).check()
            press(page, "n")
            fill(page, name=f"{name} of gardens", statement=f"Gardens have a {name.lower()}.")
            press(page, "x", "3", "n")
            fill(page, name=f"Have a {name.lower()}", statement=f"Have a {name.lower()} at each barrel.")
            expect_saved(page, "guideline G")


def appraise_all(page, study, person):
    """Say yes to each question on each source."""
    with sit(page, study, person, "appraise"):
        for number in range(1, 6):
            source_id = f"H{number:03}"
            expect(page.locator("#sources [aria-current=true]")).to_contain_text(source_id)
            for question in range(1, 21):
                expect(page.locator(".item.current")).to_have_attribute("id", f"item-Q{question:02}")
                press(page, "1")
                expect_saved(page, f"Q{question:02} of {source_id} is 1")
            expect(page.locator("#total")).to_have_text(f"{number} of 5 sources appraised")


def check_claims(page, study):
    """Write a claim for each guideline; Anna reads all places, Ben some of them again, and settles."""
    with sit(page, study, "ANNA", "claims"):
        expect(page.locator("article")).to_have_count(4)
        for number in range(4):
            press(page, *(["j"] if number else []), "a")
            page.keyboard.type(f"Claim {number + 1} holds at each barrel.")
            press(page, "Control+Enter")
            expect_saved(page, f"ANNA-L{number + 1:02} is new")
            expect(page.locator("li.current")).to_contain_text(f"Claim {number + 1}")
    for person, first in (("ANNA", "s"), ("BEN", "p")):
        with sit(page, study, person, "check-claims"):
            for number in range(200):
                expect(page.locator("#left")).to_contain_text("left")
                if (left := page.locator("#left").inner_text()).startswith("0 left"):
                    break
                expect(page.locator(".readings button").first).to_be_enabled()
                press(page, "s" if number else first)
                expect(page.locator("#left")).not_to_have_text(left)
            expect(page.locator("#pair h1")).to_have_text("You have read every place.")
    with sit(page, study, "BEN", "settle-readings"):
        expect(page.locator("#left")).to_contain_text("0 settled")
        while not (left := page.locator("#left").inner_text()).startswith("0 left"):
            press(page, "s")
            expect(page.locator("#left")).not_to_have_text(left)
        expect(page.locator("#pair h1")).to_have_text("Nothing is left to settle.")


def write_impacts(page, study):
    """Write an impact of each guideline, which Ben reads a second time."""
    with sit(page, study, "ANNA", "impacts"):
        for number in range(4):
            if number:
                press(page, "g", "j")
            expect(page.locator("#head h1")).to_contain_text(f"G{number + 1:02}")
            expect(page.locator("#places-title")).to_contain_text(f"G{number + 1:02}")
            expect(page.locator("#places > li")).not_to_have_count(0)
            press(page, "o")
            expect(page.locator("#places mark")).to_have_count(1)
            press(page, "x", "n")
            page.keyboard.type(f"part {number + 1} of the barrel")
            page.locator("#form-quality_attribute").select_option("reliability")
            page.locator("#form").get_by_label("strengthened").check()
            fill(page, decision=f"Where part {number + 1} goes")
            expect_saved(page, f"impact I{number + 1:02}")
    with sit(page, study, "BEN", "read-impacts"):
        for number in range(4):
            expect(page.locator("#left")).to_have_text(f"{4 - number} left · {number} read")
            press(page, "5", "s")
        expect(page.locator("#left")).to_have_text("0 left · 4 read")


def sort_cards(page, study):
    """Have both sort, and name the categories that Anna starts from the cut."""
    for person, piles in (("ANNA", ("Keeping clean", "Leading on")), ("BEN", ("Dirt", "Ways of water"))):
        with sit(page, study, person, "sort"):
            for number in range(4):
                name = page.locator("[aria-current=true] strong").inner_text()
                pile = piles[0 if name in ("Have a mesh", "Have a tap") else 1]
                target = page.locator(".pile", has_text=pile)
                if target.count():
                    target.get_by_role("button", name="Put here").click()
                else:
                    press(page, "n")
                    page.keyboard.type(pile)
                    press(page, "Enter")
                expect(page.locator(".pile li")).to_have_count(number + 1)
            press(page, "f", "Control+Enter")
            expect_saved(page, "you have finished")
    with sit(page, study, "ANNA", "categories"):
        expect(page.locator(".cluster")).to_have_count(2)
        press(page, "s")
        for number, name in enumerate(("Clean water", "Moving water")):
            page.locator(f'[data-field="name"][data-group="{number}"]').fill(name)
        press(page, "Control+Enter")
        expect_saved(page, "2 categories")


def list_makers(study):
    """Return who made the rows of each table, by its file: '' if a row names nobody."""
    makers = {}
    for file, contract in ALL_TABLES.values():
        columns = [name for name in contract.names if name in MAKERS]
        if (study / file).exists() and columns:
            rows = read_table(study / file)
            makers |= {file: {row.get(columns[0], "") for row in rows}} if rows else {}
    return makers


def find_and_screen(page, study, web):
    """Begin a study, search, and screen; what the two differ on is settled, and what is included becomes sources."""
    start_study(study)
    write_web(web)
    run(study, "find", web / "hits.ris", "--by", "ANNA", "--at", "2026-02-01", *SEARCH)
    describe_people(page, study)
    with sit(page, study, "ANNA", "criteria"):
        press(page, "n")
        fill(page, name="Sales", definition="It sells, and says nothing of how barrels are kept")
        expect_saved(page, "criterion E1")
    screen(page, study, "ANNA")
    screen(page, study, "BEN", unsure=TITLES[1])
    with sit(page, study, "BEN", "settle"):
        expect(page.locator("#candidate h1")).to_have_text(TITLES[1])
        press(page, "i")
        expect_saved(page, "include")
    with sit(page, study, "BEN", "progress"):
        page.get_by_role("button", name="Make sources of them").click()
        page.locator("#include").click()
        expect(page.locator("#saved")).to_contain_text("Saved")
    with sit(page, study, "ANNA", "describe"):
        for number, host in enumerate(HOSTS, start=1):
            expect(page.locator(".item.current")).to_contain_text(f"H{number:03}")
            press(page, "e")
            page.locator("#form-cell-publisher").fill(f"{host.title()} Club")
            page.locator("#form-cell-source_type").fill("blog-post")
            press(page, "Control+Enter")
            expect_saved(page, f"what H{number:03} is")
            press(page, "n")


def code_and_settle(page, study, web):
    """Capture the sources, code them twice by a codebook, and settle where the two differ."""
    run(study, "collect", "--archive", web / "pages.warc.gz", "--no-live")
    with sit(page, study, "ANNA", "codebook"):
        for name, definition in CODES.items():
            press(page, "n")
            page.locator("#form-0-name").fill(name)
            page.locator("#form-0-definition").fill(definition)
            press(page, "Control+Enter")
            expect_saved(page, ".*")
            expect(page.locator("#total")).to_contain_text(f"{list(CODES).index(name) + 1} code")
    code_all(page, study, "ANNA")
    code_all(page, study, "BEN", taken_for="Pump")
    with sit(page, study, "BEN", "adjudicate"):
        expect(page.locator("#left")).to_have_text("1 left · 0 settled")
        press(page, "2")
        page.keyboard.type("the tap is the point")
        press(page, "Enter")
        expect_saved(page, "ANNA-c04 alone stands")
        expect(page.locator("#dispute")).to_contain_text("Nothing is left to settle.")


def publish(study):
    """Run the review, freeze and export it; return the names of the files in the package."""
    for verb in ("review", "freeze", "export"):
        run(study, verb)
    with zipfile.ZipFile(study / "results/export/replication-package.zip") as package:
        return package.namelist()


def test_two_people_conduct_a_review_through_pages_alone(page, tmp_path):
    study = tmp_path / "study"
    find_and_screen(page, study, tmp_path)
    code_and_settle(page, study, tmp_path)
    write_guidelines(page, study)
    appraise_all(page, study, "ANNA")
    check_claims(page, study)
    write_impacts(page, study)
    sort_cards(page, study)

    packed = publish(study)
    checked, faults = read_study(study)
    assert faults == [], describe_faults(faults)
    assert [str(remark) for remark in list_remarks(checked, study)] == []
    assert run(study, "status", "--open").splitlines() == ["Rain barrels"]
    makers = list_makers(study)
    assert {name for names in makers.values() for name in names} == {"ANNA", "BEN"}
    assert list_unlisted(checked) == {}
    assert len(makers) == 19
    assert [file for file in makers if not any(name.endswith(file) for name in packed)] == []
    support = read_table(study / "data/processed/claim_support.csv")
    assert [(row["n_sources"], row["has_floor"]) for row in support] == [("5", "yes")] * 4
    assert len({row["category_id"] for row in read_table(study / "data/processed/card_clusters.csv")}) == 2
