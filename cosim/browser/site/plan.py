"""The page that plans: a form, how far its study is, what it found, and what to take away."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cosim.browser.drawing.ranking import row_svg, scale_of
from cosim.browser.planning.jobs import JOBS, Job
from cosim.browser.planning.plan import DECIDES, NUMBERS, Plan, plan_from_form
from cosim.browser.replicates import ENGINE
from cosim.browser.site.pages import drawn, form, page
from cosim.errors import ConfigError, CosimError
from cosim.formatting.titles import LEVEL_WORDS
from cosim.formatting.words import percent, signed
from cosim.interventions import INTERVENTIONS

WHO: Final = "cosim_who"
"""Cookie by which a browser has one plan at work at a time; it says nothing of whose it is."""


async def ask(request: Request) -> Response:
    """Show the form, or begin with what was sent."""
    given: dict[str, str] = {}
    problem, field = "", ""
    if request.method == "POST":
        try:
            given = await form(request)
            plan = plan_from_form(given)
            who = request.cookies.get(WHO) or secrets.token_urlsafe(9)
            job = JOBS.start(plan, f"plan {who[:40]}")
            answer = RedirectResponse(f"/plan/{job.key}", 303)
            answer.set_cookie(WHO, who, httponly=True, samesite="strict")
            return answer
        except ConfigError as error:
            allowed = f"; allowed: {error.allowed}" if error.allowed else ""
            problem, field = f"{error.message}{allowed}", error.key or ""
        except CosimError as error:
            problem = f"{error}"
    ENGINE.prepare()  # while somebody fills in the form
    return page(
        "plan.html",
        400 if problem else 200,
        numbers=NUMBERS,
        levels=LEVEL_WORDS,
        decides=DECIDES,
        given=given,
        problem=problem,
        field=field,
        usual=Plan(),
        ways=len(INTERVENTIONS),
    )


async def show(request: Request) -> Response:
    """Show how far a plan's study is, or what it found."""
    job = _job(request)
    if job is None:
        return page("gone.html", 404)
    if not job.over:
        return page("planning.html", job=job, plan=job.plan, ways=len(INTERVENTIONS))
    if job.found is None:
        return page("gone.html", 500, problem=job.problem)
    return page("planned.html", job=job, plan=job.plan, found=job.found, **_rows(job.plan, job.found))


async def state(request: Request) -> Response:
    """Say how far a plan's study is."""
    job = _job(request)
    if job is None:
        return JSONResponse({"over": True}, 404)
    return JSONResponse({"done": job.done, "of": job.of, "over": job.over})


async def config(request: Request) -> Response:
    """Hand out a plan's config."""
    job = _job(request)
    if job is None:
        return page("gone.html", 404)
    name = {"content-disposition": 'attachment; filename="my_team.yaml"'}
    return PlainTextResponse(job.config, headers=name, media_type="application/yaml")


async def report(request: Request) -> Response:
    """Hand out a plan's report; the first time it is written."""
    job = _job(request)
    if job is None or job.found is None:
        return page("gone.html", 404)
    try:
        written = await asyncio.to_thread(job.report)
    except CosimError as error:
        return page("gone.html", 500, problem=f"{error}")
    return FileResponse(written, filename="my_team.html", content_disposition_type="attachment")


async def table(request: Request) -> Response:
    """Hand out a plan's ranking as a table."""
    job = _job(request)
    if job is None or job.found is None:
        return page("gone.html", 404)
    name = {"content-disposition": 'attachment; filename="my_team.csv"'}
    return PlainTextResponse(_csv(job.found["ranking"]), headers=name, media_type="text/csv")


def _job(request: Request) -> Job | None:
    return JOBS.find(request.path_params["key"])


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _rows(plan: Plan, found: dict[str, Any]) -> dict[str, Any]:
    """Return the ranking as the page shows it: what may be afforded first."""
    scale = scale_of(found["ranking"])
    rows = []
    for one in found["ranking"]:
        minutes, money = one["minutes"] or 0.0, one["money"] or 0.0
        rows.append(
            {
                **one,
                "picture": drawn(row_svg(one, scale)),
                "within": plan.affordable(money, minutes),
                "above_words": percent(one["above"]),
                "minutes_words": signed(minutes, 0),
                "money_words": signed(money, 0),
                "rule": one["status"] != "emergent",
                "clear": one["high"] is not None and one["high"] < 0.0,
            }
        )
    within = [row for row in rows if row["within"]]
    return {
        "rows": [*within, *(row for row in rows if not row["within"])],
        "beyond": len(rows) - len(within),
        "first": [row for row in within if row["difference"] < 0.0][:3],
        "spends": plan.money is not None or plan.time is not None,
        "lost": _beyond_and_better(rows),
    }


def _beyond_and_better(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what would be placed before all that may be afforded: what more money or time would change."""
    found = []
    for row in rows:
        if row["within"]:
            break
        found.append(row)
    return found[:3]


ROUTES: Final = [
    Route("/plan", ask, methods=["GET", "POST"]),
    Route("/plan/{key}", show),
    Route("/plan/{key}/state", state),
    Route("/plan/{key}/my_team.yaml", config),
    Route("/plan/{key}/my_team.html", report),
    Route("/plan/{key}/my_team.csv", table),
]
