/* Sums of labels' spins and fields. SPDX-License-Identifier: Apache-2.0 */
#include "learn/label_scores.h"

#include <stdlib.h>
#include <string.h>
#include "learn/dataset.h"

static const struct glb_layer *labels_of(const struct glb_topology *t) {
    return &t->layer[t->nlayers - 1];
}

/* The labels, and the layers that their fields come from; the pixels are known. */
static unsigned layers_to_read(const struct glb_topology *t, int fields) {
    const int top = t->nlayers - 1;
    unsigned read = 1u << top;
    for (int e = 0; fields && e < t->graph->m; e++) {
        const int a = t->layer_of[t->graph->ei[e]], b = t->layer_of[t->graph->ej[e]];
        if (a == top || b == top)
            read |= 1u << a | 1u << b;
    }
    return read & ~1u;
}

enum glb_status glb_label_scores_open(struct glb_label_scores *v, const struct glb_topology *t,
                                      const double *J, const double *h, int words, int each) {
    const size_t chains = 64 * (size_t)words, images = chains / (size_t)each;
    *v = (struct glb_label_scores){
        .t = t, .J = J, .h = h, .each = each, .read = layers_to_read(t, J != NULL)};
    int pbits = 0;
    for (int l = 0; l < t->nlayers; l++)
        pbits += v->read >> l & 1 ? t->layer[l].count : 0;
    v->pixels = calloc((size_t)t->layer[0].count * (size_t)words, sizeof *v->pixels);
    v->spin = calloc(images * GLB_CLASSES, sizeof *v->spin);
    v->field = calloc(images * GLB_CLASSES, sizeof *v->field);
    v->sum = calloc(images, sizeof *v->sum);
    v->on = calloc(chains, sizeof *v->on);
    enum glb_status s = glb_bit_counter_init(&v->tally, pbits, words);
    if (s == GLB_OK)
        s = glb_adjacency_build(t->graph, &v->beside);
    if (s == GLB_OK && (!v->pixels || !v->spin || !v->field || !v->sum || !v->on))
        s = glb_fail(GLB_ERR_MEMORY, "no memory for a readout of %zu chains", chains);
    return s;
}

void glb_label_scores_close(struct glb_label_scores *v) {
    free(v->pixels);
    free(v->spin);
    free(v->field);
    free(v->sum);
    free(v->on);
    glb_bit_counter_free(&v->tally);
    glb_adjacency_free(&v->beside);
    memset(v, 0, sizeof *v);
}

void glb_label_scores_begin(struct glb_label_scores *v) {
    glb_bit_counter_clear(&v->tally);
}

int glb_label_scores_sample(void *votes, uint32_t sample, const uint64_t *planes) {
    (void)sample;
    glb_bit_counter_add(&((struct glb_label_scores *)votes)->tally, planes);
    return 0;
}

/* Sums of a p-bit's spin over sweeps and an image's chains; place: in a sample. */
static void sum_spins(struct glb_label_scores *v, int pbit, int place, int images) {
    const int samples = (int)v->tally.samples, words = v->tally.words;
    memset(v->sum, 0, sizeof *v->sum * (size_t)images);
    if (v->t->layer_of[pbit] == 0) {
        const uint64_t *p = v->pixels + (size_t)pbit * words;
        for (int c = 0; c < images * v->each; c++)
            v->sum[c / v->each] += p[c >> 6] >> (c & 63) & 1 ? samples : -samples;
        return;
    }
    glb_bit_counter_get(&v->tally, place, v->on);
    for (int c = 0; c < images * v->each; c++)
        v->sum[c / v->each] += 2 * v->on[c] - samples;
}

/* What a p-bit's sums add to the fields of the labels beside it. */
static void add_fields(struct glb_label_scores *v, int pbit, int images) {
    const int first = labels_of(v->t)->first;
    for (int k = v->beside.start[pbit]; k < v->beside.start[pbit + 1]; k++) {
        const int label = v->beside.node[k] - first;
        const double J = v->J[v->beside.edge[k]];
        for (int i = 0; label >= 0 && i < images; i++)
            v->field[i * GLB_CLASSES + label % GLB_CLASSES] += J * v->sum[i];
    }
}

static int is_beside_labels(const struct glb_label_scores *v, int pbit) {
    const int begin = v->beside.start[pbit], end = v->beside.start[pbit + 1];
    return end > begin && v->beside.node[end - 1] >= labels_of(v->t)->first; /* ascending */
}

void glb_label_scores_end(struct glb_label_scores *v, int images) {
    const struct glb_topology *t = v->t;
    const size_t size = sizeof(double) * (size_t)images * GLB_CLASSES;
    const double sweeps = (double)v->tally.samples * v->each;
    memset(v->spin, 0, size);
    memset(v->field, 0, size);
    for (int p = 0, place = 0; p < t->graph->n; p++) {
        const int label = p - labels_of(t)->first, class = label % GLB_CLASSES;
        const int fields = v->J && is_beside_labels(v, p);
        if (fields || label >= 0)
            sum_spins(v, p, place, images);
        if (fields)
            add_fields(v, p, images);
        for (int i = 0; label >= 0 && i < images; i++) {
            v->spin[i * GLB_CLASSES + class] += v->sum[i];
            v->field[i * GLB_CLASSES + class] += v->h ? v->h[p] * sweeps : 0;
        }
        place += v->read >> t->layer_of[p] & 1;
    }
}
