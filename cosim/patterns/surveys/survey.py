"""A survey: people of equal status who were asked what they think before and after they talked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cosim.catalogue import load_scenario
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError, nearest_name
from cosim.patterns.views import EXACT_REPEATS
from cosim.scenario import Scenario

SURVEYS: Final = ("experts", "forums", "facts", "facts_chat", "scores")
"""Their names; each is the name of a file in this folder."""


class Survey(BaseModel):
    """How a survey was held, and the simulated team that stands for it.

    Attributes
    ----------
    title, note : str
    task : str
        What the people had before them: values, judgement, agreement.
    datasets : tuple of str
        Data sets of `shared` statistics that its targets come from.
    panels : int
        Groups that look at the same options: so many tables of one simulated team, which do not hear each
        other.
    sample : int
        Simulated projects in one sample: as many groups as were really observed.
    retest : float or None
        Correlation of answers when nothing happens; None where views are compared as they are.
    scenario : dict
        The team, which may say ``extends``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    title: str = Field(min_length=5)
    note: str = Field(min_length=20)
    task: Literal["values", "judgement", "agreement"]
    datasets: tuple[str, ...] = Field(strict=False, min_length=1)
    panels: int = Field(1, ge=1, le=6)
    sample: int = Field(ge=2, le=2000)
    retest: float | None = Field(None, gt=EXACT_REPEATS, le=1.0)
    scenario: dict[str, Any]

    def build(self) -> Scenario:
        """Return the simulated team.

        Raises
        ------
        ConfigError
            When the scenario is not one.
        """
        return load_scenario(self.scenario)


@cache
def survey(name: str) -> Survey:
    """Return a survey by name.

    Raises
    ------
    ConfigError
        When there is no such survey, or its file is not one.
    """
    if name not in SURVEYS:
        near = nearest_name(name, SURVEYS)
        raise ConfigError(
            "there is no such survey", key="survey", value=name, allowed=", ".join(SURVEYS), nearest=near
        )
    text = (files("cosim.patterns.surveys") / f"{name}.yaml").read_text(encoding="utf-8")
    source = parse_yaml(text, Path(f"{name}.yaml"))
    try:
        return Survey.model_validate(source.data)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, Survey) from error
