/* How much the phases of a step differ, parameter by parameter: integers, whether the host counted
 * them in samples or the sampler did. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "base/parallel.h"
#include "learn/training/trainer.h"

/* ---- what may be counted ---- */

/* The largest layer that moves of those of p-bits i and j; -1: neither moves. */
static int owner(const struct glb_topology *t, unsigned layers, int i, int j) {
    const int a = t->layer_of[i], b = j < 0 ? a : t->layer_of[j];
    const int fa = layers >> a & 1, fb = layers >> b & 1;
    if (!fa || !fb)
        return fa ? a : fb ? b : -1;
    return t->layer[a].count > t->layer[b].count ||
                   (t->layer[a].count == t->layer[b].count && a < b)
               ? a
               : b;
}

/* Appends the sums of a layer. */
static int add_sums(const struct glb_topology *t, unsigned layers, int layer, int count,
                    struct glb_layer_sum *sum, int32_t *parameter) {
    const struct glb_graph *g = t->graph;
    for (int p = 0; p < g->m + g->n; p++) {
        const int i = p < g->m ? g->ei[p] : p - g->m, j = p < g->m ? g->ej[p] : -1;
        if (owner(t, layers, i, j) != layer)
            continue;
        sum[count] = (struct glb_layer_sum){i, j};
        parameter[count++] = p;
    }
    return count;
}

int glb_train_sums(const struct glb_topology *t, unsigned layers, struct glb_layer_sum *sum,
                   int32_t *parameter) {
    unsigned left = layers;
    int count = 0;
    while (left) {
        int largest = __builtin_ctz(left);
        for (int l = largest; l < t->nlayers; l++)
            if (left >> l & 1 && t->layer[l].count > t->layer[largest].count)
                largest = l;
        left &= ~(1u << largest);
        count = add_sums(t, layers, largest, count, sum, parameter);
    }
    return count;
}

unsigned glb_train_host_layers(const struct glb_topology *t, unsigned layers,
                               const struct glb_layer_sum *sum, int first, int end) {
    unsigned out = 0;
    for (int k = first; k < end; k++) {
        out |= 1u << t->layer_of[sum[k].i];
        if (sum[k].j >= 0)
            out |= 1u << t->layer_of[sum[k].j];
    }
    return out & layers;
}

enum glb_status trainer_place_sums(struct glb_trainer *r) {
    const int p = r->t->graph->m + r->t->graph->n;
    const unsigned layers = glb_train_layers(r->t, &r->o);
    struct glb_layer_sum *sum = malloc(sizeof *sum * (size_t)p);
    int32_t *parameter = malloc(sizeof *parameter * (size_t)p);
    enum glb_status s = GLB_OK;
    r->sum_of = malloc(sizeof *r->sum_of * (size_t)p);
    for (int k = 0; k < TRAINER_PHASES; k++) {
        r->gap[k] = calloc((size_t)p, sizeof *r->gap[k]);
        r->sum[k] = calloc((size_t)r->sampler->nsums + 1, sizeof *r->sum[k]);
        if (!r->gap[k] || !r->sum[k])
            s = GLB_ERR_MEMORY;
    }
    if (s != GLB_OK || !sum || !parameter || !r->sum_of) {
        s = glb_fail(GLB_ERR_MEMORY, "no memory for the trainer's sums");
    } else {
        const int all = glb_train_sums(r->t, layers, sum, parameter);
        r->wanted = all;
        r->host_layers = glb_train_host_layers(r->t, layers, sum, r->sampler->nsums, all);
        for (int k = 0; k < p; k++)
            r->sum_of[k] = -1;
        for (int k = 0; k < r->sampler->nsums && k < all; k++)
            r->sum_of[parameter[k]] = k;
    }
    free(sum);
    free(parameter);
    return s;
}

/* ---- gaps ---- */

int trainer_one_sum(const struct glb_trainer *r) {
    const struct glb_train_options *o = &r->o;
    if (o->discriminative > 0 && o->generative > 0)
        return 0;
    return o->positive == (o->discriminative > 0 ? o->negative : o->free_sweeps);
}

static int64_t gap(const struct glb_trainer *r, enum trainer_phase phase, int p) {
    const int m = r->t->graph->m, i = p < m ? r->t->graph->ei[p] : p - m;
    const int j = p < m ? r->t->graph->ej[p] : -1, k = r->sum_of[p];
    const struct glb_pair_statistics *a = &r->statistics[TRAINER_POSITIVE],
                                     *b = &r->statistics[phase];
    if (r->o.contrast)
        return glb_pair_statistics_agree(a, i, j) - glb_pair_statistics_agree(b, i, j);
    const int64_t of_a = glb_pair_statistics_total(a), of_b = glb_pair_statistics_total(b);
    if (k >= 0 && trainer_one_sum(r))
        return r->sum[TRAINER_POSITIVE][k] * of_a;
    if (k >= 0)
        return r->sum[TRAINER_POSITIVE][k] * of_b - r->sum[phase][k] * of_a;
    return glb_pair_statistics_agree(a, i, j) * of_b - glb_pair_statistics_agree(b, i, j) * of_a;
}

static void find_gaps(void *user, int first, int end) {
    struct glb_trainer *r = user;
    for (int p = first; p < end; p++) {
        if (r->o.discriminative > 0)
            r->gap[TRAINER_NEGATIVE][p] = gap(r, TRAINER_NEGATIVE, p);
        if (r->o.generative > 0)
            r->gap[TRAINER_FREE][p] = gap(r, TRAINER_FREE, p);
    }
}

void trainer_find_gaps(struct glb_trainer *r) {
    glb_parallel(r->o.threads, r->t->graph->m + r->t->graph->n, find_gaps, r);
    r->gaps_known = 1;
}

double trainer_gap(const struct glb_trainer *r, enum trainer_phase phase, int p) {
    if (r->o.contrast) /* images that read right differ in nothing, but count */
        return 2 * (double)r->gap[phase][p] / ((double)r->sampler->chains * (double)r->o.positive);
    const int64_t a = glb_pair_statistics_total(&r->statistics[TRAINER_POSITIVE]),
                  b = glb_pair_statistics_total(&r->statistics[phase]);
    return 2 * (double)r->gap[phase][p] / (double)(a * b);
}
