/* Energies in whole numbers. SPDX-License-Identifier: Apache-2.0
 *
 * With the array's integers w and q a p-bit's field is u (sum_j w_ij b_j + q_i), b = (m + 1) / 2.
 * So the energy is u / 2 x (-sum w_ij m_i m_j - sum_i (2 q_i + sum_j w_ij) m_i); what is common to
 * all of its numbers is taken out. Terms are counted where they raise the energy, by binary digits
 * of their sizes. */
#include "sampler/tempering/whole.h"

#include <math.h>
#include <stdlib.h>

enum { DIGITS = 31 };

struct term { /* p-bits; j = -1: a bias */
    int32_t i, j;
    uint64_t flip; /* all ones: it raises the energy where the two are equal (the p-bit is +1) */
};

struct whole {
    int64_t factor;
    double unit, rounded, error;
    struct term *term; /* by digits, each digit's a multiple of 8 */
    size_t first[DIGITS + 1];
    int64_t terms[DIGITS]; /* without those that fill up */
    int64_t offset;        /* the energy if no term raises it */
};

void whole_free(struct whole *w) {
    if (w)
        free(w->term);
    free(w);
}

int64_t whole_factor(const struct whole *w) {
    return w->factor;
}
double whole_unit(const struct whole *w) {
    return w->unit;
}
double whole_rounded(const struct whole *w) {
    return w->rounded;
}
double whole_error(const struct whole *w) {
    return w->error;
}

/* ---- making ---- */

static int64_t common(int64_t a, int64_t b) {
    while (b) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* value[m + n]: couplings, biases. */
static void find_values(const struct glb_program *p, const struct glb_graph *g, int64_t *value) {
    for (int i = 0; i < g->n; i++)
        value[g->m + i] = 2 * (int64_t)p->qbias[i];
    for (int k = 0; k < g->m; k++) {
        value[k] = p->weight[k];
        value[g->m + g->ei[k]] += p->weight[k];
        value[g->m + g->ej[k]] += p->weight[k];
    }
}

static double given(const struct glb_graph *g, int k) {
    return k < g->m ? g->J[k] : g->h[k - g->m];
}

/* Factor and units. */
static void find_units(struct whole *w, const struct glb_program *p, const struct glb_graph *g,
                       int64_t *value) {
    const int count = g->m + g->n;
    double squares = 0;
    w->factor = 0;
    for (int k = 0; k < count; k++)
        w->factor = common(w->factor, value[k]);
    w->factor = w->factor ? w->factor : 1;
    w->rounded = p->u / 2 * (double)w->factor;
    for (int k = 0; k < count; k++) {
        value[k] /= w->factor;
        if (value[k] != 0 && w->unit == 0)
            w->unit = given(g, k) / (double)value[k];
        squares += pow(given(g, k) - w->rounded * (double)value[k], 2);
    }
    int exponent;
    bool exact = frexp(w->unit, &exponent) == 0.5; /* so that no sum is rounded */
    for (int k = 0; k < count; k++)
        exact &= given(g, k) == w->unit * (double)value[k];
    w->unit = exact ? w->unit : 0;
    w->error = sqrt(squares);
}

static enum glb_status make_terms(struct whole *w, const struct glb_graph *g,
                                  const int64_t *value) {
    const int count = g->m + g->n;
    size_t room = 0;
    for (int k = 0; k < count; k++)
        room += (size_t)__builtin_popcountll((unsigned long long)llabs(value[k]));
    w->term = calloc(room + 8 * (DIGITS + 1), sizeof *w->term);
    if (!w->term)
        return glb_fail(GLB_ERR_MEMORY, "no memory for energies of %d p-bits", g->n);
    struct term *to = w->term;
    for (int d = 0; d < DIGITS; d++) {
        w->first[d] = (size_t)(to - w->term);
        for (int k = 0; k < count; k++) {
            if (!(llabs(value[k]) >> d & 1))
                continue;
            const bool bias = k >= g->m;
            *to++ = (struct term){bias ? k - g->m : g->ei[k], bias ? -1 : g->ej[k],
                                  (value[k] < 0) != bias ? UINT64_MAX : 0};
            w->terms[d]++;
        }
        w->offset -= w->terms[d] << d;
        while ((to - w->term) % 8)
            *to++ = (struct term){0, 0, 0}; /* a p-bit is equal to itself */
    }
    w->first[DIGITS] = (size_t)(to - w->term);
    return GLB_OK;
}

enum glb_status whole_new(const struct glb_program *p, const struct glb_graph *g,
                          struct whole **out) {
    struct whole *w = calloc(1, sizeof *w);
    int64_t *value = calloc((size_t)g->m + (size_t)g->n + 1, sizeof *value);
    enum glb_status s =
        w && value ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for energies of %d p-bits", g->n);
    if (!s) {
        find_values(p, g, value);
        find_units(w, p, g, value);
        s = make_terms(w, g, value);
    }
    free(value);
    if (s)
        whole_free(w);
    *out = s ? NULL : w;
    return s;
}

/* ---- energies ---- */

CHUNK_INLINE void find_raised(const struct term *t, const uint64_t *words, const int32_t *row,
                              size_t stride, chunk *out) {
    *out = *(const chunk *)(words + (size_t)row[t->i] * stride) ^ t->flip;
    if (t->j >= 0)
        *out ^= *(const chunk *)(words + (size_t)row[t->j] * stride);
}

CHUNK_CLONES static void add_terms(const struct whole *w, const uint64_t *words, const int32_t *row,
                                   size_t stride, int64_t e[CHUNK_CHAINS]) {
    for (int c = 0; c < CHUNK_CHAINS; c++)
        e[c] = w->offset;
    for (int d = 0; d < DIGITS; d++) {
        struct tally sum;
        if (!w->terms[d])
            continue;
        tally_clear(&sum, w->terms[d]);
        for (size_t k = w->first[d]; k < w->first[d + 1]; k += 8) {
            chunk x[8];
            for (int i = 0; i < 8; i++)
                find_raised(&w->term[k + (size_t)i], words, row, stride, &x[i]);
            tally_add8(&sum, x);
        }
        tally_read(&sum, INT64_C(2) << d, e);
    }
}

void whole_energies(const struct whole *w, const uint64_t *words, const int32_t *row, size_t stride,
                    int64_t e[CHUNK_CHAINS]) {
    add_terms(w, words, row, stride, e);
}
