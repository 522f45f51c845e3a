/* Sums of labels' spins and fields. SPDX-License-Identifier: Apache-2.0 */
#include "learn/labels/label_scores.h"

#include <stdlib.h>
#include <string.h>
#include "learn/data/dataset.h"

static const struct glb_layer *labels_of(const struct glb_topology *t) {
    return &t->layer[t->nlayers - 1];
}

/* The labels, and the layers that their fields come from; the pixels are known. */
unsigned glb_label_layers(const struct glb_topology *t, int fields) {
    const int top = t->nlayers - 1;
    unsigned read = 1u << top;
    for (int e = 0; fields && e < t->graph->m; e++) {
        const int a = t->layer_of[t->graph->ei[e]], b = t->layer_of[t->graph->ej[e]];
        if (a == top || b == top)
            read |= 1u << a | 1u << b;
    }
    return read & ~1u;
}

enum glb_status glb_label_scores_open(struct glb_label_scores *scores, const struct glb_topology *t,
                                      const double *J, const double *h, int words, int each) {
    const size_t chains = 64 * (size_t)words, images = chains / (size_t)each;
    *scores = (struct glb_label_scores){
        .t = t, .J = J, .h = h, .each = each, .read = glb_label_layers(t, J != NULL)};
    int pbits = 0;
    for (int l = 0; l < t->nlayers; l++)
        pbits += scores->read >> l & 1 ? t->layer[l].count : 0;
    scores->pixels = calloc((size_t)t->layer[0].count * (size_t)words, sizeof *scores->pixels);
    scores->image = calloc((size_t)glb_topology_pixels(t) * (size_t)words, sizeof *scores->image);
    scores->spin = calloc(images * (size_t)t->classes, sizeof *scores->spin);
    scores->field = calloc(images * (size_t)t->classes, sizeof *scores->field);
    scores->sum = calloc(images, sizeof *scores->sum);
    scores->on = calloc(chains, sizeof *scores->on);
    enum glb_status s = glb_bit_counter_init(&scores->counter, pbits, words);
    if (s == GLB_OK && (s = glb_adjacency_build(t->graph, &scores->beside)) != GLB_OK)
        scores->beside = (struct glb_adjacency){0}; /* freed already */
    if (s == GLB_OK && (!scores->pixels || !scores->image || !scores->spin || !scores->field ||
                        !scores->sum || !scores->on))
        s = glb_fail(GLB_ERR_MEMORY, "no memory for a readout of %zu chains", chains);
    return s;
}

void glb_label_scores_close(struct glb_label_scores *scores) {
    free(scores->pixels);
    free(scores->image);
    free(scores->spin);
    free(scores->field);
    free(scores->sum);
    free(scores->on);
    glb_bit_counter_free(&scores->counter);
    glb_adjacency_free(&scores->beside);
    memset(scores, 0, sizeof *scores);
}

void glb_label_scores_begin(struct glb_label_scores *scores) {
    glb_bit_counter_clear(&scores->counter);
    scores->counted = NULL;
}

void glb_label_scores_counted(struct glb_label_scores *scores, const uint32_t *on, size_t stride,
                              uint32_t samples) {
    scores->counted = on;
    scores->stride = stride;
    scores->counter.samples = samples;
}

int glb_label_scores_sample(void *scores, uint32_t sample, const uint64_t *planes) {
    (void)sample;
    glb_bit_counter_add(&((struct glb_label_scores *)scores)->counter, planes);
    return 0;
}

/* Sums of a p-bit's spin over sweeps and an image's chains; place: in a sample. */
static void sum_spins(struct glb_label_scores *scores, int pbit, int place, int images) {
    const int samples = (int)scores->counter.samples, words = scores->counter.words;
    memset(scores->sum, 0, sizeof *scores->sum * (size_t)images);
    if (scores->t->layer_of[pbit] == 0) {
        const uint64_t *p = scores->pixels + (size_t)pbit * words;
        for (int c = 0; c < images * scores->each; c++)
            scores->sum[c / scores->each] += p[c >> 6] >> (c & 63) & 1 ? samples : -samples;
        return;
    }
    if (scores->counted) {
        for (int i = 0; i < images; i++)
            scores->sum[i] = 2.0 * scores->counted[(size_t)place * scores->stride + (size_t)i] -
                             (double)samples * scores->each;
        return;
    }
    glb_bit_counter_get(&scores->counter, place, scores->on);
    for (int c = 0; c < images * scores->each; c++)
        scores->sum[c / scores->each] += 2 * scores->on[c] - samples;
}

/* What a p-bit's sums add to the fields of the labels beside it. */
static void add_fields(struct glb_label_scores *scores, int pbit, int images) {
    const int first = labels_of(scores->t)->first, classes = scores->t->classes;
    for (int k = scores->beside.start[pbit]; k < scores->beside.start[pbit + 1]; k++) {
        const int label = scores->beside.node[k] - first;
        const double J = scores->J[scores->beside.edge[k]];
        for (int i = 0; label >= 0 && i < images; i++)
            scores->field[i * classes + label % classes] += J * scores->sum[i];
    }
}

static int is_beside_labels(const struct glb_label_scores *scores, int pbit) {
    const int begin = scores->beside.start[pbit], end = scores->beside.start[pbit + 1];
    return end > begin &&
           scores->beside.node[end - 1] >= labels_of(scores->t)->first; /* ascending */
}

void glb_label_scores_end(struct glb_label_scores *scores, int images) {
    const struct glb_topology *t = scores->t;
    const int classes = t->classes;
    const size_t size = sizeof(double) * (size_t)images * (size_t)classes;
    const double sweeps = (double)scores->counter.samples * scores->each;
    memset(scores->spin, 0, size);
    memset(scores->field, 0, size);
    for (int p = 0, place = 0; p < t->graph->n; p++) {
        const int label = p - labels_of(t)->first, class = label % classes;
        const int fields = scores->J && is_beside_labels(scores, p);
        if (fields || label >= 0)
            sum_spins(scores, p, place, images);
        if (fields)
            add_fields(scores, p, images);
        for (int i = 0; label >= 0 && i < images; i++) {
            scores->spin[i * classes + class] += scores->sum[i];
            scores->field[i * classes + class] += scores->h ? scores->h[p] * sweeps : 0;
        }
        place += scores->read >> t->layer_of[p] & 1;
    }
}
