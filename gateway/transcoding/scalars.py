"""Single values from JSON and from text (paths, queries), checked against their field.

A JSON value has its field's JSON type: no numbers in strings, no booleans as numbers. The tolerant reading, for the
predecessor's paths, also takes numbers written as strings. Text is read by its field's type.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.names import numbers

Read = Callable[[Any], Any]
"""A JSON value or text to what the message's constructor takes; raises `Mismatch`."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII)
_DURATION = re.compile(r"-?\d{1,12}(\.\d{1,9})?s", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,20}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*={0,2}", re.ASCII)

_SIGNED_32 = {FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_SINT32, FieldDescriptor.TYPE_SFIXED32}
_SIGNED_64 = {FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_SINT64, FieldDescriptor.TYPE_SFIXED64}
_UNSIGNED_32 = {FieldDescriptor.TYPE_UINT32, FieldDescriptor.TYPE_FIXED32}
_UNSIGNED_64 = {FieldDescriptor.TYPE_UINT64, FieldDescriptor.TYPE_FIXED64}


def integer_range(kind: int) -> tuple[int, int] | None:
    """Return the smallest and largest integer of a field type; none where it holds no integers."""
    for kinds, low, high in (
        (_SIGNED_32, -(2**31), 2**31 - 1),
        (_SIGNED_64, -(2**63), 2**63 - 1),
        (_UNSIGNED_32, 0, 2**32 - 1),
        (_UNSIGNED_64, 0, 2**64 - 1),
    ):
        if kind in kinds:
            return low, high
    return None


def from_json(field: FieldDescriptor, *, tolerant: bool) -> Read:
    """Return the reader of one JSON value of a field that is no message."""
    if field.enum_type:
        return _enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _boolean
    if field.type == FieldDescriptor.TYPE_STRING:
        return _string
    if field.type == FieldDescriptor.TYPE_BYTES:
        return read_bytes
    if (bounds := integer_range(field.type)) is not None:
        return _or_text(_integer(*bounds), from_text(field)) if tolerant else _integer(*bounds)
    return _or_text(_number, _text_number) if tolerant else _number


def from_text(field: FieldDescriptor) -> Read:
    """Return the reader of one value of a field that is no message, written as text."""
    if field.enum_type:
        return _enum(field.enum_type)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return _text_boolean
    if field.type == FieldDescriptor.TYPE_STRING:
        return _string
    if field.type == FieldDescriptor.TYPE_BYTES:
        return read_bytes
    if (bounds := integer_range(field.type)) is not None:
        return _text_integer(*bounds)
    return _text_number


def read_time(value: Any) -> datetime:
    """Read an RFC 3339 time or date; without an offset it is UTC, without a time it is midnight."""
    if type(value) is not str or not _TIME.fullmatch(value):
        raise Mismatch.of("timestamp", "must be a time such as 2026-01-31T12:00:00Z")
    try:
        time = datetime.fromisoformat(value.upper())
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Mismatch.of("timestamp", "must be a time that exists, between the years 1 and 9999") from None


def read_duration(value: Any) -> dict[str, int]:
    """Read a duration in seconds: `1.5s`."""
    if type(value) is not str or not _DURATION.fullmatch(value):
        raise Mismatch.of("duration", "must be seconds such as 1.5s")
    whole, _, rest = value[:-1].partition(".")
    sign = -1 if value.startswith("-") else 1
    return {"seconds": int(whole), "nanos": sign * int(rest.ljust(9, "0") or "0")}


def read_bytes(value: Any) -> bytes:
    """Read base64, standard or URL-safe, with or without padding."""
    if type(value) is str and _BASE64.fullmatch(value):
        text = value.rstrip("=").replace("-", "+").replace("_", "/")
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            pass  # falls through to the one message
    raise Mismatch.of("bytes", "must be base64")


def _or_text(read: Read, text: Read) -> Read:
    return lambda value: text(value.strip()) if type(value) is str else read(value)


def _enum(enum: EnumDescriptor) -> Read:
    known = numbers(enum)
    wanted = "must be one of: " + ", ".join(known)

    def read(value: Any) -> int:
        if type(value) is str and (number := known.get(value)) is not None:
            return number
        raise Mismatch.of("enum", wanted)

    return read


def _boolean(value: Any) -> bool:
    if type(value) is bool:
        return value
    raise Mismatch.of("bool", "must be true or false")


def _string(value: Any) -> str:
    if type(value) is str:
        return value
    raise Mismatch.of("string", "must be a string")


def _integer(low: int, high: int) -> Read:
    def read(value: Any) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is int and low <= value <= high:
            return value
        raise Mismatch.of("integer", f"must be a whole number from {low} to {high}")

    return read


def _number(value: Any) -> float:
    if type(value) is float or type(value) is int:
        return float(value)
    raise Mismatch.of("number", "must be a number")


def _text_integer(low: int, high: int) -> Read:
    check = _integer(low, high)
    return lambda text: check(int(text) if _INTEGER.fullmatch(text) else text)


def _text_number(text: str) -> float:
    if _DECIMAL.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    raise Mismatch.of("number", "must be a finite number")


def _text_boolean(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise Mismatch.of("bool", "must be true or false")
