"""pydantic's complaints in the user's words: file, line, key, value, what is allowed, the nearest name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from cosim.config.yaml_source import KeyPath, Source, dotted
from cosim.errors import ConfigError, nearest_name

_Model = TypeVar("_Model", bound=BaseModel)
KnownKeys = type[BaseModel] | Callable[[KeyPath], Iterable[str]] | Iterable[str]

MOST_TOLD = 30
"""Mistakes of one file that are told in full, beside the first; who has more has made one of them often."""
_BLOCK = "must be a block of `key: value` lines"
_WANTED = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": _BLOCK,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
    "mapping_type": _BLOCK,
    "dataclass_type": _BLOCK,
    "none_required": "must be left out",
}
_LIMITS = {
    "greater_than": (">", "gt"),
    "greater_than_equal": (">=", "ge"),
    "less_than": ("<", "lt"),
    "less_than_equal": ("<=", "le"),
    "multiple_of": ("a multiple of", "multiple_of"),
}
_LENGTHS = {
    "too_short": ("too few entries", "at least", "min_length"),
    "too_long": ("too many entries", "at most", "max_length"),
    "string_too_short": ("the text is too short", "at least", "min_length"),
    "string_too_long": ("the text is too long", "at most", "max_length"),
}
_MODELS = ("model_type", "model_attributes_type")
_ALONE: dict[str, tuple[type[BaseModel], str]] = {}
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_YAML_1_1_WORDS = ("yes", "no", "on", "off", "y", "n")


def meant_alone(key: str) -> Callable[[type[_Model]], type[_Model]]:
    """Mark a block by the key that somebody means who writes one value in its place: ``worlds: 64``."""

    def mark(model: type[_Model]) -> type[_Model]:
        _ALONE[model.__name__] = (model, key)
        return model

    return mark


class ManyConfigError(ConfigError):
    """Several mistakes in one file: the first in full, some others below it, one line each.

    Parameters
    ----------
    errors : sequence of ConfigError
        At least one, in the order in which they stand in the file.
    """

    def __init__(self, errors: list[ConfigError]) -> None:
        first, self.others = errors[0], tuple(errors[1:])
        super().__init__(
            first.message,
            file=first.file,
            line=first.line,
            key=first.key,
            value=first.value,
            allowed=first.allowed,
            nearest=first.nearest,
        )

    def _text(self) -> str:
        told = [f"also: {error}" for error in self.others[:MOST_TOLD]]
        more = len(self.others) - len(told)
        return "\n".join([super()._text(), *told, *([f"and {more:,} more"] if more else [])])

    def located(self, *, file: str | Path | None = None, line: int | None = None) -> ConfigError:
        """Return the same errors with a place filled in where they had none."""
        first = super().located(file=file, line=line)
        return ManyConfigError([first, *(error.located(file=file, line=line) for error in self.others)])


_NO_NEWS = ("_type", "too_short")


def config_errors_from_pydantic(
    error: ValidationError,
    source: Source,
    known_keys: KnownKeys = (),
    *,
    prefix: KeyPath = (),
) -> ConfigError:
    """Turn what pydantic found into one error that a user can act on.

    Parameters
    ----------
    error : ValidationError
    source : Source
        The data that was validated, with its places.
    known_keys : model class, callable or names
        Where names for "did you mean" come from. A model class is walked to the block in question, so that a
        misspelt key is compared with its siblings; a callable is given the key path of the block.
    prefix : key path
        Where the validated block stands in `source` (empty: the whole of it).

    Returns
    -------
    ConfigError
        One, or a :class:`ManyConfigError` listing all of them in the order of the file.
    """
    block: Any = source.data
    for part in prefix:
        block = block.get(part) if isinstance(block, dict) else None
    block = {} if block is None else block
    grouped: dict[KeyPath, list[Mapping[str, Any]]] = {}
    for item in error.errors(include_url=False):
        keys = (*prefix, *_in_data(block, item["loc"]))
        grouped.setdefault(keys, []).append(item)
    # Where one form of a value fits but for something inside it, that it has not the other form is no news;
    # nor that a list is too short without the entries that are wrong.
    inside = {keys[:size] for keys in grouped for size in range(len(keys))}
    grouped = {
        keys: items
        for keys, items in grouped.items()
        if keys not in inside or not all(str(item["type"]).endswith(_NO_NEWS) for item in items)
    }
    told = [_tell(keys, items, source, known_keys, len(prefix)) for keys, items in grouped.items()]
    told.sort(key=lambda one: (one.line is None, one.line or 0))
    return told[0] if len(told) == 1 else ManyConfigError(told)


def _in_data(data: Any, location: KeyPath) -> KeyPath:
    """Drop the names of union members and markers that pydantic mixes into a location."""
    keys: list[str | int] = []
    for index, part in enumerate(location):
        if _holds(data, part):
            data = data[part]
        elif index < len(location) - 1 or not isinstance(data, dict) or not _is_key(part):
            continue
        keys.append(part)
    return tuple(keys)


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _is_key(part: str | int) -> bool:
    return isinstance(part, str) and part.isidentifier()


@dataclass(frozen=True)
class _Words:
    message: str
    allowed: str | None = None
    nearest: str | None = None
    show_value: bool = True


def _tell(
    keys: KeyPath, items: list[Mapping[str, Any]], source: Source, known_keys: KnownKeys, depth: int
) -> ConfigError:
    for item in items:
        cause = (item.get("ctx") or {}).get("error")
        if isinstance(cause, ConfigError):
            key = ".".join(part for part in (dotted(keys), cause.key) if part)
            inner = (*keys, *(cause.key.split(".") if cause.key else ()))
            return ConfigError(
                cause.message,
                file=cause.file or source.file(inner),
                line=cause.line if cause.line is not None else source.line(inner),
                key=key or None,
                value=cause.value,
                allowed=cause.allowed,
                nearest=cause.nearest,
            )
    told = [_words(item, keys, known_keys, depth) for item in items]
    messages = list(dict.fromkeys(words.message for words in told))
    alloweds = list(dict.fromkeys(words.allowed for words in told if words.allowed))
    message = messages[0]
    if len(messages) > 1:
        message += "".join(f", or {other.removeprefix('must be ')}" for other in messages[1:])
    value = items[0].get("input")
    if value is None and told[0].show_value:
        message += "; it has no value"
    return source.error(
        message,
        keys,
        value=_shown(value) if told[0].show_value else None,
        allowed=" or ".join(alloweds) or None,
        nearest=next((words.nearest for words in told if words.nearest), None),
    )


def _shown(value: Any) -> Any:
    if isinstance(value, (str, int, float, bool)) and len(repr(value)) <= 80:
        return value
    if isinstance(value, (list, tuple)) and len(repr(value)) <= 60:
        return value
    return None


def _words(item: Mapping[str, Any], keys: KeyPath, known_keys: KnownKeys, depth: int) -> _Words:
    kind, limits, value = str(item["type"]), item.get("ctx") or {}, item.get("input")
    if kind == "extra_forbidden":
        names = _siblings(known_keys, keys[:-1], depth)
        near = nearest_name(str(keys[-1]), names)
        words = _Words("there is no such key", ", ".join(names) or None, near, show_value=False)
    elif kind == "missing":
        words = _Words("this key is missing and has no default", show_value=False)
    elif kind in _LIMITS:
        sign, name = _LIMITS[kind]
        words = _Words("out of range", f"{sign} {limits[name]}")
    elif kind in _LENGTHS:
        message, sign, name = _LENGTHS[kind]
        words = _Words(message, f"{sign} {limits[name]}")
    elif kind in ("literal_error", "enum", "union_tag_invalid"):
        words = _choice(str(limits.get("expected") or limits.get("expected_tags")), value)
    elif kind == "string_pattern_mismatch":
        words = _Words("the text has the wrong form", f"text that matches {limits['pattern']}")
    elif kind in ("value_error", "assertion_error"):
        words = _Words(str(limits.get("error") or item["msg"]))
    elif kind in _MODELS and _block_meant(limits, keys, value):
        words = _Words(f"{_BLOCK}; write {_block_meant(limits, keys, value)}")
    elif kind in _WANTED:
        words = _Words(_WANTED[kind] + _truth_hint(kind, value) + _comma_hint(kind, value))
    else:
        words = _Words(str(item["msg"])[:1].lower() + str(item["msg"])[1:])
    return words


def _choice(expected: str, value: Any) -> _Words:
    names = [part.strip(" '\"") for part in expected.replace(" or ", ", ").split(",")]
    near = nearest_name(value, names) if isinstance(value, str) else None
    return _Words("not one of the known values", ", ".join(names), near)


def _block_meant(limits: Mapping[str, Any], keys: KeyPath, value: Any) -> str:
    """Return the block that a single value stands for, as it would be written; empty when none is known."""
    model, key = _ALONE.get(str(limits.get("class_name")), (None, ""))
    if model is None or not keys or not isinstance(value, (bool, int, float, str)):
        return ""
    try:
        model.model_validate({key: value})
    except ValidationError as error:
        if any(item["loc"][:1] == (key,) for item in error.errors(include_url=False)):
            return ""
    return f"`{keys[-1]}: {{{key}: {value}}}`"


def _comma_hint(kind: str, value: Any) -> str:
    """Return why `0,5` was not taken for a number."""
    comma = kind.startswith(("int", "float")) and isinstance(value, str) and _DECIMAL_COMMA.fullmatch(value)
    return f"; write it with a decimal point: {value.replace(',', '.')}" if comma else ""


def _truth_hint(kind: str, value: Any) -> str:
    """Return why `yes` was not taken for true."""
    yes_or_no = isinstance(value, str) and value.lower() in _YAML_1_1_WORDS
    return f" (in YAML 1.2 `{value}` is a word)" if yes_or_no and kind.startswith("bool") else ""


def _siblings(known_keys: KnownKeys, block: KeyPath, depth: int) -> list[str]:
    """Return the names that the block may hold."""
    if isinstance(known_keys, type):
        return _names_of(_models_at([known_keys], block[depth:]))
    if callable(known_keys):
        return list(known_keys(block))
    return list(known_keys)


def _names_of(models: list[type[BaseModel]]) -> list[str]:
    names: dict[str, None] = {}
    for model in models:
        for name, info in model.model_fields.items():
            names[info.alias or name] = None
    return list(names)


def _models_at(models: list[type[BaseModel]], keys: KeyPath) -> list[type[BaseModel]]:
    """Follow a key path through field annotations to the models that may stand there."""
    for key in keys:
        inner: list[type[BaseModel]] = []
        for model in models:
            for name, info in model.model_fields.items():
                if key in (name, info.alias):
                    inner.extend(_models_in(info.annotation))
        # An index or a free key (a list or mapping of models) stays at the models already found.
        models = inner or (models if isinstance(key, int) else _free_key(models, key))
    return models


def _free_key(models: list[type[BaseModel]], key: str | int) -> list[type[BaseModel]]:
    return [model for model in models if str(key) not in model.model_fields]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for part in get_args(annotation):
        found.extend(_models_in(part))
    return found
