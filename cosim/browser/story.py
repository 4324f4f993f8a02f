"""Names for options and people, so that a class sees more than letters; the model knows only the letters."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from cosim.config.yaml_source import parse_yaml
from cosim.formatting.titles import option_letter
from cosim.scenario.vocabulary import PhaseName, Role


@cache
def _told(file: str) -> dict[str, list[str]]:
    text = files("cosim.browser").joinpath("lessons").joinpath(file).read_text(encoding="utf-8")
    data: dict[str, Any] = dict(parse_yaml(text).data)
    return {key: [str(one) for one in told] for key, told in data.items()}


def first_names(role: Role) -> list[str]:
    """Return the first names that people of a role may have: thirty or more, none of them another role's."""
    return _told("_people.yaml")[role]


def option_told(phase: PhaseName, option: int) -> str:
    """Return an option's letter with what it could be about: "C, waiting times".

    Parameters
    ----------
    phase : str
    option : int
        From 0; those that the story has no name for have their letter only.
    """
    named = _told("_story.yaml")[phase]
    letter = option_letter(option)
    return f"{letter}, {named[option]}" if option < len(named) else letter
