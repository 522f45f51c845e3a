/* From couplings and biases to the array's integers. A state bit b is (m + 1) / 2, so the field
 * sum_j J_j m_j + h is u (sum_j w_j b_j + q) with w = 2 J / u and q = (h - sum_j J_j) / u.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <math.h>
#include <stdlib.h>

static double weight_limit(const struct glb_array *a) {
    return (1 << (a->jw - 1)) - 1;
}

static double field_limit(const struct glb_array *a) {
    return (1 << (a->acc - 2)) - 1;
}

/* Largest |field| of p-bit i in units of u: over all states, or within six sigma of independent
 * spins. */
static double field_bound(const struct plan *c, int i, double u, bool sigma) {
    double sum = 0, squares = 0, low = 0, high = 0;
    for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++) {
        const double w = rint(2 * c->g->J[c->adj_edge[k]] / u);
        sum += w;
        squares += w * w / 4;
        low += w < 0 ? w : 0;
        high += w > 0 ? w : 0;
    }
    const double q = rint(c->g->h[i] / u - sum / 2);
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

static bool fits(const struct plan *c, double u, bool sigma_all, bool *worst, int *bad) {
    const double limit = field_limit(c->a);
    *worst = true;
    for (int i = 0; i < c->n; i++) {
        if (field_bound(c, i, u, false) <= limit)
            continue;
        *worst = false;
        *bad = i;
        if ((c->hub[i] < 0 && !sigma_all) || c->o->worst_case_range ||
            field_bound(c, i, u, true) > limit)
            return false;
    }
    return true;
}

enum glb_status choose_unit(struct plan *c, struct glb_compile_report *r) {
    const struct glb_graph *g = c->g;
    const double wmax = weight_limit(c->a), fmax_ = field_limit(c->a);
    double largest = 0;
    int bad = 0;
    for (int e = 0; e < g->m; e++)
        largest = fmax(largest, fabs(g->J[e]));
    if (c->o->u > 0) {
        c->u = c->o->u;
        if (rint(2 * largest / c->u) > wmax)
            return glb_fail(GLB_ERR_FIT,
                            "quantisation: u = %g, but the largest coupling %g needs u >= %g with "
                            "the %d-bit couplings "
                            "of array %s; choose a larger u",
                            c->u, largest, 2 * largest / wmax, c->a->jw, c->a->name);
        if (!fits(c, c->u, true, &r->range_is_worst_case, &bad))
            return glb_fail(GLB_ERR_FIT,
                            "quantisation: u = %g, but the field of p-bit %d can reach %g and the "
                            "%d-bit accumulator "
                            "of array %s holds %g; choose a larger u",
                            c->u, bad, field_bound(c, bad, c->u, !c->o->worst_case_range) * c->u,
                            c->a->acc, c->a->name, fmax_ * c->u);
        return GLB_OK;
    }
    double u = 2 * largest / wmax;
    for (int i = 0; i < c->n; i++) {
        double sum = 0, squares = 0;
        for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++) {
            sum += fabs(g->J[c->adj_edge[k]]);
            squares += g->J[c->adj_edge[k]] * g->J[c->adj_edge[k]];
        }
        if (c->hub[i] >= 0 && !c->o->worst_case_range)
            sum = fmin(sum, 6 * sqrt(squares));
        u = fmax(u, (fabs(g->h[i]) + sum) / fmax_);
    }
    if (u == 0)
        u = 1.0 / 32;
    const double unit = common_unit(g);
    const double steps = unit > 0 ? floor(unit / u * (1 + 1e-9)) : 0;
    if (steps >= 1) { /* exact: every coupling is an even number of steps */
        for (double k = steps; k >= 1; k--)
            if (fits(c, unit / k, false, &r->range_is_worst_case, &bad)) {
                c->u = unit / k;
                return GLB_OK;
            }
    }
    while (!fits(c, u, false, &r->range_is_worst_case, &bad)) /* rounding may add up */
        u *= 1.005;
    c->u = u;
    return GLB_OK;
}

void quantise_report(const struct plan *c, const struct glb_program *p,
                     struct glb_compile_report *r) {
    const struct glb_graph *g = c->g;
    double squares = 0;
    r->u = c->u;
    for (int e = 0; e < g->m; e++) {
        const double d = g->J[e] - p->weight[e] * c->u / 2;
        squares += d * d;
        r->j_max_error = fmax(r->j_max_error, fabs(d));
    }
    r->j_rms_error = g->m ? sqrt(squares / g->m) : 0;
    for (int i = 0; i < g->n; i++) {
        double sum = 0;
        for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++)
            sum += p->weight[c->adj_edge[k]];
        if (c->seg_of[i] >= 0)
            r->h_max_error = fmax(r->h_max_error, fabs(g->h[i] - (p->qbias[i] + sum / 2) * c->u));
        double f = field_bound(c, i, c->u, false);
        if (f > field_limit(c->a))
            f = field_bound(c, i, c->u, true);
        r->field_max = fmax(r->field_max, f * c->u);
    }
    r->field_limit = field_limit(c->a) * c->u;
}

/* Rounds and limits x to [-limit, limit]; counts what it had to limit. */
static int32_t limited(double x, double limit, int *count) {
    const double y = rint(x);
    if (y >= -limit && y <= limit)
        return (int32_t)y;
    ++*count;
    return (int32_t)(y > 0 ? limit : -limit); /* NaN too */
}

static void put_bias(struct glb_program *p, int tile, int32_t entry, int32_t bias) {
    const struct glb_array *a = &p->array;
    uint64_t *w = &p->coupling[(size_t)tile * (size_t)p->c_used + (size_t)entry];
    const uint64_t mask = (1u << (a->acc - 1)) - 1;
    *w = (*w & ~(mask << a->ow)) | ((uint64_t)bias & mask) << a->ow;
}

enum glb_status glb_program_set_weights(struct glb_program *p, const double *J, const double *h,
                                        int *saturated) {
    const struct glb_array *a = &p->array;
    const double wmax = weight_limit(a);
    const int32_t span = 1 << (a->acc - 2); /* one CTRL's bias is -span .. span - 1 */
    const uint64_t field = (1u << a->jw) - 1;
    int count = 0;
    p->version++;
    for (int e = 0; e < p->m; e++)
        p->weight[e] = (int16_t)limited(2 * J[e] / p->u, wmax, &count);
    for (int i = 0; i < p->n; i++)
        p->qbias[i] = 0;
    for (int k = 0; k < p->nreads; k++) {
        const struct glb_read_ref *r = &p->reads[k];
        uint64_t *w = &p->coupling[(size_t)r->tile * (size_t)p->c_used + (size_t)r->entry];
        const int shift = a->ow + r->lane * a->jw;
        *w = (*w & ~(field << shift)) | ((uint64_t)p->weight[r->edge] & field) << shift;
        p->qbias[r->to] += p->weight[r->edge];
    }
    for (int i = 0; i < p->n; i++)
        p->qbias[i] = limited(h[i] / p->u - p->qbias[i] / p->copies / 2.0, 1 << 24, &count);
    for (int k = 0; k < p->nbias; k++) {
        const struct glb_bias_ref *b = &p->bias[k];
        if (b->entry2 < 0) {
            p->qbias[b->to] = p->qbias[b->to] < -span || p->qbias[b->to] >= span
                                  ? limited(p->qbias[b->to], span - 1, &count)
                                  : p->qbias[b->to];
            put_bias(p, b->tile, b->entry, p->qbias[b->to] + b->constant);
            continue;
        }
        /* modulo 2^ACC, in two halves; the one value that two halves cannot hold is a unit off */
        int32_t v = (p->qbias[b->to] + b->constant) & (4 * span - 1);
        v -= v >= 2 * span ? 4 * span : 0;
        v -= v == 2 * span - 1;
        const int32_t half = v >> 1;
        put_bias(p, b->tile, b->entry, v - half);
        put_bias(p, b->tile2, b->entry2, half);
    }
    if (saturated)
        *saturated = count;
    return GLB_OK;
}
