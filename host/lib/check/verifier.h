/* The program verifier's walk, shared by verify*.c. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_CHECK_VERIFIER_H
#define GLB_CHECK_VERIFIER_H

#include "array/program.h"
#include "graph/graph.h"

/* STALE: a word that is no p-bit's, of an earlier pass, or nothing at all; DRAWN: a helper's, drawn
 * for one update */
enum kind { STALE, PBIT, DIGIT, DRAWN };

struct value { /* of a state word */
    enum kind kind;
    int32_t id;  /* PBIT: copy * n + i; DIGIT: index of the sum; DRAWN: i */
    int32_t arg; /* PBIT: 1 if updated in this pass; DIGIT: power of two */
};

struct term {
    struct value v;
    int32_t coef;
};

struct form { /* of an accumulator: sum of terms, constant; coefficients modulo 2^ACC */
    struct term *term;
    int n, cap;
    int32_t constant;
    int noise, doublings;
    int sum; /* 1 + the exported sum of which it is the 2^doublings-fold; 0: of none */
};

struct cell {
    struct value old, now;
    int written; /* clock of the last write in this pass, or -1 */
};

struct walk {
    const struct glb_program *p;
    const struct glb_graph *g;
    const struct glb_array *a;
    int n, nodes, seg, clock, c_end;
    struct cell *cell;   /* [tile][lane][g] */
    int32_t *node_at;    /* the same: which p-bit's slot, or -1 */
    struct form *acc;    /* [tile][lane] */
    int32_t *wp, *entry; /* [tile][lane], [tile] */
    struct form *sum;    /* exported sums */
    int nsum, cap_sum;
    int8_t *saw; /* [copies][2m] direction of an edge: 0 not read, 1 old, 2 new, 3 constant */
    int32_t *adj0, *adj, *adj_edge;
    int32_t *expected; /* [2 m] by adj: what the p-bit adds for this neighbour */
    int32_t *parts;    /* [2 m] the same: in so many reads */
    int32_t *helper;   /* [n] of a p-bit, index into p->helper, or -1 */
    int8_t *drawn;     /* [2 m] by adj: as saw, what its helper saw */
    int32_t *updated;  /* [nodes] segment, or -1 */
    unsigned copies;   /* bit s: segment s writes copies of p-bits */
};

/* verify_form.c: fails with what is wrong and where. */
enum glb_status verifier_bad(const struct walk *w, int tile, const char *what, int x);

/* The bank whose word reaches tile t with network word net. */
int verifier_source(const struct glb_array *a, const uint16_t *net, int t);

/* What an accumulator does; form_add_term() is false if memory runs out. */
bool form_add_term(struct form *f, struct value v, int32_t coef);
void form_add_bias(const struct glb_array *a, struct form *f, int32_t bias);
void form_add_noise(struct form *f);
void form_double(const struct glb_array *a, struct form *f);
void form_clear(struct form *f);

/* x modulo 2^ACC, signed. */
int32_t form_wrap(const struct glb_array *a, int64_t x);

/* verify_update.c: the closing of p-bit `node`, and the order of all updates of a segment. */
enum glb_status verifier_check_update(struct walk *w, int tile, struct form *f, int node, int we);
enum glb_status verifier_check_order(struct walk *w);

/* verify_helper.c: what each p-bit should add for a neighbour; what p-bits' helpers should be, and
 * the end of a helper's update by the CTRL that is the next entry of the tile: the value that it
 * writes. */
void verifier_expect_weights(struct walk *w);
enum glb_status verifier_expect_helpers(struct walk *w);
enum glb_status verifier_check_helper(struct walk *w, int tile, struct form *f, struct value *v);
/* Takes p-bit i's helper out of the form of its update. */
enum glb_status verifier_take_helper(struct walk *w, int tile, struct form *f, int i);

/* verify_count.c: the segments behind those of a sweep. */
enum glb_status verifier_check_extra(struct walk *w);

#endif
