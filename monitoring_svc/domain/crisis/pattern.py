"""What a rule looks for, written as a line of words and word classes.

A line such as `WANT to? __ DIE|dead` reads: a word of the class WANT, perhaps `to`, then with at most four words
between a word of the class DIE or the word `dead`. Capitals name classes of `lexicon`; `|` is or; `?` may be
missing; `_` to `___` allow up to two, four or seven words between; `^` is the beginning and `$` the end of a
clause. No gap crosses the end of a sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitoring_svc.domain.crisis.decision import Category, Severity

GAPS = {"_": 2, "__": 4, "___": 7}


class Strength(StrEnum):
    """How much a match says by itself."""

    PLAIN = "plain"
    """Says it in so many words: only negation, past, quotation, fiction and another's harmless story take it away."""
    GUARDED = "guarded"
    """Says it, but the same words fit an everyday matter, a game or a journey, which take it away."""
    SOFT = "soft"
    """Also said lightly: jokes take it away, too."""
    HINT = "hint"
    """Means something only beside another reason; two different hints, or one hint beside anything else, count."""


class Whose(StrEnum):
    """Whose danger a pattern speaks of."""

    SELF = "self"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a rule."""

    rule: str
    category: Category
    severity: Severity
    strength: Strength
    whose: Whose
    line: str
    """As described in the module's docstring."""

    @property
    def says(self) -> bool:
        """Whether a match means something without another."""
        return self.strength is not Strength.HINT


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a line: what may stand there and how many words may be skipped before it."""

    symbols: frozenset[str]
    gap: int


def parse(line: str) -> Iterator[tuple[Element, ...]]:
    """Every reading of a line, with each optional place present and absent."""
    places: list[tuple[frozenset[str], int, bool]] = []
    gap = 0
    for part in line.split():
        if part in GAPS:
            gap = GAPS[part]
            continue
        optional = part.endswith("?")
        places.append((frozenset(part.removesuffix("?").split("|")), gap, optional))
        gap = 0
    yield from _readings(places, 0)


def _readings(places: list[tuple[frozenset[str], int, bool]], carried: int) -> Iterator[tuple[Element, ...]]:
    if not places:
        yield ()
        return
    symbols, gap, optional = places[0]
    gap = max(gap, carried)
    for rest in _readings(places[1:], 0):
        yield (Element(symbols, gap), *rest)
    if optional:
        yield from _readings(places[1:], gap)


def rule(
    name: str,
    category: Category,
    severity: Severity,
    strength: Strength,
    lines: str,
    *,
    whose: Whose = Whose.SELF,
) -> tuple[Pattern, ...]:
    """The patterns of one rule, a line each; blank lines are skipped."""
    return tuple(
        Pattern(name, category, severity, strength, whose, line.strip()) for line in lines.splitlines() if line.strip()
    )
