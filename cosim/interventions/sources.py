"""Publications that interventions cite, each written once.

Where a passage was read (mostly abstracts and excerpts), the address stands; what is quoted from memory says
"recalled, unchecked".
"""

from __future__ import annotations

from typing import Final

BOIVIN_TRIAL: Final = (
    "Boivin et al. 2014, cluster trial of public involvement in priority setting, Implement Sci 9:24, "
    "https://implementationscience.biomedcentral.com/articles/10.1186/1748-5908-9-24"
)
BOIVIN_PROCESS: Final = (
    "Boivin et al. 2014, what gives the public influence: process evaluation, Milbank Q 92:319, "
    "doi 10.1111/1468-0009.12060, https://pmc.ncbi.nlm.nih.gov/articles/PMC4089374"
)
COMMITTEES: Final = (
    "Committees of the Welsh Parliament (25 meetings): chairs take 17.7 % of turns; own computation on "
    "QMSum, Zhong et al. 2021, https://github.com/Yale-LILY/QMSum"
)
JLA_METHOD: Final = (
    "James Lind Alliance Guidebook, chapter 8, final priority setting, "
    "http://www.jla.nihr.ac.uk/jla-guidebook/chapter-8/final-priority-setting-method.htm"
)
JLA_DAY: Final = (
    "James Lind Alliance Guidebook, chapter 9, the workshop day, "
    "http://www.jla.nihr.ac.uk/jla-guidebook/chapter-9/workshop-process-on-the-day.htm"
)
PRIORITY_III: Final = (
    "Priority III partnership 2023, public involvement in a priority setting partnership, "
    "https://researchinvolvement.biomedcentral.com/articles/10.1186/s40900-023-00438-1/tables/1"
)
NIHR_COPRODUCTION: Final = (
    "NIHR guidance on co-producing a research project, "
    "https://www.learningforinvolvement.org.uk/?opportunity=nihr-guidance-on-co-producing-a-research-project"
)
NIHR_PAYMENT: Final = (
    "NIHR public contributor payment policy 2022 (for its own committees), "
    "https://www.nihr.ac.uk/documents/nihr-public-contributor-payment-policy/31626 (rates recalled, "
    "unchecked)"
)
UK_STANDARDS: Final = (
    "UK Standards for Public Involvement, "
    "https://researchinvolvement.biomedcentral.com/articles/10.1186/s40900-018-0130-2/tables/1"
)
NICE_ETHNOGRAPHY: Final = (
    "Ethnography of public members on NICE committees 2022, "
    "https://bmchealthservres.biomedcentral.com/articles/10.1186/s12913-022-07736-6"
)
RAPPORT: Final = (
    "RAPPORT realist evaluation of involvement in 22 projects, "
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC5901416"
)
PARTNERS_IN_RESEARCH: Final = (
    "Partners in Research course 2021, 49 patients and 33 researchers, "
    "https://researchinvolvement.biomedcentral.com/articles/10.1186/s40900-021-00316-8"
)
CF_TRAINING: Final = (
    "Virtual training of cystic fibrosis contributors 2021, https://www.doi.org/10.1186/s40900-021-00328-4"
)
GUIDELINE_NAIVE: Final = (
    "Patients new to guideline panels on what they need, PLoS ONE, "
    "https://doi.org/10.1371/journal.pone.0174329"
)
KEELE_BUDDY: Final = (
    "Keele research user group buddies (peer support), https://doi.org/10.1136/annrheumdis-2020-eular.3475"
)
NAMED_CONTACT: Final = (
    "Public involvement across a multi-site study: a named contact and relationships enable it, "
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC9615054"
)
FEEDBACK_SURVEY: Final = (
    "Feedback to public contributors in six groups, https://pmc.ncbi.nlm.nih.gov/articles/PMC6186542"
)
FEEDBACK_LEADS: Final = (
    "Feedback processes and involvement leads 2020, "
    "https://researchinvolvement.biomedcentral.com/articles/10.1186/s40900-020-00209-2"
)
FARR: Final = (
    "Farr et al. 2021, more equal relationships in co-production, https://doi.org/10.1057/s41599-021-00782-1"
)
CONTACT: Final = (
    "Pettigrew & Tropp 2006, meta-analysis of intergroup contact (515 studies), "
    "https://scribd.com/document/249956255/Pettigrew-A-Meta-Analytic-Test-of-Intergroup-Contact-Theory-IRGP"
)
LEADER_POWER: Final = (
    "Tost, Gino & Larrick 2013, leader power and verbal dominance, doi 10.5465/amj.2011.0180"
)
INCLUSIVE_LEADER: Final = "Nembhard & Edmondson 2006, leader inclusiveness in 23 units, doi 10.1002/job.413"
STATUS_THEORY: Final = (
    "Status characteristics theory, Berger, Fisek, Norman & Zelditch 1977 (recalled, unchecked)"
)
MODERATOR_BOT: Final = (
    "Kim et al. 2021, discussion structure and facilitation, 64 people in 12 groups, "
    "https://docslib.org/doc/2691279/"
    "moderator-chatbot-for-deliberative-discussion-effects-of-discussion-structure-and-discussant-facilitation"
)
OVER_MODERATION: Final = (
    "Higher moderation lowers perceived fairness, 510 people, https://ar5iv.labs.arxiv.org/html/1901.10720"
)
MINI_PUBLICS: Final = (
    "Facilitation in mini-publics, https://m.ebrary.net/93062/political_science/facilitation"
)
NGT_COMPARED: Final = (
    "Van de Ven & Delbecq 1974, nominal, Delphi and interacting groups (recalled, unchecked)"
)
NGT_CKD: Final = (
    "Trial of in-person against wiki-inspired nominal group technique, kidney disease priorities, "
    "https://documents.pub/document/a-randomized-controlled-trial-comparing-in-person-and-wiki-inspired-.html"
)
ONE_TWO_FOUR: Final = (
    "1-2-4-All: 1 + 2 + 4 + 5 minutes, "
    "https://newwaysofworking.notion.site/1-2-4-ALL-af3e4e212a964ef7a2657c10d642d972"
)
GSS_EQUALITY: Final = (
    "Rains 2005, meta-analysis of 48 experiments on computer-supported groups, "
    "https://experts.arizona.edu/en/publications/leveling-the-organizational-playing-field-virtually-a-meta-analys"
)
GSS_COST: Final = "McLeod 1992, meta-analysis of computer-supported groups, doi 10.1207/s15327051hci0703_1"
ANONYMITY_MIXED: Final = (
    "Pinsonneault & Heppel 1997, anonymity in group support systems, "
    "http://www.istopic.org/topicarticle.jsp?aid=2780&model=LDA-300"
)
STATUS_ONLINE: Final = (
    "Saunders et al. 1994, status persists among health professionals online, "
    "http://onlinelibrary.wiley.com/doi/10.1111/j.1468-2958.1994.tb00331.x/abstract"
)
FDA_SEATS: Final = (
    "Seats and votes on FDA advisory panels, "
    "http://newsoffice.mit.edu/2013/new-paper-examines-how-seating-of-fda-advisory-committee-members-might-impact-their-votes"
)
JURY_SEATS: Final = (
    "End seats and foreperson selection, "
    "http://soundjuryconsulting.com/blog/jury%20research/"
    "becoming-first-among-equals-moral-considerations-in-jury-foreman-selection/"
)
STEINZOR: Final = "Steinzor 1950; Strodtbeck & Hook 1961, opposite and end seats (recalled, unchecked)"
UNANIMITY: Final = (
    "Karpowitz et al., composition and decision rule in deliberation, https://www.cambridge.org/core/journals/"
    "american-political-science-review/article/"
    "div-classtitlegender-inequality-in-deliberative-participationdiv/CE7441632EB3B0BD21CC5045C7E1AF76"
)
CONSENT: Final = (
    "Consent decision making, Sociocracy For All, http://sociocracyforall.org/consent-decision-making"
)
CRITICAL_MASS: Final = (
    "Mendelberg et al., citing Kanter: tokens below 15 %, a turning point near 35 %, "
    "https://fdocuments.in/document/gender-inequality-in-deliberation-unpacking-the-black-box-gender-inequality.html"
)
PATIENT_CHAIRS: Final = (
    "Denegri 2016, why patients make good chairs, "
    "https://simondenegri.com/2016/08/09/blog-being-a-chair-and-why-patients-are-good-at-it-researchgovernance/"
)
TERMS_OF_REFERENCE: Final = (
    "Consumers on project committees need terms of reference, "
    "https://healthresearchhub.com/resources/project-or-steering-committee"
)
HIDDEN_POWER: Final = "Gaventa's power cube: agenda setting as hidden power (recalled, unchecked)"
REFLECTED_APPRAISAL: Final = (
    "Friedkin 2011, power concentrates over repeated issues, doi 10.1177/0001839212441349"
)
