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

from experiments.claims import PARITY, Claim, Finished, difference, signed, tell

SORTS = ("credibility", "legitimacy", "power")


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against differences within worlds."""
    runs = study.runs
    agree = difference(runs, "whole_bundle", "agreement_after")
    movement = difference(runs, "whole_bundle", "movement_professionals")
    alone = {arm: difference(runs, arm, PARITY) for arm in (*SORTS, "whole_bundle")}
    best = max(SORTS, key=lambda arm: alone[arm].estimate)
    further = difference(runs, "whole_bundle", PARITY, best)
    return [
        Claim(
            "with the whole bundle public and professionals agree more afterwards",
            agree.low > 0,
            [signed(agree)],
        ),
        Claim("with the whole bundle professionals move further", movement.low > 0, [signed(movement)]),
        Claim(
            "no sort of ingredient alone raises the public's influence as much as all together",
            further.low > 0,
            [f"{arm}: {signed(alone[arm])}" for arm in alone]
            + [f"whole bundle less {best} alone: {signed(further)}"],
        ),
    ]


if __name__ == "__main__":
    tell("priority_setting_trial", __doc__, claims)
