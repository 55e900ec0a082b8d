"""A call over HTTP: the bindings of its `google.api.http` option, ready to read requests and render answers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.api import http_pb2
from google.protobuf.message import Message

from gateway.transcoding import paths
from gateway.transcoding.image import Call
from gateway.transcoding.mismatch import Mismatch
from gateway.transcoding.parsing import build, field_reader, loads, reader
from gateway.transcoding.query import Parameter, parameters, put, read_query
from gateway.transcoding.rendering import Render, renderer
from gateway.transcoding.scalars import Read

API = "/api/"
"""Where versioned paths begin. The predecessor's paths, all others, are read tolerantly."""


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One method and path template of a call."""

    call: Call
    method: str
    template: paths.Template
    body: str
    """`*`, the name of the request's field that the body fills, or empty where there is no body."""
    tolerant: bool
    """True for the predecessor's paths: unknown fields are skipped."""
    variables: Mapping[str, Parameter]
    query: Mapping[str, Parameter]
    """The parameters that the query may hold."""
    render: Render
    _read_body: Read | None

    def request(self, values: Mapping[str, str], query: bytes, body: bytes) -> dict[str, Any]:
        """Read a request into what the request message's constructor takes.

        Raises:
            Mismatch: Something does not fit the proto; every field that is wrong is named.
        """
        out = self._from_body(body)
        for name, text in values.items():
            parameter = self.variables[name]
            try:
                value = parameter.read(text)
            except Mismatch as mismatch:
                raise mismatch.under(name) from None
            if len(parameter.path) == 1 and out.get(name, value) != value:
                raise Mismatch.of("path", "differs from the one in the path").under(name)
            put(out, parameter, value)
        if query:
            _merge(out, read_query(query, self.query, tolerant=self.tolerant))
        return out

    def message(self, values: dict[str, Any]) -> Message:
        """Build the request message from what `request` returned."""
        return build(self.call.request, values)

    def _from_body(self, body: bytes) -> dict[str, Any]:
        if self._read_body is None or not body.strip():
            return {}
        if self.body == "*":
            read: dict[str, Any] = self._read_body(loads(body))
            return read
        try:
            return {self.body: self._read_body(loads(body))}
        except Mismatch as mismatch:
            raise mismatch.under(self.body) from None


def bindings(call: Call) -> Iterator[Binding]:
    """Return the bindings of a call, additional ones included; nothing where it is gRPC only."""
    if call.http is not None:
        for rule in (call.http, *call.http.additional_bindings):
            yield _binding(call, rule)


def router(calls: Iterable[Call]) -> paths.Router[Binding]:
    """Return the router of all bindings of all calls.

    Raises:
        ValueError: Two bindings take the same method and paths, or one uses what this gateway does not serve.
    """
    found: paths.Router[Binding] = paths.Router()
    for call in calls:
        for binding in bindings(call):
            found.add(binding.method, binding.template, binding)
    return found


def _binding(call: Call, rule: http_pb2.HttpRule) -> Binding:
    kind = rule.WhichOneof("pattern")
    if kind not in ("get", "put", "post", "delete", "patch"):
        raise ValueError(f"{call.path}: a binding needs one of get, put, post, delete, patch, not {kind}")
    if rule.response_body:
        raise ValueError(f"{call.path}: response_body is not served")
    template = paths.parse(getattr(rule, kind))
    tolerant = not template.text.startswith(API)
    known = parameters(call.request)
    if missing := set(template.variables) - set(known):
        raise ValueError(f"{call.path}: {template.text} has variables that are no fields of its request: {missing}")
    taken = {*template.variables, rule.body}
    return Binding(
        call=call,
        method=kind.upper(),
        template=template,
        body=rule.body,
        tolerant=tolerant,
        variables={name: known[name] for name in template.variables},
        query={}
        if rule.body == "*"
        else {name: each for name, each in known.items() if not {name, each.path[0]} & taken},
        render=renderer(call.response),
        _read_body=_body_reader(call, rule.body, tolerant=tolerant),
    )


def _body_reader(call: Call, body: str, *, tolerant: bool) -> Read | None:
    if not body:
        return None
    if body == "*":
        return reader(call.request, tolerant=tolerant)
    return field_reader(call.request.fields_by_name[body], tolerant=tolerant)


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value
