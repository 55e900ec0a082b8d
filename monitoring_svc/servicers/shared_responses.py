"""Messages of StreamAlerts that every subscriber gets alike."""

from datetime import datetime

from tta.analytics.v1 import alert_pb2

from monitoring_svc.domain.alert import AlertEvent
from monitoring_svc.domain.cursor import Cursor
from monitoring_svc.servicers import wire


class SharedResponses:
    """The messages of the newest events, each built and serialised once for all subscribers."""

    def __init__(self, kept: int = 512) -> None:
        """Keep `kept` messages."""
        self._kept = kept
        self._known: dict[int, tuple[datetime, bytes]] = {}

    def of(self, event: AlertEvent) -> bytes:
        """Return the message of an event, serialised.

        Its place alone does not tell which event it is: a log that was restored has others where it had been.
        """
        occurred_at, response = self._known.get(event.position, (None, b""))
        if occurred_at != event.occurred_at:
            message = alert_pb2.StreamAlertsResponse(event=wire.event_proto(event), cursor=str(Cursor.after(event)))
            response = message.SerializeToString()
            self._known[event.position] = (event.occurred_at, response)
            if len(self._known) > self._kept:
                del self._known[next(iter(self._known))]
        return response

    def forget(self) -> None:
        """Drop what is kept: a player in it was erased."""
        self._known.clear()
