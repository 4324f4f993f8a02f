"""docs/performance.md and its figure, from what was measured."""

from __future__ import annotations

import statistics
import textwrap
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cosim.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION, house_style

FLAT = {"options": BLUE, "meetings a phase": ORANGE, "replicates": GREEN}


WIDTH = 115


def write(kept: dict[str, Any], folder: Path) -> None:
    """Write performance.md and figures/performance.png and .svg into a folder."""
    parts = [_head(kept)]
    parts += [SENTENCES[name](kept[name]) + _elsewhere(name, kept) for name in SENTENCES if name in kept]
    parts.append("What earlier commits gave is in [performance_history.csv](performance_history.csv).")
    text = "\n\n".join(_wrapped(paragraph) for part in parts for paragraph in part.split("\n\n"))
    (folder / "performance.md").write_text(text + "\n", encoding="utf-8")
    if {"reference", "batch runner", "scaling", "million"} <= set(kept):
        _draw(kept, folder / "figures")


def _elsewhere(name: str, kept: dict[str, Any]) -> str:
    """Return what a section was measured on, where that is not what the head of the page says."""
    first, own = next(iter(kept.values())), kept[name]
    if own["on"]["processor"] == first["on"]["processor"]:
        return ""
    on = own["on"]
    return f"\n\nMeasured on {own['date']} on another machine: {on['processor']}, cosim {on['cosim']}."


def _wrapped(paragraph: str) -> str:
    """Return a paragraph in lines of at most WIDTH; tables, headings and pictures as they are."""
    if paragraph.startswith(("|", "#", "!")):
        return " ".join(paragraph.split("\n")) if paragraph.startswith("!") else paragraph
    return textwrap.fill(" ".join(paragraph.split()), WIDTH, break_on_hyphens=False, break_long_words=False)


def _head(kept: dict[str, Any]) -> str:
    on = next(iter(kept.values()))["on"]
    dates = sorted({section["date"] for section in kept.values()})
    return f"""# How fast it is

Made by `python -m experiments.benchmark`; the measurements are in `performance.json`. Measured on
{dates[-1]}:
{on["processor"]}, {on["cores"]} cores, {on["system"]}, Python {on["python"]}, Numba {on["numba"]}, NumPy
{on["numpy"]},
cosim {on["cosim"]}. The load before each section (processes that wanted to run, of other work too) was
{min(s["on"]["load"] for s in kept.values()):.1f} to {max(s["on"]["load"] for s in kept.values()):.1f}.

Figures are medians with the smallest and the largest in brackets. Every ratio is taken within one process,
one way
after the other; on one core by the processor's clock, on two by the clock on the wall.

![Time of a project four ways; cost of a turn against team size and against other quantities; memory over a
million
projects](figures/performance.png)"""


def _range(values: dict[str, float], digits: int = 0) -> str:
    return f"{values['median']:,.{digits}f} ({values['low']:,.{digits}f} to {values['high']:,.{digits}f})"


def _reference(found: dict[str, Any]) -> str:
    return f"""## Against the readable reference, one core

The default team of 12 in four meetings of 90 minutes takes {found["turns"]:,.0f} turns a project.

| | a project | a turn |
| --- | ---: | ---: |
| compiled engine | {_range(found["compiled ms"], 2)} ms | {_range(found["compiled ns a turn"])} ns |
| reference (the Mesa model, collecting nothing) | {_range(found["reference ms"])} ms | |

Reference / compiled: **{_range(found["ratio"])}**, n = {found["ratio"]["n"]:.0f}. Both give the same bits."""


def _editions(found: dict[str, Any]) -> str:
    rows = [
        f"| {row['members']} | {_range(row['first ns a turn'])} | {_range(row['ns a turn'])} | "
        f"**{_range(row['ratio'], 2)}** |"
        for row in found["rows"]
    ]
    return "\n".join(
        [
            "## Against the first edition, one core\n",
            f"Commit {found['commit']} and this one, each with its own default team, by turns in one run, "
            f"n = {found['rows'][0]['ratio']['n']:.0f}.\n",
            "| members | first edition, ns a turn | now, ns a turn | now / first |",
            "| ---: | ---: | ---: | ---: |",
            *rows,
        ]
    )


def _batch_runner(found: dict[str, Any]) -> str:
    return f"""## Against Mesa's batch runner, two cores

The same projects through `mesa.batch_run` (Mesa {found["mesa"]}, {found["processes"]} processes,
{found["projects"]} projects, data collected at every turn as it wants them, start of the processes included)
and on two threads of the compiled engine:
{_range(found["batch runner ms"])} ms against {_range(found["compiled ms"], 2)} ms a project on the wall.

Batch runner / compiled: **{_range(found["ratio"])}**, n = {found["ratio"]["n"]:.0f}."""


def _threads(found: dict[str, Any]) -> str:
    return f"""## Two threads against one

{found["projects"]:,} projects: one thread {_range(found["one s"], 2)} s, two threads
{_range(found["two s"], 2)} s. Speed-up:
**{_range(found["ratio"], 2)}**, n = {found["ratio"]["n"]:.0f}.
Results do not depend on the number of
threads or the size of
batches (tests/simulation/test_simulation.py)."""


def _scaling(found: dict[str, Any]) -> str:
    rows = [f"| {row['what']} | {row['value']:,} | {_range(row['ns a turn'])} |" for row in found["rows"]]
    return "\n".join(
        [
            "## What a turn costs, one core\n",
            "| varied | value | ns a turn |",
            "| --- | ---: | ---: |",
            *rows,
            "\nBetween the smallest and the largest team the cost of a turn grows as the team's size to the "
            f"power of **{found['exponent']:.2f}**; its square is what everyone listening to everyone "
            "would take.",
        ]
    )


def _answers(found: dict[str, Any]) -> str:
    rows = [
        f"| `cosim` {name} | {_range(both['wall'], 2)} s | {_range(both['processor'], 2)} s |"
        for name, both in found.items()
        if name not in ("on", "date")
    ]
    head = "| command | until it has answered | processor time |"
    return "\n".join(["## Answers, everything compiled\n", head, "| --- | ---: | ---: |", *rows])


def _compiling(found: dict[str, Any]) -> str:
    return f"""## Compiling

Once for a version of cosim and of Numba, NumPy and Python: {found["wall s"]:.0f} s on the wall,
{found["processor s"]:.0f} s of processor
time; the machine code takes {found["MiB"]:.1f} MiB. An interrupted compilation goes on where it stopped."""


def _million(found: dict[str, Any]) -> str:
    beside = ", while other work ran on the same cores" if found.get("beside other work") else ""
    return f"""## A million projects

`cosim run experiments/benchmarks/million.yaml` on {found["workers"]} workers, report and all:
{found["projects"]:,} projects in
{found["wall s"] / 60:.1f} minutes ({1e3 * found["wall s"] / found["projects"]:.2f} ms a project{beside}),
tables
of {found["disk MiB"]:,.0f} MiB. The process with
everything imported and nothing run holds {found["base MiB"]:.0f} MiB; at its most it held
{found["most MiB"]:.0f} MiB,
**{found["most MiB"] - found["base MiB"]:.0f} MiB over that**. Half of the time it held no more than
{statistics.median(found["MiB"]):.0f} MiB: it is flat while projects run, and the most is reached at the
very end, when the report reads the finished run table."""


def _workbench(found: dict[str, Any]) -> str:
    return f"""## The same small study through another workbench, two processes

{found["points"]} design points with {found["runs"] // found["points"]} replicates each, start of all
processes
included: the EMA workbench {found["version"]} driving the reference model {found["workbench s"]:.1f} s,
`cosim run`
{found["cosim s"]:.1f} s, and the same numbers to the last bit. Ratio: **{found["ratio"]:.1f}** (n = 1);
most of
`cosim run`'s time is its start, so the ratio grows with the study towards that of the engines."""


SENTENCES = {
    "reference": _reference,
    "editions": _editions,
    "batch runner": _batch_runner,
    "threads": _threads,
    "scaling": _scaling,
    "million": _million,
    "workbench": _workbench,
    "answers": _answers,
    "compiling": _compiling,
}


def _draw(kept: dict[str, Any], folder: Path) -> None:
    with house_style():
        figure = Figure(figsize=(8.4, 6.6), layout="constrained")
        (ways, members), (others, memory) = figure.subplots(2, 2)
        _four_ways(ways, kept)
        _by_members(members, kept["scaling"])
        _by_others(others, kept["scaling"])
        _by_time(memory, kept["million"])
        for ending in ("png", "svg"):
            figure.savefig(
                folder / f"performance.{ending}", metadata={"Date": None} if ending == "svg" else None
            )


def _four_ways(axes: Axes, kept: dict[str, Any]) -> None:
    ways = {
        "compiled, one core": (kept["reference"]["compiled ms"]["median"], BLUE),
        "compiled, two threads": (kept["batch runner"]["compiled ms"]["median"], BLUE),
        "Mesa batch runner,\ntwo processes": (kept["batch runner"]["batch runner ms"]["median"], VERMILION),
        "reference, one core": (kept["reference"]["reference ms"]["median"], VERMILION),
    }
    names = list(ways)
    axes.barh(names, [ways[name][0] for name in names], color=[ways[name][1] for name in names], height=0.6)
    for at, name in enumerate(names):
        axes.text(
            ways[name][0] * 1.15,
            at,
            f"{ways[name][0]:,.{0 if ways[name][0] > 100 else 2}f}",
            va="center",
            fontsize=8,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.set_xlim(0.3, 12 * max(milliseconds for milliseconds, _ in ways.values()))  # room for its number
    axes.invert_yaxis()
    axes.set_xlabel("milliseconds a project (logarithmic)")
    axes.set_title("The same project, four ways", loc="left", fontsize=9.5)


def _by_members(axes: Axes, found: dict[str, Any]) -> None:
    rows = [row for row in found["rows"] if row["what"] == "members"]
    sizes = [row["value"] for row in rows]
    costs = [row["ns a turn"] for row in rows]
    middle = [cost["median"] for cost in costs]
    axes.errorbar(
        sizes,
        middle,
        yerr=[
            [cost["median"] - cost["low"] for cost in costs],
            [cost["high"] - cost["median"] for cost in costs],
        ],
        fmt="o-",
        color=BLUE,
        markersize=4,
    )
    axes.plot(sizes, [middle[0] * (size / sizes[0]) ** 2 for size in sizes], "--", color=GREY, linewidth=0.9)
    axes.text(
        sizes[-3],
        middle[0] * (sizes[-3] / sizes[0]) ** 2 * 1.15,
        "square of the size",
        ha="right",
        color=GREY,
    )
    axes.text(
        sizes[-1],
        middle[len(sizes) // 2 - 1] * 0.85,  # below the middle of a line that rises
        f"measured: power {found['exponent']:.2f}",
        ha="right",
        va="top",
        color=BLUE,
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_xlabel("members of the team (logarithmic)")
    axes.set_ylabel("nanoseconds a turn (logarithmic)")
    axes.set_title("A larger team", loc="left", fontsize=9.5)


def _by_others(axes: Axes, found: dict[str, Any]) -> None:
    top = 0.0
    for what, colour in FLAT.items():
        rows = [row for row in found["rows"] if row["what"] == what]
        first = rows[0]["value"]
        middle = [row["ns a turn"]["median"] for row in rows]
        axes.plot(
            [row["value"] / first for row in rows], middle, "o-", color=colour, markersize=4, label=what
        )
        top = max(top, *middle)
    axes.set_xscale("log", base=2)
    ticks = [1, 2, 4, 8, 16]
    axes.set_xticks(ticks, [f"{tick}×" for tick in ticks])
    axes.set_ylim(0, top * 1.5)
    axes.legend(loc="upper left", ncols=3, handlelength=1.0, columnspacing=0.8, fontsize=7.5)
    axes.set_xlabel("times the smallest number measured")
    axes.set_ylabel("nanoseconds a turn")
    axes.set_title("More options, meetings, replicates", loc="left", fontsize=9.5)


def _by_time(axes: Axes, found: dict[str, Any]) -> None:
    minutes = [second / 60 for second in found["at s"]]
    axes.plot(minutes, found["MiB"], color=PURPLE, linewidth=1.2)
    axes.axhline(found["base MiB"], color=GREY, linestyle="--", linewidth=0.9)
    axes.text(
        minutes[-1],
        found["base MiB"] - 12,
        "imported, nothing run",
        ha="right",
        va="top",
        color=INK,
        fontsize=8,
    )
    axes.set_ylim(0, max(1.35 * found["most MiB"], 400))
    axes.set_xlabel("minutes")
    axes.set_ylabel("resident memory, MiB")
    axes.set_title(f"{found['projects'] / 1e6:.1f} million projects in one run", loc="left", fontsize=9.5)
