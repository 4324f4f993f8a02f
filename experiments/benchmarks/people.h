/* A project and its phases begin: who is there, what the options are, what everybody believes of them. */
#ifndef PEOPLE_H
#define PEOPLE_H

#include <string.h>

#include "model.h"

static const double TIE_OWN_ROLE = 0.3, TIE_OTHER_ROLE = 0.1;

static void draw_member(const struct plan *p, struct state *s, int i, struct luck luck)
{
    int64_t place = place_of(p->uid[i], 0);
    for (int block = 0; block < 4; block++) {
        struct words words = draws(luck, PERSON + block, 0, place);
        for (int lane = 0; lane < 4 && 4 * block + lane < ATTRIBUTES; lane++) {
            int a = 4 * block + lane;
            double z = interpolated(p->normal, p->normal_points, words.lane[lane]);
            s->drawn[i][a] = unit_interval(p->base[i][a] + p->spread[i] * z);
        }
    }
    struct words words = draws(luck, TALKATIVENESS, 0, place);
    s->talkative[i] = lognormal(p->meetings[0].floor_talkativeness_spread,
                                interpolated(p->normal, p->normal_points, words.lane[0]));
    s->verbosity[i] = lognormal(p->meetings[0].speech_length_spread,
                                interpolated(p->normal, p->normal_points, words.lane[1]));
    s->confidence[i] = s->drawn[i][CONFIDENCE];
}

static void take_traits(const struct plan *p, struct state *s, int meeting)
{
    for (int i = 0; i < p->members; i++) {
        const double *scale = p->scale[meeting * p->members + i], *shift = p->shift[meeting * p->members + i];
        double now[ATTRIBUTES], total = 0.0;
        for (int a = 0; a < ATTRIBUTES; a++)
            now[a] = unit_interval(s->drawn[i][a] * scale[a] + shift[a]);
        s->prestige[i] = now[PRESTIGE];
        s->openness[i] = now[OPENNESS];
        s->mandate[i] = now[MANDATE];
        s->loyalty[i] = now[LOYALTY];
        s->attendance[i] = now[ATTENDANCE];
        for (int k = 0; k < KINDS; k++) {
            s->knows[i][k] = now[KNOWS + k];
            total += now[WEIGHS + k];
        }
        for (int k = 0; k < KINDS; k++)
            s->weighs[i][k] = total > 0.0 ? now[WEIGHS + k] / total : 0.25;
    }
}

static void first_impressions(const struct plan *p, struct state *s)
{
    const struct meeting *d = &p->meetings[0];
    double reliance =
        d->learning_title_reliance * d->standing_title_salience * (1.0 - d->facilitation_titles_hidden);
    for (int i = 0; i < p->members; i++)
        for (int j = 0; j < p->members; j++) {
            bool same = p->role[i] == p->role[j];
            s->tie[i][j] = same ? TIE_OWN_ROLE : TIE_OTHER_ROLE;
            for (int k = 0; k < KINDS; k++) {
                double seen = first_impression(s->knows[i][k], s->prestige[i], reliance, same,
                                               d->learning_own_role_trust);
                if (k == EXPERIENTIAL && !p->is_public[j])
                    seen = seen * (1.0 - d->learning_experiential_discount);
                s->first_impression[i][k][j] = s->credibility[i][k][j] = seen;
            }
        }
}

static double mean_credibility(const struct state *s, int count, int speaker)
{
    double total = 0.0;
    for (int k = 0; k < KINDS; k++)
        for (int j = 0; j < count; j++)
            if (j != speaker)
                total += s->credibility[speaker][k][j];
    return total / (4.0 * (count - 1.0));
}

static double cross_role_ties(const struct plan *p, const struct state *s)
{
    double total = 0.0, pairs = 0.0;
    for (int i = 0; i < p->members; i++)
        for (int j = 0; j < p->members; j++)
            if (p->role[i] != p->role[j]) {
                total += s->tie[i][j];
                pairs += 1.0;
            }
    return pairs > 0.0 ? total / pairs : 0.0;
}

static void begin_project(const struct plan *p, struct state *s, struct luck luck)
{
    memset(&s->people, 0, sizeof s->people);
    memset(&s->totals, 0, sizeof s->totals);
    for (int k = 0; k < KINDS; k++)
        s->path[k] = 0.5;
    for (int i = 0; i < p->members; i++) {
        draw_member(p, s, i, luck);
        s->satisfaction[i] = 0.5;
        s->appraisal[i] = 0.5;
    }
    take_traits(p, s, 0);
    first_impressions(p, s);
    for (int i = 0; i < p->members; i++) {
        s->people.confidence_first[i] = s->confidence[i];
        s->people.credibility_first[i] = mean_credibility(s, (int)p->members, i);
    }
    s->totals.ties_first = cross_role_ties(p, s);
}

/* ---------------------------------------------------------------- a phase */

static void draw_options(const struct plan *p, struct state *s, int phase, struct luck luck)
{
    const struct phase *terms = &p->phases[phase];
    const struct meeting *d = &p->meetings[terms->start];
    double path = phase > 0 ? d->knowledge_path_dependence : 0.0;
    double common = sqrt(d->knowledge_merit_correlation), own = sqrt(1.0 - d->knowledge_merit_correlation);
    for (int o = 0; o < terms->options; o++) {
        struct words words = draws(luck, MERIT, phase, o), turns_on = draws(luck, TECHNICALITY, phase, o);
        double shared =
            interpolated(p->normal, p->normal_points, draws(luck, COMMON_MERIT, phase, o).lane[0]);
        double *technicality = s->technicality[o], total = 0.0;
        for (int k = 0; k < KINDS; k++) {
            double u = uniform(turns_on.lane[k]);
            technicality[k] = u * u * u * u;
            total += technicality[k];
        }
        for (int k = 0; k < KINDS; k++) {
            technicality[k] = (1.0 - d->knowledge_technicality) * 0.25
                              + d->knowledge_technicality * (technicality[k] / total);
            double z = common * shared + own * interpolated(p->normal, p->normal_points, words.lane[k]);
            double merit = unit_interval(0.5 + d->knowledge_merit_spread * z);
            double taken = unit_interval(4.0 * path * technicality[k]);
            s->merit[o][k] = (1.0 - taken) * merit + taken * s->path[k];
            s->touched[o][k] = false;
        }
    }
}

static void draw_constituencies(const struct plan *p, struct state *s, int phase, struct luck luck)
{
    const struct phase *terms = &p->phases[phase];
    const struct meeting *d = &p->meetings[terms->start];
    for (int c = 0; c < p->constituencies; c++)
        for (int o = 0; o < terms->options; o++) {
            int64_t place = place_of(p->constituency_uid[c], o);
            struct words words = draws(luck, CONSTITUENCY, phase, place);
            double lean =
                interpolated(p->normal, p->normal_points, draws(luck, INTEREST, phase, place).lane[0]);
            for (int k = 0; k < KINDS; k++) {
                double z = interpolated(p->normal, p->normal_points, words.lane[k]);
                s->group_view[o][k][c] = unit_interval(s->merit[o][k] + d->knowledge_constituency_noise * z
                                                       + d->knowledge_interests * lean);
            }
        }
}

static void draw_beliefs(const struct plan *p, struct state *s, int phase, struct luck luck)
{
    const struct phase *terms = &p->phases[phase];
    const struct meeting *d = &p->meetings[terms->start];
    for (int i = 0; i < p->members; i++)
        for (int o = 0; o < terms->options; o++) {
            struct words words = draws(luck, BELIEF, phase, place_of(p->uid[i], o));
            for (int k = 0; k < KINDS; k++) {
                double z = interpolated(p->normal, p->normal_points, words.lane[k]);
                double doubt = d->knowledge_belief_noise * (1.0 - s->knows[i][k]);
                double view = s->group_view[o][k][p->constituency[i]];
                s->initial[o][k][i] = s->belief[o][k][i] = unit_interval(view + doubt * z);
            }
        }
}

static void set_votes(const struct plan *p, struct state *s, int64_t level)
{
    double voters = 0.0;
    for (int i = 0; i < p->members; i++) {
        s->vote[i] = s->member[i] && has_vote(level, p->is_public[i]) ? 1.0 : 0.0;
        voters += s->vote[i];
    }
    for (int i = 0; i < p->members; i++)
        s->vote[i] = s->vote[i] / voters;
}

static inline double judgement(const struct state *s, int option, int i)
{
    double total = 0.0;
    for (int k = 0; k < KINDS; k++)
        total += s->weighs[i][k] * s->belief[option][k][i];
    return total;
}

static void judge(const struct plan *p, struct state *s, int64_t options)
{
    for (int i = 0; i < p->members; i++)
        for (int o = 0; o < options; o++)
            s->views[i][o] = judgement(s, o, i);
}

static void begin_phase(const struct plan *p, struct state *s, int phase, struct luck luck)
{
    const struct phase *terms = &p->phases[phase];
    for (int i = 0; i < p->members; i++)
        s->member[i] = p->joins[i] <= terms->code && p->leaves[i] >= terms->code;
    take_traits(p, s, (int)terms->start);
    draw_options(p, s, phase, luck);
    draw_constituencies(p, s, phase, luck);
    draw_beliefs(p, s, phase, luck);
    set_votes(p, s, terms->level);
    judge(p, s, terms->options);
    memcpy(s->views_before, s->views, sizeof s->views);
}

/* The lead who counts: among those given, with a vote at this level; -1 for none. */
static inline int lead_of(const struct plan *p, const flag *among, int64_t level)
{
    for (int i = 0; i < p->members; i++)
        if (p->is_lead[i] && among[i] && has_vote(level, p->is_public[i]))
            return i;
    return -1;
}

#endif
