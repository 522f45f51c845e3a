/* The default range of beta for an anneal, from the local fields.
 *
 * Turning p-bit i costs 2|I_i|, I_i = h_i + sum_j J_ij m_j. Hot: the dearest turn of the graph, 2
 * max_i (|h_i| + sum_j |J_ij|), is still accepted every third time: beta = ln 2 / cost. Cold: of
 * every hundred p-bits one is excited. The cheapest turn of a p-bit is unknown without knowing the
 * good states; it is taken as the lower quartile of its non-zero |J_ij| and |h_i|, which is the
 * coupling itself in +-J models and ignores the odd tiny coupling of a continuous distribution.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include "graph/adjacency.h"

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Excited fraction at beta, over the p-bits that feel anything. */
static double excited(const double *gap, int n, double beta) {
    double sum = 0;
    int felt = 0;
    for (int i = 0; i < n; i++)
        if (gap[i] > 0) {
            sum += exp(-2 * beta * gap[i]);
            felt++;
        }
    return felt ? sum / felt : 0;
}

/* Lower quartile of each p-bit's |J_ij| and |h_i| that are not 0; 0 if there are none. */
static bool fill_gaps(const struct glb_graph *g, double *gap) {
    struct glb_adjacency a;
    double *values = malloc(((size_t)g->n + 2) * sizeof *values);
    if (!values || glb_adjacency_build(g, &a)) {
        free(values);
        return false;
    }
    for (int i = 0; i < g->n; i++) {
        int count = 0;
        if (g->h[i] != 0)
            values[count++] = fabs(g->h[i]);
        for (int k = a.start[i]; k < a.start[i + 1]; k++)
            if (g->J[a.edge[k]] != 0)
                values[count++] = fabs(g->J[a.edge[k]]);
        qsort(values, (size_t)count, sizeof *values, ascending);
        gap[i] = count ? values[(count - 1) / 4] : 0;
    }
    glb_adjacency_free(&a);
    free(values);
    return true;
}

void glb_beta_range(const struct glb_graph *g, double *beta_hot, double *beta_cold) {
    double *sum = calloc((size_t)g->n + 1, sizeof *sum),
           *gap = calloc((size_t)g->n + 1, sizeof *gap);
    double largest = 0, smallest = INFINITY;
    *beta_hot = *beta_cold = 1;
    for (int e = 0; e < g->m; e++)
        if (g->J[e] != 0)
            smallest = fmin(smallest, fabs(g->J[e]));
    for (int i = 0; sum && i < g->n; i++) {
        sum[i] += fabs(g->h[i]);
        if (g->h[i] != 0)
            smallest = fmin(smallest, fabs(g->h[i]));
    }
    for (int e = 0; sum && e < g->m; e++) {
        sum[g->ei[e]] += fabs(g->J[e]);
        sum[g->ej[e]] += fabs(g->J[e]);
    }
    for (int i = 0; sum && i < g->n; i++)
        largest = fmax(largest, sum[i]);
    if (largest > 0) {
        double low = 0, high = log(100) / (2 * smallest); /* enough in any case */
        if (gap && fill_gaps(g, gap))
            for (int k = 0; k < 60; k++) {
                const double middle = (low + high) / 2;
                *(excited(gap, g->n, middle) > 0.01 ? &low : &high) = middle;
            }
        *beta_hot = log(2) / (2 * largest);
        *beta_cold = fmax(high, 2 * *beta_hot);
    }
    free(sum);
    free(gap);
}
