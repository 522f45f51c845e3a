/* Small models by enumeration: exact probabilities, relaxation of Gibbs sweeps, chi-square of
 * counts. SPDX-License-Identifier: Apache-2.0 */
#ifndef EXACTNESS_MODEL_H
#define EXACTNESS_MODEL_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "support/chi_square.h"

enum { MODEL_MAX_N = 16 };

/* A model over codes: bit i of a code is p-bit i, 1 for +1. */
struct model {
    int n;
    unsigned clamped; /* mask of p-bits that a sweep leaves alone */
    double *p;        /* [2^n] probability of a code, given its clamped bits */
};

/* Turns log weights in p into probabilities, for each setting of the clamped bits on its own. */
static void model_normalise(struct model *m) {
    unsigned codes = 1u << m->n;
    double *sum = calloc(codes, sizeof *sum), *max = malloc(codes * sizeof *max);
    for (unsigned s = 0; s < codes; s++)
        max[s] = -INFINITY;
    for (unsigned s = 0; s < codes; s++)
        max[s & m->clamped] = fmax(max[s & m->clamped], m->p[s]);
    for (unsigned s = 0; s < codes; s++)
        sum[s & m->clamped] += m->p[s] = exp(m->p[s] - max[s & m->clamped]);
    for (unsigned s = 0; s < codes; s++)
        m->p[s] /= sum[s & m->clamped];
    free(sum);
    free(max);
}

/* Factor by which one sweep (p-bits in ascending order) shrinks the slowest deviation from
 * equilibrium: power iteration of the exact transition operator on functions of the state. */
static double model_relaxation(const struct model *m) {
    unsigned codes = 1u << m->n;
    double *f = malloc(codes * sizeof *f), *mean = malloc(codes * sizeof *mean);
    double rate = 0;
    uint64_t x = 88172645463325252u;
    for (unsigned s = 0; s < codes; s++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        f[s] = (double)(x >> 11) * 0x1p-53;
    }
    for (int k = 0; k < 48; k++) {
        for (int i = m->n - 1; i >= 0;
             i--) { /* the operator on functions applies the last update first */
            unsigned bit = 1u << i;
            for (unsigned s = 0; s < codes && !(m->clamped & bit); s++)
                if (!(s & bit)) {
                    double w0 = m->p[s], w1 = m->p[s | bit], w = w0 + w1;
                    f[s] = f[s | bit] = w > 0 ? (w0 * f[s] + w1 * f[s | bit]) / w : 0;
                }
        }
        for (unsigned s = 0; s < codes; s++)
            mean[s] = 0;
        for (unsigned s = 0; s < codes; s++)
            mean[s & m->clamped] += m->p[s] * f[s];
        double now = 0;
        for (unsigned s = 0; s < codes; s++) {
            f[s] -= mean[s & m->clamped];
            now += m->p[s] * f[s] * f[s];
        }
        if (now < 1e-200) { /* nothing left: every sample is independent */
            rate = 0;
            break;
        }
        rate = pow(now, 0.5 / (k - 31)); /* the norm was 1 after sweep 31 */
        for (unsigned s = 0; s < codes && k < 32; s++)
            f[s] /= sqrt(now);
    }
    free(f);
    free(mean);
    return rate;
}

struct chi_square {
    double x;
    int df;
    double p; /* chance of x or more */
};

struct ranked {
    double p;
    unsigned code;
};

static int by_probability(const void *a, const void *b) {
    double x = ((const struct ranked *)a)->p, y = ((const struct ranked *)b)->p;
    return (x > y) - (x < y);
}

/* Pearson's statistic of counts[2^n]. Each setting of the clamped bits is a multinomial of its own;
 * codes are joined, rarest first, until 10 are expected. */
static struct chi_square model_compare(const struct model *m, const uint32_t *counts) {
    unsigned codes = 1u << m->n;
    struct ranked *rank = malloc(codes * sizeof *rank);
    struct chi_square r = {0, 0, 1};
    for (unsigned stratum = 0; stratum < codes; stratum++) {
        double total = 0, expected = 0, seen = 0;
        int members = 0, cells = 0;
        if (stratum & ~m->clamped)
            continue;
        for (unsigned s = 0; s < codes; s++)
            if ((s & m->clamped) == stratum) {
                rank[members++] = (struct ranked){m->p[s], s};
                total += counts[s];
            }
        if (total == 0)
            continue;
        qsort(rank, (size_t)members, sizeof *rank, by_probability);
        for (int k = 0; k < members; k++) {
            expected += total * rank[k].p;
            seen += counts[rank[k].code];
            if (expected >= 10) { /* the likeliest code always closes its own cell */
                r.x += (seen - expected) * (seen - expected) / expected;
                cells++;
                expected = seen = 0;
            }
        }
        r.df += cells - 1;
    }
    free(rank);
    r.p = r.df > 0 ? glb_chi2_p(r.x, r.df) : 1;
    return r;
}

#endif
