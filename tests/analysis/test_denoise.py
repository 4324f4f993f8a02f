"""Worlds without their replicate noise: known spreads, and the same answer on every processor."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from cosim.analysis.denoise import expected, noise_covariance, root


def worlds(arms: int = 12, count: int = 400, replicates: int = 3) -> np.ndarray:
    """Arms that differ in three ways only, so that most eigenvalues between worlds are 0 but for rounding."""
    rng = np.random.default_rng(5)
    truth = rng.normal(size=(arms, 3)) @ rng.normal(size=(3, count))
    return truth[:, :, None] + 0.5 * rng.normal(size=(arms, count, replicates))


def test_a_root_is_one_of_the_matrix_and_keeps_its_rank():
    some = np.random.default_rng(1).normal(size=(9, 2))
    matrix = some @ some.T
    found = root(matrix)
    assert found @ found == pytest.approx(matrix)
    assert np.linalg.matrix_rank(found) == 2


def test_like_eigenvalues_leave_the_root_as_it_is():
    """Any turn of their eigenvectors is as good as another; a root by columns would turn with them."""
    nearly = np.eye(8) + 1e-13 * np.random.default_rng(2).normal(size=(8, 8))
    assert root((nearly + nearly.T) / 2) == pytest.approx(np.eye(8), abs=1e-12)


def test_draws_have_the_spread_of_the_worlds_and_not_that_of_their_means():
    values = worlds()
    noise = noise_covariance(values)
    assert np.diag(noise) == pytest.approx(0.25 / 3, rel=0.15)
    between = np.cov(values.mean(axis=2)) - noise
    drawn = expected(values, draws=200, sure=True)
    spread = np.mean([np.cov(one) for one in drawn], axis=0)
    assert np.diag(spread) == pytest.approx(np.diag(between), rel=0.05)


ELSEWHERE = """
from tests.analysis.test_denoise import worlds
from cosim.analysis.denoise import expected
import sys
expected(worlds(), draws=8).tofile(sys.argv[1])
"""


def test_another_processor_rounds_last_digits_only(tmp_path):
    """The kernels of an older processor, where NumPy's linear algebra has a choice (OpenBLAS on x86)."""
    told = tmp_path / "drawn"
    subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(told)],
        env={**os.environ, "OPENBLAS_CORETYPE": "Nehalem"},
        check=True,
    )
    here = expected(worlds(), draws=8)
    assert np.fromfile(told).reshape(here.shape) == pytest.approx(here, abs=1e-11)
