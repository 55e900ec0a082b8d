"""What the descriptor image says: the calls, their HTTP rules, their permissions, their comments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from buf.validate import validate_pb2
from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from tta.analytics.v1 import access_pb2

IMAGE = Path(access_pb2.__file__).resolve().parents[1] / "image.binpb"
"""The image that ships beside the generated stubs."""

_MESSAGES, _ENUMS, _SERVICES = 4, 5, 6  # field numbers of FileDescriptorProto, as comments' locations spell them
_FIELDS, _NESTED, _NESTED_ENUMS = 2, 3, 4  # of DescriptorProto
_SIDE_EFFECT_FREE, _IDEMPOTENT = 1, 2  # of MethodOptions.IdempotencyLevel


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One rpc, with all that the proto says of it."""

    service: str
    """Full name of the service: `tta.analytics.v1.AlertService`."""
    name: str
    """Name of the call: `ListAlerts`."""
    request: Descriptor
    response: Descriptor
    client_streaming: bool
    server_streaming: bool
    http: http_pb2.HttpRule | None
    """The `google.api.http` option; absent where the call is gRPC only."""
    access: access_pb2.Access | None
    """The condition on the caller; absent only where the proto forgot it."""
    side_effect_free: bool
    idempotent: bool
    """True where the proto says that a repeat does no harm, side-effect-free calls included."""
    comment: str

    @property
    def path(self) -> str:
        """The gRPC path: `/tta.analytics.v1.AlertService/ListAlerts`."""
        return f"/{self.service}/{self.name}"

    @property
    def request_class(self) -> type[Message]:
        """The class of request messages."""
        return message_factory.GetMessageClass(self.request)

    @property
    def response_class(self) -> type[Message]:
        """The class of response messages."""
        return message_factory.GetMessageClass(self.response)


@dataclass(frozen=True, slots=True)
class Image:
    """The calls of a descriptor image, and what was written about each element of it."""

    calls: tuple[Call, ...]
    comments: Mapping[str, str]
    """Comment by full name of service, call, message, field, enum or enum value."""
    fields: Mapping[str, descriptor_pb2.FieldDescriptorProto] = field(repr=False)
    """The declaration of each field by full name, options included."""

    def rules(self, of: FieldDescriptor) -> validate_pb2.FieldRules:
        """Return the validation rules that a field declares; empty ones where it declares none."""
        return self.fields[of.full_name].options.Extensions[validate_pb2.field]


def load(path: Path = IMAGE, package: str = "tta") -> Image:
    """Read the image at `path` and the calls of the services under `package`."""
    return read(descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes()), package)


def read(files: descriptor_pb2.FileDescriptorSet, package: str = "tta") -> Image:
    """Read a set of files, each after those that it imports, into a pool of its own."""
    pool = descriptor_pool.DescriptorPool()
    comments: dict[str, str] = {}
    fields: dict[str, descriptor_pb2.FieldDescriptorProto] = {}
    calls: list[Call] = []
    for file in files.file:
        pool.Add(file)
        comments.update(_comments(file))
        fields.update(_fields(file))
    for file in files.file:
        if file.package.split(".")[0] != package:
            continue
        for service in file.service:
            calls += (_call(pool, f"{file.package}.{service.name}", method, comments) for method in service.method)
    return Image(tuple(calls), comments, fields)


def _call(pool: Any, service: str, method: descriptor_pb2.MethodDescriptorProto, comments: Mapping[str, str]) -> Call:
    options = method.options
    http, access = annotations_pb2.http, access_pb2.access
    return Call(
        service=service,
        name=method.name,
        request=pool.FindMessageTypeByName(method.input_type.removeprefix(".")),
        response=pool.FindMessageTypeByName(method.output_type.removeprefix(".")),
        client_streaming=method.client_streaming,
        server_streaming=method.server_streaming,
        http=options.Extensions[http] if options.HasExtension(http) else None,
        access=options.Extensions[access] if options.HasExtension(access) else None,
        side_effect_free=options.idempotency_level == _SIDE_EFFECT_FREE,
        idempotent=options.idempotency_level in (_SIDE_EFFECT_FREE, _IDEMPOTENT),
        comment=comments.get(f"{service}.{method.name}", ""),
    )


def _messages(
    prefix: str, messages: Any, path: tuple[int, ...]
) -> Iterator[tuple[str, tuple[int, ...], descriptor_pb2.DescriptorProto]]:
    for index, message in enumerate(messages):
        name, here = f"{prefix}{message.name}", (*path, index)
        yield name, here, message
        yield from _messages(f"{name}.", message.nested_type, (*here, _NESTED))


def _fields(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[str, descriptor_pb2.FieldDescriptorProto]]:
    for name, _, message in _messages(f"{file.package}.", file.message_type, (_MESSAGES,)):
        yield from ((f"{name}.{each.name}", each) for each in message.field)


def _comments(file: descriptor_pb2.FileDescriptorProto) -> dict[str, str]:
    written = {
        tuple(location.path): (location.leading_comments or location.trailing_comments)
        for location in file.source_code_info.location
        if location.leading_comments or location.trailing_comments
    }
    names = {path: name for name, path in _named(file)}
    return {names[path]: _tidy(text) for path, text in written.items() if path in names}


def _named(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[str, tuple[int, ...]]]:
    prefix = f"{file.package}."
    for number, service in enumerate(file.service):
        yield f"{prefix}{service.name}", (_SERVICES, number)
        for index, method in enumerate(service.method):
            yield f"{prefix}{service.name}.{method.name}", (_SERVICES, number, _FIELDS, index)
    enums: list[tuple[str, tuple[int, ...], Any]] = [(prefix, (_ENUMS,), file.enum_type)]
    for name, path, message in _messages(prefix, file.message_type, (_MESSAGES,)):
        yield name, path
        yield from ((f"{name}.{each.name}", (*path, _FIELDS, index)) for index, each in enumerate(message.field))
        enums.append((f"{name}.", (*path, _NESTED_ENUMS), message.enum_type))
    for owner, path, found in enums:
        for index, enum in enumerate(found):
            yield f"{owner}{enum.name}", (*path, index)
            for position, value in enumerate(enum.value):
                yield f"{owner}{enum.name}.{value.name}", (*path, index, _FIELDS, position)


def _tidy(comment: str) -> str:
    return "\n".join(line.removeprefix(" ").rstrip() for line in comment.strip("\n").splitlines()).strip()
