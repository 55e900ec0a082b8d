"""Messages to JSON values: one function per message type, composed once and kept.

Field names as in the proto; enum values by short name, the unspecified one omitted; 64-bit integers as numbers; times
in UTC with a `Z`; bytes in base64; a field with presence (proto `optional`, a member of a oneof, a message) omitted
where it is not set; everything else always there. Numbers that are not finite become null.
"""

import base64
import operator
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor

from gateway.transcoding.names import short_names

Render = Callable[[Any], Any]
"""A field's value to a value that `dumps` takes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def dumps(value: Any) -> bytes:
    """Serialise what a renderer returned."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


@cache
def renderer(message: Descriptor) -> Render:
    """Return the function that turns a message of this type into a JSON value."""
    if special := _WELL_KNOWN.get(message.full_name):
        return special
    return _plain(message)


def _plain(message: Descriptor) -> Render:
    names = tuple(field.name for field in message.fields if not may_be_missing(field))
    get = _getter(names)
    fixes: list[Callable[[Any, dict[str, Any]], None]] | None = None

    def render(value: Any) -> dict[str, Any]:
        nonlocal fixes
        if fixes is None:  # composed at the first use, so that a message may hold its own kind
            fixes = [fix for field in message.fields if (fix := _fix(field))]
        out = dict(zip(names, get(value), strict=True))
        for fix in fixes:
            fix(value, out)
        return out

    return render


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads all the fields in one call in C."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _fix(field: FieldDescriptor) -> Callable[[Any, dict[str, Any]], None] | None:
    name, convert = field.name, _value(field)
    if field.is_repeated:
        return _map(name, entry) if (entry := map_entry(field)) else _list(name, convert)
    if field.enum_type:
        return _enum(field.name, field.enum_type)
    if may_be_missing(field):
        return _present(name, convert or _same)
    return _always(name, convert) if convert else None


def may_be_missing(field: FieldDescriptor) -> bool:
    """Tell whether an unset field is omitted. Free-form JSON without `optional` is empty, not missing."""
    message = field.message_type
    if message and message.full_name in ("google.protobuf.Struct", "google.protobuf.ListValue"):
        return field.containing_oneof is not None
    return bool(field.has_presence) and not field.enum_type


def _always(name: str, convert: Render) -> Callable[[Any, dict[str, Any]], None]:
    def fix(_: Any, out: dict[str, Any]) -> None:
        out[name] = convert(out[name])

    return fix


def _present(name: str, convert: Render) -> Callable[[Any, dict[str, Any]], None]:
    def fix(value: Any, out: dict[str, Any]) -> None:
        if value.HasField(name):
            out[name] = convert(getattr(value, name))

    return fix


def _enum(name: str, enum: EnumDescriptor) -> Callable[[Any, dict[str, Any]], None]:
    names = short_names(enum)

    def fix(_: Any, out: dict[str, Any]) -> None:
        if number := out[name]:
            out[name] = names.get(number, number)
        else:
            del out[name]

    return fix


def _list(name: str, convert: Render | None) -> Callable[[Any, dict[str, Any]], None]:
    def fix(_: Any, out: dict[str, Any]) -> None:
        out[name] = list(map(convert, out[name])) if convert else list(out[name])

    return fix


def _map(name: str, entry: Descriptor) -> Callable[[Any, dict[str, Any]], None]:
    key = _map_key(entry.fields_by_name["key"])
    convert = _value(entry.fields_by_name["value"]) or _same

    def fix(_: Any, out: dict[str, Any]) -> None:
        out[name] = {key(each): convert(value) for each, value in out[name].items()}

    return fix


def _map_key(field: FieldDescriptor) -> Callable[[Any], str]:
    return (lambda key: str(key).lower()) if field.type == FieldDescriptor.TYPE_BOOL else str


def _value(field: FieldDescriptor) -> Render | None:
    """Return how one value of the field is written; none where it is written as it is."""
    if field.message_type:
        return renderer(field.message_type)
    if field.enum_type:
        names = short_names(field.enum_type)
        return lambda number: names.get(number, number)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return _base64
    return _shortest if field.type == FieldDescriptor.TYPE_FLOAT else None


def map_entry(field: FieldDescriptor) -> Descriptor | None:
    """Return the type of a map's entries; none where the field is no map."""
    message = field.message_type
    return message if message and message.GetOptions().map_entry else None


def _same(value: Any) -> Any:
    return value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _shortest(value: float) -> float:
    """Return the shortest decimal that is the same 32-bit float."""
    for digits in range(6, 9):
        decimal = float(f"{value:.{digits}g}")
        if struct.pack("f", decimal) == struct.pack("f", value):
            return decimal
    return value


def _timestamp(value: Any) -> datetime:
    return _EPOCH + timedelta(0, value.seconds, value.nanos // 1000)


def _duration(value: Any) -> str:
    nanos = value.seconds * 10**9 + value.nanos
    seconds, rest = divmod(abs(nanos), 10**9)
    text = f"{seconds}.{rest:09d}".rstrip("0").rstrip(".")
    return f"{'-' if nanos < 0 else ''}{text}s"


def _struct(value: Any) -> dict[str, Any]:
    return {key: _any_value(each) for key, each in value.fields.items()}


def _list_value(value: Any) -> list[Any]:
    return [_any_value(each) for each in value.values]


def _any_value(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _struct(value.struct_value)
    if kind == "list_value":
        return _list_value(value.list_value)
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def _wrapped(value: Any) -> Any:
    return value.value


_WELL_KNOWN: dict[str, Render] = {
    "google.protobuf.Timestamp": _timestamp,
    "google.protobuf.Duration": _duration,
    "google.protobuf.Struct": _struct,
    "google.protobuf.ListValue": _list_value,
    "google.protobuf.Value": _any_value,
    "google.protobuf.FieldMask": lambda value: ",".join(value.paths),
    "google.protobuf.BytesValue": lambda value: _base64(value.value),
    "google.protobuf.FloatValue": lambda value: _shortest(value.value),
    **{
        f"google.protobuf.{kind}Value": _wrapped
        for kind in ("Bool", "String", "Double", "Int32", "Int64", "UInt32", "UInt64")
    },
}
