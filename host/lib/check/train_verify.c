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
        if (!(a->free_layers >> a->t->layer_of[i] & 1))
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

static enum glb_status compare(const struct glb_trainer *a, const struct glb_trainer *b, int step,
                               const char *device, uint64_t *bits) {
    enum glb_status s =
        compare_phase(&a->statistics[TRAINER_POSITIVE], &b->statistics[TRAINER_POSITIVE],
                      "positive", step, device, bits);
    if (s == GLB_OK)
        s = compare_phase(&a->statistics[TRAINER_NEGATIVE], &b->statistics[TRAINER_NEGATIVE],
                          "negative", step, device, bits);
    if (s == GLB_OK && a->o.generative > 0)
        s = compare_phase(&a->statistics[TRAINER_FREE], &b->statistics[TRAINER_FREE],
                          "free-running", step, device, bits);
    const size_t p = (size_t)a->t->graph->m + (size_t)a->t->graph->n;
    if (s == GLB_OK && memcmp(a->s.weight, b->s.weight, p * sizeof(float)) != 0)
        s = glb_fail(GLB_ERR_DEVICE, "batch %d: same samples, but other weights than with %s", step,
                     device);
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
                                                 .u = r->sampler->u,
                                                 .layers = glb_train_layers(r->t, &r->o)};
    memset(out, 0, sizeof *out);
    if (r->s.step != 0)
        return glb_fail(GLB_ERR_ARGUMENT, "only the first batches of a training can be verified");
    enum glb_status s = glb_layer_sampler_open(r->t, &so, &other);
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
            s = compare(a, b, k, out->device, &out->bits);
    }
    glb_trainer_close(a);
    glb_trainer_close(b);
    glb_layer_sampler_close(&other);
    out->seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    return s;
}
