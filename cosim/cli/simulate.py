"""cosim simulate: a scenario's outcomes as a quick table on the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cosim.scenario import Scenario
    from cosim.simulation.simulation import Result

    Columns = dict[str, NDArray[np.float64]]

_MAIN = (
    "voice_gini",
    "voice_parity_public",
    "influence_gini",
    "influence_parity_public",
    "decision_quality",
    "agreement_before",
    "agreement_after",
    "acceptability_mean",
    "minutes",
    "money",
)
_COUNTERFACTUAL = "counterfactual_influence_"
_HEADS = ("outcome", "mean")
_GROUP_HEADS = ("role", "members", "voice", "influence")
_NONE = "–"
_LEAST = 5
"""With fewer replicates there is a mean and no interval: it would say more than it knows."""


@click.command(short_help="Run one scenario and print its outcomes.")
@click.argument("scenario")
@click.option(
    "--with", "used", multiple=True, metavar="NAME[=DOSE]", help="Add an intervention; repeat for more."
)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a value, such as team.patients.count=6.",
)
@click.option("--replicates", "-n", default=200, show_default=True, type=click.IntRange(2, 1_000_000))
@click.option("--seed", default=1, show_default=True, type=click.IntRange(1, 2**63 - 1))
@click.option("--engine", type=click.Choice(["compiled", "reference"]), default="compiled", show_default=True)
@click.option(
    "--counterfactual",
    is_flag=True,
    help="Also each role's counterfactual influence: how many key decisions its first views changed.",
)
@click.option("--all", "every", is_flag=True, help="Every outcome, not only the main ones.")
@click.option(
    "--groups", "by_group", is_flag=True, help="Also voice and influence of each group of the team."
)
@click.option("--csv", "as_csv", is_flag=True, help="The run table as CSV: a row per replicate.")
def command(
    scenario: str,
    *,
    used: Sequence[str],
    changes: Sequence[str],
    replicates: int,
    seed: int,
    engine: Any,
    counterfactual: bool,
    every: bool,
    by_group: bool,
    as_csv: bool,
) -> None:
    """Run SCENARIO (a name of the catalogue or a file) and print its mean outcomes.

    With --with or --set, the unchanged scenario is run with the same random numbers, and the differences are
    printed beside it. The intervals are Monte Carlo intervals: they say how well the mean of this one setting
    of the parameters is known, not how sure the model is.
    """
    from cosim.catalogue import load_scenario
    from cosim.cli.compiling import warm_up
    from cosim.simulation.simulation import run_arrays

    before = load_scenario(scenario)
    after = _changed(before, used, changes)
    if engine == "compiled":
        warm_up()
    first = run_arrays(before, replicates, seed, engine=engine, counterfactual=counterfactual)
    last = first
    if after is not before:
        last = run_arrays(after, replicates, seed, engine=engine, counterfactual=counterfactual)
    base, runs = first.columns(), last.columns()
    if as_csv:
        _print_csv(runs)
        return
    absent = [_absent_roles(before), _absent_roles(after)]
    undefined = _print(base, runs if after is not before else None, every, absent, after.costs.currency)
    if undefined:
        click.echo(f"\n{_NONE} not defined: nobody in the team is in the role {' or '.join(undefined)}")
    if by_group:
        _print_groups(first.result(), last.result() if after is not before else None)
    few = f" (none with fewer than {_LEAST} replicates)" if replicates < _LEAST else ""
    click.echo(
        f"\n{before.name} ({before.identity}), {replicates} replicates, seed {seed}; "
        f"95 % Monte Carlo intervals{few}."
    )


def _print_csv(runs: Columns) -> None:
    import pandas as pd

    from cosim.formatting.safe_text import csv_text

    click.echo(csv_text(pd.DataFrame(runs)), nl=False)


def _changed(scenario: Scenario, used: Sequence[str], changes: Sequence[str]) -> Scenario:
    if changes:
        scenario = scenario.replace(_once("--set", [_pair(change) for change in changes]))
    if used:
        scenario = scenario.with_interventions(_once("--with", [_dosed(one) for one in used]))
    return scenario


def _once(option: str, pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    from cosim.errors import ConfigError

    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ConfigError("is given twice; keep one", key=option, value=name)
        found[name] = value
    return found


def _pair(change: str) -> tuple[str, Any]:
    from cosim.config.yaml_source import parse_yaml
    from cosim.errors import ConfigError

    key, sign, value = change.partition("=")
    if not sign or not key.strip():
        raise ConfigError("not a change", key="--set", value=change, allowed="KEY=VALUE")
    try:
        return key.strip(), parse_yaml(f"value: {value}").data["value"]
    except ConfigError as error:
        told = ConfigError(error.message, key=key.strip(), value=value, allowed=error.allowed)
        raise told from None


def _dosed(given: str) -> tuple[str, float]:
    from cosim.errors import ConfigError

    name, sign, dose = given.partition("=")
    if not sign:
        return name, 1.0
    try:
        return name, float(dose)
    except ValueError:
        raise ConfigError("not a dose", key="--with", value=given, allowed="NAME or NAME=0.5") from None


def _absent_roles(scenario: Scenario) -> list[str]:
    """Return the roles that nobody in the team has, as outcomes call them."""
    from cosim.scenario.plan import resolve
    from cosim.scenario.vocabulary import PUBLIC, ROLES

    _, members = resolve(scenario)
    present = {member.role for member in members}
    return ["public" if role == PUBLIC else role for role in ROLES if role not in present]


def _print(
    base: Columns,
    changed: Columns | None,
    every: bool,
    absent: Sequence[Sequence[str]],
    currency: str,
) -> list[str]:
    """Print the table; return the roles that outcomes in it would need, and nobody has."""
    from cosim.formatting import terminal
    from cosim.outcomes import OUTCOMES

    wanted = [
        (outcome.name, outcome.unit, outcome.sentence)
        for outcome in OUTCOMES
        if every or outcome.name in _MAIN
    ]
    for name in base:
        if name.startswith(_COUNTERFACTUAL):
            role = name.removeprefix(_COUNTERFACTUAL)
            wanted.append((name, "share", f"Key decisions that change when every {role}'s first views do."))
    rows, undefined = [], dict[str, None]()
    for name, general, sentence in wanted:
        unit = currency if general == "currency" else general
        missing = [_missing(name, sentence, roles) for roles in absent]
        undefined |= dict.fromkeys(role for role in missing if role)
        row = {"outcome": name, "unit": unit, "sentence": sentence}
        row["mean"] = _NONE if missing[0] else _mean(base[name])
        if changed is not None:
            row["changed"] = _NONE if missing[1] else _mean(changed[name])
            row["difference"] = _NONE if any(missing) else _mean(changed[name] - base[name], sign="+")
        rows.append(row)
    if changed is None:
        click.echo(
            terminal.table(rows, ["outcome", "mean", "unit", "sentence"], [*_HEADS, "unit", "what it is"])
        )
    else:
        columns = ["outcome", "mean", "changed", "difference", "unit"]
        click.echo(terminal.table(rows, columns, ["outcome", "unchanged", "changed", "difference", "unit"]))
    return list(undefined)


def _print_groups(base: Result, changed: Result | None) -> None:
    """Print how much each group is heard, and how much of the decisions it makes up; 1 is an equal share."""
    from cosim.formatting import terminal

    tables = [base.groups()] if changed is None else [base.groups(), changed.groups()]
    rows = []
    for name in map(str, tables[-1].index):
        row = {column: tables[-1].at[name, column] for column in ("label", "role", "members")}
        for column in ("voice", "influence"):
            found = [float(table[column].get(name, math.nan)) for table in tables]
            shown = [_NONE if math.isnan(value) else f"{value:.2f}" for value in found]
            row[column] = " -> ".join(shown)
        rows.append(row)
    click.echo("\nGroup by group: voice and influence of a member, 1 is an equal share")
    click.echo(terminal.table(rows, ["label", *_GROUP_HEADS], ["group", *_GROUP_HEADS]))


def _missing(outcome: str, sentence: str, absent: Sequence[str]) -> str:
    """Return the role without which an outcome is not defined, when it is absent; else nothing."""
    told = f"{outcome} {sentence}".lower()
    return next((role for role in absent if role in told), "")


def _mean(values: NDArray[np.float64], sign: str = "") -> str:
    """Return mean and half-width of its 95 % interval; the mean alone with few replicates."""
    mean = float(values.mean())
    digits = 1 if abs(mean) >= 100 else 3
    # z: what rounds to nothing has no minus sign.
    if len(values) < _LEAST:
        return f"{mean:{sign}z.{digits}f}"
    from scipy.special import stdtrit  # the quantile of Student's t; scipy.stats is slow to load

    half = float(stdtrit(len(values) - 1, 0.975) * float(values.std(ddof=1)) / len(values) ** 0.5)
    return f"{mean:{sign}z.{digits}f} ± {half:.{digits}f}"
