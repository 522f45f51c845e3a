/* Exact enumeration of small graphs. SPDX-License-Identifier: Apache-2.0 */
#include "support/graph_exact.h"

#include <math.h>
#include <stdlib.h>

uint32_t glb_exact_index(const int8_t *spins, int n) {
    uint32_t index = 0;
    for (int i = 0; i < n; i++)
        index |= (uint32_t)(spins[i] > 0) << i;
    return index;
}

void glb_exact_spins(uint32_t index, int n, int8_t *spins) {
    for (int i = 0; i < n; i++)
        spins[i] = index >> i & 1 ? 1 : -1;
}

void glb_exact_free(struct glb_exact *x) {
    if (!x)
        return;
    free(x->p);
    free(x->energy);
    free(x->up);
    free(x);
}

/* The energy of a state follows from the one with its lowest +1 turned: E(s) = E(s') - 2 I_k(s'),
 * I_k the field of p-bit k. */
static void fill_energies(const struct glb_graph *g, struct glb_exact *x) {
    const int n = g->n;
    double J[GLB_EXACT_MAX_N][GLB_EXACT_MAX_N] = {{0}}, e = 0;
    for (int k = 0; k < g->m; k++) {
        J[g->ei[k]][g->ej[k]] = J[g->ej[k]][g->ei[k]] = g->J[k];
        e -= g->J[k];
    }
    for (int i = 0; i < n; i++)
        e += g->h[i];
    x->energy[0] = e;
    for (uint32_t s = 1; s < x->states; s++) {
        const uint32_t before = s & (s - 1);
        int k = 0;
        while (!(s >> k & 1))
            k++;
        double field = g->h[k];
        for (int i = 0; i < n; i++)
            field += before >> i & 1 ? J[k][i] : -J[k][i];
        x->energy[s] = x->energy[before] - 2 * field;
    }
}

static double sum(const double *values, uint32_t count) {
    double total = 0;
    for (uint32_t k = 0; k < count; k++)
        total += values[k];
    return total;
}

static void fill_probabilities(const struct glb_graph *g, const int8_t *clamp,
                               struct glb_exact *x) {
    uint32_t fixed = 0, value = 0;
    for (int i = 0; clamp && i < g->n; i++) {
        fixed |= (uint32_t)(clamp[i] != 0) << i;
        value |= (uint32_t)(clamp[i] > 0) << i;
    }
    x->min_energy = INFINITY;
    for (uint32_t s = 0; s < x->states; s++)
        if ((s & fixed) == value)
            x->min_energy = fmin(x->min_energy, x->energy[s]);
    for (uint32_t s = 0; s < x->states; s++)
        if ((s & fixed) == value)
            x->p[s] = exp(-x->beta * (x->energy[s] - x->min_energy));
    const double z = sum(x->p, x->states);
    x->log_z = log(z) - x->beta * x->min_energy;
    for (uint32_t s = 0; s < x->states; s++) {
        x->p[s] /= z;
        x->mean_energy += x->p[s] * x->energy[s];
        for (int i = 0; i < g->n; i++)
            if (s >> i & 1)
                x->up[i] += x->p[s];
    }
}

enum glb_status glb_graph_exact(const struct glb_graph *g, double beta, const int8_t *clamp,
                                struct glb_exact **out) {
    if (g->n < 1 || g->n > GLB_EXACT_MAX_N)
        return glb_fail(GLB_ERR_ARGUMENT, "exact enumeration takes 1 to %d p-bits, not %d",
                        GLB_EXACT_MAX_N, g->n);
    if (!(beta >= 0) || !isfinite(beta))
        return glb_fail(GLB_ERR_ARGUMENT, "beta must be finite and not negative");
    struct glb_exact *x = calloc(1, sizeof *x);
    if (x) {
        x->n = g->n;
        x->beta = beta;
        x->states = UINT32_C(1) << g->n;
        x->p = calloc(x->states, sizeof *x->p);
        x->energy = calloc(x->states, sizeof *x->energy);
        x->up = calloc((size_t)g->n, sizeof *x->up);
    }
    if (!x || !x->p || !x->energy || !x->up) {
        glb_exact_free(x);
        return glb_fail(GLB_ERR_MEMORY, "out of memory for an enumeration of %d p-bits", g->n);
    }
    fill_energies(g, x);
    fill_probabilities(g, clamp, x);
    *out = x;
    return GLB_OK;
}

void glb_exact_marginal(const struct glb_exact *x, const int *pbits, int count, double *out) {
    for (uint32_t k = 0; k < UINT32_C(1) << count; k++)
        out[k] = 0;
    for (uint32_t s = 0; s < x->states; s++) {
        uint32_t k = 0;
        for (int b = 0; b < count; b++)
            k |= (s >> pbits[b] & 1) << b;
        out[k] += x->p[s];
    }
}
