"""Learn a model and judge it: one step after the other, so that each can be reported and the rest cancelled."""

from collections.abc import Awaitable, Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from aggregation_svc.domain.prediction import evaluation
from aggregation_svc.domain.prediction.calibration import Calibration, calibrated, calibration_bins
from aggregation_svc.domain.prediction.drift import reference
from aggregation_svc.domain.prediction.evaluation import CANDIDATES, FOLDS, INNER_FOLDS, Judged, TimeSplit
from aggregation_svc.domain.prediction.examples import Examples
from aggregation_svc.domain.prediction.features import NAMES
from aggregation_svc.domain.prediction.learners import Algorithm
from aggregation_svc.domain.prediction.model import trained
from aggregation_svc.domain.prediction.quality import Metric
from aggregation_svc.domain.prediction.trainings import Learned, verdict
from aggregation_svc.prediction_ports import Numerics
from mesh.refusal import FailedPrecondition

Tried = tuple[Algorithm, ...]
Tell = Callable[[float, str], Awaitable[None]]
"""Told how far it is, 0 to 1, and what happens now."""

SEED = 20_260_101
"""Of the folds: the same players give the same figures."""


class LearnModel:
    """Judges the candidates by subject and by time, takes the best, and trains it on everybody."""

    def __init__(self, numerics: Numerics) -> None:
        """Compute in `numerics`."""
        self._numerics = numerics

    async def __call__(self, players: Examples, day: float, tell: Tell) -> Learned:
        """Learn from players whose outcome is known.

        Raises:
            FailedPrecondition: `too_few_players`, `outcomes_of_one_kind`.
        """
        require_enough(players)
        tried = evaluation.candidates(len(players))
        raw, fold = await self._by_subject(players, tried, tell)
        calibrated_raw = np.array([evaluation.cross_calibrated(each, players.successes, fold) for each in raw])
        by_subject = Judged(calibrated_raw, players.successes, players.subjects, raw)
        splits = evaluation.time_splits(players, day)
        by_time = await self._by_time(players, splits, tried, tell)
        backwards = [await self._backwards(players, split, tried) for split in splits]
        algorithm = evaluation.chosen((by_subject, *([by_time] if by_time else []), *backwards))
        await tell(0.7, "Measuring its quality.")
        metrics = await self._measured(by_subject, by_time, algorithm)
        calibration = calibrated(raw[tried.index(algorithm)], players.successes)
        return await self._whole(players, fold, algorithm, calibration, by_subject, metrics, tell)

    async def _by_subject(
        self, players: Examples, tried: Tried, tell: Tell
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return out-of-fold log-odds, (candidates, players), and the folds of the first deal."""
        deals = [
            evaluation.folds(players.subjects, players.successes, FOLDS, np.random.default_rng(SEED + number))
            for number in range(evaluation.repeats(len(players)))
        ]
        raw = np.zeros((len(tried), len(players)))
        parts = [(fold, one) for fold in deals for one in range(FOLDS)]
        for number, (fold, one) in enumerate(parts):
            await tell(
                0.45 * number / len(parts), f"Judging players it has not seen, part {number + 1} of {len(parts)}."
            )
            found = await self._numerics.run(evaluation.held_out, players, fold != one, fold == one, tried)
            raw[:, fold == one] += found / len(deals)
        return raw, deals[0]

    async def _by_time(
        self, players: Examples, splits: tuple[TimeSplit, ...], tried: Tried, tell: Tell
    ) -> Judged | None:
        parts = []
        for number, split in enumerate(splits):
            await tell(
                0.45 + 0.25 * number / len(splits), f"Judging later players, part {number + 1} of {len(splits)}."
            )
            parts.append(await self._later(players, split, tried))
        if not parts:
            return None
        return Judged(
            np.hstack([part.probabilities for part in parts]),
            np.concatenate([part.successes for part in parts]),
            np.concatenate([part.subjects for part in parts]),
        )

    async def _later(self, players: Examples, split: TimeSplit, tried: Tried) -> Judged:
        """Judge later players by what earlier ones taught, calibration included."""
        raw = await self._numerics.run(evaluation.held_out, players, split.earlier, split.later, tried)
        earlier, later = players.chosen(split.earlier), players.chosen(split.later)
        fold = evaluation.folds(earlier.subjects, earlier.successes, INNER_FOLDS, np.random.default_rng(SEED))
        inner = np.empty((len(tried), len(earlier)))
        for one in range(INNER_FOLDS):
            inner[:, fold == one] = await self._numerics.run(
                evaluation.held_out, earlier, fold != one, fold == one, tried
            )
        each = [
            expit(calibrated(own, earlier.successes).log_odds(their)) for own, their in zip(inner, raw, strict=True)
        ]
        return Judged(np.array(each), later.successes, later.subjects)

    async def _backwards(self, players: Examples, split: TimeSplit, tried: Tried) -> Judged:
        """Judge earlier players by what later ones taught: no forecast, but a candidate must bear other groups too."""
        raw = await self._numerics.run(evaluation.held_out, players, split.later, split.earlier, tried)
        earlier = players.chosen(split.earlier)
        return Judged(expit(raw), earlier.successes, earlier.subjects)

    async def _measured(self, by_subject: Judged, by_time: Judged | None, algorithm: Algorithm) -> tuple[Metric, ...]:
        found = await self._numerics.run(evaluation.measured, "by_subject", by_subject, algorithm)
        if by_time is not None:
            found += await self._numerics.run(evaluation.measured, "by_time", by_time, algorithm)
        return found

    async def _whole(
        self,
        players: Examples,
        fold: NDArray[np.int64],
        algorithm: Algorithm,
        calibration: Calibration,
        by_subject: Judged,
        metrics: tuple[Metric, ...],
        tell: Tell,
    ) -> Learned:
        await tell(0.75, "Weighing its features.")
        weights = await self._numerics.run(evaluation.importance, players, fold != 0, fold == 0, algorithm)
        await tell(0.85, "Training on all players.")
        model = await self._numerics.run(
            trained, players.rows, players.successes, algorithm, calibration=calibration, grades=players.grades
        )
        probabilities = by_subject.probabilities[CANDIDATES.index(algorithm)]
        scored = np.column_stack([players.rows[:, : len(NAMES)], probabilities])
        then = await self._numerics.run(reference, scored)
        passes, note = verdict(metrics, algorithm)
        return Learned(
            algorithm,
            metrics,
            calibration_bins(probabilities, players.successes),
            weights,
            await self._numerics.run(model.stored),
            then.stored(),
            passes,
            note,
            frozenset(players.subjects.tolist()),
        )


def require_enough(players: Examples) -> None:
    """Raise FailedPrecondition where there is too little to learn from; how little is not told."""
    if len(players) < evaluation.LEAST:
        raise FailedPrecondition(
            "too_few_players",
            f"Fewer than {evaluation.LEAST} players who consent to analytics and research have an outcome after the "
            "days of observation. Record more outcomes, ask for consent, or observe for fewer days.",
        )
    successes = int(players.successes.sum())
    if min(successes, len(players) - successes) < evaluation.LEAST_OF_A_KIND:
        raise FailedPrecondition(
            "outcomes_of_one_kind",
            f"All outcomes, or all but fewer than {evaluation.LEAST_OF_A_KIND}, are of one kind: there is nothing to "
            "tell apart. Record outcomes of both kinds, or change positive_categories.",
        )
