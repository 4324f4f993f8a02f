"""What scenarios are made of: records that are frozen and strict, and refuse what they cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from cosim.config.arguments import mapping
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.yaml_source import Source
from cosim.errors import ConfigError

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)


class Refusing(ModelMetaclass):
    """Makes ``Group(role="nurse")`` end in a `ConfigError`, as the same mistake in a file does."""

    def __call__(cls, *unnamed: Any, **values: Any) -> Any:  # noqa: N805 (a class of classes)
        """Make a record of named values."""
        if unnamed:
            allowed = ", ".join(cls.model_fields)  # type: ignore[attr-defined]
            raise ConfigError(f"{cls.__name__} takes named values only", allowed=allowed)
        data = mapping(values, "", "named values")
        try:
            return super().__call__(**data)
        except ValidationError as error:
            raise config_errors_from_pydantic(error, Source(None, data), cls) from error


class Record(BaseModel, metaclass=Refusing):
    """Frozen, strict, no unknown keys, no infinite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Section(Record):
    """A group of parameters, as a config groups them."""
