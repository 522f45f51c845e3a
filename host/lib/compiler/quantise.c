/* From couplings and biases to the array's integers. A state bit b is (m + 1) / 2, so the field
 * sum_j J_j m_j + h is u (sum_j w_j b_j + q) with w = 2 J / u and q = (h - sum_j J_j) / u.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/quantise.h"

#include <math.h>
#include <stdlib.h>
#include "array/even_sums.h"
#include "compiler/precise.h"

/* Largest |field| of p-bit i in units of u with these couplings: over all states, or within six
 * sigma of independent spins. */
static double field_bound(const struct problem *problem, const int16_t *weight, int i, double u,
                          bool sigma) {
    const struct glb_adjacency *adj = &problem->adj;
    const struct glb_graph *g = problem->graph;
    double sum = 0, squares = 0, low = 0, high = 0;
    for (int k = adj->start[i]; k < adj->start[i + 1]; k++) {
        const double w = weight[adj->edge[k]];
        sum += w;
        squares += w * w / 4;
        low += w < 0 ? w : 0;
        high += w > 0 ? w : 0;
    }
    const double q = rint(g->h[i] / u - sum / 2);
    if (sigma)
        return fabs(q + sum / 2) + 6 * sqrt(squares);
    return fmax(fabs(q + low), fabs(q + high));
}

/* The largest unit of which all couplings are multiples, or 0. */
static double common_unit(const struct glb_graph *g) {
    double least = INFINITY;
    for (int e = 0; e < g->m; e++)
        if (g->J[e] != 0 && fabs(g->J[e]) < least)
            least = fabs(g->J[e]);
    for (int part = 1; part <= 8 && isfinite(least); part++) {
        const double q = least / part;
        bool all = true;
        for (int e = 0; e < g->m && all; e++)
            all = fabs(g->J[e] / q - rint(g->J[e] / q)) < 1e-9 * (1 + fabs(g->J[e] / q));
        if (all)
            return q;
    }
    return 0;
}

/* The couplings as glb_program_set_weights() rounds them with this u, but outside of the range too.
 * Out of memory: false, and problem->status. */
static bool round_couplings(struct problem *problem, double u) {
    const struct glb_graph *g = problem->graph;
    bool *updated = calloc((size_t)problem->n + 1, sizeof *updated);
    if (!updated) {
        problem->status = glb_fail(GLB_ERR_MEMORY, "no memory to round %d couplings", g->m);
        return false;
    }
    for (int i = 0; i < problem->n; i++)
        updated[i] = problem->seg_of[i] >= 0;
    const struct glb_rounding r = {
        problem->n, g->m, g->ei, g->ej, updated, u, glb_array_weight_limit(problem->array)};
    problem->status = glb_round_even(&r, g->J, g->h, problem->weight);
    free(updated);
    return problem->status == GLB_OK;
}

/* Does every field fit the accumulator with this u? sigma_all: within six sigma is enough for all
 * p-bits, not only for hubs. Into problem->worst_case: whether the worst cases fit too. *bad: a
 * p-bit whose worst case does not. */
static bool fits(struct problem *problem, double u, bool sigma_all, int *bad) {
    const double limit = glb_array_field_limit(problem->array);
    problem->worst_case = true;
    if (!round_couplings(problem, u))
        return true;
    for (int i = 0; i < problem->n; i++) {
        if (field_bound(problem, problem->weight, i, u, false) <= limit)
            continue;
        problem->worst_case = false;
        *bad = i;
        if ((problem->hub[i] < 0 && !sigma_all) || problem->options->worst_case_range ||
            field_bound(problem, problem->weight, i, u, true) > limit)
            return false;
    }
    return true;
}

static double largest_coupling(const struct glb_graph *g) {
    double largest = 0;
    for (int e = 0; e < g->m; e++)
        largest = fmax(largest, fabs(g->J[e]));
    return largest;
}

/* The options' u. */
static enum glb_status take_unit(struct problem *problem) {
    const struct glb_array *a = problem->array;
    const double u = problem->options->u, largest = largest_coupling(problem->graph);
    const int wmax = glb_array_weight_limit(a);
    int bad = 0;
    problem->u = u;
    if (rint(2 * largest / u) > wmax)
        return glb_fail(GLB_ERR_FIT,
                        "quantisation: u = %g, but the largest coupling %g needs u >= %g with "
                        "the %d-bit couplings of array %s; choose a larger u",
                        u, largest, 2 * largest / wmax, a->jw, a->name);
    const bool fit = fits(problem, u, true, &bad);
    if (!fit && !problem->status)
        return glb_fail(
            GLB_ERR_FIT,
            "quantisation: u = %g, but the field of p-bit %d can reach %g and the "
            "%d-bit accumulator of array %s holds %g; choose a larger u",
            u, bad,
            field_bound(problem, problem->weight, bad, u, !problem->options->worst_case_range) * u,
            a->acc, a->name, glb_array_field_limit(a) * u);
    return problem->status;
}

/* The smallest u for couplings and fields before rounding. */
static double least_unit(const struct problem *problem) {
    const struct glb_adjacency *adj = &problem->adj;
    const struct glb_graph *g = problem->graph;
    double u = 2 * largest_coupling(g) / glb_array_weight_limit(problem->array);
    for (int i = 0; i < problem->n; i++) {
        double sum = 0, squares = 0;
        for (int k = adj->start[i]; k < adj->start[i + 1]; k++) {
            sum += fabs(g->J[adj->edge[k]]);
            squares += g->J[adj->edge[k]] * g->J[adj->edge[k]];
        }
        if (problem->hub[i] >= 0 && !problem->options->worst_case_range)
            sum = fmin(sum, 6 * sqrt(squares));
        u = fmax(u, (fabs(g->h[i]) + sum) / glb_array_field_limit(problem->array));
    }
    return u > 0 ? u : 1.0 / 32;
}

enum glb_status choose_unit(struct problem *problem) {
    if (problem->options->u > 0)
        return take_unit(problem);
    int bad = 0;
    double u = least_unit(problem);
    const double unit = common_unit(problem->graph);
    const double steps = unit > 0 ? floor(unit / u * (1 + 1e-9)) : 0;
    for (double k = steps; k >= 1; k--) /* exact: every coupling is an even number of steps */
        if (fits(problem, unit / k, false, &bad)) {
            problem->u = unit / k;
            return problem->status;
        }
    while (!fits(problem, u, false, &bad)) /* rounding may add up */
        u *= 1.005;
    problem->u = u;
    return problem->status;
}

enum glb_status quantise_report(const struct problem *problem, const struct glb_program *p,
                                struct glb_compile_report *r) {
    const int limit = glb_array_field_limit(problem->array);
    const struct glb_precision *q = glb_program_precision(p, problem->graph);
    if (!q)
        return glb_error_status();
    r->u = q->u;
    r->j_rms_error = q->j_rms_error;
    r->j_max_error = q->j_max_error;
    r->h_max_error = q->h_max_error;
    r->couplings_nonzero = q->couplings_nonzero;
    r->couplings_zeroed = q->couplings_zeroed;
    r->field_error = q->field_error;
    r->beta = q->beta;
    r->couplings_cut = q->couplings_cut;
    r->entries_added = q->entries_added;
    r->helpers = q->helpers;
    r->field_limit = limit * q->u;
    enum glb_status s = check_precision(problem, q);
    if (s || p->beta > 0) {
        s = s ? s : precise_field(problem, p, &r->field_max);
        r->field_max *= r->u;
        return s;
    }
    for (int i = 0; i < problem->n; i++) {
        double f = field_bound(problem, p->weight, i, q->u, false);
        if (f > limit)
            f = field_bound(problem, p->weight, i, q->u, true);
        r->field_max = fmax(r->field_max, f * q->u);
    }
    return GLB_OK;
}
