"""Class mode's pages: the teacher's, and the phones'."""

from __future__ import annotations

import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from cosim.browser.classroom.room import MINUTES, MONEY, MOST_WAYS, ROOMS, Room, worded
from cosim.browser.guard import is_own_machine
from cosim.browser.lesson import lessons
from cosim.browser.predictions import QUESTIONS
from cosim.browser.site.pages import drawn, form, fragment, page
from cosim.errors import CosimError
from cosim.interventions import INTERVENTIONS

PHONE: Final = "cosim_phone"
"""Cookie that makes a second answer of a phone take the place of its first; it ends with the browser."""


async def open_room(request: Request) -> Response:
    """Show what class mode is, or open a room."""
    problem = ""
    if request.method == "POST":
        try:
            room = ROOMS.open((await form(request)).get("lesson", ""))
            return RedirectResponse(f"/class/{room.key}", 303)
        except CosimError as error:
            problem = f"{error}"
    return page(
        "class.html",
        400 if problem else 200,
        lessons=lessons(),
        problem=problem,
        reachable=_reachable(request) is not None,
    )


async def show_room(request: Request) -> Response:
    """Show the teacher's page of a room."""
    room = ROOMS.by_key(request.path_params["key"])
    if room is None:
        return page("gone.html", 404)
    host = _reachable(request)
    where = f"{host or request.url.netloc}/join/{room.code}"
    return page(
        "room.html",
        room=room,
        where=where,
        short=f"{host or request.url.netloc}/join",
        code=drawn(_qr(f"http://{where}")),
        reachable=host is not None,
        live=drawn(_live(room)),
    )


async def room_state(request: Request) -> Response:
    """Say what the teacher's page shows now."""
    room = ROOMS.by_key(request.path_params["key"])
    if room is None:
        return JSONResponse({"over": True}, 404)
    return JSONResponse({"stage": room.stage, "working": room.working, "html": _live(room)})


async def room_does(request: Request) -> Response:
    """Go on to the next stage, or close the room."""
    room = ROOMS.by_key(request.path_params["key"])
    if room is None:
        return page("gone.html", 404)
    try:
        what = (await form(request)).get("what", "")
    except CosimError as error:
        return page("gone.html", 400, problem=f"{error}")
    if what == "close":
        ROOMS.close(room)
        return RedirectResponse("/class", 303)
    if what in ("reveal", "challenge") and not room.working:
        ROOMS.run(room.reveal if what == "reveal" else room.begin_challenge)
    return RedirectResponse(f"/class/{room.key}", 303)


async def find(request: Request) -> Response:
    """Ask a phone for the room's code."""
    code = request.query_params.get("code", "")
    room = ROOMS.by_code(code)
    if room is not None:
        return RedirectResponse(f"/join/{room.code}", 303)
    problem = "There is no such room; look at the code again" if code else ""
    return page("join.html", 404 if problem else 200, problem=problem)


async def join(request: Request) -> Response:
    """Show a phone what there is to answer, or take its answer."""
    room = ROOMS.by_code(request.path_params["code"])
    if room is None:
        return page("join.html", 404, problem="There is no such room any more")
    who = request.cookies.get(PHONE, "")[:40] or secrets.token_urlsafe(9)
    problem, status = "", 200
    if request.method == "POST":
        try:
            given = await form(request)
            if room.stage == "challenge":
                ROOMS.run(room.enter(who, tuple(name for name in given if given[name] == "on")))
            else:
                room.predict(who, given)
        except CosimError as error:
            problem, status = f"{error}", 400
    try:
        phone = room.phone(who)
    except CosimError as error:
        return page("join.html", 403, problem=f"{error}")
    if request.method == "POST" and not problem:
        answer: Response = RedirectResponse(f"/join/{room.code}", 303)
    else:
        answer = page(
            "phone.html",
            status,
            room=room,
            phone=phone,
            questions=QUESTIONS,
            problem=problem or phone.problem,
            last=None if phone.last is None else worded(phone.last),
            best=None if phone.best is None else worded(phone.best),
            ways=_priced(room),
            money=MONEY,
            minutes=MINUTES,
            most=MOST_WAYS,
            mark=_mark(room, phone.number),
        )
    answer.set_cookie(PHONE, who, httponly=True, samesite="strict")
    return answer


async def phone_state(request: Request) -> Response:
    """Say whether a phone's page is still what there is to answer."""
    room = ROOMS.by_code(request.path_params["code"])
    if room is None:
        return JSONResponse({"mark": "over"})
    phone = room.phones.get(request.cookies.get(PHONE, "")[:40])
    return JSONResponse({"mark": _mark(room, 0 if phone is None else phone.number)})


def _mark(room: Room, number: int) -> str:
    """Return what changes when a phone should load its page again."""
    phone = next((one for one in room.phones.values() if one.number == number), None)
    return f"{room.stage} {phone is not None and phone.waits}"


def _priced(room: Room) -> list[dict[str, Any]]:
    """Return the ways of working with what they take, for the challenge's form."""
    if room.stage != "challenge":
        return []
    return [
        {
            "name": one.name,
            "title": one.title,
            "sentence": one.sentence,
            "money": f"{round(room.prices[one.name][0]):,}",
            "minutes": f"{round(room.prices[one.name][1]):,}",
        }
        for one in INTERVENTIONS.values()
        if room.prices[one.name][0] <= MONEY and room.prices[one.name][1] <= MINUTES
    ]


def _live(room: Room) -> str:
    """Return what changes on the teacher's page."""
    questions = []
    for question in QUESTIONS:
        counts, model = room.distribution(question), room.model(question)
        total = sum(counts.values())
        questions.append(
            {
                "text": question.text,
                "rows": [
                    {
                        "answer": answer,
                        "count": count,
                        "share": count / total if total else 0.0,
                        "model": None if model is None else model[answer],
                    }
                    for answer, count in counts.items()
                ],
                "total": total,
            }
        )
    board = [{"number": number, **worded(entry)} for number, entry in room.board()[:12]]
    projects = 0 if room.many is None else room.many.count
    return fragment("live.html", room=room, questions=questions, board=board, projects=projects)


def _reachable(request: Request) -> str | None:
    """Return by which host and port phones reach this server; None when only this machine can."""
    hosts = getattr(request.app.state, "hosts", ())
    port = request.scope["server"][1]
    if not hosts:
        return None
    called = request.url.hostname or ""
    host = called if called and not is_own_machine(called) else hosts[0]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _qr(address: str) -> str:
    import segno

    return str(
        segno.make(address, micro=False).svg_inline(omitsize=True, border=2, dark="#000000", light="#ffffff")
    )


ROUTES: Final = [
    Route("/class", open_room, methods=["GET", "POST"]),
    Route("/class/{key}", show_room),
    Route("/class/{key}/state", room_state),
    Route("/class/{key}/do", room_does, methods=["POST"]),
    Route("/join", find),
    Route("/join/{code}", join, methods=["GET", "POST"]),
    Route("/join/{code}/state", phone_state),
]
