"""What an intervention costs: minutes in and outside the meetings, money, and a facilitator.

Here stands what a way of working takes.  The prices of an hour are parameters (``costs`` in
`cosim.scenario.organisation`); what a meeting came to is counted in `cosim.model.stages.meeting.count_costs`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cosim.interventions.effects import WHEN_WORDS, Builder, When, Who, people


@dataclass(frozen=True, slots=True)
class Effort:
    """What the intervention takes at full dose; planning defaults unless a source says otherwise.

    Attributes
    ----------
    inside_minutes : float
        Minutes taken out of the meeting itself, once or at every meeting.
    outside_minutes : float
        Minutes outside the meeting for each of `who`.
    money : float
        Money each time, in the scenario's currency (planning default, not an estimate).
    money_per_person : float
        Money each time for each of `who` (materials, a buddy's time).
    facilitator : bool
        Whether an independent facilitator is paid for the meetings.
    """

    when: When = "once"
    who: Who = "everyone"
    inside_minutes: float = 0.0
    outside_minutes: float = 0.0
    money: float = 0.0
    money_per_person: float = 0.0
    facilitator: bool = False

    def apply(self, builder: Builder, dose: float) -> None:
        """Add to a meeting what it takes.

        Minutes and money scale with the dose, not with compliance: who does it by halves has still paid for
        it.  A facilitator is paid at every meeting, whatever else is needed once.
        """
        terms = builder.terms
        if self.facilitator:
            terms["facilitated"] = 1
        if self.when == "once" and builder.meeting > 0:
            return
        meant = builder.meant(self.who)
        count, public = int(meant.sum()), int((meant & builder.is_public).sum())
        hours = dose * self.outside_minutes / 60.0
        builder.inside_minutes += dose * self.inside_minutes
        builder.hours += hours * meant
        terms["outside_minutes"] += dose * self.outside_minutes
        terms["public_hours"] += hours * public
        terms["staff_hours"] += hours * (count - public)
        terms["money"] += dose * (self.money + self.money_per_person * count)

    def times(self, minutes: float, money: float) -> Effort:
        """Return the effort taking so many times the minutes and the money."""
        return replace(
            self,
            inside_minutes=self.inside_minutes * minutes,
            outside_minutes=self.outside_minutes * minutes,
            money=self.money * money,
            money_per_person=self.money_per_person * money,
        )

    def words(self) -> str:
        """Say in a few words what it takes at full dose."""
        each = _each(self.who)
        parts = (
            (self.inside_minutes, f"{self.inside_minutes:g} min of the meeting"),
            (self.outside_minutes, f"{self.outside_minutes:g} min for {each}"),
            (self.money, f"{self.money:g} in money"),
            (self.money_per_person, f"{self.money_per_person:g} in money for {each}"),
            (self.facilitator, "an independent facilitator"),
        )
        return f"{' + '.join(words for amount, words in parts if amount)}, {WHEN_WORDS[self.when]}"


def _each(who: Who) -> str:
    return f"each of {people(who)}" if who not in ("lead", "everyone") else people(who)
