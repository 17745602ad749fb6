"""Where a person has decided, a model's decision counts for nothing; its settlement of theirs neither."""

from graylit.screening.deciding import decide_candidate
from graylit.screening.outranking import leave_outranked, leave_outranked_scores
from graylit.tables.screening import SCREENINGS


def screen(screening_id, screener, decision, **more):
    row = {"screening_id": screening_id, "candidate_id": "H1", "screener": screener, "decision": decision, "round": "1"}
    return dict.fromkeys(SCREENINGS.names, "") | row | more


def decide(*rows):
    return decide_candidate(leave_outranked(rows, {"M1", "M2"}))[0]


def test_a_person_outranks_models():
    assert decide(screen("A1", "ANN", "include"), screen("M1", "M1", "exclude")) == "include"
    assert decide(screen("A1", "ANN", "unsure"), screen("M1", "M1", "exclude")) == "open"


def test_models_decide_where_no_person_has():
    assert decide(screen("M1", "M1", "exclude"), screen("M2", "M2", "exclude")) == "exclude"
    assert decide(screen("M1", "M1", "exclude"), screen("M2", "M2", "include")) == "open"


def test_a_decision_that_was_taken_back_outranks_nothing():
    rows = [screen("A1", "ANN", "include"), screen("A2", "ANN", "", replaces="A1"), screen("M1", "M1", "exclude")]
    assert decide(*rows) == "exclude"


def test_a_model_settles_no_people():
    rows = [
        screen("A1", "ANN", "include"),
        screen("B1", "BEN", "exclude"),
        screen("M1", "M1", "exclude", settles="A1; B1"),
    ]
    assert decide(*rows) == "open"


def score(source_id, item, appraiser, cell):
    return {"source_id": source_id, "item": item, "appraiser": appraiser, "score": cell}


def test_a_persons_score_outranks_a_models_question_by_question():
    rows = [score("S1", "Q1", "ANN", "1"), score("S1", "Q1", "M1", "0"), score("S1", "Q2", "M1", "0")]
    assert leave_outranked_scores(rows, {"M1"}) == [rows[0], rows[2]]
    taken_back = [*rows, score("S1", "Q1", "ANN", "")]
    assert leave_outranked_scores(taken_back, {"M1"}) == taken_back
