"""What the servicer keeps of rendered answers."""

from aggregation_svc.servicers.rendered_answers import RenderedAnswers

ANSWER = b"x" * 1_000


def test_whoever_asks_the_same_in_ever_other_words_takes_no_more_memory() -> None:
    answers = RenderedAnswers(most_bytes=10_000)
    for number in range(100):
        answers.keep((str(number),), ANSWER)
    assert len(answers) == 10_000 // len(ANSWER)
    assert answers.bytes == len(answers) * len(ANSWER)
    assert answers.get(("99",)) is ANSWER
    assert answers.get(("0",)) is None


def test_an_answer_that_is_kept_already_counts_once() -> None:
    answers = RenderedAnswers(most=2)
    for _ in range(3):
        answers.keep(("same",), ANSWER)
    assert len(answers) == 1
    assert answers.bytes == len(ANSWER)


def test_an_answer_that_is_asked_for_stays_longer_than_one_that_is_not() -> None:
    answers = RenderedAnswers(most=2)
    for name in ("hot", "cold"):
        answers.keep((name,), ANSWER)
    assert answers.get(("hot",)) is ANSWER
    answers.keep(("new",), ANSWER)
    assert (answers.get(("hot",)), answers.get(("cold",))) == (ANSWER, None)
