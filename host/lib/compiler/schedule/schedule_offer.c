/* What a tile could read in a clock, and what that would be worth. SPDX-License-Identifier:
 * Apache-2.0 */
#include "compiler/schedule/scheduler.h"

#include <math.h>

enum {
    SPLIT = 3,  /* value of a lane's read while another takes noise, if noise is in excess */
    NEXT = 100, /* of reading for the level that all others wait for */
    URGENT = 3  /* value of helping a hub on, against 1 for any lane */
};

/* The same for its parts: negative, since they can read from many banks and so take what the other
 * tiles leave; the longer they last, the more paths the others get. */
static const double PART = -0.5;

static const double COPIED = 0.4; /* factor on the value of reads that many banks can serve */
static const double SPARE = 0.25; /* part of the clocks in which the network gives a tile no word */

static double task_left(const struct scheduler *s, const struct lane *n) {
    if (n->task < 0)
        return 0;
    const struct task *t = &s->plan->task[n->task];
    return (double)(n->npending + n->noise) / (t->nread + t->noise + 1);
}

/* Lanes that get further count; those with more left count more. Lanes of a tile should be out of
 * step, so that one of them has many reads to choose from while the other has few. */
static void value_lanes(struct scheduler *s, int t) {
    for (int l = 0; l < s->lanes; l++) {
        struct lane *n = lane_of(s, t, l);
        n->alone = 0;
        for (int i = 0; n->task >= 0 && i < n->npending; i++)
            n->alone += !(s->plan->read[s->pending[n->pending0 + i]].shared & ~(1 << l));
        n->value = 1 + s->style->lagging * (n->todo - s->mean_todo) / (s->mean_todo + 16);
        if (s->lanes > 1) {
            double d = task_left(s, lane_of(s, t, l ^ 1)) - task_left(s, n);
            d -= floor(d);
            const bool ahead = d == 0 ? !(l & 1) : d < 0.5;
            n->value += d == 0.5 ? 0 : ahead ? s->style->step : -s->style->step;
        }
        if (n->task >= 0 && helps_hub(s->plan, &s->plan->task[n->task]))
            n->value += s->plan->task[n->task].kind == TASK_PART ? PART : URGENT;
        if (s->chain && n->task >= 0 && s->plan->task[n->task].level == s->lowest)
            n->value += NEXT;
        if (n->value < 0.1)
            n->value = 0.1;
    }
}

static int noise_lane(struct scheduler *s, int t, int except) {
    int best = -1;
    double most = 0;
    for (int l = 0; l < s->lanes; l++) {
        const struct lane *n = lane_of(s, t, l);
        if (except >> l & 1 || !needs_noise(s, n))
            continue;
        const double v = n->value + s->style->balance * (n->noise - n->npending);
        if (best < 0 || v > most) {
            best = l;
            most = v;
        }
    }
    return best;
}

/* Will lane m start its task of lane l's group before lane l runs out of other work? */
static bool soon(const struct scheduler *s, int t, int l, int m) {
    const struct lane *a = &s->lane[t * s->lanes + l], *b = &s->lane[t * s->lanes + m];
    const int other = s->plan->group[s->plan->task[a->task].group].task[m];
    if (other < 0 || s->started[other])
        return false;
    const int left = b->task < 0 ? 0 : b->npending + b->noise + 1;
    return left <= a->alone + a->noise + s->style->patience;
}

/* Which of the lanes that need the word take it, and which takes a noise word meanwhile. split:
 * what it is worth that one lane alone reads and another takes noise. */
static double best_use(struct scheduler *s, int t, struct offer_info *f, double port_need,
                       double split) {
    int all = 0;
    bool wait = port_need > 0.05; /* all that need it had better wait for another lane */
    for (int l = 0; l < s->lanes; l++)
        if (f->at[l] >= 0)
            all |= 1 << l;
    for (int l = 0; l < s->lanes && wait; l++) {
        if (f->at[l] < 0)
            continue;
        const struct lane *a = lane_of(s, t, l);
        const int others = s->plan->read[s->pending[a->pending0 + f->at[l]]].shared & ~all;
        bool one = false;
        for (int m = 0; m < s->lanes; m++)
            one |= others >> m & 1 && soon(s, t, l, m);
        wait = one;
    }
    if (wait)
        return -1;
    double best = -1;
    int best_mask = 0;
    for (int k = -1; k < s->lanes; k++) {
        const int mask = k < 0 ? all : 1 << k;
        if ((k >= 0 && mask == all) || !(mask & all))
            continue;
        double v = 0.05;
        for (int l = 0; l < s->lanes; l++) {
            const struct lane *a = lane_of(s, t, l);
            if (mask >> l & 1)
                v += a->value + port_need + s->style->balance * (a->npending - a->noise) +
                     s->style->last / a->npending;
            else if (all >> l & 1) /* a lane that needs it later */
                v -= port_need * 0.8;
        }
        const int noise = noise_lane(s, t, mask);
        if (noise >= 0)
            v += lane_of(s, t, noise)->value + (k >= 0 ? split : 0);
        v = v > 0.01 ? v : 0.01;
        if (v > best) {
            best = v;
            best_mask = mask;
            f->noise = (int8_t)noise;
        }
    }
    for (int l = 0; l < s->lanes; l++)
        if (!(best_mask >> l & 1))
            f->at[l] = -1;
    return best;
}

/* Can the word be read in this clock? */
static bool readable(const struct scheduler *s, int w, bool fresh) {
    return s->blocked[s->plan->word[w].tile] != s->clock && !(fresh && s->written[w] >= s->clock);
}

/* Can the word or a copy of it? */
static bool any_readable(const struct scheduler *s, int word, bool fresh) {
    int w = word;
    while (!readable(s, w, fresh)) {
        w = s->copy[w];
        if (w == word)
            return false;
    }
    return true;
}

static void make_offer(const struct scheduler *s, struct offers *offers, int w, int id, double v) {
    const int bank = s->plan->word[w].tile;
    v += s->style->bank * (s->bank_todo[bank] - s->mean_todo) / (s->mean_todo + 16);
    offers->offer[offers->n++] = (struct offer){(float)fmax(v, 0.3), (int16_t)bank, id, w};
}

/* Value of a read by one lane while another takes noise, against one read for both, in graphs with
 * hubs. A tile has one noise word a clock: where the lanes' running tasks have more noise words
 * left than reads of one lane to go with them, shared reads taken together would leave noise words
 * that nothing goes with. SPARE of the clocks are without a read anyway. */
static double value_of_split(struct scheduler *s, int t, const struct offer_info *info, int n) {
    double noise = 0, alone = 0, all = 0;
    for (int l = 0; l < s->lanes; l++) {
        const struct lane *a = lane_of(s, t, l);
        noise += needs_noise(s, a) ? a->noise : 0;
        all += a->task < 0 ? 0 : a->npending;
    }
    alone = all;
    for (int i = 0; i < n; i++) {
        int users = 0;
        for (int l = 0; l < s->lanes; l++)
            users += info[i].at[l] >= 0;
        alone -= users > 1 ? users : 0;
    }
    const double excess = (noise - alone - SPARE * (all + noise) / (2 - SPARE)) / (noise + 1);
    return excess > 0 && s->plan->problem->nhubs ? SPLIT * (excess + 0.2) : 0;
}

/* Collects what tile t could read now, with values against reading nothing. */
void scheduler_find_offers(struct scheduler *s, int t) {
    const struct plan *plan = s->plan;
    struct tile *tile = &s->tile[t];
    struct offers *offers = &s->offers[t];
    const int tag = s->clock * s->tiles + t + 1;
    double work = 0;
    for (int l = 0; l < s->lanes; l++)
        work = lane_of(s, t, l)->todo > work ? lane_of(s, t, l)->todo : work;
    const double most = fmax(fmax(tile->noise, tile->reads), work) + 1;
    const double port_need = s->style->port * s->thrift * pow(tile->reads / most, 6);
    int n = 0;
    value_lanes(s, t);
    offers->n = 0;
    offers->taken = -1;
    tile->idle_noise = noise_lane(s, t, 0);
    struct offer_info *info = s->info + (offers->offer - s->offer);
    for (int l = 0; l < s->lanes; l++) {
        const struct lane *a = lane_of(s, t, l);
        for (int i = 0; a->task >= 0 && i < a->npending; i++) {
            const struct read *r = &plan->read[s->pending[a->pending0 + i]];
            const int w = r->word;
            if (!any_readable(s, w, r->fresh))
                continue;
            if (s->stamp[w] != tag) {
                s->stamp[w] = tag;
                s->slot[w] = n;
                info[n].word = w;
                info[n].fresh = r->fresh;
                for (int m = 0; m < s->lanes; m++)
                    info[n].at[m] = -1;
                n++;
            }
            if (info[s->slot[w]].at[l] < 0)
                info[s->slot[w]].at[l] = i;
        }
    }
    const double split = value_of_split(s, t, info, n);
    const double idle = tile->idle_noise >= 0 ? lane_of(s, t, tile->idle_noise)->value : 0;
    for (int i = 0; i < n; i++) {
        const double v = best_use(s, t, &info[i], port_need, split) - idle;
        if (v <= 0)
            continue;
        int w = info[i].word;
        do {
            if (readable(s, w, info[i].fresh))
                make_offer(s, offers, w, i, s->copy[w] == w ? v : COPIED * v);
            w = s->copy[w];
        } while (w != info[i].word);
    }
    for (int i = 0; i < offers->n; i++) {
        offers->offer[i].value *= (float)(1 + s->style->few / offers->n);
        s->backlog[offers->offer[i].bank]++;
    }
    s->backlog_sum += offers->n;
}
