"""Credibility: information, skills and language that make people heard as sources, and able to hear others.

How far dials and states move, decay, compliance, minutes and money are planning assumptions throughout; no
published study gives their size.  Effects on states (`Boost`) act once or at each meeting, and the dynamics
take it from there.
"""

from __future__ import annotations

from cosim.interventions import sources
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Boost, Dial, Trait
from cosim.interventions.intervention import Evidence, Intervention

PREPARATION_MEETING = Intervention(
    name="preparation_meeting",
    title="Preparation meeting",
    sentence=(
        "Before the first meeting, public members take half a day to learn the terms and pool their "
        "experience."
    ),
    family="credibility",
    effects=(
        Boost("public", "confidence", 0.25),
        Boost("public", "credibility", 0.15),
        Boost("public", "own_ties", 0.3),
        Trait("public", "knows_empirical", 1.0, share=0.2),
    ),
    effort=(Effort(who="public", outside_minutes=210.0, money=300.0),),
    evidence=Evidence(
        "trial of a bundle",
        "Part of the bundle of the priority setting trial, and named there as what built credibility; not "
        "isolated. Size, half a day and a trainer's fee of 300 assumed.",
        (sources.BOIVIN_TRIAL, sources.BOIVIN_PROCESS, sources.GUIDELINE_NAIVE),
    ),
    compliance=0.9,
    decay=0.05,
    needs_support=True,
    built_in=(
        "confidence_gained_public",
        "credibility_gained_public",
        "attendance_public",
        "minutes",
        "person_hours",
        "money",
    ),
)

PUBLIC_PREMEETING = Intervention(
    name="public_premeeting",
    title="Public pre-meeting",
    sentence=(
        "Public members meet among themselves for an hour before each meeting and pool what they will say."
    ),
    family="credibility",
    effects=(
        Boost("public", "confidence", 0.1, when="every_meeting"),
        Boost("public", "own_ties", 0.15, when="every_meeting"),
        Trait("public", "mandate", 1.0, share=0.25),
    ),
    effort=(Effort(when="every_meeting", who="public", outside_minutes=60.0),),
    evidence=Evidence(
        "practice literature",
        "One partnership held an hour before each meeting; no measured effect on influence. Size assumed.",
        (sources.PRIORITY_III, sources.BOIVIN_PROCESS),
    ),
    compliance=0.9,
    built_in=(
        "confidence_gained_public",
        "influence_carried_public",
        "position_error_public",
        "voiced_error_public",
        "minutes",
        "person_hours",
        "money",
    ),
)

SKILLS_TRAINING = Intervention(
    name="skills_training",
    title="Skills training",
    sentence="Public members are offered a day of training in research methods and in working in committees.",
    family="credibility",
    effects=(Boost("public", "confidence", 0.2), Trait("public", "knows_empirical", 1.0, share=0.3)),
    effort=(Effort(who="public", outside_minutes=360.0, money=600.0, money_per_person=30.0),),
    evidence=Evidence(
        "observational",
        "Courses raised knowledge and self-efficacy (self-report, no control group); no link to influence "
        "was measured. Size, one day and fees assumed.",
        (sources.PARTNERS_IN_RESEARCH, sources.CF_TRAINING),
    ),
    compliance=0.8,
    decay=0.05,
    needs_support=True,
    built_in=("confidence_gained_public", "attendance_public", "minutes", "person_hours", "money"),
)

BUDDY = Intervention(
    name="buddy",
    title="Buddy or mentor",
    sentence="Each public member has a named contact to talk to before and after each meeting.",
    family="credibility",
    effects=(
        Boost("public", "confidence", 0.08, when="every_meeting"),
        Boost("public", "ties", 0.05, when="every_meeting"),
    ),
    effort=(Effort(when="every_meeting", who="public", outside_minutes=40.0, money_per_person=15.0),),
    evidence=Evidence(
        "practice literature",
        "Schemes are described and a named contact is reported to help; no effect size found. "
        "40 minutes and 15 for the buddy's time assumed.",
        (sources.KEELE_BUDDY, sources.NAMED_CONTACT),
    ),
    compliance=0.85,
    needs_support=True,
    built_in=("confidence_gained_public", "ties_gained", "minutes", "person_hours", "money"),
)

PROFESSIONAL_TRAINING = Intervention(
    name="professional_training",
    title="Training of professionals and chair",
    sentence=(
        "Professionals and the chair take half a day to learn to hear lived experience and to share the "
        "floor."
    ),
    family="credibility",
    effects=(
        Dial("learning.experiential_discount", 0.0, share=0.5),
        Dial("speech.interruption", 0.0, share=0.4),
        Dial("stance.deference", 0.0, share=0.3),
        Dial("learning.climate", 1.0, share=0.4),
        Dial("facilitation.mutual_learning", 1.0, share=0.4),
    ),
    effort=(Effort(who="professionals", outside_minutes=210.0, money=600.0),),
    evidence=Evidence(
        "observational",
        "A study of committees calls for training of all members, not of the public alone; inclusive leaders "
        "weaken the effect of status on safety. That it closes a quarter to two fifths of each gap is "
        "assumed.",
        (sources.NICE_ETHNOGRAPHY, sources.INCLUSIVE_LEADER, sources.PARTNERS_IN_RESEARCH),
    ),
    compliance=0.8,
    decay=0.1,
    needs_support=True,
    built_in=("interruptions", "withheld_public", "acceptability_mean", "minutes", "person_hours", "money"),
)

PLAIN_LANGUAGE = Intervention(
    name="plain_language",
    title="Plain language and glossary",
    sentence="Papers and talk avoid jargon or explain it, in both directions, with a shared glossary.",
    family="credibility",
    effects=(
        Dial(("facilitation.plain_language"), 1.0, share=0.7),
        Dial("facilitation.mutual_learning", 1.0, share=0.2),
    ),
    effort=(Effort(money=400.0), Effort(when="every_meeting", inside_minutes=2.0)),
    evidence=Evidence(
        "observational",
        "Technical language is named as a main constraint on public members of committees; its removal was "
        "not tested. Size and 400 for one or two days of editing assumed.",
        (sources.NICE_ETHNOGRAPHY, sources.UK_STANDARDS),
    ),
    compliance=0.9,
    decay=0.02,
    built_in=("money",),
)

POPULATION_DATA = Intervention(
    name="population_data",
    title="Access to population data",
    sentence="Public members are given, and taken through, data on the population that they speak for.",
    family="credibility",
    effects=(
        Trait("public", "knows_empirical", 1.0, share=0.25),
        Trait("public", "mandate", 1.0, share=0.35),
        Boost("public", "credibility", 0.15),
    ),
    effort=(Effort(who="public", outside_minutes=60.0, money=800.0),),
    evidence=Evidence(
        "trial of a bundle",
        "Part of the bundle of the priority setting trial; not isolated. Size and 800 for two days of an "
        "analyst assumed.",
        (sources.BOIVIN_TRIAL, sources.BOIVIN_PROCESS),
    ),
    compliance=0.9,
    decay=0.02,
    needs_support=True,
    built_in=(
        "credibility_gained_public",
        "influence_carried_public",
        "position_error_public",
        "voiced_error_public",
        "minutes",
        "person_hours",
        "money",
    ),
)

ASSUMPTIONS_ROUND = Intervention(
    name="assumptions_round",
    title="Assumptions round",
    sentence="Before arguing, all members say what they take for granted.",
    family="credibility",
    effects=(Dial("facilitation.assumptions_round", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=10.0),),
    evidence=Evidence(
        "practice literature",
        "Regular reflection on assumptions is advised; no study of its effect was found. Size and ten "
        "minutes assumed.",
        (sources.NIHR_COPRODUCTION, sources.FARR),
    ),
    compliance=0.8,
)

FAMILY = (
    PREPARATION_MEETING,
    PUBLIC_PREMEETING,
    SKILLS_TRAINING,
    BUDDY,
    PROFESSIONAL_TRAINING,
    PLAIN_LANGUAGE,
    POPULATION_DATA,
    ASSUMPTIONS_ROUND,
)
