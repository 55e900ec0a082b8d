"""Checks of alerts: they reach subscribers, are acknowledged and resolved. Ours are silenced: nobody is told."""

import asyncio
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tta_analytics.verify.checks import Failed, Skipped
from tta_analytics.verify.run import LABEL, METRIC, NOTE, SLOTS, Run, must, until

STREAM = "/api/v1/alerts/stream"
TRIES = 3
"""A value past its threshold is sent so often until it makes an alert."""


async def silenced(run: Run) -> str:
    """Pass where a silence stands that holds back what is told of this run's alerts.

    It is also what keeps runs at once apart: a slot that another run silences is that run's. Of two that take the same
    at the same time, at least one finds the other's silence beside its own, and takes another slot.
    """
    while True:
        free = sorted({str(slot) for slot in range(SLOTS)} - _slots(await _silences(run)))
        if free and run.slot not in free:
            run.slot = secrets.choice(free)
        silence_id = (await run.make("/api/v1/silences", _silence(run), "silence_id"))["silence_id"]
        standing = await _silences(run)
        must(silence_id in standing, "the silence is not listed as active")
        del standing[silence_id]
        if not free or run.slot not in _slots(standing):
            break
        await run.take_away(f"/api/v1/silences/{silence_id}")
        await asyncio.sleep(secrets.randbelow(1000) / 1000)  # apart, and within the gateway's limit of requests
    run.silenced = True
    return "for half an hour"


def _silence(run: Run) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "matchers": [{"attribute": f"label.{LABEL}", "values": [run.slot]}],
        # Before now by whichever clock: that of another replica, or of the database, may be behind.
        "starts_at": (now - timedelta(minutes=5)).isoformat(),
        "ends_at": (now + timedelta(minutes=30)).isoformat(),
        "comment": NOTE,
    }


async def _silences(run: Run) -> dict[str, Any]:
    listed = (await run.at.call("GET", "/api/v1/silences?active_only=true&page_size=1000"))["silences"]
    return {silence["silence_id"]: silence for silence in listed}


def _slots(silences: dict[str, Any]) -> set[str]:
    """Return the slots that silences hold back."""
    matchers = [matcher for silence in silences.values() for matcher in silence["matchers"]]
    return {slot for each in matchers if each["attribute"] == f"label.{LABEL}" for slot in each["values"]}


async def delivered(run: Run) -> str:
    """Pass where an alert arrives over WebSocket and SSE, is acknowledged and resolved, and its events say so."""
    _require_silence(run)
    began_at = datetime.now(UTC)
    address = f"{run.at.url.replace('http', 'ws', 1)}{STREAM}"
    async with (
        connect(address, additional_headers=run.at.headers, proxy=None, open_timeout=run.at.timeout_seconds) as socket,
        run.at.events(STREAM) as server_sent,
    ):
        began = asyncio.get_running_loop().time()
        wanted = await fired(run, "streams")
        await asyncio.gather(_over_socket(socket, wanted), _over_sse(server_sent, wanted))
        arrived = asyncio.get_running_loop().time() - began
    path = f"/api/v1/alerts/{wanted}"
    await run.at.call("POST", f"{path}:acknowledge", {"note": NOTE})
    run.acknowledged += 1
    await resolved(run, wanted)
    events = (await run.at.call("GET", f"{path}/events"))["events"]
    kinds = [each["kind"] for each in events if each["kind"] not in ("escalated", "repeated")]
    must(kinds == ["opened", "acknowledged", "resolved"], f"its events are {kinds}")
    since = (began_at - timedelta(minutes=5)).isoformat()
    asked = {"states": "resolved", "triggered_after": since, "page_size": "1000"}
    listed = (await run.at.call("GET", "/api/v1/alerts", params=asked))["alerts"]
    must(wanted in [each["alert_id"] for each in listed], "it is not listed among the resolved")
    purpose = {"purpose": f"{NOTE}: there is no player to reveal"}
    await run.at.refused("POST", f"{path}:reveal", purpose, "no_subject")
    told = (await run.at.call("GET", f"/api/v1/deliveries?alert_id={wanted}"))["deliveries"]
    must(not told, f"{len(told)} notifications left though it was silenced")
    return f"on both streams after {1000 * arrived:.0f} ms"


async def by_ticket(run: Run) -> str:
    """Pass where a ticket opens one stream without a token, and only one."""
    ticket = (await run.at.call("POST", "/api/v1/stream-tickets", {}))["ticket"]
    first = await run.at.first_event(f"{STREAM}?ticket={ticket}", signed=False)
    must(first["cursor"], f"no cursor in {first}")
    status = (await run.at.raw("GET", f"{STREAM}?ticket={ticket}", headers={"Accept": "text/event-stream"})).status_code
    must(status == 403, f"the same ticket again: {status}")
    return "one stream a ticket"


async def of_the_system(run: Run) -> str:
    """Pass where an alert of Alertmanager's becomes one here, and clears with it."""
    _require_silence(run)
    labels = {"alertname": "TtaVerify", "severity": "info", **run.labels}
    alert = {"labels": labels, "annotations": {"summary": NOTE}}
    hook = "/hooks/alertmanager"
    firing = {"alerts": [{"status": "firing", **alert}]}
    (alert_id,) = (await run.ask(hook, firing, lambda answer: run.alert_ids.extend(answer["alert_ids"])))["alert_ids"]
    shown = await run.at.call("GET", f"/api/v1/alerts/{alert_id}")
    must((shown["severity"], shown["silenced"]) == ("low", True), f"{shown['severity']}, silenced {shown['silenced']}")
    gone = await run.at.call("POST", hook, {"alerts": [{"status": "resolved", **alert}]})
    must(not gone["alert_ids"], "what is over fired again")

    async def over() -> str | None:
        state = (await run.at.call("GET", f"/api/v1/alerts/{alert_id}"))["state"]
        return state if state == "resolved" else None

    await until(over)
    run.alert_ids.remove(alert_id)
    return "there and back"


async def care(run: Run) -> str:
    """Pass where the figures of care count what happened to the alerts of this run."""
    figures = await run.at.call("GET", "/api/v1/care")
    counts = sum(each["count"] for each in figures["alerts"])
    acknowledged = figures["time_to_acknowledge"]["count"]
    must(counts >= acknowledged >= run.acknowledged, f"{counts} alerts, {acknowledged} acknowledged in 30 days")
    return f"{counts} alerts in 30 days"


async def resolved(run: Run, alert_id: str) -> None:
    """Resolve an alert; raises Failed where it is not resolved then."""
    await run.at.call("POST", f"/api/v1/alerts/{alert_id}:resolve", {"note": NOTE})
    state = (await run.at.call("GET", f"/api/v1/alerts/{alert_id}"))["state"]
    must(state == "resolved", f"alert {alert_id} is {state}")
    run.alert_ids.remove(alert_id)


async def fired(run: Run, name: str) -> str:
    """Open an alert with a value past its threshold; return its id once it is durable.

    An earlier run may have had the same label, and been killed before it resolved its alert. That one would only count
    the value, which no stream tells: it is resolved, and the value comes again.
    """
    _require_silence(run)
    alert_id = await _past_threshold(run, name)
    if (await run.at.call("GET", f"/api/v1/alerts/{alert_id}"))["count"] > 1:
        await resolved(run, alert_id)
        alert_id = await _past_threshold(run, name)
    return alert_id


async def _past_threshold(run: Run, name: str) -> str:
    """Tell a value past its threshold; return the alert that it opens or that counts it.

    A value within it comes first: where an earlier run left the series past its threshold, another such value is only
    told every ten seconds. It comes again where it was lost on its way to the owner of the series.
    """
    point = {"metric_name": METRIC, "value": 2.0, "warning_threshold": 1.0, "labels": {**run.labels, "check": name}}
    for _ in range(TRIES):
        await run.at.call("POST", "/api/v1/metrics", {"metric": {**point, "value": 0.0}})
        answer = await run.ask(
            "/api/v1/metrics", {"metric": point}, lambda answer: run.alert_ids.extend(answer["alert_ids"])
        )
        if answer["alert_ids"]:
            return str(answer["alert_ids"][0])
    raise Failed("a value past its threshold made no alert")


def _require_silence(run: Run) -> None:
    if not run.silenced:
        raise Skipped("nothing fires that is not silenced")


async def _over_socket(socket: ClientConnection, alert_id: str) -> None:
    async for frame in socket:
        if _is_of(json.loads(frame), alert_id):
            return
    raise Failed("the WebSocket ended before the alert came")


async def _over_sse(messages: Any, alert_id: str) -> None:
    async for message in messages:
        if _is_of(message, alert_id):
            return
    raise Failed("the SSE stream ended before the alert came")


def _is_of(message: Any, alert_id: str) -> bool:
    return bool(message.get("event", {}).get("alert", {}).get("alert_id") == alert_id)
