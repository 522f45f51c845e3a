/* Programs: freeing, biases, clamps, K of a beta. SPDX-License-Identifier: Apache-2.0 */
#include "array/program.h"

#include <math.h>
#include <stdlib.h>

void glb_program_free(struct glb_program *p) {
    if (!p)
        return;
    free(p->sched);
    free(p->net);
    free(p->coupling);
    free(p->slot);
    free(p->reads);
    free(p->bias);
    free(p->helper);
    free(p->weight);
    free(p->qbias);
    free(p->clamped);
    free(p->count);
    free(p);
}

int glb_program_colours(const struct glb_program *p) {
    return p->colours;
}

bool glb_program_runs_on(const struct glb_program *p, const struct glb_array *a) {
    const struct glb_array *b = &p->array;
    return a->tiles == b->tiles && a->lanes == b->lanes && a->chains == b->chains &&
           a->jw == b->jw && a->acc == b->acc && a->gw == b->gw && p->s_used <= a->sdepth &&
           p->c_used <= a->cdepth && (!p->sums || p->sums_first + p->sums <= a->cdepth);
}

void glb_program_put_bias(struct glb_program *p, int tile, int32_t entry, int32_t bias) {
    const struct glb_array *a = &p->array;
    uint64_t *w = &p->coupling[(size_t)tile * (size_t)p->c_used + (size_t)entry];
    const uint64_t mask = (1u << (a->acc - 1)) - 1;
    *w = (*w & ~(mask << a->ow)) | ((uint64_t)bias & mask) << a->ow;
}

void glb_program_put_biases(struct glb_program *p, int *count) {
    const int32_t span = 1 << (p->array.acc - 2); /* one CTRL's bias is -span .. span - 1 */
    for (int k = 0; k < p->nbias; k++) {
        const struct glb_bias_ref *b = &p->bias[k];
        if (b->entry2 < 0) {
            int32_t bias = p->qbias[b->to] + b->constant;
            if (bias < -span || bias >= span) {
                bias = bias < 0 ? 1 - span : span - 1;
                ++*count;
            }
            p->qbias[b->to] = bias - b->constant;
            glb_program_put_bias(p, b->tile, b->entry, bias);
            continue;
        }
        /* modulo 2^ACC, in two halves; the one value that two halves cannot hold is a unit off */
        int32_t v = (p->qbias[b->to] + b->constant) & (4 * span - 1);
        v -= v >= 2 * span ? 4 * span : 0;
        v -= v == 2 * span - 1;
        const int32_t half = v >> 1;
        glb_program_put_bias(p, b->tile, b->entry, v - half);
        glb_program_put_bias(p, b->tile2, b->entry2, half);
    }
}

void glb_program_clamp(struct glb_program *p, const bool *clamped) {
    for (int i = 0; i < p->n; i++)
        p->clamped[i] = clamped && clamped[i];
    const uint64_t we = 1ull << (p->array.acc + 1 + p->array.ow);
    for (int k = 0; k < p->nbias; k++) {
        uint64_t *w =
            &p->coupling[(size_t)p->bias[k].tile * (size_t)p->c_used + (size_t)p->bias[k].entry];
        *w = p->clamped[p->bias[k].to] ? *w & ~we : *w | we;
    }
}

double glb_program_hottest(const struct glb_program *p) {
    return 65536 / (2 * 4294967295.0 * p->u);
}

enum glb_status glb_program_k(const struct glb_program *p, double beta, uint32_t *k) {
    if (!(beta >= 0) || !isfinite(beta))
        return glb_fail(GLB_ERR_ARGUMENT, "beta is %g; it must be finite and not negative", beta);
    if (p->nhelpers && fabs(beta - p->beta) > 1e-9 * p->beta)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "beta is %g, but the program was compiled for %g alone; compile it for %g",
                        beta, p->beta, beta);
    if (beta < p->beta * (1 - 1e-9))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "beta is %g, but the program was compiled for %g or more: it lacks what "
                        "only smaller ones can tell; compile it for %g",
                        beta, p->beta, beta);
    const double x = beta > 0 ? rint(65536 / (2 * beta * p->u)) : INFINITY;
    *k = x < 4294967295.0 ? (uint32_t)x : 4294967295u;
    return GLB_OK;
}
