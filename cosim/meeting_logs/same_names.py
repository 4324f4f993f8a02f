"""People who are spelled otherwise in a table of views than in the log of their meeting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cosim.errors import nearest_name
from cosim.meeting_logs.spellings import name_words
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.views_file import ViewTable


def with_log_names(views: ViewTable, log: TurnLog) -> ViewTable:
    """Return the views under the names that the log has.

    Who has the same first and last names is the same person, in whatever order, case and with whatever
    addition in brackets, if there is only one of them on either side. Who is merely alike is named in a note.
    """
    heard = [str(name) for name in log.frame["speaker"].unique()]
    silent = [name for name in views.people if name not in heard]
    free = [name for name in heard if name not in views.people]
    same, notes = {}, []
    for name in silent:
        words = name_words(name)
        found = [one for one in free if name_words(one) == words]
        rivals = [one for one in silent if name_words(one) == words]
        if words and len(found) == len(rivals) == 1:
            same[name] = found[0]
            notes.append(f"{found[0]!r} in the log is taken for who gave views as {name!r}")
    left = [one for one in free if one not in same.values()]
    for name in silent:
        near = None if name in same else _alike(name, left)
        if near is not None:
            notes.append(
                f"gave views as {name!r}, and perhaps spoke as {near!r}: if so, say it in a table of people "
                "(--people), with the one as name and the other under other spellings"
            )
    person = views.frame["person"].map(lambda who: same.get(str(who), who))
    return replace(views, frame=views.frame.assign(person=person), notes=(*views.notes, *notes))


def _alike(name: str, others: Iterable[str]) -> str | None:
    """Return the one name that could be another spelling: a name is shared, or the letters are close."""
    known = list(others)
    words = {word for word in name_words(name) if len(word) > 1}
    sharing = [one for one in known if words & set(name_words(one))]
    if len(sharing) == 1:
        return sharing[0]
    plain = {" ".join(name_words(one)): one for one in known}
    near = nearest_name(" ".join(name_words(name)), plain)
    return None if near is None or not _close(near, name) else plain[near]


def _close(near: str, name: str) -> bool:
    """Return whether every name has its counterpart with the same first letter."""
    mine, others = name_words(name), tuple(near.split())
    return sorted(word[0] for word in mine) == sorted(word[0] for word in others)
