"""The words of all messages in order, by sentence, and where phrases stand among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitoring_svc.domain.crisis.words import QUESTION, STOP, Word

REACH = 60
"""Words to either side that are looked at as one sentence, however long it goes on without an end."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of all messages in order, with the sentence and the message of each."""

    words: Sequence[Word]
    texts: Sequence[str]
    sentences: Sequence[int]
    """Number of the sentence of each word."""
    bounds: Sequence[tuple[int, int]]
    """First and one past the last word of each sentence."""

    def sentence(self, place: int) -> Sequence[str]:
        """The words of the sentence around a word, at most `REACH` to either side."""
        start, end = self.bound(place)
        return self.texts[start:end]

    def bound(self, place: int) -> tuple[int, int]:
        """Where the sentence around a word begins and ends, at most `REACH` words to either side."""
        start, end = self.bounds[self.sentences[place]]
        return max(start, place - REACH), min(end, place + REACH)


def reading_of(words: Sequence[Word]) -> Reading:
    """Number the sentences."""
    sentences: list[int] = []
    bounds: list[tuple[int, int]] = []
    start = 0
    for place, word in enumerate(words):
        sentences.append(len(bounds))
        if word.text in (STOP, QUESTION):
            bounds.append((start, place + 1))
            start = place + 1
    bounds.append((start, len(words)))
    return Reading(words, [word.text for word in words], sentences, bounds)


def occurrences(texts: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> Iterator[int]:
    """Where any of the phrases begins; `NUMBER` stands for digits, `YEAR` for four of them."""
    firsts = {phrase[0] for phrase in phrases}
    for place, text in enumerate(texts):
        if text in firsts and any(_stands(texts, place, phrase) for phrase in phrases):
            yield place


def _stands(texts: Sequence[str], place: int, phrase: tuple[str, ...]) -> bool:
    if place + len(phrase) > len(texts):
        return False
    for part, text in zip(phrase, texts[place : place + len(phrase)], strict=True):
        if (
            part == text
            or (part == "NUMBER" and text.isdigit())
            or (part == "YEAR" and text.isdigit() and len(text) == 4)
        ):
            continue
        return False
    return True


def holds(texts: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    """Whether any of the phrases occurs."""
    return next(occurrences(texts, phrases), None) is not None
