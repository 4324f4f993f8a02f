"""Fit the model's free parameters to real meetings, and publish what is then believed of them.

Question
    With which values of a few parameters does the model share talk as real meetings do: those of research
    groups (ICSI), of design role-plays (AMI) and chats (DeliData)? Each meeting is compared with simulated
    counterparts of the same size, roles and number of turns.

Method
    Approximate Bayesian computation by sequential Monte Carlo on the compiled engine, then an emulator of the
    model around the sample that was found. The distance is the root mean square over the targets, each
    in units of its tolerance. `cosim/calibration/calibration.py` says what is free and why; the targets are
    in `cosim/patterns`.

    The influence half is fitted after the floor: what people think before and after they talked (patterns M1
    to M11) is simulated with the floor drawn from its posterior, so that both halves are believed together,
    but views do not change what is believed of the floor.

Run it
    python experiments/calibrate.py --influence       the influence half, a few minutes
    python experiments/calibrate.py             the whole fit, under 15 minutes on two processors
    python experiments/calibrate.py --quick     a first look, half a minute; publishes nothing
    python experiments/calibrate.py --publish   also replaces the posterior that comes with cosim

Publishing does not change the defaults in `cosim/scenario`: the tests then say which of them no longer agree.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from cosim.calibration.agreement import agreement, view_agreement
from cosim.calibration.fitted import about_fit, fitted, write_fitted
from cosim.calibration.fitted_influence import about_influence, fitted_influence, write_influence
from cosim.calibration.refit import (
    DRAWS,
    FULL,
    INFLUENCE_DRAWS,
    INFLUENCE_FULL,
    QUICK,
    refit,
    refit_influence,
)

HOME = Path(__file__).resolve().parent.parent / "cosim" / "calibration" / "fitted"


def _report(row: dict[str, float]) -> None:
    print(
        f"generation {row['generation']:.0f}: tolerance {row['tolerance']:.3f}, "
        f"{row['simulations']:,.0f} simulations, {row['accepted']:.1%} accepted, "
        f"effective size {row['effective_size']:.0f}",
        flush=True,
    )


def influence(*, quick: bool, publish: bool, draws: int, workers: int, output: Path) -> None:
    """Fit the influence half, print, and write its posterior to a folder."""
    begun = time.monotonic()
    settings = QUICK if quick else INFLUENCE_FULL
    found = refit_influence(settings=settings, workers=workers, draws=draws, report=_report)
    about = about_influence(found, settings, draws, datetime.now(UTC).date())
    folder = HOME if publish and not quick else output
    write_influence(found.posterior, about, folder)
    one = fitted_influence(folder)
    print(f"\n{found.stopped}; {time.monotonic() - begun:.0f} s. Written to {folder}\n")
    print(one.learned().round(3).to_string(index=False), "\n")
    print(one.posterior.correlation().round(2).to_string(), "\n")
    print(f"parameters {len(one.posterior.names)}, effective number {about.effective_parameters:.1f}\n")
    print(view_agreement(one.medians(), times=4).to_string(index=False))


def main(*, quick: bool, publish: bool, draws: int, workers: int, output: Path) -> None:
    """Fit the floor, print, and write the posterior to a folder."""
    begun = time.monotonic()
    settings = QUICK if quick else FULL
    found = refit(settings=settings, workers=workers, draws=draws, report=_report)
    about = about_fit(found, settings, draws, datetime.now(UTC).date())
    folder = HOME if publish and not quick else output
    write_fitted(found.posterior, about, folder)
    one = fitted(folder)
    print(f"\n{found.stopped}; {time.monotonic() - begun:.0f} s. Written to {folder}\n")
    print(one.posterior.summary().round(3).to_string(index=False), "\n")
    print(one.posterior.correlation().round(2).to_string(), "\n")
    print(f"parameters {len(one.posterior.names)}, effective number {about.effective_parameters:.1f}\n")
    print(agreement(one.medians(), repeats=4 if quick else 20).to_string(index=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit the model's free parameters to real meetings.")
    parser.add_argument(
        "--influence", action="store_true", help="the influence half, on the floor's posterior"
    )
    parser.add_argument("--quick", action="store_true", help="a first look; publishes nothing")
    parser.add_argument("--publish", action="store_true", help="replace the posterior that comes with cosim")
    parser.add_argument("--emulator", type=int, help="simulations that it learns from; 0: none")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--output", type=Path, default=Path("results") / "calibration")
    told = parser.parse_args()
    usual = INFLUENCE_DRAWS if told.influence else DRAWS
    (influence if told.influence else main)(
        quick=told.quick,
        publish=told.publish,
        draws=0 if told.quick else usual if told.emulator is None else told.emulator,
        workers=told.workers,
        output=told.output,
    )
