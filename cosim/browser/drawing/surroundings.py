"""What surrounds the table: the people outside the room, and whoever looks after how the meeting is run."""

from __future__ import annotations

from cosim.browser.drawing.palette import ACCENT
from cosim.browser.drawing.seats import CENTRE, HEIGHT, ROOM, WIDTH, Point, Seating, mean_point
from cosim.browser.drawing.svg import CLEARED, element, line, rect, text, title
from cosim.browser.scene import Scene

FACILITATOR: Point = (ROOM[0] + 22.0, ROOM[1] + ROOM[3] - 18.0)


def facilitator(scene: Scene) -> str:
    """Whoever looks after the process, and what they do in this turn."""
    if not scene.facilitated:
        return ""
    x, y = FACILITATOR
    act = {"invited": "invites", "queue": "calls the next hand", "round": "keeps the round"}
    told = act.get(scene.saying.floor, "listens") if scene.saying is not None else "is here"
    return element(
        "g",
        title("The facilitator, who looks after how the meeting is run"),
        rect(x - 9.0, y - 9.0, 18.0, 18.0, rx=9, fill=ACCENT, stroke="currentColor"),
        text("F", x, y + 4.5, anchor="middle", fill="#000000", font_weight=700, font_size=12),
        # In two short lines: one long one would run through the names beside it.
        text("Facilitator", x + 15.0, y - 1.0, font_size=14, **CLEARED),
        text(told, x + 15.0, y + 14.0, font_size=14, **CLEARED),
        data_facilitator="yes",
    )


def steering(scene: Scene, where: Seating) -> str:
    """Draw a line from the facilitator to whomever they gave the floor."""
    said = scene.saying
    if not scene.facilitated or said is None or said.floor not in ("invited", "queue", "round"):
        return ""
    return line(
        *FACILITATOR,
        *where.places[said.speaker],
        stroke=ACCENT,
        stroke_width=2.5,
        stroke_dasharray="2 5",
        stroke_linecap="round",
        data_act=said.floor,
    )


def outside(scene: Scene, where: Seating) -> str:
    """Draw the people outside the room near whoever speaks for them; a thick thread is a clear mandate."""
    parts = []
    spots = _outside_spots(scene, where)
    for number, name in enumerate(scene.outside):
        if number not in spots:
            continue
        x, y = spots[number]
        threads = []
        for i in scene.order:
            person = scene.people[i]
            if person.constituency == number and person.present and person.mandate > 0.02:
                speaking = scene.saying is not None and scene.saying.speaker == i
                if len(scene.order) > 14 and not speaking:
                    continue  # thirty threads would hide the people
                threads.append(
                    line(
                        x,
                        y + (8.0 if y < CENTRE[1] else -9.0),
                        *where.places[i],
                        stroke_opacity=0.9 if speaking else 0.5,
                        stroke_width=1.2 + 3.0 * person.mandate,
                        stroke_dasharray="1 5",
                        stroke_linecap="round",
                    )
                )
        half = len(name) * 3.7
        parts.append(
            element(
                "g",
                title(f"Outside the room: {name}. A thicker thread is a clearer mandate to speak for them."),
                *threads,
                _crowd(x - half - 12.0, y),
                text(name, x + 6.0, y + 4.5, anchor="middle", font_size=15, fill_opacity=0.85),
                data_outside=name,
            )
        )
    return "".join(parts)


def _outside_spots(scene: Scene, where: Seating) -> dict[int, Point]:
    """Return where each constituency stands: above or below the room, spread so that names do not meet."""
    rows: dict[float, list[tuple[float, int]]] = {18.0: [], HEIGHT - 14.0: []}
    present = [scene.people[i].constituency for i in scene.order]
    for number in range(len(scene.outside)):
        if number not in present:
            continue
        own = [where.places[i] for i in scene.order if scene.people[i].constituency == number]
        x, y = mean_point(own)
        top, bottom = rows.values()
        upper = y < CENTRE[1] if abs(y - CENTRE[1]) > 12.0 else len(top) <= len(bottom)
        (top if upper and len(top) < 3 else bottom).append((x, number))
    spots = {}
    for y, row in rows.items():
        wide = (WIDTH - 20.0) / max(len(row), 1)
        for slot, (x, number) in enumerate(sorted(row)):
            half = len(scene.outside[number]) * 3.7 + 18.0
            low, high = 10.0 + wide * slot + half, 10.0 + wide * (slot + 1) - half
            spots[number] = (min(max(x, low), max(high, low)), y)
    return spots


def _crowd(x: float, y: float) -> str:
    heads = ((-5.0, 1.0), (0.0, -2.0), (5.0, 1.0))
    dots = [element("circle", cx=x + dx, cy=y + dy, r=3.2) for dx, dy in heads]
    return element("g", *dots, fill="currentColor", fill_opacity=0.75)
