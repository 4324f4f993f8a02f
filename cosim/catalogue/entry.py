"""What the catalogue tells about one scenario."""

from __future__ import annotations

from dataclasses import dataclass

from cosim.catalogue.bundled import catalogue_source, names, text
from cosim.catalogue.loader import load_scenario
from cosim.scenario import Scenario, SourceRecord


@dataclass(frozen=True, slots=True)
class Entry:
    """One named, citable scenario.

    Attributes
    ----------
    name, title, question, description : str
        As in the scenario's file.
    sources : tuple of SourceRecord or str
        Where it comes from.
    assumed : tuple of str
        What of it is assumed.
    identity : str
        Name and hash of the content (`Scenario.identity`): cite this.
    extends : str or None
        The scenario it changes.
    text : str
        Its file as written, comments and all.
    scenario : Scenario
        The scenario, resolved and validated.
    """

    name: str
    title: str
    question: str
    description: str
    sources: tuple[SourceRecord | str, ...]
    assumed: tuple[str, ...]
    identity: str
    extends: str | None
    text: str
    scenario: Scenario


def entry(name: str) -> Entry:
    """Return all that the catalogue knows of one scenario.

    Raises
    ------
    ConfigError
        When there is no such scenario, with the nearest name.
    """
    own = catalogue_source(name)
    scenario = load_scenario(name)
    return Entry(
        name=name,
        title=scenario.title,
        question=scenario.question,
        description=scenario.description,
        sources=scenario.sources,
        assumed=scenario.assumed,
        identity=scenario.identity,
        extends=own.data.get("extends"),
        text=text(name),
        scenario=scenario,
    )


def table() -> list[dict[str, object]]:
    """Return one plain row per catalogue scenario, for command line, documents and tables.

    Returns
    -------
    list of dict
        Keys: name, title, question, extends, people, public, phases, levels, meetings, minutes (planned, all
        meetings), rule, accountability, interventions, sources, identity.
    """
    return [_row(entry(name)) for name in names()]


def _row(one: Entry) -> dict[str, object]:
    scenario = one.scenario
    phases = scenario.phases.values()
    return {
        "name": one.name,
        "title": one.title,
        "question": one.question,
        "extends": one.extends or "",
        "people": scenario.size,
        "public": scenario.count("patient"),
        "phases": ", ".join(scenario.phases),
        "levels": ", ".join(phase.level for phase in phases),
        "meetings": sum(phase.meetings for phase in phases),
        "minutes": sum(phase.meetings * phase.minutes for phase in phases),
        "rule": ", ".join(dict.fromkeys(phase.rule for phase in phases)),
        "accountability": scenario.accountability.form,
        "interventions": ", ".join(scenario.interventions),
        "sources": "; ".join(map(str, one.sources)),
        "identity": one.identity,
    }
