"""JSON Schemas of scenario files and study configs, made of the same records that check them."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from typing import Any

from cosim.catalogue import names
from cosim.config.parameter import Parameter
from cosim.execution.settings import StudySettings
from cosim.interventions import INTERVENTIONS
from cosim.outcomes import OUTCOMES
from cosim.scenario import Scenario, parameters, phase_parameters
from cosim.studies.arms import BLOCKS
from cosim.studies.delivered_ways import ways
from cosim.studies.fitted_numbers import FITTED
from cosim.studies.kind import CHOOSABLE, TEAM, StudyKind
from cosim.studies.registry import KINDS
from cosim.studies.teams import TRAITS

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OPEN_BLOCKS = ("team", "phases", "roles", "interventions", "delivery", "ways")
# Of cosim, or a way of working that the file, or one that it names, defines itself.
_OWN_NAME = {"pattern": "^[a-z][a-z0-9_]*$"}
_NO_PATH = {"type": "string", "pattern": r"^[^./\\]*$"}


def scenario_schema() -> Schema:
    """Return the schema of a scenario file, which may extend another and then says only what differs."""
    full = Scenario.model_json_schema()
    for record in (*parameters(), *phase_parameters()):
        _tell_record(full, record)
    full["properties"]["interventions"]["propertyNames"] = {"anyOf": [_known_names(), _OWN_NAME]}
    partial = copy.deepcopy(full)
    for name in ("Group", "Phase"):
        partial["$defs"][f"Changed{name}"] = _without_required(full["$defs"][name])
    for block in _OPEN_BLOCKS:
        partial["properties"][block] = _removable(partial["properties"][block])
    needed = partial.pop("required")
    complete = {block: full["properties"][block] for block in needed}
    partial["properties"] = {
        "extends": {
            "type": "string",
            "description": "A catalogue scenario, or the path of a file, that this one changes.",
        },
        **partial["properties"],
    }
    return {
        "$schema": _DIALECT,
        **partial,
        "title": "cosim scenario",
        "if": {"required": ["extends"]},
        "else": {"required": needed, "properties": complete},
        "allOf": [
            {
                "if": {"not": {"required": ["ways"]}, "properties": {"extends": _NO_PATH}},
                "then": {"properties": {"interventions": {"propertyNames": _known_names()}}},
            }
        ],
    }


def _known_names() -> Schema:
    return {"enum": list(INTERVENTIONS)}


def study_schema() -> Schema:
    """Return the schema of a study config, which may extend another config."""
    common = StudySettings.model_json_schema(by_alias=True)
    made: Schema = {
        "$schema": _DIALECT,
        "title": "cosim study",
        "type": "object",
        "additionalProperties": False,
        "$defs": {**common["$defs"], **_shared()},
    }
    properties: Schema = common["properties"]
    properties["study"] = {
        "enum": list(KINDS),
        "description": " ".join(f"{kind.name}: {kind.sentence}" for kind in KINDS.values()),
    }
    properties["scenario"] = {
        "description": properties["scenario"]["description"] + f" Catalogue: {', '.join(names())}.",
        "anyOf": [{"type": "string", "minLength": 1}, {"type": "object"}],
    }
    scenario = Scenario.model_json_schema()
    made["$defs"] |= {name: scenario["$defs"][name] for name in _definitions_of_ways(scenario)}
    properties["ways"] = {**scenario["properties"]["ways"], "description": properties["ways"]["description"]}
    _name_things(properties, made["$defs"])
    blocks: Schema = {
        kind.block_key: {"type": "object", "description": kind.sentence} for kind in KINDS.values()
    }
    loose = {key: value for key, value in properties.items() if key not in ("study", "scenario")}
    quick = {
        "type": "object",
        "additionalProperties": False,
        "description": "What a quick run (`cosim run --quick`) changes.",
        "properties": {**loose, **blocks},
    }
    made["properties"] = {
        "extends": {"type": "string", "description": "The path of another config that this one changes."},
        **{
            key: value if key in ("study", "scenario") else _or_null(value)
            for key, value in properties.items()
        },
        **blocks,
        "quick": quick,
    }
    made["allOf"] = [
        {"if": {"not": {"required": ["extends"]}}, "then": {"required": ["study", "scenario"]}},
        {
            "if": {
                "not": {"anyOf": [{"required": ["ways"]}, {"required": ["extends"]}]},
                "properties": {"scenario": _NO_PATH},
            },
            "then": {"properties": _strict_names()},
        },
        {
            "if": {"not": {"anyOf": [{"required": ["own_outcomes"]}, {"required": ["extends"]}]}},
            "then": {"properties": {"outcomes": _outcomes({"enum": _outcome_names()})}},
        },
    ]
    for kind in KINDS.values():
        made["allOf"].append(_kind_rule(kind, made["$defs"]))
    return made


def _definitions_of_ways(schema: Schema) -> list[str]:
    """Return the names of the definitions that ways of working are made of."""
    found, left = list[str](), ["Way"]
    while left:
        name = left.pop()
        if name not in found:
            found.append(name)
            left += re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema["$defs"][name]))
    return found


def _tell_record(schema: Schema, record: Parameter) -> None:
    """Put unit, source and sampled range into the text that an editor shows for a parameter."""
    section, *rest = record.key.split(".")
    if section == "roles":
        return
    definition = "Phase" if section == "phases" else _definition(schema["properties"][section])
    place = schema["$defs"][definition]["properties"][rest[-1]]
    told = [record.sentence, f"Unit: {record.unit}." if record.unit else ""]
    if record.plausible:
        told.append(f"Sampled from {record.plausible[0]:g} to {record.plausible[1]:g}.")
    told.append(f"{record.status.capitalize()}: {record.source}.")
    place["description"] = " ".join(part for part in told if part)
    place.pop("cosim", None)


def _definition(property_: Schema) -> str:
    return str(property_["$ref"]).rsplit("/", 1)[-1]


def _without_required(definition: Schema) -> Schema:
    return {key: copy.deepcopy(value) for key, value in definition.items() if key != "required"}


def _removable(block: Schema) -> Schema:
    """Let entries of an open block be partial, or null to remove them."""
    block = copy.deepcopy(block)
    entry = block["additionalProperties"]
    if "$ref" in entry:
        entry = {"$ref": f"#/$defs/Changed{_definition(entry)}"}
    block["additionalProperties"] = _or_null(entry)
    return block


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _shared() -> Schema:
    """Return the definitions of interventions by name and with dose."""
    return _doses({"type": "string", "anyOf": [_known_names(), _OWN_NAME]})


def _strict_names() -> Schema:
    """Return what a config may say of interventions where it can define none itself."""
    named = _doses(_known_names())
    return {
        "interventions": {
            "anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": named["Intervention"]}]
        },
        "bundles": {"anyOf": [{"type": "null"}, {"type": "object", "additionalProperties": named["Doses"]}]},
        "arms": {
            "anyOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "additionalProperties": {"type": "object", "properties": {"with": named["Doses"]}},
                },
            ]
        },
    }


def _outcome_names() -> list[str]:
    return [outcome.name for outcome in OUTCOMES]


def _outcomes(name: Schema) -> Schema:
    """Return the schema of ``outcomes``: names, and outcomes of one's own."""
    own = {"type": "object", "minProperties": 1}
    return {"anyOf": [{"type": "null"}, own, {"type": "array", "items": {"anyOf": [name, own]}}]}


def _doses(name: Schema) -> Schema:
    dose = {"type": "number", "minimum": 0, "maximum": 1}
    one_of = {"type": "object", "propertyNames": name, "additionalProperties": dose}
    return {
        "Intervention": {"anyOf": [name, {**one_of, "minProperties": 1, "maxProperties": 1}]},
        "Doses": {
            "description": "Interventions: a list of names (full dose), or names with their dose.",
            "anyOf": [one_of, {"type": "array", "items": {"anyOf": [name, one_of]}}],
        },
    }


def _name_things(properties: Schema, definitions: Schema) -> None:
    """Offer every name that a config may use where it may use it."""
    doses = {"$ref": "#/$defs/Doses"}
    properties["bundles"]["additionalProperties"] = doses
    definitions["Arm"]["properties"]["with"] = doses
    properties["interventions"]["anyOf"][1]["items"] = {"$ref": "#/$defs/Intervention"}
    told = properties["outcomes"]["description"]
    properties["outcomes"] = {
        "description": told,
        **_outcomes({"anyOf": [{"enum": _outcome_names()}, _OWN_NAME]}),
    }
    own = properties["own_outcomes"]
    own["additionalProperties"] = {"anyOf": [{"type": "string"}, own["additionalProperties"]]}
    _into(
        definitions["Precision"]["properties"]["outcome"], {"anyOf": [{"enum": _outcome_names()}, _OWN_NAME]}
    )
    sampled = [record.key for record in parameters() if record.plausible is not None]
    traits = [trait.key for trait in TRAITS]
    drawn = [*BLOCKS, *sampled, FITTED, *traits, *ways()]
    _set_items(definitions["Worlds"]["properties"]["over"]["anyOf"], drawn)
    mix = properties["team"]
    properties["team"] = {
        **{key: value for key, value in mix.items() if key not in ("additionalProperties", "propertyNames")},
        "properties": {trait.removeprefix(TEAM): mix["additionalProperties"] for trait in traits},
        "additionalProperties": False,
    }


def _into(place: Schema, more: Schema) -> None:
    for key in ("minLength", "maxLength"):
        place.pop(key, None)
    place.update(more)


def _set_items(alternatives: Sequence[Schema], allowed: Sequence[str]) -> None:
    for alternative in alternatives:
        if alternative.get("type") == "array":
            alternative["items"] = {"enum": list(allowed)}


def _kind_rule(kind: StudyKind, definitions: Schema) -> Schema:
    """Say what a config of one kind may hold: its own block and the common blocks it uses, no other."""
    block = kind.block.model_json_schema(by_alias=True)
    for name, definition in block.pop("$defs", {}).items():
        definitions[name] = definition
    definitions[kind.block.__name__] = block
    refused = [key for key in CHOOSABLE if key not in kind.uses]
    refused += [other.block_key for other in KINDS.values() if other is not kind]
    then: Schema = {"properties": {kind.block_key: {"$ref": f"#/$defs/{kind.block.__name__}"}}}
    then["properties"].update(dict.fromkeys(refused, False))
    if block.get("required"):
        then["required"] = [kind.block_key]
    of_this_kind = {"properties": {"study": {"const": kind.name}}, "required": ["study"]}
    return {"if": {**of_this_kind, "not": {"required": ["extends"]}}, "then": then}
