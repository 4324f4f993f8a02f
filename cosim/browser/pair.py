"""Team A beside team B: same people, same random numbers, run in step."""

from __future__ import annotations

import time
from typing import Final

from cosim.browser.captions import Caption, difference_caption
from cosim.browser.setup import TEAMS, Setup
from cosim.browser.team_run import Watch
from cosim.formatting.titles import KIND_WORDS
from cosim.scenario.vocabulary import KINDS

SCENES: Final = 12
"""Scenes of a meeting: an item of the usual agenda has two."""
GLANCE: Final = 4
"""While the demo plays, ballots are counted every so many turns."""


class Pair:
    """Two teams at work, turn by turn.

    A team whose meeting is over waits until the other's is, so that both are always in the same meeting.

    Parameters
    ----------
    setup : Setup

    Attributes
    ----------
    teams : dict of str to Watch
        A and B.
    steps : int
        How often `step` was called.
    parted : int or None
        The step at which the two teams first differed; None while they are alike.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.teams = {team: Watch(setup.team(team), setup.seed) for team in TEAMS}
        self.steps = 0
        self.parted: int | None = None
        self._scene: tuple[tuple[int, ...], dict[str, int]] | None = None

    @property
    def running(self) -> bool:
        """Whether either team has turns left."""
        return any(watch.running for watch in self.teams.values())

    @property
    def place(self) -> int:
        """The meeting that the pair is in, counted from 0."""
        return min((watch.place for watch in self.teams.values() if watch.running), default=self.meetings)

    @property
    def meetings(self) -> int:
        """Number of meetings of the project."""
        return max(watch.meetings for watch in self.teams.values())

    def waits(self, team: str) -> bool:
        """Return whether a team's meeting is over while the other team's goes on."""
        watch = self.teams[team]
        return watch.running and watch.place > self.place

    @property
    def moment(self) -> tuple[int, ...]:
        """What changes from scene to scene: the meeting, how far its talk is, and what is decided."""
        here = self.place
        progress = [one.progress for one in self.teams.values() if one.running and one.place == here]
        decided = (len(one.decisions) for one in self.teams.values())
        return (here, int(SCENES * min(progress, default=1.0)), *decided)

    def scene(self, seconds: float = float("inf")) -> bool:
        """Take turns to the end of a scene, a twelfth of a meeting, or for some seconds of it.

        Returns
        -------
        bool
            Whether the scene is over; else the next call goes on with it.
        """
        until = time.perf_counter() + seconds
        if self._scene is None:
            self._scene = (self.moment, {team: len(one.model.log) for team, one in self.teams.items()})
        began, logged = self._scene
        while self.running and self.moment == began:
            self.step(look=False, count=False)
            if time.perf_counter() > until and self.moment == began:
                return False
        for team, one in self.teams.items():
            one.scene_over(logged[team])
            one.count_now()
        self._scene = None
        return True

    def step(self, *, look: bool = True, count: bool = True) -> None:
        """Let each team take one turn, unless it waits for the other or is done.

        Parameters
        ----------
        look, count : bool
            Whether to count the ballots, and influence, as well; see `Watch.step`.
        """
        if not self.running:
            return
        here = self.place
        for watch in self.teams.values():
            if watch.running and watch.place <= here:
                watch.step(look=look or (count and self.steps % GLANCE == 0), count=count)
        self.steps += 1
        if self.parted is None:
            self._compare()

    def _compare(self) -> None:
        a, b = self.teams.values()
        if _seen(a) == _seen(b):
            return
        self.parted = self.steps
        told = difference_caption(self.steps == 1, _told(a), _told(b), decided=a.decisions != b.decisions)
        for watch in (a, b):
            caption = Caption(max(watch.model.meeting, 0), watch.model.turn, "difference", told)
            # What was decided is what a class has waited for: it stays the first line.
            after = (
                watch.captions.popleft() if watch.captions and watch.captions[0].tone == "decision" else None
            )
            watch.captions.appendleft(caption)
            if after is not None:
                watch.captions.appendleft(after)


def _told(watch: Watch) -> tuple[object, ...]:
    """Return speaker, option, kind of knowledge and words of a team's last turn."""
    said = watch.model.contribution
    if said is None:
        return ()
    return watch.naming[said.speaker].name, said.item, KIND_WORDS[KINDS[said.kind]], said.words


def _seen(watch: Watch) -> tuple[object, ...]:
    """Return what there is to be seen of a team's last turn."""
    model, said = watch.model, watch.model.contribution
    told = () if said is None else (said.speaker, said.item, said.kind, said.words, said.said, said.uptake)
    return (model.meeting, model.turn, model.running, tuple(model.choices), *told)
