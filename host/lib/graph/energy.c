/* Terms -J m_i m_j and -h m_i, grouped by magnitude: a group of many terms is counted bit-sliced
 * (64 chains in a few operations a term, exact), the others are added one by one.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/energy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MIN_GROUP = 48, PLANES = 31 };

struct term {
    int32_t i, j; /* j = n: a bias; spins[n] reads as +1 */
    int negative;
    double size; /* > 0 */
};

struct glb_energy {
    int n, nterms;
    struct term *term;
    double scale, offset;
};

static int by_size(const void *a, const void *b) {
    const struct term *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    if (x->i != y->i)
        return x->i < y->i ? -1 : 1;
    return (x->j > y->j) - (x->j < y->j);
}

static void add_term(struct glb_energy *e, int i, int j, double size) {
    if (size != 0)
        e->term[e->nterms++] =
            (struct term){.i = i, .j = j, .negative = size < 0, .size = fabs(size)};
}

struct glb_energy *glb_energy_new(const struct glb_graph *g) {
    struct glb_energy *e = calloc(1, sizeof *e);
    if (!e || !(e->term = malloc(((size_t)g->m + g->n + 1) * sizeof *e->term))) {
        free(e);
        return NULL;
    }
    e->n = g->n;
    e->scale = g->scale;
    e->offset = g->offset;
    for (int k = 0; k < g->m; k++)
        add_term(e, g->ei[k], g->ej[k], g->J[k]);
    for (int i = 0; i < g->n; i++)
        add_term(e, i, g->n, g->h[i]);
    qsort(e->term, (size_t)e->nterms, sizeof *e->term, by_size);
    return e;
}

void glb_energy_free(struct glb_energy *e) {
    if (!e)
        return;
    free(e->term);
    free(e);
}

/* Chains (bits) in which the term lowers the energy: -size instead of +size. */
static inline uint64_t satisfied(const struct glb_energy *e, const struct term *t,
                                 const uint64_t *spins) {
    const uint64_t other = t->j == e->n ? ~UINT64_C(0) : spins[t->j];
    const uint64_t aligned = ~(spins[t->i] ^ other);
    return t->negative ? ~aligned : aligned;
}

static void count_group(const struct glb_energy *e, int first, int end, const uint64_t *spins,
                        double sum[64]) {
    uint64_t plane[PLANES] = {0};
    int used = 1, k = first;
    for (; k + 3 <= end; k += 3) { /* three bits make a two-bit number: fewer carries */
        const uint64_t a = satisfied(e, &e->term[k], spins),
                       b = satisfied(e, &e->term[k + 1], spins),
                       c = satisfied(e, &e->term[k + 2], spins);
        const uint64_t ab = a ^ b, ones = ab ^ c;
        uint64_t carry = plane[0] & ones, twos = (a & b) | (ab & c);
        plane[0] ^= ones;
        for (int p = 1; carry | twos; p++) {
            const uint64_t x = plane[p] ^ twos;
            const uint64_t next = (plane[p] & twos) | (x & carry);
            plane[p] = x ^ carry;
            carry = next;
            twos = 0;
            if (p >= used)
                used = p + 1;
        }
    }
    for (; k < end; k++) {
        uint64_t carry = satisfied(e, &e->term[k], spins);
        for (int p = 0; carry; p++) {
            const uint64_t next = plane[p] & carry;
            plane[p] ^= carry;
            carry = next;
            if (p >= used)
                used = p + 1;
        }
    }
    const double size = e->term[first].size;
    for (int c = 0; c < 64; c++) {
        int64_t n = 0;
        for (int p = 0; p < used; p++)
            n += (int64_t)(plane[p] >> c & 1) << p;
        sum[c] -= size * (double)(2 * n - (end - first));
    }
}

/* The choice among clones is made before ThreadSanitizer is set up, and would be instrumented. */
#if defined(__SANITIZE_THREAD__) || defined(__EMSCRIPTEN__)
#define CLONES
#else
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif

CLONES static void add_signed(double *restrict sum, uint64_t satisfied, double size) {
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    for (int c = 0; c < 64; c++) {
        const uint64_t v = bits | (satisfied >> c & 1) << 63;
        double d;
        memcpy(&d, &v, sizeof d);
        sum[c] += d;
    }
}

void glb_energy_64(const struct glb_energy *e, const uint64_t *spins, double energy[64]) {
    double sum[64] = {0};
    for (int first = 0, end; first < e->nterms; first = end) {
        for (end = first + 1; end < e->nterms && e->term[end].size == e->term[first].size;)
            end++;
        if (end - first >= MIN_GROUP)
            count_group(e, first, end, spins, sum);
        else
            for (int k = first; k < end; k++)
                add_signed(sum, satisfied(e, &e->term[k], spins), e->term[k].size);
    }
    for (int c = 0; c < 64; c++)
        energy[c] = e->scale * sum[c] + e->offset;
}
