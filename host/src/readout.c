/* Label readout: one image a chain, the label that is on most often wins. SPDX-License-Identifier:
 * Apache-2.0 */
#include "readout.h"

#include <stdlib.h>
#include <string.h>
#include "counter_rng.h"

enum { TAG_READOUT = 300, TAG_HIDDEN };

struct votes {
    uint32_t *count; /* [chain][GLB_CLASSES], over sweeps and a class's copies */
    int words, labels;
    uint32_t cycle, burn_in; /* sweeps */
};

static int count_votes(void *user, uint32_t sample, const uint64_t *planes) {
    struct votes *v = user;
    if (sample % v->cycle < v->burn_in)
        return 0;
    for (int k = 0; k < v->labels; k++)
        for (int w = 0; w < v->words; w++)
            for (uint64_t bits = planes[(size_t)k * v->words + w]; bits; bits &= bits - 1)
                v->count[(size_t)(w * 64 + __builtin_ctzll(bits)) * GLB_CLASSES +
                         k % GLB_CLASSES]++;
    return 0;
}

/* Labels off, all hidden layers at random. */
static void start_hidden(const struct glb_topology *t, struct glb_phase_sampler *sampler,
                         uint64_t seed, uint64_t batch) {
    uint64_t plane[sampler->words];
    for (int l = 1; l < t->nlayers; l++) {
        const struct glb_layer *layer = &t->layer[l];
        for (int i = 0; i < layer->count; i++) {
            for (int w = 0; w < sampler->words; w++)
                plane[w] = layer->kind == GLB_LAYER_LABELS
                               ? 0
                               : glb_random_at(seed, TAG_HIDDEN, batch,
                                               (uint64_t)((layer->first + i) * sampler->words + w));
            sampler->set(sampler->self, layer->first + i, plane);
        }
    }
}

static int winner(const uint32_t *count) {
    int best = 0;
    for (int k = 1; k < GLB_CLASSES; k++)
        if (count[k] > count[best])
            best = k;
    return best;
}

/* Sweeps and temperatures of all cycles; returns the number of stages. */
static int plan(const struct glb_readout_options *o, int cycles, struct glb_phase_stage *stage) {
    const double beta = o->beta > 0 ? o->beta : 1, hot = o->hot > 0 ? o->hot : beta;
    const int length = o->sweeps / cycles;
    int n = 0;
    for (int c = 0; c < cycles; c++) {
        int used = 0;
        for (int k = 0; hot != beta && k < GLB_READOUT_STEPS; k++) {
            const int until = o->burn_in * (k + 1) / GLB_READOUT_STEPS;
            const double b = hot + (beta - hot) * k / GLB_READOUT_STEPS;
            if (until > used)
                stage[n++] = (struct glb_phase_stage){b, (uint32_t)(until - used)};
            used = until;
        }
        stage[n++] = (struct glb_phase_stage){beta, (uint32_t)(length - used)};
    }
    return n;
}

enum glb_status glb_readout_run(const struct glb_topology *t, struct glb_phase_sampler *sampler,
                                const struct glb_dataset *d, const struct glb_readout_options *o,
                                uint8_t *predicted, struct glb_readout *out) {
    const int cycles = o->cycles > 1 ? o->cycles : 1, length = o->sweeps / cycles;
    const int chains = sampler->chains, words = sampler->words, pixels = t->layer[0].count;
    memset(out, 0, sizeof *out);
    if (o->burn_in < 0 || length <= o->burn_in || o->sweeps > 65535 || cycles > GLB_READOUT_CYCLES)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "%d sweeps in %d cycles with %d dropped in each; at least one must be "
                        "averaged, %d cycles and 65535 sweeps at most",
                        o->sweeps, cycles, o->burn_in, GLB_READOUT_CYCLES);
    struct glb_phase_stage stages[GLB_MAX_STAGES];
    const int nstages = plan(o, cycles, stages);
    if (d->width != t->width || d->height != t->height)
        return glb_fail(GLB_ERR_ARGUMENT, "images of %d x %d pixels for a model of %d x %d",
                        d->width, d->height, t->width, t->height);
    struct votes votes = {calloc((size_t)words * 64 * GLB_CLASSES, sizeof(uint32_t)), words,
                          t->layer[t->nlayers - 1].count, (uint32_t)length, (uint32_t)o->burn_in};
    uint64_t *planes = calloc((size_t)pixels * words, sizeof *planes);
    int32_t *index = calloc((size_t)chains, sizeof *index);
    enum glb_status s = GLB_OK;
    if (!votes.count || !planes || !index)
        s = glb_fail(GLB_ERR_MEMORY, "no memory for a readout of %d chains", chains);

    for (int first = 0; s == GLB_OK && first < d->count; first += chains) {
        const int count = d->count - first < chains ? d->count - first : chains;
        for (int c = 0; c < count; c++)
            index[c] = first + c;
        glb_dataset_planes(d, index, NULL, NULL, count, words, planes);
        for (int i = 0; i < pixels; i++)
            sampler->set(sampler->self, i, planes + (size_t)i * words);
        start_hidden(t, sampler, o->seed, (uint64_t)first);
        struct glb_phase phase = {.seed = glb_random_at(o->seed, TAG_READOUT, (uint64_t)first, 0),
                                  .read = 1u << (t->nlayers - 1),
                                  .interval = 1,
                                  .nstages = nstages,
                                  .stages = stages};
        for (int l = 1; l < t->nlayers; l++)
            phase.order[phase.norder++] = l;
        struct glb_job_counters counters = {0};
        memset(votes.count, 0, sizeof(uint32_t) * words * 64 * GLB_CLASSES);
        s = sampler->run(sampler->self, &phase, count_votes, &votes, &counters);
        out->flips += counters.flips;
        out->cycles += counters.run_cycles;
        for (int c = 0; s == GLB_OK && c < count; c++) {
            const int best = winner(votes.count + (size_t)c * GLB_CLASSES);
            if (predicted)
                predicted[first + c] = (uint8_t)best;
            out->confusion[d->label[first + c]][best]++;
            out->right += best == d->label[first + c];
            out->images++;
        }
        if (o->progress)
            o->progress(o->user, first + count, d->count);
        if (o->stop && *o->stop && s == GLB_OK)
            s = glb_fail(GLB_ERR_INTERRUPTED, "readout stopped after %d of %d images",
                         first + count, d->count);
    }
    free(votes.count);
    free(planes);
    free(index);
    return s;
}

void glb_readout_print(const struct glb_readout *r, FILE *to) {
    fprintf(to, "true  read");
    for (int k = 0; k < GLB_CLASSES; k++)
        fprintf(to, "%6d", k);
    fprintf(to, "   right\n");
    for (int k = 0; k < GLB_CLASSES; k++) {
        int total = 0;
        fprintf(to, "%4d      ", k);
        for (int j = 0; j < GLB_CLASSES; j++) {
            fprintf(to, "%6d", r->confusion[k][j]);
            total += r->confusion[k][j];
        }
        fprintf(to, " %6.2f %%\n", total ? 100.0 * r->confusion[k][k] / total : 0);
    }
}
