"""The detectors by name, as rules and checkpoints call them."""

from mesh.refusal import FailedPrecondition, InvalidArgument
from monitoring_svc.domain.detectors.cumulative_sum import CumulativeSum
from monitoring_svc.domain.detectors.detector import Detector, State
from monitoring_svc.domain.detectors.rolling_zscore import RollingZScore
from monitoring_svc.domain.detectors.trend import Trend
from monitoring_svc.domain.detectors.value_novelty import ValueNovelty

KINDS: dict[str, type[ValueNovelty] | type[RollingZScore] | type[Trend] | type[CumulativeSum]] = {
    detector.kind: detector for detector in (ValueNovelty, RollingZScore, Trend, CumulativeSum)
}
"""Every detector by its name."""
DEFAULT = ValueNovelty.kind
"""The detector of a series that names none."""


def started(kind: str = DEFAULT) -> Detector:
    """Return a detector of that name that has seen nothing.

    Raises:
        InvalidArgument: No detector has that name.
    """
    if kind not in KINDS:
        raise InvalidArgument("detector_unknown", f"There is no detector of that name. Known: {', '.join(KINDS)}.")
    return KINDS[kind]()


def restored(state: State) -> Detector:
    """Return the detector that a snapshot was taken of.

    Raises:
        InvalidArgument: No detector has the snapshot's name.
        FailedPrecondition: The snapshot is of another version, or damaged; start a new detector instead.
    """
    kind = str(state.get("kind"))
    if kind not in KINDS:
        raise InvalidArgument("detector_unknown", f"There is no detector of that name. Known: {', '.join(KINDS)}.")
    detector = KINDS[kind]
    message = "The checkpoint cannot be read by this version. Start the detector anew; it learns the series again."
    if state.get("version") != detector.version:
        raise FailedPrecondition("detector_state_version", message)
    try:
        return detector.restore(state)
    except (KeyError, TypeError, ValueError) as error:
        raise FailedPrecondition("detector_state_damaged", message) from error
