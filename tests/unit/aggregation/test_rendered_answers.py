"""What the servicer keeps of rendered answers."""

from tta.analytics.v1 import aggregation_pb2 as pb

from aggregation_svc.servicers.rendered_answers import RenderedAnswers

ANSWER = pb.ListPatternsResponse(next_page_token="x" * 1_000)


def test_whoever_asks_the_same_in_ever_other_words_takes_no_more_memory() -> None:
    answers = RenderedAnswers(most_bytes=10_000)
    for number in range(100):
        answers.keep((str(number),), ANSWER)
    assert len(answers) == 10_000 // ANSWER.ByteSize()
    assert answers.bytes == len(answers) * ANSWER.ByteSize()
    assert answers.get(("99",)) is ANSWER
    assert answers.get(("0",)) is None


def test_an_answer_that_is_kept_already_counts_once() -> None:
    answers = RenderedAnswers(most=2)
    for _ in range(3):
        answers.keep(("same",), ANSWER)
    assert len(answers) == 1
    assert answers.bytes == ANSWER.ByteSize()
