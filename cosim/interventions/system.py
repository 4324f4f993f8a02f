"""System: what the organisation behind the team provides: payment, feedback, time to get to know one another.

How far dials and states move, minutes and money are planning assumptions throughout.
"""

from __future__ import annotations

from cosim.interventions import sources
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Boost, Dial
from cosim.interventions.intervention import Evidence, Intervention

PAYMENT = Intervention(
    name="payment",
    title="Payment",
    sentence="Public members are paid in full for their time and expenses.",
    family="system",
    effects=(Dial("attendance.payment", 1.0),),
    effort=(Effort(when="every_meeting", money=10.0),),
    evidence=Evidence(
        "practice literature",
        "A principle of reciprocity; what it does to attendance or influence was not measured. It makes it "
        "possible to come, not to be heard. Payment itself is counted at the scenario's prices; 10 a "
        "meeting for its administration assumed.",
        (sources.NIHR_PAYMENT, sources.NIHR_COPRODUCTION),
    ),
    built_in=("attendance_public", "money"),
)

FEEDBACK_LOOP = Intervention(
    name="feedback_loop",
    title="Feedback loop",
    sentence="After each meeting members hear what became of what they said.",
    family="system",
    effects=(Dial("facilitation.feedback", 1.0),),
    effort=(Effort(when="every_meeting", who="lead", outside_minutes=90.0),),
    evidence=Evidence(
        "observational",
        "Contributors who receive feedback report motivation and learning; many receive none. No link to "
        "influence was measured. One to two hours a meeting assumed.",
        (sources.FEEDBACK_SURVEY, sources.FEEDBACK_LEADS, sources.UK_STANDARDS),
    ),
    compliance=0.8,
    built_in=("confidence_gained_public", "minutes", "person_hours"),
)

RELATIONSHIP_TIME = Intervention(
    name="relationship_time",
    title="Relationship time",
    sentence="Members of all roles spend informal time together before each meeting.",
    family="system",
    effects=(Boost("everyone", "ties", 0.08, when="every_meeting"),),
    effort=(Effort(when="every_meeting", who="everyone", outside_minutes=20.0, money_per_person=6.0),),
    evidence=Evidence(
        "practice literature",
        "Building relationships is a principle of the guidance and contact reduces prejudice; informal time "
        "was not tested. Size, 20 minutes and 6 a head for refreshments assumed.",
        (sources.NIHR_COPRODUCTION, sources.NAMED_CONTACT, sources.CONTACT),
    ),
    compliance=0.9,
    built_in=("ties_gained", "minutes", "person_hours", "money"),
)

FAMILY = (PAYMENT, FEEDBACK_LOOP, RELATIONSHIP_TIME)
