"""Domain values as plain JSON values and back, field by field under the same names as in the protos."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return dicts, lists, strings, numbers. What is None in a dataclass is left out; in a list it stays as null."""
    if is_dataclass(value) and not isinstance(value, type):
        found = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: to_plain(one) for name, one in found if one is not None}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, tuple | list):
        return [to_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(one) for key, one in value.items()}
    return value


def from_plain(kind: type[T], plain: Any) -> T:
    """Return the value of a type that `to_plain` wrote. Raises KeyError, TypeError or ValueError on anything else."""
    result: T = _read(kind, plain)
    return result


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, plain: Any) -> Any:
    origin = get_origin(kind)
    if origin is tuple:
        inner = get_args(kind)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], one) for one in plain)
        return tuple(_read(one, value) for one, value in zip(inner, plain, strict=True))
    if origin in {Union, types.UnionType}:
        named = [one for one in get_args(kind) if one is not type(None)]
        return plain if plain is None or len(named) > 1 else _read(named[0], plain)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        known = {field.name for field in fields(kind)}
        given = {name: _read(hints[name], value) for name, value in plain.items() if name in known}
        absent = {name: None for name in known - set(given) if type(None) in get_args(hints[name])}
        return kind(**absent, **given)
    if isinstance(kind, type) and issubclass(kind, datetime):
        return datetime.fromisoformat(plain)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(plain)
    return float(plain) if kind is float else plain
