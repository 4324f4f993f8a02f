"""The same project in C (`kernel.c`): compiled, run on a resolved plan, compared with the compiled engine.

``python experiments/benchmarks/kernel.py`` checks that both give the same numbers and prints how much longer
the engine takes, the two measured in turns within one process, in processor time.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from cosim import load_scenario
from cosim.engine.batch import run_compiled
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario.plan import MEETING, PHASE, Plan, resolve

HERE: Final = Path(__file__).parent
FLAGS: Final = ("-O3", "-march=native", "-ffp-contract=off", "-std=c11", "-shared", "-fPIC")
"""As fast as the compiler can without changing a bit: no ``-ffast-math``, no fused products."""

TURNS: Final = OUTCOME_NAMES.index("turns")
ROOM_FOR_MEMBERS: Final = 16
LENGTHS: Final = (
    *("members", "constituencies", "meeting_count", "phase_count"),
    *("normal_points", "words_points"),
)


class NoCompilerError(RuntimeError):
    """No C compiler is installed."""


class NotCoveredError(ValueError):
    """The kernel leaves out something that the scenario uses."""


class KernelRows(NamedTuple):
    """What the kernel gives back for R replicates.

    Attributes
    ----------
    runs : (R, outcomes)
    people : (R, N, columns)
    choices : (R, phases)
    """

    runs: Any
    people: Any
    choices: Any


@dataclass(frozen=True)
class Kernel:
    """The compiled kernel.

    Attributes
    ----------
    compiler : str
        The first line of what the compiler says of itself.
    """

    library: ctypes.CDLL
    compiler: str

    def run(self, plan: Plan, replicates: int, seed: int) -> KernelRows:
        """Run replicates ``0 .. replicates - 1`` of a resolved plan.

        Raises
        ------
        NotCoveredError
            When the plan uses something that the kernel leaves out.
        """
        handed = _handed_over(plan)
        why = self.library.refusal(ctypes.byref(handed))
        if why:
            raise NotCoveredError(f"the C kernel does not cover this scenario: {why.decode()}")
        rows = KernelRows(
            np.zeros((replicates, len(OUTCOME_NAMES))),
            np.zeros((replicates, len(plan.uid), len(PERSON_COLUMNS))),
            np.zeros((replicates, len(plan.phases)), dtype=np.int64),
        )
        places = [ctypes.c_void_p(array.ctypes.data) for array in rows]
        self.library.run_batch(
            ctypes.byref(handed), ctypes.c_uint64(seed), ctypes.c_int64(replicates), *places
        )
        return rows


class _Plan(ctypes.Structure):
    """`struct plan` of model.h: addresses of the plan's arrays in their order, then lengths."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in Plan._fields),
        *((name, ctypes.c_int64) for name in LENGTHS),
    )


def _handed_over(plan: Plan) -> _Plan:
    lengths = (plan.uid, plan.constituency_uid, plan.meetings, plan.phases, plan.normal, plan.words)
    return _Plan(*(array.ctypes.data for array in plan), *(len(array) for array in lengths))


def find_compiler() -> str:
    """Return the path of a C compiler: ``$CC``, else the first of cc, gcc and clang.

    Raises
    ------
    NoCompilerError
        When there is none.
    """
    wanted = os.environ.get("CC")
    for name in (wanted,) if wanted else ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found:
            return found
    raise NoCompilerError(
        f"CC={wanted}: no such program"
        if wanted
        else "no C compiler: neither cc nor gcc nor clang is installed"
    )


def compile_kernel(members: int = ROOM_FOR_MEMBERS, flags: tuple[str, ...] = FLAGS) -> Kernel:
    """Compile the kernel in a temporary folder and return it, with room for so many members.

    Raises
    ------
    NoCompilerError
        When no C compiler is installed.
    RuntimeError
        When the compiler refuses, with what it says.
    """
    compiler = find_compiler()
    with tempfile.TemporaryDirectory(prefix="cosim-kernel-") as folder:
        (Path(folder) / "records.h").write_text(_records(), encoding="utf-8")
        library = Path(folder) / "kernel.so"
        command = [compiler, *flags, f"-DMAX_MEMBERS={members}", f"-I{folder}"]
        command += [str(HERE / "kernel.c"), "-o", str(library), "-lm"]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            raise RuntimeError(f"{compiler} could not compile kernel.c:\n{made.stderr}")
        loaded = ctypes.CDLL(str(library))
    loaded.refusal.restype = ctypes.c_char_p
    loaded.run_batch.restype = None
    said = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout
    return Kernel(loaded, said.splitlines()[0] if said else compiler)


def _records() -> str:
    """Return `records.h`: the records of meetings and phases as C structs of the same layout."""
    lines = ["#include <stdint.h>"]
    for name, record in (("meeting", MEETING), ("phase", PHASE)):
        kinds = {"i": "int64_t", "f": "double"}
        assert record.fields is not None
        fields = [f"    {kinds[record.fields[key][0].kind]} {key};" for key in record.names or ()]
        lines += [f"struct {name} {{", *fields, "};"]
        lines.append(f'_Static_assert(sizeof(struct {name}) == {record.itemsize}, "another layout");')
    return "\n".join(lines) + "\n"


def first_difference(kernel: KernelRows, engine: Any) -> str | None:
    """Return the first replicate and column that differ, with both values; None when nothing does."""
    for r in range(len(kernel.runs)):
        for ours, theirs, names in (
            (kernel.choices[r], engine.choices[r], None),
            (kernel.people[r], engine.people[r], PERSON_COLUMNS),
            (kernel.runs[r], engine.runs[r], OUTCOME_NAMES),
        ):
            if np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"):
                continue
            differs = (ours != theirs) & ~(np.isnan(ours) & np.isnan(theirs))
            at = tuple(int(place[0]) for place in np.nonzero(differs))
            what = f"choice of phase {at[0]}" if names is None else names[at[-1]]
            whose = f" of member {at[0]}" if len(at) > 1 else ""
            return f"replicate {r}, {what}{whose}: kernel {ours[at]!r}, engine {theirs[at]!r}"
    return None


def check(kernel: Kernel, plan: Plan, replicates: int, seed: int) -> None:
    """Compare every outcome, every person's column and every choice with the compiled engine's, exactly.

    Raises
    ------
    AssertionError
        When anything differs, with the first replicate, column and both values.
    """
    different = first_difference(
        kernel.run(plan, replicates, seed), run_compiled(plan, range(replicates), seed)
    )
    if different:
        raise AssertionError(f"the C kernel and the compiled engine differ: seed {seed}, {different}")


@dataclass(frozen=True)
class Pace:
    """Processor time of kernel and engine, measured in turns; one entry a repeat.

    Attributes
    ----------
    kernel, engine : nanoseconds a speaking turn
    """

    kernel: tuple[float, ...]
    engine: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """Return engine over kernel, repeat by repeat."""
        return tuple(e / k for e, k in zip(self.engine, self.kernel, strict=True))


def pace(kernel: Kernel, plan: Plan, *, projects: int = 300, repeats: int = 9) -> Pace:
    """Measure both on the same projects, one after the other, on one core; whoever begins changes."""
    turns = float(run_compiled(plan, range(projects), 1).runs[:, TURNS].sum())
    runners: tuple[Callable[[], Any], ...] = (
        lambda: kernel.run(plan, projects, 1),
        lambda: run_compiled(plan, range(projects), 1),
    )
    kernel.run(plan, projects, 1)
    taken: tuple[list[float], list[float]] = ([], [])
    for which in _in_turns(repeats):
        began = time.process_time_ns()
        runners[which]()
        taken[which].append((time.process_time_ns() - began) / turns)
    return Pace(tuple(taken[0]), tuple(taken[1]))


def _in_turns(repeats: int) -> Iterator[int]:
    for repeat in range(repeats):
        yield from (0, 1) if repeat % 2 == 0 else (1, 0)


def main() -> None:
    """Check, measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--scenario", default="research_team", help="default research_team")
    options.add_argument("--checked", type=int, default=200, help="replicates compared (default 200)")
    options.add_argument("--repeats", type=int, default=9, help="ratios measured (default 9)")
    options.add_argument("--projects", type=int, default=300, help="projects a repeat (default 300)")
    chosen = options.parse_args()
    plan, _ = resolve(load_scenario(chosen.scenario))
    kernel = compile_kernel(max(ROOM_FOR_MEMBERS, len(plan.uid)))
    check(kernel, plan, chosen.checked, 1)
    print(f"{kernel.compiler}: {chosen.checked} replicates, every outcome and every person: no bit differs")
    paces = pace(kernel, plan, projects=chosen.projects, repeats=chosen.repeats)
    for name, taken in (("kernel", paces.kernel), ("engine", paces.engine)):
        print(f"{name}: {statistics.median(taken):.0f} ns a turn ({min(taken):.0f} to {max(taken):.0f})")
    ratios = paces.ratios
    print(f"engine / kernel: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
