"""Java is started from a process that serves: whatever gRPC does there, it comes up."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter

import grpc

from aggregation_svc.adapters.spark_engine import launched_apart

LAUNCHES = 40


async def test_what_is_launched_while_calls_are_served_does_not_crash() -> None:
    async def answer(request: bytes, context: object) -> bytes:
        del context
        return request

    server = grpc.aio.server()
    handlers = {"Ask": grpc.unary_unary_rpc_method_handler(answer)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("busy", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()

    async def keep_asking() -> None:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            while True:
                await channel.unary_unary("/busy/Ask")(b"")

    def launched() -> Counter[int]:
        ends: Counter[int] = Counter()
        for _ in range(LAUNCHES):
            # As PySpark does it.
            child = launched_apart(["true"], stdin=subprocess.PIPE, preexec_fn=signal.getsignal)
            ends[child.wait(60)] += 1
            assert child.stdin is not None
            child.stdin.close()
        return ends

    asking = [asyncio.create_task(keep_asking()) for _ in range(4)]
    ends = await asyncio.to_thread(launched)
    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    await server.stop(None)
    assert ends == {0: LAUNCHES}


def test_what_is_launched_is_not_reached_by_an_interrupt_of_the_terminal() -> None:
    program = "import os; print(os.getsid(0) == os.getpid())"
    child = launched_apart([sys.executable, "-c", program], stdout=subprocess.PIPE, preexec_fn=None)
    output, _ = child.communicate(timeout=60)
    assert output == b"True\n"
