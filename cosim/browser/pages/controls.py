"""The controls, made from the catalogue, the interventions' registry and the parameter records."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, cast

from cosim.browser.configs import to_config
from cosim.browser.lesson import to_address
from cosim.browser.pages import state
from cosim.browser.pages.live import Opener
from cosim.browser.pages.parts import component, solara
from cosim.browser.setup import MAX_SEED, TEAMS, Setup, Value, base_scenario
from cosim.catalogue import names
from cosim.config.parameter import Parameter
from cosim.errors import ConfigError
from cosim.formatting.titles import LEVEL_WORDS
from cosim.interventions.intervention import Intervention
from cosim.scenario import parameters, phase_parameters
from cosim.scenario.vocabulary import LEVELS

FAMILIES = ("credibility", "legitimacy", "power", "facilitation", "system")
AS_WRITTEN = "as the scenario says"


@component
def Controls() -> None:
    """Show scenario, seed, ways of working, parameters, and how to share."""
    setup = state.setup.value
    base = base_scenario(setup.scenario)
    solara.Select(
        "Scenario",
        value=setup.scenario,
        values=list(names()),
        on_value=lambda name: state.choose(Setup(name, setup.seed)),
    )
    solara.Text(f"{base.title}. {base.question}", style="font-size: 15px")
    solara.InputInt(
        "Seed (same seed, same random numbers)", value=setup.seed, on_value=_seed, continuous_update=False
    )
    with solara.Column(gap="2px", style="padding-top: 6px"):
        solara.Text("The settings below change:", style="font-size: 15px")
        with solara.ToggleButtonsSingle(value=state.scope.value, on_value=state.scope.set, dense=True):
            solara.Button("Team A", value="A")
            solara.Button("Team B", value="B")
            solara.Button("Both", value="AB")
    solara.Text("Ways of working", style="font-weight: 500; padding-top: 6px")
    for family in FAMILIES:
        Fold(family.capitalize(), partial(Family, family))
    solara.Text("Parameters", style="font-weight: 500; padding-top: 6px")
    Fold("Team and level of involvement", Team)
    Fold("Advanced parameters", Advanced)
    Fold("Share", Share)


def _seed(value: int | None) -> None:
    if value is None or not 1 <= value <= MAX_SEED:
        state.error.set(f"A seed is a whole number from 1 to {MAX_SEED}.")
        return
    state.change(replace(state.setup.value, seed=int(value)))


@component
def Fold(label: str, body: Callable[[], Any]) -> None:
    """Show a heading that opens and closes; what is closed is not made at all."""
    opened = solara.use_reactive(False)
    with solara.Column(gap="0px", classes=["cosim-fold"]):
        solara.Button(
            label,
            icon_name="mdi-chevron-down" if opened.value else "mdi-chevron-right",
            text=True,
            on_click=lambda: opened.set(not opened.value),
            attributes={"aria-expanded": "true" if opened.value else "false"},
        )
        if opened.value:
            with solara.Column(gap="2px", style="padding-left: 10px"):
                body()


def _both(setup: Setup, show: Callable[[str], Any]) -> str:
    """Return a value in words: one if the teams share it, else both."""
    a, b = show("A"), show("B")
    return f"{a}" if a == b else f"A {a}, B {b}"


@component
def Family(family: str) -> None:
    """Show the interventions of a family with their doses."""
    for one in state.setup.value.ways.values():
        if one.family == family:
            Dose(one)


@component
def Dose(one: Intervention) -> None:
    """Show one intervention's dose."""
    setup = state.setup.value
    scope = state.scope.value
    own = base_scenario(setup.scenario).interventions

    def dose(team: str) -> float:
        return setup.way(team).doses.get(one.name, own.get(one.name, 0.0))

    def put(value: float) -> None:
        new = state.setup.value
        for team in TEAMS:
            if team in scope:
                new = new.with_way(team, new.way(team).with_dose(one.name, round(float(value), 2), own))
        state.change(new)

    more = solara.use_reactive(False)
    shown = _both(setup, lambda team: f"{dose(team):.0%}" if dose(team) else "off")
    with solara.Column(gap="0px", classes=["cosim-way"]):
        with solara.Row(gap="2px", classes=["cosim-line"]):
            solara.Switch(
                label=one.title, value=dose(scope[0]) > 0.0, on_value=lambda on: put(1.0 if on else 0.0)
            )
            Told(one.title, f"{one.sentence} Evidence: {one.evidence.grade}. {one.evidence.text}")
            solara.Button(
                icon_name="mdi-tune",
                icon=True,
                small=True,
                on_click=lambda: more.set(not more.value),
                attributes={
                    "aria-label": f"Dose of {one.title}",
                    "aria-expanded": "true" if more.value else "false",
                    "title": "Use it in part",
                },
            )
        # Beside an open slider it would come and go under the pointer, and the slider be made anew mid-drag.
        if shown not in ("off", "100%") and not more.value:
            solara.Text(shown, classes=["cosim-shown"])
        if more.value:
            solara.SliderFloat(
                f"Dose: {shown}", value=dose(scope[0]), min=0.0, max=1.0, step=0.1, on_value=put
            )


@component
def Told(name: str, words: str) -> None:
    """Show an (i): under the pointer it says what something is; a click or a tap keeps the words in sight."""
    opened = solara.use_reactive(False)
    solara.Button(
        icon_name="mdi-information-outline",
        icon=True,
        small=True,
        on_click=lambda: opened.set(not opened.value),
        attributes={
            "aria-label": f"About {name}",
            "aria-expanded": "true" if opened.value else "false",
            "title": words,
        },
    )
    if opened.value:
        solara.Text(words, classes=["cosim-told"])


@component
def Team() -> None:
    """Show how many people there are of each group, and the level of involvement."""
    setup = state.setup.value
    base = base_scenario(setup.scenario)
    for name, group in base.team.items():
        if not group.lead:
            high = max(12, group.count)
            Number(f"team.{name}.count", name.capitalize(), group.count, (0, high), True, "Number of people.")
    levels = [phase.level for phase in base.phases.values()]
    now = cast(str, setup.way(state.scope.value[0]).changes.get("phases.*.level", AS_WRITTEN))
    told = LEVEL_WORDS.get(now, ", ".join(dict.fromkeys(levels)))

    def put(value: str) -> None:
        _change("phases.*.level", None if value == AS_WRITTEN else value, None)

    solara.Select("Involvement in all phases", value=now, values=[AS_WRITTEN, *LEVELS], on_value=put)
    solara.Text(f"{told}", style="font-size: 14px")


@component
def Advanced() -> None:
    """Show every parameter record, by section."""
    sections: dict[str, list[Parameter]] = {}
    for record in (*phase_parameters(), *parameters()):
        parts = record.key.split(".")
        sections.setdefault(" ".join(parts[:-1]).replace("*", "").strip(), []).append(record)
    for section, records in sections.items():
        Fold(section.replace("roles", "role:").capitalize(), partial(Section, records))


@component
def Section(records: list[Parameter]) -> None:
    """Show the controls of some parameters."""
    base = base_scenario(state.setup.value.scenario)
    for record in records:
        default = _default(base, record)
        label = record.key.rsplit(".", 1)[-1].replace("_", " ")
        told = f"{record.sentence} Unit: {record.unit or 'none'}. {record.status}: {record.source}."
        if record.numeric:
            whole = isinstance(record.default, int)
            Number(record.key, label, default, _range(record), whole, told)
        else:
            Choice(record.key, label, default, list(record.allowed), told)


def _default(base: Any, record: Parameter) -> Any:
    """Return a parameter's value in a scenario as it stands."""
    parts = record.key.split(".")
    if parts[0] == "phases":
        return getattr(next(iter(base.phases.values())), parts[-1])
    if parts[0] == "roles":
        return base.roles.get(parts[1], {}).get(parts[2], record.default)
    return getattr(getattr(base, parts[0]), parts[1])


def _range(record: Parameter) -> tuple[float, float]:
    low, high = record.allowed
    if record.kind == "cost":
        high = max(10.0 * float(record.default), 100.0)
    return low, high


def _change(key: str, value: Value, default: Value) -> None:
    new = state.setup.value
    for team in TEAMS:
        if team in state.scope.value:
            new = new.with_way(team, new.way(team).with_change(key, value, default))
    state.change(new)


@component
def Number(key: str, label: str, default: Any, allowed: tuple[float, float], whole: bool, told: str) -> None:
    """Show a slider for one number; what is not allowed cannot be entered."""
    setup = state.setup.value
    low, high = allowed

    def value(team: str) -> Any:
        return setup.way(team).changes.get(key, default)

    # A power of ten, so that defaults lie on the slider's grid and are not rounded off it.
    step = 1.0 if whole else 10.0 ** math.floor(math.log10((high - low) / 100.0))

    def put(given: float) -> None:
        if abs(given - value(state.scope.value[0])) >= step / 2.0:
            _change(key, round(given) if whole else float(f"{given:.6g}"), default)

    shown = _both(setup, lambda team: f"{value(team):g}")
    now = value(state.scope.value[0])
    with solara.Row(gap="2px", classes=["cosim-line"]):
        if whole:
            solara.SliderInt(f"{label}: {shown}", value=int(now), min=int(low), max=int(high), on_value=put)
        else:
            solara.SliderFloat(
                f"{label}: {shown}",
                value=float(now),
                min=float(low),
                max=float(max(high, now)),
                step=step,
                on_value=put,
            )
        Told(label, told)


@component
def Choice(key: str, label: str, default: Any, allowed: list[str], told: str) -> None:
    """Show the choices of one parameter."""
    now = state.setup.value.way(state.scope.value[0]).changes.get(key, default)
    with solara.Row(gap="2px", classes=["cosim-line"]):
        solara.Select(label, value=now, values=allowed, on_value=lambda value: _change(key, value, default))
        Told(label, told)


@component
def Share() -> None:
    """Show the link and the file of a set-up, and open a file."""
    setup = state.setup.value
    link = "/?" + to_address(setup, state.lesson.value)
    headers = solara.lab.headers.value or {}
    host = (headers.get("host") or ["127.0.0.1"])[0]
    solara.HTML(
        tag="a",
        unsafe_innerHTML="Link to this set-up (copy its address)",
        attributes={"href": link, "data-testid": "link", "target": "_blank"},
    )
    solara.HTML(
        tag="input",
        attributes={
            "readonly": "readonly",
            "value": f"http://{host}{link}",
            "aria-label": "Address of this set-up",
            "style": "width: 100%; border: 1px solid gray; padding: 4px; color: inherit",
        },
    )
    try:
        saved = to_config(setup).encode()
    except ConfigError as problem:
        solara.Text(f"This set-up cannot be saved as a file: {problem}", style="font-size: 14px")
    else:
        solara.FileDownload(saved, filename=f"{setup.scenario}_demo.yaml", label="Save as a study config")
        solara.Text("cosim run runs the file: 200 projects of each team.", style="font-size: 14px")

    Opener.element(on_file=state.open_file)
