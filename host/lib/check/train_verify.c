/* The same training steps on two devices. SPDX-License-Identifier: Apache-2.0 */
#include "base/seconds.h"
#include "check/train_verify.h"

#include <string.h>

static enum glb_status compare_phase(const struct glb_pair_statistics *a,
                                     const struct glb_pair_statistics *b, const char *phase,
                                     int step, const char *device, uint64_t *bits) {
    if (a->samples != b->samples)
        return glb_fail(GLB_ERR_DEVICE, "batch %d, %s phase: %d samples here, %d on %s", step,
                        phase, a->samples, b->samples, device);
    for (int i = 0; i < a->t->graph->n; i++) {
        if (!(a->read_layers >> a->t->layer_of[i] & 1))
            continue;
        const size_t words = (size_t)a->words * a->samples;
        const uint64_t *x = a->sample + (size_t)i * a->capacity * a->words;
        const uint64_t *y = b->sample + (size_t)i * b->capacity * b->words;
        for (size_t w = 0; w < words; w++)
            if (x[w] != y[w])
                return glb_fail(GLB_ERR_DEVICE,
                                "batch %d, %s phase, p-bit %d, sample %zu, chains %zu..: %016llx "
                                "here, %016llx on %s",
                                step, phase, i, w / a->words, w % a->words * 64,
                                (unsigned long long)x[w], (unsigned long long)y[w], device);
        *bits += words * 64;
    }
    return GLB_OK;
}

/* What the phases differ by in each parameter, in chain-samples. */
static enum glb_status compare_sums(const struct glb_trainer *a, const struct glb_trainer *b,
                                    int step, struct glb_train_verdict *out) {
    const int m = a->t->graph->m, p = m + a->t->graph->n;
    if (a->sampler->nsums != b->sampler->nsums)
        return glb_fail(GLB_ERR_DEVICE, "%d sums are counted here, %d on %s", a->sampler->nsums,
                        b->sampler->nsums, out->device);
    for (int phase = TRAINER_NEGATIVE; phase < TRAINER_PHASES && a->sampler->nsums; phase++)
        for (int k = 0; k < p; k++)
            if (a->gap[phase][k] != b->gap[phase][k])
                return glb_fail(GLB_ERR_DEVICE, "batch %d, sum of %s %d: %lld here, %lld on %s",
                                step, k < m ? "coupling" : "p-bit", k < m ? k : k - m,
                                (long long)a->gap[phase][k], (long long)b->gap[phase][k],
                                out->device);
    out->sums += (uint64_t)a->sampler->nsums;
    return GLB_OK;
}

static enum glb_status compare(const struct glb_trainer *a, const struct glb_trainer *b, int step,
                               struct glb_train_verdict *out) {
    static const char *const name[] = {"positive", "negative", "free-running"};
    enum glb_status s = GLB_OK;
    for (int k = 0; k < TRAINER_PHASES && s == GLB_OK; k++)
        if (a->statistics[k].t)
            s = compare_phase(&a->statistics[k], &b->statistics[k], name[k], step, out->device,
                              &out->bits);
    if (s == GLB_OK)
        s = compare_sums(a, b, step, out);
    const size_t p = (size_t)a->t->graph->m + (size_t)a->t->graph->n;
    if (s == GLB_OK && memcmp(a->s.weight, b->s.weight, p * sizeof(float)) != 0)
        s = glb_fail(GLB_ERR_DEVICE, "batch %d: same samples, but other weights than with %s", step,
                     out->device);
    return s;
}

enum glb_status glb_train_verify(const struct glb_trainer *r, const char *device, const char *array,
                                 int steps, const atomic_int *stop, struct glb_train_verdict *out) {
    struct glb_layer_sampler other = {0};
    struct glb_trainer *a = NULL, *b = NULL;
    const double start = glb_seconds(CLOCK_MONOTONIC);
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = array,
                                                 .chains = r->sampler->chains,
                                                 .threads = r->o.threads,
                                                 .stop = stop,
                                                 .u = r->sampler->u};
    const enum glb_train_count count =
        r->sampler->nsums ? GLB_TRAIN_COUNT_DEVICE : GLB_TRAIN_COUNT_HOST;
    memset(out, 0, sizeof *out);
    if (r->s.step != 0)
        return glb_fail(GLB_ERR_ARGUMENT, "only the first batches of a training can be verified");
    enum glb_status s = glb_train_sampler_open(r->t, &r->o, count, &so, &other);
    if (s == GLB_OK)
        s = glb_trainer_open_on(r->t, r->data, r->sampler, &r->o, &a);
    if (s == GLB_OK)
        s = glb_trainer_open_on(r->t, r->data, &other, &r->o, &b);
    if (s == GLB_OK)
        snprintf(out->device, sizeof out->device, "%s", other.describe(other.self));
    for (int k = 1; s == GLB_OK && k <= steps; k++) {
        s = glb_trainer_step(a);
        if (s == GLB_OK)
            s = glb_trainer_step(b);
        if (s == GLB_OK)
            s = compare(a, b, k, out);
    }
    glb_trainer_close(a);
    glb_trainer_close(b);
    glb_layer_sampler_close(&other);
    out->seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    return s;
}
