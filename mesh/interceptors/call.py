"""What is called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one service."""

    path: str
    """`/tta.analytics.v1.AlertService/GetAlert`."""
    service: str
    """`AlertService`."""
    method: str
    """`GetAlert`."""
    streams: bool
    """Whether the answer is a stream."""

    @classmethod
    def of(cls, path: str, *, streams: bool) -> "Call":
        """Return the call of a path."""
        service, _, method = path[1:].partition("/")
        return cls(path, service.rpartition(".")[2], method, streams)
