/* The list scheduler of one segment, shared by schedule.c and schedule_*.c but schedule_all.c.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_SCHEDULER_H
#define GLB_COMPILER_SCHEDULER_H

#include <limits.h>
#include "compiler/plan.h"
#include "compiler/schedule/route.h"

/* Weights of the choices, found by trial on the graphs of docs/results/compiler.md: for graphs
 * whose bound is noise or lanes, for those whose bound is the tiles' one word a clock, and for
 * those of them that have hubs. */
struct style {
    double few;     /* a tile with few offers goes first */
    double last;    /* a lane's last reads go first */
    double balance; /* a lane with more reads than noise words left reads */
    double step;    /* lanes of a tile out of step have more words to choose from */
    double port;    /* a read that serves several lanes spares the network a word */
    double lagging; /* lanes with more work left go first */
    double bank;    /* banks with more work left go first */
    double backlog; /* banks that more tiles could read in this clock go first */
    double late;    /* clocks that a word not yet written counts against starting a task */
    int patience;   /* clocks that a shared read waits for the other lane beyond other work */
};

enum { NEVER = INT_MAX / 2 };

struct lane {
    int task;  /* running, or -1 */
    int stage; /* index into stages */
    int next;  /* position in the tile's sequence of groups */
    int npending, pending0;
    int noise; /* words still to take */
    int todo;  /* lane clocks left in this segment */
    int last;  /* clock of its last action */
    int words;
    double value; /* of getting further in this clock */
    int alone;    /* pending reads that no other lane of the group has */
};

struct offer_info { /* of one word that a tile could read */
    int32_t word;
    int32_t at[GLB_MAX_LANES]; /* index into that lane's pending reads, or -1 */
    int8_t noise;
    bool fresh; /* the new word is needed */
};

struct tile {
    int nseq, nopen;
    int32_t *seq;     /* groups in the order of their start */
    int32_t *open;    /* groups not started */
    int noise, reads; /* left */
    int entries;
    int ctrl;       /* lane that ends a stage in this clock, or -1 */
    int idle_noise; /* lane that takes a noise word if nothing is read, or -1 */
};

struct scheduler {
    struct plan *plan;
    int seg, tiles, lanes, clock;
    const struct style *style;
    double thrift; /* factor on the style's port weight */
    struct lane *lane;
    struct tile *tile;
    int32_t *pending;          /* reads to do, per lane a range of it */
    int32_t *written;          /* [words] clock in which the word is written; NEVER */
    int32_t *old_readers;      /* [words] reads of the old word still to come */
    int32_t *waiter0, *waiter; /* [words + 2], []: tasks that a word's write sets free, by word */
    int32_t *waits;            /* [tasks] writers and readers of lower levels not closed */
    bool *closed, *started;
    int32_t *blocked;      /* [tiles] ring over write latency: does the bank write in this clock? */
    int32_t *stamp, *slot; /* [words] offer of the word in the tile at hand */
    int32_t *bank_todo, *backlog;
    int32_t
        *copy; /* [words] the next copy of the same hub, in a ring; of others: the word itself */
    int ncopy; /* words that are copies */
    long backlog_sum;
    struct offer_info *info;
    struct offer *offer;
    struct offers *offers;
    int32_t *order;
    int32_t *seq; /* the tiles' seq and open */
    struct route route;
    struct pass *pass;
    int cap;
    int search;
    int open_tasks;
    int32_t *level_open; /* [levels] tasks not closed */
    int lowest;          /* level with such a task */
    bool chain;          /* levels one after the other take longer than all work */
    double mean_todo;
};

static inline struct lane *lane_of(struct scheduler *s, int t, int l) {
    return &s->lane[t * s->lanes + l];
}

static inline bool in_segment(const struct scheduler *s, int word) {
    const int writer = s->plan->word[word].task;
    return writer >= 0 && s->plan->task[writer].seg == s->seg;
}

/* A hub's parts, its own task and its relays, if whole colours wait for them. */
static inline bool helps_hub(const struct plan *plan, const struct task *t) {
    return plan->hubs_first &&
           (t->kind != TASK_PBIT || plan->problem->hub[t->pbit % plan->problem->n] >= 0);
}

static inline bool last_stage(const struct scheduler *s, const struct lane *n) {
    const struct task *t = &s->plan->task[n->task];
    return n->stage == t->stage0 + t->nstage - 1;
}

static inline bool needs_noise(const struct scheduler *s, const struct lane *n) {
    return n->task >= 0 && n->noise > 0 && last_stage(s, n);
}

/* schedule_setup.c: all memory and all counts of work; false if memory runs out. */
bool scheduler_open(struct scheduler *s);
void scheduler_close(struct scheduler *s);

/* schedule_start.c: gives an idle lane its next task, if one may start. */
void scheduler_start_lane(struct scheduler *s, int t, int l);
void scheduler_open_stage(struct scheduler *s, struct lane *n);

/* schedule_offer.c: what tile t could read now, with values against reading nothing, into
 * s->offers[t]. */
void scheduler_find_offers(struct scheduler *s, int t);

#endif
