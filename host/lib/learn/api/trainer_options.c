/* The public options of a training: defaults, ranges, translation. SPDX-License-Identifier:
 * Apache-2.0 */
#include "learn/api/trainer_options.h"

#include "base/sized.h"

static void defaults(struct glb_trainer_options *o, const struct glb_topology *t,
                     enum glb_train_method method) {
    struct glb_train_options i;
    glb_train_defaults(t, &i);
    if (method == GLB_TRAIN_DRAWING)
        glb_train_defaults_drawing(&i);
    if (method == GLB_TRAIN_CONTRAST)
        glb_train_defaults_contrast(t, &i);
    if (method == GLB_TRAIN_PCD || method == GLB_TRAIN_HYBRID) {
        i.generative = method == GLB_TRAIN_PCD ? 1 : 0.1;
        i.positive = i.negative = i.free_sweeps;
    }
    if (method == GLB_TRAIN_PCD)
        i.discriminative = 0;
    *o = (struct glb_trainer_options){.size = sizeof *o,
                                      .device = "emu",
                                      .seed = i.seed,
                                      .batch = method == GLB_TRAIN_DRAWING ? GLB_DRAW_BATCH
                                                                           : GLB_TRAIN_BATCH,
                                      .epochs = i.epochs,
                                      .rate = i.rate,
                                      .hidden_rate = i.relative[GLB_H1_H2],
                                      .label_rate = i.relative[GLB_LABEL],
                                      .pixel_decay = i.decay[GLB_PIXEL_H1],
                                      .hidden_decay = i.decay[GLB_H1_H2],
                                      .label_decay = i.decay[GLB_LABEL],
                                      .start = i.start_sigma[GLB_PIXEL_H1],
                                      .bits = i.bits,
                                      .warm_up = i.warm_up,
                                      .average = i.average,
                                      .positive_burn = i.positive_burn,
                                      .positive = i.positive,
                                      .negative_burn = i.negative_burn,
                                      .negative = i.negative,
                                      .free_sweeps = i.free_sweeps,
                                      .discriminative = i.discriminative,
                                      .generative = i.generative,
                                      .hold_labels = i.hold_labels,
                                      .common_noise = i.common_noise,
                                      .restart = i.restart,
                                      .shift = i.shift,
                                      .warp = i.warp,
                                      .dropout = i.dropout,
                                      .readout_beta = i.readout_beta,
                                      .count = GLB_TRAIN_COUNT_AUTO,
                                      .contrast = i.contrast,
                                      .read_burn = i.read_burn,
                                      .read = i.read};
}

void glb_trainer_options_init(struct glb_trainer_options *o, size_t size,
                              const struct glb_topology *t, enum glb_train_method method) {
    struct glb_trainer_options own;
    defaults(&own, t, method);
    glb_sized_init(o, size, &own, sizeof own);
}

static enum glb_status check(const struct glb_trainer_options *o) {
    const struct {
        const char *name;
        double value, lowest, highest;
    } range[] = {{"batch", o->batch, 64, 1 << 16},
                 {"epochs", o->epochs, 1e-6, 1e6},
                 {"rate", o->rate, 1e-9, 10},
                 {"hidden_rate", o->hidden_rate, 0, 100},
                 {"label_rate", o->label_rate, 0, 100},
                 {"pixel_decay", o->pixel_decay, 0, 100},
                 {"hidden_decay", o->hidden_decay, 0, 100},
                 {"label_decay", o->label_decay, 0, 100},
                 {"start", o->start, 0, 10},
                 {"bits", o->bits ? o->bits : 2, 2, 8},
                 {"warm_up", o->warm_up, 0, 1},
                 {"average", o->average, 0, 1},
                 {"positive_burn", o->positive_burn, 0, 10000},
                 {"positive", o->positive, 1, 255},
                 {"negative_burn", o->negative_burn, 0, 10000},
                 {"negative", o->negative, 1, 255},
                 {"free_sweeps", o->free_sweeps, 1, 255},
                 {"discriminative", o->discriminative, 0, 100},
                 {"generative", o->generative, 0, 100},
                 {"hold_labels", o->hold_labels, 0, 1},
                 {"common_noise", o->common_noise, 0, 1},
                 {"restart", o->restart, 0, 1},
                 {"shift", o->shift, 0, 8},
                 {"warp", o->warp, 0, 4},
                 {"dropout", o->dropout, 0, 0.9},
                 {"readout_beta", o->readout_beta, 1e-3, 1e3},
                 {"count", o->count, GLB_TRAIN_COUNT_AUTO, GLB_TRAIN_COUNT_DEVICE},
                 {"contrast", o->contrast, 0, 1},
                 {"read_burn", o->read_burn, 0, 10000},
                 {"read", o->read, 1, 255}};
    for (size_t k = 0; k < sizeof range / sizeof range[0]; k++)
        if (!(range[k].value >= range[k].lowest && range[k].value <= range[k].highest))
            return glb_fail(GLB_ERR_ARGUMENT, "glb_trainer_options: %s is %g; it must be %g to %g",
                            range[k].name, range[k].value, range[k].lowest, range[k].highest);
    if (!o->device)
        return glb_fail(GLB_ERR_ARGUMENT, "glb_trainer_options: device is NULL; \"emu\" for one");
    return GLB_OK;
}

enum glb_status trainer_options_take(const struct glb_trainer_options *given,
                                     const struct glb_topology *t, struct glb_trainer_options *o,
                                     struct glb_train_options *train) {
    defaults(o, t, GLB_TRAIN_CONDITIONAL);
    enum glb_status s = given ? glb_sized_take(o, sizeof *o, given, "glb_trainer_options") : GLB_OK;
    if (s == GLB_OK)
        s = check(o);
    if (s != GLB_OK)
        return s;
    glb_train_defaults(t, train);
    train->seed = o->seed;
    train->epochs = o->epochs;
    train->rate = o->rate;
    train->relative[GLB_H1_H2] = o->hidden_rate;
    train->relative[GLB_LABEL] = o->label_rate;
    train->decay[GLB_PIXEL_H1] = o->pixel_decay;
    train->decay[GLB_H1_H2] = o->hidden_decay;
    train->decay[GLB_LABEL] = o->label_decay;
    train->start_sigma[GLB_PIXEL_H1] = o->start;
    train->bits = o->bits;
    train->warm_up = o->warm_up;
    train->average = o->average;
    train->positive_burn = o->positive_burn;
    train->positive = o->positive;
    train->negative_burn = o->negative_burn;
    train->negative = o->negative;
    train->free_sweeps = o->free_sweeps;
    train->discriminative = o->discriminative;
    train->generative = o->generative;
    train->hold_labels = o->hold_labels;
    train->common_noise = o->common_noise;
    train->restart = o->restart;
    train->shift = o->shift;
    train->warp = o->warp;
    train->dropout = o->dropout;
    train->readout_beta = o->readout_beta;
    train->contrast = o->contrast;
    train->read_burn = o->read_burn;
    train->read = o->read;
    return GLB_OK;
}
