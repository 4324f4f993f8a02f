/* A phase ends: ballots, the decision by mean score, the lead's part in it, what each member makes of it. */
#ifndef BALLOT_H
#define BALLOT_H

#include "meeting.h"

enum how { BY_BALLOTS, BY_LEAD, BEFOREHAND };

enum { NO_OVERRIDE, COMPLY_OR_EXPLAIN, SIGN_OFF, FULL_VETO, DELEGATED };

/* Public influence parity that each level promises at the least. */
static const double PROMISE[] = {0.0, 0.02, 0.1, 0.8, 1.0};

/* A member's judgement of an option: own beliefs and, as far as mandated, their people's. */
static double mandated_view(const struct plan *p, const struct state *s, int i, int option)
{
    double total = 0.0;
    for (int k = 0; k < KINDS; k++) {
        double theirs = s->group_view[option][k][p->constituency[i]];
        total += s->weighs[i][k] * voiced(s->belief[option][k][i], theirs, 0.0, s->mandate[i], 1.0);
    }
    return total;
}

/* Cast the ballots one after another in `order`; `frank` is the share of a ballot that is one's own view. */
static void cast(struct state *s, int count, int options, const double *frank, const int *order,
                 double herding, int lead)
{
    double cast_before = 0.0;
    for (int place = 0; place < count; place++) {
        int i = order[place];
        double *mix = s->mix[i], *ballot = s->ballots[i];
        double own = lead >= 0 && lead != i ? frank[i] : 1.0, pull = cast_before > 0.0 ? herding : 0.0;
        for (int m = 0; m < count; m++)
            mix[m] = 0.0;
        mix[i] = own * (1.0 - pull);
        if (own < 1.0)
            mix[lead] += (1.0 - own) * (1.0 - pull);
        if (pull > 0.0)
            for (int before = 0; before < place; before++)
                if (s->vote[order[before]] > 0.0)
                    for (int m = 0; m < count; m++)
                        mix[m] += pull * s->mix[order[before]][m] / cast_before;
        for (int o = 0; o < options; o++)
            ballot[o] = 0.0;
        for (int m = 0; m < count; m++)
            for (int o = 0; o < options; o++)
                ballot[o] += mix[m] * s->views[m][o];
        if (s->vote[i] > 0.0)
            cast_before += 1.0;
    }
}

/* Cast the ballots as things stand; returns the option with the highest mean score. */
static int settle_ballots(const struct plan *p, struct state *s, int meeting, int lead, struct luck luck)
{
    const struct meeting *d = &p->meetings[meeting];
    const int count = (int)p->members, options = (int)p->phases[d->phase].options;
    double safe = safety(d->speech_safety, d->facilitation_ground_rules), secret = d->decision_secret_ballot;
    double frank[MAX_MEMBERS], chance[MAX_MEMBERS], mean[MAX_OPTIONS];
    int order[MAX_MEMBERS];
    for (int i = 0; i < count; i++) {
        double gap = 0.0;
        if (lead >= 0 && lead != i && s->standing[lead] > s->standing[i])
            gap = s->standing[lead] - s->standing[i];
        double open = candour(gap, s->confidence[i], d->speech_smothering, safe, s->loyalty[i]);
        frank[i] = open + (1.0 - open) * secret;
        for (int o = 0; o < options; o++)
            s->views[i][o] = mandated_view(p, s, i, o);
        chance[i] = uniform(draws(luck, VOTING, meeting, place_of(p->uid[i], 0)).lane[0]);
    }
    for (int i = 0; i < count; i++) {
        int place = 0;
        for (int j = 0; j < count; j++)
            place += s->standing[j] > s->standing[i]
                     || (s->standing[j] == s->standing[i] && chance[j] < chance[i]);
        order[place] = i;
    }
    cast(s, count, options, frank, order, d->decision_herding * (1.0 - secret), lead);
    for (int o = 0; o < options; o++)
        mean[o] = 0.0;
    for (int i = 0; i < count; i++)
        for (int o = 0; o < options; o++)
            mean[o] += s->vote[i] * s->ballots[i][o];
    return best_of(mean, options);
}

static double override_chance(const struct meeting *d, bool delegated)
{
    int64_t form = d->accountability_form;
    if (form == NO_OVERRIDE || (form == DELEGATED && delegated))
        return 0.0;
    double chance = d->accountability_pressure;
    if (form == FULL_VETO)
        chance = 1.0;
    else if (form == COMPLY_OR_EXPLAIN)
        chance = d->accountability_pressure * (1.0 - d->accountability_explain_cost);
    return chance * (1.0 - d->accountability_delegation);
}

/* Fill `sources` with the decision's weights on the sources, averaged over options. */
static void weigh_sources(const struct state *s, int count, int options, const double *shares,
                          double *sources)
{
    memset(sources, 0, SOURCES * sizeof *sources);
    for (int o = 0; o < options; o++)
        for (int k = 0; k < KINDS; k++)
            for (int m = 0; m < count; m++) {
                double part = shares[m] * s->weighs[m][k] / options;
                if (part == 0.0)
                    continue;
                sources[MAX_MEMBERS + m] += part * s->mandate[m];
                double own = part * (1.0 - s->mandate[m]);
                if (s->touched[o][k])
                    for (int n = 0; n < SOURCES; n++)
                        sources[n] += own * s->weight[o][k][m][n];
                else
                    sources[m] += own;
            }
}

/* Add the decision's weights on the sources to the tally, given how it was decided. */
static void spread_influence(const struct plan *p, struct state *s, int phase, enum how how, int lead)
{
    const struct phase *terms = &p->phases[phase];
    const int count = (int)p->members, options = (int)terms->options;
    double shares[MAX_MEMBERS], sources[SOURCES];
    for (int m = 0; m < count; m++)
        shares[m] = how != BY_BALLOTS && m == lead ? 1.0 : 0.0;
    if (how == BY_BALLOTS)
        for (int i = 0; i < count; i++)
            for (int m = 0; m < count; m++)
                shares[m] += s->vote[i] * s->mix[i][m];
    if (how == BEFOREHAND) {
        memset(sources, 0, sizeof sources);
        sources[lead] = 1.0;
    } else
        weigh_sources(s, count, options, shares, sources);
    double public = 0.0, seats = 0.0, members = 0.0;
    for (int i = 0; i < count; i++) {
        s->people.own[i] += terms->importance * sources[i];
        s->people.carried[i] += terms->importance * sources[MAX_MEMBERS + i];
        s->people.vote[i] += terms->importance * shares[i];
        members += s->member[i] ? 1.0 : 0.0;
        if (p->is_public[i]) {
            public += sources[i] + sources[MAX_MEMBERS + i];
            seats += s->member[i] ? 1.0 : 0.0;
        }
    }
    if (seats > 0.0) {
        double missing = PROMISE[terms->declared] - public * members / seats;
        s->totals.promise_gap += terms->importance * (missing > 0.0 ? missing : 0.0);
    }
    double score = 0.0;
    for (int o = 0; o < options; o++)
        for (int m = 0; m < count; m++)
            score += shares[m] * (how == BEFOREHAND ? s->views_before : s->views)[m][o] / options;
    s->totals.score += terms->importance * score;
}

/* Mean distance of the public members' first position from their constituencies' view. */
static double position_error(const struct plan *p, const struct state *s, int options, double public)
{
    double total = 0.0;
    for (int o = 0; o < options; o++)
        for (int k = 0; k < KINDS; k++) {
            double error = 0.0;
            for (int i = 0; i < p->members; i++)
                if (p->is_public[i] && s->member[i]) {
                    double theirs = s->group_view[o][k][p->constituency[i]];
                    error += (1.0 - s->mandate[i]) * (s->initial[o][k][i] - theirs) / public;
                }
            total += error > 0.0 ? error : -error;
        }
    return total / (4.0 * options);
}

/* Tally the decision's quality, rigour and relevance, and its distance from the public's wishes. */
static void value_choice(const struct plan *p, struct state *s, int meeting, int choice)
{
    const struct meeting *d = &p->meetings[meeting];
    const struct phase *terms = &p->phases[d->phase];
    const int options = (int)terms->options;
    const double society[KINDS] = {d->knowledge_society_empirical, d->knowledge_society_experiential,
                                   d->knowledge_society_practice, d->knowledge_society_policy};
    const double total = society[0] + society[1] + society[2] + society[3];
    double value[MAX_OPTIONS], rigour[MAX_OPTIONS], relevance[MAX_OPTIONS];
    double public = 0.0, represented = 0.0;
    for (int o = 0; o < options; o++) {
        value[o] = 0.0;
        rigour[o] = s->merit[o][EMPIRICAL];
        relevance[o] = s->merit[o][EXPERIENTIAL];
        for (int k = 0; k < KINDS; k++)
            value[o] += society[k] / total * s->merit[o][k];
    }
    s->totals.quality += terms->importance * standing_of_choice(value, choice, options);
    s->totals.rigour += terms->importance * standing_of_choice(rigour, choice, options);
    s->totals.relevance += terms->importance * standing_of_choice(relevance, choice, options);
    for (int i = 0; i < p->members; i++) {
        if (!p->is_public[i] || !s->member[i])
            continue;
        public += 1.0;
        for (int o = 0; o < options; o++) {
            value[o] = 0.0;
            for (int k = 0; k < KINDS; k++)
                value[o] += society[k] / total * s->group_view[o][k][p->constituency[i]];
        }
        represented += standing_of_choice(value, choice, options);
    }
    if (public > 0.0) {
        s->totals.representation += terms->importance * (1.0 - represented / public);
        s->totals.position_error += terms->importance * position_error(p, s, options, public);
    }
}

/* Pearson's correlation; 1 when either does not vary. */
static double correlation(const double *x, const double *y, int count)
{
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;
    for (int o = 0; o < count; o++) {
        mean_x += x[o] / count;
        mean_y += y[o] / count;
    }
    for (int o = 0; o < count; o++) {
        xx += (x[o] - mean_x) * (x[o] - mean_x);
        yy += (y[o] - mean_y) * (y[o] - mean_y);
        xy += (x[o] - mean_x) * (y[o] - mean_y);
    }
    double scale = sqrt(xx * yy);
    return scale > 0.0 ? xy / scale : 1.0;
}

/* Tally how far public and professional priorities agree, before and after, and how both moved. */
static void count_agreement(const struct plan *p, struct state *s, double weight, int options)
{
    double before[2][MAX_OPTIONS] = {{0.0}}, after[2][MAX_OPTIONS] = {{0.0}}, size[2] = {0.0, 0.0};
    for (int i = 0; i < p->members; i++)
        if (s->member[i])
            size[p->is_public[i] ? 0 : 1] += 1.0;
    if (size[0] == 0.0 || size[1] == 0.0)
        return;
    for (int i = 0; i < p->members; i++)
        if (s->member[i]) {
            int side = p->is_public[i] ? 0 : 1;
            for (int o = 0; o < options; o++) {
                before[side][o] += s->views_before[i][o] / size[side];
                after[side][o] += s->views[i][o] / size[side];
            }
        }
    s->totals.agreement_before += weight * correlation(before[0], before[1], options);
    s->totals.agreement_after += weight * correlation(after[0], after[1], options);
    for (int o = 0; o < options; o++)
        for (int side = 0; side < 2; side++)
            s->totals.moved[side] += weight * apart(after[side][o], before[side][o]) / options;
}

/* What influence a member could notice: uptake seen, and a decision close to their view. */
static double perceived(double share, double equal, double satisfaction)
{
    double seen = equal > 0.0 ? 0.5 * share / equal : 0.5;
    return 0.5 * (seen > 1.0 ? 1.0 : seen) + 0.5 * satisfaction;
}

/* Tally how acceptable the decision is, and how far priorities moved; set members' satisfaction. */
static void receive_choice(const struct plan *p, struct state *s, int meeting, int choice)
{
    const struct meeting *d = &p->meetings[meeting];
    const struct phase *terms = &p->phases[d->phase];
    const int options = (int)terms->options;
    double members = 0.0, mean = 0.0, square = 0.0, hidden = 0.0, invited = 0.0, gained = 0.0;
    for (int i = 0; i < p->members; i++) {
        invited += s->people.invited[i];
        gained += s->people.uptake[i];
    }
    if (s->totals.turns > 0.0)
        invited = invited / s->totals.turns;
    double cost = d->facilitation_heavy_hand * invited * invited;
    judge(p, s, options);
    count_agreement(p, s, terms->importance, options);
    for (int i = 0; i < p->members; i++) {
        if (!s->member[i])
            continue;
        members += 1.0;
        if (s->vote[i] > 0.0 && best_of(s->ballots[i], options) != best_of(s->views[i], options))
            hidden += s->vote[i];
        double close = standing_of_choice(s->views[i], choice, options);
        double say = had_say(s->people.frankness[i], s->people.expected[i]);
        double accepted = acceptance(close, say, d->decision_fair_process, cost);
        mean += accepted;
        square += accepted * accepted;
        s->people.acceptance[i] += terms->importance * accepted;
        double share = gained > 0.0 ? s->people.uptake[i] / gained : 0.0;
        double seen = perceived(share, 1.0 / (double)p->members, unit_interval(close - cost));
        s->people.perceived[i] += terms->importance * seen;
        s->satisfaction[i] = 0.5 * s->satisfaction[i] + 0.5 * seen;
        double told = d->facilitation_feedback * (seen - s->confidence[i]);
        if (told > 0.0)
            s->confidence[i] += 0.5 * told;
    }
    mean = mean / members;
    double variance = square / members - mean * mean;
    s->totals.accept_mean += terms->importance * mean;
    s->totals.accept_sd += terms->importance * sqrt(variance > 0.0 ? variance : 0.0);
    s->totals.false_agreement += terms->importance * hidden;
}

/* Decide, let the lead override, account for influence; returns the option chosen. */
static int end_phase(const struct plan *p, struct state *s, int meeting, struct luck luck)
{
    const struct meeting *d = &p->meetings[meeting];
    const struct phase *terms = &p->phases[d->phase];
    const int options = (int)terms->options, lead = lead_of(p, s->member, terms->level);
    struct words words = draws(luck, OVERRIDE, d->phase, 0);
    int choice = settle_ballots(p, s, meeting, lead, luck);
    enum how how = BY_BALLOTS;
    if (lead >= 0) {
        int own = best_of(s->views[lead], options);
        bool opposed = s->views[lead][own] - s->views[lead][choice] > d->accountability_tolerance;
        if (opposed && uniform(words.lane[0]) < override_chance(d, terms->delegated == 1)) {
            choice = own;
            how = BY_LEAD;
            s->totals.overridden += terms->importance;
        }
        if (uniform(words.lane[2]) >= d->system_plan_flexibility) {
            choice = best_of(s->views_before[lead], options);
            how = BEFOREHAND;
            s->totals.settled += terms->importance;
        }
    }
    spread_influence(p, s, (int)d->phase, how, lead);
    s->totals.enacted += terms->importance * (double)terms->level;
    if (uniform(words.lane[1]) < d->system_implementation)
        s->totals.carried_out += terms->importance;
    value_choice(p, s, meeting, choice);
    receive_choice(p, s, meeting, choice);
    for (int k = 0; k < KINDS; k++)
        s->path[k] = s->merit[choice][k];
    return choice;
}

#endif
