/* The placer, shared by place*.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_COMPILER_PLACER_H
#define GLB_COMPILER_PLACER_H

#include "compiler/plan.h"

struct placer {
    struct plan *plan;
    double *load;                     /* [tiles] */
    int32_t *lane_words, *lane_limit; /* [tiles * lanes] */
    double *lane_work;
    double noise_cost, read_cost, word_cost;
    int phases;   /* segments x levels */
    double *bank; /* [tiles][phases] reads of the bank's words by tasks of that level */
    int32_t *reader0, *reader; /* [words + 1], []: phases of the tasks that read a word */
    int32_t *like;   /* [words] the word whose readers it shares: a relay's hub, else itself */
    float *part;     /* [words] its part of those readers */
    double *profile; /* [phases] reads of the group at hand */
};

/* place_tile.c. Costs of a task and of a group in lane clocks; state words that the lane has left.
 */
double placer_cost_of(const struct placer *p, const struct task *t);
double placer_group_cost(const struct placer *p, const struct group *g);
int placer_lane_room(const struct placer *p, int tile, int lane);
/* Gives the group's tasks lanes of the tile (really: else nothing changes); false if state words
 * run out.
 */
bool placer_settle(struct placer *p, struct group *g, int tile, bool really);
/* Takes the task of lane l out of its group's tile. */
void placer_unsettle(struct placer *p, struct group *g, int l);
/* The best tile that has less than `limit` groups by count[], or -1. */
int placer_best_tile(struct placer *p, struct group *g, const int32_t *count, int limit);

/* place_setup.c: memory, readers of every word, costs; false if memory runs out. */
bool placer_open(struct placer *p);
void placer_close(struct placer *p);

#endif
