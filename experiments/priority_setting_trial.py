"""The priority-setting trial, by ingredient: which sort of ingredient moves whom.

Question
    A trial of public involvement in priority setting gave a bundle that works on credibility, legitimacy and
    power at once (Boivin et al. 2014, doi:10.1186/1748-5908-9-24). Which of these brings public and
    professional priorities together, who moves, and does any sort do it alone
    (`configs/priority_setting_trial.yaml`)?

Claims
    1. With the whole bundle public and professionals agree more afterwards than in the bare meeting.
    2. With the whole bundle professionals move too, not only the public.
    3. No sort of ingredient alone raises the public's influence as much as all together.

Run it
    python -m experiments.priority_setting_trial [--quick]
"""

from __future__ import annotations

import pandas as pd

from experiments.claims import PARITY, Claim, Finished, tell

SORTS = ("credibility", "legitimacy", "power")


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against differences within worlds."""
    runs = study.runs
    agree = _difference(runs, "whole_bundle", "agreement_after")
    movement = _difference(runs, "whole_bundle", "movement_professionals")
    alone = {arm: _difference(runs, arm, PARITY) for arm in (*SORTS, "whole_bundle")}
    best = max(SORTS, key=lambda arm: alone[arm][0])
    further = _difference(runs, "whole_bundle", PARITY, best)
    return [
        Claim(
            "with the whole bundle public and professionals agree more afterwards",
            agree[1] > 0,
            [_told(agree)],
        ),
        Claim("with the whole bundle professionals move further", movement[1] > 0, [_told(movement)]),
        Claim(
            "no sort of ingredient alone raises the public's influence as much as all together",
            further[1] > 0,
            [f"{arm}: {_told(alone[arm])}" for arm in alone]
            + [f"whole bundle less {best} alone: {_told(further)}"],
        ),
    ]


def _difference(
    runs: pd.DataFrame, arm: str, outcome: str, other: str = "baseline"
) -> tuple[float, float, float]:
    """Return the mean difference to another arm over worlds, with its 95 % interval."""
    means = runs.pivot_table(index="world", columns="arm", values=outcome)
    change = (means[arm] - means[other]).dropna()
    half = 1.96 * float(change.std(ddof=1)) / len(change) ** 0.5
    return float(change.mean()), float(change.mean()) - half, float(change.mean()) + half


def _told(found: tuple[float, float, float]) -> str:
    return f"{found[0]:+.4f} ({found[1]:+.4f} to {found[2]:+.4f})"


if __name__ == "__main__":
    tell("priority_setting_trial", __doc__, claims)
