"""Pictures: well-formed, told in words, escaped, and drawn to the scale they claim."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from cosim.browser.drawing.bars import Bar, bars_svg, scale_of
from cosim.browser.drawing.lines import POINTS, QUIET, Curve, lines_svg
from cosim.browser.drawing.options import SHOWN, Options, options_svg
from cosim.browser.drawing.palette import LOOKS, glyph, reach
from cosim.browser.drawing.seats import HEIGHT, ROOM, WIDTH, seating
from cosim.browser.drawing.spread import Spread, quantile, spread_svg
from cosim.browser.drawing.svg import PAPER, num
from cosim.browser.drawing.table import GAP, LARGEST, THICKEST, legend_html, radius, table_svg, thickness
from cosim.browser.scene import MOVED, Person, Saying, Scene
from cosim.scenario.vocabulary import ROLES

NAMESPACE = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def parts(svg: str, tag: str) -> list[ElementTree.Element]:
    return list(parsed(svg).iter(NAMESPACE + tag))


def team(count: int = 12, **special: object) -> tuple[Person, ...]:
    return tuple(
        Person(
            name=f"Member {i}",
            short=f"M {i}",
            role=ROLES[i % 4],
            lead=i == 0,
            constituency=i % 4,
            mandate=0.3,
            voice=1.0 / count,
            influence=1.0 / count,
            **special,  # type: ignore[arg-type]
        )
        for i in range(count)
    )


def scene(count: int = 12, **more: object) -> Scene:
    outside = ("field", "care", "health authorities", "patients")
    return Scene(team(count), tuple(range(count)), outside=outside, **more)  # type: ignore[arg-type]


SAID = Saying(3, "Option C", "lived experience")


@pytest.mark.parametrize("form", ["round", "rectangular", "u_shape"])
@pytest.mark.parametrize("count", [2, 3, 9, 12, 13, 14, 15, 21, 29, 60])
def test_everyone_has_a_seat_of_their_own_inside_the_room(form: str, count: int) -> None:
    where = seating(scene(count, form=form))
    assert len(dict.fromkeys((round(x), round(y)) for x, y in where.places)) == count
    for x, y in where.places:
        assert ROOM[0] < x < ROOM[0] + ROOM[2]
        assert ROOM[1] < y < ROOM[1] + ROOM[3]
    if count <= 30:
        apart = [math.dist(a, b) for i, a in enumerate(where.places) for b in where.places[:i]]
        assert min(apart) > 2 * where.size * 0.9


@pytest.mark.parametrize(("count", "tables"), [(12, 2), (12, 3), (21, 3), (29, 8), (60, 15)])
def test_small_groups_sit_round_tables_of_their_own(count: int, tables: int) -> None:
    people = tuple(
        Person(f"P{i}", f"P{i}", "provider", table=i % tables, present=i % 7 != 6) for i in range(count)
    )
    where = seating(Scene(people, tuple(range(count)), tables=tables))
    assert len(where.tables) == tables
    for person, place in zip(people, where.places, strict=True):
        near = min(range(tables), key=lambda t: math.dist(place, where.tables[t].centre))
        assert near == person.table or not person.present
        assert 0 <= place[0] <= WIDTH
        assert 0 <= place[1] <= HEIGHT


def test_neighbours_in_order_are_neighbours_at_the_table() -> None:
    for form in ("round", "rectangular", "u_shape"):
        for count in (9, 12, 21):
            places = seating(scene(count, form=form)).places
            far = [i for i in range(count - 1) if _rank(places, i, i + 1) > 6]
            # A U has an open end, across which two in order sit apart.
            assert len(far) <= (form == "u_shape"), (form, count, far)


def _rank(places: list[tuple[float, float]], one: int, other: int) -> int:
    apart = [math.dist(places[one], place) for place in places]
    return sum(distance < apart[other] for distance in apart)


def test_areas_are_comparable_between_shapes() -> None:
    areas = {}
    for role, look in LOOKS.items():
        element = ElementTree.fromstring(glyph(look.shape, 50.0, 50.0, 20.0))
        if element.tag == "circle":
            areas[role] = math.pi * float(element.attrib["r"]) ** 2
        else:
            points = [tuple(map(float, p.split(","))) for p in element.attrib["points"].split()]
            ring = zip(points, points[1:] + points[:1], strict=True)
            areas[role] = abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in ring)) / 2
    assert len({look.shape for look in LOOKS.values()}) == len(LOOKS) == 4
    assert len({look.colour for look in LOOKS.values()}) == 4
    for area in areas.values():
        assert area == pytest.approx(math.pi * 400, rel=0.02)


def test_size_and_ring_grow_with_the_root_of_a_share() -> None:
    assert radius(1 / 12, 12, 15.0) == pytest.approx(15.0)
    assert radius(4 / 12, 12, 15.0) == pytest.approx(30.0)
    assert radius(1.0, 12, 15.0) == 15.0 * LARGEST
    assert radius(0.0, 12, 15.0) == 0.0


def test_a_ring_runs_outside_of_its_shape_and_is_as_thick_as_the_voice() -> None:
    voices = [0.0, 0.5, 1.0, 2.0, 9.0]
    people = tuple(
        Person(f"Member {i}", f"M{i}", ROLES[i % 4], voice=v / 5, influence=1 / 5)
        for i, v in enumerate(voices)
    )
    drawn = [g for g in parts(table_svg(Scene(people, tuple(range(5)))), "g") if "data-person" in g.attrib]
    found = []
    for group in drawn:
        outlines = [one for one in group if one.tag.endswith(("polygon", "circle"))]
        assert len({one.get("points", one.get("r")) for one in outlines}) == 1  # one shape: the gap is even
        widths = [float(one.get("stroke-width", 0.0)) / 2 for one in outlines]
        assert widths == sorted(widths, reverse=True)
        if len(outlines) == 1:
            found.append(0.0)
            continue
        ring, gap, shape = outlines
        assert (ring.get("data-ring"), gap.get("fill"), shape.get("fill")) == (
            ring.get("data-ring"),
            PAPER,
            LOOKS[ROLES[len(found) % 4]].colour,
        )
        assert widths[1] == GAP
        found.append(widths[0] - widths[1])
    assert found[0] == 0.0
    assert found[1:] == pytest.approx([found[2] / 2, found[2], found[2] * 2, found[2] * THICKEST], abs=0.11)
    assert found[2] == pytest.approx(thickness(0.2, 5, 17.0), abs=0.06)
    # Half an equal share is a pixel and a half wide, and the gap two, on a phone, where a table is 340 wide.
    assert found[1] * 340 / WIDTH >= 1.5
    assert GAP * 340 / WIDTH >= 1.8


def test_equal_people_do_not_touch_one_another() -> None:
    for count in (9, 12, 14):
        for form in ("round", "rectangular", "u_shape"):
            where = seating(scene(count, form=form))
            reaches = [
                max(*reach(LOOKS[p.role].shape, where.size)) + GAP + thickness(1 / count, count, where.size)
                for p in team(count)
            ]
            for i, j in combinations(range(count), 2):
                apart = math.dist(where.places[i], where.places[j])
                assert apart > (reaches[i] + reaches[j]) * 0.8, (count, form, i, j)


def test_a_table_says_who_is_there_and_what_is_said() -> None:
    svg = table_svg(scene(saying=SAID), "Team A", {"turn": 7})
    root = parsed(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["data-turn"] == "7"
    assert "Option C" in root.attrib["aria-label"]
    assert parts(svg, "title")[0].text == "Team A"
    people = [g for g in parts(svg, "g") if "data-person" in g.attrib]
    assert len(people) == 12
    assert all(g.find(NAMESPACE + "title") is not None for g in people)
    assert [g.attrib["data-name"] for g in people if g.attrib.get("data-speaking")] == ["Member 3"]


def test_lines_lead_to_whom_a_turn_moved_and_are_as_wide_as_it_did() -> None:
    people = list(team())
    for i, moved in ((1, MOVED / 2), (2, MOVED * 2), (5, MOVED * 4)):
        people[i] = Person(f"Member {i}", f"M{i}", "provider", moved=moved)
    svg = table_svg(Scene(tuple(people), tuple(range(12)), saying=SAID))
    pulls = [x for x in parts(svg, "line") if "data-moved" in x.attrib]
    assert len(pulls) == 2
    widths = sorted(float(pull.attrib["stroke-width"]) for pull in pulls)
    assert widths[1] > widths[0] * 1.5


def test_interruption_hands_facilitator_and_outside_are_drawn() -> None:
    cut = table_svg(scene(saying=Saying(3, "Option C", "policy", cut=True)))
    assert 'data-cut="yes"' in cut
    assert "is cut short" in cut
    assert 'data-cut="yes"' not in table_svg(scene(saying=SAID))
    led = table_svg(scene(saying=Saying(3, "Option C", "policy", floor="invited"), facilitated=True))
    assert 'data-facilitator="yes"' in led
    assert 'data-act="invited"' in led
    assert "data-facilitator" not in table_svg(scene(saying=SAID))
    assert "Hand raised" in table_svg(Scene(team(hand=True), tuple(range(12)), saying=SAID))
    outside = [g.attrib["data-outside"] for g in parts(cut, "g") if "data-outside" in g.attrib]
    assert sorted(outside) == ["care", "field", "health authorities", "patients"]


def test_who_is_away_or_only_listens_is_drawn_apart() -> None:
    away = table_svg(Scene(team(present=False), tuple(range(12))))
    assert "did not come to this meeting" in away
    assert "stroke-dasharray" in away
    assert "may not speak" in table_svg(Scene(team(speaks=False), tuple(range(12))))
    half = Scene(team(), tuple(range(6)))
    assert len([g for g in parts(table_svg(half), "g") if "data-person" in g.attrib]) == 6


def test_nothing_that_a_scenario_says_can_become_markup() -> None:
    evil = '<script>alert("1")</script>&'
    people = (Person(evil, evil, "patient"), Person("b", "b", "provider", moved=1.0))
    hostile = Scene(people, (0, 1), saying=Saying(0, evil, evil), outside=(evil,), facilitated=True)
    pictures = [
        table_svg(hostile, evil, {"turn": evil}),
        bars_svg([Bar(evil, "patient", 1.0, 2.0)], evil),
        lines_svg([Curve("A", evil, [0.1] * 40)], evil),
        options_svg(Options([0.1, 0.2], 1), evil),
        spread_svg([Spread("A", [0.1, 0.2], 0.1)], evil, evil),
    ]
    for svg in pictures:
        assert "<script" not in svg
        parsed(svg)


def test_bars_reach_as_far_as_their_numbers_say() -> None:
    bars = [Bar("Lead", "researcher", 2.0, 1.0), Bar("Public", "patient", 0.5, 0.25)]
    top = scale_of(bars)
    assert top == 2.0
    assert scale_of(bars, [Bar("x", "provider", 3.3, 1.0)]) == 3.5
    rows = [g for g in parts(bars_svg(bars, "Voice", top), "g") if "data-bar" in g.attrib]
    widths = [[float(r.attrib["width"]) for r in row.iter(NAMESPACE + "rect")] for row in rows]
    assert widths[0][0] == pytest.approx(2 * widths[0][1], abs=0.2)
    assert widths[1][0] == pytest.approx(widths[0][0] / 4, abs=0.2)
    assert [row.attrib["data-influence"] for row in rows] == ["1.000000", "0.250000"]


def test_curves_leave_out_the_start_and_stay_short() -> None:
    curves = [Curve("A", "voice", [0.9] * QUIET + [0.3] * 5000), Curve("B", "influence", [0.1] * 4)]
    svg = lines_svg(curves, "Inequality", [0, 600])
    drawn = [p for p in parts(svg, "polyline") if "data-curve" in p.attrib]
    assert [p.attrib["data-curve"] for p in drawn] == ["A-voice"]
    assert len(drawn[0].attrib["points"].split()) <= POINTS + 2
    assert "appears after ten turns" in lines_svg([Curve("A", "voice", [0.5] * 3)], "Inequality")
    assert "appears" in lines_svg([], "Inequality")


def test_labels_of_curves_do_not_cover_each_other() -> None:
    flat = [Curve(t, w, [0.2] * 40) for t in "AB" for w in ("voice", "influence")]
    labels = [t for t in parts(lines_svg(flat, "x"), "text") if (t.text or "").startswith(("A ", "B "))]
    heights = sorted(float(label.attrib["y"]) for label in labels)
    assert len(heights) == 4
    assert all(b - a >= 14 for a, b in pairwise(heights))


def test_options_mark_what_would_win_and_whose_favourite_it_is() -> None:
    shown = Options([0.4, 0.7, 0.5], 1, current=2, agenda=(1, 2), public=0, professionals=1, lead=2)
    svg = options_svg(shown, "Options")
    assert "would win" in svg
    rows = {g.attrib["data-option"]: g for g in parts(svg, "g") if "data-option" in g.attrib}
    assert list(rows) == ["A", "B", "C"]
    told = {letter: (row.find(NAMESPACE + "title").text or "") for letter, row in rows.items()}  # type: ignore[union-attr]
    assert "favourite of the public contributors" in told["A"]
    assert "not on the agenda" in told["A"]
    assert "would be decided now" in told["B"]
    assert "favourite of the lead" in told["C"]
    assert "decided" in options_svg(Options([0.1, 0.2], 1, decided=0), "x")
    assert "would win" not in options_svg(Options([0.1, 0.2], 1, decided=0), "x")
    assert "first turn" in options_svg(None, "x")


def test_of_many_options_the_highest_and_the_marked_are_drawn() -> None:
    scores = [i / 100 for i in range(37)]
    svg = options_svg(Options(scores, 36, current=0, public=1), "x")
    letters = [g.attrib["data-option"] for g in parts(svg, "g") if "data-option" in g.attrib]
    assert len(letters) == SHOWN
    assert {"A", "B", "AK", "AJ"} <= set(letters)
    assert "27 options with lower scores" in svg


def test_spreads_show_median_and_every_replicate() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([0.0, 1.0], 0.25) == 0.25
    values = [i / 200 for i in range(200)]
    svg = spread_svg([Spread("A", values, 0.3), Spread("B", [0.5] * 200)], "Gini", "Gini")
    rows = [g for g in parts(svg, "g") if "data-team" in g.attrib]
    assert [row.attrib["data-median"] for row in rows] == ["0.497500", "0.500000"]
    assert "nine tenths of 200 projects" in svg
    parsed(spread_svg([Spread("A", [0.0] * 5, 0.0)], "constant", "x"))


def test_numbers_that_are_none_do_not_break_a_picture() -> None:
    assert num(float("nan")) == "0"
    assert num(float("inf")) == "0"
    assert num(3.0) == "3"
    parsed(bars_svg([Bar("x", "patient", 0.0, 0.0)], "x"))


def test_the_legend_names_every_role() -> None:
    for word in ("researcher", "provider", "policymaker", "public contributor", "voice", "influence"):
        assert word in legend_html()
