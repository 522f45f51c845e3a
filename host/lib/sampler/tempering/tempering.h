/* What the files of tempering share: the run (temper.c), its
 * settings (settings.c), its replicas on boards (boards.c), what is
 * seen of them (looks.c), exchanges (exchange.c), the ladder (ladder.c), cluster moves
 * (clusters.c). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_TEMPERING_TEMPERING_H
#define GLB_SAMPLER_TEMPERING_TEMPERING_H

#include <glauber/tempering.h>
#include "graph/adjacency.h"
#include "sampler/sampler_state.h"
#include "sampler/tempering/whole.h"

enum { PARTS = 32 }; /* of a run, for errors of means */

struct cluster_moves {
    struct glb_adjacency near; /* couplings that are not 0 */
    bool symmetric;            /* E(-m) = E(m) */
    bool on[GLB_MOST_TEMPERATURES];
    chunk *differ, *cluster; /* [pieces][n] scratch */
    chunk *active;           /* [pieces] chains with a move */
    int64_t *size, *differs; /* [pieces][CHUNK_CHAINS] p-bits of the last cluster; where it could
                                have been */
    int64_t moved[GLB_MOST_TEMPERATURES], percolating[GLB_MOST_TEMPERATURES];
    int64_t all_sizes, all_clusters;
    int partner; /* chain c's is c ^ partner */
};

struct tempered_run {
    struct glb_sampler *s;
    const struct glb_settings *set;
    struct glb_tempering opt;
    struct sampler_run run; /* the coldest replicas' samples */

    /* shape; a replica is temperature x ladders + ladder */
    int n, temperatures, ladders;
    int groups;       /* boards of a temperature */
    int stride;       /* words of a state word over all boards: a multiple of CHUNK */
    int pieces;       /* of CHUNK words, of all copies */
    int side_by_side; /* boards: all, or 1 */
    uint64_t *words;  /* [nwords][stride] states as the device has them: bit board x CHAINS + c */
    int32_t *replica; /* [copies][64 stride] of a bit, or -1 */
    uint64_t *one;    /* [nwords] state words of one board */
    uint64_t *seeds;  /* [boards] */
    uint64_t *mask;   /* [stride] scratch */

    double beta[GLB_MOST_TEMPERATURES]; /* asked for */
    uint32_t k[GLB_MOST_TEMPERATURES];

    struct whole *whole;
    int64_t *e;     /* [replicas] */
    double *energy; /* [replicas] input's units, of rounded couplings if they are */
    double lowest;  /* of them so far */
    int8_t *spins;  /* [n] scratch */
    uint8_t *phase; /* [replicas] where the state was last: PHASE_... */

    uint64_t round;                                                           /* of the whole run */
    int64_t attempts[GLB_MOST_TEMPERATURES], accepted[GLB_MOST_TEMPERATURES]; /* t and t + 1 */
    double *sum;                               /* [replicas] energies of the rounds */
    double part[GLB_MOST_TEMPERATURES][PARTS]; /* sums of part_rounds rounds, all ladders */
    int64_t part_rounds, in_part;
    int parts;
    int64_t rounds; /* after the warm-up */
    struct cluster_moves moves;
};

struct ladder_store { /* what a sampler keeps of its last tempering */
    struct glb_ladder ladder;
    double beta[GLB_MOST_TEMPERATURES], mean[GLB_MOST_TEMPERATURES], error[GLB_MOST_TEMPERATURES],
        acceptance[GLB_MOST_TEMPERATURES];
};

/* Takes and checks what the caller asks for. */
enum glb_status tempered_prepare(const struct glb_sampler *s, const struct glb_settings *settings,
                                 const struct glb_tempering *tempering, struct glb_settings *set,
                                 struct glb_tempering *opt);

/* Memory for the present number of temperatures, the states of the old one spread over it; on the
 * device, too. */
enum glb_status tempered_shape(struct tempered_run *t, int temperatures);
void tempered_free(struct tempered_run *t);

/* Random or given states, clamped p-bits at their values. */
void tempered_start(struct tempered_run *t);

/* `sweeps` sweeps of all replicas; *whole is false if the run was cancelled in them. */
enum glb_status tempered_sweep(struct tempered_run *t, bool *whole);

/* State bits of up to 64 ladders from `first` on at one temperature: plane[n]. */
void tempered_gather(const struct tempered_run *t, int temperature, int first, int count,
                     uint64_t *plane);

/* The words of p-bit i of a copy. */
static inline uint64_t *pbit_words(const struct tempered_run *t, int copy, int i) {
    return t->words +
           (size_t)t->s->word[(size_t)copy * (size_t)t->n + (size_t)i] * (size_t)t->stride;
}

/* Where the chains of a board begin. */
struct board_bits {
    int word, shift;
};
static inline struct board_bits board_bits(const struct tempered_run *t, int board) {
    const int bit = board * t->s->p->array.chains;
    return (struct board_bits){bit / 64, bit % 64};
}

/* ---- looks ---- */

/* Energies of all replicas, the best state, the caller's look, the end if it is good enough. */
void tempered_look(struct tempered_run *t);

/* A round that counts: sums, samples of the coldest replicas. */
void tempered_count(struct tempered_run *t);

void tempered_report(const struct tempered_run *t, struct ladder_store *out);

/* ---- exchanges ---- */

/* Whether an exchange that costs is accepted: U < exp(-x), U = (random + 1) / 2^64, x in units of
 * the natural logarithm is difference x rate / 2^64 x ln 2. */
bool exchange_accepted(unsigned __int128 rate, uint64_t difference, uint64_t random);

/* The rate of whole energies at K of the hotter and the colder of two temperatures, 1 <= cold <=
 * hot. */
unsigned __int128 exchange_rate(uint32_t hot, uint32_t cold);

/* -log2((random + 1) / 2^64) in units of 2^-40. */
uint64_t exchange_log2(uint64_t random);

void tempered_exchange(struct tempered_run *t);

/* ---- the ladder ---- */

enum { LADDER_START = 24, LADDER_LEAST = 4, LADDER_STAGE = 16 }; /* temperatures; rounds */

/* The ladder before anything is measured. */
enum glb_status ladder_start(struct tempered_run *t);

/* K of the ladder's betas. */
enum glb_status ladder_set(struct tempered_run *t);

/* betas[to] with equal shares of the barrier of betas[from], of which t is rejected with
 * rejection[t]; both ends stay. */
void ladder_spread(const double *beta, const double *rejection, int from, double *out, int to);

/* After a stage of the warm-up: a new ladder from its exchanges. */
enum glb_status ladder_tune(struct tempered_run *t);

/* ---- cluster moves ---- */

enum glb_status clusters_new(struct tempered_run *t);
enum glb_status clusters_shape(struct tempered_run *t);
void clusters_free(struct cluster_moves *m);
/* For the round: which chains are partners; then the moves of a piece, which may go on in parallel;
 * then what became of them. */
void clusters_begin(struct tempered_run *t);
void clusters_move(struct tempered_run *t, int piece);
void clusters_end(struct tempered_run *t);
/* The end of the warm-up: only temperatures at which one cluster of twenty did not percolate go on.
 */
void clusters_choose(struct tempered_run *t);

#endif
