/* Total variation of counted states to all 2^n of them, which a Gray code walks.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sampler/certificate/enumeration.h"

#include <math.h>
#include <stdlib.h>

static const double pi = 3.14159265358979323846;

enum glb_status enumeration_open(struct enumeration *e, const int32_t *pbit, int free) {
    *e = (struct enumeration){.free = free, .pbit = pbit};
    e->count = calloc((size_t)1 << free, sizeof *e->count);
    return e->count ? GLB_OK
                    : glb_fail(GLB_ERR_MEMORY, "no memory for the counts of 2^%d states", free);
}

void enumeration_close(struct enumeration *e) {
    free(e->count);
    e->count = NULL;
}

void enumeration_add(struct enumeration *e, const uint64_t *plane, int count) {
    uint32_t state[64] = {0};
    for (int k = 0; k < e->free; k++) {
        const uint64_t bits = plane[e->pbit[k]];
        for (int c = 0; c < count; c++)
            state[c] |= (uint32_t)(bits >> c & 1) << k;
    }
    for (int c = 0; c < count; c++)
        e->count[state[c]]++;
    e->samples += count;
}

/* The graph of the free p-bits. */
struct part {
    double J[ENUMERATION_MOST][ENUMERATION_MOST];
    double field[ENUMERATION_MOST]; /* of the present state */
    double energy;
};

static enum glb_status cut_out(const struct enumeration *e, const struct glb_graph *g,
                               const int8_t *fixed, struct part *t) {
    int32_t *at = malloc(((size_t)g->n + 1) * sizeof *at);
    if (!at)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d p-bits", g->n);
    for (int i = 0; i < g->n; i++)
        at[i] = -1;
    for (int k = 0; k < e->free; k++)
        at[e->pbit[k]] = k;
    for (int i = 0; i < g->n; i++)
        if (at[i] >= 0)
            t->field[at[i]] += g->h[i];
        else
            t->energy -= g->h[i] * fixed[i];
    for (int m = 0; m < g->m; m++) {
        const int a = at[g->ei[m]], b = at[g->ej[m]];
        if (a >= 0 && b >= 0)
            t->J[a][b] = t->J[b][a] = g->J[m];
        else if (a >= 0)
            t->field[a] += g->J[m] * fixed[g->ej[m]];
        else if (b >= 0)
            t->field[b] += g->J[m] * fixed[g->ei[m]];
        else
            t->energy -= g->J[m] * fixed[g->ei[m]] * fixed[g->ej[m]];
    }
    free(at);
    for (int k = 0; k < e->free; k++) /* all down */
        t->energy += t->field[k];
    for (int a = 0; a < e->free; a++)
        for (int b = 0; b < a; b++) {
            t->energy -= t->J[a][b];
            t->field[a] -= t->J[a][b];
            t->field[b] -= t->J[a][b];
        }
    return GLB_OK;
}

/* energy[2^free]; the least one is returned. */
static double walk(struct part *t, int count, double *energy) {
    const uint32_t states = 1u << count;
    double least = t->energy;
    uint32_t state = 0;
    energy[0] = t->energy;
    for (uint32_t k = 1; k < states; k++) {
        const int i = __builtin_ctz(k); /* changes from `before` to -before */
        const double before = state >> i & 1 ? 1 : -1;
        state ^= 1u << i;
        t->energy += 2 * before * t->field[i];
        for (int j = 0; j < count; j++)
            t->field[j] -= 2 * before * t->J[i][j];
        energy[state] = t->energy;
        least = t->energy < least ? t->energy : least;
    }
    return least;
}

/* Mean of |k / N - p| for k of a binomial distribution: exact below one expected count (de Moivre),
 * that of a normal variable above. */
static double deviation_of_share(double p, double N) {
    return N * p < 1 ? 2 * p * exp(-N * p) : sqrt(2 * p * (1 - p) / (pi * N));
}

enum glb_status enumeration_compare(const struct enumeration *e, const struct glb_graph *g,
                                    const int8_t *fixed, double beta, double independent,
                                    struct exact_figures *out) {
    const uint32_t states = 1u << e->free;
    double *energy = malloc(states * sizeof *energy), total = 0, mean = 0, square = 0;
    struct part t = {0};
    *out = (struct exact_figures){0};
    if (!energy)
        return glb_fail(GLB_ERR_MEMORY, "no memory for 2^%d energies", e->free);
    const enum glb_status s = cut_out(e, g, fixed, &t);
    if (s) {
        free(energy);
        return s;
    }
    const double least = walk(&t, e->free, energy);
    for (uint32_t k = 0; k < states; k++) {
        const double d = energy[k] - least, p = exp(-beta * d);
        total += p;
        mean += p * d;
        square += p * d * d;
        energy[k] = p;
    }
    mean /= total;
    out->mean = least + mean;
    out->deviation = sqrt(fmax(square / total - mean * mean, 0));
    for (uint32_t k = 0; k < states; k++) {
        const double p = energy[k] / total;
        out->distance += fabs((double)e->count[k] / (double)e->samples - p) / 2;
        out->noise += deviation_of_share(p, independent) / 2;
    }
    free(energy);
    return GLB_OK;
}
