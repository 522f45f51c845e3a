/* Drawing digits: chain class * columns + column draws one picture. SPDX-License-Identifier:
 * Apache-2.0 */
#include "learn/draw/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "learn/data/dataset.h"

enum { TAG_START = 500, TAG_DRAW, STAGES = 36 };

static const double BETA_HOT = 1.0 / 16;

enum glb_status glb_draw_check(const struct glb_topology *t) {
    return t->pixel_of
               ? glb_fail(GLB_ERR_ARGUMENT,
                          "the machine %s shows some pixels several times and others not at all, "
                          "so it cannot draw; take one with each pixel once",
                          t->spec)
               : GLB_OK;
}

struct ink {
    uint32_t *count; /* [picture][pixel] sweeps in which it was on */
    int pixels, words, pictures;
};

static int add_ink(void *user, uint32_t sample, const uint64_t *planes) {
    struct ink *k = user;
    (void)sample;
    for (int p = 0; p < k->pixels; p++)
        for (int c = 0; c < k->pictures; c++)
            k->count[(size_t)c * k->pixels + p] +=
                planes[(size_t)p * k->words + (c >> 6)] >> (c & 63) & 1;
    return 0;
}

/* Random states, labels by class; planes: [n][words]. */
static void start(const struct glb_topology *t, const struct glb_drawing *o, int words,
                  uint64_t *planes) {
    for (int i = 0; i < t->graph->n; i++) {
        const struct glb_layer *l = &t->layer[t->layer_of[i]];
        uint64_t *plane = planes + (size_t)i * words;
        for (int w = 0; w < words; w++)
            plane[w] = glb_random_at(o->seed, TAG_START, (uint64_t)i, (uint64_t)w);
        if (l->kind != GLB_LAYER_LABELS)
            continue;
        const int class = (i - l->first) % t->classes;
        memset(plane, 0, sizeof *plane * words);
        for (int c = 0; c < words * 64; c++)
            plane[c >> 6] |= (uint64_t)(c / o->columns % t->classes == class) << (c & 63);
    }
}

static enum glb_status set_all(const struct glb_topology *t, struct glb_layer_sampler *s,
                               const uint64_t *planes) {
    enum glb_status status = GLB_OK;
    for (int l = 0; l < t->nlayers && status == GLB_OK; l++)
        status = s->set_layer(s->self, l, planes + (size_t)t->layer[l].first * s->words);
    return status;
}

/* Anneals the hidden layers, then the pixels, with the labels as they are; grey gets the pixels'
 * means. */
static enum glb_status anneal(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                              const struct glb_drawing *o, int pictures, uint8_t *grey,
                              struct glb_job_counters *counters) {
    const int pixels = t->layer[0].count;
    if (o->average < 1 || o->sweeps < 10 || o->average > o->sweeps / 10)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "%d sweeps, %d averaged; the last tenth can be averaged at most", o->sweeps,
                        o->average);
    struct ink ink = {calloc((size_t)pictures * pixels, sizeof(uint32_t)), pixels, sampler->words,
                      pictures};
    if (!ink.count)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d pictures", pictures);
    struct glb_step stage[STAGES + 1];
    const double last = o->beta > 0 ? o->beta : 1;
    const int cold = o->sweeps / 10, warm = o->sweeps - cold;
    int used = 0;
    for (int k = 0; k < STAGES; k++) {
        const int until = (int)((long)warm * (k + 1) / STAGES);
        stage[k] =
            (struct glb_step){BETA_HOT + (last - BETA_HOT) * k / STAGES, (uint32_t)(until - used)};
        used = until;
    }
    stage[STAGES] = (struct glb_step){last, (uint32_t)cold};
    struct glb_layer_run request = {.seed = glb_random_at(o->seed, TAG_DRAW, 0, 0),
                                    .read = 1,
                                    .burn_in = (uint32_t)(o->sweeps - o->average),
                                    .interval = 1,
                                    .nsteps = STAGES + 1,
                                    .steps = stage};
    for (int l = 1; l < t->nlayers - 1; l++)
        request.order[request.norder++] = l;
    request.order[request.norder++] = 0;
    const enum glb_status s = sampler->run(sampler->self, &request, add_ink, &ink, counters);
    for (size_t k = 0; s == GLB_OK && k < (size_t)pictures * pixels; k++)
        grey[k] = (uint8_t)((ink.count[k] * 255u + o->average / 2) / o->average);
    free(ink.count);
    return s;
}

enum glb_status glb_draw_digits(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                const struct glb_drawing *o, uint8_t *grey,
                                struct glb_job_counters *counters) {
    const int pictures = t->classes * o->columns;
    const enum glb_status bad = glb_draw_check(t);
    if (bad != GLB_OK)
        return bad;
    if (o->columns < 1 || pictures > sampler->chains)
        return glb_fail(GLB_ERR_ARGUMENT, "%d pictures a class need %d chains; there are %d",
                        o->columns, pictures, sampler->chains);
    uint64_t *planes = calloc((size_t)t->graph->n * sampler->words, sizeof *planes);
    if (!planes)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d pictures", pictures);
    start(t, o, sampler->words, planes);
    enum glb_status s = set_all(t, sampler, planes);
    if (s == GLB_OK)
        s = anneal(t, sampler, o, pictures, grey, counters);
    glb_layer_sampler_release(sampler, t);
    free(planes);
    return s;
}

/* The images' labels, and those of their pixels that are kept, over random states. */
static void lay_images(const struct glb_topology *t, const struct glb_dataset *d,
                       const int32_t *index, int count, const bool *held, int words,
                       uint64_t *image, uint64_t *planes) {
    const struct glb_layer *labels = &t->layer[t->nlayers - 1];
    glb_dataset_lay_labels(d, index, count, words, t->classes, labels->count / t->classes,
                           planes + (size_t)labels->first * words);
    glb_dataset_lay_images(d, index, NULL, NULL, count, words, image);
    for (int p = 0; p < t->layer[0].count; p++)
        if (held[p])
            memcpy(planes + (size_t)p * words, image + (size_t)p * words, sizeof *planes * words);
}

/* Anneals with single p-bits held, and lets them go. */
static enum glb_status anneal_around(const struct glb_topology *t,
                                     struct glb_layer_sampler *sampler, const bool *held,
                                     const struct glb_drawing *o, int pictures, uint8_t *grey,
                                     struct glb_job_counters *counters) {
    enum glb_status s = sampler->clamp(sampler->self, held);
    if (s == GLB_OK)
        s = anneal(t, sampler, o, pictures, grey, counters);
    return glb_layer_sampler_unclamp(sampler, s);
}

enum glb_status glb_draw_inpaint(const struct glb_topology *t, struct glb_layer_sampler *sampler,
                                 const struct glb_dataset *d, const int32_t *index, int count,
                                 const bool *keep, const struct glb_drawing *o, uint8_t *grey,
                                 struct glb_job_counters *counters) {
    const int pixels = t->layer[0].count, words = sampler->words;
    if (count < 1 || count > sampler->chains)
        return glb_fail(GLB_ERR_ARGUMENT, "%d pictures need as many chains; there are %d", count,
                        sampler->chains);
    enum glb_status s = glb_draw_check(t);
    if (s == GLB_OK)
        s = glb_dataset_fits(d, t->width, t->height, t->classes);
    if (s != GLB_OK)
        return s;
    bool *held = calloc((size_t)t->graph->n, sizeof *held);
    uint64_t *planes = calloc((size_t)t->graph->n * words, sizeof *planes);
    uint64_t *image = calloc((size_t)pixels * words, sizeof *image);
    if (held && planes && image) {
        for (int p = 0; p < pixels; p++)
            held[p] = glb_draw_keeps(d, keep, p);
        start(t, o, words, planes);
        lay_images(t, d, index, count, held, words, image, planes);
        s = set_all(t, sampler, planes);
        if (s == GLB_OK)
            s = anneal_around(t, sampler, held, o, count, grey, counters);
        glb_layer_sampler_release(sampler, t);
    } else {
        s = glb_fail(GLB_ERR_MEMORY, "no memory for %d pictures", count);
    }
    free(held);
    free(planes);
    free(image);
    return s;
}

void glb_draw_weights(const struct glb_topology *t, const double *J, int count, uint8_t *grey) {
    const struct glb_layer *h1 = &t->layer[1];
    const int pixels = t->layer[0].count, size = glb_topology_pixels(t);
    double most = 0;
    memset(grey, 128, (size_t)count * (size_t)size);
    for (int e = 0; e < t->graph->m; e++)
        if (t->graph->ei[e] < pixels && fabs(J[e]) > most)
            most = fabs(J[e]);
    for (int e = 0; e < t->graph->m; e++) {
        const int p = t->graph->ei[e];
        const int64_t unit = t->graph->ej[e] - h1->first;
        if (p >= pixels || unit < 0 || unit >= h1->count)
            continue;
        /* the tile that shows this unit, if one does */
        const int64_t tile = (unit * count + h1->count - 1) / h1->count;
        if (most > 0 && tile < count && tile * h1->count / count == unit)
            grey[tile * size + (t->pixel_of ? t->pixel_of[p] : p)] =
                (uint8_t)lround(128 + 127 * J[e] / most);
    }
}
