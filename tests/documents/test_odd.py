"""docs/ODD.md: all seven elements, and tables that are what the records say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cosim.documents.odd import PARTS
from cosim.errors import CosimError
from cosim.interventions import INTERVENTIONS
from cosim.outcomes import OUTCOMES
from cosim.reporting.generated import filled, markdown_table
from cosim.scenario import ATTRIBUTES, parameters, phase_parameters

ODD = Path(__file__).parents[2] / "docs" / "ODD.md"
ELEMENTS = [
    "1. Purpose and patterns",
    "2. Entities, state variables, and scales",
    "3. Process overview and scheduling",
    "4. Design concepts",
    "5. Initialization",
    "6. Input data",
    "7. Submodels",
]
CONCEPTS = (
    "Basic principles",
    "Emergence",
    "Adaptation",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
)


@pytest.fixture(scope="module")
def text():
    return ODD.read_text(encoding="utf-8")


def test_the_tables_are_what_the_records_say(text):
    assert text == filled(text, PARTS), "run: python -m cosim.documents.odd docs/ODD.md"


def test_it_has_the_seven_elements_in_order(text):
    assert re.findall(r"^## (.+)$", text, flags=re.M) == ELEMENTS


def test_it_has_the_eleven_design_concepts_in_order(text):
    part = text[text.index("## 4.") : text.index("## 5.")]
    assert tuple(re.findall(r"^\*\*([A-Z][\w ]+)\.\*\*", part, flags=re.M)) == CONCEPTS


def test_every_record_is_listed(text):
    records = [*parameters(), *phase_parameters()]
    keys = [record.key for record in records if not record.key.startswith("roles.")]
    names = [*keys, *INTERVENTIONS, *(one.name for one in OUTCOMES), *(one.name for one in ATTRIBUTES)]
    assert len(names) > 200
    assert [name for name in names if f"| `{name}` |" not in text] == []


def test_parts_are_neither_lost_nor_doubled():
    part = "<!-- generated: a -->\nold\n<!-- end of a -->"
    assert filled(part, {"a": lambda: "new"}) == "<!-- generated: a -->\nnew\n<!-- end of a -->"
    for text, parts in ((part, {}), ("", {"a": str}), (part + part, {"a": str})):
        with pytest.raises(CosimError, match="generated part 'a'"):
            filled(text, parts)


def test_cells_cannot_break_a_table():
    assert markdown_table(("a",), [("x|y",)]) == "| a |\n| --- |\n| x\\|y |"
