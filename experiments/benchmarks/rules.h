/* The rules of `cosim.mechanisms` that are a line or two, by their names there.
 *
 * The order of every + and * is the order there: the outcomes are to be the same to the last bit. */
#ifndef RULES_H
#define RULES_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* A truth about a member, as wide as a number: vector instructions then choose by it directly. */
typedef int64_t flag;

/* ---------------------------------------------------------------- arithmetic */

static inline double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static inline double unit_interval(double x) { return clip(x, 0.0, 1.0); }

static inline double toward(double x, double target, double strength) { return x + strength * (target - x); }

static inline double apart(double x, double y) { return x > y ? x - y : y - x; }

static inline double exponential(double x)
{
    double y = x / 64.0, term = 1.0, total = 1.0;
    for (int n = 1; n < 15; n++) {
        term = term * y / n;
        total = total + term;
    }
    for (int n = 0; n < 6; n++)
        total = total * total;
    return total;
}

static inline double lognormal(double sd, double z) { return exponential(sd * z - 0.5 * sd * sd); }

static inline double logarithm(double x)
{
    int halvings = 0;
    for (; x > 1.4142135623730951; halvings++)
        x = x * 0.5;
    for (; x < 0.7071067811865476; halvings--)
        x = x * 2.0;
    double y = (x - 1.0) / (x + 1.0), square = y * y, total = 0.0;
    for (int n = 21; n > 0; n -= 2)
        total = total * square + 1.0 / n;
    return 2.0 * y * total + halvings * 0.6931471805599453;
}

/* ---------------------------------------------------------------- chance (Philox 4x32-10) */

enum stream {
    FLOOR = 1,
    SPEECH = 2,
    REMIT = 3,
    AGENDA = 4,
    ATTEND = 5,
    ORDER = 7,
    VOTING = 9,
    PERSON = 16,
    TALKATIVENESS = 24,
    ENGAGEMENT = 25,
    MERIT = 32,
    COMMON_MERIT = 33,
    TECHNICALITY = 34,
    CONSTITUENCY = 40,
    INTEREST = 41,
    BELIEF = 48,
    OVERRIDE = 56
};

/* Where the luck of a draw comes from. */
struct luck {
    uint64_t seed;
    uint32_t replicate;
};

struct words {
    uint32_t lane[4];
};

static inline struct words draws(struct luck luck, enum stream stream, int64_t meeting, int64_t place)
{
    uint32_t c0 = (uint32_t)place, c1 = stream, c2 = (uint32_t)meeting, c3 = luck.replicate;
    uint32_t k0 = (uint32_t)luck.seed, k1 = (uint32_t)(luck.seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53 * c0, p1 = (uint64_t)0xCD9E8D57 * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    return (struct words){{c0, c1, c2, c3}};
}

static inline int64_t place_of(int64_t uid, int option) { return uid * 256 + option; }

static inline double uniform(uint32_t word) { return (word + 0.5) / 4294967296.0; }

static inline double interpolated(const double *table, int64_t points, uint32_t word)
{
    double position = uniform(word) * (double)(points - 1);
    int index = (int)position;
    double share = position - index;
    return table[index] + share * (table[index + 1] - table[index]);
}

/* Index drawn with chance proportional to its weight; -1 when all weights are 0. */
static inline int chosen(const double *weights, int count, uint32_t word)
{
    double total = 0.0, reached = 0.0;
    for (int i = 0; i < count; i++)
        total += weights[i];
    if (total <= 0.0)
        return -1;
    double mark = uniform(word) * total;
    int last = -1;
    for (int i = 0; i < count; i++)
        if (weights[i] > 0.0) {
            last = i;
            reached += weights[i];
            if (mark < reached)
                return i;
        }
    return last;
}

/* ---------------------------------------------------------------- floor and facilitation */

enum floor_rule { STANDING_RULE, LUCE, QUEUE };

enum mode { OPEN, ROUND, INVITED, QUEUED };

static inline double readiness(double confidence, double clarity)
{
    double ready = (0.1 + 0.9 * confidence) * (1.0 - (1.0 - clarity) * (1.0 - confidence));
    return ready > 0.001 ? ready : 0.001;
}

static inline double stake_in(double own, double group, double weight, double dissent)
{
    return 1.0 + weight * (1.0 + dissent) * apart(own, group);
}

static inline double seat_pull(double head, double opposite, double head_pull, double opposite_pull)
{
    return (1.0 + head_pull * head) * (1.0 + opposite_pull * opposite);
}

static inline double words_factor(double standing, double length_by_standing, double verbosity)
{
    return clip(1.0 + length_by_standing * standing, 0.05, 2.0) * verbosity;
}

static inline enum mode mode_of(uint32_t word, double rounds, double invitation, double queue, double skill)
{
    double mark = uniform(word), reached = rounds;
    if (mark < reached)
        return ROUND;
    reached += (1.0 - reached) * invitation * skill;
    if (mark < reached)
        return INVITED;
    reached += (1.0 - reached) * queue;
    return mark < reached ? QUEUED : OPEN;
}

static inline bool is_steered(enum mode how) { return how == INVITED || how == QUEUED; }

/* Next after `pointer`, going round, who may; -1 when nobody may. */
static inline int next_in_order(const flag *may, int count, int pointer)
{
    for (int step = 0; step < count; step++) {
        pointer = pointer + 1 < count ? pointer + 1 : 0;
        if (may[pointer])
            return pointer;
    }
    return -1;
}

static inline int least_heard(const double *heard, const flag *eligible, int count, int start)
{
    int found = -1;
    for (int step = 0; step < count; step++) {
        int i = (start + step) % count;
        if (eligible[i] && (found < 0 || heard[i] < heard[found]))
            found = i;
    }
    return found;
}

static inline int first_hand(const int64_t *raised, const flag *eligible, int count)
{
    int found = -1;
    for (int i = 0; i < count; i++)
        if (eligible[i] && raised[i] > 0 && (found < 0 || raised[i] < raised[found]))
            found = i;
    return found;
}

/* ---------------------------------------------------------------- speech */

static inline int kind_spoken(const double *knows, const double *technicality, uint32_t word)
{
    double total = 0.0, reached = 0.0;
    for (int k = 0; k < 4; k++)
        total += knows[k] * technicality[k];
    if (total <= 0.0)
        return 0;
    double mark = uniform(word) * total;
    for (int k = 0; k < 3; k++) {
        reached += knows[k] * technicality[k];
        if (mark < reached)
            return k;
    }
    return 3;
}

static inline double safety(double base, double ground_rules)
{
    return base + (1.0 - base) * 0.7 * ground_rules;
}

static inline double candour(double gap, double confidence, double smothering, double safe, double loyalty)
{
    double smothered = smothering * (gap < 1.0 ? gap : 1.0) * (1.0 - confidence) * (1.0 - safe);
    return unit_interval((1.0 - smothered) * (1.0 - loyalty));
}

static inline double voiced(double own, double constituency, double lead, double mandate, double frank)
{
    return frank * (mandate * constituency + (1.0 - mandate) * own) + (1.0 - frank) * lead;
}

static inline double cut_chance(double standing, double interruption, double ground_rules)
{
    return unit_interval(interruption * (1.0 - standing) * (1.0 - ground_rules));
}

/* ---------------------------------------------------------------- uptake */

enum uptake_rule { FRIEDKIN_JOHNSEN, BOUNDED_CONFIDENCE, BAYESIAN };

static inline double comprehension(double expertise, double literacy, double loss)
{
    return expertise <= literacy ? 1.0 : 1.0 - loss * (expertise - literacy);
}

static inline double hearing(double mandate, double legitimacy) { return 1.0 - legitimacy * (1.0 - mandate); }

static inline double soundness(double said, double belief, double truth)
{
    double wrong = apart(belief, truth), total = apart(said, truth) + wrong;
    return total > 0.0 ? wrong / total : 1.0;
}

static inline double convincing(double credibility, double said, double belief, double truth,
                                double demonstrability)
{
    return (1.0 - demonstrability) * credibility + demonstrability * soundness(said, belief, truth);
}

static inline double evidence(double weight, double distance, double confirmation)
{
    return weight * (1.0 - confirmation * distance);
}

static inline double moved(double now, double said, double initial, double share, double pulled)
{
    double kept = 1.0 - pulled;
    return kept * (1.0 - share) * now + kept * share * said + pulled * initial;
}

/* ---------------------------------------------------------------- learning */

static inline double first_impression(double expertise, double prestige, double reliance, bool same_role,
                                      double own_role_trust)
{
    double seen = (1.0 - reliance) * expertise + reliance * prestige;
    if (same_role)
        seen = seen + own_role_trust * (1.0 - seen);
    return unit_interval(seen);
}

static inline double credibility_step(double rate, double climate, double understood, double tie,
                                      double tie_bonus)
{
    return unit_interval(rate * climate * understood * (1.0 + tie_bonus * tie));
}

static inline double climate_of(double base, double ground_rules) { return base + (1.0 - base) * ground_rules; }

static inline double confidence_after(double confidence, double reach, bool cut, double gain, double loss,
                                      double ignored_below)
{
    if (cut || reach < ignored_below)
        return confidence - loss * confidence;
    return confidence + gain * reach * (1.0 - confidence);
}

static inline double appraisal_after(double share, double equal, double before, double memory)
{
    double seen = equal > 0.0 ? unit_interval(0.5 * share / equal) : 0.5;
    return memory * before + (1.0 - memory) * seen;
}

/* ---------------------------------------------------------------- votes and choices */

enum { INFORM, CONSULT, INVOLVE, COLLABORATE, EMPOWER };

static inline bool has_vote(int64_t level, bool is_public)
{
    return is_public ? level >= COLLABORATE : level <= COLLABORATE;
}

static inline int best_of(const double *scores, int options)
{
    int best = 0;
    for (int o = 1; o < options; o++)
        if (scores[o] > scores[best])
            best = o;
    return best;
}

/* Where the chosen option stands between one's worst (0) and best (1). */
static inline double had_say(double candid, double equal_share)
{
    if (candid >= equal_share)
        return candid > 0.0 ? 1.0 : 0.0;
    return candid / equal_share;
}

static inline double acceptance(double close, double say, double fair_process, double steering_cost)
{
    return unit_interval((1.0 - fair_process) * close + fair_process * say - steering_cost);
}

static inline double standing_of_choice(const double *values, int choice, int options)
{
    double low = values[0], high = values[0];
    for (int o = 1; o < options; o++) {
        low = values[o] < low ? values[o] : low;
        high = values[o] > high ? values[o] : high;
    }
    return high <= low ? 1.0 : (values[choice] - low) / (high - low);
}

static inline double ratio(double part, double whole) { return whole != 0.0 ? part / whole : 0.0; }

#endif
