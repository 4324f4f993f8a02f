"""Participants and facilitators of one's own, named in a config: where their class is, and what is in it."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosim.config import arguments, plugins
from cosim.errors import ConfigError
from cosim.scenario.vocabulary import ROLES

FACILITATOR = "facilitator"
SEATS = (*ROLES, FACILITATOR)
"""Whom a class may stand in for: the participants of a role, or whoever runs the meetings."""
_FORM = "FILE.py:CLASS or MODULE:CLASS"


@dataclass(frozen=True, slots=True)
class AgentClass:
    """A class as a config names it; it can be sent to another process, which loads it for itself.

    Attributes
    ----------
    place : str
        The file, absolute, or the module.
    name : str
        The class.
    content : str
        Hash of the file, or of the module's top-level package: 12 hex digits.
    """

    place: str
    name: str
    content: str

    @property
    def written(self) -> str:
        """As a resolved config has it."""
        return f"{self.place}:{self.name}#{self.content}"

    @property
    def stamp(self) -> str:
        """Name and content, without the path: what enters identities and provenance."""
        return f"{Path(self.place).name}:{self.name}+{self.content}"

    def load(self) -> type[Any]:
        """Return the class.

        Raises
        ------
        ConfigError
            When it is not there, cannot be loaded, or is not what it was.
        """
        now = _content(self.place)
        if now != self.content:
            raise ConfigError(
                f"has changed since (its content is {now or 'gone'}, not {self.content})", value=self.place
            )
        try:
            found = getattr(_module(self.place, self.content), self.name, None)
        except Exception as error:  # whatever a file of somebody's does
            told = f"{type(error).__name__}: {error}"
            raise ConfigError(f"cannot be loaded ({told})", value=self.place) from error
        if not isinstance(found, type):
            raise ConfigError(f"has no class {self.name}", value=self.place)
        return found


def agent_class(text: str, folder: Path | None = None) -> AgentClass:
    """Read ``FILE.py:CLASS`` or ``MODULE:CLASS``.

    Parameters
    ----------
    text : str
        With ``#HASH`` at its end, the content must be that.
    folder : Path, optional
        Where a relative file counts from.

    Raises
    ------
    ConfigError
        When it has another form, or there is no such file or module, or another content.
    """
    said, _, content = text.partition("#")
    place, sign, name = said.rpartition(":")
    if not sign or not place or not name.isidentifier():
        raise ConfigError("does not name a class", value=text, allowed=_FORM)
    if place.endswith(".py"):
        path = Path(place).expanduser()
        path = path if path.is_absolute() else (folder or Path()) / path
        if not path.is_file():
            raise ConfigError("there is no such file", value=place)
        place = str(path.resolve())
    now = _content(place)
    if not now:
        raise ConfigError("there is no such module", value=place, allowed=_FORM)
    found = AgentClass(place, name, content or now)
    found.load()
    return found


def read_agents(given: Mapping[str, str], folder: Path | None = None) -> dict[str, AgentClass]:
    """Read the ``agents`` of a config: a class for some roles, or for the facilitator.

    Raises
    ------
    ConfigError
        Naming the seat, with what is wrong.
    """
    from cosim.model.agents import Facilitator, Participant

    found = {}
    for seat, text in given.items():
        arguments.one_of(seat, SEATS, f"agents.{seat}", "seat")
        try:
            one = agent_class(text, folder)
            arguments.subclass(one.load(), Facilitator if seat == FACILITATOR else Participant, seat)
        except ConfigError as error:
            raise ConfigError(
                error.message, key=f"agents.{seat}", value=error.value, allowed=error.allowed
            ) from None
        found[seat] = one
    return found


def source_hash(kind: type[Any]) -> str:
    """Return a hash of the source that a class was made from: of its module's file, or of itself."""
    digest = hashlib.sha256(f"{kind.__module__}.{kind.__qualname__}".encode())
    for one in kind.__mro__:
        if one.__module__.partition(".")[0] in ("cosim", "mesa", "builtins"):
            break
        try:
            path = inspect.getsourcefile(one)
            text = Path(path).read_text(encoding="utf-8") if path else inspect.getsource(one)
        except (OSError, TypeError):  # made in a notebook or by hand: its code is all there is
            text = "".join(_code(member) for member in vars(one).values())
        digest.update(text.encode())
    return digest.hexdigest()[:12]


def _code(member: Any) -> str:
    code = getattr(member, "__code__", None)
    return f"{code.co_code!r}{code.co_consts!r}{code.co_names!r}" if code is not None else ""


def _content(place: str) -> str:
    if not place.endswith(".py"):
        try:
            return plugins.content_hash(place)
        except (ImportError, ValueError):
            return ""
    try:
        data = Path(place).read_bytes()
    except OSError:
        return ""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()[:12]


def _module(place: str, content: str) -> Any:
    if not place.endswith(".py"):
        return importlib.import_module(place)
    name = f"cosim_own_{Path(place).stem}_{content}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]
