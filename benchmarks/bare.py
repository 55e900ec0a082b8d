"""The floor of reads and of streams: a bare gRPC service that answers with bytes, and a bare HTTP service that asks it.

Neither checks, validates, counts or renders anything: what a call takes is grpcio, uvicorn and this machine.
`python -m benchmarks.bare grpc BYTES`, `... http TARGET` and `... streams` print their port, and serve; the last says
one word on every stream, and leaves it open.
"""

import asyncio
import gc
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tta.analytics.v1 import alert_pb2

from benchmarks.alerts.listeners import STREAM_ALERTS
from benchmarks.asked import command_line
from tests.servers import free_port

READ = "/bare/Read"
STREAMS = 10_000


async def serve_grpc(size: int) -> None:
    """Answer every call with so many bytes."""
    answer = bytes(size)

    async def read(request: bytes, context: Any) -> bytes:
        del request, context
        return answer

    server = grpc.aio.server()
    handlers = {"Read": grpc.unary_unary_rpc_method_handler(read)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bare", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    gc.freeze()
    print(port, flush=True)
    await server.wait_for_termination()


async def serve_streams() -> None:
    """Answer every stream of alerts with one cursor, and leave it open."""
    word = alert_pb2.StreamAlertsResponse(cursor="1").SerializeToString()
    never = asyncio.Event()

    async def stream(request: bytes, context: Any) -> AsyncIterator[bytes]:
        del request, context
        yield word
        await never.wait()

    # As the service has it: of more calls that wait to begin than a thousand, gRPC cancels some.
    bounds = ("max_pending_requests", "max_pending_requests_hard_limit")
    server = grpc.aio.server(options=[(f"grpc.server.{bound}", STREAMS) for bound in bounds])
    service, method = STREAM_ALERTS.strip("/").split("/")
    handlers = {method: grpc.unary_stream_rpc_method_handler(stream)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    gc.freeze()
    print(port, flush=True)
    await server.wait_for_termination()


async def serve_http(target: str) -> None:
    """Answer every request with what the bare gRPC service answers."""
    async with grpc.aio.insecure_channel(target) as channel:
        read = channel.unary_unary(READ)

        async def ask(request: Request) -> Response:
            del request
            return Response(await read(b""), media_type="application/json")

        port = free_port()
        config = uvicorn.Config(Starlette(routes=[Route("/", ask)]), port=port, log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 uvicorn has no event for it
            await asyncio.sleep(0.05)
        gc.freeze()
        print(port, flush=True)
        await serving


@contextmanager
def bare(kind: str, argument: object) -> Iterator[str]:
    """Run a service of a kind; gives its address."""
    with launched(kind, str(argument)) as (address, _):
        yield address


@contextmanager
def launched(kind: str, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a service of a kind; gives its address and its process."""
    command = (sys.executable, "-m", "benchmarks.bare", kind, *arguments)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            yield f"127.0.0.1:{int(child.stdout.readline())}", child
        finally:
            child.terminate()


if __name__ == "__main__":
    parser = command_line("benchmarks.bare", __doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    kinds.add_parser("grpc").add_argument("size", type=int, metavar="BYTES")
    kinds.add_parser("http").add_argument("target", metavar="TARGET")
    kinds.add_parser("streams")
    asked = parser.parse_args()
    match asked.kind:
        case "grpc":
            uvloop.run(serve_grpc(asked.size))
        case "http":
            uvloop.run(serve_http(asked.target))
        case _:
            uvloop.run(serve_streams())
