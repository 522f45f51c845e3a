/* The options of `glauber train`. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "tool/options/common.h"
#include "tool/train/training.h"

static const char *const methods[] = {
    [METHOD_CONDITIONAL] = "conditional", [METHOD_PCD] = "pcd",
    [METHOD_HYBRID] = "hybrid",           [METHOD_DRAWING] = "drawing",
    [METHOD_CONTRAST] = "contrast",       NULL};

static const char *const counts[] = {[GLB_TRAIN_COUNT_AUTO] = "auto",
                                     [GLB_TRAIN_COUNT_HOST] = "host",
                                     [GLB_TRAIN_COUNT_DEVICE] = "device",
                                     NULL};

void training_defaults(struct training *r) {
    glb_train_defaults(&r->t, &r->o);
    if (r->method == METHOD_DRAWING)
        glb_train_defaults_drawing(&r->o);
    if (r->method == METHOD_CONTRAST)
        glb_train_defaults_contrast(&r->t, &r->o);
    if (r->method == METHOD_PCD || r->method == METHOD_HYBRID) {
        r->o.generative = r->method == METHOD_PCD ? 1 : 0.1;
        r->o.positive = r->o.negative = r->o.free_sweeps;
    }
    if (r->method == METHOD_PCD)
        r->o.discriminative = 0;
    if (!r->batch)
        r->batch = r->method == METHOD_DRAWING ? GLB_DRAW_BATCH : GLB_TRAIN_BATCH;
}

/* The defaults in words follow glb_train_defaults(); tests/unit/tool compares them. */
struct cli_command training_command_line(struct training *r, struct cli_option *table) {
    struct glb_train_options *o = &r->o;
    const struct cli_option rows[] = {
        {CLI_ROW_OUTPUT(&r->output, "out/model.h5", "the model file"), .group = "Files"},
        {CLI_ROW_DATA(&r->data, "folder of a labelled image set (IDX, NumPy or PNG files), or two "
                                "files: IMAGES,LABELS")},
        {"checkpoint", CLI_TEXT, &r->checkpoint, "FILE", 0, 0, NULL,
         .otherwise = "MODEL.checkpoint", .help = "state of the training, also written on Ctrl-C"},
        {"save-every", CLI_REAL, &r->save_every, "SECONDS", 0, 1e9, "60",
         .help = "time between checkpoints; 0: after every batch"},
        {"resume", CLI_FLAG, &r->resume, NULL, 0, 0, NULL,
         .help = "continue the checkpoint, bit for bit; options that are part of it may be left "
                 "out and cannot be changed, but for more --epochs"},
        {"keep-checkpoint", CLI_FLAG, &r->keep, NULL, 0, 0, NULL,
         .help = "keep the checkpoint at the end, for --resume with more --epochs"},
        {"first", CLI_INT, &r->first, "N", 0, 1 << 24, "0", .help = "first image to train on",
         .group = "Images", .kept = 1},
        {"images", CLI_INT, &r->images, "N", 1, 1 << 24, NULL, .otherwise = "all",
         .help = "number of images to train on", .kept = 1},
        {"binarise", CLI_TEXT, &r->binarise, "NAME", 0, 0, "threshold",
         .help = "threshold (=127), threshold=N, nonzero, stochastic, or several planes, as in "
                 "threshold=64+128 (with planes=2 in the topology)"},
        {"shift", CLI_INT, &o->shift, "N", 0, 8, NULL, .otherwise = "1; drawing: 0",
         .help = "images move by up to N pixels each way", .kept = 1},
        {"warp", CLI_REAL, &o->warp, "X", 0, 4, NULL, .otherwise = "0.5; drawing: 0",
         .help = "strength of turns, scales and shears of the images", .kept = 1},
        {"topology", CLI_TEXT, &r->topology, "SPEC", 0, 0, "local",
         .help = "NAME or NAME:key=value,...; the names are below", .group = "Machine"},
        {"bits", CLI_INT, &o->bits, "N", 2, 8, NULL, .otherwise = "those of the array",
         .help = "bits of a coupling", .kept = 1},
        {"readout-beta", CLI_REAL, &o->readout_beta, "X", 0.01, 10, NULL,
         .otherwise = "0.9; contrast: 1",
         .help = "inverse temperature at which eval reads the labels; stored in the model",
         .kept = 1},
        {"describe", CLI_FLAG, &r->describe, NULL, 0, 0, NULL,
         .help = "print size and schedule of the machine, then exit"},
        {"method", CLI_CHOICE, &r->method, "NAME", 0, 0, "conditional", .choices = methods,
         .help =
             "conditional: labels of given images; pcd: all p-bits by persistent chains; "
             "hybrid: both; drawing: hybrid with settings for machines that draw; contrast: labels "
             "are read, and images that read wrong are compared with both labels",
         .group = "Training"},
        {"epochs", CLI_REAL, &o->epochs, "X", 1e-6, 1e6, NULL,
         .otherwise = "45; drawing: 25; contrast: 90; lattice contrast: 60",
         .help = "passes over the images", .kept = 1},
        {"batch", CLI_INT, &r->batch, "N", 64, 1 << 16, NULL, .otherwise = "1024; drawing: 512",
         .help = "images of a step, a multiple of 64", .kept = 1},
        {CLI_ROW_SEED(&o->seed, "of topology, start, noise and order of the images"), .kept = 1},
        {"rate", CLI_REAL, &o->rate, "X", 1e-9, 10, NULL,
         .otherwise = "0.03; deep: 0.035; drawing: 0.02; contrast: 0.03",
         .help = "highest rate of Adam", .kept = 1},
        {"hidden-rate", CLI_REAL, &o->relative[GLB_H1_H2], "X", 0, 100, NULL,
         .otherwise = "0.1; lattice contrast: 0.4; structured contrast: 0.1",
         .help = "rate of couplings between hidden units, in units of --rate", .kept = 1},
        {"label-rate", CLI_REAL, &o->relative[GLB_LABEL], "X", 0, 100, NULL,
         .otherwise = "0.1; deep: 0.003; drawing: 1; contrast: 0.1",
         .help = "rate of label couplings, in units of --rate", .kept = 1},
        {"pixel-decay", CLI_REAL, &o->decay[GLB_PIXEL_H1], "X", 0, 100, NULL, .otherwise = "0",
         .help = "decay of pixel couplings, in units of the rate", .kept = 1},
        {"hidden-decay", CLI_REAL, &o->decay[GLB_H1_H2], "X", 0, 100, NULL,
         .otherwise = "0.3; lattice contrast: 0", .help = "decay of couplings between hidden units",
         .kept = 1},
        {"decay", CLI_REAL, &o->decay[GLB_LABEL], "X", 0, 100, NULL, .otherwise = "0.3; drawing: 0",
         .help = "decay of label couplings", .kept = 1},
        {"start", CLI_REAL, &o->start_sigma[GLB_PIXEL_H1], "X", 0, 10, NULL,
         .otherwise = "0.2; deep: 0.3; lattice contrast: 0.25",
         .help = "standard deviation of the pixel couplings at the start", .kept = 1},
        {"warm-up", CLI_REAL, &o->warm_up, "X", 0, 1, NULL, .otherwise = "0.02",
         .help = "share of the steps in which the rate rises", .kept = 1},
        {"average", CLI_REAL, &o->average, "X", 0, 1, NULL, .otherwise = "0.2",
         .help = "share of the steps, at the end, whose weights are averaged", .kept = 1},
        {"dropout", CLI_REAL, &o->dropout, "X", 0, 0.9, NULL, .otherwise = "0",
         .help = "share of h1 units left out of a batch", .kept = 1},
        {"positive", CLI_INT, &o->positive, "N", 1, 255, NULL,
         .otherwise = "10; local conditional: 6; drawing: 8",
         .help = "sweeps averaged in the positive phase", .group = "Phases", .kept = 1},
        {"positive-burn", CLI_INT, &o->positive_burn, "N", 0, 10000, NULL,
         .otherwise = "2; drawing: 0; contrast: 0; deep contrast: 2; lattice contrast: 2",
         .help = "sweeps dropped before them", .kept = 1},
        {"negative", CLI_INT, &o->negative, "N", 1, 255, NULL,
         .otherwise = "10; local conditional: 6; drawing: 20",
         .help = "sweeps averaged in the negative phase", .kept = 1},
        {"negative-burn", CLI_INT, &o->negative_burn, "N", 0, 10000, NULL,
         .otherwise = "2; drawing: 0; contrast: 0; deep contrast: 2; lattice contrast: 2",
         .help = "sweeps dropped before them", .kept = 1},
        {"common-noise", CLI_INT, &o->common_noise, "0|1", 0, 1, NULL, .otherwise = "1; drawing: 0",
         .help = "1: both phases draw the same noise and differ only where labels do; needs as "
                 "many sweeps in both",
         .kept = 1},
        {"restart", CLI_REAL, &o->restart, "X", 0, 1, NULL,
         .otherwise = "0; deep: 0.05; contrast: 0",
         .help = "share of negative phases, or of readings, that start anew", .kept = 1},
        {"read", CLI_INT, &o->read, "N", 1, 255, NULL,
         .otherwise = "2; lattice contrast: 8; random contrast: 16",
         .help = "contrast: sweeps in which labels are read", .kept = 1},
        {"read-burn", CLI_INT, &o->read_burn, "N", 0, 10000, NULL,
         .otherwise = "1; lattice contrast: 2", .help = "sweeps dropped before them", .kept = 1},
        {"generative", CLI_REAL, &o->generative, "X", 0, 100, NULL,
         .otherwise = "0; pcd: 1; hybrid: 0.1; drawing: 3",
         .help = "weight of the free-running phase, whose chains persist; 0: none", .kept = 1},
        {"free-sweeps", CLI_INT, &o->free_sweeps, "N", 1, 255, NULL, .otherwise = "10",
         .help = "sweeps averaged in the free-running phase", .kept = 1},
        {"hold-labels", CLI_INT, &o->hold_labels, "0|1", 0, 1, NULL, .otherwise = "1",
         .help = "1: a free-running chain keeps its class, as in drawing; 0: it changes it",
         .kept = 1},
        {CLI_ROW_DEVICE(&r->device), .group = "Device"},
        {CLI_ROW_FITTING_ARRAY(&r->array)},
        {CLI_ROW_THREADS(&r->threads)},
        {"count", CLI_CHOICE, &r->count, "NAME", 0, 0, "auto", .choices = counts,
         .help =
             "who sums how often p-bits agree: device (as far as its array has room; far fewer "
             "bytes), host (from samples), auto (the device, but the host for emu); the weights "
             "are the same"},
        {"verify-sim", CLI_INT, &r->verify, "N", 0, 1000, "0",
         .help = "run the first N batches on the simulated RTL too and compare all bits"},
        {CLI_ROW_MHZ(&r->mhz)},
        {CLI_ROW_JSON(&r->json), .group = "Output"},
    };
    static const struct cli_rule rules[] = {
        {"describe", CLI_EXCLUDES, "json save-every verify-sim keep-checkpoint", NULL},
    };
    _Static_assert(sizeof rows / sizeof rows[0] <= TRAINING_OPTIONS, "rows");
    memcpy(table, rows, sizeof rows);
    return (struct cli_command){
        .name = "train",
        .about = "Trains a sparse Boltzmann machine on labelled images and writes a model file.\n"
                 "docs/training.md explains methods, topologies and files.",
        .notes = glb_topology_help(),
        .option = table,
        .options = sizeof rows / sizeof rows[0],
        .rule = rules,
        .rules = sizeof rules / sizeof rules[0]};
}
