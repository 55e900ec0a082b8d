"""A subscription to alerts that goes on by itself: over a cut wire, and from another process's cursor."""

import asyncio
from contextlib import aclosing

from tta.analytics.v1 import monitoring_pb2

from tests.importing import Services, wire
from tta_analytics.client import AsyncClient, Subscription

CRISIS = "I want to kill myself tonight"


async def alarm(services: Services, player: str) -> str:
    signal = monitoring_pb2.Signal(user_id=player, recent_messages=[CRISIS])
    answer = await services.client.monitoring.ProcessSignal(monitoring_pb2.ProcessSignalRequest(signal=signal))
    return str(answer.fired[0].alert_id)


async def heard(subscription: Subscription, number: int) -> list[str]:
    """Return the alerts of the next events, each once, in their order."""
    found: list[str] = []
    async with asyncio.timeout(60), aclosing(aiter(subscription)) as events:
        async for event in events:
            if event.alert.alert_id not in found:
                found.append(event.alert.alert_id)
            if len(found) == number:
                return found
    raise AssertionError("the subscription ended")


async def test_a_cut_connection_costs_no_event(services: Services):
    port = int(services.settings.target("monitoring").rpartition(":")[2])
    reasons: list[str] = []
    async with wire(port) as line:
        settings = services.settings.model_copy(update={"monitoring_target": f"127.0.0.1:{line.port}"})

        def mend(reason: str) -> None:
            reasons.append(reason)
            line.cut_after = None

        async with AsyncClient(settings, name="listener") as client:
            listening = asyncio.create_task(heard(client.subscribe(cursor="0", on_interruption=mend), 6))
            fired = [await alarm(services, f"before-{number}") for number in range(3)]
            line.cut_after = 0
            fired += [await alarm(services, f"after-{number}") for number in range(3)]
            assert await listening == fired
    assert reasons


async def test_another_process_goes_on_from_a_kept_cursor(services: Services):
    first = await alarm(services, "one")
    subscription = services.client.subscribe(cursor="0")
    assert await heard(subscription, 1) == [first]
    second = await alarm(services, "two")
    async with AsyncClient(services.settings, name="another") as another:
        # At least once: the event that was being looked at comes again.
        assert (await heard(another.subscribe(cursor=subscription.cursor), 2))[-1] == second
