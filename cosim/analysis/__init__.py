"""Statistical analysis of run tables: tables in, tables out, no plots, no knowledge of scenarios or engines.

Two tables come in. ``runs`` has a row per run with the columns ``run``, ``point``, ``world``, ``arm``,
``replicate``, a column per outcome and ``error`` (null when the run went well). ``design`` has a row per
design point with ``point``, ``world``, ``arm`` and a column per factor. They are joined by ``point``, never
by the order of rows. Missing or non-finite values stop an analysis and are named by their run ids.
"""

from cosim.analysis.allocation import allocate, contenders
from cosim.analysis.boxes import Box, failing
from cosim.analysis.bundles import BundleProblem, BundleResult, SearchSettings, best_bundles
from cosim.analysis.cart import CartResult, CartSettings, cart
from cosim.analysis.channel_split import shapley_split
from cosim.analysis.compare import CompareSettings, compare, differences, replicates_needed
from cosim.analysis.equivalence import Judged, judge
from cosim.analysis.factorial import Aliasing, FactorialSettings, design_aliasing, factorial_effects
from cosim.analysis.fast import fast, rbd_fast
from cosim.analysis.gaps import Gap, parity_gaps
from cosim.analysis.information import Information, value_of_information
from cosim.analysis.intervals import (
    Components,
    Interval,
    cluster_bootstrap,
    components,
    hierarchical_bootstrap,
    mean_interval,
    monte_carlo_error,
    paired_interval,
    wilson_interval,
)
from cosim.analysis.moment_free import delta, pawn
from cosim.analysis.morris import morris, split_half
from cosim.analysis.multiplicity import bonferroni, expected_by_chance
from cosim.analysis.noise import (
    NoiseShare,
    convergence,
    difference_components,
    noise_share,
    variance_components,
)
from cosim.analysis.pareto import epsilon_archive, front, front_shares, hypervolume, non_dominated
from cosim.analysis.places import Places, places
from cosim.analysis.prim import PrimResult, PrimSettings, prim, prim_boxes, reproducibility
from cosim.analysis.ranking import Contest, Standing, rank_arms
from cosim.analysis.regional import regional, regional_along
from cosim.analysis.resampling import Resampling
from cosim.analysis.robustness import regret, satisficing
from cosim.analysis.sequence import confidence_sequence
from cosim.analysis.shapley import shapley_effects
from cosim.analysis.sobol import SobolResult, sobol_convergence, sobol_indices
from cosim.analysis.structure import effects_by_structure, rank_agreement, survival
from cosim.analysis.sweep import curve, grid
from cosim.analysis.tables import Factors, UnusableRunsError, check_runs

__all__ = [
    "Aliasing",
    "Box",
    "BundleProblem",
    "BundleResult",
    "CartResult",
    "CartSettings",
    "CompareSettings",
    "Components",
    "Contest",
    "FactorialSettings",
    "Factors",
    "Gap",
    "Information",
    "Interval",
    "Judged",
    "NoiseShare",
    "Places",
    "PrimResult",
    "PrimSettings",
    "Resampling",
    "SearchSettings",
    "SobolResult",
    "Standing",
    "UnusableRunsError",
    "allocate",
    "best_bundles",
    "bonferroni",
    "cart",
    "check_runs",
    "cluster_bootstrap",
    "compare",
    "components",
    "confidence_sequence",
    "contenders",
    "convergence",
    "curve",
    "delta",
    "design_aliasing",
    "difference_components",
    "differences",
    "effects_by_structure",
    "epsilon_archive",
    "expected_by_chance",
    "factorial_effects",
    "failing",
    "fast",
    "front",
    "front_shares",
    "grid",
    "hierarchical_bootstrap",
    "hypervolume",
    "judge",
    "mean_interval",
    "monte_carlo_error",
    "morris",
    "noise_share",
    "non_dominated",
    "paired_interval",
    "parity_gaps",
    "pawn",
    "places",
    "prim",
    "prim_boxes",
    "rank_agreement",
    "rank_arms",
    "rbd_fast",
    "regional",
    "regional_along",
    "regret",
    "replicates_needed",
    "reproducibility",
    "satisficing",
    "shapley_effects",
    "shapley_split",
    "sobol_convergence",
    "sobol_indices",
    "split_half",
    "survival",
    "value_of_information",
    "variance_components",
    "wilson_interval",
]


def __dir__() -> list[str]:
    return __all__
