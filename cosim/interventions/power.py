"""Power: whose status counts in the room, who sets the agenda, who chairs, who decides.

How far dials move, decay, compliance, minutes and money are planning assumptions throughout.  No trial that
isolates titles, agenda, co-chairing or a decision rule in health-research teams was found.
"""

from __future__ import annotations

from cosim.interventions import sources
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Dial, Fix
from cosim.interventions.intervention import Evidence, Intervention

NAMES_WITHOUT_TITLES = Intervention(
    name="names_without_titles",
    title="Names without titles",
    sentence="Introductions, name plates and papers give names only, until people learn who is who.",
    family="power",
    effects=(Dial("facilitation.titles_hidden", 1.0),),
    effort=(Effort(money=10.0), Effort(when="every_meeting", inside_minutes=1.0)),
    evidence=Evidence(
        "none found",
        "No trial of the practice was found. Nearest: leaders' verbal dominance depends on the formal "
        "title. That 30 % of the effect is lost from one meeting to the next is assumed.",
        (sources.LEADER_POWER, sources.STATUS_THEORY),
    ),
    compliance=0.9,
    decay=0.3,
    built_in=("money",),
)

SHARED_AGENDA = Intervention(
    name="shared_agenda",
    title="Shared agenda",
    sentence="Every member proposes items and the agenda mixes all their priorities alike.",
    family="power",
    effects=(Dial("agenda.shared", 1.0),),
    effort=(Effort(when="every_meeting", who="everyone", inside_minutes=5.0, outside_minutes=10.0),),
    evidence=Evidence(
        "none found",
        "Who sets the agenda is known as hidden power; no study of what sharing it does to influence was "
        "found. Minutes assumed.",
        (sources.HIDDEN_POWER, sources.NIHR_COPRODUCTION, sources.PRIORITY_III),
    ),
    compliance=0.9,
    built_in=("agenda_parity_public", "minutes", "person_hours", "money"),
)

PUBLIC_AGENDA_SLOT = Intervention(
    name="public_agenda_slot",
    title="Public agenda slot",
    sentence="Part of each agenda is kept for items that the public members bring.",
    family="power",
    effects=(Dial("agenda.public_slot", 1.0, share=0.3),),
    effort=(Effort(when="every_meeting", who="public", outside_minutes=15.0),),
    evidence=Evidence(
        "practice literature",
        "One partnership kept a rotating item for public members; no measured effect. The share and minutes "
        "assumed.",
        (sources.PRIORITY_III, sources.HIDDEN_POWER),
    ),
    compliance=0.95,
    built_in=("agenda_parity_public", "minutes", "person_hours", "money"),
)

CO_CHAIRING = Intervention(
    name="co_chairing",
    title="Co-chairing",
    sentence="A public member chairs the meetings together with the lead and sets the agenda with them.",
    family="power",
    effects=(Dial("facilitation.co_chair", 1.0),),
    effort=(
        Effort(when="every_meeting", money=75.0),
        Effort(when="every_meeting", who="lead", outside_minutes=30.0),
    ),
    evidence=Evidence(
        "practice literature",
        "Described by practitioners; no comparison was found. The fee is a half day's payment for one "
        "person; the briefing and 80 % delivery assumed.",
        (sources.PATIENT_CHAIRS, sources.NIHR_PAYMENT),
    ),
    compliance=0.8,
    built_in=("agenda_parity_public", "minutes", "person_hours", "money"),
)

SECRET_BALLOT = Intervention(
    name="secret_ballot",
    title="Secret ballot",
    sentence="Decisions are voted on at the same moment and in secret.",
    family="power",
    effects=(Dial("decision.secret_ballot", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=5.0),),
    evidence=Evidence(
        "controlled study elsewhere",
        "Private ranking is the last step of the nominal group technique, compared as a whole with talk in "
        "groups; not isolated, and not tested in research teams. Minutes assumed.",
        (sources.JLA_METHOD, sources.NGT_COMPARED),
    ),
    built_in=("influence_gini", "influence_parity_public", "false_agreement"),
)

WRITTEN_BALLOTS = Intervention(
    name="written_ballots",
    title="Ballots in writing",
    sentence="Members who cannot come to a meeting may cast their ballot in writing.",
    family="power",
    effects=(Dial("decision.written_ballots", 1.0),),
    effort=(Effort(when="every_meeting", who="everyone", outside_minutes=5.0),),
    evidence=Evidence(
        "none found",
        "Postal and proxy votes are common in committees; no study of what they do to influence was found. "
        "Minutes and that nine in ten use it assumed.",
        (sources.NIHR_PAYMENT,),
    ),
    compliance=0.9,
    # Who is away has no influence without a ballot: giving one moves influence by the rule itself.
    built_in=(
        *("visible_parity_public", "influence_gini", "influence_parity_public"),
        *("minutes", "person_hours", "money"),
    ),
)

CONSENT_RULE = Intervention(
    name="consent_rule",
    title="Consent rule",
    sentence="Talk goes on until the quorum stands behind one option, or time is out.",
    family="power",
    effects=(Fix("phases.*.rule", "consensus"),),
    effort=(Effort(inside_minutes=10.0), Effort(when="every_meeting", inside_minutes=5.0)),
    evidence=Evidence(
        "controlled study elsewhere",
        "In laboratory groups the effect of a unanimous rule depended on composition: it helped women "
        "where they were few (direction recalled, unchecked). It costs time and may end undecided. Minutes "
        "assumed.",
        (sources.UNANIMITY, sources.CONSENT),
    ),
    # It takes the place of the rule that was: where that was the lead's word, or a majority's, who has
    # influence changes by the rule itself.
    built_in=(
        *("consensus_rate", "non_decision_rate"),
        *("influence_gini", "influence_parity_public"),
    ),
    conflicts=("nominal_group",),
)

DELEGATED_DECISIONS = Intervention(
    name="delegated_decisions",
    title="Delegated decisions",
    sentence="The lead agrees in writing not to override the team on the project's key decisions.",
    family="power",
    effects=(Dial("accountability.delegation", 1.0),),
    effort=(Effort(who="everyone", outside_minutes=20.0), Effort(who="lead", outside_minutes=120.0)),
    evidence=Evidence(
        "practice literature",
        "Joint ownership of key decisions is a principle of the guidance; no measured effect. That nine in "
        "ten agreements hold, and minutes, assumed.",
        (sources.NIHR_COPRODUCTION,),
    ),
    compliance=0.9,
    needs_support=True,
    built_in=(
        "influence_gini",
        "influence_parity_public",
        "override_rate",
        "minutes",
        "person_hours",
        "money",
    ),
)

POWER_AUDIT = Intervention(
    name="power_audit",
    title="Power audit between meetings",
    sentence="Between meetings members look at who was heard and correct whom they underrated.",
    family="power",
    effects=(Dial("facilitation.power_audit", 1.0, share=0.5),),
    effort=(Effort(when="every_meeting", who="everyone", outside_minutes=30.0),),
    evidence=Evidence(
        "practice literature",
        "Regular reflection on power is advised; contact corrects prejudice under support; power "
        "concentrates over repeated issues if left alone. No trial. Size and minutes assumed.",
        (sources.NIHR_COPRODUCTION, sources.FARR, sources.CONTACT, sources.REFLECTED_APPRAISAL),
    ),
    compliance=0.8,
    built_in=("credibility_gained_public", "minutes", "person_hours", "money"),
)

FAMILY = (
    NAMES_WITHOUT_TITLES,
    SHARED_AGENDA,
    PUBLIC_AGENDA_SLOT,
    CO_CHAIRING,
    SECRET_BALLOT,
    WRITTEN_BALLOTS,
    CONSENT_RULE,
    DELEGATED_DECISIONS,
    POWER_AUDIT,
)
