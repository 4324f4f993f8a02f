"""What patterns ask, in words that fit a table and a figure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cosim.outcomes import outcome_title
from cosim.patterns import Expectation, Target
from cosim.validation.validation import Finding, direction

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gini_words": "Gini of words",
        "gini_words_sd": "SD of the Gini of words",
        "gini_turns": "Gini of turns",
        "gini_turns_sd": "SD of the Gini of turns",
        "gini_words_others": "Gini of words without the {role}",
        "word_shares": "Word shares by rank",
        "turn_shares": "Turn shares by rank",
        "top_share": "Share of whoever speaks most",
        "aba": "Floor returns (A-B-A)",
        "aba_lift": "Floor returns over chance",
        "role_ratio_words": "Words of a {role} over others'",
        "role_ratio_turns": "Turns of a {role} over others'",
        "role_relative_words": "Words of a {role}, times an equal share",
        "role_relative_turns": "Turns of a {role}, times an equal share",
        "role_word_share": "Word share of the {role}",
        "role_turn_share": "Turn share of the {role}",
        "role_tops": "{role} speaks most",
        "turn_words_mean": "Mean turn (words)",
        "turn_words_median": "Median turn (words)",
        "turn_words_log_mean": "Mean log length of turns",
        "turn_words_log_sd": "SD of log length of turns",
        "early_late_r": "First quarter's shares with the rest's",
        "session_r": "Shares from session to session",
        "kept_answer": "Members who keep their answer",
        "correctness_gain": "Gain in the score of answers",
        "agreement_gain": "Gain in pairs that agree",
        "adoption_by_voice": "Adoption by voice (slope)",
        "adoption_if_correct": "Adoption if right (slope)",
        "adoption_by_support": "Adoption by support (slope)",
        "win_rate": "Wins with {supporters} of 12 supporters",
        "shared_bias": "Shared over unshared information said",
        "status_ratio": "Turns, high over low: {diffuse} diffuse, {relevant} relevant",
        "status_ratio_words": "Words, high over low: {diffuse} diffuse, {relevant} relevant",
        "members": "Members who are a {role}",
        "spread_closed": "Spread closed, {survey}",
        "weight_own": "Weight of one's own view, {survey}",
        "weight_others": "Weight of the others' views, {survey}",
        "group_shift": "Shift of the group's mean, {survey}",
        "rank_shift": "Shift of mean ranks, {survey}",
        "view_r": "Views before with after (r), {survey}",
        "rank_r": "Ranks before with after (r), {survey}",
        "panels_rise": "Rise of the panels' share of variance, {survey}",
        "pull_by_talk": "Added pull per unit of talk, {survey}",
        "pull_by_certainty": "Added pull per SD of certainty, {survey}",
        "disagreement": "Disagreement of rankings before, {survey}",
        "disagreement_closed": "Disagreement closed, {survey}",
        "disagreement_closed_sd": "SD of disagreement closed, {survey}",
        "first_choice_changed": "First choice changed, {survey}",
        "largest_camp": "Largest camp before, {survey}",
        "stay_large": "Keep a widely shared first choice, {survey}",
        "stay_small": "Keep a less shared first choice, {survey}",
        "collective_first_kept": "The forum's first choice stays, {survey}",
    }
)
"""Short titles of statistics; braces hold what a target says of where."""


def title(target: Target) -> str:
    """Return a target's statistic and where it was taken: ``Gini of words, groups of 6``."""
    where = {key: str(value).replace("_", " by ") for key, value in target.at.items() if key == "survey"}
    text = TITLES.get(target.statistic, target.statistic.replace("_", " ")).format(**{**target.at, **where})
    if "n" in target.at:
        text += f", groups of {target.at['n']}"
    return text


def asked(one: Finding) -> str:
    """Return what a finding is about, whole."""
    if isinstance(one.asked, Target):
        return title(one.asked)
    if isinstance(one.asked, Expectation):
        return f"{outcome_title(one.asked.outcome)}: {direction(one.asked)}"
    return one.pattern.title


def brief(one: Expectation) -> str:
    """Return an expectation in few words, for a figure: the outcome, which way, and what for."""
    arrows = {"higher": "↑", "lower": "↓", "above": "above", "below": "below", "interior": "optimum inside"}
    text = f"{outcome_title(one.outcome)} {arrows[one.direction]}"
    if one.value is not None:
        return f"{text} {one.value:g}"
    if one.sweep is not None:
        return text
    used = [name.replace("_", " ") for name in one.arm.interventions]
    own = [f"{_last(key)} {value}" for key, value in one.arm.changes.items()]
    other = [f"{_last(key)} above {value}" for key, value in one.than.changes.items()]
    changed = own or other
    return f"{text} {one.because if len(used) > 1 and one.because else ', '.join(used or changed)}"


def _last(key: str) -> str:
    return key.rpartition(".")[2].replace("_", " ")
