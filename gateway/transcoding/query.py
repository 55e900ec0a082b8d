"""Query parameters and path variables to the fields of a request.

A parameter is the path of a field (`period.grain=month`); a repeated field is a repeated parameter; an empty parameter
is an absent one, as forms send it. Fields that the path or the body fill are no parameters.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gateway.transcoding import scalars
from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.scalars import Read
from mesh.refusal import Violation

_DEPTH = 4  # levels of messages that parameters reach into: keeps recursive types finite
_MOST = 200  # parameters of one request


@dataclass(frozen=True, slots=True)
class Parameter:
    """A field of a request that text can fill."""

    path: tuple[str, ...]
    field: FieldDescriptor
    read: Read

    @property
    def name(self) -> str:
        """The path as a caller writes it: `period.grain`."""
        return ".".join(self.path)

    @property
    def repeated(self) -> bool:
        """Whether it may be given more than once."""
        return bool(self.field.is_repeated)


def parameters(message: Descriptor) -> dict[str, Parameter]:
    """Return every field of a request that text can fill, by its path."""
    return {each.name: each for each in _walk(message, ())}


def _walk(message: Descriptor, above: tuple[str, ...]) -> Iterator[Parameter]:
    for field in message.fields:
        path = (*above, field.name)
        if (read := _reader(field)) is not None:
            yield Parameter(path, field, read)
        elif (inner := _inside(field)) and len(path) < _DEPTH:
            yield from _walk(inner, path)


def _reader(field: FieldDescriptor) -> Read | None:
    if not field.message_type:
        return scalars.from_text(field)
    name = field.message_type.full_name
    if name == "google.protobuf.Timestamp":
        return lambda text: scalars.read_time(text.replace(" ", "+") if "T" in text else text)
    if name == "google.protobuf.Duration":
        return scalars.read_duration
    if name.startswith("google.protobuf.") and name.endswith("Value") and "value" in field.message_type.fields_by_name:
        inner = scalars.from_text(field.message_type.fields_by_name["value"])
        return lambda text: {"value": inner(text)}
    if name == "google.protobuf.FieldMask":
        return lambda text: {"paths": text.split(",")}
    return None


def _inside(field: FieldDescriptor) -> Descriptor | None:
    """Return the message whose fields parameters reach; none for lists, maps and free-form JSON."""
    message = field.message_type
    return message if message and not field.is_repeated and not message.full_name.startswith("google.") else None


def read_query(query: bytes, known: Mapping[str, Parameter], *, tolerant: bool) -> dict[str, Any]:
    """Read a query string into what the request's constructor takes.

    Raises:
        Mismatch: A parameter is unknown (unless `tolerant`), given twice, or not of its field's type.
    """
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Mismatch.of("query", f"must be percent-encoded UTF-8 with at most {_MOST} parameters") from None
    out: dict[str, Any] = {}
    wrong: list[Violation] = []
    seen: set[str] = set()
    for name, text in pairs:
        if (parameter := known.get(name)) is None:
            if not tolerant:
                wrong.append(Violation(name, "unknown", "no such parameter here"))
        elif name in seen and not parameter.repeated:
            wrong.append(Violation(name, "repeated", "may be given once"))
        elif text:
            seen.add(name)
            try:
                put(out, parameter, parameter.read(text))
            except Mismatch as mismatch:
                wrong += mismatch.under(name).violations
    if wrong:
        raise Mismatch(wrong)
    return out


def put(values: dict[str, Any], parameter: Parameter, value: Any) -> None:
    """Put a value where its parameter's path says, adding to what a repeated one already has."""
    *above, name = parameter.path
    for step in above:
        values = values.setdefault(step, {})
    if parameter.repeated:
        values.setdefault(name, []).append(value)
    else:
        values[name] = value
