/* The default range of beta for an anneal, from the local fields.
 *
 * Flipping p-bit i costs 2|I_i|, I_i = h_i + sum_j J_ij m_j. Hot: in random states a field has the
 * mean square h_i^2 + sum_j J_ij^2; against the largest root of that a p-bit still turns one time
 * in ten: beta = ln 3 / root. Hotter, a long part of a geometric ramp passes in disorder. Cold: one
 * p-bit in 200 is excited. The cheapest flip of a p-bit depends on good states, which are
 * unknown; it is taken as the lower quartile of its |J_ij| and |h_i|, which is the coupling itself
 * in +-J models and ignores the odd tiny coupling of a continuous distribution. Values below 1e-12
 * of the largest field count as 0: an array rounds them to that. SPDX-License-Identifier:
 * Apache-2.0 */
#include <float.h>
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

/* Lower quartile of each p-bit's |J_ij| and |h_i| above `least`; 0 if there are none. */
static enum glb_status fill_gaps(const struct glb_graph *g, double least, double *gap) {
    struct glb_adjacency a;
    double *values = malloc(((size_t)g->n + 2) * sizeof *values);
    enum glb_status s = values ? glb_adjacency_build(g, &a)
                               : glb_fail(GLB_ERR_MEMORY, "out of memory for %d p-bits", g->n);
    if (s) {
        free(values);
        return s;
    }
    for (int i = 0; i < g->n; i++) {
        int count = 0;
        if (fabs(g->h[i]) > least)
            values[count++] = fabs(g->h[i]);
        for (int k = a.start[i]; k < a.start[i + 1]; k++)
            if (fabs(g->J[a.edge[k]]) > least)
                values[count++] = fabs(g->J[a.edge[k]]);
        qsort(values, (size_t)count, sizeof *values, ascending);
        gap[i] = count ? values[(count - 1) / 4] : 0;
    }
    glb_adjacency_free(&a);
    free(values);
    return GLB_OK;
}

/* max_i sqrt(h_i^2 + sum_j J_ij^2), without overflow; sum has room for n. */
static double largest_field(const struct glb_graph *g, double *sum) {
    double largest = 0;
    for (int i = 0; i < g->n; i++)
        sum[i] = fabs(g->h[i]);
    for (int e = 0; e < g->m; e++) {
        sum[g->ei[e]] = hypot(sum[g->ei[e]], g->J[e]);
        sum[g->ej[e]] = hypot(sum[g->ej[e]], g->J[e]);
    }
    for (int i = 0; i < g->n; i++)
        largest = fmax(largest, sum[i]);
    return largest;
}

/* The smallest |J_ij| or |h_i| above `least`. */
static double smallest_value(const struct glb_graph *g, double least) {
    double smallest = INFINITY;
    for (int e = 0; e < g->m; e++)
        if (fabs(g->J[e]) > least)
            smallest = fmin(smallest, fabs(g->J[e]));
    for (int i = 0; i < g->n; i++)
        if (fabs(g->h[i]) > least)
            smallest = fmin(smallest, fabs(g->h[i]));
    return smallest;
}

enum glb_status glb_beta_range(const struct glb_graph *g, double *hot, double *cold) {
    double *work = calloc((size_t)g->n + 1, sizeof *work);
    *hot = *cold = 1;
    if (!work)
        return glb_fail(GLB_ERR_MEMORY, "out of memory for %d p-bits", g->n);
    const double largest = largest_field(g, work), least = 1e-12 * largest;
    enum glb_status s = GLB_OK;
    if (largest > 0 && !(s = fill_gaps(g, least, work))) {
        double low = 0, high = log(200) / (2 * smallest_value(g, least)); /* enough in any case */
        high = fmin(high, DBL_MAX / 2);
        for (int k = 0; k < 60; k++) {
            const double middle = (low + high) / 2;
            *(excited(work, g->n, middle) > 0.005 ? &low : &high) = middle;
        }
        *hot = fmin(log(3) / largest, DBL_MAX);
        *cold = fmin(fmax(high, 2 * *hot), DBL_MAX);
    }
    free(work);
    return s;
}
