"""Both teams side by side, as one piece of HTML: a turn of play is one message to the browser."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache, partial
from typing import Final

from cosim.browser.decision_card import card_html
from cosim.browser.drawing.bars import Bar, bars_svg, scale_of
from cosim.browser.drawing.lines import Curve, lines_svg
from cosim.browser.drawing.options import Options, options_svg
from cosim.browser.drawing.svg import escaped
from cosim.browser.drawing.table import legend_html, table_svg
from cosim.browser.headline import headline_html
from cosim.browser.pair import Pair
from cosim.browser.setup import TEAMS
from cosim.browser.team_run import Watch
from cosim.formatting.titles import PHASE_WORDS, ROLE_WORDS, option_letter
from cosim.scenario.vocabulary import PHASES

SHOWN = 7
NOTE: Final = (
    "Influence is shown as if the team decided now, by its own rule. Who is away casts no ballot, and has "
    "influence only by what they have said before; those to whom others look when they vote have more."
)
"""What a class asks first about the bars."""


def board_html(
    pair: Pair, *, by_person: bool = False, charts: bool = True, seen: Collection[str] | None = None
) -> str:
    """Return tables, captions and charts of both teams.

    Parameters
    ----------
    pair : Pair
    by_person : bool
        Bars for each person instead of each role.
    charts : bool
        Whether to draw the charts below the tables.
    seen : collection of str, optional
        Parts that are in sight; of the others only a mark is returned that the page keeps what it has.
    """
    parts: dict[str, Callable[[], str]] = {}
    for team in TEAMS:
        parts[f"team-{team}"] = partial(_team, pair, team)
    parts["legend"] = legend_html
    if charts:
        parts.update(_charts(pair, by_person))
    inner = "".join(
        f'<section class="{_classes(name)}" data-part="{name}" {_ID.get(name, "")}>{draw()}</section>'
        if seen is None or name in seen
        else f'<section data-part="{name}" data-kept="yes"></section>'
        for name, draw in parts.items()
    )
    alike = "yes" if pair.parted is None else "no"
    head = f'class="cosim-board" data-testid="board" data-step="{pair.steps}" data-alike="{alike}"'
    head += f' data-scenario="{escaped(pair.setup.scenario)}"'
    return f"<div {head}>{inner}</div>"


AGREEMENT: Final = (
    "Agreement: how alike the public's and the professionals' mean judgements of the options are; "
    "1 alike, 0 not at all, -1 the opposite"
)
_ID: Final = {f"team-{team}": f'data-testid="team-{team}"' for team in TEAMS}


def _classes(part: str) -> str:
    if part == "legend":
        return "cosim-wide"
    return "cosim-team cosim-wide" if part == "curves" else "cosim-team"


def _charts(pair: Pair, by_person: bool) -> dict[str, Callable[[], str]]:
    """Return what draws each chart; both teams' bars have one scale."""

    @cache
    def bars() -> dict[str, list[Bar]]:
        return {team: _bars(pair.teams[team], by_person) for team in TEAMS}

    def shares(team: str) -> str:
        name = f"Team {team}: voice and influence"
        note = f'<p class="cosim-note">{escaped(NOTE)}</p>'
        return _card(name, bars_svg(bars()[team], name, scale_of(*bars().values())) + note)

    def options(team: str) -> str:
        return _card(f"Team {team}: where the options stand", _options(pair.teams[team], team))

    draw: dict[str, Callable[[], str]] = {}
    for team in TEAMS:
        draw[f"bars-{team}"] = partial(shares, team)
    for team in TEAMS:
        draw[f"options-{team}"] = partial(options, team)
    draw["curves"] = lambda: _card("Inequality over time (Gini: 0 is equal)", _curves(pair))
    for team in TEAMS:
        draw[f"log-{team}"] = partial(_log, pair, team)
    return draw


def _card(name: str, picture: str) -> str:
    return f"<h3>{escaped(name)}</h3>{picture}"


def _team(pair: Pair, team: str) -> str:
    watch = pair.teams[team]
    model = watch.model
    doses = pair.setup.doses(team)
    ways = ", ".join(
        pair.setup.ways[name].title + ("" if dose == 1.0 else f" ({dose:.0%})")
        for name, dose in doses.items()
    )
    changes = len(pair.setup.way(team).parameters)
    ways = ways or "no intervention"
    ways += f"; {changes} changed parameter{'s' if changes > 1 else ''}" if changes else ""
    now = watch.captions[0].text if watch.captions else "Not begun. Predict first, then press Step or Play."
    if not watch.running:
        now = f"The project is over. {now}"
    elif pair.waits(team):
        now = f"The meeting is over; waiting for the other team. {now}"
    # The card says it in large; a screen reader is still told it here.
    now_class = "cosim-now" if watch.decided is None else "cosim-now cosim-title"
    data = {
        "team": team,
        "turn": watch.turns,
        "meeting": model.meeting,
        "voice_gini": f"{watch.curves['voice'][-1] if watch.turns else 0.0:.6f}",
        "influence_gini": f"{watch.curves['influence'][-1] if watch.turns else 0.0:.6f}",
    }
    return (
        f"<h2>Team {team}</h2>"
        f'<div class="cosim-ways" data-testid="ways-{team}">{escaped(ways)}</div>'
        f"{headline_html(watch, team)}"
        f'<p class="{now_class}" data-testid="now-{team}" aria-live="polite" aria-atomic="true">'
        f"{escaped(now)}</p>"
        f"{'' if watch.decided is None else card_html(watch, watch.decided, team)}"
        f"{table_svg(watch.scene(), f'Team {team} at the table', data)}"
        f"{_progress(watch)}"
    )


def _progress(watch: Watch) -> str:
    model = watch.model
    if model.meeting < 0:
        return '<div class="cosim-facts">before the first meeting</div><div class="cosim-minutes"></div>'
    terms = model.terms
    used = min(model.minute / max(terms.talk_minutes, 1e-9), 1.0)
    phase = PHASE_WORDS[PHASES[model.plan.phases[min(model.phase, len(model.plan.phases) - 1)].code]]
    told = (
        f"Meeting {model.meeting + 1} of {watch.meetings} ({phase}), turn {model.turn}, minute "
        f"{model.minute:.0f} of {terms.talk_minutes:.0f}"
    )
    if watch.standing is not None:
        told += f"; agreement of public and professionals {watch.standing.agreement:.2f}"
    return (
        f'<div class="cosim-facts" data-testid="facts" title="{AGREEMENT}">{escaped(told)}</div>'
        f'<div class="cosim-minutes"><div style="width:{used:.1%}"></div></div>'
    )


def _bars(watch: Watch, by_person: bool) -> list[Bar]:
    if by_person:
        return [Bar(*row) for row in watch.by_person()]
    return [Bar(ROLE_WORDS[role], role, *shares) for role, shares in watch.by_role().items()]


def _options(watch: Watch, team: str) -> str:
    standing = watch.standing
    name = f"Team {team}: where the options stand"
    if standing is None:
        return options_svg(None, name)
    over = bool(watch.decisions) and len(watch.decisions) > watch.model.phase
    shown = Options(
        scores=standing.scores,
        leading=standing.leading,
        current=int(watch.model.item),
        agenda=watch.agenda(),
        public=standing.public,
        professionals=standing.professionals,
        lead=standing.lead,
        decided=watch.decisions[-1].choice if over else -1,
    )
    return options_svg(shown, name, {"winner": option_letter(standing.leading)})


def _curves(pair: Pair) -> str:
    curves = [
        Curve(team, what, one.curves[what], one.counted if what == "influence" else None)
        for team, one in pair.teams.items()
        for what in ("voice", "influence")
    ]
    places = pair.teams["A"].curves["meeting"]
    starts = [i for i in range(len(places)) if i == 0 or places[i] != places[i - 1]]
    return lines_svg(curves, "Inequality over time", starts)


def _log(pair: Pair, team: str) -> str:
    lines = "".join(
        f'<li class="{caption.tone}">{escaped(caption.text)}</li>'
        for caption in list(pair.teams[team].captions)[:SHOWN]
    )
    return (
        f"<h3>Team {team}: what happened, newest first</h3>"
        f'<ul class="cosim-log" data-testid="log-{team}">{lines}</ul>'
    )
