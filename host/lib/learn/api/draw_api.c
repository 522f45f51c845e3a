/* Pictures, for the public interface. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include "learn/api/kept_sampler.h"
#include "base/sized.h"
#include "learn/draw/draw.h"

enum { MOST_PICTURES = 1 << 16 };

static const struct glb_draw_options defaults = {.size = sizeof defaults,
                                                 .device = "emu",
                                                 .sweeps = 6000,
                                                 .average = 300,
                                                 .beta = 0.9,
                                                 .seed = 1};

void glb_draw_options_init(struct glb_draw_options *o, size_t size) {
    glb_sized_init(o, size, &defaults, sizeof defaults);
}

/* The caller's options, and the model's sampler of one chain a picture. */
static enum glb_status prepare(struct glb_model *m, const struct glb_draw_options *options,
                               int pictures, struct glb_drawing *out,
                               struct glb_layer_sampler **sampler) {
    struct glb_draw_options o = defaults;
    enum glb_status s =
        options ? glb_sized_take(&o, sizeof o, options, "glb_draw_options") : GLB_OK;
    if (s != GLB_OK)
        return s;
    if (o.sweeps < 10 || o.sweeps > 10000000 || o.average < 1 || o.average > o.sweeps / 10 ||
        !(o.beta > 0 && isfinite(o.beta)))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "glb_draw_options: %d sweeps, %d averaged, beta %g; sweeps are 10 to "
                        "10000000, at most a tenth of them averaged, beta is above 0",
                        o.sweeps, o.average, o.beta);
    if (pictures > MOST_PICTURES)
        return glb_fail(GLB_ERR_ARGUMENT, "%d pictures; at most %d at a time", pictures,
                        MOST_PICTURES);
    *out = (struct glb_drawing){
        .columns = 1, .sweeps = o.sweeps, .beta = o.beta, .average = o.average, .seed = o.seed};
    const struct glb_layer_sampler_options so = {.device = o.device,
                                                 .array = o.array,
                                                 .chains = pictures,
                                                 .layers = (1u << (m->t.nlayers - 1)) - 1};
    return kept_sampler_open(m, &so, sampler);
}

enum glb_status glb_model_draw(struct glb_model *m, int each, const struct glb_draw_options *o,
                               uint8_t *grey) {
    struct glb_drawing drawing;
    struct glb_layer_sampler *sampler;
    struct glb_job_counters counters;
    if (each < 1 || each > MOST_PICTURES / m->t.classes)
        return glb_fail(GLB_ERR_ARGUMENT, "%d pictures a class; 1 to %d are possible", each,
                        MOST_PICTURES / m->t.classes);
    enum glb_status s = prepare(m, o, each * m->t.classes, &drawing, &sampler);
    if (s != GLB_OK)
        return s;
    drawing.columns = each;
    s = glb_draw_digits(&m->t, sampler, &drawing, grey, &counters);
    if (s != GLB_OK && s != GLB_ERR_ARGUMENT)
        kept_sampler_close(m); /* the device may be in any state */
    return s;
}

/* Images with known labels as the model sees them, and which of their pixels stay. */
static enum glb_status take_images(const struct glb_model *m, const uint8_t *grey,
                                   const uint8_t *label, int count, int height, int width,
                                   const uint8_t *keep, struct glb_dataset *d, bool **held,
                                   int32_t **index) {
    enum glb_status s =
        glb_dataset_copy(grey, label, count, height, width, m->t.classes, m->binarise, d);
    if (s == GLB_OK)
        s = glb_dataset_fits(d, m->t.width, m->t.height, m->t.classes);
    if (s != GLB_OK)
        return s;
    *held = calloc((size_t)height * (size_t)width, sizeof **held);
    *index = malloc((size_t)count * sizeof **index);
    if (!*held || !*index)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d pictures", count);
    for (int p = 0; keep && p < height * width; p++)
        (*held)[p] = keep[p] != 0;
    for (int c = 0; c < count; c++)
        (*index)[c] = c;
    return GLB_OK;
}

enum glb_status glb_model_inpaint(struct glb_model *m, const uint8_t *grey, const uint8_t *label,
                                  int count, int height, int width, const uint8_t *keep,
                                  const struct glb_draw_options *o, uint8_t *out) {
    struct glb_dataset d = {0};
    struct glb_drawing drawing;
    struct glb_layer_sampler *sampler;
    struct glb_job_counters counters;
    bool *held = NULL;
    int32_t *index = NULL;
    enum glb_status s = take_images(m, grey, label, count, height, width, keep, &d, &held, &index);
    if (s == GLB_OK)
        s = prepare(m, o, count, &drawing, &sampler);
    if (s == GLB_OK) {
        s = glb_draw_inpaint(&m->t, sampler, &d, index, count, keep ? held : NULL, &drawing, out,
                             &counters);
        if (s != GLB_OK && s != GLB_ERR_ARGUMENT)
            kept_sampler_close(m); /* the device may be in any state */
    }
    free(held);
    free(index);
    glb_dataset_clear(&d);
    return s;
}
