"""Where everyone sits: round one table of several forms, or at several small ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cosim.browser.scene import Scene

WIDTH, HEIGHT = 560.0, 430.0
ROOM = (30.0, 34.0, 500.0, 362.0)
"""The room: left, top, width, height; outside of it stand the constituencies."""
CENTRE = (280.0, 211.0)
STRIP = 34.0
"""Height at the bottom of the room that is kept for the facilitator and whoever sits at no table."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its outline and where what is said at it is written."""

    centre: Point
    half_width: float
    half_height: float
    form: str


@dataclass(frozen=True, slots=True)
class Seating:
    """Everyone's place.

    Attributes
    ----------
    places : list of (x, y)
        In the order of `Scene.people`.
    tables : list of Table
    size : float
        Radius that an equal share has.
    """

    places: list[Point]
    tables: list[Table]
    size: float


def seating(scene: Scene) -> Seating:
    """Return where everyone sits in a scene."""
    if scene.tables > 1:
        return _small_groups(scene)
    places: list[Point] = [CENTRE] * len(scene.people)
    count = len(scene.order)
    spots = {"round": _round, "rectangular": _rectangular, "u_shape": _u_shape}[scene.form](count)
    for spot, person in zip(spots, scene.order, strict=True):
        places[person] = spot
    size = 17.0 if count <= 10 else 15.0 if count <= 14 else 12.0 if count <= 22 else 9.5
    return Seating(places, [_table(scene.form, count)], size)


def _table(form: str, count: int) -> Table:
    if form == "round":
        return Table(CENTRE, 138.0, 84.0, form)
    if count > 14 and form == "rectangular":
        return Table(CENTRE, 172.0, 90.0, form)
    return Table(CENTRE, 150.0, 78.0, form)


def _round(count: int) -> list[Point]:
    """Equal arcs of an ellipse, the first seat at the top."""
    return [_on_ellipse(CENTRE, 202.0, 134.0, spot) for spot in _equal_arcs(202.0, 134.0, count)]


def _on_ellipse(centre: Point, across: float, up: float, angle: float) -> Point:
    return centre[0] + across * math.sin(angle), centre[1] - up * math.cos(angle)


def _equal_arcs(across: float, up: float, count: int) -> list[float]:
    """Return angles (from the top, clockwise) that lie equally far apart along an ellipse."""
    steps = 360
    lengths = [0.0]
    for step in range(steps):
        middle = 2.0 * math.pi * (step + 0.5) / steps
        lengths.append(lengths[-1] + math.hypot(across * math.cos(middle), up * math.sin(middle)))
    angles: list[float] = []
    at = 0
    for seat in range(count):
        wanted = lengths[-1] * seat / count
        while lengths[at + 1] < wanted:
            at += 1
        angles.append(2.0 * math.pi * at / steps)
    return angles


def _rectangular(count: int) -> list[Point]:
    """Put the first seat at the head (left), the others clockwise along the sides and the far end."""
    if count > 14:
        return _crowded(count)
    left, right, top, bottom = CENTRE[0] - 205.0, CENTRE[0] + 205.0, CENTRE[1] - 122.0, CENTRE[1] + 118.0
    far = 1 if count > 4 and count % 2 == 0 else 0
    upper = (count - 1 - far + 1) // 2
    lower = count - 1 - far - upper
    above = [(_spread(CENTRE[0], 330.0, i, upper), top) for i in range(upper)]
    below = [(_spread(CENTRE[0], 330.0, i, lower), bottom) for i in range(lower)]
    end = [(right, CENTRE[1])] * far
    # Clockwise from the head, so that neighbours in order are neighbours at the table.
    return [(left, CENTRE[1]), *above, *end, *reversed(below)]


def _crowded(count: int) -> list[Point]:
    """Equal distances along a wide rectangle, from the middle of its left side."""
    across, up = 440.0, 268.0
    way = 2.0 * (across + up)
    return [_on_rectangle(CENTRE, across, up, way * (seat / count)) for seat in range(count)]


def _on_rectangle(centre: Point, across: float, up: float, walked: float) -> Point:
    """Return the point reached by walking clockwise round a rectangle from the middle of its left side."""
    left, top = centre[0] - across / 2.0, centre[1] - up / 2.0
    legs = ((up / 2.0, 0, -1), (across, 1, 0), (up, 0, 1), (across, -1, 0), (up / 2.0, 0, -1))
    x, y = left, centre[1]
    for length, right, down in legs:
        step = min(walked, length)
        x, y, walked = x + right * step, y + down * step, walked - step
        if walked <= 0.0:
            break
    return x, max(y, top)


def _u_shape(count: int) -> list[Point]:
    """Put the first seat in the middle of the closed end (top), the others down both arms."""
    head = 1 + 2 * ((count + 1) // 6)
    arms = count - head
    right, left = (arms + 1) // 2, arms // 2
    top = CENTRE[1] - 128.0
    crossbar = [(_spread(CENTRE[0], 230.0 if head < 5 else 300.0, i, head), top) for i in range(head)]
    down_right = [(CENTRE[0] + 205.0, _spread(CENTRE[1] + 28.0, 250.0, i, right)) for i in range(right)]
    down_left = [(CENTRE[0] - 205.0, _spread(CENTRE[1] + 28.0, 250.0, i, left)) for i in range(left)]
    middle = head // 2
    return [*crossbar[middle:], *down_right, *reversed(down_left), *crossbar[:middle]]


def _spread(centre: float, length: float, number: int, count: int) -> float:
    return centre + length * ((number + 0.5) / count - 0.5)


def _small_groups(scene: Scene) -> Seating:
    """One ring of seats per table, tables in rows; whoever sits at none stands below."""
    columns = min(math.ceil(math.sqrt(scene.tables * ROOM[2] / ROOM[3] / 1.6)), scene.tables)
    rows = math.ceil(scene.tables / columns)
    wide, tall = ROOM[2] / columns, (ROOM[3] - STRIP) / rows
    ring_x = wide / 2.0 - 30.0
    ring_y = min(tall / 2.0 - (24.0 if rows > 2 else 32.0), ring_x * 1.2)  # room for ring and crown
    places: list[Point] = [CENTRE] * len(scene.people)
    tables = []
    for number in range(scene.tables):
        left = (columns * rows - scene.tables) / 2.0 if number // columns == rows - 1 else 0.0
        centre = (
            ROOM[0] + wide * (number % columns + left + 0.5),
            ROOM[1] + tall * (number // columns + 0.5) - 5.0,
        )
        seated = [i for i in scene.order if scene.people[i].table == number and scene.people[i].present]
        for seat, angle in zip(seated, _equal_arcs(ring_x, ring_y, len(seated)), strict=True):
            places[seat] = _on_ellipse(centre, ring_x, ring_y, angle)
        tables.append(Table(centre, max(ring_x - 26.0, 14.0), max(ring_y - 22.0, 9.0), "round"))
    _stand(scene, places)
    crowd = len(scene.people)
    return Seating(places, tables, 12.0 if crowd <= 14 else 10.0 if crowd <= 22 else 8.0)


def _stand(scene: Scene, places: list[Point]) -> None:
    """Put whoever sits at no table in a row at the bottom of the room, beside the facilitator."""
    away = [i for i in scene.order if not scene.people[i].present or scene.people[i].table < 0]
    left, right = CENTRE[0] - 20.0, ROOM[0] + ROOM[2] - 20.0
    for number, i in enumerate(away):
        slot = min(62.0, (right - left) / len(away))
        places[i] = (right - slot * (len(away) - number - 0.5), ROOM[1] + ROOM[3] - 28.0)


def mean_point(points: Sequence[Point]) -> Point:
    """Return the middle of some places; the room's centre when there are none."""
    if not points:
        return CENTRE
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
