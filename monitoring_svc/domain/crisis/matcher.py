"""All patterns at once over a line of words: one trie whose threads advance a word at a time.

Each node of the trie is held by at most one thread, so the work for a word is bounded by the number of nodes and
the whole is linear in the words, whatever they are. There is no backtracking.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitoring_svc.domain.crisis.pattern import Pattern, parse

START = "^"
END = "$"
NUMBER = "NUMBER"


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern met by the words at these places, rising."""

    pattern: Pattern
    places: tuple[int, ...]


@dataclass(eq=False, slots=True)
class _Node:
    patterns: list[Pattern] = field(default_factory=list)
    after: dict[str, list[tuple["_Node", int]]] = field(default_factory=dict)
    by_element: dict[tuple[frozenset[str], int], "_Node"] = field(default_factory=dict)
    widest: int = 0


_Threads = dict[_Node, tuple[tuple[int, ...], int]]
"""Nodes that wait for their next word, each with the places so far and how many words were read when it was reached."""


class Matcher:
    """The patterns as one trie. Built once; matching keeps no state."""

    def __init__(self, patterns: Iterable[Pattern], classes: Mapping[str, frozenset[str]]) -> None:
        """Build from patterns and the words of each class; a class that does not exist is a ValueError."""
        self._root = _Node()
        self.words: set[str] = {word for members in classes.values() for word in members}
        self._symbols: dict[str, tuple[str, ...]] = {}
        grouped: dict[str, list[str]] = {}
        for name, members in classes.items():
            for word in members:
                grouped.setdefault(word, [word]).append(name)
        self._symbols = {word: tuple(symbols) for word, symbols in grouped.items()}
        for pattern in patterns:
            for reading in parse(pattern.line):
                node = self._root
                for element in reading:
                    for symbol in element.symbols:
                        if symbol.isupper() and symbol not in classes and symbol != NUMBER:
                            raise ValueError(
                                f"The pattern {pattern.line!r} names the class {symbol}, which the lexicon lacks."
                            )
                        if not symbol.isupper():
                            self.words.add(symbol)
                    key = (element.symbols, element.gap)
                    if key not in node.by_element:
                        child = node.by_element[key] = _Node()
                        for symbol in element.symbols:
                            node.after.setdefault(symbol, []).append((child, element.gap))
                        node.widest = max(node.widest, element.gap)
                    node = node.by_element[key]
                if pattern not in node.patterns:
                    node.patterns.append(pattern)
        self._beginnings = (self._root, *(child for child, _ in self._root.after.get(START, ())))

    def symbols(self, word: str) -> tuple[str, ...]:
        """The word and its classes."""
        known = self._symbols.get(word)
        if known is not None:
            return known
        return (word, NUMBER) if word[:1].isdigit() else (word,)

    def matches(self, words: Sequence[str], borders: Sequence[bool], sentence_ends: Sequence[bool]) -> list[Match]:
        """Every match. `borders[i]`: word i is a clause border; `sentence_ends[i]`: it also ends a sentence."""
        found: list[Match] = []
        active: _Threads = {}
        fresh = True
        read = 0
        for place, word in enumerate(words):
            if borders[place]:
                found.extend(_ended(active, read))
                if sentence_ends[place]:
                    active = {}
                fresh = True
                continue
            arrived: _Threads = {}
            symbols = self.symbols(word)
            met = False
            for node, held in active.items():
                path, since = held
                after, age = node.after, read - since
                for symbol in symbols:
                    if symbol in after:
                        for child, gap in after[symbol]:
                            if age <= gap:
                                arrived[child] = ((*path, place), read + 1)
                                met = met or bool(child.patterns)
                if age < node.widest and node not in arrived:
                    arrived[node] = held
            for root in self._beginnings if fresh else self._beginnings[:1]:
                for symbol in symbols:
                    for child, _ in root.after.get(symbol, ()):
                        arrived[child] = ((place,), read + 1)
                        met = met or bool(child.patterns)
            fresh = False
            active = arrived
            read += 1
            if met:
                for node, (path, since) in arrived.items():
                    if since == read and node.patterns:
                        found.extend(Match(pattern, path) for pattern in node.patterns)
        found.extend(_ended(active, read))
        return found


def _ended(active: _Threads, read: int) -> Iterator[Match]:
    """What is met because a clause ends here."""
    for node, (path, since) in active.items():
        for child, gap in node.after.get(END, ()):
            if read - since <= gap:
                for pattern in child.patterns:
                    yield Match(pattern, path)
