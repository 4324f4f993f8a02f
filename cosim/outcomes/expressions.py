"""Outcomes of one's own, as arithmetic over those that there are: read and checked, never run as code."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cosim.errors import ConfigError, nearest_name

if TYPE_CHECKING:  # a config is checked without NumPy
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LONGEST: Final = 1000
"""Characters of an expression; more is a mistake."""
FUNCTIONS: Final = ("min", "max", "abs", "sqrt")
_ALLOWED: Final = f"numbers, outcomes, + - * /, brackets, < <= > >=, {', '.join(FUNCTIONS)}"
_WORDS: Final[Mapping[type[ast.AST], str]] = {
    ast.Attribute: "a dot between names",
    ast.Subscript: "square brackets",
    ast.Lambda: "a function",
    ast.IfExp: "`if`",
    ast.BoolOp: "`and`, `or`",
    ast.Pow: "`**`",
    ast.FloorDiv: "`//`",
    ast.Mod: "`%`",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes
    ----------
    text : str
        As it was written.
    names : tuple of str
        The outcomes in it, in the order of writing.
    """

    text: str
    names: tuple[str, ...]

    def __call__(self, columns: Mapping[str, Any]) -> Floats:
        """Work it out.

        Parameters
        ----------
        columns : mapping of str to (n,) float
            At least `names`.

        Returns
        -------
        ndarray, shape (n,)
            ``x / 0`` is 0, as in cosim's own ratios; a comparison is 1 where it holds, else 0; where a
            column has no value (nan), there is none.
        """
        import numpy as np

        length = len(next(iter(columns.values()))) if columns else 1
        found = _value(ast.parse(self.text.strip(), mode="eval").body, columns)
        values = np.broadcast_to(np.asarray(found, dtype=np.float64), (length,)).copy()
        for name in self.names:  # of a run that failed, nothing is known
            values[np.isnan(np.asarray(columns[name], dtype=np.float64))] = np.nan
        return values


def read_expression(text: object, known: Sequence[str], key: str | None = None) -> Expression:
    """Read an expression over outcomes.

    Parameters
    ----------
    text : str
        ``"voice_parity_public - influence_parity_public"``.
    known : sequence of str
        Names that may stand in it.
    key : str, optional
        Where it stands, for errors.

    Raises
    ------
    ConfigError
        For what is no arithmetic (it is named), for a name that is no outcome (with the nearest), for a
        number alone, and for text that is too long.

    Examples
    --------
    >>> gap = read_expression("voice - 2 * influence", ["voice", "influence"])
    >>> gap.names, gap({"voice": [1.0, 0.8], "influence": [0.5, 0.1]}).tolist()
    (('voice', 'influence'), [0.0, 0.6000000000000001])
    """
    if not isinstance(text, str) or not text.strip():
        raise ConfigError(
            "must be an expression over outcomes", key=key, value=_shown(text), allowed=_ALLOWED
        )
    if len(text) > LONGEST:
        raise ConfigError("the expression is too long", key=key, allowed=f"up to {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
        names = tuple(dict.fromkeys(_names(tree.body, known, key, text)))
    except ConfigError:
        raise
    except SyntaxError as error:
        told = f"cannot be read as arithmetic ({error.msg})"
        raise ConfigError(told, key=key, value=_shown(text), allowed=_ALLOWED) from None
    except (RecursionError, MemoryError, ValueError):
        raise ConfigError("cannot be read as arithmetic", key=key, value=_shown(text)) from None
    if not names:
        raise ConfigError("names no outcome", key=key, value=_shown(text))
    return Expression(text, names)


def names_in(text: str) -> frozenset[str]:
    """Return the names of outcomes in an expression that has been checked.

    >>> sorted(names_in("max(voice, 0) - 2 * influence"))
    ['influence', 'voice']
    """
    nodes = ast.walk(ast.parse(text.strip(), mode="eval"))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - set(FUNCTIONS)


def _is_number(value: float) -> bool:
    return not isinstance(value, bool) and math.isfinite(value)


def _shown(text: object) -> str:
    told = str(text)
    return told if len(told) <= 80 else f"{told[:60]}..."


def _names(node: ast.AST, known: Sequence[str], key: str | None, text: str) -> list[str]:
    """Return the names in an expression; refuse whatever is not on the list of what is allowed."""

    def inside(*parts: ast.AST) -> list[str]:
        return [name for part in parts for name in _names(part, known, key, text)]

    match node:
        case ast.Constant(value=int() | float() as value) if _is_number(value):
            return []
        case ast.Name(id=name):
            if name not in known:
                near = nearest_name(name, [*known, *FUNCTIONS])
                raise ConfigError("there is no such outcome", key=key, value=name, nearest=near)
            return [name]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            return inside(left, right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return inside(operand)
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()], comparators=[right]):
            return inside(left, right)
        case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
            if name not in FUNCTIONS:
                near = nearest_name(name, FUNCTIONS)
                allowed = ", ".join(FUNCTIONS)
                raise ConfigError(
                    "there is no such function", key=key, value=name, allowed=allowed, nearest=near
                )
            least, most = (2, 20) if name in ("min", "max") else (1, 1)
            if not least <= len(given) <= most:
                wanted = "two values or more" if least == 2 else "one value"
                raise ConfigError(f"{name} takes {wanted}", key=key, value=_shown(text))
            return inside(*given)
    kind = next((node_type for node_type in _inner_types(node) if node_type in _WORDS), None)
    what = _WORDS[kind] if kind is not None else "something that is no arithmetic"
    raise ConfigError(f"has {what} in it", key=key, value=_shown(text), allowed=_ALLOWED)


def _inner_types(node: ast.AST) -> list[type[ast.AST]]:
    return [type(node), *(type(child) for child in ast.iter_child_nodes(node))]


def _value(node: ast.AST, columns: Mapping[str, Any]) -> Any:
    import numpy as np

    match node:
        case ast.Constant(value=value):
            return np.float64(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return np.asarray(columns[name], dtype=np.float64)
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, columns)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_value(left, columns), _value(right, columns))
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            a, b = _value(left, columns), _value(right, columns)
            holds = {ast.Lt: a < b, ast.LtE: a <= b, ast.Gt: a > b, ast.GtE: a >= b}[type(sign)]
            return np.where(holds, 1.0, 0.0)
        case ast.Call(func=ast.Name(id=name), args=given):
            values = [_value(one, columns) for one in given]
            return _called(name, values)
    raise ConfigError("has something in it that is no arithmetic")


def _called(name: str, values: Sequence[Any]) -> Any:
    import numpy as np

    if name in ("min", "max"):
        found = values[0]
        for value in values[1:]:
            found = np.minimum(found, value) if name == "min" else np.maximum(found, value)
        return found
    if name == "abs":
        return np.abs(values[0])
    return np.sqrt(np.maximum(values[0], 0.0))


def _divided(part: Any, whole: Any) -> Any:
    import numpy as np

    part, whole = np.broadcast_arrays(part, whole)
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole != 0.0)


_OPERATIONS: Final[Mapping[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: _divided,
}
