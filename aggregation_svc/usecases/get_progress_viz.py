"""One player's own progress: exact, for the player and their therapist."""

from aggregation_svc.domain.progress_viz import (
    RANGES,
    ProgressViz,
    first_moment,
    progress_viz,
)
from aggregation_svc.ports import Canonical, Clock, Diary
from mesh.refusal import InvalidArgument, Violation


class GetProgressViz:
    """Chart a player's progress."""

    def __init__(self, diary: Diary, canonical: Canonical, clock: Clock) -> None:
        """Read from `diary`."""
        self._diary, self._canonical, self._clock = diary, canonical, clock

    async def __call__(self, user_id: str, days: int) -> ProgressViz:
        """Return the chart of the last `days` days; empty lines for an unknown player.

        Raises:
            InvalidArgument: the id cannot be mapped, or `days` is not one of `RANGES`.
        """
        if days not in RANGES:
            sentence = "is not one of 7, 30, 90, 365"
            raise InvalidArgument(
                "days_unknown", f"days {sentence}.", violations=[Violation("days", "int32.in", sentence)]
            )
        canonical, now = self._canonical(user_id), self._clock()
        sessions, progress = await self._diary.of(canonical, first_moment(days, now), now)
        return progress_viz(days, now, sessions, progress)
