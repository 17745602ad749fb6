"""The order of what is left to screen: learnt from one screener's decisions, the same whenever it is made again."""

import random

import pytest
from threadpoolctl import threadpool_limits

from graylit.screening.ranking import CandidateWords, Ranker, cut_words, draw_order, keep_listed, pair_words, read_place
from graylit.tables.screening import DRAWN, LISTED, RANKED

TOPICS = {
    "serving": "serve a trained model behind an endpoint with canary release and rollback",
    "garden": "plant tomatoes in rich soil and water them every warm evening",
    "money": "quarterly revenue grew while the bank cut its interest rate again",
}


def write_texts(n, seed=1):
    """Return texts of three topics in turn, words in an order of their own."""
    chance = random.Random(seed)
    names = [*TOPICS] * (n // 3 + 1)
    texts = []
    for number, name in enumerate(names[:n], start=1):
        words = TOPICS[name].split()
        title = " ".join(chance.sample(words, 4))
        words = " ".join(chance.sample(words, len(words)))
        texts.append(CandidateWords(f"H{number:03d}", title, words, f"https://{name}.example/{number}"))
    return texts


TEXTS = write_texts(30)
TAUGHT = {"H001": "include", "H002": "exclude"}


def test_what_is_like_the_included_comes_first():
    order = Ranker(TEXTS, seed=3).rank(TAUGHT, 2)
    assert order.shown == RANKED
    assert {int(candidate_id[1:]) % 3 for candidate_id in order.candidate_ids[:9]} == {1}
    assert set(order.candidate_ids) == {text.candidate_id for text in TEXTS} - set(TAUGHT)
    assert order.ranks[order.candidate_ids[4]] == 5


@pytest.mark.parametrize("decided", [{}, {"H001": "include"}, {"H001": "exclude", "H002": "unsure"}])
def test_until_both_kinds_of_decision_exist_candidates_stay_as_they_are_listed(decided):
    order = Ranker(TEXTS, seed=3).rank(decided, len(decided))
    assert order.shown == LISTED
    assert list(order.candidate_ids) == [text.candidate_id for text in TEXTS if text.candidate_id not in decided]


def test_an_order_is_the_same_with_another_number_of_threads_and_another_order_of_decisions():
    turned = dict(reversed(TAUGHT.items()))
    orders = []
    for n_threads in (1, 2):
        with threadpool_limits(limits=n_threads):
            orders += [Ranker(TEXTS, seed=3).rank(taught, 2) for taught in (TAUGHT, turned)]
    assert orders.count(orders[0]) == 4


def test_candidates_with_the_same_words_follow_their_ids():
    same = [text._replace(title="A page", words="of the same words", address="https://a.example") for text in TEXTS]
    order = Ranker([*reversed(same[2:]), *TEXTS[:2]], seed=3).rank(TAUGHT, 2)
    assert list(order.candidate_ids) == sorted(order.candidate_ids)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Ranker(TEXTS, seed=4).rank(TAUGHT, 2),
        lambda: Ranker([*TEXTS[:-1], TEXTS[-1]._replace(words="other")], seed=3).rank(TAUGHT, 2),
        lambda: Ranker(TEXTS, seed=3).rank({**TAUGHT, "H003": "unsure"}, 2),
        lambda: Ranker(TEXTS, seed=3).rank({"H001": "exclude", "H002": "include"}, 2),
    ],
    ids=["seed", "texts", "unsure", "turned"],
)
def test_the_digest_tells_of_every_input(change):
    assert change().sha256 != Ranker(TEXTS, seed=3).rank(TAUGHT, 2).sha256


def test_a_short_title_or_an_address_alone_is_enough():
    texts = [CandidateWords("H1", "", "", "https://serving.example/a-model")]
    texts += [CandidateWords(f"H{n}", "", "", f"https://garden.example/{n}") for n in range(2, 6)]
    texts += [CandidateWords(f"H{n}", "", "", f"https://serving.example/{n}") for n in range(6, 9)]
    order = Ranker(texts, seed=3).rank({"H1": "include", "H2": "exclude"}, 2)
    assert order.candidate_ids[:3] == ("H6", "H7", "H8")


def test_candidates_without_a_shared_word_are_ranked_by_their_ids():
    texts = [CandidateWords(f"H{n}", f"word{n}", "", f"https://host{n}.example") for n in range(5)]
    order = Ranker(texts, seed=3).rank({"H0": "include", "H1": "exclude"}, 2)
    assert order.candidate_ids == ("H2", "H3", "H4")


def test_a_random_order_is_one_of_the_screener_and_keeps_its_places_when_others_are_added():
    ids = [text.candidate_id for text in TEXTS]
    order = draw_order(ids, TAUGHT, 2, seed=3, screener="ANNA")
    assert order.shown == DRAWN
    assert order.candidate_ids != draw_order(ids, TAUGHT, 2, seed=3, screener="BEN").candidate_ids
    fewer = draw_order(ids[:20], TAUGHT, 2, seed=3, screener="ANNA").candidate_ids
    assert [candidate_id for candidate_id in order.candidate_ids if candidate_id in fewer] == list(fewer)
    assert keep_listed(ids, TAUGHT, 2).candidate_ids == tuple(ids[2:])


def test_texts_are_seen_as_words_pairs_and_pieces_and_addresses_as_words():
    assert pair_words(["a", "b", "c"]) == ["a", "b", "c", "a b", "b c"]
    assert cut_words(["model", "a"]) == [" mod", "mode", "odel", "del ", " a "]
    assert read_place("https://www.Example.org/Model_Serving/%C3%A4b?x=1") == "example.org /model serving/äb"
