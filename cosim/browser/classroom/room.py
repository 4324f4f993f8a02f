"""A class in a room: predictions from phones, and what many projects say of them. Nothing is written down.

A phone is a number that its browser keeps as a cookie. Nobody is asked for a name, and a room is gone when it
is closed or when the server ends.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from cosim.browser.hush import SORRY, tell_console
from cosim.browser.lesson import Lesson, lessons
from cosim.browser.predictions import QUESTIONS, Question, share_of
from cosim.browser.replicates import ENGINE, Replicates
from cosim.browser.setup import Way, base_scenario
from cosim.errors import ConfigError, CosimError, nearest_name
from cosim.interventions import INTERVENTIONS

LETTERS: Final = "ABCDEFGHJKMNPRSTUVWXYZ"
"""Letters of a code: none that is taken for another."""
CODE: Final = 4
MOST_ROOMS: Final = 40
MOST_PHONES: Final = 400
MONEY: Final = 500.0
MINUTES: Final = 60.0
"""What the challenge allows on top of working as usual, a project."""
PRICED: Final = 4
"""Projects from which the price of a single way of working is told beforehand."""
TRIALS: Final = 50
"""Projects by which an entry of the challenge is scored."""
MOST_WAYS: Final = 6

Stage = Literal["predict", "reveal", "challenge"]


@dataclass(frozen=True)
class Entry:
    """What a phone has entered in the challenge.

    Attributes
    ----------
    ways : tuple of str
        Interventions, all at full dose.
    inequality : float
        Mean Gini coefficient of influence over `TRIALS` projects.
    public : float
        Mean influence of a public contributor (1: an equal share).
    money, minutes : float
        What it took on top of working as usual, a project.
    """

    ways: tuple[str, ...]
    inequality: float
    public: float
    money: float
    minutes: float

    @property
    def within(self) -> bool:
        """Whether it keeps to what the challenge allows."""
        return self.money <= MONEY and self.minutes <= MINUTES


@dataclass
class Phone:
    """What came from one phone; `number` is what it is called on the board."""

    number: int
    answers: dict[str, str] = field(default_factory=dict)
    best: Entry | None = None
    last: Entry | None = None
    waits: bool = False
    problem: str = ""


@dataclass
class Room:
    """A room.

    Attributes
    ----------
    code : str
        What phones join by.
    key : str
        What the teacher's page is found by; nobody guesses it.
    lesson : Lesson
    stage : str
    phones : dict of str to Phone
    many : Replicates or None
        The lesson's 200 projects of each team, once they were run.
    prices : dict of str to (money, minutes)
        What each way of working takes alone, once the challenge has begun.
    spent : dict of int to (money, minutes)
        What working as usual takes, by the number of projects that it is a mean of.
    """

    code: str
    key: str
    lesson: Lesson
    stage: Stage = "predict"
    phones: dict[str, Phone] = field(default_factory=dict)
    many: Replicates | None = None
    prices: dict[str, tuple[float, float]] = field(default_factory=dict)
    spent: dict[int, tuple[float, float]] = field(default_factory=dict)
    usual: tuple[float, float] = (0.0, 0.0)
    """Mean inequality of influence as usual, and mean influence of a public contributor."""
    working: bool = False
    problem: str = ""
    closed: bool = False

    # -------------------------------------------------------------- predictions

    def phone(self, who: str) -> Phone:
        """Return a phone; it is in the room from now on.

        Raises
        ------
        CosimError
            When the room is full.
        """
        if who not in self.phones:
            if len(self.phones) >= MOST_PHONES:
                raise CosimError(f"the room is full: {MOST_PHONES} phones are in it")
            self.phones[who] = Phone(len(self.phones) + 1)
        return self.phones[who]

    def predict(self, who: str, answers: Mapping[str, str]) -> None:
        """Take a phone's predictions; a later one takes the place of an earlier one.

        Raises
        ------
        ConfigError
            When there is no such question or answer, or the class has seen the answer.
        """
        if self.stage != "predict":
            raise ConfigError("the class has seen the answer: it is too late to predict")
        known = {question.name: question for question in QUESTIONS}
        for name, answer in answers.items():
            if name not in known:
                raise ConfigError(
                    "there is no such question", key=name[:40], nearest=nearest_name(name, known)
                )
            if answer not in known[name].answers:
                allowed = ", ".join(known[name].answers)
                raise ConfigError("there is no such answer", key=name, value=answer[:40], allowed=allowed)
        self.phone(who).answers.update(answers)

    def distribution(self, question: Question) -> dict[str, int]:
        """Return how many phones gave each answer to a question."""
        found = Counter(phone.answers.get(question.name) for phone in self.phones.values())
        return {answer: found[answer] for answer in question.answers}

    def model(self, question: Question) -> dict[str, float] | None:
        """Return in what share of projects each answer is right; None before they were run."""
        if self.many is None or self.stage == "predict":
            return None
        return {answer: share_of(question.name, answer, self.many) for answer in question.answers}

    def reveal(self) -> None:
        """Run the lesson's projects, which takes seconds; then the class sees what they say."""

        def work() -> None:
            if self.many is None:
                self.many = ENGINE.run(self.lesson.setup, tab=self.key, wanted=lambda: not self.closed)
            if self.many is not None:
                self.stage = "reveal"

        self._do(work)

    # -------------------------------------------------------------- challenge

    def begin_challenge(self) -> None:
        """Find what each way of working costs, which takes seconds; then phones can enter."""

        def work() -> None:
            ENGINE.turns.enter(self.key)
            try:
                if not self.prices:
                    for count in (TRIALS, PRICED):  # an entry is held against the same projects as usual
                        usual = self._runs(self.key, (), count)
                        self.spent[count] = usual.money, usual.minutes
                        if count == TRIALS:
                            self.usual = usual.inequality, usual.public
                    for name in INTERVENTIONS:
                        if self.closed:
                            return
                        found = self._runs(self.key, (name,), PRICED)
                        self.prices[name] = found.money, found.minutes
            finally:
                ENGINE.turns.leave(self.key)
            self.stage = "challenge"

        self._do(work)

    def enter(self, who: str, ways: tuple[str, ...]) -> Callable[[], None]:
        """Return the work by which a phone's entry is scored; it takes a second.

        Raises
        ------
        ConfigError
            When there is no such way of working, there are too many, or there is no challenge now.
        """
        if self.stage != "challenge":
            raise ConfigError("there is no challenge now")
        for name in ways:
            if name not in INTERVENTIONS:
                told = "there is no such way of working"
                raise ConfigError(told, value=name[:40], nearest=nearest_name(name, INTERVENTIONS))
        if not 1 <= len(ways) <= MOST_WAYS:
            raise ConfigError("choose some ways of working", value=len(ways), allowed=f"1 to {MOST_WAYS}")
        phone = self.phone(who)
        if phone.waits:
            raise ConfigError("your last entry is being scored; wait a moment")
        phone.waits, phone.problem = True, ""

        def work() -> None:
            tab = f"{self.key} {phone.number}"
            try:
                ENGINE.turns.enter(tab)
                try:
                    found = self._runs(tab, ways, TRIALS)
                finally:
                    ENGINE.turns.leave(tab)
                phone.last = found
                if found.within and (phone.best is None or found.inequality < phone.best.inequality):
                    phone.best = found
            except CosimError as error:
                phone.problem = f"{error}"
            except Exception as error:  # a fault of ours: the page says so, and why stands in the console
                tell_console(error)
                phone.problem = SORRY
            finally:
                phone.waits = False

        return work

    def board(self) -> list[tuple[int, Entry]]:
        """Return every phone's best entry that keeps to what is allowed, the most equal first."""
        found = [(phone.number, phone.best) for phone in self.phones.values() if phone.best is not None]
        return sorted(found, key=lambda one: (one[1].inequality, one[1].money, one[0]))

    def _runs(self, tab: str, ways: tuple[str, ...], count: int) -> Entry:
        setup = self.lesson.setup
        way = Way(dict.fromkeys(ways, 1.0))
        scenario = (
            base_scenario(setup.scenario)
            if not ways
            else type(setup)(setup.scenario, setup.seed, way).team("A")
        )
        request = {"scenario": scenario.to_dict(), "seed": setup.seed, "first": 0, "replicates": count}
        runs = ENGINE.ask(tab, request)["runs"]
        means = {name: sum(runs[name]) / len(runs[name]) for name in _COLUMNS}
        money, minutes = self.spent.get(count, (0.0, 0.0))
        return Entry(
            ways,
            means["influence_gini"],
            means["influence_parity_public"],
            means["money"] - money,
            means["minutes"] - minutes,
        )

    def _do(self, work: Callable[[], None]) -> None:
        """Do what takes long; say in words what goes wrong."""
        self.working, self.problem = True, ""
        try:
            work()
        except CosimError as error:
            self.problem = f"{error}"
        except Exception as error:  # a fault of ours: the page says so, and why stands in the console
            tell_console(error)
            self.problem = SORRY
        finally:
            self.working = False


_COLUMNS: Final = ("influence_gini", "influence_parity_public", "money", "minutes")


@dataclass
class Rooms:
    """All rooms of a server, in memory only."""

    run: Callable[[Callable[[], None]], object] = lambda work: threading.Thread(
        target=work, daemon=True
    ).start()
    _known: OrderedDict[str, Room] = field(default_factory=OrderedDict)

    def open(self, lesson: str) -> Room:
        """Open a room for a lesson; when there are too many, the oldest is closed.

        Raises
        ------
        ConfigError
            When there is no such lesson.
        """
        known = {one.name: one for one in lessons()}
        if lesson not in known:
            near = nearest_name(lesson, known)
            raise ConfigError("there is no such lesson", key="lesson", value=lesson[:40], nearest=near)
        code = ""
        while not code or code in self._known:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE))
        room = self._known[code] = Room(code, secrets.token_urlsafe(12), known[lesson])
        while len(self._known) > MOST_ROOMS:
            self.close(next(iter(self._known.values())))
        return room

    def close(self, room: Room) -> None:
        """Close a room; nothing of it stays."""
        room.closed = True
        self._known.pop(room.code, None)

    def by_code(self, code: str) -> Room | None:
        """Return the room of a code, however it is written."""
        return self._known.get("".join(code.split()).upper())

    def by_key(self, key: str) -> Room | None:
        """Return the room of a teacher's key."""
        given = key.encode(errors="replace")
        found = (one for one in self._known.values() if secrets.compare_digest(one.key.encode(), given))
        return next(found, None)


ROOMS = Rooms()


def worded(entry: Entry) -> dict[str, Any]:
    """Return an entry as a page shows it."""
    return {
        "ways": ", ".join(INTERVENTIONS[name].title for name in entry.ways),
        "inequality": f"{entry.inequality:.3f}",
        "public": f"{entry.public:.2f}",
        "money": f"{round(entry.money):,}",
        "minutes": f"{round(entry.minutes):,}",
        "within": entry.within,
    }
