import numpy as np
import pytest

from aggregation_svc.domain.privacy.consistency import Precisions, Tree, consistent

FOCUSES, LEAVES = 3, 4


def covariance(random: np.random.Generator, width: int) -> np.ndarray:
    root = random.normal(size=(width, width)) + 2 * np.eye(width)
    return root @ root.T


def dense(measured: Tree, upper: list[np.ndarray], leaf: np.ndarray, width: int) -> np.ndarray:
    """Solve the same weighted least squares with one big matrix: the unknowns are the leaves."""
    unknowns = FOCUSES * LEAVES
    member = np.vstack([np.ones((1, unknowns)), np.kron(np.eye(FOCUSES), np.ones((1, LEAVES))), np.eye(unknowns)])
    design = np.kron(member, np.eye(width))
    observed = np.concatenate([measured.all.ravel(), measured.focus.ravel(), measured.cohort.ravel()])
    weights = [
        upper[0],
        *[upper[1]] * FOCUSES,
        *[np.linalg.inv(leaf[i]) for _ in range(FOCUSES) for i in range(LEAVES)],
    ]
    big = np.zeros((len(observed), len(observed)))
    for i, weight in enumerate(weights):
        big[i * width : (i + 1) * width, i * width : (i + 1) * width] = weight
    root = np.linalg.cholesky(big + 1e-12 * np.eye(len(big))).T
    solution = np.linalg.lstsq(root @ design, root @ observed, rcond=None)[0]
    return solution.reshape(FOCUSES, LEAVES, width)


@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("unmeasured", [(), (0,), (1,), (0, 1)])
def test_two_passes_give_the_dense_least_squares_solution(width: int, unmeasured: tuple[int, ...]) -> None:
    random = np.random.default_rng(5)
    upper = [
        np.zeros((width, width)) if i in unmeasured else np.linalg.inv(covariance(random, width)) for i in range(2)
    ]
    leaf = np.array([covariance(random, width) for _ in range(LEAVES)])
    measured = Tree(
        random.normal(size=(width, 1)),
        random.normal(size=(FOCUSES, width, 1)),
        random.normal(size=(FOCUSES, LEAVES, width, 1)),
    )
    fitted = consistent(measured, Precisions(*upper), leaf)
    np.testing.assert_allclose(fitted.cohort[..., 0], dense(measured, upper, leaf, width), atol=1e-6)
    np.testing.assert_allclose(fitted.cohort.sum(axis=1), fitted.focus, atol=1e-9)
    np.testing.assert_allclose(fitted.focus.sum(axis=0), fitted.all, atol=1e-9)
