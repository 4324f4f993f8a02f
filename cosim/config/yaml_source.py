"""YAML 1.2 files as plain data that remembers on which line of which file each key stands.

Both scenario files and study configs are read here, so that a mistake in either is reported in the same
way: file, line, key, what was found, what is allowed. Only the YAML 1.2 core schema is understood (``yes`` is
a word, not a truth value); everything that would silently lose or change what the author wrote is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosim.config.paths import is_dir, refuse_special
from cosim.errors import ConfigError
from cosim.formatting.safe_text import hidden

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

KeyPath = tuple[str | int, ...]
Place = tuple[Path | None, int]

_MAX_BYTES = 2_000_000
_MAX_NODES = 200_000
# The parser takes seconds for so many; no config that is meant to be read has more.
_MAX_ENTRIES = 100_000
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_BASED_INT = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_PADDED_INT = re.compile(r"[-+]?0[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_NULLS = ("", "~", "null", "Null", "NULL")
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# In the indentation, or right after the colon of a key.
_STRANGE_SPACE = re.compile(r"(?: *|[^#\"']*?[:\-] *)[\u00a0\u2007\u202f\u3000]")
_DIRECTIVE = re.compile(r"%YAML\s+(\S+)")
_PLAIN_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
_SYNTAX_PROBLEMS = (
    ("'\\t'", "a tab stands where YAML wants spaces; indent with spaces"),
    (
        "mapping values are not allowed",
        "a second `: ` on this line, or a line indented deeper than the one above; "
        "put text that contains `: ` in quotes, and check the indentation",
    ),
    ("found another document", "a second document (`---`) in the file; one file holds one config"),
    ("undefined alias", "an alias (`*name`) without an anchor (`&name`) of that name above it"),
)
_SYNTAX_CONTEXTS = (
    ("quoted scalar", "a quotation mark, {opened}, is never closed"),
    ("flow sequence", "a list in square brackets, {opened}, is never closed, or a comma is missing"),
    ("flow mapping", "a block in braces, {opened}, is never closed, or a comma is missing"),
    ("block mapping", "a line that is not `key: value`, or is not indented like the lines around it"),
    ("simple key", "a line that is not `key: value`, or is not indented like the lines around it"),
    ("block collection", "a list item that is not indented like the items above it"),
)


def dotted(keys: KeyPath) -> str:
    """Write a key path the way messages show it: ``team.public.count`` or ``arms[2].name``."""
    text = ""
    for key in keys:
        text += f"[{key}]" if isinstance(key, int) else (f".{key}" if text else key)
    return text


@dataclass(frozen=True)
class Source:
    """Plain data from a YAML file, and where each key of it stands.

    Attributes
    ----------
    path : Path or None
        The file that was read (the extending one after :func:`overlay`); None for data made in memory.
    data : dict
        Mappings, lists, text, whole numbers, decimals, truth values and None; nothing else.
    places : mapping of key path to (file, line)
        Lines count from 1. The empty path is the top of the file.
    """

    path: Path | None
    data: dict[str, Any]
    places: Mapping[KeyPath, Place] = field(default_factory=dict)

    def place(self, keypath: KeyPath | str) -> Place | None:
        """Return file and line of a key, or of the nearest block around it that stands in a file."""
        keys = self._keys(keypath)
        for length in range(len(keys), -1, -1):
            found = self.places.get(keys[:length])
            if found is not None:
                return found
        return None

    def line(self, keypath: KeyPath | str) -> int | None:
        """Return the line of a key, or of the nearest block around it; None for data made in memory."""
        found = self.place(keypath)
        return None if found is None else found[1]

    def file(self, keypath: KeyPath | str) -> Path | None:
        """Return the file that a key was written in (it may have come through ``extends``)."""
        found = self.place(keypath)
        return self.path if found is None else found[0]

    def has(self, keypath: KeyPath | str) -> bool:
        """Say whether exactly this key was written in a file."""
        return self._keys(keypath) in self.places

    def error(
        self,
        message: str,
        keypath: KeyPath | str = (),
        *,
        value: Any = None,
        allowed: str | None = None,
        nearest: str | None = None,
    ) -> ConfigError:
        """Return (not raise) an error about one key, with its file and line filled in."""
        keys = self._keys(keypath)
        return ConfigError(
            message,
            file=self.file(keys),
            line=self.line(keys),
            key=dotted(keys) or None,
            value=value,
            allowed=allowed,
            nearest=nearest,
        )

    def sub(self, keypath: KeyPath | str) -> Source:
        """Return one block as a source of its own, its places kept.

        Raises
        ------
        ConfigError
            When there is no mapping at that key.
        """
        keys = self._keys(keypath)
        block: Any = self.data
        for key in keys:
            if not isinstance(block, dict) or key not in block:
                raise self.error("this block is missing", keys)
            block = block[key]
        if not isinstance(block, dict):
            raise self.error("must be a block of `key: value` lines", keys, value=_brief(block))
        size = len(keys)
        places = {path[size:]: place for path, place in self.places.items() if path[:size] == keys}
        return Source(self.path, block, places)

    @staticmethod
    def _keys(keypath: KeyPath | str) -> KeyPath:
        if isinstance(keypath, str):
            return tuple(keypath.split(".")) if keypath else ()
        return keypath


def read_yaml(path: str | Path) -> Source:
    """Read one YAML 1.2 file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Source

    Raises
    ------
    ConfigError
        When the file is missing, a directory, unreadable, empty, not UTF-8, not YAML, not a mapping at the
        top, or holds something that would be lost or misread: a key given twice, a number that is not finite,
        a tag, a merge key, more than one document, a YAML 1.1 directive. It names the file and the line.
    """
    file = Path(path)
    return parse_yaml(_read_text(file), file)


def parse_yaml(text: str, path: Path | None = None) -> Source:
    """Read YAML 1.2 from text; `path` is only what messages call it. Raises as :func:`read_yaml` does."""
    root = _compose(text, path)
    if root is None:
        raise ConfigError("the file is empty; it should hold `key: value` lines", file=path)
    reader = _Reader(path)
    data = reader.value(root, ())
    if not isinstance(data, dict):
        raise ConfigError(
            "the file must hold `key: value` lines at the top, not a list or a single value",
            file=path,
            line=root.start_mark.line + 1,
        )
    return Source(path, data, reader.places)


def overlay(base: Source, over: Source) -> Source:
    """Lay one source over another, as ``extends`` does: blocks merge key by key, all else is replaced."""
    places: dict[KeyPath, Place] = dict(base.places)

    def forget(keys: KeyPath) -> None:
        size = len(keys)
        for path in [path for path in places if path[:size] == keys]:
            del places[path]

    def merge(old: dict[str, Any], new: dict[str, Any], at: KeyPath) -> dict[str, Any]:
        merged = dict(old)
        for key, value in new.items():
            here = (*at, key)
            if isinstance(value, dict) and isinstance(old.get(key), dict):
                merged[key] = merge(old[key], value, here)
            else:
                forget(here)
                merged[key] = value
        return merged

    data = merge(base.data, over.data, ())
    places.update(over.places)
    return Source(over.path, data, places)


def _read_text(file: Path) -> str:
    refuse_special(file)
    if is_dir(file):
        raise ConfigError("this is a directory, not a YAML file", file=file)
    try:
        with file.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError("there is no such file", file=file) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"the file cannot be read: {reason}", file=file) from None
    if len(raw) > _MAX_BYTES:
        raise ConfigError(
            f"the file is larger than {_MAX_BYTES // 1_000_000} MB, too large for a config", file=file
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"the file is not UTF-8 text (byte 0x{raw[error.start]:02x}); save it as UTF-8",
            file=file,
            line=raw.count(b"\n", 0, error.start) + 1,
        ) from None


def _compose(text: str, path: Path | None) -> Node | None:
    """Return the tree of nodes of the only document, every syntax error put into words."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    for number, line in enumerate(text.splitlines(), start=1):
        version = _DIRECTIVE.match(line)
        if version and version[1] != "1.2":
            told = "only YAML 1.2 is read; remove the directive"
            raise ConfigError(told, file=path, line=number, value=line, allowed="%YAML 1.2")
        if line and not line.startswith(("%", "#")):
            break
    entries = text.count("\n") + text.count(",")
    if entries > _MAX_ENTRIES:
        told = f"{entries:,} lines and entries are too many for a config"
        raise ConfigError(told, file=path, allowed=f"up to {_MAX_ENTRIES:,}")
    try:
        yaml = YAML(typ="safe", pure=True)
        yaml.composer.warn_double_anchors = False  # YAML allows it, and the console is no place for it
        return yaml.compose(text)  # type: ignore[no-any-return]
    except ReaderError as error:
        line_number = text.count("\n", 0, error.position) + 1
        found = _hidden_in_words(text[error.position])
        raise ConfigError(found, file=path, line=line_number) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _refuse_strange_spaces(text, path, mark.line + 1 if mark else None)
        raise ConfigError(_syntax_in_words(error), file=path, line=mark.line + 1 if mark else None) from None
    except RecursionError:
        raise ConfigError("blocks are nested too deeply", file=path) from None
    except (YAMLError, ValueError) as error:
        raise ConfigError(f"not valid YAML: {str(error).splitlines()[0]}", file=path) from None


def _refuse_strange_spaces(text: str, path: Path | None, until: int | None) -> None:
    """Name the line on which a space that YAML takes for a letter stands where it wants a plain one."""
    for number, line in enumerate(text.split("\n")[:until], start=1):
        found = _STRANGE_SPACE.match(line)
        if found:
            told = f"a no-break space stands where YAML wants a plain one (column {found.end()})"
            raise ConfigError(told, file=path, line=number)


def _syntax_in_words(error: Any) -> str:
    problem, context = str(error.problem or ""), str(error.context or "")
    mark = error.problem_mark or error.context_mark
    column = f" (column {mark.column + 1})" if mark else ""
    opened = f"opened on line {error.context_mark.line + 1}" if error.context_mark else "opened above"
    for part, words in _SYNTAX_PROBLEMS:
        if part in problem:
            return words + column
    for part, words in _SYNTAX_CONTEXTS:
        if part in context:
            return words.format(opened=opened) + column
    return f"not valid YAML: {problem or context or 'unreadable'}{column}"


class _Reader:
    """Turns nodes into plain data and notes the line of each key."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.places: dict[KeyPath, Place] = {}
        self._open: list[int] = []
        self._count = 0

    def error(self, message: str, node: Node, keys: KeyPath, **rest: Any) -> ConfigError:
        return ConfigError(
            message, file=self.path, line=node.start_mark.line + 1, key=dotted(keys) or None, **rest
        )

    def value(self, node: Node, keys: KeyPath) -> Any:
        from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

        self._count += 1
        if self._count > _MAX_NODES:
            raise self.error(f"more than {_MAX_NODES} values (aliases within aliases?)", node, keys)
        if id(node) in self._open:
            raise self.error("an alias that contains itself", node, keys)
        self.places.setdefault(keys, (self.path, node.start_mark.line + 1))
        if str(node.tag) not in _tags_without_asking(node):
            told = "YAML tags are not read here; write the plain value"
            raise self.error(told, node, keys, value=str(node.tag))
        if isinstance(node, ScalarNode):
            return self._scalar(node, keys)
        self._open.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return self._mapping(node, keys)
            assert isinstance(node, SequenceNode)
            return [self.value(child, (*keys, index)) for index, child in enumerate(node.value)]
        finally:
            self._open.pop()

    def _mapping(self, node: MappingNode, keys: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, keys)
            here = (*keys, key)
            if key in found:
                first = self.places[here][1]
                raise self.error(f"this key stands twice (first on line {first}); keep one", key_node, here)
            self.places[here] = (self.path, key_node.start_mark.line + 1)
            found[key] = self.value(value_node, here)
        return found

    def _key(self, node: Node, keys: KeyPath) -> str:
        from ruamel.yaml.nodes import ScalarNode

        if not isinstance(node, ScalarNode):
            raise self.error("a key must be a word, not a list or a block", node, keys)
        if not node.style and node.value == "<<":
            told = "merge keys (`<<`) are not part of YAML 1.2; write the keys out, or use `extends:`"
            raise self.error(told, node, keys)
        value = self._scalar(node, keys)
        if isinstance(value, str) and value != (bare := value.strip("\u00a0\u2007\u202f\u3000 ")):
            told = "a no-break space stands beside this key, where YAML wants a plain one"
            raise self.error(told, node, (*keys, bare))
        if not isinstance(value, str):
            told = f'a key must be text; write it in quotes: "{node.value}"'
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                told += " (if it is part of a number: a decimal comma ends a value here; write a point)"
            raise self.error(told, node, keys, value=value)
        if "\n" in value or "\t" in value:
            raise self.error("a key stands on one line, without tabs", node, keys, value=value)
        return value

    def _scalar(self, node: ScalarNode, keys: KeyPath) -> Any:
        text = node.value
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise self.error("half of a surrogate pair is not a character", node, keys)
        found = hidden(text)
        if found is not None:
            raise self.error(_hidden_in_words(found), node, keys)
        if node.style:
            return text
        if text in _NULLS:
            return None
        if text in _TRUTH:
            return _TRUTH[text]
        if _PADDED_INT.fullmatch(text):
            raise self.error(
                "a number with leading zeros means different things to different readers; "
                "write it without them, or in quotes if it is text",
                node,
                keys,
                value=text,
            )
        if _INT.fullmatch(text) or _BASED_INT.fullmatch(text):
            if len(text) > 40:
                raise self.error("the number is too long", node, keys)
            return int(text, 0) if _BASED_INT.fullmatch(text) else int(text)
        if _FLOAT.fullmatch(text):
            number = float(text)
            if math.isfinite(number):
                return number
        if _FLOAT.fullmatch(text) or _NOT_FINITE.fullmatch(text):
            raise self.error("numbers must be finite", node, keys, value=text)
        return text


def _tags_without_asking(node: Node) -> list[str]:
    """Return the tags that a reader gives such a node by itself; any other was written by the author."""
    from ruamel.yaml.nodes import MappingNode, ScalarNode

    if isinstance(node, ScalarNode):
        names: tuple[str, ...] = ("str",) if node.style else _PLAIN_TAGS
    else:
        names = ("map",) if isinstance(node, MappingNode) else ("seq",)
    return [f"tag:yaml.org,2002:{name}" for name in names]


def _brief(value: Any) -> Any:
    """Return a value short enough for a message; blocks and lists are named, not printed."""
    if isinstance(value, dict):
        return None
    text = repr(value)
    return value if len(text) <= 80 else f"{text[:77]}..."


def _hidden_in_words(letter: str) -> str:
    return f"a control character (code {ord(letter):#x}) stands in the text; take it out"


def refuse_hidden(source: Source) -> None:
    """Refuse control characters in any key or text of data that was made in memory.

    Raises
    ------
    ConfigError
        Naming the key. Files are refused when they are read, with the line.
    """
    for keys, value in walk(source.data):
        for text in (value, keys[-1] if keys else None):
            found = hidden(text) if isinstance(text, str) else None
            if found is not None:
                raise source.error(_hidden_in_words(found), keys, value=text)


def walk(data: Any, keys: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every key path of plain data with its value, blocks before what they hold."""
    yield keys, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*keys, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*keys, index))
