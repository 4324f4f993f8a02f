"""What the model's second edition says differently: the tables of docs/second_edition.md.

Question
    By which channels does influence come to be unequal, does it still when nobody is persuaded or no ballot
    bends, and does anybody gain influence by staying away?  Who talks under which rule and in which company,
    does a secret ballot change what is said before it, how much dissent does a rule leave, and do three
    measures of influence rank ways of working alike?

No claims are held here: the page reports whatever the tables say.

Run it
    python -m experiments.second_edition docs/second_edition.md              all tables, or by name:
    python -m experiments.second_edition docs/second_edition.md voice secrecy
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from cosim.analysis import mean_interval
from cosim.catalogue import load_scenario
from cosim.interventions import INTERVENTIONS
from cosim.interventions.effects import Composition
from cosim.reporting.generated import Parts, markdown_table, refill
from cosim.scenario import Scenario
from cosim.scenario.channels import CHANNELS, NULLS, without
from cosim.scenario.vocabulary import PUBLIC, ROLES
from cosim.simulation import simulate

SEED, REPLICATES, COUNTERFACTUALS = 20261129, 400, 80
SCENARIOS = ("research_team", "priority_setting_partnership", "token_seat", "co_chaired")
WAYS = ("round_robin", "names_without_titles", "ground_rules", "secret_ballot")
PARITY, GINI, PARTS_PUBLIC, LEAD = "influence_parity_public", "influence_gini", "parts_public", "parts_lead"
ATTENDANCES = (1.0, 2 / 3, 1 / 3, 0.0)


@cache
def _runs(name: str, changes: tuple[tuple[str, Any], ...], way: str = "") -> pd.DataFrame:
    scenario = load_scenario(name).replace(dict(changes))
    if way:
        scenario = scenario.with_interventions(way)
    return simulate(scenario, replicates=REPLICATES, seed=SEED).runs.set_index("replicate")


def _interval(values: pd.Series[float], decimals: int, signed: bool = False) -> str:
    """Return a mean with its 95 % interval over replicates; pairs share their random numbers."""
    found = mean_interval(np.asarray(values, dtype=float))
    form = f"{'+' if signed else ''}.{decimals}f"
    return f"{found.estimate:{form}} ({found.low:{form}} to {found.high:{form}})"


def channel_table() -> str:
    """Return what each channel makes of the public's gap and the lead's part, scenario by scenario."""
    rows = []
    for name in SCENARIOS:
        as_it_is = _runs(name, ())
        rows.append([name, "as it is", _interval(as_it_is[PARITY], 2), _interval(as_it_is[LEAD], 1)])
        for channel in CHANNELS:
            off = _runs(name, _frozen(without(channel)))
            changed = [_interval(off[one] - as_it_is[one], n, True) for one, n in ((PARITY, 2), (LEAD, 1))]
            rows.append(["", f"{channel} off", *changed])
    return markdown_table(("scenario", "channel", "public's parity", "lead's parts of 100"), rows)


def null_table() -> str:
    """Return the effect of four ways of working on inequality, as it is and under both nulls."""
    rows = []
    for way in WAYS:
        cells = []
        for off in ((), *NULLS.values()):
            changes = _frozen(without(*off))
            with_it, as_usual = (_runs("research_team", changes, one)[GINI] for one in (way, ""))
            cells.append(_interval(with_it - as_usual, 3, True))
        rows.append([way, *cells])
    return markdown_table(("way of working", "as it is", *NULLS), rows)


def attendance_table() -> str:
    """Return the public's parts of 100 at four attendances, without and with ballots in writing."""
    rows = []
    for name in SCENARIOS:
        for written in (0.0, 1.0):
            cells = []
            for share in ATTENDANCES:
                changes = {"decision.written_ballots": written, **_attendance(name, share)}
                cells.append(_interval(_runs(name, _frozen(changes))[PARTS_PUBLIC], 1))
            rows.append([name if not written else "", "in writing" if written else "none", *cells])
    heads = tuple(f"comes {share:.0%}" if share in (0, 1) else f"comes {share:.2f}" for share in ATTENDANCES)
    return markdown_table(("scenario", "ballots of the absent", *heads), rows)


SEATS: Final = (1, 2, 3, 4, 5, 6)
ONE_PHASE: Final = {f"phases.{name}": None for name in ("governance", "conducting", "knowledge_translation")}
AGREED: Final = {"phases.*.rule": "consensus", "phases.*.quorum": 1.0}
VOTED: Final = {"phases.*.rule": "majority"}
VOICE, UPTAKE = "voice_parity_public", "uptake_parity_public"


def voice_table() -> str:
    """Return the public's talk by its seats of twelve, with and without a lead, by rule."""
    rows = []
    for led in (True, False):
        for seats in SEATS:
            team = _twelve(seats, led=led)
            cells = [_interval(_runs("research_team", _frozen({**team, **VOTED}))[VOICE], 2)]
            for aim in (0.0, 1.0, 5.0):
                voted, agreed = (
                    _runs("research_team", _frozen({**team, **rule, "floor.aim": aim}))[VOICE]
                    for rule in (VOTED, AGREED)
                )
                cells.append(_interval(agreed - voted, 3, True))
            rows.append(
                [
                    ("a lead who signs off" if led else "nobody leads") if seats == 1 else "",
                    str(seats),
                    *cells,
                ]
            )
    heads = ("public of 12", "majority", *(f"consensus - majority, aim {aim}" for aim in (0, 1, 5)))
    return markdown_table(("team", *heads), rows)


def _twelve(seats: int, *, led: bool) -> dict[str, Any]:
    """Return the changes that make the default team one of twelve with so many public seats, all there."""
    changes = {"team.patients.count": seats, "team.researchers.count": 7 - seats, "team.*.attendance": 1.0}
    return {**ONE_PHASE, **changes, **({} if led else {"team.lead.lead": False})}


def secrecy_table() -> str:
    """Return what a secret ballot changes of the talk before it, by rule and number of phases."""
    rows = []
    for told, changes in (
        ("one phase, mean score", ONE_PHASE),
        ("one phase, majority", {**ONE_PHASE, **VOTED}),
        ("one phase, consensus of all", {**ONE_PHASE, **AGREED}),
        ("four phases, mean score", {}),
    ):
        seen, secret = (
            _runs("research_team", _frozen({**changes, "decision.secret_ballot": share}))
            for share in (0.0, 1.0)
        )
        alike = (
            seen[["turns", "voice_gini", "uptake_gini"]] == secret[["turns", "voice_gini", "uptake_gini"]]
        ).all(axis=1)
        cells = [
            _interval(secret[one] - seen[one], n, True) for one, n in (("turns", 1), (VOICE, 3), (UPTAKE, 3))
        ]
        rows.append([told, f"{alike.mean():.0%}", *cells])
    heads = ("the same talk in", "turns", "public's share of the talk (parity)", "public's uptake (parity)")
    return markdown_table(("setting", *heads), rows)


def dissent_table() -> str:
    """Return how much private dissent each decision rule leaves, with open and with secret ballots."""
    rows = []
    for told, rule, quorum in (
        ("mean score", "mean_score", 0.75),
        ("majority", "majority", 0.75),
        ("supermajority, three quarters", "supermajority", 0.75),
        ("consensus of three quarters", "consensus", 0.75),
        ("consensus of all", "consensus", 1.0),
        ("the lead decides", "lead_decides", 0.75),
    ):
        changes = {**ONE_PHASE, "phases.*.rule": rule, "phases.*.quorum": quorum}
        found = _runs("research_team", _frozen(changes))
        cells = [
            _interval(found[one], 2) for one in ("private_dissent", "false_agreement", "non_decision_rate")
        ]
        agreed = _runs("research_team", _frozen({**changes, "phases.*.task": "agreement"}))
        rows.append([told, *cells, _interval(agreed["private_dissent"], 2)])
    heads = (
        "private dissent",
        "ballots unlike the view",
        "rule not met",
        "private dissent, one text to agree",
    )
    return markdown_table(("rule", *heads), rows)


def measures_table() -> str:
    """Return what each way of working moves of the public's parity by three measures, under a majority."""
    base = load_scenario("research_team").replace(VOTED)
    usual = _shares(base)
    found = []
    for name in INTERVENTIONS:
        if not any(isinstance(effect, Composition) for effect in INTERVENTIONS[name].effects):
            found.append((name, _shares(base.with_interventions(name)) - usual))
    found.sort(key=lambda one: -one[1][MEASURES[0]].mean())
    means = [[one[measure].mean() for _, one in found] for measure in MEASURES]
    rows = [[name, *(_interval(one[measure], 3, True) for measure in MEASURES)] for name, one in found]
    alike = [f"{spearmanr(means[0], other).statistic:.2f}" for other in means[1:]]
    rows.append(["*rank correlation with the first*", "1", *alike])
    return markdown_table(("way of working", *MEASURES), rows)


MEASURES: Final = ("by the ballots that carried it", "if every ballot counted", "counterfactual")


def _shares(scenario: Scenario) -> pd.DataFrame:
    """Return the public's parity by three measures, replicate by replicate.

    Counterfactual: of the decisions that change when the views of one role are drawn again, over all roles.
    """
    runs = simulate(scenario, replicates=COUNTERFACTUALS, seed=SEED, counterfactual=True).runs
    changed = runs[[f"counterfactual_influence_{role}" for role in ROLES]]
    share = changed[f"counterfactual_influence_{PUBLIC}"] / changed.sum(axis=1).where(
        changed.sum(axis=1) > 0.0
    )
    parity = share.fillna(share.mean()) * scenario.size / scenario.count(PUBLIC)
    values = (runs[PARITY], runs["say_parity_public"], parity)
    return pd.DataFrame(dict(zip(MEASURES, values, strict=True)))


def _attendance(name: str, share: float) -> dict[str, float]:
    team = load_scenario(name).team
    return {f"team.{group}.attendance": share for group, of in team.items() if of.role == "patient"}


def _frozen(changes: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(changes.items()))


PARTS: Parts = {
    "channels": channel_table,
    "nulls": null_table,
    "attendance": attendance_table,
    "voice": voice_table,
    "secrecy": secrecy_table,
    "dissent": dissent_table,
    "measures": measures_table,
}


def main(path: Path, chosen: list[str]) -> None:
    """Make the page's tables again, or those chosen by name."""
    text = path.read_text(encoding="utf-8")

    def kept(name: str) -> str:
        _, _, rest = text.partition(f"<!-- generated: {name} -->\n")
        return rest.partition(f"<!-- end of {name} -->")[0].rstrip("\n")

    refill(
        path,
        {
            name: make if name in (chosen or PARTS) else (lambda name=name: kept(name))  # type: ignore[misc]
            for name, make in PARTS.items()
        },
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
