"""Small words between protobuf and Python: enum names, moments, the descriptors of all calls."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Protocol

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor import EnumDescriptor
from google.protobuf.timestamp_pb2 import Timestamp

from mesh.refusal import InvalidArgument, Violation


class _Enum(Protocol):
    @property
    def DESCRIPTOR(self) -> EnumDescriptor: ...  # noqa: N802


@cache
def _prefix(descriptor: EnumDescriptor) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", descriptor.name).upper() + "_"


@cache
def _names(descriptor: EnumDescriptor) -> dict[int, str]:
    prefix = _prefix(descriptor)
    names = {value.number: value.name.removeprefix(prefix).lower() for value in descriptor.values}
    return {number: "" if name == "unspecified" else name for number, name in names.items()}


def enum_name(enum: _Enum, number: int) -> str:
    """Return the short lower-case name: `enum_name(Severity, SEVERITY_HIGH) == "high"`; unspecified is empty."""
    return _names(enum.DESCRIPTOR).get(number, "")


def enum_value(enum: _Enum, name: str, *, field: str = "") -> int:
    """Return the number of a short name; empty is unspecified. Raises InvalidArgument of `field` otherwise."""
    for number, known in _names(enum.DESCRIPTOR).items():
        if known == name:
            return number
    known_names = ", ".join(known for known in _names(enum.DESCRIPTOR).values() if known)
    violation = Violation(
        field or _prefix(enum.DESCRIPTOR).lower()[:-1], "enum.defined_only", f"is none of {known_names}"
    )
    raise InvalidArgument("unknown_name", f"{violation.field} {violation.description}.", violations=[violation])


def timestamp(moment: datetime) -> Timestamp:
    """Return an aware moment as a proto; a naive one is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def to_datetime(message: Timestamp) -> datetime:
    """Return a proto moment in UTC, cut to microseconds; raises InvalidArgument outside the years 1 to 9999."""
    try:
        return message.ToDatetime(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidArgument("time_invalid", "A time lies outside the years 1 to 9999.") from error


@cache
def image() -> descriptor_pb2.FileDescriptorSet:
    """Return the descriptors of all protos and their imports, with comments."""
    return descriptor_pb2.FileDescriptorSet.FromString((files("tta.analytics") / "image.binpb").read_bytes())


def methods() -> Iterator[tuple[str, descriptor_pb2.MethodDescriptorProto]]:
    """Yield the full service name (`tta.analytics.v1.AlertService`) and descriptor of every call of ours."""
    for file in image().file:
        if file.package.startswith("tta."):
            for service in file.service:
                for method in service.method:
                    yield f"{file.package}.{service.name}", method
