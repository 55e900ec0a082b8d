"""The words of all messages in order, by sentence, and where phrases stand among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitoring_svc.domain.crisis.word_list import Phrases
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


def occurrences(texts: Sequence[str], phrases: Phrases) -> Iterator[int]:
    """Where any of the phrases begins; `NUMBER` stands for digits, `YEAR` for four of them."""
    if phrases.keys().isdisjoint(texts):
        return
    for place, text in enumerate(texts):
        rests = phrases.get(text)
        if rests is not None and any(_follows(texts, place + 1, rest) for rest in rests):
            yield place


def _follows(texts: Sequence[str], place: int, rest: tuple[str, ...]) -> bool:
    if place + len(rest) > len(texts):
        return False
    for part in rest:
        text = texts[place]
        place += 1
        if part == text or (part == "NUMBER" and text.isdigit()):
            continue
        if not (part == "YEAR" and text.isdigit() and len(text) == 4):
            return False
    return True


def holds(texts: Sequence[str], phrases: Phrases) -> bool:
    """Whether any of the phrases occurs."""
    return next(occurrences(texts, phrases), None) is not None
