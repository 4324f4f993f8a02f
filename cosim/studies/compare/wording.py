"""What the template of a comparison's page is filled with: numbers, verdicts and names; no sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from cosim.analysis.gaps import LEAST_LOSS, LEAST_PART
from cosim.formatting.titles import ROLE_TITLES
from cosim.formatting.words import (
    and_list,
    number,
    of_every_hundred,
    percent,
    signed,
    signed_cost,
)
from cosim.outcomes import outcome_in_sentence, outcome_named, outcome_title
from cosim.reporting.wording import Worded, worded
from cosim.scenario.vocabulary import PUBLIC
from cosim.studies.arm_titles import BASELINE, BUILT_IN, EMERGENT
from cosim.studies.compare import figures, panel_tables, tables
from cosim.studies.compare.findings import PARITY, Comparison
from cosim.studies.compare.impacts import impacts
from cosim.studies.compare.phrases import (
    arm_words,
    cost_words,
    no_vote_levels,
    pool_words,
    settings_words,
    sized,
    what,
    wish,
    with_cost,
)
from cosim.studies.compare.strata import strata_data
from cosim.studies.prices import price_words
from cosim.studies.report_texts import (
    CEILING,
    first_look,
    identity_words,
    pairing_words,
    sample_words,
    sampler_words,
    status_counts,
)
from cosim.studies.teams import SHARE, SIZE

_TEMPLATE = Path(__file__).with_name("report.md.j2")
_NAMED = 3
"""So many that owe their effect to a rule are named in the answer; the list below it has all."""
_SHOWN = 8
PARTS = "parts_public"
_FIRST = 5


def words_of(comparison: Comparison, *, sections: bool = True) -> Worded:
    """Fill the template of a comparison's page; its answer and texts alone take a fraction of the time."""
    standing = comparison.standing
    values: dict[str, Any] = {
        "c": comparison,
        "ceiling": CEILING,
        "standing": standing,
        "pool": pool_words(comparison, comparison.primary),
        "pool_one": pool_words(comparison, comparison.primary).replace("that work ", "that works "),
        "voice_pool": pool_words(comparison, PARITY).replace("effect", "effect on influence"),
        "settings": settings_words(standing),
        "done": wish(comparison),
        "what": what(comparison),
        "named": _NAMED,
        "shown": _SHOWN,
        "heard": comparison.heard,
        "prices": price_words(comparison.results),
        "nulls": comparison.channels.nulls,
        "parity": PARITY,
        "impacts": sections and not comparison.impacts.empty,
        **_teams(comparison),
        **_rules(comparison),
        **_verdicts(comparison),
        **_lists(comparison),
        **_public(comparison),
        **_plain(comparison),
        **_method(comparison),
        **_precision(comparison),
    }
    return worded(
        _TEMPLATE,
        values,
        pictures=_pictures(comparison) if sections else None,
        blocks=_blocks(comparison) if sections else None,
        filters=_filters(comparison),
        sections=sections,
    )


def answer_of(comparison: Comparison, text: Worded) -> tuple[str, ...]:
    """Return the sentences of the answer: rules first where one does more than all that is ranked."""
    first = ("rule", "found") if comparison.rule_first else ("found", "rule")
    every = (*first, "takes", "outside", "teams", "nulls", "matters", "trades", "open")
    return tuple(" ".join(text.parts[name]) for name in every if text.parts.get(name))


def _filters(comparison: Comparison) -> Mapping[str, Callable[..., str]]:
    def several(arms: Sequence[str], most: int = 5) -> str:
        return and_list([arm_words(comparison, arm) for arm in arms], most=most)

    def sizes(arms: Sequence[str]) -> str:
        return and_list([sized(comparison, arm) for arm in arms], most=_NAMED)

    def built_in(arm: str, outcome: str) -> str:
        status = comparison.status(arm, outcome)
        return "" if status == EMERGENT else f" ({status})"

    return {
        "way": partial(arm_words, comparison),
        "ways": several,
        "sized": partial(sized, comparison),
        "sizes": sizes,
        "dear": partial(with_cost, comparison),
        "takes": partial(cost_words, comparison),
        "built_in": built_in,
        "part": _part,
        "outcomes": lambda names: and_list([outcome_in_sentence(name) for name in names]),
        "capital": lambda text: text[:1].upper() + text[1:],
    }


def _part(share: float) -> str:
    """Return what part of an effect stays; noise can take it beyond none and beyond all."""
    return "all" if share >= 1 else "nothing" if share <= 0 else percent(share)


def _teams(comparison: Comparison) -> dict[str, Any]:
    """Return for which teams the leader holds, where teams vary."""
    rows = [
        {str(key): value for key, value in row.items()} for row in strata_data(comparison).to_dict("records")
    ]
    return {"strata": rows, "turning": [row for row in rows if row["turns"]]}


def _rules(comparison: Comparison) -> dict[str, Any]:
    """Return what rules do by their construction, and how much of it and of the leader's effect is talk."""
    standing, field, found = comparison.standing, comparison.field, comparison.clearly_built_in
    leader = standing.leader if standing else None
    more = 0
    if field is not None and leader is not None:
        more = sum(field.badness(arm) < field.badness(leader) for arm in found)
    told = [*found[:1], *([leader] if leader and comparison.finding in ("best", "coin", "tie") else [])]
    if comparison.channels.nulls:
        null = comparison.channels.nulls[0]
        told = [
            arm
            for arm in told
            if math.isfinite(comparison.channels.kept(arm, null, comparison.primary).share)
        ]
    return {"ruled": found, "more_than_leader": more, "told_nulls": told}


def _verdicts(comparison: Comparison) -> dict[str, Any]:
    """Return how many are better, the same, worse or unclear, and who pays for it elsewhere."""
    margin = comparison.matters.get(comparison.primary, 0.0) if comparison.better is not None else 0.0
    judged = (
        [comparison.judged(comparison.primary, arm).verdict for arm in comparison.others] if margin else []
    )
    trades = dict(list(comparison.trades.items())[:_NAMED])
    margins = [f"{outcome_title(name)}: {value:g}" for name, value in comparison.matters.items()]
    return {
        "margin": margin,
        "counts": {word: judged.count(word) for word in ("better", "same", "worse", "unclear")},
        "trades": trades,
        "more_trades": len(comparison.trades) - len(trades),
        "margins": "Smallest differences that matter: " + and_list(margins, most=None),
        "lead_judged": any(entry.judged == "influence_lead" for entry in comparison.panel),
    }


def _lists(comparison: Comparison) -> dict[str, Any]:
    """Return what the lists of the page name."""
    standing = comparison.standing
    others = [outcome_in_sentence(name) for name in comparison.shown if name != comparison.primary]
    best = [arm for arm in comparison.ranked if arm in comparison.candidates][:_FIRST]
    leader = standing.leader if standing else None
    above = [comparison.above(arm, comparison.baseline).estimate for arm in _alike(comparison)]
    levels, everywhere = no_vote_levels(comparison.results)
    row = None
    if comparison.pool is not None and leader is not None:
        row = {str(key): value for key, value in comparison.pool.loc[leader].items()}
    return {
        "others": and_list(others),
        "chosen": comparison.results.notes.get("primary") == comparison.primary,
        "compound": [arm for arm in best if len(comparison.arms[arm].doses) > 1],
        "unclassified": comparison.on_path("open"),
        "narrower": _narrower_without_public(comparison),
        "surely": len(above),
        "least_above": min(above, default=math.nan),
        "levels": levels,
        "no_vote_at_all": everywhere,
        "first_look": first_look(comparison.results),
        "pool_row": row,
        "worth": _worth(comparison),
        "payers": _payers(comparison),
        "least_loss": f"{LEAST_LOSS:g}",
        "least_part": LEAST_PART,
        "moved": _moved(comparison),
        "clear_moves": _clear_moves(comparison),
    }


def _alike(comparison: Comparison) -> tuple[str, ...]:
    """Return the arms that the first sentence is about."""
    standing = comparison.standing
    if standing is None or standing.leader is None:
        return ()
    if comparison.finding == "tie":
        return tuple(arm for arm in standing.tied if arm in standing.winners)
    if comparison.finding == "coin" and standing.over_next is not None:
        return (standing.leader, standing.over_next.second)
    return (standing.leader,)


def _narrower_without_public(comparison: Comparison) -> list[str]:
    standing, influence = comparison.standing, comparison.influence
    if standing is None or influence is None or comparison.primary == PARITY:
        return []
    return [
        arm for arm in standing.winners if influence[arm].nearer.lost and influence[arm].difference.high < 0
    ]


def _worth(comparison: Comparison) -> list[dict[str, Any]]:
    found = []
    for arm in sorted(comparison.worth, key=comparison.ranked.index):
        extra = [
            signed_cost(
                comparison.value(comparison.primary, arm, f"{cost}_extra"), cost, comparison.results.currency
            )
            for cost in comparison.costs
        ]
        effect = comparison.value(comparison.primary, arm, "difference")
        found.append({"arm": arm, "effect": effect, "extra": and_list(extra)})
    return found


def _payers(comparison: Comparison) -> list[dict[str, Any]]:
    told = []
    for arm in dict.fromkeys(payer.arm for payer in comparison.payers):
        found = [payer for payer in comparison.payers if payer.arm == arm]
        losses = [
            f"{ROLE_TITLES[payer.role].lower()} {signed(payer.other.estimate)} (from "
            f"{number(payer.before, 2)} to {number(payer.after, 2)} of an equal share)"
            for payer in found
        ]
        told.append({"arm": arm, "gain": found[0].public.estimate, "losses": and_list(losses)})
    return told


def _moved(comparison: Comparison) -> tuple[str, str]:
    """Return who moved an outcome without a good direction most, and who of those no rule moves."""
    rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
    sizes = rows["difference"].abs()
    most = str(sizes.idxmax())
    free = [arm for arm in comparison.candidates if arm != most]
    ruled = comparison.status(most, comparison.primary) == BUILT_IN
    return most, str(sizes.loc[free].idxmax()) if ruled and free else ""


def _clear_moves(comparison: Comparison) -> int:
    rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
    return int(((rows["low"] > 0) | (rows["high"] < 0)).sum())


def _public(comparison: Comparison) -> dict[str, Any]:
    """Return what the leader does to the public, and who is heard without being heeded."""
    heard, influence, voice = comparison.heard, comparison.influence, comparison.voice
    leader = comparison.standing.leader if comparison.standing else None
    public = None
    if influence is not None and leader is not None and comparison.status(leader, PARITY) == EMERGENT:
        gap = influence[leader]
        clear = gap.difference.low > 0 or gap.difference.high < 0
        public = {"clear": clear, "before": influence[comparison.baseline].mean, "after": gap.mean}
    behind: list[str] = []
    if heard is not None and voice is not None:
        behind = sorted(heard.voice_only, key=lambda arm: -voice[arm].closed)
    nulls = bool(comparison.channels.nulls) and influence is not None and comparison.primary != PARITY
    return {"public": public, "voice_only": behind, "parity_nulls": nulls}


def _plain(comparison: Comparison) -> dict[str, Any]:
    """Return what public co-applicants are told: people, parts of 100 by arm, and how often of a hundred."""
    results, standing = comparison.results, comparison.standing
    people = _people(comparison)
    parts: dict[str, str] = {}
    if people and people["public"] and PARTS in results.outcomes:
        means = results.of_runs(["arm", PARTS]).groupby("arm")[PARTS].mean()
        parts = {str(arm): f"{mean:.0f}" for arm, mean in means.items()}
        parts["fair"] = people["of_100"]
    usual = comparison.baseline == BASELINE
    leader = standing.leader if standing and standing.over_baseline else None
    better = comparison.above(leader, comparison.baseline).estimate if leader else 0.0
    return {
        "people": people,
        "parts": parts,
        "as_usual": "as usual" if usual else f"by {arm_words(comparison, comparison.baseline)}",
        "often_plain": of_every_hundred(better, "worlds" if results.worlds > 1 else "runs"),
    }


def _people(comparison: Comparison) -> dict[str, Any] | None:
    """Return how many are in a team, and the share of the public among them; the mean share of a mix."""
    scenario, design = comparison.results.scenario, comparison.results.design_table
    if scenario is None:
        return None
    public = scenario.count(PUBLIC)
    least, most, share = scenario.size, scenario.size, public / scenario.size
    drawn = [name for name in (SIZE, SHARE) if name in design.columns]
    teams = design.read(["arm", *drawn])
    teams = teams.loc[teams["arm"] == comparison.baseline]
    if SIZE in drawn:
        least, most = int(teams[SIZE].min()), int(teams[SIZE].max())
    if SHARE in drawn:
        share = float(teams[SHARE].mean())
    of_100 = f"{100 * share:.0f}"
    return {"least": least, "most": most, "public": public, "of_100": of_100, "drawn": bool(drawn)}


def _method(comparison: Comparison) -> dict[str, Any]:
    results = comparison.results
    outcome = outcome_named(comparison.primary)
    told = outcome.sentence.rstrip(".") or outcome_title(comparison.primary)
    counts: Counter[str] = status_counts()
    return {
        "sample": sample_words(results),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
        "engine": results.study.get("engine", "compiled"),
        "primary_told": f"{told[:1].lower()}{told[1:]}",
        "unit": "settings" if results.worlds > 1 else "replicates",
        "identity": identity_words(results),
        "statuses": counts,
    }


def _precision(comparison: Comparison) -> dict[str, Any]:
    """Return how precise the differences are, what noise is in them, and whether n was enough."""
    rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
    mcse, se = (rows[name].to_numpy(dtype=float) for name in ("mcse", "se"))
    half = (rows["high"] - rows["low"]).to_numpy(dtype=float) / 2
    noise = rows["noise_share"].to_numpy(dtype=float)
    uneven = np.isfinite(mcse) & (se > 0)
    part = None
    if uneven.any() and comparison.results.worlds > 1:
        part = min(float(np.median((mcse[uneven] / se[uneven]) ** 2)), 1.0)
    return {
        "half": {"finite": bool(np.isfinite(half).any()), **_spread(half)},
        "mcse": _spread(mcse),
        "part_of_noise": part,
        "single_noise": float(np.nanmedian(noise)) if np.isfinite(noise).any() else None,
    }


def _spread(values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, float]:
    if not np.isfinite(values).any():
        return {}
    return {"median": float(np.nanmedian(values)), "largest": float(np.nanmax(values))}


def _blocks(comparison: Comparison) -> dict[str, Any]:
    """Return the tables that the page shows where there is something to show."""
    found: dict[str, Any] = {"table": tables.ranking_table(comparison)}
    if comparison.standing is not None:
        found["panel"] = panel_tables.panel_table(comparison)
        if comparison.candidates:
            found["leaders"] = tables.leaders_table(comparison)
    if comparison.channels.nulls:
        found["nulls"] = panel_tables.nulls_table(comparison)
    if comparison.channels.split_arms:
        found["channels"] = panel_tables.channels_table(comparison)
    if comparison.voice is not None and comparison.influence is not None:
        found["voice"] = tables.voice_table(comparison)
    if comparison.roles:
        found["roles"] = tables.roles_table(comparison)
    if not comparison.impacts.empty:
        found |= {
            "impacts": tables.impacts_table(comparison),
            "outcomes": tables.outcomes_table(comparison),
        }
    return found


def _pictures(comparison: Comparison) -> dict[str, Any]:
    found: dict[str, Any] = {"ranking": figures.ranking(comparison).draw}
    if comparison.heard is not None and comparison.heard.gap_in_voice:
        found["voice"] = figures.voice(comparison).draw
    if comparison.costs:
        found["cost"] = figures.cost(comparison).draw
    if comparison.roles:
        found["roles"] = figures.roles(comparison).draw
    if comparison.judged_panel and comparison.better is not None:
        found["panel"] = figures.panel(comparison).draw
    if not comparison.impacts.empty:
        found["impacts"] = impacts(comparison).draw
    return found
