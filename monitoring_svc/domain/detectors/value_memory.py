"""Which values a series is known to take: a bounded, sorted memory that forgets the least recently seen."""

from bisect import bisect_left
from dataclasses import dataclass, field

CAPACITY = 256
"""Values remembered at most."""
LEARNING = 0.1
"""Share of the way that a remembered value moves to a value near it."""


@dataclass(slots=True)
class ValueMemory:
    """Remembered values of one series, ascending, each with the turn at which it was last met."""

    values: list[float] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    turn: int = 0

    def meet(self, value: float, reach: float) -> float:
        """Return the distance from `value` to the nearest remembered one (0 for the first), then learn `value`.

        A value farther than `reach` from all others is remembered as new; else the nearest moves towards it.
        """
        values, turns = self.values, self.turns
        self.turn += 1
        place = bisect_left(values, value)
        count = len(values)
        if not count:
            values.append(value)
            turns.append(self.turn)
            return 0.0
        if place == count:
            nearest = place - 1
            distance = value - values[nearest]
        else:
            nearest = place
            distance = values[place] - value
            if place:
                below = value - values[place - 1]
                if below < distance:
                    nearest, distance = place - 1, below
        if distance > reach:
            self._remember(place, value)
        else:
            # The nearest stays between its neighbours: the step towards `value` never passes `value`.
            values[nearest] += LEARNING * (value - values[nearest])
            turns[nearest] = self.turn
        return distance

    def _remember(self, place: int, value: float) -> None:
        if len(self.values) >= CAPACITY:
            oldest = self.turns.index(min(self.turns))
            del self.values[oldest], self.turns[oldest]
            place -= oldest < place
        self.values.insert(place, value)
        self.turns.insert(place, self.turn)
