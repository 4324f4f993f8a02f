"""Names for the options, so that a class sees more than letters; the model knows only the letters."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from cosim.config.yaml_source import parse_yaml
from cosim.formatting.titles import option_letter
from cosim.scenario.vocabulary import PhaseName


@cache
def _story() -> dict[str, list[str]]:
    text = files("cosim.browser").joinpath("lessons").joinpath("_story.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = dict(parse_yaml(text).data)
    return {phase: [str(one) for one in told] for phase, told in data.items()}


def option_told(phase: PhaseName, option: int) -> str:
    """Return an option's letter with what it could be about: "C, waiting times".

    Parameters
    ----------
    phase : str
    option : int
        From 0; those that the story has no name for have their letter only.
    """
    named = _story()[phase]
    letter = option_letter(option)
    return f"{letter}, {named[option]}" if option < len(named) else letter
