/* A plan of the graph compiler: the work of a program as *tasks*, where they run and when.
 *
 * A task is what one lane does without interruption, in *stages* that each read words and end with
 * a CTRL. A p-bit's update is a task of one stage. A hub's update has parts (tasks that export
 * partial sums as digits) and relays (tasks that copy its state to other banks). A helper
 * (array/precise.h) is updated right before its p-bit. A *word* is a state word.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PLAN_H
#define GLB_COMPILER_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include "array/array.h"
#include "base/rng.h"
#include "compiler/problem.h"

enum task_kind { TASK_PBIT, TASK_PART, TASK_RELAY, TASK_HELPER };

struct read {
    int32_t word;
    int32_t edge; /* its weight is added; -1: coef is */
    int32_t coef;
    bool fresh;     /* of the word of this pass, not of the one before it */
    uint8_t shared; /* lanes of the task's group that read the same word */
};

struct stage {
    int32_t read0, nread;
    int32_t word; /* written by the CTRL; -1: none */
    int32_t bias; /* constant part of the CTRL's bias */
    bool dbl, clr;
};

struct task {
    enum task_kind kind;
    int32_t pbit; /* copy * n + p-bit; of a part or relay: the hub; of a helper: whom it helps */
    int32_t stage0, nstage;
    int32_t noise; /* noise words, all in the last stage */
    int32_t seg, level;
    int32_t group, tile, lane;
    int32_t path;       /* clocks to the end of the pass along the longest chain of readers */
    int32_t nread, out; /* reads of all stages; reads of its words */
    int32_t spare;      /* of a hub: stage of a part whose CTRL can take half of the bias, or -1 */
};

struct word {
    int32_t task; /* that writes it; -1: none (an input) */
    int32_t tile, lane, g;
    int32_t out; /* how often a pass over all segments reads it */
};

struct group { /* tasks of one level that share reads: one per lane of a tile, -1 where none */
    int32_t task[GLB_MAX_LANES];
    int32_t seg, level, tile;
};

struct op {                      /* what a tile does in one clock */
    int32_t word;                /* that it reads, or -1 */
    int32_t read[GLB_MAX_LANES]; /* index into reads per lane, or -1 */
    int32_t stage;               /* the stage that a CTRL ends, or -1 */
    int32_t task;                /* of that CTRL */
    int8_t noise;                /* lane that takes a noise word, or -1 */
};

struct pass {      /* a scheduled segment */
    int len;       /* clocks */
    int entries;   /* of the busiest tile */
    int words;     /* of the busiest lane */
    int32_t *end;  /* [tiles] clock after its last action */
    long busy_end; /* sum over lanes of the clock after their last action */
    struct op *op; /* [len][tiles] */
    int32_t *g;    /* [words] index in its lane from the segment's wp_start on; -1: not written */
};

struct plan {
    const struct problem *problem;
    double cut;      /* factor on the number of a hub's parts; 0: about as many as tiles */
    bool draft;      /* with hubs: a quick plan, to compare ways */
    bool hubs_first; /* hubs have the lowest colours and are updated first; else the highest */
    int32_t *colour; /* [n] in the order of updates */
    int ncolours, levels;
    int ntask, nstage, nread, nword, ngroup;
    int cap_task, cap_stage, cap_read, cap_word;
    struct task *task;
    struct stage *stage;
    struct read *read;
    struct word *word; /* the first `nodes` are the p-bits' */
    struct group *group;
    struct pass pass[GLB_SEGMENTS];
    uint64_t rng;
    bool oom;
};

/* Append; on lack of memory they set plan->oom and return 0. */
int plan_new_task(struct plan *plan, enum task_kind kind, int pbit, int seg);
int plan_new_stage(struct plan *plan, int task, int word, bool dbl, bool clr, int bias);
void plan_new_read(struct plan *plan, int stage, int word, int edge, int coef);
int plan_new_word(struct plan *plan, int task);
/* The reads of neighbour k (an index into the adjacency) of p-bit i: one, or its parts. */
void plan_read_pbit(struct plan *plan, int stage, int copy, int i, int k);
/* The one read of it that p-bit i's helper has. */
void plan_read_once(struct plan *plan, int stage, int copy, int i, int k);

void plan_free_pass(struct pass *p);
void plan_release(struct plan *plan);

int plan_clocks(const struct plan *plan);  /* of all segments, without gaps */
int plan_entries(const struct plan *plan); /* of the busiest tile */
/* Is a plan of so many clocks and entries better than another? One that fits, then the shorter. */
bool plan_shorter(const struct plan *plan, int clocks, int entries, int than_clocks,
                  int than_entries);

/* Clocks of a lane that a task takes: reads, noise words, CTRLs. */
static inline int plan_task_work(const struct task *t) {
    return t->nread + t->noise + t->nstage;
}

/* The scan's order: does the update of i see the new state of its neighbour j? */
static inline bool plan_sees_new(const struct plan *plan, int i, int j) {
    const int32_t *seg_of = plan->problem->seg_of;
    return seg_of[i] == seg_of[j] && plan->colour[j] < plan->colour[i];
}

static inline uint32_t plan_random(struct plan *plan) {
    return (uint32_t)(glb_lcg(&plan->rng) >> 33);
}

#endif
