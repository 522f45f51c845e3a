/* glauber train: its options. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "tool/cli.h"
#include "tool/fields.h"
#include "tool/cmd_train.h"

static const char HELP[] =
    "usage: glauber train [options]\n\n"
    "Trains a sparse Boltzmann machine on labelled images and writes a model file.\n\n"
    "  -o FILE           the model (out/model.h5)\n"
    "  --data DIR        folder of the IDX files (data/mnist)\n"
    "  --topology SPEC   NAME or NAME:key=value,...  (local)\n"
    "        local       pixels - hidden - labels: hidden=1005, fan=20 pixels each of a window=9\n"
    "        blocks      four hidden units share their pixels: hidden=632, fan=36, window=10\n"
    "        deep        pixels - h1 - h2 (- h3) - labels: h1=1005, h2=10, h3=0, fan=20, window=9\n"
    "        pegasus     pixels, labels and hidden units at random places: m=14, copies=5 of "
    "labels\n"
    "        file:PATH   a graph file: pixels first, labels=10 last\n"
    "  --epochs X, --batch N, --seed N      (45, 1024, 1)\n"
    "  --binarise NAME   threshold[=127], nonzero, stochastic, or planes: threshold=64+128\n"
    "                    (with planes=2 in a local or deep topology)\n"
    "  --method NAME     conditional: labels of given images (default); pcd: all p-bits by "
    "persistent\n"
    "                    chains; hybrid: both, the second with weight --generative X (0.1);\n"
    "                    drawing: hybrid with what makes a machine draw digits (25 epochs of\n"
    "                    batches of 512 and other defaults)\n"
    "  --rate X          Adam's highest; --hidden-rate X, --label-rate X: of hidden-hidden and "
    "label\n"
    "                    couplings in units of it; --hidden-decay X, --decay X: their decay\n"
    "  --start X         sigma of the pixel couplings at the start\n"
    "  --warm-up X, --average X             share of the steps at the start; averaged at the end\n"
    "  --positive N, --negative N, --free-sweeps N   sweeps averaged in each phase\n"
    "  --hold-labels 0|1 persistent chains keep a class each, as in drawing (1), or change it\n"
    "  --positive-burn N, --negative-burn N          sweeps dropped before\n"
    "  --restart X       share of negative phases that start anew\n"
    "  --common-noise 0|1   1 (default): both phases draw the same noise, and differ only where\n"
    "                    labels do\n"
    "  --shift N, --warp X, --dropout X     images move by N pixels, turn and stretch; share of "
    "h1\n"
    "                    left out of a batch\n"
    "  --readout-beta X  inverse temperature at which `eval` reads the labels; kept in the model\n"
    "  --bits N          of a coupling (the array's)\n"
    "  --first N, --images N   train on these images only (all)\n"
    "  --device NAME     emu (default) or sim; --array NAME (ulx3s-85, or big where that is too "
    "small)\n"
    "  --threads N       results do not depend on it (all cores)\n"
    "  --checkpoint FILE written every --save-every SECONDS (60) and on Ctrl-C (MODEL.checkpoint)\n"
    "  --resume          continue the checkpoint, bit for bit\n"
    "  --verify-sim N    runs the first N batches on the simulated RTL too and compares all bits\n"
    "  --mhz X           clock of the array, for the device time (100)\n"
    "  --describe        only says what the machine is like\n"
    "  --json            one JSON object as the last line\n";

/* The folder of a file that will be written. */
static int make_folder(const char *path) {
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return 0;
    *slash = 0;
    if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        return 0;
    return cli_usage("%s: the folder cannot be made: %s", folder, strerror(errno));
}

static int choose_method(const char *name, struct cli_training *r) {
    struct glb_train_options *o = &r->o;
    if (!name || strcmp(name, "conditional") == 0)
        return 0;
    if (strcmp(name, "drawing") == 0) {
        glb_train_defaults_drawing(o);
        if (!r->batch)
            r->batch = GLB_DRAW_BATCH;
        return 0;
    }
    o->generative = strcmp(name, "pcd") == 0 ? 1 : 0.1;
    o->discriminative = strcmp(name, "hybrid") == 0;
    return strcmp(name, "pcd") == 0 || o->discriminative
               ? 0
               : cli_usage("--method %s: there are conditional, pcd, hybrid and drawing", name);
}

/* Copies those fields of `from` that were given to the same place of `to`. */
static void take_given(const struct cli_field *fields, int count,
                       const struct glb_train_options *from, struct glb_train_options *to) {
    const char *first = (const char *)from;
    for (int i = 0; i < count; i++) {
        const char *v = fields[i].value;
        if (!fields[i].given || v < first || v >= first + sizeof *from)
            continue;
        const size_t size = fields[i].kind == CLI_INT    ? sizeof(int)
                            : fields[i].kind == CLI_REAL ? sizeof(double)
                                                         : sizeof(uint64_t);
        memcpy((char *)to + (v - first), v, size);
    }
}

int glb_cmd_train(int argc, char **argv) {
    struct cli_training r = {.data = "data/mnist",
                             .topology = "local",
                             .device = "emu",
                             .output = "out/model.h5",
                             .binarise = "threshold",
                             .mhz = 100,
                             .save_every = 60};
    struct glb_train_options o = {.seed = 1};
    const char *method = NULL;
    struct cli_field fields[] = {
        {"data", CLI_TEXT, &r.data, 0, 0, 0},
        {"topology", CLI_TEXT, &r.topology, 0, 0, 0},
        {"device", CLI_TEXT, &r.device, 0, 0, 0},
        {"array", CLI_TEXT, &r.array, 0, 0, 0},
        {"output", CLI_TEXT, &r.output, 0, 0, 0},
        {"checkpoint", CLI_TEXT, &r.checkpoint, 0, 0, 0},
        {"resume", CLI_FLAG, &r.resume, 0, 0, 0},
        {"json", CLI_FLAG, &r.json, 0, 0, 0},
        {"describe", CLI_FLAG, &r.describe, 0, 0, 0},
        {"batch", CLI_INT, &r.batch, 64, 1 << 16, 0},
        {"threads", CLI_INT, &r.threads, 0, 64, 0},
        {"verify-sim", CLI_INT, &r.verify, 0, 1000, 0},
        {"first", CLI_INT, &r.first, 0, 1 << 24, 0},
        {"images", CLI_INT, &r.images, 1, 1 << 24, 0},
        {"mhz", CLI_REAL, &r.mhz, 1e-3, 1e6, 0},
        {"save-every", CLI_REAL, &r.save_every, 0, 1e9, 0},
        {"binarise", CLI_TEXT, &r.binarise, 0, 0, 0},
        {"method", CLI_TEXT, &method, 0, 0, 0},
        {"seed", CLI_SEED, &o.seed, 0, 0, 0},
        {"epochs", CLI_REAL, &o.epochs, 1e-6, 1e6, 0},
        {"rate", CLI_REAL, &o.rate, 1e-9, 10, 0},
        {"hidden-rate", CLI_REAL, &o.relative[GLB_H1_H2], 0, 100, 0},
        {"label-rate", CLI_REAL, &o.relative[GLB_LABEL], 0, 100, 0},
        {"pixel-decay", CLI_REAL, &o.decay[GLB_PIXEL_H1], 0, 100, 0},
        {"hidden-decay", CLI_REAL, &o.decay[GLB_H1_H2], 0, 100, 0},
        {"decay", CLI_REAL, &o.decay[GLB_LABEL], 0, 100, 0},
        {"start", CLI_REAL, &o.start_sigma[GLB_PIXEL_H1], 0, 10, 0},
        {"warm-up", CLI_REAL, &o.warm_up, 0, 1, 0},
        {"average", CLI_REAL, &o.average, 0, 1, 0},
        {"generative", CLI_REAL, &o.generative, 0, 100, 0},
        {"positive", CLI_INT, &o.positive, 1, 255, 0},
        {"negative", CLI_INT, &o.negative, 1, 255, 0},
        {"positive-burn", CLI_INT, &o.positive_burn, 0, 10000, 0},
        {"negative-burn", CLI_INT, &o.negative_burn, 0, 10000, 0},
        {"hold-labels", CLI_INT, &o.hold_labels, 0, 1, 0},
        {"free-sweeps", CLI_INT, &o.free_sweeps, 1, 255, 0},
        {"restart", CLI_REAL, &o.restart, 0, 1, 0},
        {"common-noise", CLI_INT, &o.common_noise, 0, 1, 0},
        {"shift", CLI_INT, &o.shift, 0, 8, 0},
        {"warp", CLI_REAL, &o.warp, 0, 4, 0},
        {"dropout", CLI_REAL, &o.dropout, 0, 0.9, 0},
        {"bits", CLI_INT, &o.bits, 2, 8, 0},
        {"readout-beta", CLI_REAL, &o.readout_beta, 0.01, 10, 0},
    };
    const int count = sizeof fields / sizeof fields[0];
    const int bad = cli_fields_parse(argc, argv, fields, count, NULL, 0, HELP);
    if (bad)
        return bad - 1;
    cli_fields_command(argc, argv, r.command, sizeof r.command);
    snprintf(r.revision, sizeof r.revision, "%s", glb_revision());
    if (!r.checkpoint) {
        snprintf(r.checkpoint_buffer, sizeof r.checkpoint_buffer, "%s.checkpoint", r.output);
        r.checkpoint = r.checkpoint_buffer;
    }
    if (make_folder(r.output) || make_folder(r.checkpoint))
        return CLI_FAILED;
    cli_catch_signals();
    if (!r.resume) {
        if (glb_binarise_parse(r.binarise, &r.pixels) || cli_training_load(&r) ||
            glb_topology_build(r.topology, r.all.width, r.all.height, r.all.classes, o.seed,
                               &r.t)) {
            cli_training_close(&r);
            return cli_fail();
        }
        glb_train_defaults(&r.t, &r.o);
        if (choose_method(method, &r)) {
            cli_training_close(&r);
            return CLI_USAGE;
        }
        if (!r.batch)
            r.batch = GLB_TRAIN_BATCH;
        take_given(fields, count, &o, &r.o);
    }
    const int exit_status = cli_training_run(&r);
    cli_training_close(&r);
    return exit_status;
}
