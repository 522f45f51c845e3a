/* Label readout: a few chains an image. SPDX-License-Identifier: Apache-2.0 */
#include "learn/labels/read_labels.h"

#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/labels/label_scores.h"

enum { TAG_READOUT = 300, TAG_HIDDEN };

/* Labels off, all hidden layers at random; planes: [n][words] room. */
static enum glb_status start_hidden(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                    uint64_t seed, uint64_t batch, uint64_t *planes) {
    const int words = sampler->words;
    enum glb_status s = GLB_OK;
    for (int l = 1; l < t->nlayers && s == GLB_OK; l++) {
        const struct glb_layer *layer = &t->layer[l];
        const size_t first = (size_t)layer->first * words, size = (size_t)layer->count * words;
        for (size_t k = first; k < first + size; k++)
            planes[k] =
                layer->kind == GLB_LAYER_LABELS ? 0 : glb_random_at(seed, TAG_HIDDEN, batch, k);
        s = sampler->set_layer(sampler->self, l, planes + first);
    }
    return s;
}

static int winner(const double *score, int classes) {
    int best = 0;
    for (int k = 1; k < classes; k++)
        if (score[k] > score[best])
            best = k;
    return best;
}

static size_t groups_of(const struct glb_layer_sampler *sampler) {
    return (size_t)((sampler->chains + sampler->group - 1) / sampler->group);
}

/* Room for counts where the sampler makes them of an image's samples, else *on = NULL. */
static enum glb_status open_counts(const struct glb_layer_sampler *sampler,
                                   const struct glb_label_scores *scores, int samples,
                                   uint32_t **on) {
    *on = NULL;
    if (sampler->group != scores->each || sampler->group_layers != scores->read ||
        samples > sampler->group_samples)
        return GLB_OK;
    *on = malloc(sizeof **on * groups_of(sampler) * (size_t)scores->counter.pbits);
    return *on ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory for the counts of a readout");
}

/* Runs the chains of `count` images; the first of all is index[0]. */
static enum glb_status read_batch(struct glb_layer_sampler *sampler, const struct glb_dataset *d,
                                  const struct glb_read_labels_options *o,
                                  struct glb_label_scores *scores, const int32_t *index, int count,
                                  uint64_t *planes, uint32_t *on, struct glb_read_labels *out) {
    const struct glb_topology *t = scores->t;
    const uint64_t batch = (uint64_t)index[0];
    const uint32_t length = (uint32_t)(o->sweeps / scores->each);
    const struct glb_step stage = {o->beta > 0 ? o->beta : 1, length};
    struct glb_layer_run request = {.seed = glb_random_at(o->seed, TAG_READOUT, batch, 0),
                                    .read = scores->read,
                                    .burn_in = (uint32_t)o->burn_in,
                                    .interval = 1,
                                    .nsteps = 1,
                                    .steps = &stage};
    for (int l = 1; l < t->nlayers; l++)
        request.order[request.norder++] = l;
    glb_dataset_lay_images(d, index, NULL, NULL, count * scores->each, sampler->words,
                           scores->image);
    glb_topology_show(t, scores->image, sampler->words, scores->pixels);
    enum glb_status s = sampler->set_layer(sampler->self, 0, scores->pixels);
    if (s == GLB_OK)
        s = start_hidden(t, sampler, o->seed, batch, planes);
    struct glb_job_counters counters = {0};
    glb_label_scores_begin(scores);
    if (s == GLB_OK && on)
        s = sampler->run_groups(sampler->self, &request, on, &counters);
    else if (s == GLB_OK)
        s = sampler->run(sampler->self, &request, glb_label_scores_sample, scores, &counters);
    if (s == GLB_OK && on)
        glb_label_scores_counted(scores, on, groups_of(sampler), length - (uint32_t)o->burn_in);
    out->flips += counters.flips;
    out->cycles += counters.run_cycles;
    if (s == GLB_OK)
        glb_label_scores_end(scores, count);
    return s;
}

/* The labels of a batch's images, from `first` on. */
static void take_labels(const struct glb_dataset *d, const struct glb_read_labels_options *o,
                        const struct glb_label_scores *scores, int first, int count,
                        uint8_t *predicted, struct glb_read_labels *out) {
    const int classes = out->classes;
    const double *const score = o->J ? scores->field : scores->spin;
    const struct glb_topology *t = scores->t;
    const double each =
        (double)scores->counter.samples * scores->each * (t->layer[t->nlayers - 1].count / classes);
    for (int i = 0; i < count; i++) {
        const int by_spin = winner(scores->spin + (size_t)i * classes, classes);
        const int best = winner(score + (size_t)i * classes, classes);
        if (predicted)
            predicted[first + i] = (uint8_t)best;
        for (int k = 0; o->score && k < classes; k++)
            o->score[(size_t)(first + i) * classes + k] = score[(size_t)i * classes + k] / each;
        out->images++;
        if (!d->label)
            continue;
        const int true_label = d->label[first + i];
        out->confusion[true_label][best]++;
        out->right += best == true_label;
        out->right_by_spins += by_spin == true_label;
    }
}

enum glb_status glb_read_labels_run(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                    const struct glb_dataset *d,
                                    const struct glb_read_labels_options *o, uint8_t *predicted,
                                    struct glb_read_labels *out) {
    const int each = o->chains > 1 ? o->chains : 1, length = o->sweeps / each;
    const int at_once = sampler->chains / each; /* images */
    memset(out, 0, sizeof *out);
    out->classes = t->classes;
    if (o->burn_in < 0 || length <= o->burn_in || length > 65535)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "%d sweeps an image in %d chains with %d dropped in each; at least one in "
                        "each must count, and a chain has 65535 at most",
                        o->sweeps, each, o->burn_in);
    if (at_once < 1)
        return glb_fail(GLB_ERR_ARGUMENT, "%d chains an image; the batch has %d", each,
                        sampler->chains);
    enum glb_status s = glb_dataset_fits(d, t->width, t->height, t->classes);
    if (s != GLB_OK)
        return s;
    struct glb_label_scores scores;
    int32_t *index = calloc((size_t)sampler->chains, sizeof *index);
    uint64_t *planes = calloc((size_t)t->graph->n * sampler->words, sizeof *planes);
    s = glb_label_scores_open(&scores, t, o->J, o->h, sampler->words, each);
    if (s == GLB_OK && (!index || !planes))
        s = glb_fail(GLB_ERR_MEMORY, "no memory for a readout of %d chains", sampler->chains);
    uint32_t *on = NULL;
    if (s == GLB_OK)
        s = open_counts(sampler, &scores, length - o->burn_in, &on);
    for (int first = 0; s == GLB_OK && first < d->count; first += at_once) {
        const int count = d->count - first < at_once ? d->count - first : at_once;
        for (int c = 0; c < count * each; c++)
            index[c] = first + c / each;
        s = read_batch(sampler, d, o, &scores, index, count, planes, on, out);
        if (s == GLB_OK)
            take_labels(d, o, &scores, first, count, predicted, out);
        if (o->progress)
            o->progress(o->user, first + count, d->count);
        if (o->stop && *o->stop && s == GLB_OK)
            s = glb_fail(GLB_ERR_INTERRUPTED, "readout stopped after %d of %d images",
                         first + count, d->count);
    }
    glb_layer_sampler_release(sampler, t);
    glb_label_scores_close(&scores);
    free(on);
    free(index);
    free(planes);
    return s;
}

void glb_read_labels_print(const struct glb_read_labels *r, FILE *to) {
    fprintf(to, "true  read");
    for (int k = 0; k < r->classes; k++)
        fprintf(to, "%6d", k);
    fprintf(to, "   right\n");
    for (int k = 0; k < r->classes; k++) {
        int total = 0;
        fprintf(to, "%4d      ", k);
        for (int j = 0; j < r->classes; j++) {
            fprintf(to, "%6d", r->confusion[k][j]);
            total += r->confusion[k][j];
        }
        fprintf(to, " %6.2f %%\n", total ? 100.0 * r->confusion[k][k] / total : 0);
    }
}
