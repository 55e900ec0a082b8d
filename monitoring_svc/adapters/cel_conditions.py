"""Conditions of rules in CEL, bounded: numbers, enumerations and booleans of a signal; no calls, lists or macros.

The library parses and evaluates; what it does not bound is bounded here, on the tokens: what may be named, and at most
50 nodes (an operand or an operator each).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import cel

from mesh.refusal import InvalidArgument, Violation
from monitoring_svc.domain.rolling import STATISTICS
from monitoring_svc.domain.signal import CRISIS_SEVERITIES, EMOTIONAL_STATES, NUMBERS, Signal

MAX_NODES = 50

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<text>'[^'\\\n]*'|"[^"\\\n]*")
    |(?P<operator>&&|\|\||[<>=!]=|[<>+\-*/%!])
    |(?P<bracket>[()])
    )""",
    re.VERBOSE,
)
_POSITION = re.compile(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.*)")
_ENUMERATIONS = {"emotional_state": EMOTIONAL_STATES, "crisis_severity": CRISIS_SEVERITIES}
_WORDS = frozenset(word for words in _ENUMERATIONS.values() for word in words)
_BOOLEANS = ("requires_therapeutic_intervention",)
_LITERALS = ("true", "false")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def _wrong(source: str, at: int, description: str) -> InvalidArgument:
    line, column = source.count("\n", 0, at) + 1, at - (source.rfind("\n", 0, at) + 1) + 1
    violation = Violation("definition.condition", "cel", f"line {line}, column {column}: {description}")
    return InvalidArgument(
        "condition_invalid",
        f"The condition is wrong at {violation.description}",
        violations=[violation],
        metadata={"line": str(line), "column": str(column)},
    )


def _tokens(source: str) -> Iterator[_Token]:
    at, end = 0, len(source.rstrip())
    while at < end:
        found = _TOKEN.match(source, at)
        if found is None:
            place = at + len(source[at:]) - len(source[at:].lstrip())
            what = (
                f"`{source[place]}` has no place in a condition: write comparisons, arithmetic, && || ! and brackets."
            )
            raise _wrong(source, place, what)
        kind = str(found.lastgroup)
        yield _Token(kind, re.sub(r"\s+", "", found[kind]) if kind == "name" else found[kind], found.start(kind))
        at = found.end()


def _check_name(source: str, token: _Token) -> None:
    root, _, rest = token.text.partition(".")
    if token.text in (*NUMBERS, *_BOOLEANS, *_ENUMERATIONS, *_LITERALS):
        return
    if root == "measures" and re.fullmatch(r"[a-z][a-z0-9_]{0,63}", rest):
        return
    if root in STATISTICS and rest in NUMBERS:
        return
    known = ", ".join((*NUMBERS, *_BOOLEANS, *_ENUMERATIONS, "measures.NAME", "mean.NUMBER and the other statistics"))
    raise _wrong(source, token.at, f"`{token.text}` is nothing that a rule may see. Known: {known}.")


def _check(source: str) -> tuple[int, frozenset[str]]:
    """Return the nodes and names of an expression; raises InvalidArgument for what rules may not say."""
    tokens = list(_tokens(source))
    for one, following in pairwise(tokens):
        if one.kind == "name" and following.text == "(":
            raise _wrong(source, one.at, f"`{one.text}(` is a call; conditions have none.")
    names = [token for token in tokens if token.kind == "name"]
    for token in names:
        _check_name(source, token)
    for token in tokens:
        if token.kind == "text" and token.text[1:-1] not in _WORDS:
            known = ", ".join(sorted(_WORDS))
            raise _wrong(source, token.at, f"{token.text} is no word of an enumeration. Known: {known}.")
    nodes = sum(token.kind != "bracket" for token in tokens)
    if nodes > MAX_NODES:
        far = [token for token in tokens if token.kind != "bracket"][MAX_NODES]
        raise _wrong(source, far.at, f"the expression has {nodes} nodes; at most {MAX_NODES} are allowed.")
    return nodes, frozenset(token.text for token in names if token.text not in _LITERALS)


class CelCondition:
    """One compiled condition."""

    def __init__(self, source: str, nodes: int, fields: frozenset[str]) -> None:
        """Compile an expression whose tokens were checked; raises InvalidArgument with the place of a syntax error."""
        self.nodes = nodes
        self.fields = fields
        self.rolling = any(name.partition(".")[0] in STATISTICS for name in fields)
        self._plain = tuple(name for name in sorted(fields) if "." not in name)
        self._measures = any(name.startswith("measures.") for name in fields)
        self._statistics = tuple({name.partition(".")[0] for name in fields} & set(STATISTICS))
        try:
            self._program = cel.compile(source)
        except ValueError as error:
            found = _POSITION.search(str(error))
            if found is None:
                raise _wrong(source, 0, "it cannot be parsed.") from error
            offset = sum(len(line) + 1 for line in source.split("\n")[: int(found[1]) - 1]) + int(found[2]) - 1
            raise _wrong(source, offset, found[3].split(" expecting ")[0] + ".") from error

    def holds(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> bool | None:
        """Return whether it holds; None where the signal lacks what it needs, or the arithmetic has no answer."""
        values: dict[str, Any] = {}
        for name in self._plain:
            value = getattr(signal, name)
            if value is not None:
                values[name] = value
        if self._measures and signal.measures:
            values["measures"] = dict(signal.measures)
        for name in self._statistics:
            values[name] = dict(statistics.get(name, ()))
        if not values and self.fields:
            return None
        try:
            return self._program.execute(values) is True
        except (RuntimeError, ValueError, TypeError):
            return None

    def verdict(self, signal: Signal, statistics: Mapping[str, Mapping[str, float]]) -> Any:
        """Evaluate like `holds` but let the library's own errors out, to tell an author what is wrong."""
        values: dict[str, Any] = {name: getattr(signal, name) for name in self._plain}
        values |= {"measures": dict(signal.measures)} | {name: dict(statistics[name]) for name in self._statistics}
        return self._program.execute(values)


class CelCompiler:
    """The language of rules."""

    def compile(self, source: str) -> CelCondition:
        """Return the condition; raises InvalidArgument with the place where it is wrong."""
        nodes, fields = _check(source)
        condition = CelCondition(source, nodes, fields)
        measures = {name.removeprefix("measures."): 0.5 for name in fields if name.startswith("measures.")}
        sample = Signal(datetime(2026, 1, 1, tzinfo=UTC), 0.5, 60.0, 0.5, 5.0, "calm", True, measures, "moderate")
        statistics = {name: dict.fromkeys(NUMBERS, 0.5) for name in STATISTICS}
        try:
            verdict = condition.verdict(sample, statistics)
        except (RuntimeError, ValueError, TypeError) as error:
            what = "it cannot be evaluated: compare numbers with numbers (1.0 beside arithmetic), words with words."
            raise _wrong(source, 0, what) from error
        if not isinstance(verdict, bool):
            raise _wrong(source, 0, f"it gives a {type(verdict).__name__}, not true or false.")
        return condition
