/* The list scheduler of the counting segment, shared by count_schedule.c and count_offer.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_COUNT_SCHEDULER_H
#define GLB_COMPILER_COUNT_SCHEDULER_H

#include "compiler/counting/count_plan.h"
#include "compiler/schedule/route.h"

struct count_scheduler {
    struct count_plan *plan;
    int tiles, room;
    int hub;   /* works of more sums come last: any tile can do a part of them at any time */
    int open;  /* sums to do */
    int nfree; /* works in the list `free` */
    /* Lists of works with sums to do, each a ring through the work of this number: those below
     * `hub` that no tile keeps; all others. */
    int free, other;
    int32_t *at;                 /* [nwant] a sum's index in plan->item, which changes */
    int held[GLB_MAX_TILES];     /* work whose word the tile keeps, or -1 */
    int done[GLB_MAX_TILES];     /* sums of the tile */
    int reads[GLB_MAX_TILES];    /* of the bank, to do */
    bool ones[GLB_MAX_TILES];    /* the tile takes ones as its own word */
    int32_t seen[GLB_MAX_TILES]; /* offer of the tile at hand from a bank, 1 ..; 0: none */
    struct route route;
    struct offers offers[GLB_MAX_TILES];
    struct offer offer[GLB_MAX_TILES][GLB_MAX_TILES]; /* id: a sum, or ~ of a work to begin */
    int32_t order[GLB_MAX_TILES];
};

static inline bool count_is_small(const struct count_scheduler *s, const struct count_work *w) {
    return w->pbit >= 0 && w->n <= s->hub;
}

/* Whether the tile keeps a word with sums to do. */
static inline bool count_has_begun(const struct count_scheduler *s, int t) {
    return s->held[t] >= 0 && s->plan->work[s->held[t]].left > 0;
}

/* Words that tile t could take now, with values, into s->offers[t]; s->ones[t]. */
void count_find_offers(struct count_scheduler *s, int t);

/* Values of the n tiles in s->order with regard to banks and tiles that are behind. */
void count_weigh_offers(struct count_scheduler *s, int n);

#endif
