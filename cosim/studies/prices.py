"""Whose prices a study counts with: planning defaults, its own, or some of each; and in which currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cosim.formatting.words import and_list, plain_name
from cosim.interventions import KNOWN
from cosim.scenario.organisation import Costs, price_keys
from cosim.studies.results import Results

_WITH = "with."
Origin = Literal["default", "own", "mixed"]


@dataclass(frozen=True)
class Prices:
    """Where the prices of a study come from.

    Attributes
    ----------
    currency : str
    own, defaults : tuple of str
        Prices (``public_hour``, ...) that the study set, and those that it left as cosim has them.
    usual : str
        Currency of the defaults.
    fixed : bool
        Whether interventions that were used cost money beside people's time: those sums are defaults.
    """

    currency: str
    usual: str
    own: tuple[str, ...]
    defaults: tuple[str, ...]
    fixed: bool

    @property
    def origin(self) -> Origin:
        """Whose the prices are."""
        if not self.own:
            return "default"
        return "mixed" if self.defaults else "own"


def prices_of(results: Results) -> Prices | None:
    """Return where a study's prices come from; None when it is not about a team."""
    if results.scenario is None:
        return None
    costs, usual = results.scenario.costs, Costs()
    keys = price_keys()
    own = tuple(key for key in keys if getattr(costs, key) != getattr(usual, key))
    left = tuple(key for key in keys if key not in own and getattr(costs, key) != 0.0)
    used = [column.removeprefix(_WITH) for column in results.dose_columns]
    fixed = any(
        part.money or part.money_per_person for name in used if name in KNOWN for part in KNOWN[name].effort
    )
    return Prices(costs.currency, usual.currency, own, left, fixed)


def price_words(results: Results) -> str:
    """Say whose the prices are: ``prices are planning defaults, in GBP``."""
    prices = prices_of(results)
    if prices is None:
        return "prices are those of what was simulated"
    if prices.origin == "default":
        return f"prices are planning defaults, {_currency(prices)}"
    told = f"prices are the study's own, in {prices.currency}"
    if prices.origin == "mixed":
        names = and_list([plain_name(key).lower() for key in prices.defaults])
        told += f", except for planning defaults {_currency(prices)} ({names})"
    if prices.fixed:
        told += "; what interventions cost beside people's time is a planning default"
    return told


def no_budget_words(results: Results) -> str:
    """Say that minutes and money are no budget, and why."""
    prices = prices_of(results)
    whole = prices is not None and prices.origin == "own" and not prices.fixed
    end = "" if whole or prices is None else "; planning defaults are to be replaced by one's own"
    return (
        "That minutes and money are budgets: minutes are those of simulated meetings, and "
        f"{price_words(results)}{end}."
    )


def _currency(prices: Prices) -> str:
    same = prices.currency == prices.usual
    return f"in {prices.currency}" if same else f"whose numbers are those in {prices.usual}"
