"""Path templates as `google.api.http` writes them, and finding the one that a request's path means.

Literal segments win over variables. A colon splits a custom verb off only where that verb exists, so that an id may
hold one. Matching works on the raw path: a percent-encoded slash or colon belongs to its segment.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

from gateway.transcoding.mismatch import Mismatch

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variable:
    """One segment of a template that is taken into a field of the request."""

    name: str
    """Path of the request's field: `alert_id`, `period.grain`."""


@dataclass(frozen=True, slots=True)
class Template:
    """A path template."""

    text: str
    """As the proto writes it: `/api/v1/alerts/{alert_id}:resolve`."""
    segments: tuple[str | Variable, ...]
    verb: str
    """The custom verb behind the colon; empty where there is none."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in order."""
        return tuple(segment.name for segment in self.segments if isinstance(segment, Variable))


def parse(text: str) -> Template:
    """Parse a template of literal segments and single-segment variables.

    Raises:
        ValueError: The template uses what this gateway does not serve.
    """
    if not text.startswith("/"):
        raise ValueError(f"{text}: a path begins with a slash")
    *before, last = text[1:].split("/")
    last, _, verb = last.rpartition(":") if ":" in last and not last.endswith("}") else (last, "", "")
    return Template(text, tuple(_segment(each, text) for each in (*before, last)), verb)


def _segment(segment: str, text: str) -> str | Variable:
    if segment.startswith("{") and segment.endswith("}"):
        name = segment[1:-1].removesuffix("=*")
        if name.replace(".", "").replace("_", "").isalnum():
            return Variable(name)
    elif not set("{}*:") & set(segment):
        return segment
    raise ValueError(f"{text}: only literals, {{field}} and a custom verb are served, not {segment!r}")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, "_Node[T]"] = field(default_factory=dict)
    variable: "_Node[T] | None" = None
    leaves: dict[str, dict[str, tuple[Template, T]]] = field(default_factory=dict)  # verb -> method -> what is there


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What a path leads to."""

    template: Template
    target: T
    values: dict[str, str]
    """The text of each variable, percent-decoded."""


@dataclass(frozen=True, slots=True)
class WrongMethod:
    """The path exists, under other methods."""

    allowed: tuple[str, ...]


class Router(Generic[T]):
    """Finds the target of a method and a raw path."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, template: Template, target: T) -> None:
        """Add a target.

        Raises:
            ValueError: Another template already takes the same method and paths.
        """
        node = self._root
        for segment in template.segments:
            if isinstance(segment, Variable):
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.literals.setdefault(segment, _Node())
        methods = node.leaves.setdefault(template.verb, {})
        if method in methods:
            raise ValueError(f"{method} {template.text} and {methods[method][0].text} take the same paths")
        methods[method] = (template, target)

    def find(self, method: str, raw_path: str) -> Match[T] | WrongMethod | None:
        """Return what takes `method` on `raw_path` (still percent-encoded, without the query).

        Raises:
            InvalidArgument: A variable is not percent-encoded UTF-8.
        """
        *before, last = raw_path[1:].split("/")
        stem, colon, verb = last.rpartition(":")
        allowed: set[str] = set()
        candidates = ([((*before, stem), verb)] if colon else []) + [((*before, last), "")]
        for segments, name in candidates:
            for values, methods in self._walk(self._root, segments, 0, name):
                if method in methods:
                    template, target = methods[method]
                    texts = [_decoded(value) for value in values]
                    return Match(template, target, dict(zip(template.variables, texts, strict=True)))
                allowed.update(methods)
        return WrongMethod(tuple(sorted(allowed))) if allowed else None

    def _walk(
        self, node: _Node[T], segments: Sequence[str], depth: int, verb: str
    ) -> Iterator[tuple[tuple[str, ...], dict[str, tuple[Template, T]]]]:
        if depth == len(segments):
            if verb in node.leaves:
                yield (), node.leaves[verb]
            return
        segment = segments[depth]
        if (literal := node.literals.get(segment)) is not None:
            yield from self._walk(literal, segments, depth + 1, verb)
        if node.variable is not None and segment:
            for values, methods in self._walk(node.variable, segments, depth + 1, verb):
                yield (segment, *values), methods


def _decoded(value: str) -> str:
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        # Replaced, two ids would become one, and an erasure would name nobody.
        raise Mismatch.of("path", "the path must be percent-encoded UTF-8").refusal() from None
