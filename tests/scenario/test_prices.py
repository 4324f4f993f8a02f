"""Another currency needs prices with it, whatever way it comes in; what is left at its default is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.scenario import Scenario
from cosim.scenario.organisation import Costs, foreign_defaults
from tests.cli.terminal import cosim

ALONE = {"currency": "EUR"}


def test_a_currency_alone_is_refused_by_every_way_in(tmp_path: Path) -> None:
    team = load_scenario("research_team")
    base = tmp_path / "base.yaml"
    base.write_text("extends: research_team\ncosts: {currency: CHF, public_hour: 30}\n", encoding="utf-8")
    ways = (
        lambda: load_scenario({"extends": "research_team", "costs": ALONE}),
        lambda: load_scenario({"extends": str(base), "costs": ALONE}),
        lambda: load_scenario({"extends": "research_team", "costs": {**ALONE, "staff_hour": 0.0}}),
        lambda: Scenario.from_dict({**team.to_dict(), "costs": ALONE}),
        lambda: team.replace({"costs.currency": "EUR"}),
    )
    for way in ways:
        with pytest.raises(ConfigError) as found:
            way()
        assert found.value.key == "costs.currency"
        assert found.value.value == "EUR"


def test_a_currency_with_prices_is_taken_and_survives_being_written_out() -> None:
    team = load_scenario({"extends": "research_team", "costs": {**ALONE, "public_hour": 25.0}})
    assert team.costs.currency == "EUR"
    assert Scenario.from_dict(team.to_dict()) == team
    assert team.replace({"costs.staff_hour": 40.0}).costs.currency == "EUR"
    assert load_scenario({"extends": "research_team", "costs": {"currency": "GBP"}}).costs == Costs()


def test_prices_left_at_the_numbers_of_another_currency_are_named() -> None:
    assert foreign_defaults(Costs()) == ()
    mixed = Costs(currency="EUR", public_hour=30.0, facilitator_hour=70.0)
    assert foreign_defaults(mixed) == ("public_expenses",)


def test_check_says_which_prices_are_left(tmp_path: Path) -> None:
    file = tmp_path / "team.yaml"
    file.write_text(
        "extends: research_team\ncosts: {currency: EUR, public_hour: 30}\n"
        "phases: {governance: null, priority_setting: null, conducting: null}\n",
        encoding="utf-8",
    )
    result = cosim("check", file)
    assert result.exit_code == 0
    assert "costs.public_expenses, costs.facilitator_hour" in result.stdout
    assert "12 members, 1 phase, 1 meeting" in result.stdout
    study = tmp_path / "study.yaml"
    study.write_text(f"study: compare\nscenario: {file}\ninterventions: [buddy]\n", encoding="utf-8")
    assert "costs.public_expenses, costs.facilitator_hour" in cosim("check", study).stdout


@pytest.mark.parametrize(("line", "says"), [
    ("worlds: 64", "`worlds: {count: 64}`"),
    ("output: results/x", "`output: {folder: results/x}`"),
    ("precision: 0.01", "`precision: {half_width: 0.01}`"),
    ("cluster: local", "`cluster: {kind: local}`"),
])  # fmt: skip
def test_a_value_in_place_of_a_block_is_told_how_to_write_it(line: str, says: str, tmp_path: Path) -> None:
    study = tmp_path / "study.yaml"
    study.write_text(
        f"study: compare\nscenario: research_team\ninterventions: [buddy]\n{line}\n", encoding="utf-8"
    )
    result = cosim("check", study)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "line 4" in result.stderr


def test_a_value_that_fits_no_key_is_not_guessed_at(tmp_path: Path) -> None:
    study = tmp_path / "study.yaml"
    study.write_text(
        "study: compare\nscenario: research_team\ninterventions: [buddy]\nworlds: many\n", encoding="utf-8"
    )
    result = cosim("check", study)
    assert result.exit_code == 2
    assert "write `" not in result.stderr
