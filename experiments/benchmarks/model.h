/* What a project is made of: the plan as it is handed over, and everything that changes while one runs.
 *
 * `records.h` is written by kernel.py: `struct meeting` and `struct phase` as `cosim.scenario.plan` lays them out.
 * Arrays over members have room for MAX_MEMBERS, so that every stride is known when this is compiled. */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "records.h"
#include "rules.h"

#ifndef MAX_MEMBERS
#define MAX_MEMBERS 16
#endif
#ifndef MAX_OPTIONS
#define MAX_OPTIONS 16
#endif

enum {
    KINDS = 4,
    ROLES = 4,
    PUBLIC = 3, /* role code */
    ATTRIBUTES = 14,
    SOURCES = 2 * MAX_MEMBERS, /* own views, then the constituencies' views as members carry them */
    MAX_GROUPS = MAX_MEMBERS,  /* constituencies */
    MAX_WORDS = 1024           /* quantiles of words in a turn */
};

/* Columns of a member's drawn attributes, in the order of `cosim.model.stages.project`. */
enum { PRESTIGE, CONFIDENCE, OPENNESS, MANDATE, LOYALTY, ATTENDANCE, KNOWS, WEIGHS = KNOWS + KINDS };

enum { EMPIRICAL, EXPERIENTIAL };

/* The arrays of `cosim.scenario.plan.Plan` in its order, then their lengths. */
struct plan {
    const int64_t *uid, *constituency_uid, *role, *constituency, *joins, *leaves;
    const bool *is_public, *is_lead;
    const double (*base)[ATTRIBUTES], *spread;
    const double (*scale)[ATTRIBUTES], (*shift)[ATTRIBUTES]; /* row: meeting * members + member */
    const double *boost_confidence, *boost_credibility, *boost_ties, *boost_own_ties;
    const struct meeting *meetings;
    const struct phase *phases;
    const double *head, *opposite, *opposite_mixed, *normal, *words;
    int64_t members, constituencies, meeting_count, phase_count, normal_points, words_points;
};

/* What is counted for each member while a project runs. */
struct tally {
    double turns[MAX_MEMBERS], words[MAX_MEMBERS], uptake[MAX_MEMBERS], cut[MAX_MEMBERS];
    double invited[MAX_MEMBERS], frankness[MAX_MEMBERS], expected[MAX_MEMBERS], attended[MAX_MEMBERS];
    double meetings[MAX_MEMBERS], own[MAX_MEMBERS], carried[MAX_MEMBERS], agenda[MAX_MEMBERS];
    double vote[MAX_MEMBERS], perceived[MAX_MEMBERS], acceptance[MAX_MEMBERS];
    double confidence_first[MAX_MEMBERS], confidence_last[MAX_MEMBERS];
    double credibility_first[MAX_MEMBERS], credibility_last[MAX_MEMBERS], misvoiced[MAX_MEMBERS];
};

/* What is counted for the project; most are weighted by the phases' importance. */
struct totals {
    double turns, words, minutes, talk_minutes, hours_public, hours_staff, money, steered, off_remit;
    double expected_turns_public, quality, rigour, relevance, score, accept_mean, accept_sd;
    double false_agreement, agreement_before, agreement_after, moved[2], representation, position_error;
    double overridden, undecided, carried_out, settled, agenda_public, agenda_share_public, meetings;
    double ties_first, ties_last, enacted, promise_gap, consensus;
    double uptake_of_kind[KINDS], turns_of_kind[KINDS];
};

/* A project as it runs.  N members, O options; what a turn goes over, it goes over member by member. */
struct state {
    double drawn[MAX_MEMBERS][ATTRIBUTES];
    double prestige[MAX_MEMBERS], openness[MAX_MEMBERS], mandate[MAX_MEMBERS], loyalty[MAX_MEMBERS];
    double attendance[MAX_MEMBERS], knows[MAX_MEMBERS][KINDS], weighs[MAX_MEMBERS][KINDS];
    double talkative[MAX_MEMBERS], verbosity[MAX_MEMBERS], confidence[MAX_MEMBERS], satisfaction[MAX_MEMBERS];
    double appraisal[MAX_MEMBERS], standing[MAX_MEMBERS], ready[MAX_MEMBERS], stake[MAX_MEMBERS];
    flag member[MAX_MEMBERS], present[MAX_MEMBERS], may[MAX_MEMBERS];

    /* [speaker][kind][listener] */
    double credibility[MAX_MEMBERS][KINDS][MAX_MEMBERS];
    double first_impression[MAX_MEMBERS][KINDS][MAX_MEMBERS];
    double understood[MAX_MEMBERS][KINDS][MAX_MEMBERS];
    double tie[MAX_MEMBERS][MAX_MEMBERS];  /* [speaker][listener] */
    double seat[MAX_MEMBERS][MAX_MEMBERS]; /* [last speaker][member] */
    double no_seat[MAX_MEMBERS];           /* before anybody has spoken: 1 */

    double path[KINDS];
    double merit[MAX_OPTIONS][KINDS], technicality[MAX_OPTIONS][KINDS];
    double group_view[MAX_OPTIONS][KINDS][MAX_GROUPS];
    double belief[MAX_OPTIONS][KINDS][MAX_MEMBERS], initial[MAX_OPTIONS][KINDS][MAX_MEMBERS];
    double known[MAX_OPTIONS][KINDS][MAX_MEMBERS]; /* evidence taken in (Bayesian listeners) */
    double weight[MAX_OPTIONS][KINDS][MAX_MEMBERS][SOURCES];
    bool touched[MAX_OPTIONS][KINDS];
    double views[MAX_MEMBERS][MAX_OPTIONS], views_before[MAX_MEMBERS][MAX_OPTIONS];

    int agenda[MAX_OPTIONS];
    double vote[MAX_MEMBERS];
    double mix[MAX_MEMBERS][MAX_MEMBERS], ballots[MAX_MEMBERS][MAX_OPTIONS];

    /* the floor of the meeting */
    double heard[MAX_MEMBERS], gained[MAX_MEMBERS], spent[MAX_MEMBERS];
    int64_t raised[MAX_MEMBERS], queue_clock;
    int pointer, last, before_last;
    double invitation;
    double said[SOURCES]; /* the sources of what is being said */

    struct tally people;
    struct totals totals;
};

#endif
