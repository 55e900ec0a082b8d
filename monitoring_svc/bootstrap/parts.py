"""What a test may replace."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from mesh.bus import Bus
from monitoring_svc.domain.routing import Channel
from monitoring_svc.ports import CrisisRecogniser, SemanticLayer, Sender
from monitoring_svc.usecases.windows import Consents


@dataclass(slots=True)
class Parts:
    """What a test may replace; what is None is made from the settings."""

    bus: Bus | None = None
    recogniser: CrisisRecogniser | None = None
    semantic: SemanticLayer | None = None
    senders: dict[Channel, Sender] = field(default_factory=dict)
    consents: Consents | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def new_id() -> str:
    """Return an id that nobody else has."""
    return uuid.uuid4().hex
