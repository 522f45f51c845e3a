/* What a tile of the counting segment could do in a clock. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/counting/count_scheduler.h"

#include <math.h>
#include <string.h>

/* Found by trial on the default training machine. */
static const double BANK = 0.7;    /* banks with more reads left go first */
static const double LAG = 0.015;   /* tiles with fewer sums go first: for each sum */
static const double FEW = 2;       /* tiles with few offers go first */
static const double CHANGE = 0.01; /* of a change to other works rather than waiting for words */
enum {
    LAST_ITEMS = 4, /* words that a tile does not wait for */
    WINDOW = 8
}; /* items or works, for each tile, that are looked at */

static void add_offer(struct count_scheduler *s, int t, int pbit, int id, double value) {
    const int bank = count_bank(s->plan, pbit);
    struct offers *o = &s->offers[t];
    if (!s->seen[bank]) {
        s->seen[bank] = ++o->n;
        o->offer[o->n - 1] = (struct offer){.bank = (int16_t)bank};
    }
    struct offer *f = &o->offer[s->seen[bank] - 1];
    if ((float)value <= f->value)
        return;
    f->value = (float)value;
    f->id = id;
}

static void offer_items(struct count_scheduler *s, int t) {
    const struct count_work *w = &s->plan->work[s->held[t]];
    const int most = WINDOW * s->tiles, n = w->left < most ? w->left : most;
    const int start = w->left > most ? t * (w->left / s->tiles) : 0;
    for (int i = 0; i < n; i++) {
        const struct count_item *x = &s->plan->item[w->first + (start + i) % w->left];
        add_offer(s, t, x->pbit, x->want, 1);
    }
}

static void offer_free_works(struct count_scheduler *s, int t, double value) {
    const struct count_work *work = s->plan->work;
    int most = WINDOW * s->tiles;
    for (int k = work[s->free].next; k != s->free && most-- > 0; k = work[k].next)
        add_offer(s, t, work[k].pbit, ~k, value);
}

/* A share in a work that other tiles may do as well: the one with most to do for each of them. */
static void offer_shares(struct count_scheduler *s, int t, double value) {
    const struct count_work *work = s->plan->work;
    double most = 0, ones = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int k = work[s->other].next; k != s->other; k = work[k].next) {
            const double share = (double)work[k].left / (work[k].holders + 1);
            if (work[k].holders && share < 2)
                continue;
            most = share > most ? share : most;
            if (work[k].pbit < 0)
                ones = share;
            else if (pass)
                add_offer(s, t, work[k].pbit, ~k, value * share / most);
        }
    s->ones[t] = ones > 0 && ones >= most;
}

void count_find_offers(struct count_scheduler *s, int t) {
    struct offers *o = &s->offers[t];
    o->n = 0;
    o->offer = s->offer[t];
    s->ones[t] = false;
    if (s->done[t] == s->room)
        return;
    memset(s->seen, 0, sizeof s->seen);
    if (count_has_begun(s, t)) {
        const struct count_work *w = &s->plan->work[s->held[t]];
        offer_items(s, t);
        if (count_is_small(s, w) && w->left <= LAST_ITEMS)
            offer_free_works(s, t, CHANGE);
        return;
    }
    offer_free_works(s, t, 1);
    if (s->nfree < s->tiles / 2)
        offer_shares(s, t, s->nfree ? CHANGE : 1);
    s->ones[t] &= !s->nfree;
    if (s->ones[t])
        o->n = 0;
}

void count_weigh_offers(struct count_scheduler *s, int n) {
    double reads = 1, sums = 0;
    for (int t = 0; t < s->tiles; t++) {
        reads += (double)s->reads[t] / s->tiles;
        sums += (double)s->done[t] / s->tiles;
    }
    for (int k = 0; k < n; k++) {
        const int t = s->order[k];
        struct offers *o = &s->offers[t];
        const double tile = fmax(0.2, 1 + LAG * (sums - s->done[t]) + FEW / o->n);
        for (int i = 0; i < o->n; i++)
            o->offer[i].value *=
                (float)(tile * fmax(0.1, 1 + BANK * (s->reads[o->offer[i].bank] / reads - 1)));
    }
}
