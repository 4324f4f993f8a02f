"""The findings of a validation as sentences, tables and Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from cosim.calibration.cross_validation import KeptTable
from cosim.calibration.influence_folds import kept_influence
from cosim.formatting.words import NO_VALUE, and_list, counted, number, signed, span
from cosim.patterns import Target, patterns
from cosim.patterns.pattern import ABOUT, About
from cosim.patterns.statistics import STATISTICS
from cosim.reporting.blocks import Cell, Table
from cosim.reporting.generated import markdown_table
from cosim.validation.null_models import RIVALS, VARIANTS, variants_of
from cosim.validation.questions import asked, title
from cosim.validation.validation import Finding, Validation

COLUMNS: Final = ("pattern", "what was asked", "status", "found", "simulated", "n", "verdict")

DOMAIN: Final = (
    "The logs are of speech-technology research groups of 2000-02 whose professors are mostly two people, of "
    "design role-plays, and of text chats of strangers about a puzzle; the other numbers are of juries, "
    "parliamentary committees and laboratory groups.",
    "No published share of the talk of public contributors in a health-research team was found. What the "
    "model "
    "says of them follows from status theory and assumptions; no pattern here tests it.",
    "A team's own turn log (who spoke, when, how many words; no text) would begin to fill the gap: `cosim "
    "observe` "
    "compares it with a simulated team of the same composition.",
)


def answer(validation: Validation) -> tuple[str, ...]:
    """Return the result in sentences."""
    passes, misses = (validation.counted("gate", verdict) for verdict in ("pass", "miss"))
    right, wrong, unclear = (
        validation.counted("direction only", verdict) for verdict in ("right", "wrong", "unclear")
    )
    silent = sum(one.verdict == "not represented" for one in validation.findings)
    built_in = sum(
        one.verdict == "right" and one.paired is not None and one.paired.built_in
        for one in validation.findings
    )
    missed = list(
        dict.fromkeys(
            one.pattern.id for one in validation.findings if one.weight == "gate" and one.verdict == "miss"
        )
    )
    where = f"; misses are in {and_list(missed, 12)}" if missed else ""
    return (
        f"Of {passes + misses} numbers that count, the model meets {passes}{where}.",
        *_told_apart(validation),
        f"Of {right + wrong + unclear} published directions {right} come out right "
        f"({built_in} of them built in by a rule, so no finding), {wrong} wrong and {unclear} unclear.",
        f"{counted(silent, 'row').capitalize()} of the evidence cannot be expressed in the model.",
    )


def _told_apart(validation: Validation) -> tuple[str, ...]:
    """Return the shares met of numbers about talk and about influence, where there are both."""
    parts = []
    for about, words in zip(ABOUT, ("about who talks", "about who moves whom"), strict=True):
        met, missed = (validation.counted("gate", verdict, about) for verdict in ("pass", "miss"))
        if met + missed:
            parts.append(f"of those {words} {met} of {met + missed}")
    return (f"{parts[0].capitalize()}, {parts[1]}.",) if len(parts) == 2 else ()


def found(one: Finding) -> str:
    """Return what was really found, with its interval."""
    if not isinstance(one.asked, Target):
        return "direction only" if one.asked is not None else NO_VALUE
    text = shown(one.asked.values, one.asked)
    if one.asked.interval is not None:
        text += f" [{span(*one.asked.interval, digits(one.asked))}]"
    return text


def simulated(one: Finding) -> str:
    """Return what the model shows, with its interval."""
    if one.paired is not None:
        return f"{signed(one.paired.difference)} [{span(one.paired.low, one.paired.high)}]"
    if one.sampled is None or not isinstance(one.asked, Target):
        return NO_VALUE
    text = shown(one.sampled.median, one.asked)
    if len(one.asked.values) == 1 and one.sampled.unit != "team":
        text += f" [{span(*one.sampled.interval[0], digits(one.asked))}]"
    return text


def size(one: Finding) -> str:
    """Return how much was simulated."""
    if one.paired is not None:
        return f"{one.paired.n:,} pairs"
    if one.sampled is None:
        return NO_VALUE
    if one.sampled.unit == "team":
        return "1 team"
    return f"{len(one.sampled.values)} × {one.sampled.size} {one.sampled.unit}"


def verdict(one: Finding) -> str:
    """Return the verdict, and what it counts for."""
    if one.verdict == "not represented":
        return one.verdict
    if one.weight == "direction only":
        built_in = ", built in" if one.paired is not None and one.paired.built_in else ""
        return f"direction {one.verdict}{built_in}"
    return one.verdict if one.weight == "gate" else f"{one.verdict} ({one.weight})"


def shown(values: Sequence[float], target: Target) -> str:
    """Return values with as many decimals as their unit bears; shares by rank in percent."""
    if len(values) > 1:
        return " ".join(number(100 * value, 0) for value in values) + " %"
    return number(values[0], digits(target))


def digits(target: Target) -> int:
    """Return how many decimals a statistic is told with."""
    unit = STATISTICS[target.statistic].unit
    return {"people": 0, "words": 1, "ratio": 2, "SD": 2}.get(unit, 3)


def line(one: Finding) -> tuple[str, ...]:
    """Return a finding as the cells of `COLUMNS`."""
    return (
        one.pattern.id, asked(one), one.status, found(one), simulated(one), size(one), verdict(one),
    )  # fmt: skip


def findings_table(findings: Sequence[Finding], caption: str = "", folded: str = "") -> Table:
    """Return findings as a table; what was asked comes first, with its pattern where there are several."""
    several = len({one.pattern.id for one in findings}) > 1
    rows: list[tuple[Cell | str, ...]] = []
    for one in findings:
        name, what, _, *cells = line(one)
        strong = one.verdict == "wrong" or (one.weight == "gate" and one.verdict == "miss")
        first = f"{name} {what}" if several else what
        rows.append((first, *cells[:-1], Cell(verdict(one), strong=strong)))
    return Table((COLUMNS[1], *COLUMNS[3:]), tuple(rows), caption=caption, folded=folded)


def whys(validation: Validation, weights: Sequence[str]) -> list[str]:
    """Return why something is missed, once for each reason, as far as it is known."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in validation.findings:
        if one.weight not in weights or one.verdict not in ("miss", "wrong", "unclear"):
            continue
        unknown = "the interval holds 0." if one.verdict == "unclear" else "the reason is not known."
        reasons.setdefault((one.pattern.id, one.why or unknown), []).append(f"{asked(one)} ({verdict(one)})")
    return [f"{name}, {and_list(things, 6)}: {why}" for (name, why), things in reasons.items()]


def silent(validation: Validation) -> list[str]:
    """Return what the model cannot express, with the reason."""
    return [
        f"{one.pattern.id}, {asked(one)}: {one.why}"
        for one in validation.findings
        if one.verdict == "not represented"
    ]


# ---------------------------------------------------------------- null models, probes, cross-validation


def null_rows(validation: Validation, about: About = "talk") -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of how many gates each variant of the model meets, by pattern."""
    variants = variants_of(about)
    table = validation.nulls[validation.nulls["gate"] & (validation.nulls["about"] == about)]
    columns = ("pattern", *(variant.title for variant in variants))
    rows = []
    for name, own in [("all", table), *table.groupby("pattern", sort=False)]:
        cells = []
        for variant in variants:
            each = own.loc[own["variant"] == variant.name, "verdict"]
            cells.append(f"{int((each == 'pass').sum())} of {len(each)}")
        rows.append((str(name), *cells))
    return columns, rows


def beside_rows(validation: Validation) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of what people's views did, in the model and in everything beside it.

    Every number about views before and after, also those that do not count since noise alone comes near them.
    """
    columns = ("pattern", "what was asked", "found", *(variant.title for variant in RIVALS))
    medians = validation.nulls.set_index(["variant", "pattern", "target"])["median"]
    verdicts = validation.nulls.set_index(["variant", "pattern", "target"])["verdict"]
    rows = []
    for one in validation.findings:
        if one.sampled is None or not isinstance(one.asked, Target) or "survey" not in one.asked.at:
            continue
        cells = []
        for variant in RIVALS:
            place = (variant.name, one.pattern.id, one.what)
            mark = " ✓" if verdicts[place] == "pass" else ""
            cells.append(f"{number(float(medians[place]), digits(one.asked))}{mark}")
        rows.append((one.pattern.id, asked(one), found(one), *cells))
    return columns, rows


def probe_rows(validation: Validation) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of what targets become as a parameter moves."""
    values = sorted(validation.probes["value"].unique().tolist())
    keys = ", ".join(dict.fromkeys(str(key) for key in validation.probes["key"]))
    columns = ("pattern", "what was asked", *(f"{keys} {value:g}" for value in values))
    targets = [(one.id, target) for one in patterns().values() for target in one.targets]
    titles = {(name, target.name): title(target) for name, target in targets}
    rows = []
    for (name, target), own in validation.probes.groupby(["pattern", "target"], sort=False):
        cells = [
            f"{number(float(row['median']))}{' ✓' if row['verdict'] == 'pass' else ''}"
            for _, row in own.sort_values("value").iterrows()
        ]
        rows.append((str(name), titles[str(name), str(target)], *cells))
    return columns, rows


def fold_rows(kept: KeptTable) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return columns and rows of the cross-validation: errors on what was left out, beside the full fit's."""
    columns = ("left out", "targets", "met when left out", "met by the full fit", "error", "full fit's error")
    rows: list[tuple[str, ...]] = []
    for fold, own in kept.table.groupby("left_out", sort=False):
        rows.append(
            (
                str(fold),
                str(len(own)),
                f"{int((own['error'].abs() <= 1.0).sum())}",
                f"{int((own['full_error'].abs() <= 1.0).sum())}",
                number(_rms(own["error"]), 2),
                number(_rms(own["full_error"]), 2),
            )
        )
    return columns, rows


def _rms(errors: pd.Series[float]) -> float:
    return float((errors**2).mean() ** 0.5)


# ---------------------------------------------------------------- Markdown


def markdown(validation: Validation, kept: KeptTable | None, figures: Sequence[tuple[str, str]]) -> str:
    """Return the validation as a Markdown document.

    Parameters
    ----------
    validation : Validation
    kept : KeptTable or None
        The cross-validation.
    figures : sequence of (name, alternative text)
        Pictures in the folder ``figures`` beside the document.
    """
    effort = validation.effort
    parts = [
        "# What the model reproduces, and what not",
        "Written by `cosim validate`; nothing here was put in by hand.",
        " ".join(answer(validation)),
        *(f"- {sentence}" for sentence in DOMAIN),
        f"cosim {validation.version}, seed {effort.seed}. Simulated: median of {effort.samples} samples as "
        f"large "
        "as what was observed, and the central 95 % of them; for directions the mean difference of "
        f"{effort.projects} paired projects and its 95 % t interval. Only numbers that were computed on "
        f"data, "
        "read at their source or derived from such count; recalled ones never do.",
        "## Every pattern",
        markdown_table(COLUMNS, [line(one) for one in validation.findings]),
        "## What is missed, and why",
        *(f"- {one}" for one in whys(validation, ("gate", "shown only", "set-up", "direction only"))),
        "## What the model cannot express",
        *(f"- {one}" for one in silent(validation)),
    ]
    if len(validation.nulls):
        parts += [
            "## Null models",
            "How many of the numbers about talk that count each of them meets.",
            *(f"- {variant.title}: {variant.sentence}" for variant in VARIANTS),
            markdown_table(*null_rows(validation)),
        ]
        if len(beside_rows(validation)[1]):
            parts += [
                "## Influence: null models and rivals",
                "How many of the numbers about influence that count each of them meets.",
                *(f"- {variant.title}: {variant.sentence}" for variant in RIVALS),
                markdown_table(*null_rows(validation, "influence")),
                "Views before and after, beside what noise, size and the rivals give; ✓ marks what is met.",
                markdown_table(*beside_rows(validation)),
            ]
    if len(validation.probes):
        parts += [
            "## How far one parameter would carry",
            "The same targets as one parameter moves; ✓ marks what is met.",
            markdown_table(*probe_rows(validation)),
        ]
    if kept is not None:
        parts += ["## Cross-validation", kept.about(), markdown_table(*fold_rows(kept))]
    views = kept_influence() if kept is not None else None
    if views is not None:
        parts += ["## Cross-validation of influence", views.about(), markdown_table(*fold_rows(views))]
    parts += ["## Figures", *(f"![{alt}](figures/{name}.png)" for name, alt in figures)]
    lines = [
        part + ("\n" if not part.startswith("- ") or not after.startswith("- ") else "")
        for part, after in zip(parts, [*parts[1:], ""], strict=True)
    ]
    return "\n".join(lines)
