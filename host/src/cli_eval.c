/* glauber eval: labels of images by Gibbs sampling. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <time.h>
#include "cli.h"
#include "cli_fields.h"
#include "json.h"
#include "model.h"
#include "progress.h"
#include "readout.h"

static const char HELP[] =
    "usage: glauber eval MODEL [options]\n\n"
    "Clamps the pixels of every image, lets all other p-bits move, and takes the label that is on "
    "most often.\n\n"
    "  --data DIR        folder of the IDX files (data/mnist)\n"
    "  --part NAME       t10k (default) or train\n"
    "  --first N, --images N   only these images (all)\n"
    "  --sweeps N        sweeps an image (220), --burn-in N of them dropped (20)\n"
    "  --curve           also with 10, 20, 50 and 100 sweeps\n"
    "  --seed N          of the noise (1)\n"
    "  --device NAME     emu (default) or sim; --array NAME\n"
    "  --batch N         images at a time (512)\n"
    "  --threads N       of the emulator (all cores)\n"
    "  --json            one JSON object as the last line\n";

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void show(void *user, int done, int count) {
    glb_progress_show(user, (double)done / count, NULL);
}

static void curve(const struct glb_model *m, struct glb_phase_sampler *sampler,
                  const struct glb_dataset *d, struct glb_readout_options o) {
    static const int sweeps[] = {10, 20, 50, 100};
    printf("sweeps an image:");
    for (int k = 0; k < 4 && !cli_stop; k++) {
        struct glb_readout r;
        o.sweeps = sweeps[k];
        o.burn_in = sweeps[k] / 5;
        if (glb_readout_run(&m->t, sampler, d, &o, NULL, &r) == GLB_OK)
            printf("  %d: %.2f %%", sweeps[k], 100 * glb_readout_accuracy(&r));
    }
    printf("\n");
}

int glb_cmd_eval(int argc, char **argv) {
    const char *path, *data = "data/mnist", *part = "t10k", *device = "emu", *array = NULL;
    struct glb_readout_options o = {.burn_in = 20, .sweeps = 220, .seed = 1, .stop = &cli_stop};
    int batch = 512, threads = 0, json = 0, with_curve = 0, first = 0, images = 0;
    struct cli_field fields[] = {
        {"data", CLI_TEXT, &data, 0, 0, 0},          {"part", CLI_TEXT, &part, 0, 0, 0},
        {"device", CLI_TEXT, &device, 0, 0, 0},      {"array", CLI_TEXT, &array, 0, 0, 0},
        {"sweeps", CLI_INT, &o.sweeps, 1, 65535, 0}, {"burn-in", CLI_INT, &o.burn_in, 0, 65534, 0},
        {"seed", CLI_SEED, &o.seed, 0, 0, 0},        {"batch", CLI_INT, &batch, 1, 1 << 16, 0},
        {"threads", CLI_INT, &threads, 0, 64, 0},    {"curve", CLI_FLAG, &with_curve, 0, 0, 0},
        {"first", CLI_INT, &first, 0, 1 << 24, 0},   {"images", CLI_INT, &images, 1, 1 << 24, 0},
        {"json", CLI_FLAG, &json, 0, 0, 0},
    };
    const int bad =
        cli_fields_parse(argc, argv, fields, sizeof fields / sizeof fields[0], &path, 1, HELP);
    if (bad)
        return bad - 1;
    cli_catch_signals();

    struct glb_model m = {0};
    struct glb_dataset all = {0};
    struct glb_phase_sampler sampler = {0};
    struct glb_readout r = {0};
    struct glb_progress bar;
    int exit_status = CLI_FAILED;
    if (glb_model_load(path, &m) || glb_dataset_load(data, part, m.binarise, &all))
        goto done;
    if (first >= all.count || images > all.count - first) {
        cli_usage("images %d to %d: there are %d", first, first + images - 1, all.count);
        exit_status = CLI_USAGE;
        goto done;
    }
    const struct glb_dataset d =
        glb_dataset_slice(&all, first, images ? images : all.count - first);
    const struct glb_phase_sampler_options so = {.device = device,
                                                 .array = array,
                                                 .chains = batch,
                                                 .threads = threads,
                                                 .u = m.u,
                                                 .layers = (1u << m.t.nlayers) - 2};
    if (glb_phase_sampler_open(&m.t, &so, &sampler) ||
        sampler.set_weights(sampler.self, m.J, m.h, NULL))
        goto done;
    glb_progress_begin(&bar, "eval");
    o.progress = show;
    o.user = &bar;
    const double start = seconds_now();
    const enum glb_status s = glb_readout_run(&m.t, &sampler, &d, &o, NULL, &r);
    const double seconds = seconds_now() - start;
    glb_progress_end(&bar);
    if (s != GLB_OK) {
        exit_status = s == GLB_ERR_INTERRUPTED ? CLI_INTERRUPTED : CLI_FAILED;
        goto done;
    }
    printf("%s on %s\n", m.t.spec, sampler.describe(sampler.self));
    glb_readout_print(&r, stdout);
    printf("%d of %d labels right: %.2f %% with %d sweeps an image, %.3g p-bit updates, %.1f s\n",
           r.right, r.images, 100 * glb_readout_accuracy(&r), o.sweeps, (double)r.flips, seconds);
    if (with_curve)
        curve(&m, &sampler, &d, o);
    if (json) {
        struct glb_json j;
        glb_json_begin(&j, stdout);
        glb_json_text(&j, "model", path);
        glb_json_text(&j, "topology", m.t.spec);
        glb_json_int(&j, "pbits", m.t.graph->n);
        glb_json_int(&j, "couplings", m.t.graph->m);
        glb_json_int(&j, "layers", m.t.nlayers);
        glb_json_int(&j, "weight_bits", m.weight_bits);
        glb_json_int(&j, "images", r.images);
        glb_json_real(&j, "accuracy", glb_readout_accuracy(&r));
        glb_json_int(&j, "sweeps", o.sweeps);
        glb_json_uint(&j, "seed", o.seed);
        glb_json_uint(&j, "flips", r.flips);
        glb_json_uint(&j, "cycles", r.cycles);
        glb_json_real(&j, "seconds", seconds);
        glb_json_text(&j, "device", sampler.describe(sampler.self));
        glb_json_text(&j, "version", glb_version());
        glb_json_end(&j);
    }
    exit_status = CLI_OK;
done:
    if (exit_status == CLI_FAILED || exit_status == CLI_INTERRUPTED)
        cli_fail();
    glb_phase_sampler_close(&sampler);
    glb_model_free(&m);
    glb_dataset_free(&all);
    return exit_status;
}
