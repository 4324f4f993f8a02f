"""Named, citable scenarios as YAML data, and the loader for these and for a user's own."""

from cosim.catalogue.bundled import names, text
from cosim.catalogue.entry import Entry, entry, table
from cosim.catalogue.loader import (
    ScenarioLike,
    as_scenario,
    is_scenario,
    load_scenario,
    resolve,
    scenario_from_source,
)

__all__ = [
    "Entry",
    "ScenarioLike",
    "as_scenario",
    "entry",
    "is_scenario",
    "load_scenario",
    "names",
    "resolve",
    "scenario_from_source",
    "table",
    "text",
]
