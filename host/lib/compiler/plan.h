/* The graph compiler's inner data. compile.c drives; a plan (compile_plan.c) goes through
 * compile_order.c, compile_tasks.c and hub.c, compile_pair.c, place*.c, schedule*.c with route.c;
 * program.c writes the memory images.
 *
 * The compiler turns a graph into *tasks*: what one lane does without interruption, in *stages*
 * that each read words and end with a CTRL. A p-bit's update is a task of one stage. A hub's update
 * has parts (tasks that export partial sums as digits) and relays (tasks that copy its state to
 * other banks). A *word* is a state word. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PLAN_H
#define GLB_COMPILER_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include "array/program.h"

enum glb_task_kind { GLB_TASK_PBIT, GLB_TASK_PART, GLB_TASK_RELAY };

struct glb_read {
    int32_t word;
    int32_t edge; /* its weight is added; -1: coef is */
    int32_t coef;
    bool fresh;     /* wants what this pass writes, not what it finds */
    uint8_t shared; /* lanes of the task's group that read the same word */
};

struct glb_stage {
    int32_t read0, nread;
    int32_t word; /* written by the CTRL; -1: none */
    int32_t bias; /* constant part of the CTRL's bias */
    bool dbl, clr;
};

struct glb_task {
    enum glb_task_kind kind;
    int32_t pbit; /* copy * n + p-bit; of a part or relay: the hub */
    int32_t stage0, nstage;
    int32_t noise; /* noise words, all in the last stage */
    int32_t seg, level;
    int32_t group, tile, lane;
    int32_t
        path; /* clocks from its start to the end of the pass along the longest chain of readers */
    int32_t nread, out; /* reads of all stages; reads of its words */
    int32_t spare;      /* of a hub: stage of a part whose CTRL can take half of the bias, or -1 */
};

/* Clocks of a lane that a task takes: reads, noise words, CTRLs. */
static inline int plan_task_work(const struct glb_task *t) {
    return t->nread + t->noise + t->nstage;
}

struct glb_word {
    int32_t task; /* that writes it; -1: nobody (an input) */
    int32_t tile, lane, g;
    int32_t out; /* how often a pass over all segments reads it */
};

struct glb_group { /* tasks of one level that share reads: one per lane of a tile, -1 where none */
    int32_t task[GLB_MAX_LANES];
    int32_t seg, level, tile;
};

struct glb_op {                  /* what a tile does in one clock */
    int32_t word;                /* that it reads, or -1 */
    int32_t read[GLB_MAX_LANES]; /* index into reads per lane, or -1 */
    int32_t stage;               /* the stage that a CTRL ends, or -1 */
    int32_t task;                /* of that CTRL */
    int8_t noise;                /* lane that takes a noise word, or -1 */
};

struct glb_pass {      /* a scheduled segment */
    int len;           /* clocks */
    int entries;       /* of the busiest tile */
    int words;         /* of the busiest lane */
    int32_t *end;      /* [tiles] clock after its last action */
    long busy_end;     /* sum over lanes of the clock after their last action */
    struct glb_op *op; /* [len][tiles] */
    int32_t *g; /* [words] index in its lane from the segment's wp_start on; -1: not written here */
};

struct plan { /* everything about one compilation */
    const struct glb_array *a;
    const struct glb_graph *g;
    const struct glb_compile_options *o;
    int n, copies, nodes;           /* nodes = n * copies */
    int32_t *adj0, *adj, *adj_edge; /* [n + 1], [2m], [2m]: neighbours of the graph */
    int32_t *seg_of;                /* [n] segment that updates it, or -1 */
    int32_t *colour;                /* [n] of p-bits that are not hubs */
    int32_t *hub;                   /* [n] hub number, or -1 */
    int ncolours, nhubs, nseg, levels;
    double cut;      /* factor on the number of a hub's parts; 0: about as many as tiles */
    bool draft;      /* with hubs: a quick plan, to compare ways */
    bool hubs_first; /* hubs have the lowest colours and are updated first; else the highest */
    int ntask, nstage, nread, nword, ngroup;
    int cap_task, cap_stage, cap_read, cap_word;
    struct glb_task *task;
    struct glb_stage *stage;
    struct glb_read *read;
    struct glb_word *word; /* the first `nodes` are the p-bits' */
    struct glb_group *group;
    struct glb_pass pass[GLB_SEGMENTS];
    double u;
    uint64_t rng;
    bool oom;
};

static inline uint32_t plan_random(struct plan *c) {
    c->rng = c->rng * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(c->rng >> 33);
}

/* Append; on lack of memory they set c->oom and return 0. */
int plan_new_task(struct plan *c, enum glb_task_kind kind, int pbit, int seg);
int plan_new_stage(struct plan *c, int task, int word, bool dbl, bool clr, int bias);
void plan_new_read(struct plan *c, int stage, int word, int edge, int coef);
int plan_new_word(struct plan *c, int task);
/* The read of neighbour k of p-bit i. */
void plan_read_pbit(struct plan *c, int stage, int copy, int i, int k);

/* compile_plan.c: one plan, made anew from c->g; r gets what choose_unit says. */
enum glb_status make_plan(struct plan *c, struct glb_compile_report *r);
void plan_release(struct plan *c);
enum glb_status schedule_all_segments(struct plan *c); /* as it is placed now */
void plan_free_pass(struct glb_pass *p);
int plan_clocks(const struct plan *c);  /* of all segments, without gaps */
int plan_entries(const struct plan *c); /* of the busiest tile */

/* compile_search.c: the best of several plans, as much as the effort allows. */
enum glb_status search_plans(struct plan *c, struct glb_compile_report *r);
/* Is a plan of so many clocks and entries better than another? One that fits, then the shorter. */
bool plan_shorter(const struct plan *c, int clocks, int entries, int than_clocks, int than_entries);

/* compile_refine.c: swaps groups of tiles that ended late or early and schedules again, some
 * rounds; the best plan stays. */
enum glb_status refine_plan(struct plan *c, int rounds);

/* compile_order.c: which p-bits are hubs, colours; does the update of i see the new state of its
 * neighbour j?
 */
enum glb_status plan_find_hubs(struct plan *c);
bool plan_sees_new(const struct plan *c, int i, int j);

/* compile_tasks.c: every task of the program with its stages, reads and level; the longest chain of
 * readers after every task. */
enum glb_status plan_make_tasks(struct plan *c);
enum glb_status plan_find_paths(struct plan *c);

/* hub.c: parts and own tasks of a segment's hubs (level of every colour; chunk and digit: room for
 * n and (n + 64) * acc), relays of hubs that it reads. */
void plan_make_hubs(struct plan *c, int seg, const int32_t *level, int32_t *chunk, int32_t *digit);
void plan_make_relays(struct plan *c, int seg, double bank_load);
/* After placement: readers of a hub take the copy that their tile should use. */
enum glb_status plan_use_relays(struct plan *c);

/* compile_pair.c: groups of all segments and levels; tasks in a group. */
bool plan_make_groups(struct plan *c);
int plan_group_members(const struct plan *c, const struct glb_group *g);

/* place.c: tiles and lanes of all tasks and inputs. */
enum glb_status place_tasks(struct plan *c);

/* schedule.c: fills c->pass[seg]. style 0: for noise or lanes as the bound, 1: for the network, 2:
 * for the network, and graphs with hubs; thrift > 1 saves coupling entries; search: tries per tile
 * and clock to find paths. */
enum glb_status schedule_segment(struct plan *c, int seg, int style, double thrift, uint64_t seed,
                                 int search);

/* quantise.c: u, report fields on quantisation. */
enum glb_status choose_unit(struct plan *c, struct glb_compile_report *r);
void quantise_report(const struct plan *c, const struct glb_program *p,
                     struct glb_compile_report *r);

/* program.c: memory images and tables. */
enum glb_status emit_program(struct plan *c, struct glb_program **out);

#endif
