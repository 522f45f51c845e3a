/* A plan of the counting segment: whose word a tile keeps, which words it compares with it, and
 * when. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_COUNT_PLAN_H
#define GLB_COMPILER_COUNT_PLAN_H

#include "compiler/counting/counting.h"

/* Ops of a counting segment (docs/design/array.md, section 3a). */
enum { COUNT_IDLE, COUNT_LOAD, COUNT_ONES, COUNT_SUM };

struct count_item { /* a sum of a work */
    int32_t want;
    int32_t pbit; /* whose word arrives */
};

/* Sums that have an own word in common. Several tiles may share one; each loads the word. */
struct count_work {
    int32_t pbit; /* whose word is kept; -1: ones */
    int32_t first, n;
    /* for the scheduler: */
    int32_t left;       /* items to do: item[first .. first + left - 1] */
    int32_t holders;    /* tiles that keep the word */
    int32_t next, prev; /* in its list of works */
};

struct count_op { /* of a tile in one clock */
    int32_t pbit; /* whose word arrives, or -1 */
    int32_t want; /* COUNT_SUM: the sum */
    int8_t op;
};

struct count_plan {
    const struct glb_program *p;
    const struct glb_count_want *want;
    int nwant;
    const struct glb_slot *word; /* [nwords] of "p-bits" p->n .. */
    int nwords;
    int nwork;
    struct count_work *work; /* two more behind the last, for lists */
    struct count_item *item; /* [nwant] */
    int clocks, cap;
    struct count_op *op; /* [clocks][tiles] */
    int sums;            /* of the busiest tile */
};

static inline const struct glb_slot *count_slot(const struct count_plan *plan, int pbit) {
    return pbit < plan->p->n ? &plan->p->slot[pbit] : &plan->word[pbit - plan->p->n];
}

static inline int count_bank(const struct count_plan *plan, int pbit) {
    return count_slot(plan, pbit)->tile;
}

/* count_works.c: works and items for want[0 .. nwant - 1]; false if memory runs out. */
bool count_make_works(struct count_plan *plan);

/* count_schedule.c: ops, at most `room` sums a tile and `clocks` clocks; *done: sums that have a
 * place, fewer than nwant if the clocks are too few. */
enum glb_status count_schedule(struct count_plan *plan, int room, int clocks, uint64_t seed,
                               int *done);

void count_plan_release(struct count_plan *plan);

/* count_append.c: the plan's segment, its sums and the segments that dump them, behind what
 * plan->p has; p is the same program. GLB_ERR_MEMORY: p is unchanged. */
enum glb_status count_append(const struct count_plan *plan, struct glb_program *p);

#endif
