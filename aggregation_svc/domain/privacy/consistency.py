"""Consistency: the weighted least-squares estimate of a tree of noisy vectors, in two passes.

The tree is all -> focus -> cohort; a parent's truth is the sum of its children's. Hay, Rastogi, Miklau, Suciu (2010),
"Boosting the accuracy of differentially private histograms through consistency", give the two passes for equal scalar
variances; these are the same passes with a covariance matrix per node, which is the best linear unbiased estimate for
any variances. It is post-processing: it costs nothing.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tree:
    """A vector of d numbers per node, for m columns (the measurement itself, or simulated noise)."""

    all: Floats
    """(d, m)."""
    focus: Floats
    """(focuses, d, m)."""
    cohort: Floats
    """(focuses, leaves, d, m)."""


@dataclass(frozen=True, slots=True)
class Precisions:
    """How well each node was measured: inverse covariances, all zero where a level was not measured."""

    all: Floats
    """(d, d)."""
    focus: Floats
    """(d, d), alike for every focus."""


def consistent(measured: Tree, upper: Precisions, leaf_covariance: Floats) -> Tree:
    """Return the estimate that is nearest to `measured` among those in which children add up to their parent.

    Args:
        measured: unbiased noisy vectors.
        upper: precisions of the two upper levels.
        leaf_covariance: (leaves, d, d), alike for every focus, positive definite.

    Returns:
        The estimate of every node, column by column.
    """
    children = leaf_covariance.sum(axis=0)
    children_precision = np.linalg.inv(children)
    focus_covariance = np.linalg.inv(upper.focus + children_precision)
    from_leaves = measured.cohort.sum(axis=1)
    focus = focus_covariance @ (upper.focus @ measured.focus + children_precision @ from_leaves)

    siblings = len(measured.focus) * focus_covariance
    siblings_precision = np.linalg.inv(siblings)
    top_covariance = np.linalg.inv(upper.all + siblings_precision)
    from_focuses = focus.sum(axis=0)
    top = top_covariance @ (upper.all @ measured.all + siblings_precision @ from_focuses)

    focus = focus + focus_covariance @ siblings_precision @ (top - from_focuses)
    gain = leaf_covariance @ children_precision
    cohort = measured.cohort + gain @ (focus - from_leaves)[:, None]
    return Tree(top, focus, cohort)
