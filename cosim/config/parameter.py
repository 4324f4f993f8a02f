"""The parameter record: everything that is known about one number, written once.

A parameter is declared where it lives, as a field of a scenario section (`cosim.scenario.deliberation` and
`cosim.scenario.organisation`), with `uncertain`, `lever`, `attribute` or `design`.  Validation, the JSON
schema, the sampled worlds, the browser's sliders, the ODD tables and the citations are all derived from the
record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args

from pydantic import AliasChoices, BaseModel, Field
from pydantic.fields import FieldInfo

Kind = Literal["uncertainty", "lever", "attribute", "design", "cost"]
Status = Literal["empirical", "expert", "assumption"]

_RECORD = "cosim"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the model.

    Attributes
    ----------
    key : str
        Dotted key, as in a config (``floor.returning``).
    default : float, int or str
        The value when nobody says otherwise.
    allowed : tuple
        ``(low, high)`` for a number; the choices for a word.
    plausible : tuple of float or None
        Range sampled when the parameter is uncertain; None when it is never sampled.
    unit, sentence, source : str
        Unit, one plain sentence, and where the default comes from.
    kind : str
        ``uncertainty`` (nobody controls it), ``lever`` (a facilitator or organiser chooses it),
        ``attribute`` (of a member), ``design`` (of the project) or ``cost``.
    status : str
        ``empirical`` (estimated from data), ``expert`` (read off published work) or ``assumption``.
    """

    key: str
    default: float | int | str
    allowed: tuple[Any, ...]
    plausible: tuple[float, float] | None
    unit: str
    kind: Kind
    status: Status
    source: str
    sentence: str

    @property
    def numeric(self) -> bool:
        """Whether the parameter is a number (else it is one of a few words)."""
        return not isinstance(self.allowed[0], str)


def _field(
    default: Any,
    sentence: str,
    allowed: tuple[float, float] | None,
    formerly: tuple[str, ...] = (),
    **record: Any,
) -> Any:
    limits: dict[str, Any] = {}
    if allowed is not None:
        limits = {"ge": allowed[0], "le": allowed[1]}
    if formerly:
        limits["validation_alias"] = AliasChoices(*formerly)
    return Field(default, description=sentence, json_schema_extra={_RECORD: record}, **limits)


def uncertain(
    default: float,
    sentence: str,
    *,
    plausible: tuple[float, float],
    allowed: tuple[float, float] = (0.0, 1.0),
    unit: str = "share",
    status: Status = "assumption",
    source: str = "assumed",
    formerly: tuple[str, ...] = (),
) -> Any:
    """Declare a number that nobody controls; sampled worlds draw it from `plausible`.

    `formerly` are the names under which it can be written: today's first, then those of an earlier version.
    """
    return _field(
        default,
        sentence,
        allowed,
        formerly,
        kind="uncertainty",
        plausible=plausible,
        unit=unit,
        status=status,
        source=source,
    )


def lever(
    default: float,
    sentence: str,
    *,
    allowed: tuple[float, float] = (0.0, 1.0),
    unit: str = "dose 0-1",
    source: str = "a choice of whoever runs the meeting",
) -> Any:
    """Declare a number that a facilitator or organiser can choose."""
    return _field(
        default,
        sentence,
        allowed,
        kind="lever",
        plausible=None,
        unit=unit,
        status="assumption",
        source=source,
    )


def design(
    default: Any,
    sentence: str,
    *,
    allowed: tuple[float, float] | None = (0.0, 1.0),
    unit: str = "",
    source: str = "a choice of the project's design",
) -> Any:
    """Declare a number or word that describes the project itself."""
    return _field(
        default,
        sentence,
        allowed,
        kind="design",
        plausible=None,
        unit=unit,
        status="assumption",
        source=source,
    )


def cost(
    default: float,
    sentence: str,
    *,
    unit: str,
    source: str,
    high: float = 1e6,
    plausible: tuple[float, float] | None = None,
) -> Any:
    """Declare a planning price; editable, in the scenario's currency. Worlds that vary ways draw it, too."""
    return _field(
        default,
        sentence,
        (0.0, high),
        kind="cost",
        plausible=plausible,
        unit=unit,
        status="assumption",
        source=source,
    )


def record_of(prefix: str, name: str, field: FieldInfo) -> Parameter | None:
    """Return the record behind one pydantic field, or None when it declares no parameter."""
    extra = field.json_schema_extra
    if not isinstance(extra, dict) or _RECORD not in extra:
        return None
    meta: dict[str, Any] = extra[_RECORD]  # type: ignore[assignment]
    low = next((m.ge for m in field.metadata if hasattr(m, "ge")), None)
    high = next((m.le for m in field.metadata if hasattr(m, "le")), None)
    allowed = (low, high) if low is not None else get_args(field.annotation)
    return Parameter(
        key=f"{prefix}.{name}",
        default=field.default,
        allowed=tuple(allowed),
        plausible=meta["plausible"],
        unit=meta["unit"],
        kind=meta["kind"],
        status=meta["status"],
        source=meta["source"],
        sentence=field.description or "",
    )


@cache
def records_in(prefix: str, section: type[BaseModel]) -> tuple[Parameter, ...]:
    """Return the record of every parameter that `section` declares, in order.

    Kept, since every resolving of a scenario walks through all of them.
    """
    found = (record_of(prefix, name, field) for name, field in section.model_fields.items())
    return tuple(record for record in found if record is not None)
