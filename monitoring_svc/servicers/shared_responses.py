"""Messages of StreamAlerts that every subscriber gets alike."""

from tta.analytics.v1 import alert_pb2

from monitoring_svc.domain.alert import AlertEvent
from monitoring_svc.servicers import wire


class SharedResponses:
    """The messages of the newest events, each built and serialised once for all subscribers."""

    def __init__(self, kept: int = 512) -> None:
        """Keep `kept` messages."""
        self._kept = kept
        self._known: dict[int, bytes] = {}

    def of(self, event: AlertEvent) -> bytes:
        """Return the message of an event, serialised."""
        response = self._known.get(event.position)
        if response is None:
            message = alert_pb2.StreamAlertsResponse(event=wire.event_proto(event), cursor=str(event.position))
            response = message.SerializeToString()
            self._known[event.position] = response
            if len(self._known) > self._kept:
                del self._known[next(iter(self._known))]
        return response

    def forget(self) -> None:
        """Drop what is kept: a player in it was erased."""
        self._known.clear()
