/* d log P / d beta of one p-bit's state m in field I is I (m - tanh beta I). Scores are summed at
 * the asked beta with two derivatives, which gives the root to third order in the distance.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sampler/certificate/pseudolikelihood.h"

#include <math.h>
#include <string.h>

/* The choice among clones is made before ThreadSanitizer is set up, and would be instrumented. */
#if defined __SANITIZE_THREAD__ || !defined __x86_64__
#define CLONES
#else
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif

enum glb_status pseudolikelihood_open(struct pseudolikelihood *p, const struct glb_graph *g,
                                      double beta, int chains) {
    *p = (struct pseudolikelihood){.g = g, .beta = beta, .chains = chains};
    const enum glb_status s = glb_adjacency_build(g, &p->adj);
    if (s)
        return s;
    p->score = calloc((size_t)chains + 1, sizeof *p->score);
    p->inform = calloc((size_t)chains + 1, sizeof *p->inform);
    return p->score && p->inform
               ? GLB_OK
               : glb_fail(GLB_ERR_MEMORY, "no memory for the scores of %d chains", chains);
}

void pseudolikelihood_close(struct pseudolikelihood *p) {
    glb_adjacency_free(&p->adj);
    free(p->score);
    free(p->inform);
}

/* +-1 times size, by the sign bit. */
static inline double signed_size(uint64_t up, double size) {
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    bits ^= (~up & 1) << 63;
    memcpy(&size, &bits, sizeof size);
    return size;
}

enum { LANES = 8 }; /* chains whose fields are in registers */

/* Fields of p-bit i in `count` chains, rounded up to LANES. */
CLONES static void fields(const struct pseudolikelihood *p, int i, const uint64_t *restrict plane,
                          int count, double *restrict field) {
    const int end = p->adj.start[i + 1];
    for (int first = 0; first < count; first += LANES) {
        double sum[LANES];
        for (int c = 0; c < LANES; c++)
            sum[c] = p->g->h[i];
        for (int k = p->adj.start[i]; k < end; k++) {
            const uint64_t up = plane[p->adj.node[k]] >> first;
            const double J = p->g->J[p->adj.edge[k]];
            for (int c = 0; c < LANES; c++)
                sum[c] += signed_size(up >> c, J);
        }
        for (int c = 0; c < LANES; c++)
            field[first + c] = sum[c];
    }
}

/* exp(-x) for x >= 0 without branches: a power of two times a Taylor sum for |y| <= ln 2 / 2, good
 * to 2e-13. */
static inline double decay(double x) {
    static const double shift = 6755399441055744.0; /* 1.5 * 2^52: adding it rounds */
    const double t = (x < 600 ? x : 600) * -1.4426950408889634;
    const double whole = t + shift - shift, y = (t - whole) * 0.6931471805599453;
    double sum = 1;
    sum = 1 + y * (1 / 11.0) * sum;
    sum = 1 + y * (1 / 10.0) * sum;
    sum = 1 + y * (1 / 9.0) * sum;
    sum = 1 + y * (1 / 8.0) * sum;
    sum = 1 + y * (1 / 7.0) * sum;
    sum = 1 + y * (1 / 6.0) * sum;
    sum = 1 + y * (1 / 5.0) * sum;
    sum = 1 + y * (1 / 4.0) * sum;
    sum = 1 + y * (1 / 3.0) * sum;
    sum = 1 + y * (1 / 2.0) * sum;
    sum = 1 + y * sum;
    const double biased = whole + 1023 + shift;
    uint64_t bits;
    memcpy(&bits, &biased, sizeof bits);
    bits <<= 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

/* field[c] and state of each chain to its terms. */
CLONES static void terms(const double *restrict field, uint64_t plane, double beta, int count,
                         double *restrict score, double *restrict inform,
                         double *restrict curvature) {
    for (int c = 0; c < count; c++) {
        const double I = field[c], x = beta * I, e = decay(2 * (x < 0 ? -x : x));
        const double size = (1 - e) / (1 + e), tanh_x = x < 0 ? -size : size;
        const double steep = I * I * (1 - tanh_x * tanh_x);
        score[c] = I * (signed_size(plane >> c, 1) - tanh_x);
        inform[c] = steep;
        curvature[c] = 2 * I * tanh_x * steep;
    }
}

void pseudolikelihood_add(struct pseudolikelihood *p, int i, const uint64_t *plane, int first,
                          int count) {
    double field[64] = {0}, score[64], inform[64], curvature[64];
    fields(p, i, plane, count, field);
    terms(field, plane[i], p->beta, count, score, inform, curvature);
    for (int c = 0; c < count; c++) {
        p->score[first + c] += score[c];
        p->inform[first + c] += inform[c];
        p->curvature += curvature[c];
    }
    p->decisions += count;
}

/* Halley's step to the root of score - inform d + curvature d^2 / 2, at most four of Newton's. */
static double root(double score, double inform, double curvature) {
    const double divisor = inform - curvature * score / inform / 2;
    return score / (divisor > inform / 4 ? divisor : inform / 4);
}

struct beta_estimate pseudolikelihood_solve(const struct pseudolikelihood *p) {
    double score = 0, inform = 0, squares = 0;
    for (int c = 0; c < p->chains; c++) {
        score += p->score[c];
        inform += p->inform[c];
    }
    if (!(inform > 0))
        return (struct beta_estimate){NAN, NAN, 0};
    const double step = root(score, inform, p->curvature);
    const double slope = inform - p->curvature * step; /* of the score at the root */
    int used = 0;
    for (int c = 0; c < p->chains; c++) {
        const double rest = p->score[c] - score / inform * p->inform[c];
        squares += rest * rest;
        used += p->inform[c] > 0;
    }
    const double error =
        used > 1 ? sqrt(squares * used / (used - 1)) / (slope > inform / 4 ? slope : inform / 4)
                 : NAN;
    return (struct beta_estimate){p->beta + step, error, used - 1};
}
