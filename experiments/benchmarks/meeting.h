/* A meeting opens and closes: who came, the agenda, who stands where, what stays afterwards. */
#ifndef MEETING_H
#define MEETING_H

#include "people.h"

static void boost(const struct plan *p, struct state *s, int meeting)
{
    int count = (int)p->members;
    const double *confidence = p->boost_confidence + meeting * count;
    const double *credibility = p->boost_credibility + meeting * count;
    const double *ties = p->boost_ties + meeting * count, *own_ties = p->boost_own_ties + meeting * count;
    for (int i = 0; i < count; i++) {
        if (confidence[i] > 0.0)
            s->confidence[i] = toward(s->confidence[i], 1.0, confidence[i]);
        if (credibility[i] > 0.0)
            for (int k = 0; k < KINDS; k++)
                for (int j = 0; j < count; j++)
                    s->credibility[i][k][j] =
                        toward(s->credibility[i][k][j], s->knows[i][k], credibility[i]);
        if (ties[i] > 0.0 || own_ties[i] > 0.0)
            for (int j = 0; j < count; j++) {
                double strength = p->role[i] == p->role[j] ? own_ties[i] : ties[i];
                if (strength > 0.0) {
                    s->tie[i][j] = toward(s->tie[i][j], 1.0, strength);
                    s->tie[j][i] = toward(s->tie[j][i], 1.0, strength);
                }
            }
    }
}

static void attend(const struct plan *p, struct state *s, int meeting, struct luck luck)
{
    const struct meeting *d = &p->meetings[meeting];
    int came = 0;
    for (int i = 0; i < p->members; i++) {
        s->present[i] = false;
        if (!s->member[i])
            continue;
        double odds = s->attendance[i];
        if (p->is_public[i])
            odds += (1.0 - odds) * d->attendance_payment * d->attendance_payment_effect * d->system_support;
        if (s->satisfaction[i] < 0.5)
            odds *= 1.0 - d->attendance_dissatisfaction * (1.0 - 2.0 * s->satisfaction[i]);
        double luck_of_it = uniform(draws(luck, ATTEND, meeting, place_of(p->uid[i], 0)).lane[0]);
        s->present[i] = p->is_lead[i] || luck_of_it < odds;
        came += (int)s->present[i];
    }
    if (came < 2)
        memcpy(s->present, s->member, sizeof s->present);
}

/* A member's share in setting the agenda, with nobody co-chairing. */
static double agenda_power(bool is_lead, bool is_public, bool led, double shared, double slot,
                           double present, double public)
{
    shared = led ? shared : 1.0;
    slot = public == 0.0 ? 0.0 : slot;
    double share = shared / present;
    if (is_lead)
        share += 1.0 - shared;
    share = share * (1.0 - slot);
    return is_public ? share + slot / public : share;
}

static double priority(double view, double low, double high, double self_interest)
{
    if (high <= low)
        return 1.0;
    double wish = (view - low) / (high - low);
    return 1.0 - self_interest + self_interest * wish * wish;
}

/* Mixed priorities of those who set the agenda. */
static void wishes(const struct state *s, int count, const double *shares, double self_interest, int options,
                   double *wish)
{
    for (int o = 0; o < options; o++)
        wish[o] = 0.0;
    for (int i = 0; i < count; i++) {
        if (shares[i] <= 0.0)
            continue;
        double low = s->views[i][0], high = s->views[i][0], wants[MAX_OPTIONS], total = 0.0;
        for (int o = 1; o < options; o++) {
            low = s->views[i][o] < low ? s->views[i][o] : low;
            high = s->views[i][o] > high ? s->views[i][o] : high;
        }
        for (int o = 0; o < options; o++) {
            wants[o] = priority(s->views[i][o], low, high, self_interest);
            total += wants[o];
        }
        for (int o = 0; o < options; o++)
            wish[o] += shares[i] * wants[o] / total;
    }
}

/* Which share of the discussed items the public would itself have put on the agenda. */
static void note_public_items(const struct plan *p, struct state *s, int items, int options)
{
    double wish[MAX_OPTIONS] = {0.0}, wished = 0.0;
    bool any = false;
    for (int i = 0; i < p->members; i++)
        if (p->is_public[i] && s->member[i]) {
            any = true;
            for (int o = 0; o < options; o++)
                wish[o] += s->views_before[i][o];
        }
    if (!any)
        return;
    for (int slot = 0; slot < items; slot++) {
        int better = 0;
        for (int o = 0; o < options; o++)
            better += wish[o] > wish[s->agenda[slot]];
        wished += better < items ? 1.0 : 0.0;
    }
    s->totals.agenda_public += wished / items;
}

/* Draw the items of the meeting; returns how many there are. */
static int set_agenda(const struct plan *p, struct state *s, int meeting, int options, struct luck luck)
{
    const struct meeting *d = &p->meetings[meeting];
    double present = 0.0, public = 0.0, shares[MAX_MEMBERS], wish[MAX_OPTIONS];
    bool led = false;
    for (int i = 0; i < p->members; i++)
        if (s->present[i]) {
            present += 1.0;
            public += p->is_public[i] ? 1.0 : 0.0;
            led = led || p->is_lead[i];
        }
    for (int i = 0; i < p->members; i++) {
        shares[i] = 0.0;
        if (!s->present[i])
            continue;
        shares[i] = agenda_power(p->is_lead[i], p->is_public[i], led, d->agenda_shared,
                                 d->agenda_public_slot, present, public);
        s->people.agenda[i] += shares[i];
        if (p->is_public[i])
            s->totals.agenda_share_public += shares[i];
    }
    wishes(s, (int)p->members, shares, d->agenda_self_interest, options, wish);
    int slots = (int)(d->talk_minutes / d->agenda_minutes_per_item + 0.5), items = 0;
    slots = slots < 1 ? 1 : slots;
    slots = slots < options ? slots : options;
    for (; items < slots; items++) {
        int drawn = chosen(wish, options, draws(luck, AGENDA, meeting, items).lane[0]);
        if (drawn < 0) /* whoever sets the agenda wants nothing more on it */
            break;
        s->agenda[items] = drawn;
        wish[drawn] = 0.0;
    }
    note_public_items(p, s, items, options);
    return items;
}

/* Expectation standing (Whitmeyer's fit), from prestige, recognised expertise, leadership, past performance. */
static void stand(const struct plan *p, struct state *s, int meeting, int items)
{
    static const double K = 2.618, S = -0.0770;
    enum { CHARACTERISTICS = 4 };
    const struct meeting *d = &p->meetings[meeting];
    const double salience[CHARACTERISTICS] = {
        d->standing_title_salience * (1.0 - d->facilitation_titles_hidden) * K,
        d->standing_expertise_salience * (K * K),
        d->standing_leadership_salience * K,
        d->standing_appraisal_salience * (K * K),
    };
    double states[CHARACTERISTICS][MAX_MEMBERS], mean[CHARACTERISTICS], relevance[KINDS] = {0.0};
    double others = -1.0, present = 0.0;
    int count = (int)p->members;
    for (int k = 0; k < KINDS; k++)
        for (int slot = 0; slot < items; slot++)
            relevance[k] += s->technicality[s->agenda[slot]][k] / items;
    for (int j = 0; j < count; j++) {
        others += s->present[j] ? 1.0 : 0.0;
        present += s->present[j] ? 1.0 : 0.0;
    }
    for (int i = 0; i < count; i++) {
        double recognised = 0.0;
        for (int k = 0; k < KINDS; k++) {
            double seen = 0.0;
            for (int j = 0; j < count; j++)
                if (j != i && s->present[j])
                    seen += s->credibility[i][k][j];
            recognised += relevance[k] * seen;
        }
        states[0][i] = s->prestige[i];
        states[1][i] = recognised / others;
        states[2][i] = p->is_lead[i] ? 1.0 : 0.0;
        states[3][i] = s->appraisal[i];
    }
    for (int c = 0; c < CHARACTERISTICS; c++) {
        double total = 0.0;
        for (int i = 0; i < count; i++)
            if (s->present[i])
                total += states[c][i];
        mean[c] = present > 0.0 ? total / present : 0.0;
    }
    for (int i = 0; i < count; i++) {
        double high = 0.0, low = 0.0;
        s->standing[i] = 0.0;
        if (!s->present[i])
            continue;
        for (int c = 0; c < CHARACTERISTICS; c++) {
            double state = clip(2.0 * (states[c][i] - mean[c]), -1.0, 1.0) * salience[c];
            if (state > 0.0)
                high += state;
            else
                low -= state;
        }
        s->standing[i] = exponential(S * low) - exponential(S * high);
    }
}

/* How much of whose turns each listener understands. */
static void understand(const struct plan *p, struct state *s, int meeting)
{
    const struct meeting *d = &p->meetings[meeting];
    for (int k = 0; k < KINDS; k++) {
        bool lived = k == EXPERIENTIAL;
        double eased = lived ? d->facilitation_mutual_learning : d->facilitation_plain_language;
        double loss = (lived ? d->uptake_unfamiliarity : d->uptake_jargon) * (1.0 - eased)
                      * (1.0 - 0.5 * d->facilitation_assumptions_round);
        for (int i = 0; i < p->members; i++)
            for (int j = 0; j < p->members; j++)
                s->understood[i][k][j] = comprehension(s->knows[i][k], s->knows[j][k], loss);
    }
}

static void take_seats(const struct plan *p, struct state *s, int meeting)
{
    const struct meeting *d = &p->meetings[meeting];
    double head_pull = d->floor_head_seat * (1.0 - d->facilitation_level_table);
    int count = (int)p->members;
    for (int i = 0; i < count; i++)
        s->no_seat[i] = 1.0;
    for (int last = 0; last < count; last++)
        for (int i = 0; i < count; i++) {
            double faces = toward(p->opposite[last * count + i], p->opposite_mixed[last * count + i],
                                  d->facilitation_mixed_seating);
            s->seat[last][i] = seat_pull(p->head[i], faces, head_pull, d->floor_opposite_seat);
        }
}

/* Set up a meeting; returns the number of its agenda items. */
static int open_meeting(const struct plan *p, struct state *s, int meeting, struct luck luck)
{
    const struct meeting *d = &p->meetings[meeting];
    const struct phase *terms = &p->phases[d->phase];
    take_traits(p, s, meeting);
    boost(p, s, meeting);
    attend(p, s, meeting, luck);
    for (int i = 0; i < p->members; i++)
        s->may[i] = s->present[i] && (!p->is_public[i] || terms->level >= INVOLVE);
    judge(p, s, terms->options);
    int items = set_agenda(p, s, meeting, (int)terms->options, luck);
    stand(p, s, meeting, items);
    understand(p, s, meeting);
    take_seats(p, s, meeting);
    for (int i = 0; i < p->members; i++) {
        s->ready[i] = readiness(s->confidence[i], d->system_role_clarity);
        s->heard[i] = s->gained[i] = s->spent[i] = 0.0;
        s->raised[i] = 0;
    }
    s->invitation = d->facilitation_invitation;
    s->pointer = (int)(uniform(draws(luck, ORDER, meeting, 0).lane[0]) * (double)p->members);
    s->queue_clock = 0;
    s->last = s->before_last = -1;
    return items;
}

/* ---------------------------------------------------------------- afterwards */

/* Tally equal shares: what each member and the public would have had of this meeting's talk. */
static void count_shares(const struct plan *p, struct state *s)
{
    double present = 0.0, public = 0.0, turns = 0.0;
    for (int i = 0; i < p->members; i++) {
        turns += s->heard[i];
        s->people.meetings[i] += s->member[i] ? 1.0 : 0.0;
        if (s->present[i]) {
            s->people.attended[i] += 1.0;
            present += 1.0;
            public += p->is_public[i] ? 1.0 : 0.0;
        }
    }
    for (int i = 0; i < p->members; i++)
        if (s->present[i])
            s->people.expected[i] += turns / present;
    s->totals.expected_turns_public += turns * public / present;
    s->totals.meetings += 1.0;
}

static void count_costs(const struct plan *p, struct state *s, int meeting, double minutes)
{
    const struct meeting *d = &p->meetings[meeting];
    double public = 0.0, staff = 0.0;
    for (int i = 0; i < p->members; i++)
        if (s->present[i]) {
            public += p->is_public[i] ? 1.0 : 0.0;
            staff += p->is_public[i] ? 0.0 : 1.0;
        }
    double inside = d->planned_minutes * d->system_deadline - d->talk_minutes;
    double held = minutes + (inside > 0.0 ? inside : 0.0);
    double public_hours = held / 60.0 * public + d->public_hours;
    double staff_hours = held / 60.0 * staff + d->staff_hours;
    s->totals.talk_minutes += minutes;
    s->totals.minutes += held + d->outside_minutes;
    s->totals.hours_public += public_hours;
    s->totals.hours_staff += staff_hours;
    s->totals.money +=
        d->money
        + d->attendance_payment * (d->costs_public_hour * public_hours + d->costs_public_expenses * public)
        + d->costs_staff_hour * staff_hours
        + (double)d->facilitated * d->costs_facilitator_hour * held / 60.0;
}

static void close_meeting(const struct plan *p, struct state *s, int meeting, double minutes)
{
    const struct meeting *d = &p->meetings[meeting];
    double present = 0.0, gained = 0.0;
    count_shares(p, s);
    count_costs(p, s, meeting, minutes);
    for (int i = 0; i < p->members; i++)
        if (s->present[i]) {
            present += 1.0;
            gained += s->gained[i];
        }
    for (int i = 0; i < p->members; i++) {
        if (s->present[i]) {
            double share = gained > 0.0 ? s->gained[i] / gained : 1.0 / present;
            s->appraisal[i] =
                appraisal_after(share, 1.0 / present, s->appraisal[i], d->learning_appraisal_memory);
        }
        for (int k = 0; k < KINDS; k++)
            for (int j = 0; j < p->members; j++) {
                double seen =
                    toward(s->credibility[i][k][j], s->knows[i][k], d->facilitation_power_audit);
                s->credibility[i][k][j] =
                    toward(seen, s->first_impression[i][k][j], d->learning_forgetting);
            }
        for (int j = 0; j < p->members; j++)
            s->tie[i][j] = unit_interval(s->tie[i][j] * (1.0 - d->learning_tie_decay));
    }
}

#endif
