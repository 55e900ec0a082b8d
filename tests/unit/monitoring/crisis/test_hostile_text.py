"""Whatever is sent, the rule layer answers in bounded time."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring_svc.domain.crisis import recognise

BOUND_S = 2.0
"""Generous, for a busy machine; the benchmark measures the real figures."""

_HOSTILE = {
    "100 kB of words": "i want to be happy and you want to be here " * 2_300,
    "100 kB without a space": "a" * 100_000,
    "a million combining characters": "d" + "\u0301" * 1_000_000,
    "beginnings of patterns": "i want to " * 10_000,
    "negations": "not " * 25_000,
    "gaps": "i i i i want want want to to to " * 3_000,
    "quotes": "'\"" * 50_000,
    "apostrophes at word starts": " 'a" * 30_000,
    "stars": "k*" * 50_000,
    "exclamation marks": "!" * 100_000,
    "leet": "1!|$@" * 20_000,
    "single letters": "i " * 50_000,
    "pictures": "💊🔪" * 25_000,
    "line ends": "\n" * 100_000,
    "zero width": "\u200b" * 100_000,
    "surrogate": "\ud800 i want to die",
    "null": "\x00" * 1000,
    "right to left": "\u202e" + "אבג" * 10_000,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_message_is_answered_in_bounded_time(name: str) -> None:
    started = time.process_time()

    recognise([_HOSTILE[name]])

    assert time.process_time() - started < BOUND_S


def test_many_hostile_messages_are_answered_in_bounded_time() -> None:
    started = time.process_time()

    recognise(["i want to not die " * 6_000] * 200)

    assert time.process_time() - started < 20 * BOUND_S


def test_the_end_of_a_very_long_message_is_read() -> None:
    assert recognise(["blah " * 24_000 + "i want to die"]) is not None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(max_size=300), max_size=6))
def test_any_text_is_answered(messages: list[str]) -> None:
    decision = recognise(messages)

    if decision is not None:
        for span in decision.spans:
            assert 0 <= span.start < span.end <= len(messages[span.message])


_VOCABULARY = """
i want to die not never kill myself ' " , . ? my friend says he tonight pills cut again lol boss used 💊 d1e k*ll
"""
_WORDS = st.sampled_from([*_VOCABULARY.split(), "\n"])


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=60).map(" ".join))
def test_any_mixture_of_meaningful_words_is_answered(message: str) -> None:
    decision = recognise([message])

    assert decision is None or 0.5 <= decision.score < 1
