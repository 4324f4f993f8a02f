"""Outcomes that a study defines itself, as a config says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class OwnOutcome(BaseModel):
    """An expression over outcomes, and what it is called."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)

    is_: str = Field(alias="is", min_length=1, description="Arithmetic over outcomes, such as `a - b`.")
    title: str = Field("", max_length=80, description="What people call it. Default: its name.")
    unit: str = Field("", max_length=40, description="Its unit.")
    sentence: str = Field("", description="What it is, in one plain sentence. Default: the expression.")
    better: Literal["higher", "lower"] | None = Field(None, description="Which way it is good, if any.")


def as_written(given: Any) -> Any:
    """Accept an expression alone in the place of ``{is: EXPRESSION}``."""
    if not isinstance(given, Mapping):
        return given
    return {name: {"is": one} if isinstance(one, str) else one for name, one in given.items()}
