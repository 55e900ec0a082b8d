"""An alert on its way to a subscriber, over WebSocket and over server-sent events."""

import json
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection

from tta_analytics.verify.checks import Failed


def _is_of(message: Any, alert_id: str) -> bool:
    return bool(message.get("event", {}).get("alert", {}).get("alert_id") == alert_id)


async def over_socket(socket: ClientConnection, alert_id: str) -> None:
    """Return when the alert came; raises Failed where the stream ends before."""
    async for frame in socket:
        if _is_of(json.loads(frame), alert_id):
            return
    raise Failed("the WebSocket ended before the alert came")


async def over_sse(answer: httpx.Response, alert_id: str) -> None:
    """Return when the alert came; raises Failed where the stream ends before."""
    async for line in answer.aiter_lines():
        if line.startswith("data:") and _is_of(json.loads(line.removeprefix("data:")), alert_id):
            return
    raise Failed("the SSE stream ended before the alert came")
