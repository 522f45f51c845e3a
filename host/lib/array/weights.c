/* Couplings and biases of a program: rounded and put into its coupling memory. A state bit b is
 * (m + 1) / 2, so the field sum_j J_j m_j + h is u (sum_j w_j b_j + q) with w = 2 J / u and
 * q = (h - sum_j J_j) / u. SPDX-License-Identifier: Apache-2.0 */
#include "array/even_sums.h"
#include "array/precise.h"
#include "array/program.h"

#include <math.h>
#include <stdlib.h>

/* Rounds and limits x to [-limit, limit]; counts what it had to limit. */
static int32_t limited(double x, double limit, int *count) {
    const double y = rint(x);
    if (y >= -limit && y <= limit)
        return (int32_t)y;
    ++*count;
    return (int32_t)(y > 0 ? limit : -limit); /* NaN too */
}

/* p->weight and the biases h into the images. */
static void put_weights(struct glb_program *p, const double *h, int *count) {
    const struct glb_array *a = &p->array;
    const uint64_t field = (1u << a->jw) - 1;
    p->version++;
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
        p->qbias[i] = limited(h[i] / p->u - p->qbias[i] / p->copies / 2.0, 1 << 24, count);
    glb_program_put_biases(p, count);
}

enum glb_status glb_program_set_nearest(struct glb_program *p, const double *J, const double *h,
                                        int *saturated) {
    const double wmax = glb_array_weight_limit(&p->array);
    int count = 0;
    for (int e = 0; e < p->m; e++)
        p->weight[e] = (int16_t)limited(2 * J[e] / p->u, wmax, &count);
    put_weights(p, h, &count);
    if (saturated)
        *saturated = count;
    return GLB_OK;
}

/* The ends of every coupling that is read, and which p-bits are updated. */
static void find_ends(const struct glb_program *p, int32_t *a, int32_t *b, bool *updated) {
    for (int e = 0; e < p->m; e++)
        a[e] = b[e] = p->n;
    for (int k = 0; k < p->nreads; k++) {
        const struct glb_read_ref *r = &p->reads[k];
        if (a[r->edge] == p->n || a[r->edge] == r->to)
            a[r->edge] = r->to;
        else
            b[r->edge] = r->to;
    }
    for (int k = 0; k < p->nbias; k++)
        updated[p->bias[k].to] = true;
}

enum glb_status glb_program_set_weights(struct glb_program *p, const double *J, const double *h,
                                        int *saturated) {
    if (p->beta > 0)
        return glb_precise_set_weights(p, J, h, saturated);
    const size_t m = (size_t)p->m + 1;
    int32_t *a = malloc(m * sizeof *a), *b = malloc(m * sizeof *b);
    bool *updated = calloc((size_t)p->n + 1, sizeof *updated);
    int count = 0;
    enum glb_status s = GLB_OK;
    if (!a || !b || !updated) {
        s = glb_fail(GLB_ERR_MEMORY, "no memory to round %d couplings", p->m);
    } else {
        find_ends(p, a, b, updated);
        const struct glb_rounding r = {
            p->n, p->m, a, b, updated, p->u, glb_array_weight_limit(&p->array)};
        s = glb_round_even(&r, J, h, p->weight);
    }
    free(a);
    free(b);
    free(updated);
    if (s)
        return s;
    for (int e = 0; e < p->m; e++)
        limited(2 * J[e] / p->u, glb_array_weight_limit(&p->array), &count);
    put_weights(p, h, &count);
    if (saturated)
        *saturated = count;
    return GLB_OK;
}
