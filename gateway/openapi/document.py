"""The OpenAPI 3.1 document: every binding of every call, described by its proto's comments."""

import re
from importlib.metadata import version
from typing import Any

from tta.analytics.v1 import access_pb2

from gateway.openapi.constraints import Schema
from gateway.openapi.examples import example
from gateway.openapi.schemas import Schemas
from gateway.transcoding.bindings import Binding, bindings
from gateway.transcoding.image import Call, Image
from gateway.transcoding.names import short_names
from gateway.transcoding.query import Parameter

_HTTP_BODY = "google.api.HttpBody"
_REFUSALS = ("400", "401", "403", "404", "405", "409", "413", "415", "429", "503")

_INTRODUCTION = """\
Everything that TTA Analytics offers over HTTP. JSON uses snake_case names and lower-case enum values; times are
RFC 3339 in UTC; 64-bit integers are numbers; a field that may be missing is omitted, never null. Errors are RFC 9457
problem documents with a stable `reason` and a violation for each field that was refused. Lists take `page_size` and
`page_token`. A write with a `request_id` (or the header `Idempotency-Key`) may be repeated and counts once. Streams are
server-sent events, or WebSockets at the same path. Paths outside `/api/v1` are kept for callers of the predecessor.
"""


def document(image: Image) -> dict[str, Any]:
    """Return the document of an image."""
    schemas = Schemas(image)
    paths: dict[str, dict[str, Any]] = {}
    served = [(call, list(bindings(call))) for call in image.calls]
    for call, found in served:
        for number, binding in enumerate(found):
            path = paths.setdefault(binding.template.text, {})
            path[binding.method.lower()] = _operation(call, binding, number, schemas)
    paths["/health"] = {"get": _HEALTH}
    return {
        "openapi": "3.1.0",
        "info": {"title": "TTA Analytics", "version": version("tta-analytics"), "description": _INTRODUCTION},
        "servers": [{"url": "/", "description": "This gateway"}],
        "tags": _tags([call for call, found in served if found], image),
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Problem": _PROBLEM, **dict(sorted(schemas.components.items()))},
            "responses": {"Problem": _PROBLEM_RESPONSE},
            "securitySchemes": _SCHEMES,
        },
    }


def _tags(calls: list[Call], image: Image) -> list[dict[str, str]]:
    services = dict.fromkeys(call.service for call in calls)
    described = [{"name": _tag(each), "description": image.comments.get(each, "")} for each in services]
    return [*described, {"name": "Health", "description": "Whether the services behind this port are ready."}]


def _tag(service: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", service.rsplit(".", 1)[-1].removesuffix("Service"))
    return words[0] + words[1:].lower()


def _operation(call: Call, binding: Binding, number: int, schemas: Schemas) -> dict[str, Any]:
    summary, _, rest = call.comment.partition("\n")
    first, dot, more = summary.partition(". ")
    out: dict[str, Any] = {
        "operationId": call.name + (str(number + 1) if number else ""),
        "tags": [_tag(call.service)],
        "summary": first.removesuffix("."),
        "description": _description(call, f"{more}\n{rest}".strip() if dot else rest.strip()),
        "parameters": [
            *(_parameter(each, "path", schemas) for each in binding.variables.values()),
            *(_parameter(each, "query", schemas) for each in binding.query.values()),
        ],
        "responses": _responses(call, schemas),
        "security": _security(call),
        "x-permissions": [short_names(_PERMISSIONS)[each] for each in call.access.any_of] if call.access else [],
    }
    if binding.body:
        out["requestBody"] = _body(call, binding, schemas)
    if binding.tolerant:
        out["description"] += "\n\nKept for callers of the predecessor. Unknown fields are ignored."
    return out


_PERMISSIONS = access_pb2.DESCRIPTOR.enum_types_by_name["Permission"]


def _description(call: Call, text: str) -> str:
    parts = [text] if text else []
    if call.access and not call.access.public:
        names = [f"`{short_names(_PERMISSIONS)[each]}`" for each in call.access.any_of]
        needs = f"Needs {' or '.join(names)}" if names else "Open to nobody by role"
        own = "; players may make it on themselves" if call.access.own_player else ""
        parts.append(f"{needs}{own}.")
    return "\n\n".join(parts)


def _parameter(parameter: Parameter, place: str, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.field(parameter.field)
    description = schema.pop("description", "")
    return {
        "name": parameter.name,
        "in": place,
        "required": place == "path" or (len(parameter.path) == 1 and schemas.needed(parameter.field)),
        **({"description": description} if description else {}),
        "schema": {"minLength": 1, **schema} if place == "path" and schema.get("type") == "string" else schema,
    }


def _body(call: Call, binding: Binding, schemas: Schemas) -> dict[str, Any]:
    if binding.body == "*":
        name = f"{call.request.name}{'Tolerant' if binding.tolerant else ''}"
        schemas.components[name] = schemas.request(
            call.request, tolerant=binding.tolerant, without=binding.template.variables
        )
        schema: Schema = {"$ref": f"#/components/schemas/{name}"}
    else:
        schema = schemas.field(call.request.fields_by_name[binding.body], tolerant=binding.tolerant)
    needed = schemas.components[name].get("required") if binding.body == "*" else True
    content = {"schema": schema, "example": example(schema, schemas.components)}
    return {"required": bool(needed), "content": {"application/json": content}}


def _responses(call: Call, schemas: Schemas) -> dict[str, Any]:
    if call.response.full_name == _HTTP_BODY:
        done: dict[str, Any] = {"description": "The document, by its own media type.", "content": {"*/*": {}}}
    elif call.server_streaming:
        schema = schemas.answer(call.response)
        description = (
            "Server-sent events: each `data` is one message of this shape, its cursor the event id; `heartbeat` has "
            "the cursor alone, `problem` ends the stream with an error, `end` in good order. A WebSocket at this path "
            "sends the same messages as text frames."
        )
        done = {"description": description, "content": {"text/event-stream": {"schema": {"type": "string"}}}}
        done["x-message"] = schema
    else:
        schema = schemas.answer(call.response)
        content = {"schema": schema, "example": example(schema, schemas.components)}
        done = {"description": "Done.", "content": {"application/json": content}}
    problem = {"$ref": "#/components/responses/Problem"}
    return {"200": done, **dict.fromkeys(_REFUSALS, problem), "default": problem}


def _security(call: Call) -> list[dict[str, list[str]]]:
    if call.access and call.access.public:
        return [{}]
    return [{"bearer": []}, {"session": []}]


_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "TTA's access token. WebSockets take it as subprotocols `tta.bearer, TOKEN`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "tta-session",
        "description": "The cookie of a signed-in page. Writes also need its X-CSRF-Token.",
    },
}

_PROBLEM: Schema = {
    "type": "object",
    "description": "An RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "reason"],
    "properties": {
        "type": {"type": "string", "description": "`urn:tta-analytics:problem:` and the reason."},
        "title": {"type": "string", "description": "The phrase of the status."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was wrong and what to do, for people."},
        "reason": {"type": "string", "description": "Stable, for programs."},
        "violations": {
            "type": "array",
            "description": "Each field that was refused.",
            "items": {
                "type": "object",
                "required": ["field", "description"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "Path from the root, `sessions[3].started_at`; empty for the whole.",
                    },
                    "rule": {"type": "string"},
                    "description": {"type": "string"},
                },
            },
        },
        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
        "retry_after_seconds": {"type": "number"},
        "request_id": {"type": "string"},
        "trace_id": {"type": "string"},
    },
}

_PROBLEM_RESPONSE = {
    "description": "Refused, or failed.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

_HEALTH = {
    "operationId": "Health",
    "tags": ["Health"],
    "summary": "Tell whether the service of this port is ready",
    "description": "Port 8095 answers for aggregation, 8096 for reporting, 8097 for monitoring, else for the gateway.",
    "security": [{}],
    "responses": {
        "200": {
            "description": "Healthy or degraded.",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["status", "service"],
                        "properties": {
                            "status": {"type": "string", "enum": ["healthy", "degraded"]},
                            "service": {"type": "string"},
                        },
                    },
                    "example": {"status": "healthy", "service": "gateway"},
                }
            },
        },
        "default": {"$ref": "#/components/responses/Problem"},
    },
}
