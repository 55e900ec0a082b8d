"""An example of any schema: values that its limits allow, told apart by the field's name where that says more."""

import re
from typing import Any

from gateway.openapi.constraints import Schema

_BY_NAME: dict[str, Any] = {
    "user_id": "player-7",
    "session_id": "s-2026-01-31-1",
    "request_id": "0c7f2f5e-9a40-4b6e-8d0c-4b6f0c2f7a11",
    "alert_id": "a-42",
    "therapeutic_focus": "anxiety",
    "session_frequency": "weekly",
    "engagement_level": "high",
    "page_size": 50,
    "page_token": "",
    "next_page_token": "",
    "duration_minutes": 32.5,
    "interaction_count": 48,
    "engagement_score": 0.7,
    "sentiment_score": 0.2,
    "overall_progress": 0.4,
    "value": 0.25,
    "title": "January, by focus",
    "url": "https://example.org/hook",
    "email": "on-call@example.org",
    "time_zone": "Europe/Berlin",
    "cursor": "1042",
    "purpose": "The player needs a call back from the crisis line.",
}
_TIME = "2026-01-31T12:00:00Z"
_DEEPEST = 6


def example(schema: Schema, components: dict[str, Schema], name: str = "", depth: int = 0) -> Any:
    """Return a value that the schema allows."""
    while "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[-1]]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, components, depth)
    if kind == "array":
        if depth >= _DEEPEST and not schema.get("minItems"):
            return []
        return [example(schema.get("items", {}), components, name.removesuffix("s"), depth + 1)]
    if name in _BY_NAME and _fits(_BY_NAME[name], schema):
        return _BY_NAME[name]
    if kind in ("integer", "number"):
        return _number(schema)
    if kind == "boolean":
        return True
    return _string(schema, name) if kind == "string" else {}


def _object(schema: Schema, components: dict[str, Schema], depth: int) -> dict[str, Any]:
    required = set(schema.get("required", ()))
    fields = schema.get("properties", {})
    out = {
        name: example(each, components, name, depth + 1)
        for name, each in fields.items()
        if depth < _DEEPEST or name in required
    }
    for pair in schema.get("not", {}).get("anyOf", ()):
        if set(pair["required"]) <= set(out):
            del out[pair["required"][1]]
    return out


def _fits(value: Any, schema: Schema) -> bool:
    if isinstance(value, str):
        return (
            schema.get("type") == "string"
            and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**6)
            and not {"pattern", "format", "contentEncoding"} & set(schema)
        )
    if schema.get("type") != "number" and not (schema.get("type") == "integer" and isinstance(value, int)):
        return False
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))


def _number(schema: Schema) -> float | int:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None and high is None:
        return 1 if schema["type"] == "integer" else 1.5
    if low is None or high is None:
        return (low or 0) + 1 if high is None else high - 1
    middle = (low + high) / 2
    return int(middle) if schema["type"] == "integer" else middle


def _string(schema: Schema, name: str) -> str:
    known = {
        "date-time": _TIME,
        "uuid": "0c7f2f5e-9a40-4b6e-8d0c-4b6f0c2f7a11",
        "email": "on-call@example.org",
        "uri": "https://example.org/hook",
    }
    if found := known.get(schema.get("format", "")):
        return found
    if "contentEncoding" in schema:
        return "c2VhbA=="
    if "pattern" in schema:
        return next(each for each in (name, *_SHAPES) if re.search(schema["pattern"], each))
    text = (name or "text").replace("_", " ")
    text = text.ljust(schema.get("minLength", 0), ".")
    return text[: schema.get("maxLength", len(text))]


_SHAPES = ("severity", "30s", "session_count", "0f" * 32)
