"""What was known of many players at a cut-off: read in parts, computed off the event loop."""

from collections.abc import Awaitable, Callable, Sequence

from aggregation_svc.domain.prediction.examples import Known
from aggregation_svc.domain.prediction.facts import known_of
from aggregation_svc.domain.prediction.trainings import TrainingSpec
from aggregation_svc.prediction_ports import Histories, Numerics

AT_ONCE = 200
"""Players read at once: a few thousand rows."""
MOST = 50_000
"""Players a model learns from: more would add little but memory."""


class KnownPlayers:
    """Reads players' facts and works out their features."""

    def __init__(self, histories: Histories, numerics: Numerics) -> None:
        """Read from `histories`, compute in `numerics`."""
        self._histories, self._numerics = histories, numerics

    async def all(self, spec: TrainingSpec, heard: Callable[[], Awaitable[None]]) -> list[Known]:
        """Return all consented players as the spec sees them; `heard` is told after each part.

        Of more than `MOST`, that many are sampled by their random ids.
        """
        found: list[Known] = []
        after, read = None, 0
        while read < MOST and (subject_ids := await self._histories.consented(after, AT_ONCE)):
            found += await self._part(
                subject_ids, spec, outcomes_until=spec.outcomes_until, entered_since=spec.entered_since
            )
            after, read = subject_ids[-1], read + len(subject_ids)
            await heard()
        return found

    async def some(
        self, subject_ids: Sequence[int], spec: TrainingSpec, *, entered_since: int, entered_until: int
    ) -> list[Known]:
        """Return those of the players whose first fact lies in between, in microseconds since 1970."""
        found: list[Known] = []
        for first in range(0, len(subject_ids), AT_ONCE):
            part = subject_ids[first : first + AT_ONCE]
            found += await self._part(part, spec, entered_since=entered_since, entered_until=entered_until)
        return found

    async def _part(
        self,
        subject_ids: Sequence[int],
        spec: TrainingSpec,
        *,
        outcomes_until: int | None = None,
        entered_since: int | None = None,
        entered_until: int | None = None,
    ) -> list[Known]:
        facts = await self._histories.of(subject_ids)
        return await self._numerics.run(
            known_of,
            facts,
            float(spec.observation_days),
            outcomes_until=outcomes_until,
            entered_since=entered_since,
            entered_until=entered_until,
        )
