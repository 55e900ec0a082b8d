"""Lists of words and phrases as people read them: plain text, split here."""

from collections.abc import Mapping

Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""First words, and what follows each."""


def words(text: str) -> frozenset[str]:
    """The words of a text, separated by white space."""
    return frozenset(text.split())


def phrases(text: str) -> Phrases:
    """The phrases of a text, separated by `|` or ends of lines, each under its first word."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in text.splitlines():
        for first, *rest in filter(None, (part.split() for part in line.split("|"))):
            found.setdefault(first, []).append(tuple(rest))
    return {first: tuple(rests) for first, rests in found.items()}
