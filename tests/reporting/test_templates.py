"""Templates of reports: what is read from one, and that no value is ever read as structure."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.reporting.blocks import Bullets, Cell, Flag, Page, Picture, Prose, Section, Table
from cosim.reporting.page import render
from cosim.reporting.wording import Worded, worded


def draw(layout: object) -> None:
    """Stands for a figure that nobody looks at."""


def read(tmp_path: Path, text: str, **values: object) -> Worded:
    template = tmp_path / f"{abs(hash(text))}.md.j2"
    template.write_text(text, encoding="utf-8")
    return worded(template, values, pictures={"dots": draw}, blocks={"more": Prose(("made elsewhere",))})


WHOLE = """\
{# A comment that nobody sees. #}
# answer

The first sentence,
wrapped.

{{ ["two", "", "three"] | sentence }}

## one: What moves {{ what }}?

A paragraph.

Another.

- an item
  over two lines
- {{ 1 | counted("walk") }}

![A plot (of dots).](dots)
How to read it.

[flag] Beware
- of this

[list] Over it
- once

[folded] The numbers
| factor | size |
|---|--:|
{% for name in names %}
| {{ name }}{% if loop.first %} [clear]{% endif %} | {{ loop.index }} |
{% endfor %}

## two: Nothing but what comes from elsewhere

[[more]]
"""


def test_every_kind_of_block_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE, what="voice", names=["rate", "dummy"])
    assert found.parts == {"answer": ("The first sentence, wrapped.", "Two; three.")}
    assert found.sections == (
        Section(
            "one",
            "What moves voice?",
            (
                Prose(("A paragraph.", "Another.")),
                Bullets(("an item over two lines", "1 walk")),
                Picture("dots", draw, "How to read it.", "A plot (of dots)."),
                Flag("Beware", ("of this",)),
                Bullets(("once",), "Over it"),
                Table(
                    ("factor", "size"),
                    ((Cell("rate", "clear"), "1"), ("dummy", "2")),
                    frozenset({1}),
                    folded="The numbers",
                ),
            ),
        ),
        Section("two", "Nothing but what comes from elsewhere", (Prose(("made elsewhere",)),)),
    )


ODD = [
    "## x: y",
    "# answer",
    "- no item",
    "a | b",
    "![x](dots)",
    "[[more]]",
    "[folded] x",
    "rate [clear]",
    "{{ 1 }}",
]


@pytest.mark.parametrize("value", ODD)
def test_a_value_is_never_structure(value: str, tmp_path: Path) -> None:
    text = "## s: {{ v }}\n\n{{ v }}\n\n- {{ v }}\n\n| {{ v }} | b |\n|---|---|\n| {{ v }} | {{ v }} |\n"
    [section] = read(tmp_path, text, v=value).sections
    assert section == Section(
        "s", value, (Prose((value,)), Bullets((value,)), Table((value, "b"), ((value, value),)))
    )


@given(value=st.text(st.characters(exclude_categories=("Cc", "Cs", "Co")), min_size=1))
def test_any_value_reaches_the_reader_but_for_its_outer_blanks(
    value: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    [section] = read(tmp_path_factory.getbasetemp(), "## s: t\n\nx {{ v }} y\n", v=value).sections
    [prose] = section.blocks
    assert isinstance(prose, Prose)
    assert " ".join(prose.paragraphs[0].split()) == " ".join(f"x {value.strip()} y".split())


def test_the_page_escapes_what_a_template_holds(tmp_path: Path) -> None:
    sections = read(tmp_path, "## s: t\n\n{{ v }} & <b>\n", v="<script>").sections
    html = render(Page("t", "q", ("a",), (), sections, (), {}))
    assert "&lt;script&gt; &amp; &lt;b&gt;" in html


@pytest.mark.parametrize(
    ("filter_", "value", "shown"),
    [
        ('plural("is", "are")', 1, "is"),
        ('plural("is", "are")', 0, "are"),
        ("percent", 0.254, "25\N{NARROW NO-BREAK SPACE}%"),
        ("interval", {"low": 0.1, "high": 0.25}, "95 % interval 0.100 to 0.250"),
        ("interval", {"low": float("nan"), "high": 0.2}, "no interval"),
        ("estimate", {"estimate": 0.5, "low": 0.25, "high": 0.75}, "0.5000 (0.2500 to 0.7500)"),
        ("estimate", {"estimate": float("nan"), "low": 0.1, "high": 0.2}, "–"),
        ("quoted", "Buddy", "“Buddy”"),
        ('listed({"a": "A", "b": "B"})', ["b", "a"], "“B” and “A”"),
    ],
)
def test_filters(filter_: str, value: object, shown: str, tmp_path: Path) -> None:
    [section] = read(tmp_path, f"## s: {{{{ v | {filter_} }}}}\n", v=value).sections
    assert section.title == shown


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("# a\n\n{{ nowhere }}", jinja2.UndefinedError, "nowhere"),
        ("## s: t\n\n![x](bars)", ValueError, "bars"),
        ("## s: t\n\n[[less]]", ValueError, "less"),
        ("## s: t\n\n![x] (dots)", ValueError, "not a figure"),
    ],
)
def test_mistakes_in_a_template_are_named(
    text: str, error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        read(tmp_path, text)


def test_a_corrected_word_reaches_the_page_without_any_python(tmp_path: Path) -> None:
    """What somebody does who can edit a text: correct a word in the file."""
    before = read(tmp_path, WHOLE, what="voice", names=["rate"])
    after = read(tmp_path, WHOLE.replace("What moves", "What changes"), what="voice", names=["rate"])
    assert (before.sections[0].title, after.sections[0].title) == ("What moves voice?", "What changes voice?")
    assert before.sections[0].blocks == after.sections[0].blocks
