"""Names for segments from their released centres, relative to each other.

Fixed cuts would call every segment of a calm month low. Here a segment is high in a feature where its centre lies more
than half a standard deviation between segments above their mean, and the noise cannot account for it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

APART = 0.5
"""Distance from the mean of the segments, in their standard deviation, from which a centre stands out."""

LOW, MEDIUM, HIGH = "low", "medium", "high"


def standings(values: NDArray[np.float64], margins: NDArray[np.float64], weights: NDArray[np.float64]) -> list[str]:
    """Return low, medium or high for each segment in one feature.

    Args:
        values: (segments,) centres.
        margins: (segments,) half widths of the centres' intervals of noise.
        weights: (segments,) players; only their proportions matter.
    """
    share = np.maximum(weights, 0.0) + 1e-9
    share = share / share.sum()
    mean = float(share @ values)
    spread = float(np.sqrt(share @ (values - mean) ** 2))
    away = values - mean
    rounding = 1e-9 * np.abs(values).max()
    clear = np.abs(away) > np.maximum(np.maximum(APART * spread, margins), rounding)
    return [(HIGH if distance > 0 else LOW) if sure else MEDIUM for distance, sure in zip(away, clear, strict=True)]


def name(features: Sequence[str], standing: Sequence[str]) -> str:
    """Return what stands out in a segment, in words: `high minutes, low engagement`."""
    told = [f"{level} {feature.replace('_', ' ')}" for feature, level in zip(features, standing, strict=True)]
    outstanding = [text for text, level in zip(told, standing, strict=True) if level != MEDIUM]
    return ", ".join(outstanding) if outstanding else "medium throughout"


def distinct(names: Sequence[str]) -> list[str]:
    """Number the names that occur more than once: `medium throughout (2)`."""
    seen: dict[str, int] = {}
    result = []
    for one in names:
        seen[one] = seen.get(one, 0) + 1
        result.append(one if seen[one] == 1 else f"{one} ({seen[one]})")
    return result
