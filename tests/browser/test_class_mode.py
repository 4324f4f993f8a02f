"""Class mode: sixty phones, what they predict, what the model says, a challenge, and who can reach it."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from typing import Any

import pytest

from cosim.browser.classroom.room import LETTERS, MONEY, MOST_PHONES, Entry, Room, Rooms
from cosim.browser.lesson import lessons
from cosim.browser.predictions import QUESTIONS, share_of
from cosim.browser.replicates import ENGINE
from cosim.errors import ConfigError, CosimError
from cosim.simulation.simulation import simulate
from tests.browser.conftest import PATIENCE, Watched
from tests.browser.test_accessibility import faults

VOICE = next(one for one in QUESTIONS if one.name == "voice")


def room() -> Room:
    return Rooms().open(lessons()[0].name)


def test_a_second_answer_takes_the_place_of_the_first() -> None:
    here = room()
    here.predict("me", {"voice": "the same"})
    here.predict("you", {"voice": "the same", "public": "more"})
    here.predict("me", {"voice": "more equally"})
    assert here.distribution(VOICE) == {"more equally": 1, "the same": 1, "less equally": 0}
    assert here.model(VOICE) is None


@pytest.mark.parametrize("answers", [{"voice": "perhaps"}, {"voiec": "the same"}, {"voice": ""}])
def test_what_cannot_be_answered_counts_nothing(answers: dict[str, str]) -> None:
    here = room()
    with pytest.raises(ConfigError):
        here.predict("me", answers)
    assert sum(here.distribution(VOICE).values()) == 0


def test_a_room_has_a_code_that_can_be_typed_and_ends() -> None:
    rooms = Rooms()
    here = rooms.open(lessons()[0].name)
    assert set(here.code) <= set(LETTERS)
    assert rooms.by_code(f" {here.code.lower()} ") is here
    assert rooms.by_key(here.key) is here
    rooms.close(here)
    assert rooms.by_code(here.code) is None
    assert rooms.by_key(here.key) is None
    with pytest.raises(ConfigError, match="no such lesson"):
        rooms.open("nothing")
    first = rooms.open(lessons()[0].name)
    for _ in range(60):
        rooms.open(lessons()[0].name)
    assert first.closed


def test_a_full_room_says_so() -> None:
    here = room()
    for number in range(MOST_PHONES):
        here.phone(str(number))
    with pytest.raises(CosimError, match="full"):
        here.phone("one more")
    assert here.phone("0").number == 1


def test_the_board_has_each_phones_best_that_keeps_to_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = room()
    here.stage = "challenge"
    scores = {
        ("round_robin",): (0.25, 10.0),
        ("secret_ballot",): (0.2, 20.0),
        ("payment",): (0.1, MONEY + 1.0),
    }

    def runs(tab: str, ways: tuple[str, ...], count: int) -> Entry:
        return Entry(ways, scores[ways][0], 0.7, scores[ways][1], 0.0)

    monkeypatch.setattr(here, "_runs", runs)
    for who, way in [("a", "round_robin"), ("b", "secret_ballot"), ("b", "round_robin"), ("c", "payment")]:
        here.enter(who, (way,))()
    assert [(number, entry.ways) for number, entry in here.board()] == [
        (2, ("secret_ballot",)),
        (1, ("round_robin",)),
    ]
    assert here.phones["c"].last is not None
    assert not here.phones["c"].last.within
    for wrong in [(), ("nothing",), tuple(f"way{n}" for n in range(9))]:
        with pytest.raises(ConfigError):
            here.enter("a", wrong)


def test_an_entry_is_scored_by_the_model_itself() -> None:
    here = room()
    here.stage = "challenge"
    ENGINE.turns.enter("x")
    found = here._runs("x", ("round_robin",), 5)
    ENGINE.turns.leave("x")
    lesson = here.lesson
    runs = simulate(lesson.setup.base.with_interventions({"round_robin": 1.0}), 5, lesson.seed).runs
    assert found.inequality == pytest.approx(runs["influence_gini"].mean(), abs=1e-12)
    assert found.money == pytest.approx(runs["money"].mean())


class Telephone:
    """A phone's browser: it keeps its cookies."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self) -> str:
        return str(self.browser.open(self.place, timeout=PATIENCE).read().decode())

    def send(self, **fields: str) -> str:
        data = urllib.parse.urlencode(fields).encode()
        return str(self.browser.open(self.place, data, timeout=PATIENCE).read().decode())


def post(place: str, **fields: str) -> Any:
    return urllib.request.urlopen(place, urllib.parse.urlencode(fields).encode(), timeout=PATIENCE)


@pytest.mark.browser
def test_sixty_phones_predict_and_the_model_is_laid_over(watched: Watched) -> None:
    lesson = lessons()[0]
    key = post(watched.address + "/class", lesson=lesson.name).url
    page = watched.page
    page.goto(key)
    code = page.get_by_test_id("code").inner_text()
    phones = [Telephone(f"{watched.address}/join/{code}") for _ in range(60)]
    with ThreadPoolExecutor(60) as crowd:
        assert all("What do you expect" in told for told in crowd.map(Telephone.open, phones))
        answers = ["more equally"] * 40 + ["the same"] * 15 + ["less equally"] * 5
        sent = crowd.map(lambda phone, answer: phone.send(voice=answer), phones, answers)
        assert all("Sent." in told for told in sent)
    page.get_by_text("60 phones here").wait_for()  # without loading the page again
    asked = page.locator(".asked", has_text=VOICE.text)
    for place, count in enumerate([40, 15, 5]):  # the wall looks once a second
        row = asked.locator(f".answer:nth-of-type({place + 1})")
        row.and_(page.locator(f"[data-count='{count}']")).wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Reveal").click()
    page.wait_for_selector(".answer[data-model], [role=alert]")
    assert page.locator("[role=alert]").all_inner_texts() == []
    shown = asked.locator(".answer").evaluate_all("all => all.map(one => +one.dataset.model)")
    many = ENGINE.run(lesson.setup)
    assert many is not None
    assert shown == [pytest.approx(share_of("voice", answer, many), abs=1e-4) for answer in VOICE.answers]
    assert "Look at the wall" in phones[0].open()
    with pytest.raises(urllib.error.HTTPError, match="400"):
        phones[0].send(voice="the same")
    for other in (f"{watched.address}/join/{code}x", f"{watched.address}/class/{code}"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(other)
    page.get_by_role("button", name="Close the room").click()
    page.wait_for_url("**/class")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        phones[0].open()


@pytest.mark.browser
def test_only_this_machine_reaches_it_and_the_page_says_so(address: str) -> None:
    told = urllib.request.urlopen(address + "/class").read().decode()
    assert "--host 0.0.0.0" in told
    wrong = urllib.request.Request(address + "/join", headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(wrong)
    forged = urllib.request.Request(
        address + "/class", b"lesson=voice_is_not_influence", headers={"Origin": "http://elsewhere.example"}
    )
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(forged)
    key = post(address + "/class", lesson=lessons()[0].name).url
    for odd in (b"what=" + b"x" * 9000, b"what=%ff&" * 70, b"\xff\xfe"):
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(key + "/do", odd)
    looked = urllib.request.Request(address + "/join?code=ZZZZ", headers={"Accept": "text/html"})
    with pytest.raises(urllib.error.HTTPError, match="404") as lost:
        urllib.request.urlopen(looked)
    assert "no such room" in lost.value.read().decode()  # not that the page is missing
    for path in ("/class/%C3%A9", "/class/%C3%A9/state", "/join/%C3%A9", "/join/%00", "/plan/%C3%A9"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address + path)
    assert "phones here" in urllib.request.urlopen(key).read().decode()  # and the room goes on
    assert re.search(r"No names are asked for", told)
