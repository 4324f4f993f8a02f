"""Compiling the engine, and keeping the machine code between sessions.

The cache lies in the user's cache folder (``COSIM_CACHE_DIR`` moves it), in a folder named after the content
of every file the compiled loop is made of: a changed rule can never meet old machine code.  Nobody else can
write to it (`cosim.engine.code_folder`).

The engine is compiled in parts that call one another by address, like functions of a library.  A compiler
that sees a whole project at once spends most of its time on the same code, again at every level of the calls.
"""

# mypy: disable-error-code="no-untyped-call,untyped-decorator,unused-ignore,attr-defined,call-overload"
# Numba's interface for new functions has no types of its own.

from __future__ import annotations

import contextlib
import hashlib
import inspect
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np
from llvmlite import binding
from numba.core import cgutils, types
from numba.core.cpu import CPUTargetOptions
from numba.core.options import TargetOptions
from numba.core.typing.templates import AbstractTemplate, Signature, infer_global
from numba.extending import lower_builtin, register_jitable

from cosim.engine.code_folder import code_folder
from cosim.mechanisms.compiled import declare_to

SOURCES: Final = (
    *("engine", "mechanisms", "outcomes", "scenario"),
    *("model/stages", "model/state.py", "model/turn_records.py"),
)


_NOWHERE: Final = 1
"""An address that nobody may call."""
_LOG = logging.getLogger("cosim")

# Numba has the flag, for its own functions, but no name for it among the options of others.
if not hasattr(CPUTargetOptions, "noalias"):
    CPUTargetOptions.noalias = TargetOptions.Mapping("noalias")


def _let_compiled_code_call(function: Callable[..., Any], options: dict[str, bool]) -> None:
    register_jitable(**options)(function)


declare_to(_let_compiled_code_call)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return 16 hex digits that change with any source the compiled loop is made of, or its compiler."""
    home = Path(__file__).parent.parent
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for name in SOURCES:
        place = home / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Return the folder for machine code, made if need be; None where nothing can be written.

    It is the user's own and closed to everybody else; see `cosim.engine.code_folder`.
    """
    return code_folder(fingerprint())


class Engine:
    """Functions that are compiled one by one and call one another by address.

    Declare a part after the parts it calls.  `load` compiles what is not in the cache.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[Callable[..., Any], Signature]] = []
        self._lock = threading.Lock()
        self._loaded: dict[str, Any] = {}

    def part(self, signature: Signature) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Return a decorator that declares a part; called from Python it stays the plain function."""

        def declare(function: Callable[..., Any]) -> Callable[..., Any]:
            self._parts.append((function, signature))
            _call_by_address(function, signature, _symbol(function))
            return function

        return declare

    @property
    def compiles(self) -> bool:
        """Whether parts are compiled; with ``NUMBA_DISABLE_JIT=1`` Python runs them, to the same bits."""
        return not numba.config.DISABLE_JIT

    def kept(self) -> bool:
        """Return whether nothing is left to compile: every part is loaded, or in the cache."""
        if not self.compiles or len(self._loaded) == len(self._parts):
            return True
        folder = cache_folder()
        return folder is not None and sum(1 for _ in folder.rglob("*.nbc")) >= len(self._parts)

    def load(self, *helpers: str) -> dict[str, Any]:
        """Return the parts as compiled functions by name; a `Bundle` of each kind must have been made.

        Parameters
        ----------
        *helpers : str
            Programs that call `fill_cache`, each run on a processor of its own before parts that are
            missing are looked for in the cache: a compiler takes memory that it does not give back.
        """
        if len(self._loaded) < len(self._parts):
            with self._lock:
                folder = cache_folder()
                if folder is not None and not self.kept():
                    _run_at_once(helpers)
                for function, signature in self._parts[len(self._loaded) :]:
                    self._loaded[function.__name__] = _compiled(function, signature, folder)
        return self._loaded

    def fill_cache(self, *, backwards: bool = False) -> None:
        """Compile into the cache what is not in it, from the first part on or from the last."""
        folder = cache_folder()
        for function, _ in self._parts:  # nothing is called here; the linker only wants to know of it
            binding.add_symbol(_symbol(function), _NOWHERE)
        for function, signature in reversed(self._parts) if backwards else self._parts:
            if folder is not None and not any(folder.rglob(f"*.{function.__qualname__}-*.nbc")):
                _made(function, signature, folder)


def _run_at_once(programs: Sequence[str]) -> None:
    """Run Python programs beside one another, a processor each, until all have ended, well or not."""
    quiet, started = subprocess.DEVNULL, list[subprocess.Popen[bytes]]()
    with contextlib.ExitStack() as ends:
        for program in programs[: os.cpu_count()] if sys.executable else ():
            with contextlib.suppress(OSError):  # what no other process compiles, this one will
                one = subprocess.Popen(
                    [sys.executable, "-P", "-c", program], stdin=quiet, stdout=quiet, stderr=quiet
                )
                ends.callback(one.wait)
                ends.callback(one.kill)
                started.append(one)
        for one in started:
            one.wait()


def _symbol(function: Callable[..., Any]) -> str:
    return f"cosim.{fingerprint()}.{function.__module__}.{function.__qualname__}"


def _call_by_address(function: Callable[..., Any], signature: Signature, symbol: str) -> None:
    """Let compiled code that names `function` call whatever lies at `symbol`."""
    named = signature.replace(pysig=inspect.signature(function))

    class _Part(AbstractTemplate):  # type: ignore[misc]
        key = function

        def generic(self, args: Any, kws: Any) -> Signature | None:
            return named if len(args) + len(kws) == len(signature.args) else None

    infer_global(function, types.Function(_Part))

    @lower_builtin(function, types.VarArg(types.Any))
    def _call(context: Any, builder: Any, sig: Signature, args: Any) -> Any:
        kind = context.call_conv.get_function_type(sig.return_type, sig.args)
        callee = cgutils.get_or_insert_function(builder.module, kind, symbol)
        status, value = context.call_conv.call_function(builder, callee, sig.return_type, sig.args, args)
        with cgutils.if_unlikely(builder, status.is_error):
            context.call_conv.return_status_propagate(builder, status)
        return value


def _compiled(function: Callable[..., Any], signature: Signature, folder: Path | None) -> Any:
    """Compile one part, or load it, and publish its address; what cannot be read again is compiled again."""
    try:
        made = _made(function, signature, folder)
    except Exception as error:  # whatever reading a damaged file may raise; a fault of the code itself recurs
        if folder is None:
            raise
        _LOG.warning("the machine code kept in %s cannot be used (%s); compiling again", folder, error)
        for file in sorted(folder.rglob(f"*{function.__qualname__}*.nb?")):
            with contextlib.suppress(OSError):
                file.unlink()
        try:
            made = _made(function, signature, folder)
        except OSError:  # a full disk, or a folder that cannot be written any more
            made = _made(function, signature, None)
    result = made.overloads[signature.args]
    address = result.library.get_pointer_to_function(result.fndesc.llvm_func_name)
    binding.add_symbol(_symbol(function), address)
    made.disable_compile()
    return made


def _made(function: Callable[..., Any], signature: Signature, folder: Path | None) -> Any:
    """Compile or load without the GIL and without reference counting.

    Notes
    -----
    Reference counting is off (``_nrt=False``): the loop only looks at arrays that its caller made and
    keeps, and counting them at every call would cost most of the time.
    """
    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = str(folder or "")
        made = numba.njit(
            nogil=True, error_model="numpy", _nrt=False, no_cfunc_wrapper=True, cache=folder is not None
        )(function)
    finally:
        numba.config.CACHE_DIR = before
    made.compile(signature)
    return made
