"""Validation rules of the protos as JSON Schema."""

from typing import Any

from buf.validate import validate_pb2
from google.protobuf.descriptor import FieldDescriptor

from gateway.transcoding.names import short_names
from gateway.transcoding.scalars import integer_range

Schema = dict[str, Any]

_NUMBERS = ("float", "double", "int32", "int64", "uint32", "uint64", "sint32", "sint64")
_BOUNDS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_FORMATS = {"email": "email", "uri": "uri", "uuid": "uuid", "hostname": "hostname", "ip": "ip"}


def constrained(field: FieldDescriptor, schema: Schema, rules: validate_pb2.FieldRules) -> Schema:
    """Return the schema of one value with what its rules ask of it."""
    if rules.ignore == validate_pb2.IGNORE_ALWAYS:
        return schema
    kind = rules.WhichOneof("type")
    if kind in _NUMBERS:
        return schema | _number(getattr(rules, kind), integer_range(field.type) is not None)
    if kind == "string":
        return schema | _string(rules)
    if kind == "enum" and field.enum_type:
        refused = set(rules.enum.not_in)
        allowed = set(rules.enum.__getattribute__("in")) or set(short_names(field.enum_type))
        return schema | {"enum": [n for i, n in short_names(field.enum_type).items() if i in allowed - refused]}
    return schema


def sized(schema: Schema, rules: validate_pb2.FieldRules) -> Schema:
    """Return the schema of a list or map with its limits of size."""
    kind = rules.WhichOneof("type")
    if kind == "repeated":
        limits = {"minItems": rules.repeated.min_items, "maxItems": rules.repeated.max_items}
        unique = {"uniqueItems": True} if rules.repeated.unique else {}
        return schema | {name: value for name, value in limits.items() if value} | unique
    if kind == "map":
        limits = {"minProperties": rules.map.min_pairs, "maxProperties": rules.map.max_pairs}
        return schema | {name: value for name, value in limits.items() if value}
    return schema


def needed(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> bool:
    """Tell whether a request without the field breaks its rules: it is required, or the default value is refused."""
    if rules.ignore != validate_pb2.IGNORE_UNSPECIFIED:
        return False
    if rules.required:
        return True
    kind = rules.WhichOneof("type")
    if kind == "repeated":
        return bool(rules.repeated.min_items)
    if kind == "map":
        return bool(rules.map.min_pairs)
    if field.has_presence or kind is None:
        return False
    if kind == "string":
        return bool(rules.string.min_len or rules.string.len or rules.string.min_bytes)
    if kind == "enum":
        return 0 in rules.enum.not_in
    if kind in _NUMBERS:
        bounds = getattr(rules, kind)
        return bool((bounds.HasField("gte") and bounds.gte > 0) or (bounds.HasField("gt") and bounds.gt >= 0))
    return False


def _number(rules: Any, whole: bool) -> Schema:
    convert = int if whole else float
    found = {name: convert(getattr(rules, rule)) for rule, name in _BOUNDS.items() if rules.HasField(rule)}
    out: Schema = {name: int(value) if float(value).is_integer() else value for name, value in found.items()}
    if known := list(rules.__getattribute__("in")):
        out["enum"] = known
    return out


def _string(field_rules: validate_pb2.FieldRules) -> Schema:
    rules = field_rules.string
    out: Schema = {}
    lenient = field_rules.ignore == validate_pb2.IGNORE_IF_ZERO_VALUE
    if (least := rules.len or rules.min_len) and not lenient:
        out["minLength"] = least
    if most := rules.len or rules.max_len:
        out["maxLength"] = most
    if rules.pattern and not lenient:
        out["pattern"] = rules.pattern
    if known := list(rules.__getattribute__("in")):
        out["enum"] = known
    if (kind := rules.WhichOneof("well_known")) in _FORMATS and not lenient:
        out["format"] = _FORMATS[kind]
    return out
