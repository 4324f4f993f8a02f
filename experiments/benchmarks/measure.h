/* Outcomes and people's columns from the tally of a finished project, in the order of `cosim.outcomes`. */
#ifndef MEASURE_H
#define MEASURE_H

#include "people.h"

enum { OUTCOMES = 56, PERSON_COLUMNS = 22 };

/* Sum over those counted; over everyone where `counted` is NULL. */
static double sum_over(const double *values, const bool *counted, int count)
{
    double total = 0.0;
    for (int i = 0; i < count; i++)
        if (!counted || counted[i])
            total += values[i];
    return total;
}

static double parity(double part, double whole, double seats, double members)
{
    return whole <= 0.0 || seats <= 0.0 ? 0.0 : (part / whole) / (seats / members);
}

static double gini(const double *values, int count)
{
    double total = 0.0, differences = 0.0;
    for (int i = 0; i < count; i++) {
        total += values[i];
        for (int j = 0; j < i; j++)
            differences += apart(values[i], values[j]);
    }
    return total <= 0.0 ? 0.0 : differences / (count * total);
}

/* Theil's T of shares that sum to 1; returns the part of it that lies within roles. */
static double theil(const double *shares, const int64_t *role, int count, double *whole)
{
    double total = 0.0, between = 0.0;
    for (int i = 0; i < count; i++)
        if (shares[i] > 0.0)
            total += shares[i] * logarithm(shares[i] * count);
    *whole = 0.0;
    if (total < 1e-12)
        return 0.0;
    for (int r = 0; r < ROLES; r++) {
        double share = 0.0, seats = 0.0;
        for (int i = 0; i < count; i++)
            if (role[i] == r) {
                share += shares[i];
                seats += 1.0;
            }
        if (share > 0.0)
            between += share * logarithm(share * count / seats);
    }
    *whole = total;
    return total - between > 0.0 ? total - between : 0.0;
}

static double *measure_voice(const struct plan *p, const struct state *s, double seats, double *out)
{
    const struct tally *t = &s->people;
    const int count = (int)p->members;
    double turns = sum_over(t->turns, p->is_public, count), words = sum_over(t->words, p->is_public, count);
    double uptake = sum_over(t->uptake, p->is_public, count), moved = sum_over(t->uptake, NULL, count);
    double spoken = sum_over(t->turns, NULL, count), equal = s->totals.expected_turns_public;
    *out++ = gini(t->turns, count);
    *out++ = ratio(turns, equal);
    *out++ = gini(t->words, count);
    *out++ = ratio(ratio(words, sum_over(t->words, NULL, count)), ratio(equal, spoken));
    *out++ = gini(t->uptake, count);
    *out++ = parity(uptake, moved, seats, count);
    *out++ = ratio(ratio(uptake, turns), ratio(moved, spoken));
    return out;
}

static double *measure_influence(const struct plan *p, const struct state *s, double voice_parity, double *out)
{
    const struct tally *t = &s->people;
    const int count = (int)p->members;
    double shares[MAX_MEMBERS], by_role[ROLES] = {0.0}, seats[ROLES] = {0.0}, lead = 0.0, vote = 0.0, unequal;
    double least = t->own[0] + t->carried[0];
    for (int i = 0; i < count; i++) {
        shares[i] = t->own[i] + t->carried[i];
        by_role[p->role[i]] += shares[i];
        seats[p->role[i]] += 1.0;
        least = shares[i] < least ? shares[i] : least;
        lead += p->is_lead[i] ? shares[i] : 0.0;
        vote += p->is_public[i] ? t->vote[i] : 0.0;
    }
    double public = parity(by_role[PUBLIC], 1.0, seats[PUBLIC], count);
    double within = theil(shares, p->role, count, &unequal);
    double contributions = sum_over(t->turns, p->is_public, count);
    *out++ = gini(shares, count);
    *out++ = public;
    for (int r = 0; r < PUBLIC; r++)
        *out++ = parity(by_role[r], 1.0, seats[r], count);
    *out++ = least * count;
    *out++ = lead * count;
    *out++ = ratio(within, unequal);
    *out++ = unequal;
    *out++ = ratio(sum_over(t->carried, p->is_public, count), by_role[PUBLIC]);
    *out++ = parity(vote, 1.0, seats[PUBLIC], count);
    *out++ = parity(s->totals.agenda_share_public, s->totals.meetings, seats[PUBLIC], count);
    *out++ = ratio(contributions - sum_over(t->frankness, p->is_public, count), contributions);
    *out++ = voice_parity - public;
    *out++ = s->totals.promise_gap;
    *out++ = ratio(sum_over(t->perceived, p->is_public, count), seats[PUBLIC]);
    return out;
}

static double *measure_decision(const struct plan *p, const struct state *s, double *out)
{
    const struct totals *t = &s->totals;
    const int count = (int)p->members;
    *out++ = t->agreement_before;
    *out++ = t->agreement_after;
    *out++ = t->moved[0];
    *out++ = t->moved[1];
    *out++ = t->false_agreement;
    *out++ = t->representation;
    *out++ = t->position_error;
    *out++ = ratio(sum_over(s->people.misvoiced, p->is_public, count),
                   sum_over(s->people.turns, p->is_public, count));
    *out++ = t->quality;
    *out++ = t->rigour;
    *out++ = t->relevance;
    *out++ = ratio(t->agenda_public, t->meetings);
    *out++ = t->accept_mean;
    *out++ = t->accept_sd;
    *out++ = t->overridden;
    *out++ = t->undecided;
    *out++ = t->consensus;
    *out++ = t->carried_out;
    *out++ = t->settled;
    *out++ = t->enacted;
    return out;
}

static double *measure_process(const struct plan *p, const struct state *s, double seats, double *out)
{
    const struct tally *t = &s->people;
    const bool *public = p->is_public;
    const int count = (int)p->members;
    double cut = sum_over(t->cut, NULL, count), turns = sum_over(t->turns, NULL, count);
    double seen = sum_over(t->credibility_last, public, count) - sum_over(t->credibility_first, public, count);
    double sure = sum_over(t->confidence_last, public, count) - sum_over(t->confidence_first, public, count);
    double public_cut = ratio(sum_over(t->cut, public, count), sum_over(t->turns, public, count));
    *out++ = s->totals.ties_last - s->totals.ties_first;
    *out++ = ratio(seen, seats);
    *out++ = ratio(sure, seats);
    *out++ = ratio(sum_over(t->attended, public, count), sum_over(t->meetings, public, count));
    *out++ = ratio(cut, s->totals.talk_minutes / 60.0);
    *out++ = ratio(public_cut, ratio(cut, turns));
    *out++ = ratio(s->totals.off_remit, turns);
    *out++ = ratio(s->totals.steered, turns);
    *out++ = turns;
    *out++ = s->totals.minutes;
    *out++ = s->totals.hours_public + s->totals.hours_staff;
    *out++ = s->totals.money;
    *out++ = s->totals.score;
    return out;
}

static void measure(const struct plan *p, struct state *s, double *out)
{
    double seats = 0.0, *voice = out;
    for (int i = 0; i < p->members; i++) {
        s->people.credibility_last[i] = mean_credibility(s, (int)p->members, i);
        s->people.confidence_last[i] = s->confidence[i];
        seats += p->is_public[i] ? 1.0 : 0.0;
    }
    out = measure_voice(p, s, seats, out);
    out = measure_influence(p, s, voice[1], out);
    out = measure_decision(p, s, out);
    measure_process(p, s, seats, out);
}

static void measure_people(const struct plan *p, const struct state *s, double *out)
{
    const struct tally *t = &s->people;
    const int count = (int)p->members;
    double turns = sum_over(t->turns, NULL, count), words = sum_over(t->words, NULL, count);
    double uptake = sum_over(t->uptake, NULL, count);
    for (int i = 0; i < count; i++) {
        const double row[PERSON_COLUMNS] = {
            ratio(t->turns[i], turns),
            ratio(t->words[i], words),
            ratio(t->uptake[i], uptake),
            t->own[i] + t->carried[i],
            t->own[i],
            t->carried[i],
            ratio(t->agenda[i], s->totals.meetings),
            t->vote[i],
            t->perceived[i],
            t->acceptance[i],
            t->turns[i],
            t->words[i],
            0.0, /* written: left out */
            t->expected[i],
            t->cut[i],
            t->invited[i],
            ratio(t->frankness[i], t->turns[i]),
            ratio(t->attended[i], t->meetings[i]),
            t->confidence_first[i],
            t->confidence_last[i],
            t->credibility_first[i],
            t->credibility_last[i],
        };
        memcpy(out + i * PERSON_COLUMNS, row, sizeof row);
    }
}

#endif
