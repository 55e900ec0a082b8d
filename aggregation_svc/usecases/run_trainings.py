"""Run the training that waits: by one replica at a time, whichever finds it."""

import asyncio
import logging
from collections.abc import Callable

from aggregation_svc.domain.prediction.examples import examples
from aggregation_svc.domain.prediction.trainings import Learned, Training
from aggregation_svc.prediction_ports import Numerics, Trainings
from aggregation_svc.usecases.known_players import KnownPlayers
from aggregation_svc.usecases.learn_model import LearnModel
from mesh.refusal import Refusal

LOOK_AGAIN = 2.0
"""Seconds between two looks for a training that another replica accepted, or left behind."""
READING = 0.2
"""The share of the progress that reading takes."""

_LOG = logging.getLogger(__name__)


class _Stopped(Exception):
    """The training was cancelled, or is another replica's by now."""


class RunTrainings:
    """Takes trainings in turn."""

    def __init__(
        self,
        trainings: Trainings,
        players: KnownPlayers,
        numerics: Numerics,
        new_id: Callable[[], str],
    ) -> None:
        """Run those of `trainings`."""
        self._trainings, self._players, self._numerics, self._new_id = trainings, players, numerics, new_id
        self._learn = LearnModel(numerics)
        self._waiting = asyncio.Event()

    def wake(self) -> None:
        """Look at once."""
        self._waiting.set()

    async def __call__(self) -> None:
        """Run every training that comes, for ever."""
        while True:
            self._waiting.clear()
            if not await self.once():
                try:
                    async with asyncio.timeout(LOOK_AGAIN):
                        await self._waiting.wait()
                except TimeoutError:
                    continue

    async def once(self) -> bool:
        """Run the training that waits, if there is one and nobody else runs; return whether it did."""
        async with self._trainings.turn() as claimed:
            if claimed is None or claimed.training is None:
                return False
            await self._run(claimed.training, claimed.token)
        return True

    async def _run(self, training: Training, token: int) -> None:
        try:
            learned = await self._learned(training, token)
            await self._trainings.succeed(training.training_id, token, learned, self._new_id())
        except _Stopped:
            _LOG.info("training_stopped")
        except Refusal as refusal:
            await self._trainings.fail(training.training_id, token, refusal.reason, str(refusal))
        except asyncio.CancelledError:
            sentence = "The service was stopped before it was done. Train again."
            await asyncio.shield(self._trainings.fail(training.training_id, token, "interrupted", sentence))
            raise
        except Exception:
            await self._trainings.fail(training.training_id, token, "internal", "It failed; the log says why.")
            raise

    async def _learned(self, training: Training, token: int) -> Learned:
        async def tell(progress: float, message: str) -> None:
            if not await self._trainings.advance(training.training_id, token, progress, message):
                raise _Stopped

        async def heard() -> None:
            # How many players were read is not told.
            await tell(READING / 2.0, "Reading players' facts.")

        async def learning(progress: float, message: str) -> None:
            await tell(READING + (1.0 - READING) * progress, message)

        spec = training.spec
        known = await self._players.all(spec, heard)
        await tell(READING * 0.9, "Comparing players with their peers.")
        players = (await self._numerics.run(examples, known, frozenset(spec.positive))).judged
        return await self._learn(players, float(spec.observation_days), learning)
