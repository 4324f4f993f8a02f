"""The meeting as people know it: who sits where, who speaks, whom it moves.

A member's shape has the area of their influence so far; the ring that runs outside of it, with a gap between,
is as thick as their voice so far: a thick ring around a small shape talks much and decides little.
"""

from __future__ import annotations

import math

from cosim.browser.drawing.palette import ACCENT, LOOKS, glyph, reach
from cosim.browser.drawing.seats import (
    HEIGHT,
    ROOM,
    WIDTH,
    Point,
    Seating,
    Table,
    seating,
)
from cosim.browser.drawing.surroundings import facilitator, outside, steering
from cosim.browser.drawing.svg import CLEARED, PAPER, Data, element, line, path, picture, rect, text, title
from cosim.browser.scene import MOVED, Person, Saying, Scene
from cosim.formatting.titles import ROLE_WORDS
from cosim.formatting.words import counted

LARGEST = 2.4
"""Radius of the largest shape, in equal shares' radii; beyond it shapes no longer grow."""
THICK = 0.36
"""Thickness of the ring of somebody with an equal share of the turns, in equal shares' radii."""
THICKEST = 3.0
"""Equal shares of the turns beyond which a ring no longer grows."""
GAP = 3.0
"""Between shape and ring: two pixels on a phone."""
HALO = 6.0
"""How far the light around whoever speaks reaches beyond ring and shape."""

_FLOORS = {
    "open": "takes the floor",
    "round": "in the round",
    "invited": "is invited to speak",
    "queue": "in the queue",
    "written": "has written",
    "opening": "opens the item",
}


def table_svg(scene: Scene, name: str = "The meeting", data: Data = None) -> str:
    """Return the picture of a meeting.

    Parameters
    ----------
    scene : Scene
    name : str
        What the picture is called.
    data : mapping, optional
        Numbers to be read back from the page.
    """
    where = seating(scene)
    layers = [
        rect(*ROOM, rx=16, fill="none", stroke="currentColor", stroke_opacity=0.3),
        *(_table_top(table) for table in where.tables),
        outside(scene, where),
        steering(scene, where),
        _pulls(scene, where),
        _said(scene, where),
        *(_member(scene, i, where) for i in scene.order),
        facilitator(scene),
    ]
    return picture(
        WIDTH, HEIGHT, "".join(layers), name=name, description=_gist(scene), test_id="table", data=data
    )


def radius(share: float, people: int, equal: float) -> float:
    """Return the radius whose area stands for a share; an equal share has the radius `equal`."""
    return equal * min(math.sqrt(max(share, 0.0) * people), LARGEST)


def thickness(share: float, people: int, equal: float) -> float:
    """Return the thickness of the ring that stands for a share of the turns, in proportion to it.

    Parameters
    ----------
    share : float
        0..1.
    people : int
    equal : float
        Radius of the shape that an equal share of influence has.
    """
    return THICK * equal * min(max(share, 0.0) * people, THICKEST)


def _gist(scene: Scene) -> str:
    if scene.saying is None:
        present = counted(len(scene.order), "person", "people", spelled=True)
        return f"{present} at the table; nobody has spoken yet."
    speaker = scene.people[scene.saying.speaker]
    moved = sum(person.moved >= MOVED for person in scene.people)
    return (
        f"{speaker.name} speaks about {scene.saying.about} from {scene.saying.knowledge}; "
        f"{counted(moved, 'person', 'people', spelled=True)} moved."
    )


def _table_top(table: Table) -> str:
    (x, y), wide, tall = table.centre, table.half_width, table.half_height
    look = {"fill": "currentColor", "fill_opacity": 0.06, "stroke": "currentColor", "stroke_opacity": 0.35}
    if table.form == "round":
        return element("ellipse", cx=x, cy=y, rx=wide, ry=tall, **look)
    if table.form == "rectangular":
        return rect(x - wide, y - tall, 2 * wide, 2 * tall, rx=10, **look)
    thick = 34.0
    corners = [
        (x - wide, y + tall + 40),
        (x - wide, y - tall),
        (x + wide, y - tall),
        (x + wide, y + tall + 40),
        (x + wide - thick, y + tall + 40),
        (x + wide - thick, y - tall + thick),
        (x - wide + thick, y - tall + thick),
        (x - wide + thick, y + tall + 40),
    ]
    return element("polygon", points=path(corners), stroke_linejoin="round", **look)


def _member(scene: Scene, i: int, where: Seating) -> str:
    person, (x, y) = scene.people[i], where.places[i]
    count, look = len(scene.people), LOOKS[person.role]
    size = max(radius(person.influence, count, where.size), 2.0)
    thick = thickness(person.voice, count, where.size) if person.present else 0.0
    edge = GAP + thick if thick > 0.0 else 0.0
    speaking = scene.saying is not None and scene.saying.speaker == i and scene.saying.floor != "written"
    parts = [title(_told(person, count))]
    if speaking:
        halo = {"fill": ACCENT, "stroke": ACCENT, "opacity": 0.5, "stroke_linejoin": "round"}
        parts.append(glyph(look.shape, x, y, size, stroke_width=2.0 * (edge + HALO), **halo))
    if not person.present:
        size = where.size * 0.7
        parts.append(glyph(look.shape, x, y, size, fill="none", stroke=look.colour, stroke_dasharray="3 3"))
    else:
        parts.append(_ring_and_shape(person, x, y, size, thick))
    above, below = (out + edge for out in reach(look.shape, size))
    if person.lead:
        parts.append(_crown(x, y - above - (HALO if speaking else 2.0)))
    if person.hand:
        parts.append(_hand(x + where.size + edge + 4.0, y - where.size))
    parts.append(_label(person, x, y, below + (HALO if speaking else 0.0), len(scene.order)))
    return element(
        "g",
        *parts,
        data_role=person.role,
        data_person=person.id or person.name,
        data_name=person.name,
        data_voice=f"{person.voice:.6f}",
        data_influence=f"{person.influence:.6f}",
        data_speaking="yes" if speaking else None,
    )


def _ring_and_shape(person: Person, x: float, y: float, size: float, thick: float) -> str:
    """Draw the shape as large as the influence, and outside of it a ring as thick as the voice."""
    look = LOOKS[person.role]
    parts = []
    if thick > 0.0:
        # One outline behind the other: the outer one's rim is the ring, and the inner one clears the gap.
        for colour, wide, data in (("currentColor", GAP + thick, person.short), (PAPER, GAP, None)):
            parts.append(
                glyph(
                    look.shape,
                    x,
                    y,
                    size,
                    fill=colour,
                    stroke=colour,
                    stroke_width=2.0 * wide,
                    stroke_linejoin="round",
                    data_ring=data,
                )
            )
    faint = None if person.speaks else 0.45
    parts.append(glyph(look.shape, x, y, size, fill=look.colour, fill_opacity=faint))
    return "".join(parts)


def _told(person: Person, count: int) -> str:
    told = f"{person.name} ({ROLE_WORDS[person.role]}{', accountable lead' if person.lead else ''}): "
    if not person.present:
        return told + "did not come to this meeting"
    told += (
        f"voice {person.voice:.0%} of all turns so far, influence {person.influence:.0%} of decisions so far "
        f"(an equal share is {1 / count:.0%})"
    )
    if not person.speaks:
        told += "; listens and may not speak at this level of involvement"
    if person.hand:
        told += "; hand raised"
    if person.moved >= MOVED:
        told += f"; moved by {person.moved:.3f} of merit in this turn"
    return told


def _label(person: Person, x: float, y: float, below: float, crowd: int) -> str:
    size = 16.0 if crowd <= 14 else 12.0 if crowd <= 22 else 10.5
    room = len(person.short) * size * 0.29
    x = min(max(x, room + 2.0), WIDTH - room - 2.0)
    return text(
        person.short,
        x,
        min(y + below + size * 0.95, ROOM[1] + ROOM[3] + 12.0),
        anchor="middle",
        font_size=size,
        font_style=None if person.present and person.speaks else "italic",
        **CLEARED,
    )


def _crown(x: float, y: float) -> str:
    points = [
        (x - 7, y),
        (x - 8, y - 9),
        (x - 3.5, y - 5),
        (x, y - 11),
        (x + 3.5, y - 5),
        (x + 8, y - 9),
        (x + 7, y),
    ]
    return element("polygon", title("Accountable lead"), points=path(points), fill="currentColor")


def _hand(x: float, y: float) -> str:
    return element(
        "g",
        title("Hand raised"),
        line(x, y + 9, x, y - 2, stroke_width=2.5, stroke_linecap="round"),
        element("circle", cx=x, cy=y - 5.0, r=3.5, fill="currentColor"),
    )


def _pulls(scene: Scene, where: Seating) -> str:
    """Lines from the speaker to everyone who moved, as wide as they moved."""
    if scene.saying is None:
        return ""
    start = where.places[scene.saying.speaker]
    colour = LOOKS[scene.people[scene.saying.speaker].role].colour
    lines = []
    for i, person in enumerate(scene.people):
        if person.moved < MOVED or i == scene.saying.speaker:
            continue
        told = f"{person.name} moved by {person.moved:.3f} of merit"
        wide = min(1.0 + (person.moved - MOVED) * 900.0, 9.0)
        lines.append(
            element(
                "line",
                title(told),
                x1=start[0],
                y1=start[1],
                x2=where.places[i][0],
                y2=where.places[i][1],
                stroke=colour,
                stroke_width=wide,
                stroke_opacity=0.75,
                stroke_linecap="round",
                data_moved=f"{person.moved:.6f}",
            )
        )
    return element("g", *lines) if lines else ""


def _said(scene: Scene, where: Seating) -> str:
    """Draw what is said, in a balloon on the speaker's table."""
    said = scene.saying
    if said is None:
        return text("not begun", *_at(where.tables[0]), anchor="middle", fill_opacity=0.7)
    speaker = scene.people[said.speaker]
    table = where.tables[speaker.table if 0 <= speaker.table < len(where.tables) else 0]
    if scene.tables > 1:
        return _small_balloon(said, table, where.places[said.speaker])
    (x, y), (from_x, from_y) = table.centre, where.places[said.speaker]
    away = math.hypot(from_x - x, from_y - y) or 1.0
    across, up = (from_y - y) / away * 13.0, -(from_x - x) / away * 13.0
    tail = [(x + across, y + up), (from_x, from_y), (x - across, y - up)]
    edge = {"fill": PAPER, "stroke": "currentColor", "stroke_opacity": 0.5}
    balloon = [
        element("polygon", points=path(tail), stroke_dasharray="5 4" if said.cut else None, **edge),
        rect(x - 102.0, y - 37.0, 204.0, 74.0, rx=22, **edge),
        element("polygon", points=path(tail), fill=PAPER) if not said.cut else "",
        text(said.about, x, y - 12.0, anchor="middle", font_size=20, font_weight=700),
        text(f"from {said.knowledge}", x, y + 8.0, anchor="middle", font_size=16),
        text(_how(said), x, y + 27.0, anchor="middle", font_size=15, fill_opacity=0.8),
    ]
    if said.cut:
        balloon.append(_zigzag((x + from_x) / 2.0, (y + from_y) / 2.0))
    return element("g", *balloon, data_saying=said.about)


def _small_balloon(said: Saying, table: Table, start: Point) -> str:
    x, y = table.centre
    wide = min(max(table.half_width * 2.0 + 8.0, 66.0), 124.0)
    roomy = wide > 100.0
    tall = 38.0 if roomy else 22.0
    edge = {"fill": PAPER, "stroke": "currentColor", "stroke_opacity": 0.5}
    parts = [
        title(f"{said.about}, from {said.knowledge}; {_how(said)}"),
        line(x, y, start[0], start[1], stroke_opacity=0.5, stroke_dasharray="4 3" if said.cut else None),
        rect(x - wide / 2.0, y - tall / 2.0, wide, tall, rx=11, **edge),
        text(said.about, x, y - 2.0 if roomy else y + 4.5, anchor="middle", font_size=13, font_weight=700),
    ]
    if roomy:
        parts.append(text(said.knowledge, x, y + 13.0, anchor="middle", font_size=12))
    if said.cut:
        parts.append(_zigzag((x + start[0]) / 2.0, (y + start[1]) / 2.0))
    return element("g", *parts, data_saying=said.about)


def _how(said: Saying) -> str:
    told = _FLOORS[said.floor]
    if said.cut:
        told = "is cut short"
    if said.anonymous:
        told += ", unnamed"
    if said.off_remit:
        told += ", off the remit"
    return told


def _zigzag(x: float, y: float) -> str:
    points = [(x - 12, y + 5), (x - 6, y - 6), (x, y + 5), (x + 6, y - 6), (x + 12, y + 5)]
    return element(
        "polyline",
        title("Cut short"),
        points=path(points),
        fill="none",
        stroke="currentColor",
        stroke_width=3,
        data_cut="yes",
    )


def _at(table: Table) -> Point:
    return table.centre[0], table.centre[1] + 5.0


def _mark(x: float, size: float, thick: float) -> str:
    shape = element("circle", cx=x, cy=9.0, r=size, fill="currentColor", fill_opacity=0.6)
    if not thick:
        return shape
    middle = size + 1.5 + thick / 2.0
    look = {"fill": "none", "stroke": "currentColor", "stroke_width": thick}
    return element("circle", cx=x, cy=9.0, r=middle, **look) + shape


def legend_html() -> str:
    """Return the legend of the table: roles, ring and shape, lines."""
    entries: list[tuple[str, str, int]] = []
    for role, look in LOOKS.items():
        mark = glyph(look.shape, 9.0, 9.0, 6.5, fill=look.colour)
        entries.append((mark, ROLE_WORDS[role], 18))
    rings = _mark(9.0, 3.5, 1.2) + _mark(27.0, 3.5, 4.0)
    entries.append((rings, "ring: voice so far (thicker: speaks more often)", 36))
    shapes = _mark(9.0, 3.0, 0.0) + _mark(27.0, 7.5, 0.0)
    entries.append((shapes, "shape: influence, as if decided now (larger: decides more)", 36))
    pull = line(1, 9, 17, 9, stroke_width=4, stroke_opacity=0.6)
    entries.append((pull, "line: who moved, and how far", 18))
    thread = line(1, 9, 17, 9, stroke_width=2, stroke_dasharray="1 4", stroke_linecap="round")
    entries.append((thread, "thread: speaks for people outside", 18))
    shown = "".join(
        f'<span><svg viewBox="0 0 {wide} 18" width="{wide}" aria-hidden="true">{mark}</svg> {words}</span>'
        for mark, words, wide in entries
    )
    return f'<div class="cosim-legend" data-testid="legend">{shown}</div>'
