"""The data dictionary of a study: what every column of every table in its folder means.

Columns of the runs' and members' tables are in `cosim.outcomes.columns`; those of the design come from the
parameters' records. Here are the columns of statistics, and how all of this becomes ``columns.csv`` and the
field metadata of Parquet files.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cosim.execution.atomic_files import write_text
from cosim.execution.design import DUMMY
from cosim.execution.manifest import COLUMNS, TABLES
from cosim.formatting.safe_text import csv_text
from cosim.interventions import KNOWN
from cosim.outcomes.columns import PEOPLE_COLUMNS, RUN_COLUMNS, Column
from cosim.scenario import Group, Phase, Scenario, parameters, phase_parameters

if TYPE_CHECKING:
    import pandas as pd

FIELDS: Final = ("table", "column", "type", "unit", "least", "greatest", "sentence", "source")
"""Columns of ``columns.csv``."""

_WITH: Final = "with."
_INF: Final = math.inf
_SHARE: Final = (0.0, 1.0)
_COUNT: Final = (0.0, _INF)
_TEXT: Final = (-_INF, _INF)
_ARROW: Final[Mapping[str, str]] = {"double": "number", "int64": "whole number", "bool": "yes or no"}
_OWN: Final = "of the outcome"
"""The unit of what is in the unit of the row's outcome."""


def _rows(
    source: str, *rows: tuple[str, str, str] | tuple[str, str, str, tuple[float, float]]
) -> dict[str, Column]:
    found = {}
    for name, unit, sentence, *ends in rows:
        least, greatest = ends[0] if ends else _TEXT
        found[name] = Column(name, unit, sentence, least, greatest, source)
    return found


_STATISTICS: Final[Mapping[str, Column]] = {
    **_rows(
        "cosim/analysis/compare.py",
        ("outcome", "", "Outcome that the row is about; `cosim outcomes NAME` explains it."),
        ("title", "", "What people call the way of working or the parameter."),
        ("is_baseline", "", "Whether the row is the baseline itself."),
        ("n_worlds", "settings", "Number of settings.", _COUNT),
        ("n_replicates", "replicates", "Replicates in each setting.", _COUNT),
        ("interval_over", "", "What the interval is over: worlds, replicates, curves or nothing."),
        ("mean", _OWN, "Mean of the outcome over settings and replicates."),
        (
            "difference",
            _OWN,
            "Mean paired difference to the baseline: same settings, same random numbers.",
        ),
        ("estimate", _OWN, "The statistic that the row names."),
        ("low", _OWN, "Lower end of the 95 % interval of the row's estimate, difference or effect."),
        ("high", _OWN, "Upper end of the 95 % interval of the row's estimate, difference or effect."),
        ("se", _OWN, "Standard error of the row's estimate, difference or effect.", _COUNT),
        ("mcse", _OWN, "Monte Carlo standard error: the part of se that more replicates remove.", _COUNT),
        ("positive_share", "share", "Share of settings whose mean difference is above 0.", _SHARE),
        ("positive_low", "share", "Lower end of the 95 % Wilson interval of positive_share.", _SHARE),
        ("positive_high", "share", "Upper end of the 95 % Wilson interval of positive_share.", _SHARE),
        ("zero_share", "share", "Share of settings in which the difference is exactly 0.", _SHARE),
        ("noise_share", "share", "Share of a single run's variance that is replicate noise.", _SHARE),
        ("top_share", "share", "Share of settings in which the way of working is in the top group.", _SHARE),
        ("top_low", "share", "Lower end of the 95 % Wilson interval of top_share.", _SHARE),
        ("top_high", "share", "Upper end of the 95 % Wilson interval of top_share.", _SHARE),
        ("minutes_extra", "minutes", "Mean difference of minutes to the baseline."),
        ("money_extra", "currency", "Mean difference of money to the baseline (planning prices)."),
    ),
    **_rows(
        "cosim/analysis/places.py",
        (
            "best_share",
            "share",
            "Share of settings in which the way of working is the best of these.",
            _SHARE,
        ),
        ("best_low", "share", "Lower end of the 95 % Wilson interval of best_share.", _SHARE),
        ("best_high", "share", "Upper end of the 95 % Wilson interval of best_share.", _SHARE),
        ("rank", "places", "Mean place of the way of working over settings, from 1.", (1.0, _INF)),
        ("regret", _OWN, "What is lost on average by choosing it in every setting.", _COUNT),
        ("regret_low", _OWN, "Lower end of the 95 % interval of regret."),
        ("regret_high", _OWN, "Upper end of the 95 % interval of regret."),
        ("first", "", "Way of working that is held against the second."),
        ("second", "", "Way of working that the first is held against."),
        ("above_share", "share", "Share of settings in which the first ranks above the second.", _SHARE),
        ("above_low", "share", "Lower end of the 95 % interval of above_share.", _SHARE),
        ("above_high", "share", "Upper end of the 95 % interval of above_share.", _SHARE),
    ),
    **_rows(
        "cosim/studies/compare/channels.py",
        ("null", "", "Null model: which channels of influence are off; empty for the model as it is."),
        ("whole", _OWN, "Effect as it is, in the settings in which the null models were run."),
        ("whole_low", _OWN, "Lower end of the 95 % interval of whole."),
        ("whole_high", _OWN, "Upper end of the 95 % interval of whole."),
        ("left", _OWN, "Effect that stays under the null model."),
        ("left_low", _OWN, "Lower end of the 95 % interval of left."),
        ("left_high", _OWN, "Upper end of the 95 % interval of left."),
        ("lost", _OWN, "Effect that goes under the null model: whole less left, paired."),
        ("lost_low", _OWN, "Lower end of the 95 % interval of lost."),
        ("lost_high", _OWN, "Upper end of the 95 % interval of lost."),
        ("share", "share", "Part of the effect that stays: left of whole; empty where none is clear."),
        ("path", "", "How the effect works: by the talk, outside of it, or by the construction of a rule."),
    ),
    **_rows(
        "cosim/studies/compare/groups.py",
        ("label", "", "What the group is called."),
        ("voice", "equal shares", "The group's turns over an equal share of those present.", _COUNT),
        (
            "influence",
            "equal shares",
            "The group's share of influence over its share of the seats.",
            _COUNT,
        ),
        (
            "influence_change",
            "equal shares",
            "Mean paired difference of the group's influence to the baseline.",
        ),
    ),
    **_rows(
        "cosim/analysis/sobol.py",
        ("factor", "", "Parameter or dose that was varied: its dotted key."),
        ("with_factor", "", "Second parameter of a pair; empty for a single one."),
        ("index", "", "Which index: S1 alone, ST with interactions, S2 pair; mu, mu_star, sigma, rms; PAWN."),
        ("noise", "", "Whether replicate noise is in the index (uncorrected) or taken out (corrected)."),
        ("above_floor", "", "Whether the index is clearly above what chance alone reaches."),
        ("floor", "of the index", "What chance alone reaches.", _COUNT),
        ("n_base", "samples", "Number of base samples.", _COUNT),
    ),
    **_rows(
        "cosim/analysis/factorial.py",
        ("term", "", "Factor, or factors joined by *."),
        ("order", "factors", "How many factors the term has.", (1.0, _INF)),
        ("effect", _OWN, "Effect on the outcome: mean with minus mean without; half of it in a pair."),
        ("aliased_with", "", "Terms that the estimate holds as well."),
        ("clear", "", "Whether the corrected interval excludes 0."),
        ("built_in", "", "Whether a rule makes the effect by construction."),
    ),
    **_rows(
        "cosim/analysis/sweep.py",
        ("value", "of the factor", "Value of the factor."),
        ("value_of", "of the factor", "Value of the second factor."),
        ("band_low", _OWN, "Lower end of the band that holds the whole curve at once."),
        ("band_high", _OWN, "Upper end of the band that holds the whole curve at once."),
    ),
    **_rows(
        "cosim/studies/bundles/findings.py",
        ("within", "", "Whether the means keep within the budgets."),
        ("size", "interventions", "How many interventions the set has.", _COUNT),
        ("emergent", "", "Whether the effect on the first objective is no rule's construction."),
        ("on_front", "", "Whether no other set is better on all objectives (means over settings)."),
        ("front_share", "share", "Share of settings in which the set is on the front.", _SHARE),
        ("front_low", "share", "Lower end of the 95 % Wilson interval of front_share.", _SHARE),
        ("front_high", "share", "Upper end of the 95 % Wilson interval of front_share.", _SHARE),
        ("mean_regret", "of the first objective", "Mean distance to the best set of each setting.", _COUNT),
        ("regret_90", "of the first objective", "In 90 % of settings the distance is smaller.", _COUNT),
        ("max_regret", "of the first objective", "Largest distance to the best set of a setting.", _COUNT),
        ("minimax_share", "share", "Share of bootstrap draws in which its largest regret is least.", _SHARE),
        ("satisficing", "share", "Share of settings in which the set meets every wanted value.", _SHARE),
        ("satisficing_low", "share", "Lower end of the 95 % interval of satisficing.", _SHARE),
        ("satisficing_high", "share", "Upper end of the 95 % interval of satisficing.", _SHARE),
    ),
    **_rows(
        "cosim/analysis/prim.py",
        ("failing", "", "1 where the way of working fails in the setting, else 0.", _SHARE),
        ("search", "", "Number of the search that the box is from; each looks outside of those before."),
        ("box", "", "Number of the box.", _COUNT),
        ("stage", "", "How the box came to be: start, peel, paste or prune."),
        ("coverage", "share", "Share of all failures that lie in the box or leaf.", _SHARE),
        ("density", "share", "Share of failures among the settings in the box or leaf.", _SHARE),
        ("mass", "share", "Share of all settings that lie in the box or leaf.", _SHARE),
        ("n_points", "settings", "Settings in the box or leaf.", _COUNT),
        ("failures", "settings", "Settings in the box or leaf that fail.", _COUNT),
        ("n_restricted", "parameters", "Parameters that the box restricts.", _COUNT),
        ("side", "", "Whether the limit is a least value, a greatest value or a choice."),
        ("limit", "of the factor", "The limit."),
        ("quasi_p", "", "Chance of so dense a box without this limit; no p value of a test.", _SHARE),
        ("density_without", "share", "Density of the box without this limit.", _SHARE),
        ("restricted_share", "share", "Share of random halves in which the factor is restricted.", _SHARE),
        ("leaf", "", "Number of the leaf of the classification tree.", _COUNT),
        ("rule", "", "The leaf's rule, in words."),
    ),
    **_rows(
        "cosim/analysis/regional.py",
        ("gap", "share", "Largest gap between cumulative shares of settings that fail and others.", _SHARE),
        ("at", "of the factor", "Where the gap is largest; empty for what is no number."),
        ("fails_where", "", "It fails more often where the factor is low, high, or has this value."),
        ("p", "", "Chance of so large a gap where nothing matters, for all factors together.", _SHARE),
        ("bin", "", "Number of the part of the outcome's range, from the lowest.", _COUNT),
        ("outcome_low", "", "Lower end of this part: of the outcome, or of the paired difference."),
        ("outcome_high", "", "Upper end of this part: of the outcome, or of the paired difference."),
        ("distance", "", "Cramér-von Mises statistic: the factor in this part against all others."),
    ),
    **_rows(
        "cosim/studies/looked_again.py",
        ("before", _OWN, "Difference to the baseline in the study's own settings, which chose."),
        ("behind", _OWN, "Difference to the way of working placed first."),
        ("behind_low", _OWN, "Lower end of the 95 % interval of behind."),
        ("behind_high", _OWN, "Upper end of the 95 % interval of behind."),
        ("fixed_worlds", "settings", "Settings with which a t interval would be as narrow.", _COUNT),
    ),
    **_rows(
        "cosim/analysis/structure.py",
        ("structure", "", "Form of the model."),
        ("change", _OWN, "Effect under this form minus effect under the form as it is."),
        ("change_low", _OWN, "Lower end of the 95 % interval of the change."),
        ("change_high", _OWN, "Upper end of the 95 % interval of the change."),
        ("sign", "", "Which way the effect goes under the form as it is: lower, higher or unclear."),
        ("n_forms", "forms", "Number of other forms.", _COUNT),
        ("same_sign_share", "share", "Share of forms whose effect lies on the same side of 0.", _SHARE),
        ("clear_share", "share", "Share of forms whose whole interval lies on that side.", _SHARE),
        ("reversed_by", "", "Forms with a clear effect the other way."),
        ("lost_in", "", "Forms with no clear effect."),
        ("changed_by", "", "Forms whose change is clear."),
        ("verdict", "", "survives all, reversed, weakens, or unclear to begin with."),
    ),
}


@dataclass(frozen=True)
class Dictionary:
    """What the columns of one study mean.

    Attributes
    ----------
    currency : str
        Currency of the study's prices; empty when it has none.
    """

    currency: str = ""

    @classmethod
    def of(cls, scenario: Scenario | None) -> Dictionary:
        """Return the dictionary of a study of a scenario."""
        return cls(scenario.costs.currency if scenario is not None else "")

    def column(self, name: str, table: str = "") -> Column | None:
        """Return what is known of a column.

        Parameters
        ----------
        name : str
        table : str
            Name of the table without ending, in which a name may have a meaning of its own.

        Returns
        -------
        Column or None
        """
        known = PEOPLE_COLUMNS if table == "people" else RUN_COLUMNS
        found = known.get(name) or _STATISTICS.get(name) or PEOPLE_COLUMNS.get(name) or _designed(name)
        if found is not None and found.unit == "currency":
            return replace(found, unit=self.currency or "money")
        return found

    def fields(self, table: str, names: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return the field metadata of a Parquet file: name of the column, then what is known of it."""
        found = {}
        for name in names:
            one = self.column(name, table)
            if one is not None:
                known = {
                    "unit": one.unit,
                    "range": one.range_words,
                    "description": one.sentence,
                    "source": one.source,
                }
                found[name] = {key: value for key, value in known.items() if value}
        return found

    def rows(self, table: str, types: Mapping[str, str]) -> list[dict[str, object]]:
        """Return the rows of ``columns.csv`` for one table.

        Parameters
        ----------
        table : str
            Its name without ending.
        types : mapping of str to str
            Type of each column, in the table's order.
        """
        found: list[dict[str, object]] = []
        for name, kind in types.items():
            one = self.column(name, table) or Column(name, "", "")
            ends = (end if math.isfinite(end) else "" for end in (one.least, one.greatest))
            values = (table, name, kind, one.unit, *ends, one.sentence, one.source)
            found.append(dict(zip(FIELDS, values, strict=True)))
        return found


def explained(name: str) -> Column | None:
    """Return what is known of a column of any table."""
    return Dictionary("money").column(name)


def known_columns() -> tuple[str, ...]:
    """Return the names of all columns that have a record of their own; parameters have theirs elsewhere."""
    return tuple(dict.fromkeys([*RUN_COLUMNS, *PEOPLE_COLUMNS, *_STATISTICS]))


def write_columns(folder: Path, dictionary: Dictionary) -> None:
    """Write ``columns.csv``: what the columns of a study's Parquet tables mean.

    Raises
    ------
    StoreError
        When the system refuses.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    rows: list[dict[str, object]] = []
    for name in TABLES:
        if (folder / name).is_file():
            schema = pq.read_schema(folder / name)
            types = {one.name: _ARROW.get(str(one.type), "text") for one in schema}
            rows += dictionary.rows(Path(name).stem, types)
    write_text(folder / COLUMNS, csv_text(pd.DataFrame(rows, columns=list(FIELDS), dtype=object)))


def columns_of(tables: Mapping[str, pd.DataFrame], dictionary: Dictionary) -> pd.DataFrame:
    """Return ``tables/columns.csv``: what the columns of a report's tables mean."""
    import pandas as pd

    rows = [row for name, table in tables.items() for row in dictionary.rows(name, types_of(table))]
    return pd.DataFrame(rows, columns=list(FIELDS), dtype=object)


def types_of(table: pd.DataFrame) -> dict[str, str]:
    """Return a word for the type of each column: number, whole number, yes or no, text."""
    words = {"f": "number", "i": "whole number", "u": "whole number", "b": "yes or no"}
    return {str(name): words.get(kind.kind, "text") for name, kind in table.dtypes.items()}


def _designed(name: str) -> Column | None:
    """Return what is known of a column of the design: a changed key, or the dose of an intervention."""
    if name == DUMMY:
        return Column(name, "", "A parameter that does nothing: what chance alone reaches.", 0.0, 1.0)
    if name.startswith(_WITH):
        one = KNOWN.get(name.removeprefix(_WITH))
        source = "cosim/interventions; docs/ODD.md, interventions"
        return Column(name, "dose 0-1", f"Dose of: {one.title}.", 0.0, 1.0, source) if one else None
    for record in (*parameters(), *phase_parameters()):
        if record.key == name or _general(name) == record.key:
            ends = record.allowed if record.numeric else _TEXT
            source = f"{record.status}: {record.source}"
            return Column(name, record.unit, record.sentence, float(ends[0]), float(ends[1]), source)
    block, last = name.partition(".")[0], name.rpartition(".")[2]
    fields = {"team": Group.model_fields, "phases": Phase.model_fields}.get(block, {})
    if last in fields and fields[last].description:
        return Column(name, "", str(fields[last].description), source="cosim/scenario")
    return None


def _general(key: str) -> str:
    """Return the key of a parameter's record: ``phases.*.rule`` of ``phases.conducting.rule``."""
    parts = key.split(".")
    return ".".join([parts[0], "*", *parts[2:]]) if parts[0] == "phases" and len(parts) == 3 else key
