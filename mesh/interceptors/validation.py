"""Enforces the rules that the protos declare, on every message of every request."""

from typing import Any

import protovalidate

from mesh.refusal import InvalidArgument, Violation


def keeps_rules(message: Any) -> bool:
    """Return whether no field of `message` breaks its rules."""
    return not protovalidate.collect_violations(message)


def validate(message: Any) -> None:
    """Raise InvalidArgument (`request_invalid`) listing every field of `message` that breaks its rules."""
    found = protovalidate.collect_violations(message)
    if not found:
        return
    violations = [_violation(item.proto) for item in found]
    first = violations[0]
    more = f" and {len(violations) - 1} more" if len(violations) > 1 else ""
    raise InvalidArgument(
        "request_invalid",
        f"{first.field or 'The request'} {first.description}{more}.",
        violations=violations,
    )


def _violation(proto: Any) -> Violation:
    return Violation(_path(proto.field), proto.rule_id, proto.message or f"breaks the rule {proto.rule_id}")


def _path(field: Any) -> str:
    path = ""
    for element in field.elements if field is not None else ():
        path += f".{element.field_name}" if path else element.field_name
        subscript = element.subscript
        if subscript is not None:
            # The key of a map is the sender's text and may be private.
            path += f"[{subscript.value}]" if subscript.field == "index" else "[...]"
    return path
