"""What rules with a duration read in one replica, told to the others: a player's signals reach any of them.

A hint like all that goes over the bus: where it is lost, each replica goes by the signals that it received.
"""

import orjson

from mesh.bus import LOOK_YOURSELF, Bus
from monitoring_svc.bootstrap.errands import Errands
from monitoring_svc.domain.holding import Reading
from monitoring_svc.usecases.windows import Windows

READINGS = "rule-readings"
"""Topic of readings."""


class SharedReadings:
    """Tells the other replicas and hears them."""

    def __init__(self, bus: Bus, errands: Errands) -> None:
        """Talk over `bus`."""
        self._bus = bus
        self._errands = errands

    def tell(self, reading: Reading) -> None:
        """Tell a reading; nobody waits for it."""
        said = [reading.subject.hex(), reading.rule_id, reading.condition, reading.pause, reading.at, reading.holds]
        self._errands.run(self._bus.publish(READINGS, orjson.dumps(said)))

    async def hear(self, windows: Windows) -> None:
        """Note what others tell, for ever. Our own comes back too, and changes nothing."""
        async with self._bus.subscribe(READINGS) as told:
            async for payload in told:
                if payload != LOOK_YOURSELF:
                    subject, *said = orjson.loads(payload)
                    windows.note(Reading(bytes.fromhex(subject), *said))
