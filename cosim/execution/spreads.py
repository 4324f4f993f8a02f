"""How a config says over which values something is drawn, and how likely each is."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cosim.errors import ConfigError
from cosim.execution.factor import Factor, JointFactor

Number = Annotated[float, Field(allow_inf_nan=False)]
Pair = Annotated[list[Number], Field(min_length=2, max_length=2)]
_SHAPES = ("uniform", "triangular", "beta", "lognormal", "discrete")
FORMS = (
    "[low, high], {triangular: [low, most likely, high]}, {beta: [a, b]}, {lognormal: [low, high]} or "
    "{discrete: [value, ...]}"
)


class Spread(BaseModel):
    """What is drawn: one of five shapes.

    A plain ``[low, high]`` means ``{uniform: [low, high]}``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    uniform: Pair | None = Field(None, description="Lowest and highest value, all between alike.")
    triangular: Annotated[list[Number], Field(min_length=3, max_length=3)] | None = Field(
        None, description="Lowest, most likely and highest value."
    )
    beta: Annotated[list[Annotated[float, Field(gt=0)]], Field(min_length=2, max_length=2)] | None = Field(
        None, description="The two parameters of a beta distribution over `range`."
    )
    lognormal: Annotated[list[Annotated[float, Field(gt=0)]], Field(min_length=2, max_length=2)] | None = (
        Field(None, description="What 95 % lie between; cut off there.")
    )
    discrete: Annotated[list[bool | int | float | str], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="The values."
    )
    weights: Annotated[list[Annotated[float, Field(ge=0)]], Field(min_length=1)] | None = Field(
        None, description="With `discrete`: how often each value is drawn, in proportion."
    )
    range: Pair | None = Field(None, description="With `beta`: its ends; by default the plausible range.")

    @model_validator(mode="after")
    def _one_shape(self) -> Spread:
        named = [shape for shape in _SHAPES if getattr(self, shape) is not None]
        if len(named) != 1:
            told = "say one shape" if not named else f"says {len(named)} shapes"
            raise ConfigError(told, value=", ".join(named) or None, allowed=FORMS)
        if self.weights is not None:
            if self.discrete is None:
                raise ConfigError("has a meaning with `discrete` only", key="weights")
            if len(self.weights) != len(self.discrete):
                told = f"there are {len(self.weights)} weights for {len(self.discrete)} values"
                raise ConfigError(told, key="weights", allowed="one for each value")
            if sum(self.weights) <= 0:
                raise ConfigError("at least one must lie above 0", key="weights")
        if self.range is not None and self.beta is None:
            raise ConfigError("has a meaning with `beta` only", key="range")
        return self


Given = Pair | Spread
"""A range, or a shape."""
Share = Pair | Spread | bool | int | float | str | list[str] | None
"""What a team's mix may say of one trait: a range, a shape, words that are alike, or the one value."""


def spread_over(factor: Factor, given: list[float] | Spread) -> Factor:
    """Return a factor that is drawn as a config says.

    Raises
    ------
    ConfigError
        When the values are in disorder or of another kind than the factor's; key, if any, within `given`.
    """
    if isinstance(factor, JointFactor):
        raise ConfigError(
            "stands for several numbers that were estimated together and has no range; name these",
            allowed=", ".join(factor.names),
        )
    if isinstance(given, list):
        return _continuous(factor, given[0], given[1], "uniform", (), None)
    if given.discrete is not None:
        return _discrete(factor, given)
    if given.uniform is not None:
        return _continuous(factor, given.uniform[0], given.uniform[1], "uniform", (), "uniform")
    if given.lognormal is not None:
        return _continuous(factor, given.lognormal[0], given.lognormal[1], "lognormal", (), "lognormal")
    if given.beta is not None:
        low, high = given.range or (factor.low, factor.high)
        return _continuous(factor, low, high, "beta", tuple(given.beta), "range")
    low, middle, high = given.triangular or (0.0, 0.0, 0.0)
    if not low <= middle <= high:
        raise ConfigError("must rise from low to high", key="triangular", value=[low, middle, high])
    return _continuous(factor, low, high, "triangular", (middle,), "triangular")


def mixed(factor: Factor, given: Any) -> Factor:
    """Return a trait of the team that is drawn as a mix says; see `Share`.

    Raises
    ------
    ConfigError
    """
    if isinstance(given, Spread):
        return spread_over(factor, given)
    if isinstance(given, list) and factor.kind != "choice" and all(_is_number(value) for value in given):
        if len(given) != 2:
            raise ConfigError("a range has two ends", value=given, allowed=FORMS)
        return spread_over(factor, [float(value) for value in given])
    values = given if isinstance(given, list) else [given]
    return spread_over(factor, Spread(discrete=values))


def without_nothing(given: Any) -> Any:
    """Return plain data without the keys that hold nothing, as a config has it."""
    if not isinstance(given, dict):
        return given
    return {key: without_nothing(value) for key, value in given.items() if value is not None}


def _continuous(
    factor: Factor, low: float, high: float, shape: Any, form: tuple[float, ...], key: str | None
) -> Factor:
    if factor.kind == "choice" and not all(_is_number(value) for value in factor.choices):
        allowed = ", ".join(str(value) for value in factor.choices)
        raise ConfigError("is a choice of words and has no range", key=key, allowed=allowed)
    if not low < high:
        raise ConfigError("the low end must lie below the high end", key=key, value=[low, high])
    if factor.kind == "int" and not (float(low).is_integer() and float(high).is_integer()):
        raise ConfigError("must be whole numbers", key=key, value=[low, high])
    _check_bounds(factor, [low, high], key)
    kind = "float" if factor.kind == "choice" else factor.kind
    return replace(factor, kind=kind, choices=(), weights=(), low=low, high=high, shape=shape, form=form)


def _discrete(factor: Factor, given: Spread) -> Factor:
    assert given.discrete is not None
    values = list(given.discrete)
    if len({repr(value) for value in values}) < len(values):
        raise ConfigError("a value is listed twice", key="discrete", value=values)
    for place, value in enumerate(values):
        told = _unlike(factor, value)
        if told:
            allowed = ", ".join(str(one) for one in factor.choices) if factor.kind == "choice" else None
            raise ConfigError(told, key=f"discrete.{place}", value=value, allowed=allowed)
    _check_bounds(factor, values, "discrete")
    if factor.kind == "float":
        values = [float(value) for value in values]
    return replace(factor, kind="choice", choices=tuple(values), weights=tuple(given.weights or ()))


def _check_bounds(factor: Factor, values: list[Any], key: str | None) -> None:
    """Refuse values that are not allowed at all, whatever anybody holds plausible."""
    if factor.bounds is None:
        return
    low, high = factor.bounds
    for value in values:
        if not low <= value <= high:
            raise ConfigError("leaves what is allowed", key=key, value=value, allowed=f"{low:g} to {high:g}")


def _unlike(factor: Factor, value: Any) -> str | None:
    if factor.kind == "choice":
        known = any(value == one and type(value) is type(one) for one in factor.choices)
        return None if known or all(_is_number(one) for one in factor.choices) else "there is no such choice"
    if not _is_number(value):
        return "must be a number"
    if factor.kind == "int" and not float(value).is_integer():
        return "must be a whole number"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
