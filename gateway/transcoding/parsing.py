"""JSON values to messages: one reader per message type, composed once and kept.

A reader returns what the message's constructor takes, so that the message itself is built in one call in C. All that is
wrong is reported together, by field. Null means absent.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from google.protobuf import message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from gateway.transcoding import scalars
from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.rendering import map_entry
from gateway.transcoding.scalars import Read
from mesh.refusal import Violation


def loads(body: bytes) -> Any:
    """Parse JSON text.

    Raises:
        Mismatch: The text is not JSON in UTF-8.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Mismatch.of("json", f"the body is not JSON: {error}") from None


def build(message: Descriptor, values: dict[str, Any]) -> Message:
    """Build a message from what its reader returned."""
    return message_factory.GetMessageClass(message)(**values)


@cache
def reader(message: Descriptor, *, tolerant: bool) -> Read:
    """Return the reader of a JSON value of this message type.

    A tolerant reader, for the predecessor's paths, skips fields that it does not know and takes numbers written as
    strings; a strict one refuses both.
    """
    if special := _WELL_KNOWN.get(message.full_name):
        return special
    if message.full_name.startswith("google.protobuf.") and message.full_name.endswith("Value"):
        value = scalars.from_json(message.fields_by_name["value"], tolerant=tolerant)
        return lambda wrapped: {"value": value(wrapped)}
    fields: dict[str, Read] = {}
    groups = [tuple(field.name for field in group.fields) for group in message.oneofs if len(group.fields) > 1]

    def read(value: Any) -> dict[str, Any]:
        if not fields:  # composed at the first use, so that a message may hold its own kind
            fields.update((field.name, field_reader(field, tolerant=tolerant)) for field in message.fields)
        if type(value) is not dict:
            raise Mismatch.of("object", "must be an object")
        return _fields(value, fields, groups, tolerant=tolerant)

    return read


def _fields(
    value: dict[str, Any], fields: dict[str, Read], groups: list[tuple[str, ...]], *, tolerant: bool
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    wrong: list[Violation] = []
    for name, each in value.items():
        if each is None and name in fields:
            continue
        try:
            out[name] = fields[name](each)
        except Mismatch as mismatch:
            wrong += mismatch.under(name).violations
        except KeyError:
            if name in fields:
                raise
            if not tolerant:
                wrong.append(Violation(name, "unknown", "no such field here"))
    for group in groups:
        if len(given := [name for name in group if name in out]) > 1:
            wrong.append(Violation(given[1], "oneof", f"only one of {', '.join(group)} may be given"))
    if wrong:
        raise Mismatch(wrong)
    return out


def field_reader(field: FieldDescriptor, *, tolerant: bool) -> Read:
    """Return the reader of the JSON value of a whole field, repeated ones and maps included."""
    if not field.is_repeated:
        return _one(field, tolerant=tolerant)
    if entry := map_entry(field):
        return _map(entry, tolerant=tolerant)
    return _list(_one(field, tolerant=tolerant))


def _one(field: FieldDescriptor, *, tolerant: bool) -> Read:
    if field.message_type:
        return reader(field.message_type, tolerant=tolerant)
    return scalars.from_json(field, tolerant=tolerant)


def _list(one: Read) -> Read:
    def read(value: Any) -> list[Any]:
        if type(value) is not list:
            raise Mismatch.of("array", "must be an array")
        try:
            return list(map(one, value))
        except Mismatch:
            raise _gather((f"[{index}]", one, each) for index, each in enumerate(value)) from None

    return read


def _map(entry: Descriptor, *, tolerant: bool) -> Read:
    key = scalars.from_text(entry.fields_by_name["key"])
    one = _one(entry.fields_by_name["value"], tolerant=tolerant)

    def read(value: Any) -> dict[Any, Any]:
        if type(value) is not dict:
            raise Mismatch.of("object", "must be an object")
        try:
            return {key(name): one(each) for name, each in value.items()}
        except Mismatch:
            raise _gather(
                (f"[{name!r}]", lambda pair: (key(pair[0]), one(pair[1])), (name, each)) for name, each in value.items()
            ) from None

    return read


def _gather(parts: Any) -> Mismatch:
    """Return everything that is wrong with the parts of a list or map, once one part is known to be."""
    wrong: list[Violation] = []
    read: Callable[[Any], Any]
    for prefix, read, each in parts:
        try:
            read(each)
        except Mismatch as mismatch:
            wrong += mismatch.under(prefix).violations
            if len(wrong) >= _MOST:
                break
    return Mismatch(wrong[:_MOST])


_MOST = 100  # violations reported of one request: enough to mend a batch, not to multiply its size


_DEEPEST = 24  # levels of free-form JSON: each costs three of the hundred that protobuf parsers allow


def _shallow(value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise Mismatch.of("depth", f"must not nest deeper than {_DEEPEST} levels")
    if type(value) is dict or type(value) is list:
        for each in value.values() if type(value) is dict else value:
            _shallow(each, depth + 1)


def _struct(value: Any) -> dict[str, Any]:
    if type(value) is dict:
        _shallow(value)
        return value
    raise Mismatch.of("object", "must be an object")


def _list_value(value: Any) -> list[Any]:
    if type(value) is list:
        _shallow(value)
        return value
    raise Mismatch.of("array", "must be an array")


def _any_value(value: Any) -> dict[str, Any]:
    if value is None:
        return {"null_value": 0}
    _shallow(value)
    return {_KINDS[type(value)]: value}


_KINDS: dict[type, str] = {
    bool: "bool_value",
    int: "number_value",
    float: "number_value",
    str: "string_value",
    dict: "struct_value",
    list: "list_value",
}


def _mask(value: Any) -> dict[str, Any]:
    if type(value) is str:
        return {"paths": [path.strip() for path in value.split(",") if path.strip()]}
    raise Mismatch.of("field_mask", "must be field names with commas between")


_WELL_KNOWN: dict[str, Read] = {
    "google.protobuf.Timestamp": scalars.read_time,
    "google.protobuf.Duration": scalars.read_duration,
    "google.protobuf.Struct": _struct,
    "google.protobuf.ListValue": _list_value,
    "google.protobuf.Value": _any_value,
    "google.protobuf.FieldMask": _mask,
}
