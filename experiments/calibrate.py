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

    The floor is fitted to turn logs first. Then floor and influence together are fitted to what people think
    before and after they talked (patterns M1 to M11); what the first step says of the floor is its prior:
    one posterior of all numbers given both data sets.

Run it
    python experiments/calibrate.py             the whole fit, under 20 minutes on two processors
    python experiments/calibrate.py --again     the same, begun around the published sample, in a third of it
    python experiments/calibrate.py --views     the second step alone, on the floor that was fitted before
    python experiments/calibrate.py --quick     a first look, half a minute; publishes nothing
    python experiments/calibrate.py --publish   also replaces the posterior that comes with cosim

Publishing does not change the defaults in `cosim/scenario`: the tests then say which of them no longer agree.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cosim.calibration.abc_smc import Settings
from cosim.calibration.agreement import agreement, view_agreement
from cosim.calibration.fitted import (
    about_joint,
    about_logs,
    fitted,
    logs_alone,
    write_fitted,
    write_logs_alone,
)
from cosim.calibration.refit import (
    DRAWS,
    FULL,
    QUICK,
    VIEWS_DRAWS,
    VIEWS_FULL,
    refit,
    refit_joint,
)

HOME = Path(__file__).resolve().parent.parent / "cosim" / "calibration" / "fitted"


def _report(row: dict[str, float]) -> None:
    print(
        f"generation {row['generation']:.0f}: tolerance {row['tolerance']:.3f}, "
        f"{row['simulations']:,.0f} simulations, {row['accepted']:.1%} accepted, "
        f"effective size {row['effective_size']:.0f}",
        flush=True,
    )


def floor(settings: Settings, draws: int, workers: int, folder: Path, *, again: bool) -> None:
    """Fit the floor to turn logs, and write what is believed of it to a folder."""
    around = logs_alone(HOME).posterior if again else None
    found = refit(settings=settings, workers=workers, draws=draws, around=around, report=_report)
    about = about_logs(found, settings, draws, datetime.now(UTC).date())
    write_logs_alone(found.posterior, about, folder)
    print(f"the floor, given turn logs: {found.stopped}\n", flush=True)


def main(
    *, quick: bool, publish: bool, again: bool, views: bool, seed: int, workers: int, output: Path
) -> None:
    """Fit, print, and write the posterior to a folder."""
    begun = time.monotonic()
    folder = HOME if publish and not quick else output
    first, second = (QUICK, QUICK) if quick else (FULL, VIEWS_FULL)
    if not views:
        floor(replace(first, seed=seed), 0 if quick else DRAWS, workers, folder, again=again)
    before = logs_alone(HOME if views else folder)
    settings, draws = replace(second, seed=seed), 0 if quick else VIEWS_DRAWS
    around = fitted(HOME).posterior if again else None
    found = refit_joint(
        before.posterior, settings=settings, workers=workers, draws=draws, around=around, report=_report
    )
    about = about_joint(found, settings, draws, datetime.now(UTC).date(), before.about)
    write_fitted(found.posterior, about, folder)
    one = fitted(folder)
    print(f"\n{found.stopped}; {time.monotonic() - begun:.0f} s. Written to {folder}\n")
    print(one.learned().round(3).to_string(index=False), "\n")
    print("what views changed of the floor, in SDs of what logs alone say")
    print(one.since(before.posterior).round(3).to_string(index=False), "\n")
    print("correlations of the floor's numbers with those of influence")
    print(one.between().round(2).to_string(), "\n")
    print(f"parameters {len(one.posterior.names)}, effective number {about.effective_parameters:.1f}\n")
    print(agreement(one.medians(), repeats=4 if quick else 20).to_string(index=False), "\n")
    print(view_agreement(one.medians(), times=4).to_string(index=False))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit the model's free parameters to real meetings.")
    parser.add_argument("--again", action="store_true", help="begin around the published sample")
    parser.add_argument("--views", action="store_true", help="only the second step, on the published floor")
    parser.add_argument("--quick", action="store_true", help="a first look; publishes nothing")
    parser.add_argument("--publish", action="store_true", help="replace the posterior that comes with cosim")
    parser.add_argument("--seed", type=int, default=1, help="another shows the Monte Carlo error (default 1)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--output", type=Path, default=Path("results") / "calibration")
    main(**vars(parser.parse_args()))
