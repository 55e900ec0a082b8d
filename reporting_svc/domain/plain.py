"""Domain values as plain JSON values and back, field by field under the same names as in the protos."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Reader = Callable[[Any], Any]


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
    reader: _Reader = _reader(kind)  # type: ignore[arg-type]
    result: T = reader(plain)
    return result


@cache
def _reader(kind: Any) -> _Reader:
    """Return what reads plain values into a type; types are taken apart once, because lists are read all the time."""
    origin = get_origin(kind)
    if origin is tuple:
        inner = [_reader(one) for one in get_args(kind) if one is not Ellipsis]
        if get_args(kind)[-1] is Ellipsis:
            return lambda plain: tuple([inner[0](one) for one in plain])
        return lambda plain: tuple([read(value) for read, value in zip(inner, plain, strict=True)])
    if origin in {Union, types.UnionType}:
        named = [one for one in get_args(kind) if one is not type(None)]
        if len(named) > 1:
            return _as_it_is
        known = _reader(named[0])
        return lambda plain: None if plain is None else known(plain)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, datetime):
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return float if kind is float else _as_it_is


def _dataclass_reader(kind: type) -> _Reader:
    hints = get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in fields(kind)}
    absent = {name: None for name in readers if type(None) in get_args(hints[name])}

    def read(plain: Any) -> Any:
        given = {name: readers[name](value) for name, value in plain.items() if name in readers}
        return kind(**(absent | given))

    return read


def _as_it_is(plain: Any) -> Any:
    return plain
