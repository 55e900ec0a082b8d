"""Documents that a service streams as `google.api.HttpBody`: the first chunk carries the media type."""

from typing import Any

import grpc
from google.api import httpbody_pb2

from gateway.exchange import Exchange, Header
from gateway.headers import DOCUMENT_POLICY, PDF_POLICY, content_policy

FILE_NAME = "tta-file-name"
"""Initial metadata in which a service says what to call a document."""

_SHOWN = ("text/html", "application/pdf", "application/json", "image/svg+xml")
"""What a browser may show; everything else is saved."""

_ENDINGS = {
    "text/html": "html",
    "application/pdf": "pdf",
    "application/json": "json",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


async def answer_document(exchange: Exchange, stream: Any, name: str) -> None:
    """Answer with the chunks of a document as they come; the reader's pace is the service's.

    The file is called what the service says, else `name`.

    Raises:
        grpc.aio.AioRpcError: The service refused, or broke off: then the connection ends before the document does.
    """
    message = await stream.read()
    told = dict(await stream.initial_metadata()).get(FILE_NAME)
    first = httpbody_pb2.HttpBody() if message is grpc.aio.EOF else httpbody_pb2.HttpBody.FromString(message)
    await exchange.start(200, _headers(first.content_type or "application/octet-stream", str(told or name)))
    await exchange.chunk(first.data)
    while message is not grpc.aio.EOF:
        message = await stream.read()
        if message is not grpc.aio.EOF:
            await exchange.chunk(httpbody_pb2.HttpBody.FromString(message).data)
    await exchange.chunk(b"", more=False)


def _headers(kind: str, name: str) -> list[Header]:
    bare = kind.partition(";")[0].strip().lower()
    place = "inline" if bare in _SHOWN else "attachment"
    safe = "".join(each if each.isalnum() or each in "-_." else "-" for each in name if each.isascii()) or "document"
    ending = f".{_ENDINGS[bare]}" if bare in _ENDINGS else ""
    file = f"{safe.removesuffix(ending)}{ending}"
    return [
        (b"content-type", kind.encode("latin-1")),
        (b"content-disposition", f'{place}; filename="{file}"'.encode()),
        (b"cache-control", b"no-store"),
        content_policy(PDF_POLICY if bare == "application/pdf" else DOCUMENT_POLICY),
    ]
