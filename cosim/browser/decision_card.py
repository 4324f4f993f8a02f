"""The card at a decision: who wanted what, what the ballots said, whose wish won, and who made it up."""

from __future__ import annotations

from typing import cast

import numpy as np

from cosim.browser.drawing.palette import LOOKS
from cosim.browser.drawing.svg import escaped
from cosim.browser.story import option_told
from cosim.browser.team_run import Decision, Watch
from cosim.formatting.titles import ROLE_WORDS, option_letter
from cosim.formatting.words import and_list
from cosim.scenario.vocabulary import PHASES, Role

_SORTS = ("by their own views", "for those they speak for", "by arguments")
NAMED = 16
"""People whose wishes a card can tell one by one."""


def card_html(watch: Watch, made: Decision, team: str) -> str:
    """Return the card of a decision; who wanted what by name, and through what, is folded away."""
    lines = [
        ("Wanted", _wanted(made)),
        ("Ballots", _ballots(made)),
        ("The lead", _lead(watch, made)),
        ("Whose wish", _won(made)),
    ]
    more = [("One by one", _one_by_one(watch, made)), ("Through", _through(made))]
    phase = PHASES[watch.model.plan.phases[made.phase].code]
    head = f"Decided: option {escaped(option_told(phase, made.choice))}"
    return (
        f'<div class="cosim-card" data-testid="card-{team}" data-choice="{made.choice}">'
        f"<h3>{head}</h3>{_list(lines)}{_parts(made)}"
        f"<details><summary>By name, and through what</summary>{_list(more)}</details></div>"
    )


def _list(lines: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{escaped(words)}</dd>" for name, words in lines if words)
    return f"<dl>{rows}</dl>"


def _shares(made: Decision) -> list[tuple[str, float, tuple[float, float, float]]]:
    """Return who made the decision up, the largest first: role, parts of 100, and of which sort they are."""
    shares = [
        (who, 100 * sum(sorts), (100 * sorts[0], 100 * sorts[1], 100 * sorts[2]))
        for who, *sorts in made.parts
    ]
    return sorted((one for one in shares if one[1] >= 0.5), key=lambda one: -one[1])


def _called(who: str) -> str:
    return {"lead": "lead", "outside": "outside"}.get(who, f"{ROLE_WORDS.get(who, who)}s")


def _parts(made: Decision) -> str:
    """Return the 100 parts of the decision as one bar, with its key."""
    shares = _shares(made)
    if not shares:
        return ""

    def mark(who: str, style: str = "") -> str:
        role = "researcher" if who == "lead" else who
        look = LOOKS.get(cast(Role, role))
        colour = look.colour if look else "#8a8f99"
        return f'<i class="{escaped(who)}" style="background:{colour}{style}"></i>'

    bar = "".join(mark(who, f";width:{share:.1f}%") for who, share, _ in shares)
    key = " ".join(f"<span>{mark(who)}{escaped(_called(who))} {share:.0f}</span>" for who, share, _ in shares)
    return (
        f'<div class="cosim-parts"><b>Who made it up, of 100 parts</b>'
        f'<div class="bar" aria-hidden="true">{bar}</div><div class="key">{key}</div></div>'
    )


def _wishes(made: Decision) -> dict[str, int]:
    found = {"the public": made.public, "the professionals": made.professionals, "the lead": made.lead}
    return {who: option for who, option in found.items() if option >= 0}


def _wanted(made: Decision) -> str:
    by_option: dict[int, list[str]] = {}
    for who, option in _wishes(made).items():
        by_option.setdefault(option, []).append(who)
    return "; ".join(f"{option_letter(option)}: {and_list(who)}" for option, who in by_option.items())


def _one_by_one(watch: Watch, made: Decision) -> str:
    """Return who has which option first, by name; where they are many, how many."""
    by_option: dict[int, list[str]] = {}
    for person, option in zip(watch.naming, made.wishes, strict=False):
        if option >= 0:
            by_option.setdefault(option, []).append(person.first)
    most_first = sorted(by_option, key=lambda one: (-len(by_option[one]), one))
    if sum(map(len, by_option.values())) > NAMED:
        return "; ".join(f"{option_letter(one)}: {len(by_option[one])}" for one in most_first)
    return "; ".join(f"{option_letter(one)}: {and_list(by_option[one])}" for one in most_first)


def _ballots(made: Decision) -> str:
    if made.settled or not made.scores:
        return ""
    best = sorted(range(len(made.scores)), key=lambda one: -made.scores[one])[:3]
    told = f"scores {and_list([f'{option_letter(one)} {made.scores[one]:.2f}' for one in best])}"
    agreed = "" if made.reached else "; not the agreement that the rule asks for"
    return f"{told}; the rule: {option_letter(made.leading)}{agreed}"


def _lead(watch: Watch, made: Decision) -> str:
    if not any(watch.model.plan.is_lead):
        return ""
    who = and_list([watch.naming[one].first for one in np.flatnonzero(watch.model.plan.is_lead)])
    if made.settled:
        return f"{who} had it settled in the protocol before the team met"
    if made.overridden:
        return f"{who} overrode the team and took {option_letter(made.choice)}"
    return f"{who} let the ballots stand"


def _won(made: Decision) -> str:
    wishes = _wishes(made)
    won = [who for who, option in wishes.items() if option == made.choice]
    lost = [who for who in wishes if who not in won]
    if not won:
        return f"nobody's first choice: neither {' nor '.join(lost)} had it first" if len(lost) > 1 else ""
    told = f"{and_list([_whose(who) for who in won])}"
    if made.overridden and won != ["the lead"]:
        told += " (but by the lead's word alone, whatever the ballots said)"
    return f"{told}, not {and_list([_whose(who) for who in lost])}" if lost else f"everybody's: {told}"


def _whose(who: str) -> str:
    return f"{who}'" if who.endswith("s") else f"{who}'s"


def _through(made: Decision) -> str:
    """Return the parts of the decision by who, the largest first, with how they came by them."""
    parts = []
    for who, whole, sorts in _shares(made):
        name = {"lead": "the lead", "outside": "evidence from outside"}.get(who, _called(who))
        ways = [f"{part:.0f} {words}" for part, words in zip(sorts, _SORTS, strict=True) if part >= 0.5]
        how = f" ({', '.join(ways)})" if who != "outside" else ""
        parts.append(f"{name} {whole:.0f}{how}")
    return f"of 100 parts {'; '.join(parts)}" if parts else ""
