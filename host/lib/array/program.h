/* A program: the memory images of docs/design/array.md for one graph on one array, and where every
 * p-bit and coupling went. Public functions (free, save, load) are in glauber.h.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_PROGRAM_H
#define GLB_ARRAY_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "array/array.h"
#include "array/segment.h"
#include "base/status.h"

struct glb_slot { /* where a p-bit's state lives */
    int16_t tile, lane, g;
};

struct glb_read_ref { /* one directed use of a coupling: entry `entry` of `tile`, field of `lane`,
                         adds J of `edge` */
    int32_t edge;     /* index into the graph's edges */
    int32_t to;       /* the p-bit that is updated */
    int16_t tile, lane;
    int32_t entry;
    bool helper; /* of the update of `to`'s helper, see struct glb_program */
};

struct glb_bias_ref { /* the CTRL entry that carries p-bit `to`'s bias (its closing entry) */
    int32_t to;
    int16_t tile, lane;
    int32_t entry;
    int32_t constant; /* acc units added besides the p-bit's own bias (a hub's digits) */
    int16_t tile2;    /* a hub's bias may need more bits than one CTRL has: */
    int32_t entry2;   /* half of it goes into this CTRL of a partial sum; -1: none */
};

struct glb_count_ref { /* a sum: in how many chains two p-bits, or one and 1, agree */
    int32_t i, j;      /* p-bits, i < j; i alone: j = -1 */
    int16_t tile;
    int32_t entry; /* of the coupling memory */
};

struct glb_program {
    struct glb_array array;
    int n, m;    /* of the graph */
    int copies;  /* independent copies of the graph side by side (more chains, same couplings);
                    usually 1 */
    double u;    /* LSB of the accumulator in units of the field: I = u * acc */
    double beta; /* > 0: the program is precise (array/precise.h) and runs at this beta or, without
                    helpers, a larger one; it has one copy */
    int colours;
    uint64_t graph_hash;

    int nseg;   /* of a sweep: seg[0 .. nseg - 1] */
    int nextra; /* further ones behind them: that hold, count or dump */
    struct glb_segment seg[GLB_SEGMENTS];
    int s_used, c_used; /* used depth of schedule and coupling memory */
    uint32_t *sched;    /* [s_used][tiles] schedule words */
    uint16_t *net;      /* [s_used][chunks] network words, chunks = ceil(nb / 16) */
    uint64_t *coupling; /* [tiles][c_used] coupling words */

    struct glb_slot *slot; /* [copies][n] */
    int nreads;            /* all directed uses, all copies */
    struct glb_read_ref *reads;
    int nbias;
    struct glb_bias_ref *bias;
    int nhelpers; /* of a precise program: p-bits with a helper, which adds what rounding lost */
    struct glb_bias_ref *helper; /* the CTRL entry that ends the helper's update */

    int16_t *weight; /* [m] quantised coupling: w = round(2 J / u), what READ fields hold; of a
                        precise program the larger one of its two p-bits' */
    int32_t
        *qbias; /* [n] quantised bias: round((h - sum_j w_ij u / 2) / u) without hub constants */
    int ncount; /* sums that the array can count; 0: no counting segments */
    struct glb_count_ref *count;
    int sums_first, sums;    /* coupling entries of all tiles that hold sums: from sums_first on (at
                                least c_used; not part of `coupling`), so many */
    int count_first, counts; /* the segments that count: seg[count_first ..], in this order */
    int dump_first, dumps;   /* those that dump: part by part, and in a part 2^gw sums each (the
                                last one what is left), to lane 0 from word 0 on */

    uint64_t version; /* counts glb_program_set_weights(); not in files */
    bool *clamped;    /* [n] written with we = 0, see glb_program_clamp() */

    struct glb_compile_report report; /* size 0: none; not in files */
};

/* Clocks of the schedule that a sweep takes, and those of a pass over all segments that count. */
static inline int glb_program_clocks(const struct glb_program *p, int first, int n) {
    int clocks = 0;
    for (int s = first; s < first + n; s++)
        clocks += p->seg[s].s_len;
    return clocks;
}
static inline int glb_program_sweep_clocks(const struct glb_program *p) {
    return glb_program_clocks(p, 0, p->nseg);
}
static inline int glb_program_count_clocks(const struct glb_program *p) {
    return glb_program_clocks(p, p->count_first, p->counts);
}

/* Was p compiled for a, or for an array that differs in the depths of its memories only, and does
 * it fit them? */
bool glb_program_runs_on(const struct glb_program *p, const struct glb_array *a);

/* A bias into a CTRL entry. */
void glb_program_put_bias(struct glb_program *p, int tile, int32_t entry, int32_t bias);

/* p->qbias into the images; *count grows by the biases that are outside of the range. */
void glb_program_put_biases(struct glb_program *p, int *count);

/* Marks p-bits as clamped (clamped[n]) or, with NULL, none: their closing entries get we = 0. */
void glb_program_clamp(struct glb_program *p, const bool *clamped);

/* glb_program_set_weights() with every coupling rounded to its nearest integer, whatever the sums:
 * what training does, whose gradient corrects the biases. Does not allocate. */
enum glb_status glb_program_set_nearest(struct glb_program *p, const double *J, const double *h,
                                        int *saturated);

/* The smallest beta that glb_program_k() has a K for; smaller ones run at it. */
double glb_program_hottest(const struct glb_program *p);

/* K of beta for this program's u (section 4); GLB_ERR_ARGUMENT if beta < 0 or not finite, or below
 * that of a precise program. beta = 0: the largest K. */
enum glb_status glb_program_k(const struct glb_program *p, double beta, uint32_t *k);

#endif
