"""Message types as JSON Schema: requests (what must be given, within which limits), answers (what is always there)."""

import itertools
from collections.abc import Iterable
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from gateway.openapi.constraints import Schema, constrained, needed, sized
from gateway.transcoding.image import Image
from gateway.transcoding.names import short_names
from gateway.transcoding.rendering import map_entry, may_be_missing
from gateway.transcoding.scalars import integer_range

_WELL_KNOWN: dict[str, Schema] = {
    "google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    "google.protobuf.Duration": {"type": "string", "pattern": r"^-?\d{1,12}(\.\d{1,9})?s$"},
    "google.protobuf.Struct": {"type": "object"},
    "google.protobuf.ListValue": {"type": "array"},
    "google.protobuf.Value": {},
    "google.protobuf.FieldMask": {"type": "string"},
    "google.protobuf.Empty": {"type": "object"},
}


class Schemas:
    """Builds the schemas of the message types that are asked for, and of those within."""

    def __init__(self, image: Image) -> None:
        self._image = image
        self.components: dict[str, Schema] = {}
        """Every schema built so far, by its name in the document."""

    def answer(self, message: Descriptor) -> Schema:
        """Return a reference to the schema of an answer."""
        return self._reference(message, "", answer=True, tolerant=False)

    def request(self, message: Descriptor, *, tolerant: bool, without: Iterable[str] = ()) -> Schema:
        """Return the schema of a request body, without the fields that the path fills."""
        return self._object(message, answer=False, tolerant=tolerant, without=frozenset(without))

    def field(self, field: FieldDescriptor, *, answer: bool = False, tolerant: bool = False) -> Schema:
        """Return the schema of a whole field, described by its comment."""
        if entry := map_entry(field):
            schema: Schema = {
                "type": "object",
                "additionalProperties": self._one(entry.fields_by_name["value"], answer=answer, tolerant=tolerant),
            }
            schema = schema if answer else sized(schema, self._image.rules(field))
        elif field.is_repeated:
            schema = self._list(field, answer=answer, tolerant=tolerant)
        else:
            schema = self._one(field, answer=answer, tolerant=tolerant)
            schema = schema if answer else constrained(field, schema, self._image.rules(field))
        comment = self._image.comments.get(field.full_name, "")
        return schema | {"description": comment} if comment else schema

    def _list(self, field: FieldDescriptor, *, answer: bool, tolerant: bool) -> Schema:
        one = self._one(field, answer=answer, tolerant=tolerant)
        if answer:
            return {"type": "array", "items": one}
        rules = self._image.rules(field)
        return sized({"type": "array", "items": constrained(field, one, rules.repeated.items)}, rules)

    def _one(self, field: FieldDescriptor, *, answer: bool, tolerant: bool) -> Schema:
        if message := field.message_type:
            return self._reference(message, "" if answer else "Input", answer=answer, tolerant=tolerant)
        if enum := field.enum_type:
            return {"type": "string", "enum": list(short_names(enum).values())}
        if bounds := integer_range(field.type):
            size = "int64" if bounds[1] > 2**32 else "int32"
            low = {"minimum": 0} if bounds[0] == 0 else {}
            return {"type": "integer", "format": size, **low}
        return dict(_SCALARS[field.type])

    def _reference(self, message: Descriptor, suffix: str, *, answer: bool, tolerant: bool) -> Schema:
        name = message.full_name
        if name in _WELL_KNOWN:
            return dict(_WELL_KNOWN[name])
        if name.startswith("google.protobuf.") and name.endswith("Value"):
            return self._one(message.fields_by_name["value"], answer=answer, tolerant=tolerant)
        component = f"{name.rsplit('.', 1)[-1]}{suffix}{'Tolerant' if tolerant else ''}"
        if component not in self.components:
            self.components[component] = {}  # first, so that a message may hold its own kind
            self.components[component] = self._object(message, answer=answer, tolerant=tolerant, without=frozenset())
        return {"$ref": f"#/components/schemas/{component}"}

    def _object(self, message: Descriptor, *, answer: bool, tolerant: bool, without: frozenset[str]) -> Schema:
        fields = [field for field in message.fields if field.name not in without]
        out: Schema = {"type": "object"}
        if comment := self._image.comments.get(message.full_name):
            out["description"] = comment
        out["properties"] = {field.name: self.field(field, answer=answer, tolerant=tolerant) for field in fields}
        if required := [field.name for field in fields if self._required(field, answer=answer)]:
            out["required"] = required
        if not answer:
            out["additionalProperties"] = tolerant
            out |= _choices(message)
        return out

    def _required(self, field: FieldDescriptor, *, answer: bool) -> bool:
        if answer:
            return not may_be_missing(field) and not (field.enum_type and not field.is_repeated)
        return self.needed(field)

    def needed(self, field: FieldDescriptor) -> bool:
        """Tell whether a request without the field breaks its rules."""
        return needed(field, self._image.rules(field))


def _choices(message: Descriptor) -> Schema:
    """Return what keeps two members of one choice from being given together."""
    pairs = [
        {"required": [one.name, other.name]}
        for group in message.oneofs
        for one, other in itertools.combinations(group.fields, 2)
    ]
    return {"not": {"anyOf": pairs}} if pairs else {}


_SCALARS: dict[int, dict[str, Any]] = {
    FieldDescriptor.TYPE_STRING: {"type": "string"},
    FieldDescriptor.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldDescriptor.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptor.TYPE_FLOAT: {"type": "number", "format": "float"},
}
