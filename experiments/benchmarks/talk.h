/* The talk of a meeting: who gets the floor, what is said, and what the others make of it.
 *
 * Nearly all of a project's time is spent here.  What goes over the listeners is written as short loops
 * without branches over neighbouring numbers, always MAX_MEMBERS of them, which the compiler turns into vector
 * instructions without remainders.  Who does not count (absent, speaking, or a place without a member) is
 * worked out with the others and moves by a share of 0. */
#ifndef TALK_H
#define TALK_H

#include "meeting.h"

/* What is settled about a contribution before it is made. */
struct turn {
    int meeting, number, speaker, lead, item;
    enum mode mode;
};

/* ---------------------------------------------------------------- the floor */

/* Everyone's stake as an item comes up: how far the group's view is from their own, times engagement. */
static void take_positions(const struct plan *p, struct state *s, const struct meeting *d, int meeting,
                           int item, struct luck luck)
{
    double own[MAX_MEMBERS], present = 0.0, mean = 0.0;
    for (int i = 0; i < p->members; i++) {
        own[i] = judgement(s, item, i);
        if (s->present[i]) {
            present += 1.0;
            mean += own[i];
        }
    }
    mean = mean / present;
    for (int i = 0; i < p->members; i++) {
        struct words words = draws(luck, ENGAGEMENT, meeting, place_of(p->uid[i], item));
        double z = interpolated(p->normal, p->normal_points, words.lane[0]);
        s->stake[i]
            = stake_in(own[i], mean, d->floor_stake, 0.0) * lognormal(d->floor_engagement_spread, z);
    }
}

/* Hand out talking tokens anew once everyone who could speak next has spent theirs. */
static void renew_tokens(struct state *s, int count, const flag *eligible, double tokens)
{
    for (int i = 0; i < count; i++)
        if (eligible[i] && s->spent[i] < tokens)
            return;
    for (int i = 0; i < count; i++)
        if (s->may[i])
            s->spent[i] = 0.0;
}

/* Everyone's claim to the floor; 0 for those not eligible. */
static void make_claims(const struct state *restrict s, const struct meeting *restrict d,
                        const flag *restrict eligible, double *restrict claims)
{
    const double counts = d->floor_rule == LUCE ? 0.0 : 1.0, tokens = (double)d->facilitation_tokens;
    const double returning = 1.0 + d->floor_returning, waiting = 1.0 - d->facilitation_talk_cap;
    const double *restrict place = s->last >= 0 ? s->seat[s->last] : s->no_seat;
    const flag before_last = s->before_last;
    for (flag i = 0; i < MAX_MEMBERS; i++) {
        double base = (1.0 + counts * s->standing[i]) * s->talkative[i];
        double weight = base * s->ready[i] * s->stake[i] * place[i];
        weight = i == before_last ? weight * returning : weight;
        weight = s->spent[i] >= tokens ? weight * waiting : weight;
        claims[i] = eligible[i] ? weight : 0.0;
    }
}

static void raise_hand(struct state *s, int i)
{
    if (s->raised[i] == 0)
        s->raised[i] = ++s->queue_clock;
}

/* Give the next turn; returns the speaker. */
static int give_floor(const struct plan *p, struct state *s, const struct meeting *d, int meeting, int turn,
                      struct luck luck, enum mode *mode)
{
    int count = (int)p->members, speaker;
    struct words words = draws(luck, FLOOR, meeting, turn);
    flag eligible[MAX_MEMBERS];
    s->pointer = next_in_order(s->may, count, s->pointer);
    for (flag i = 0; i < MAX_MEMBERS; i++)
        eligible[i] = s->may[i] & (i != s->last);
    *mode = mode_of(words.lane[0], d->facilitation_rounds, s->invitation, d->facilitation_queue,
                    d->facilitation_skill);
    if (*mode == OPEN && d->floor_rule == QUEUE)
        *mode = QUEUED;
    if (*mode == ROUND) {
        speaker = eligible[s->pointer] ? s->pointer : next_in_order(eligible, count, s->pointer);
        if (uniform(words.lane[2]) < d->facilitation_passing * (1.0 - s->confidence[speaker])) {
            eligible[speaker] = false;
            int other = next_in_order(eligible, count, speaker);
            speaker = other >= 0 ? other : speaker;
        }
        return speaker;
    }
    if (*mode == INVITED)
        return least_heard(s->heard, eligible, count, s->pointer);
    double claims[MAX_MEMBERS];
    renew_tokens(s, count, eligible, (double)d->facilitation_tokens);
    make_claims(s, d, eligible, claims);
    speaker = chosen(claims, count, words.lane[1]);
    if (*mode == QUEUED) {
        raise_hand(s, speaker);
        raise_hand(s, chosen(claims, count, words.lane[3]));
        speaker = first_hand(s->raised, eligible, count);
        s->raised[speaker] = 0;
    }
    return speaker;
}

/* ---------------------------------------------------------------- a contribution */

/* Start the bookkeeping of a belief that is spoken of for the first time: everyone's own so far. */
static void touch(struct state *s, int count, int item, int kind)
{
    if (s->touched[item][kind])
        return;
    s->touched[item][kind] = true;
    for (int i = 0; i < count; i++) {
        s->known[item][kind][i] = 0.0;
        memset(s->weight[item][kind][i], 0, sizeof s->weight[item][kind][i]);
        s->weight[item][kind][i][i] = 1.0;
    }
}

/* How much of this contribution is the speaker's own view. */
static double candour_of(const struct state *s, const struct meeting *d, const struct turn *now)
{
    int i = now->speaker;
    double gap = 0.0;
    if (now->lead >= 0 && now->lead != i && s->standing[now->lead] > s->standing[i])
        gap = s->standing[now->lead] - s->standing[i];
    return candour(gap, s->confidence[i], d->speech_smothering,
                   safety(d->speech_safety, d->facilitation_ground_rules), s->loyalty[i]);
}

/* Fill `said` with the sources of what is voiced; returns the merit voiced. */
static double compose(const struct plan *p, struct state *s, const struct turn *now, int kind, double frank)
{
    int count = (int)p->members, i = now->speaker, other = now->lead >= 0 ? now->lead : i;
    double mandate = s->mandate[i];
    touch(s, count, now->item, kind);
    const double *own = s->weight[now->item][kind][i], *lead = s->weight[now->item][kind][other];
    for (int n = 0; n < SOURCES; n++)
        s->said[n] = frank * ((1.0 - mandate) * own[n]) + (1.0 - frank) * lead[n];
    s->said[MAX_MEMBERS + i] += frank * mandate;
    const double *belief = s->belief[now->item][kind];
    return voiced(belief[i], s->group_view[now->item][kind][p->constituency[i]], belief[other], mandate,
                  frank);
}

/* The share of the distance by which each listener moves, given the weight of the turn for them. */
static void steps(const struct meeting *restrict d, const double *restrict weight,
                  const double *restrict distance, const double *restrict known, double *restrict share)
{
    const double rate = d->uptake_rate, confirmation = d->uptake_confirmation;
    if (d->uptake_rule == BAYESIAN) {
        for (int j = 0; j < MAX_MEMBERS; j++) {
            double gained = evidence(weight[j], distance[j], confirmation);
            share[j] = gained * rate / (1.0 + rate * (known[j] + gained));
        }
        return;
    }
    const double bound = d->uptake_rule == BOUNDED_CONFIDENCE ? d->uptake_bound : INFINITY;
    for (int j = 0; j < MAX_MEMBERS; j++)
        share[j] = distance[j] > bound ? 0.0 : rate * weight[j] * (1.0 - confirmation * distance[j]);
}

/* Move a listener's source weights, as their belief is moved, toward what was said. */
static void absorb_sources(double *restrict weight, const double *restrict said, double share, double pulled)
{
    const double kept = 1.0 - pulled, stays = kept * (1.0 - share), comes = kept * share;
    for (int n = 0; n < SOURCES; n++)
        weight[n] = stays * weight[n] + comes * said[n];
}

/* What everyone makes of one contribution. */
struct reception {
    flag hears[MAX_MEMBERS];
    double weight[MAX_MEMBERS], distance[MAX_MEMBERS], share[MAX_MEMBERS], pulled[MAX_MEMBERS];
};

/* Work out how far each listener moves, before anybody does. */
static void receive(const struct meeting *restrict d, const struct state *restrict s, const struct turn *now,
                    int kind, double said, double attention, struct reception *restrict r)
{
    const flag i = now->speaker;
    const double anchor = d->uptake_anchor, demonstrability = d->uptake_demonstrability;
    const double truth = s->merit[now->item][kind];
    const double *restrict credibility = s->credibility[i][kind], *restrict understood = s->understood[i][kind];
    const double *restrict belief = s->belief[now->item][kind];
    for (flag j = 0; j < MAX_MEMBERS; j++) {
        r->hears[j] = s->present[j] & (j != i);
        double moves = convincing(credibility[j], said, belief[j], truth, demonstrability);
        double weight = s->openness[j] * moves * understood[j] * attention;
        r->weight[j] = r->hears[j] ? weight : 0.0;
        r->distance[j] = apart(said, belief[j]);
        r->pulled[j] = r->hears[j] ? anchor * (1.0 - s->openness[j]) : 0.0;
    }
    steps(d, r->weight, r->distance, s->known[now->item][kind], r->share);
}

/* Let the listeners see the speaker in a new light: credibility and ties grow with what was understood. */
static void learn(const struct meeting *restrict d, struct state *restrict s, int i, int kind,
                  double attention, const flag *restrict hears)
{
    const double *restrict understood = s->understood[i][kind];
    double *restrict credibility = s->credibility[i][kind], *restrict tie = s->tie[i];
    const double calm = climate_of(d->learning_climate, d->facilitation_ground_rules);
    const double rate = d->learning_credibility_rate, bonus = d->learning_tie_bonus;
    const double gain = d->learning_tie_gain, knows = s->knows[i][kind];
    for (int j = 0; j < MAX_MEMBERS; j++) {
        double followed = hears[j] ? understood[j] : 0.0;
        double learned = credibility_step(rate, calm, followed * attention, tie[j], bonus);
        credibility[j] = toward(credibility[j], knows, learned);
        tie[j] = toward(tie[j], 1.0, gain * followed * attention);
    }
}

/* Let everyone take up what was said; returns their summed movement, and their mean pull in `reach`. */
static double listen(const struct meeting *d, struct state *s, int count, const struct turn *now, int kind,
                     double said, double attention, double *reach)
{
    struct reception r;
    receive(d, s, now, kind, said, attention, &r);
    double *restrict belief = s->belief[now->item][kind], *restrict known = s->known[now->item][kind];
    const double *restrict initial = s->initial[now->item][kind], confirmation = d->uptake_confirmation;
    for (int j = 0; j < MAX_MEMBERS; j++) {
        belief[j] = moved(belief[j], said, initial[j], r.share[j], r.pulled[j]);
        known[j] += evidence(r.weight[j], r.distance[j], confirmation);
    }
    learn(d, s, now->speaker, kind, attention, r.hears);
    double movement = 0.0, pulls = 0.0, listeners = 0.0;
    for (int j = 0; j < count; j++) {
        movement += r.share[j] * r.distance[j];
        pulls += r.weight[j];
        if (!r.hears[j])
            continue;
        listeners += 1.0;
        double *weight = s->weight[now->item][kind][j];
        absorb_sources(weight, s->said, r.share[j], r.pulled[j]);
        weight[j] += r.pulled[j];
    }
    *reach = listeners > 0.0 ? pulls / listeners : 0.0;
    return movement;
}

/* Voice a contribution and let everyone take it up; returns the mean pull on the listeners. */
static double contribute(const struct plan *p, struct state *s, const struct meeting *d,
                         const struct turn *now, int kind, double heard)
{
    int i = now->speaker;
    double reach, frank = candour_of(s, d, now), said = compose(p, s, now, kind, frank);
    double attention = heard * hearing(s->mandate[i], d->uptake_legitimacy);
    double movement = listen(d, s, (int)p->members, now, kind, said, attention, &reach);
    s->people.uptake[i] += movement;
    s->people.frankness[i] += frank;
    s->people.misvoiced[i] += apart(said, s->group_view[now->item][kind][p->constituency[i]]);
    s->gained[i] += movement;
    s->totals.uptake_of_kind[kind] += movement;
    s->totals.turns_of_kind[kind] += 1.0;
    return reach;
}

/* Let one member speak and the others listen; returns the minutes it took. */
static double take_turn(const struct plan *p, struct state *s, const struct meeting *d,
                        const struct turn *now, struct luck luck)
{
    int i = now->speaker;
    struct words words = draws(luck, SPEECH, now->meeting, now->number);
    int kind = kind_spoken(s->knows[i], s->technicality[now->item], words.lane[0]);
    bool cut = now->mode != ROUND
               && uniform(words.lane[2])
                      < cut_chance(s->standing[i], d->speech_interruption, d->facilitation_ground_rules);
    bool off_remit = i != now->lead
                     && uniform(draws(luck, REMIT, now->meeting, now->number).lane[0])
                            < d->speech_off_remit * (1.0 - d->system_role_clarity);
    double length = interpolated(p->words, p->words_points, words.lane[1])
                    * words_factor(s->standing[i], d->speech_length_by_standing, s->verbosity[i]);
    length = cut ? length * d->speech_cut_words : length;
    double heard = off_remit ? 0.0 : cut ? d->speech_cut_heard : 1.0;
    double reach = contribute(p, s, d, now, kind, heard);
    s->confidence[i] = confidence_after(s->confidence[i], reach, cut, d->learning_confidence_gain,
                                        d->learning_confidence_loss, d->learning_ignored_below);
    s->ready[i] = readiness(s->confidence[i], d->system_role_clarity);
    s->heard[i] += 1.0;
    s->spent[i] += 1.0;
    s->before_last = s->last;
    s->last = i;
    s->people.turns[i] += 1.0;
    s->people.words[i] += length;
    s->people.cut[i] += cut ? 1.0 : 0.0;
    s->people.invited[i] += now->mode == INVITED ? 1.0 : 0.0;
    s->totals.turns += 1.0;
    s->totals.words += length;
    s->totals.steered += is_steered(now->mode) ? 1.0 : 0.0;
    s->totals.off_remit += off_remit ? 1.0 : 0.0;
    double handling = is_steered(now->mode) ? d->facilitation_handling_seconds : 0.0;
    return length / d->speech_words_per_minute + (d->speech_handover_seconds + handling) / 60.0;
}

/* Let a meeting talk until its time is used up; returns the minutes talked. */
static double deliberate(const struct plan *p, struct state *s, int meeting, int items, struct luck luck)
{
    const struct meeting *d = &p->meetings[meeting];
    const bool strict = d->facilitation_rounds >= 1.0 && d->facilitation_passing == 0.0;
    int speakers = 0, slot = -1;
    for (int i = 0; i < p->members; i++)
        speakers += (int)s->may[i];
    if (speakers < 2 || d->talk_minutes <= 0.0)
        return d->talk_minutes;
    struct turn now = {.meeting = meeting, .lead = lead_of(p, s->present, p->phases[d->phase].level)};
    double clock = 0.0;
    /* A strict round is completed even when the time is up. */
    for (; clock < d->talk_minutes || (strict && now.number % speakers != 0); now.number++) {
        int index = (int)(clock / d->talk_minutes * items);
        index = index < items ? index : items - 1;
        if (index != slot) {
            slot = index;
            now.item = s->agenda[slot];
            take_positions(p, s, d, meeting, now.item, luck);
        }
        now.speaker = give_floor(p, s, d, meeting, now.number, luck, &now.mode);
        clock += take_turn(p, s, d, &now, luck);
    }
    return clock;
}

#endif
