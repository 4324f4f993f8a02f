"""The questions of "predict first", and how a prediction did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from cosim.browser.drawing.svg import escaped
from cosim.browser.pair import Pair
from cosim.browser.replicates import Replicates
from cosim.formatting.titles import OUTCOME_WORDS, ROLE_WORDS
from cosim.scenario.vocabulary import Role

OUTCOME_CHOICES: Final = tuple(OUTCOME_WORDS)
SAME: Final = 0.01
"""Difference of two Gini coefficients or parities that counts as none."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to the class."""

    name: str
    text: str
    answers: tuple[str, ...]


QUESTIONS: Final = (
    Question("most", "Who will have the most influence in team A?", tuple(ROLE_WORDS.values())),
    Question(
        "voice",
        "Will the turns be shared more equally in team B?",
        ("more equally", "the same", "less equally"),
    ),
    Question("influence", "And influence?", ("more equally", "the same", "less equally")),
    Question("public", "Will the public have more influence in team B?", ("more", "the same", "less")),
)


def verdicts(given: Mapping[str, str], pair: Pair, many: Replicates | None) -> str:
    """Return a table of predictions, of what the project watched shows, and of what many projects do."""
    rows = []
    for question in QUESTIONS:
        answer = given.get(question.name)
        if answer is None:
            continue
        seen = watched_answer(question.name, pair)
        share = "" if many is None else f"{share_of(question.name, answer, many):.0%}"
        mark = "as predicted" if seen == answer else "not as predicted"
        cells = (question.text, answer, f"{seen} ({mark})", share or "not run yet")
        rows.append("<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in cells) + "</tr>")
    heads = (
        "Question",
        "Prediction",
        "In the project watched, so far",
        f"Share of {200 if many is None else many.count} projects as predicted",
    )
    head = "".join(f"<th>{one}</th>" for one in heads)
    return (
        f'<div class="cosim-text" data-testid="verdicts"><table><tr>{head}</tr>{"".join(rows)}</table></div>'
    )


def in_short(given: Mapping[str, str], pair: Pair) -> str:
    """Return what was predicted beside what the project watched shows; nothing before both have decided."""
    if not all(one.decisions for one in pair.teams.values()):
        return ""
    lines = []
    for question in QUESTIONS:
        answer = given.get(question.name)
        if answer is not None:
            seen = watched_answer(question.name, pair)
            told = "as you said" if seen == answer else f"you said: {answer}"
            lines.append(f"<li>{escaped(question.text)} <b>{escaped(seen)}</b> ({escaped(told)})</li>")
    return f'<ul data-testid="in-short">{"".join(lines)}</ul>' if lines else ""


def watched_answer(name: str, pair: Pair) -> str:
    """Return the answer that the project watched gives so far."""
    a, b = pair.teams["A"], pair.teams["B"]
    if name == "most":
        rows = a.by_person()
        role = max(rows, key=lambda row: row[3])[1]
        return ROLE_WORDS[role]
    if name in ("voice", "influence"):
        return _more(b.curves[name][-1] - a.curves[name][-1], "less equally", "more equally")
    return _more(_public(b.by_role()) - _public(a.by_role()), "more", "less")


def _public(by_role: Mapping[Role, tuple[float, float]]) -> float:
    return by_role["patient"][1] if "patient" in by_role else 0.0


def share_of(name: str, answer: str, many: Replicates) -> float:
    """Return the share of projects in which an answer is right, both teams under the same random numbers."""
    if name == "most":
        role = next(role for role, word in ROLE_WORDS.items() if word == answer)
        return many.share_leading("A", role)
    outcome = {"voice": "voice_gini", "influence": "influence_gini", "public": "influence_parity_public"}[
        name
    ]
    up, down = ("more", "less") if name == "public" else ("less equally", "more equally")
    pairs = zip(many.runs["A"][outcome], many.runs["B"][outcome], strict=True)
    right = [_more(b - a, up, down) == answer for a, b in pairs]
    return sum(right) / len(right)


def _more(difference: float, up: str, down: str) -> str:
    if abs(difference) < SAME:
        return "the same"
    return up if difference > 0 else down


def without_prediction(query: str) -> tuple[str, dict[str, str]]:
    """Return an address's query without the start page's prediction, and that prediction."""
    pairs = parse_qsl(query, keep_blank_values=True)
    told = next((value for key, value in pairs if key == "predict"), "")
    name, _, answer = told.partition(":")
    if not any(question.name == name and answer in question.answers for question in QUESTIONS):
        return query, {}
    rest = [part for part in query.split("&") if not part.startswith("predict=")]
    return "&".join(rest), {name: answer}
