"""Wake-ups between the replicas of one service. Only ever a hint, never the truth: that is in the database.

A payload may be lost or doubled. After every gap (first connection, reconnection, overflow) each subscriber gets an
empty payload, which says: look yourself.
"""

from typing import Protocol

from mesh.local_bus import LOOK_YOURSELF, LocalBus, Subscription
from mesh.redis_bus import RedisBus
from mesh.settings import Settings

__all__ = ["LOOK_YOURSELF", "Bus", "LocalBus", "RedisBus", "Subscription", "bus_for"]


class Bus(Protocol):
    """Carries wake-ups by topic. Neither call ever fails or waits for the network."""

    async def publish(self, topic: str, payload: bytes) -> None:
        """Send a payload to whoever is subscribed, here and in the other replicas."""
        ...

    def subscribe(self, topic: str) -> Subscription:
        """Join a topic at once; read the database after this, not before."""
        ...

    async def aclose(self) -> None:
        """Leave everything."""
        ...


def bus_for(settings: Settings) -> Bus:
    """Return the bus that the settings ask for: Redis where `TTA_REDIS_URL` is set, else in-process."""
    if settings.redis_url is None:
        return LocalBus()
    return RedisBus(settings.redis_url)
