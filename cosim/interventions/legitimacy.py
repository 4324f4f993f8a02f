"""Legitimacy: on whose behalf people speak, and whether they are supported in doing so.

How far dials and states move, decay, compliance, minutes and money are planning assumptions throughout.
"""

from __future__ import annotations

from cosim.interventions import sources
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Composition, Dial, Trait
from cosim.interventions.intervention import Evidence, Intervention

WIDER_CONSULTATION = Intervention(
    name="wider_consultation",
    title="Wider consultation report",
    sentence=(
        "A survey or focus groups bring the views of people outside the room to the meeting as a report."
    ),
    family="legitimacy",
    effects=(Dial("facilitation.consultation", 1.0, share=0.8), Trait("public", "mandate", 1.0, share=0.3)),
    effort=(Effort(money=2500.0), Effort(who="public", outside_minutes=60.0)),
    evidence=Evidence(
        "trial of a bundle",
        "Written consultation came before deliberation in the priority setting trial; not isolated. Reach "
        "and 2,500 for a survey assumed; it also takes weeks, which the model does not count.",
        (sources.BOIVIN_TRIAL, sources.BOIVIN_PROCESS),
    ),
    decay=0.02,
    needs_support=True,
    built_in=(
        "influence_carried_public",
        "position_error_public",
        "voiced_error_public",
        "minutes",
        "person_hours",
        "money",
    ),
)

COMMUNITY_LINKS = Intervention(
    name="community_links",
    title="Links to community groups",
    sentence="Public members work with community groups between meetings and speak with their backing.",
    family="legitimacy",
    effects=(Trait("public", "mandate", 1.0, share=0.7),),
    effort=(Effort(when="every_meeting", who="public", outside_minutes=60.0, money=50.0),),
    evidence=Evidence(
        "observational",
        "Connections gave public members legitimacy in the trial's process evaluation, and reflecting those "
        "concerned mattered across 22 projects. Size, an hour and 50 a meeting assumed.",
        (sources.BOIVIN_PROCESS, sources.RAPPORT),
    ),
    compliance=0.8,
    built_in=(
        "influence_carried_public",
        "position_error_public",
        "voiced_error_public",
        "minutes",
        "person_hours",
        "money",
    ),
)

CRITICAL_MASS = Intervention(
    name="critical_mass",
    title="Critical mass of public members",
    sentence="More public members are recruited, until they are four in ten of the team.",
    family="legitimacy",
    effects=(Composition(0.4),),
    effort=(Effort(who="public", outside_minutes=60.0, money=300.0),),
    evidence=Evidence(
        "observational",
        "Thresholds come from studies of gender in groups; one partnership found one or two members too "
        "few. A larger team also leaves everyone less time. Four in ten and 300 for recruitment assumed.",
        (sources.CRITICAL_MASS, sources.PRIORITY_III, sources.BOIVIN_PROCESS),
    ),
    built_in=("minutes", "person_hours", "money"),
)

ROLE_CLARITY = Intervention(
    name="role_clarity",
    title="Role clarity (terms of reference)",
    sentence="Terms of reference say what each member may speak to and decide, and on whose behalf.",
    family="legitimacy",
    effects=(Dial("system.role_clarity", 1.0), Trait("public", "mandate", 1.0, share=0.2)),
    effort=(Effort(who="everyone", inside_minutes=20.0, outside_minutes=30.0),),
    evidence=Evidence(
        "practice literature",
        "Clear purpose and defined roles are advised and went with embedded involvement; no isolated "
        "effect. Size and minutes assumed.",
        (sources.RAPPORT, sources.NIHR_COPRODUCTION, sources.TERMS_OF_REFERENCE),
    ),
    compliance=0.85,
    decay=0.03,
    built_in=(
        "off_remit",
        "influence_carried_public",
        "position_error_public",
        "voiced_error_public",
        "minutes",
        "person_hours",
        "money",
    ),
)

FAMILY = (WIDER_CONSULTATION, COMMUNITY_LINKS, CRITICAL_MASS, ROLE_CLARITY)
