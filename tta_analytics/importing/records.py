"""A row of a file as a fact message: columns mapped to fields, values parsed, every violation named by column."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

import protovalidate
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from tta_analytics.importing.rows import Reject, Row, Unreadable

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(minutes=5)


def _time(value: Any) -> Timestamp:
    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip())
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        raise ValueError
    stamp = Timestamp()
    stamp.FromDatetime(value if value.tzinfo else value.replace(tzinfo=UTC))
    return stamp


def _whole(value: Any) -> int:
    if isinstance(value, bool) or float(value) != int(float(value)):
        raise ValueError
    return int(float(value))


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool | dict | list):
        raise TypeError
    if isinstance(value, bytes):
        return value.decode().strip()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(_finite(value))
    return str(value).strip()


def _finite(value: float) -> float:
    """Refuse what tables of floats write where nothing is: `nan` is nobody's id."""
    if not math.isfinite(value):
        raise ValueError
    return value


@dataclass(frozen=True, slots=True)
class _Kind:
    parse: Callable[[Any], Any]
    wanted: str


_TIME = _Kind(_time, "a time like 2026-03-01T12:30:00Z (without a zone: UTC)")
_KINDS = {
    FieldDescriptor.CPPTYPE_DOUBLE: _Kind(_number, "a number"),
    FieldDescriptor.CPPTYPE_FLOAT: _Kind(_number, "a number"),
    FieldDescriptor.CPPTYPE_INT32: _Kind(_whole, "a whole number"),
    FieldDescriptor.CPPTYPE_INT64: _Kind(_whole, "a whole number"),
    FieldDescriptor.CPPTYPE_STRING: _Kind(_text, "text"),
    FieldDescriptor.CPPTYPE_BOOL: _Kind(_flag, "true or false"),
}


def _enum_kind(enum: EnumDescriptor) -> _Kind:
    values = enum.values
    prefix = values[0].name.removesuffix("UNSPECIFIED")
    numbers = {value.name.removeprefix(prefix).lower(): value.number for value in values[1:]}
    return _Kind(lambda value: numbers[_text(value).lower()], f"one of {', '.join(numbers)}")


def _kind(field: Any) -> _Kind:
    if field.enum_type is not None:
        return _enum_kind(field.enum_type)
    if field.message_type is not None:
        return _TIME
    return _KINDS[field.cpp_type]


Fact = TypeVar("Fact", bound=Message)


class RecordParser(Generic[Fact]):
    """Parses rows into one kind of fact."""

    def __init__(self, fact: type[Fact], columns: Mapping[str, str]) -> None:
        """Parse rows into `fact`, taking field -> column from `columns` and every other field from its own name."""
        fields = {field.name: field for field in fact.DESCRIPTOR.fields if not field.is_repeated}
        self._fact = fact
        self._columns = {name: columns.get(name, name) for name in fields}
        self._kinds = {name: _kind(field) for name, field in fields.items()}
        self._time = next(name for name in ("started_at", "recorded_at", "observed_at") if name in fields)

    @staticmethod
    def field_names(fact: type[Message]) -> list[str]:
        """Name the fields that a file of this kind may have."""
        return [field.name for field in fact.DESCRIPTOR.fields]

    def parse(self, row: Row, now: datetime) -> Fact | list[Reject]:
        """Return the fact, or every reason why the line is refused."""
        record = self._fact()
        rejects = []
        for name, column in self._columns.items():
            if (value := row.values.get(column)) is None:
                continue
            if isinstance(value, Unreadable):
                rejects.append(Reject(row.line, column, value.reason))
                continue
            try:
                self._set(record, name, self._kinds[name].parse(value))
            except (ValueError, TypeError, KeyError, OverflowError):
                rejects.append(Reject(row.line, column, f"must be {self._kinds[name].wanted}"))
        return rejects or list(self._violations(row, record, now)) or record

    def column(self, field: str) -> str:
        """Return the column that a field was read from."""
        return self._columns.get(field, field)

    @staticmethod
    def _set(record: Message, name: str, value: Any) -> None:
        if isinstance(value, Message):
            getattr(record, name).CopyFrom(value)
        else:
            setattr(record, name, value)

    def _violations(self, row: Row, record: Fact, now: datetime) -> Iterator[Reject]:
        named = set()
        for violation in protovalidate.collect_violations(record):
            elements = violation.proto.field.elements if violation.proto.field else ()
            path = ".".join(element.field_name for element in elements)
            if path not in named:
                named.add(path)
                yield Reject(row.line, self.column(path), violation.proto.message)
        if record.HasField(self._time):
            moment = getattr(record, self._time).ToDatetime(tzinfo=UTC)
            if moment < EARLIEST:
                yield Reject(row.line, self.column(self._time), "must not be before 2000-01-01")
            elif moment > now + LATEST_AHEAD:
                yield Reject(row.line, self.column(self._time), "must be at most 5 minutes in the future")
