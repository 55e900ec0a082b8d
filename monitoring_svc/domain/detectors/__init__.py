"""Streaming detectors: each reads one series point by point, in bounded memory, and knows nothing of its future.

A score of 0 is nothing unusual; larger is more unusual, without a ceiling. What a detector's score means is said in its
module. None of them reads a clock: the time of a point comes with it. `registry` starts and restores them by name;
`storm` turns scores into alarms that do not flood.
"""

from monitoring_svc.domain.detectors.cumulative_sum import CumulativeSum
from monitoring_svc.domain.detectors.detector import Detector, State
from monitoring_svc.domain.detectors.registry import DEFAULT, KINDS, restored, started
from monitoring_svc.domain.detectors.rolling_zscore import RollingZScore
from monitoring_svc.domain.detectors.storm import Episode, StormGate
from monitoring_svc.domain.detectors.trend import Trend
from monitoring_svc.domain.detectors.value_novelty import ValueNovelty

__all__ = [
    "DEFAULT",
    "KINDS",
    "CumulativeSum",
    "Detector",
    "Episode",
    "RollingZScore",
    "State",
    "StormGate",
    "Trend",
    "ValueNovelty",
    "restored",
    "started",
]
