"""Posts of threads: found on pages of many engines, numbered, with their roles, and no segment of two of them."""

import pytest
from lxml.html import document_fromstring

from graylit.captures.page_trees import read_tree
from graylit.preparation.page_blocks import cut_page
from graylit.preparation.page_bodies import build_body
from graylit.preparation.page_markup import write_posts
from graylit.preparation.page_texts import read_page
from graylit.preparation.post_places import PostPlace, describe_post, read_posts, tabulate_posts
from graylit.preparation.posts import list_posts, mark_posts
from graylit.preparation.segments import segment_text, tabulate_segments
from graylit.preparation.source_texts import Text, join_pages

URL = "https://example.org/t/barrels/12"
BYLINE = '<a href="/members/ada.1">Ada</a> <time>3 May 2024</time>'
WHO, WHEN = '<a class="username" href="/u/ada">Ada</a>', '<span class="date">3 May 2024, 10:20</span>'


def repeat(template, n=3):
    return "".join(template.format(n=number) for number in range(1, n + 1))


ENGINES = {
    "phpbb": repeat(
        '<div id="p10{n}" class="post bg2"><p class="author">by <a href="./memberlist.php?u=2">Ada</a> » 3 May 2024</p>'
        '<div class="content">Words of post {n}.</div></div>'
    ),
    "vbulletin-of-tables": repeat(
        '<table id="post10{n}"><tr><td>3rd May 2024, 16:26</td></tr><tr><td><a class="bigusername" href="/member.php'
        '?u=1">Ada</a></td><td id="td_post_10{n}"><div id="post_message_10{n}">Words of post '
        "{n}.</div></td></tr></table>"
    ),
    "vbulletin-of-lists": "<ol>"
    + repeat(
        f'<li class="postbit postcontainer" id="post_10{{n}}">{WHO}{WHEN}<blockquote class="postcontent">'
        "Words of post {n}.</blockquote></li>"
    )
    + "</ol>",
    "xenforo": repeat(
        f'<article class="message message--post" id="js-post-10{{n}}" data-author="Ada">{BYLINE}'
        '<article class="message-body">Words of post {n}.</article></article>'
    ),
    "xenforo-in-a-form": "<form><ol>"
    + repeat('<li id="post-10{n}" class="message" data-author="Ada">May 3, 2024 <p>Words of post {n}.</p></li>')
    + "</ol></form>",
    "discourse": repeat(
        '<div id="post_{n}" class="topic-body crawler-post"><span class="creator"><a href="/u/ada">Ada</a></span>'
        '<time class="post-time">May 3</time><div class="post" itemprop="text">Words of post {n}.</div></div>'
    ),
    "invision": '<form><div><article id="elComment_1" class="cPost ipsComment">'
    + f'<aside class="ipsComment_author">{WHO}</aside>{WHEN}<p>Words of post 1.</p></article>'
    + repeat(f'<article id="elComment_{{n}}0" class="ipsEntry ipsEntry--post">{WHO}{WHEN}<p>Words.</p></article>', 2)
    + "</div></form>",
    "smf": repeat(
        f'<div class="windowbg" id="msg10{{n}}"><div class="post_wrapper"><div class="poster">{WHO}</div>'
        f'<div class="keyinfo">{WHEN}</div><div class="post"><div id="msg_10{{n}}">Words of post {{n}}.'
        "</div></div></div></div>"
    ),
    "mybb": repeat(
        f'<div class="post classic" id="post_10{{n}}"><div class="post_author">{WHO}</div>'
        '<span class="post_date">2024-05-03, 09:14 PM</span><div class="post_body" id="pid_10{n}">Words of post '
        "{n}.</div></div>"
    ),
    "flarum-without-dates": "<noscript>"
    + repeat('<article><div class="PostUser"><h3>Ada</h3></div><div class="Post-body">Words of {n}.</div></article>')
    + "</noscript>",
    "nodebb": '<div itemtype="https://schema.org/DiscussionForumPosting"><ul>'
    + repeat(
        f'<li itemtype="https://schema.org/Comment"><div itemtype="https://schema.org/Person">{WHO}</div>'
        "<time>3 May</time><div>Words of post {n}.</div></li>"
    )
    + "</ul></div>",
    "of-no-known-engine": repeat(f'<div class="sc-kPaZ">{WHO}{WHEN}<p>Words of post {{n}}.</p></div>'),
}


def posts_of(inner, url=URL, head=""):
    tree = read_tree(f"<html><head>{head}</head><body>{inner}</body></html>")
    return [(post.role, " ".join(post.element.text_content().split())) for post in list_posts(tree, url)]


@pytest.mark.parametrize("engine", ENGINES)
def test_threads_of_every_engine_have_one_question_and_its_answers(engine):
    assert [role for role, _ in posts_of(ENGINES[engine])] == ["question", "answer", "answer"]


STACK = f"""<div class="question" id="question">{WHO}{WHEN}<div class="s-prose">How wide a mesh?</div>
<ul><li class="comment js-comment" id="comment-1">Which insects? <a class="comment-user" href="/users/3">Bo</a> <span
class="comment-date">May 3, 2024</span></li></ul></div>
<div class="answer js-answer accepted-answer" id="answer-7" itemprop="acceptedAnswer">{WHO}{WHEN} Take one millimetre.
<div itemtype="https://schema.org/Comment" id="follow-up-2">{WHO}{WHEN} That is fine.</div></div>
<div class="answer js-answer" id="answer-8">{WHO}{WHEN} Take two.</div>"""
NEWS = (
    '<table class="fatitem"><tr class="athing" id="10"><td class="title">Barrels</td></tr><tr><td class="subtext">by '
    '<a class="hnuser" href="user?id=ada">ada</a> <span class="age">3 hours ago</span></td></tr></table><table>'
    + repeat(
        '<tr class="athing comtr" id="10{n}"><td><a class="hnuser" href="user?id=bo">bo</a> <span class="age">2 hours '
        'ago</span><div class="commtext">Words {n}.</div></td></tr>',
        2,
    )
    + "</table>"
)
REDDIT = f"""<div class="thing link" id="thing_t3_1ab" data-author="ada">{WHEN} Barrels</div>
<div class="thing comment" id="thing_t1_1cd" data-author="bo">{WHEN} Outer words.
<div class="thing comment" id="thing_t1_1ef" data-author="cy">{WHEN} Inner words.</div></div>"""
GITHUB = f"""<div id="issue-12" class="timeline-comment-group">{WHO}{WHEN} The tap leaks.</div>
<div class="timeline-comment" id="issuecomment-13">{WHO}{WHEN} It does here too.</div>"""


@pytest.mark.parametrize(
    ("page", "roles"),
    [
        (STACK, ["question", "comment", "accepted", "comment", "answer"]),
        (NEWS, ["question", "comment", "comment"]),
        (REDDIT, ["question", "comment", "comment"]),
        (GITHUB, ["question", "comment"]),
    ],
    ids=["questions-and-answers", "links-with-comments", "nested-comments", "issues"],
)
def test_comments_and_accepted_answers_are_told_apart(page, roles):
    assert [role for role, _ in posts_of(page)] == roles


def test_an_answer_is_accepted_if_the_page_says_so_in_json():
    head = """<script type="application/ld+json">{"@type": "QAPage", "mainEntity": {"@type": "Question",
    "acceptedAnswer": {"@type": "Answer", "text": "<p>Words of post&nbsp;2.</p>"}}}</script>"""
    assert [role for role, _ in posts_of(ENGINES["discourse"], head=head)] == ["question", "accepted", "answer"]


def test_json_that_is_none_accepts_nothing():
    head = '<script type="application/ld+json">{"acceptedAnswer": </script>'
    assert "accepted" not in [role for role, _ in posts_of(ENGINES["discourse"], head=head)]


@pytest.mark.parametrize(
    "url", ["https://x.org/t/b?page=2", "https://x.org/threads/b.1/page-3", "https://x.org/viewtopic.php?t=1&start=20"]
)
def test_the_first_post_of_a_later_page_asks_nothing(url):
    assert [role for role, _ in posts_of(ENGINES["phpbb"], url)] == ["answer"] * 3


def test_a_post_without_author_and_date_is_one_if_those_beside_it_are():
    deleted = '<div id="p104" class="post">[deleted]</div>'
    assert [words for _, words in posts_of(ENGINES["phpbb"] + deleted)][-1] == "[deleted]"


def test_quotes_menus_and_parts_of_posts_are_no_posts():
    quote = f'<blockquote><div class="message">{WHO}{WHEN} Quoted.</div></blockquote>'
    menu = f'<nav><div class="post">{WHO}{WHEN} Latest.</div></nav>'
    post = f'<div class="post" id="p101">{WHO}{WHEN}{quote}<div class="message">My own words.</div></div>'
    assert len(posts_of(menu + post + ENGINES["phpbb"])) == 4


def test_a_page_without_posts_has_none():
    assert posts_of("<h1>Barrels</h1><p>Words of a page about barrels, by nobody, at no time.</p>") == []


# From the page to the segments ----------------------------------------------------------------------------------


def read_thread(inner):
    """Return the text of a thread of which every word is kept, and the places of its posts."""
    tree = document_fromstring(f"<html><body>{inner}</body></html>")
    mark_posts(list_posts(tree, URL))
    page = cut_page(tree)
    return write_posts(build_body(tree, page, page.blocks), keep_code_blocks=True)


@pytest.mark.parametrize("engine", ENGINES)
def test_places_of_posts_hold_their_words_and_no_word_is_lost(engine):
    text, places = read_thread(ENGINES[engine] + "<p>The end.</p>")
    assert [place.number for place in places] == [1, 2, 3]
    assert all(text[place.start : place.end].strip() == text[place.start : place.end] for place in places)
    assert all(text[place.start : place.end].count("Words") == 1 for place in places)
    assert text.count("Words") == 3
    assert text.endswith("The end.\n")


def test_a_post_goes_on_after_the_one_inside_it():
    date = "<p>3 May 2024</p>"
    inner = f'<div class="comment" id="thing_t1_1" data-author="b">{date}<p>Before.</p>{{}}<p>After.</p></div>'
    text, places = read_thread(inner.format(inner.format("")))
    assert [(place.number, place.role) for place in places] == [(1, "comment"), (2, "comment"), (1, "comment")]
    assert text[places[2].start : places[2].end] == "After."


def test_no_segment_is_of_two_posts():
    text = "- one two\n- three four\n\n- five six\n\nYes.\n\nNo.\n\nAbout seven words of a longer post."
    starts = [text.index(words) for words in ("- one", "- five", "Yes", "No", "About")]
    ends = [*(start - 2 for start in starts[1:]), len(text)]
    places = [PostPlace(start, end, n, "answer") for n, (start, end) in enumerate(zip(starts, ends, strict=True), 1)]
    found = [(segment.post, text[segment.start : segment.end]) for segment in segment_text(text, 5, places)]
    assert found == [
        (1, "- one two\n- three four"),
        (2, "- five six"),
        (3, "Yes."),
        (4, "No."),
        (5, "About seven words of a longer post."),
    ]


def test_segments_name_their_post_and_its_role():
    text = "A page about barrels.\n\nHow wide a mesh?"
    places = (PostPlace(23, len(text), 1, "question"),)
    rows = tabulate_segments("S001", text, 2, posts=read_posts(tabulate_posts("S001", places)))
    assert [(row["post"], row["post_role"]) for row in rows] == [(None, ""), (1, "question")]


def test_a_post_is_named_for_readers():
    assert describe_post({"post": "3", "post_role": "accepted"}) == "post 3, accepted answer"
    assert describe_post({"post": "", "post_role": ""}) == ""


def test_posts_go_on_counting_on_the_next_page_of_a_thread():
    first = Text("extracted", words="# B\n\nAsks.\n", posts=(PostPlace(5, 10, 1, "question"),))
    second = Text("extracted", words="# B\n\nSays.\n", posts=(PostPlace(5, 10, 1, "question"),))
    joined = join_pages([first, second])
    assert [(place.number, place.role) for place in joined.posts] == [(1, "question"), (2, "answer")]
    assert [joined.words[place.start : place.end] for place in joined.posts] == ["Asks.", "Says."]


def test_a_page_that_states_a_thread_is_read_with_its_posts():
    words = "Words that say how the barrel is to be painted in spring, and why twice. " * 4
    posts = repeat(f'<div id="p10{{n}}" class="post">{WHO}{WHEN}<p>{words}</p></div>')
    page = f'<div itemscope itemtype="https://schema.org/DiscussionForumPosting">{posts}</div>'
    found = read_page(read_tree(f"<html><body>{page}</body></html>"), URL, "2026-03-01T00:00:00Z")
    assert [place.role for place in write_posts(found.body, keep_code_blocks=True)[1]] == [
        "question",
        "answer",
        "answer",
    ]
