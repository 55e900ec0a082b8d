"""Domain values and the messages that name their fields alike."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from mesh.identity import Caller, current_caller
from mesh.paging import decode_token, encode_token, page_size
from mesh.protos import enum_name, enum_value, timestamp, to_datetime
from reporting_svc.domain.job import Viewer
from reporting_svc.store_ports import Once, Page

M = TypeVar("M", bound=Message)
E = TypeVar("E", bound=StrEnum)


class _Described:
    """An enum by its descriptor, as `mesh.protos` takes one."""

    def __init__(self, descriptor: Any) -> None:
        self.DESCRIPTOR = descriptor


def fill(message: M, value: Any) -> M:
    """Fill a message from a dataclass whose fields have the same names; what the message lacks is left out."""
    kind: Any = type(value)
    for name, descriptor in _shared(message.DESCRIPTOR, kind):
        content = getattr(value, name)
        if content is None:
            continue
        if descriptor.is_repeated:
            if content:
                _extend(getattr(message, name), descriptor, content)
        elif descriptor.enum_type is not None:
            setattr(message, name, _number(descriptor.enum_type, content))
        elif descriptor.message_type is None:
            setattr(message, name, content)
        elif isinstance(content, datetime):
            getattr(message, name).CopyFrom(timestamp(content))
        else:
            getattr(message, name).SetInParent()
            fill(getattr(message, name), content)
    return message


@cache
def _shared(descriptor: Any, kind: type) -> tuple[tuple[str, Any], ...]:
    """Return the fields that a message and a dataclass share: lists of reports ask this thousands of times."""
    known = descriptor.fields_by_name
    return tuple((field.name, known[field.name]) for field in fields(kind) if field.name in known)


def _extend(target: Any, descriptor: Any, content: Iterable[Any]) -> None:
    for one in content:
        if isinstance(one, datetime):
            target.append(timestamp(one))
        elif is_dataclass(one):
            fill(target.add(), one)
        elif descriptor.message_type is not None:
            target.add().extend(list(one))
        elif descriptor.enum_type is not None:
            target.append(_number(descriptor.enum_type, one))
        else:
            target.append(one)


@cache
def _number(descriptor: Any, name: Any) -> int:
    """Return the number of an enum's value by its short name."""
    return enum_value(_Described(descriptor), str(name))


def named(kind: type[E], message: Message, field: str, default: E) -> E:
    """Return an enum field as the domain's; the default where it is not given."""
    descriptor = message.DESCRIPTOR.fields_by_name[field].enum_type
    name = enum_name(_Described(descriptor), getattr(message, field)) if descriptor is not None else ""
    return kind(name) if name else default


def moment(message: Message, field: str) -> datetime | None:
    """Return a moment; None where it is not given."""
    if not message.HasField(field):
        return None
    value: Timestamp = getattr(message, field)
    return to_datetime(value)


def viewer(caller: Caller | None = None) -> Viewer:
    """Return what the caller may."""
    caller = caller or current_caller()
    return Viewer(
        caller.name,
        views=caller.may("view_anonymized_data"),
        operates=caller.may("view_operations"),
        exports=caller.may("export_anonymized_data"),
        manages=caller.may("manage_reports"),
        manages_all=caller.role == "admin" and caller.may("manage_reports"),
    )


def page(request: Any, question: bytes) -> Page:
    """Return which page a list request asks for."""
    position = decode_token(request.page_token, question)
    before = None if position is None else (datetime.fromisoformat(position["at"]), str(position["id"]))
    return Page(page_size(request.page_size), before)


def following(asked: Page, found: int, at: datetime, key: str, question: bytes) -> str:
    """Return the token of the next page; empty where this one was not full."""
    return encode_token({"at": at.isoformat(), "id": key}, question) if found == asked.size else ""


def once(call: str, request: Any, fingerprint: bytes) -> Once:
    """Return what makes a write count once."""
    return Once(current_caller().name, call, request.request_id, fingerprint)
