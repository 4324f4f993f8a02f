/* One whole project in C: the practical limit against which the compiled engine is measured.
 *
 * The same model as `cosim.engine`, written over for speed alone and checked to give the same numbers to the
 * last bit (kernel.py, tests/experiments/test_kernel.py).  It is a measuring rod: studies never use it.
 *
 * It covers what the default scenario (research_team) does, and everything that the engine's turns pay for
 * whether a scenario uses it or not: rounds, invitations, queues, talking tokens, the three rules of uptake.
 *
 * Left out, and refused by `refusal`, because the engine too passes them by at the price of a comparison:
 *   - small groups, writing before the talk, anonymous input, monitoring, co-chairs, consultation, late
 *     evidence, levels that slip;
 *   - the level consult (its report of the public's views);
 *   - decision rules other than the mean score;
 *   - counterfactual variations and the turn log, which are arguments of the engine and not of a scenario. */

#include <stddef.h>

#include "model.h"

#include "ballot.h"
#include "measure.h"
#include "talk.h"

/* Dials that must be 0 in every meeting. */
static const struct {
    const char *name;
    size_t offset;
} LEFT_OUT[] = {
#define DIAL(section, key) {#section "." #key, offsetof(struct meeting, section##_##key)}
    DIAL(facilitation, small_groups), DIAL(facilitation, silent_writing), DIAL(facilitation, anonymous_input),
    DIAL(facilitation, monitoring),   DIAL(facilitation, co_chair),       DIAL(facilitation, consultation),
    DIAL(system, late_evidence),      DIAL(system, drift),
#undef DIAL
};

/* Why a plan cannot be run here; NULL when it can. */
const char *refusal(const struct plan *p)
{
    if (p->members > MAX_MEMBERS || p->constituencies > MAX_GROUPS)
        return "more members than there is room for";
    for (int phase = 0; phase < p->phase_count; phase++) {
        if (p->phases[phase].options > MAX_OPTIONS)
            return "more options than there is room for";
        if (p->phases[phase].rule != 0)
            return "phases.*.rule: only mean_score";
        if (p->phases[phase].level == CONSULT)
            return "phases.*.level: every level but consult";
    }
    for (int meeting = 0; meeting < p->meeting_count; meeting++)
        for (size_t n = 0; n < sizeof LEFT_OUT / sizeof *LEFT_OUT; n++) {
            double dial;
            memcpy(&dial, (const char *)&p->meetings[meeting] + LEFT_OUT[n].offset, sizeof dial);
            if (dial != 0.0)
                return LEFT_OUT[n].name;
        }
    return NULL;
}

/* Run one project; its tally is left in `s`, the options chosen in `choices` (phases). */
static void run_project(const struct plan *p, struct state *s, struct luck luck, int64_t *choices)
{
    begin_project(p, s, luck);
    for (int phase = 0; phase < p->phase_count; phase++) {
        const struct phase *terms = &p->phases[phase];
        begin_phase(p, s, phase, luck);
        for (int meeting = (int)terms->start; meeting < terms->stop; meeting++) {
            int items = open_meeting(p, s, meeting, luck);
            double minutes = deliberate(p, s, meeting, items, luck);
            close_meeting(p, s, meeting, minutes);
        }
        choices[phase] = end_phase(p, s, (int)terms->stop - 1, luck);
    }
    s->totals.ties_last = cross_role_ties(p, s);
}

/* Run replicates 0 .. replicates - 1: `runs` (replicates, OUTCOMES), `people` (replicates, members,
 * PERSON_COLUMNS), `choices` (replicates, phases). */
void run_batch(const struct plan *p, uint64_t seed, int64_t replicates, double *runs, double *people,
               int64_t *choices)
{
    static struct state state;
    for (int64_t r = 0; r < replicates; r++) {
        struct luck luck = {.seed = seed, .replicate = (uint32_t)r};
        run_project(p, &state, luck, choices + r * p->phase_count);
        measure(p, &state, runs + r * OUTCOMES);
        measure_people(p, &state, people + r * p->members * PERSON_COLUMNS);
    }
}
