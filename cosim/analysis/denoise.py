"""What worlds are like without replicate noise: draws of their expected outcomes, given what was run.

Means over a few replicates differ from world to world by more than the worlds do. Counting worlds by such
means draws every share towards a half. Here the expected outcomes of a world, all arms together, are normal
between worlds, the noise of a mean is normal around them, and both covariances are estimated from the runs.
"""

from __future__ import annotations

import numpy as np

from cosim.analysis.resampling import FloatArray, generator


def noise_covariance(values: FloatArray) -> FloatArray:
    """Return the covariance of the arms' means over replicates that noise alone makes.

    Parameters
    ----------
    values : ndarray of float, shape (arms, worlds, replicates)
        With two replicates at least; replicates of a world are independent of one another.
    """
    arms, worlds, replicates = values.shape
    rest = (values - values.mean(axis=2, keepdims=True)).reshape(arms, worlds * replicates)
    found: FloatArray = rest @ rest.T / (worlds * (replicates - 1) * replicates)
    return found


def expected(values: FloatArray, draws: int = 64, seed: int = 1, *, sure: bool = False) -> FloatArray:
    """Draw the expected outcomes of every world, given its runs.

    Parameters
    ----------
    values : ndarray of float, shape (arms, worlds, replicates)
    draws : int
        Draws of each world.
    seed : int
    sure : bool
        Take the arms' means over all worlds as known. By default they are drawn too, from their sampling
        distribution: where worlds hardly differ, shares then say how sure an order is.

    Returns
    -------
    ndarray of float, shape (draws, arms, worlds)
        With one world or one replicate noise cannot be told apart: a single draw, the means as they are.

    Notes
    -----
    Empirical Bayes (Efron and Morris 1973, doi:10.2307/2284155, for many means; here with the covariances of
    the arms). The covariance between worlds is that of the means less that of noise, its negative parts set
    to 0. Draws of all worlds together have the spread of the worlds, and not that of their means.
    """
    arms, worlds, replicates = values.shape
    means = values.mean(axis=2)
    if worlds < 2 or replicates < 2:
        alone: FloatArray = means[None]
        return alone
    noise = noise_covariance(values)
    between = _positive(np.atleast_2d(np.cov(means)) - noise)
    weight = between @ np.linalg.pinv(between + noise, rcond=1e-12, hermitian=True)
    centre = means.mean(axis=1, keepdims=True)
    left = root(_positive(between - weight @ between))
    rng = generator(seed)
    found: FloatArray = centre + weight @ (means - centre) + left @ rng.standard_normal((draws, arms, worlds))
    if not sure:
        spread = root(np.atleast_2d(np.cov(means)) / worlds)
        shifts = rng.standard_normal((draws, arms)) @ spread.T
        found = found + ((np.eye(arms) - weight) @ shifts[:, :, None])
    return found


def _positive(matrix: FloatArray) -> FloatArray:
    """Return the nearest covariance matrix: negative eigenvalues set to 0."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    found: FloatArray = (vectors * np.clip(values, 0.0, None)) @ vectors.T
    return found


def root(matrix: FloatArray) -> FloatArray:
    """Return the symmetric root of a covariance matrix, shape as given: root @ root is the matrix.

    It is the same on every processor, up to last digits: it does not hang on the signs of eigenvectors, nor
    on how those of like eigenvalues are turned.  Eigenvalues that rounding alone keeps from 0 are 0, since
    their roots would be a million times as large.
    """
    values, vectors = np.linalg.eigh(matrix)
    values = np.where(values > 1e-12 * values.max(), values, 0.0)
    found: FloatArray = (vectors * np.sqrt(values)) @ vectors.T
    return found
