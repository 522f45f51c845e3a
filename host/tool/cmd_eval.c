/* glauber eval: labels of images by Gibbs sampling. SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "tool/cli.h"
#include "tool/fields.h"
#include "tool/chains_option.h"
#include "learn/labels/free_energy.h"
#include "tool/json.h"
#include "learn/model/model.h"
#include "tool/progress.h"
#include "learn/labels/read_labels.h"
#include "base/seconds.h"

static const char HELP[] =
    "usage: glauber eval MODEL [options]\n\n"
    "Clamps the pixels of every image, lets all other p-bits move, and takes the label whose field "
    "is\nthe highest in the mean over sweeps.\n\n"
    "  --data DIR        folder of the IDX files (data/mnist)\n"
    "  --part NAME       t10k (default) or train\n"
    "  --first N, --images N   only these images (all)\n"
    "  --sweeps N        sweeps an image (220), shared by --chains N (4) that each start anew and "
    "drop\n"
    "                    their first --burn-in N (5)\n"
    "  --beta X          inverse temperature (the model's)\n"
    "  --spins           takes the label that is on most often instead\n"
    "  --curve           also with 5, 10, 20, 50, 100 and 500 sweeps\n"
    "  --curve-file FILE writes them as lines \"sweeps accuracy\"\n"
    "  --free-energy     also by exact free energies, where no hidden units are coupled\n"
    "  --mhz X           clock of the array, for the device time (100)\n"
    "  --seed N          of the noise (1)\n"
    "  --device NAME     emu (default) or sim; --array NAME\n"
    "  --batch N         images at a time (512)\n"
    "  --threads N       of the emulator (all cores)\n"
    "  --json            one JSON object as the last line\n";

static void show(void *user, int done, int count) {
    glb_progress_show(user, (double)done / count, NULL);
}

enum { SHORTEST = 11 }; /* sweeps of a chain in the curve, where there is more than one */

static enum glb_status curve(const struct glb_model *m, struct glb_layer_sampler *sampler,
                             const struct glb_dataset *d, struct glb_read_labels_options o,
                             const char *path) {
    static const int sweeps[] = {5, 10, 20, 50, 100, 220, 500};
    FILE *f = path ? fopen(path, "w") : NULL;
    if (path && !f)
        return glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));
    enum glb_status s = GLB_OK;
    const int chains = o.chains, burn_in = o.burn_in;
    o.progress = NULL;
    printf("sweeps an image:");
    for (size_t k = 0; s == GLB_OK && k < sizeof sweeps / sizeof sweeps[0]; k++) {
        struct glb_read_labels r;
        o.sweeps = sweeps[k];
        o.chains = sweeps[k] / SHORTEST < chains ? sweeps[k] / SHORTEST : chains;
        o.burn_in = o.chains > 1 ? burn_in : sweeps[k] / SHORTEST;
        s = glb_read_labels_run(&m->t, sampler, d, &o, NULL, &r);
        if (s != GLB_OK)
            break;
        printf("  %d: %.2f %%", sweeps[k], 100 * glb_read_labels_accuracy(&r));
        if (f)
            fprintf(f, "%d %.4f\n", sweeps[k], glb_read_labels_accuracy(&r));
    }
    printf("\n");
    if (f && fclose(f) != 0)
        s = glb_fail(GLB_ERR_FILE, "%s: %s", path, strerror(errno));
    return s;
}

/* Share of right labels by free energies; NaN where they cannot be computed. */
static enum glb_status exact(const struct glb_model *m, const struct glb_dataset *d, int threads,
                             double *accuracy) {
    *accuracy = NAN;
    if (!glb_free_energy_exists(&m->t)) {
        printf("free energies: none, hidden units are coupled to each other\n");
        return GLB_OK;
    }
    uint8_t *predicted = malloc((size_t)d->count);
    if (!predicted)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %d labels", d->count);
    const enum glb_status s = glb_free_energy_labels(&m->t, m->J, m->h, d, threads, predicted);
    int right = 0;
    for (int i = 0; s == GLB_OK && i < d->count; i++)
        right += predicted[i] == d->label[i];
    free(predicted);
    if (s == GLB_OK) {
        *accuracy = (double)right / d->count;
        printf("by exact free energies: %.2f %%\n", 100 * *accuracy);
    }
    return s;
}

int glb_cmd_eval(int argc, char **argv) {
    const char *path, *data = "data/mnist", *part = "t10k", *device = "emu", *array = NULL;
    struct glb_read_labels_options o = {
        .burn_in = 5, .sweeps = 220, .chains = 4, .seed = 1, .stop = &cli_stop};
    const char *curve_file = NULL;
    int batch = 512, threads = 0, json = 0, with_curve = 0, by_spins = 0, first = 0, images = 0,
        free_energy = 0;
    double mhz = 100, by_free_energy = NAN;
    struct cli_field fields[] = {
        {"data", CLI_TEXT, &data, 0, 0, 0},
        {"part", CLI_TEXT, &part, 0, 0, 0},
        {"device", CLI_TEXT, &device, 0, 0, 0},
        {"array", CLI_TEXT, &array, 0, 0, 0},
        {"sweeps", CLI_INT, &o.sweeps, 1, 65535, 0},
        {"burn-in", CLI_INT, &o.burn_in, 0, 65534, 0},
        {"seed", CLI_SEED, &o.seed, 0, 0, 0},
        {"batch", CLI_INT, &batch, 1, 1 << 16, 0},
        {"threads", CLI_INT, &threads, 0, 64, 0},
        {"curve", CLI_FLAG, &with_curve, 0, 0, 0},
        {"first", CLI_INT, &first, 0, 1 << 24, 0},
        {"images", CLI_INT, &images, 1, 1 << 24, 0},
        {"json", CLI_FLAG, &json, 0, 0, 0},
        {"free-energy", CLI_FLAG, &free_energy, 0, 0, 0},
        {"spins", CLI_FLAG, &by_spins, 0, 0, 0},
        {"chains", CLI_INT, &o.chains, 1, 1024, 0},
        {"beta", CLI_REAL, &o.beta, 0, 10, 0},
        {"curve-file", CLI_TEXT, &curve_file, 0, 0, 0},
        {"mhz", CLI_REAL, &mhz, 1e-3, 1e6, 0},
    };
    const int bad =
        cli_fields_parse(argc, argv, fields, sizeof fields / sizeof fields[0], &path, 1, HELP);
    if (bad)
        return bad - 1;
    cli_catch_signals();

    struct glb_model m = {0};
    struct glb_dataset all = {0};
    struct glb_layer_sampler sampler = {0};
    struct glb_read_labels r = {0};
    struct glb_progress bar;
    int exit_status = CLI_FAILED;
    if (glb_model_read(path, &m) || glb_dataset_load(data, part, m.binarise, &all))
        goto done;
    if (o.beta == 0)
        o.beta = m.readout_beta;
    o.J = by_spins ? NULL : m.J;
    o.h = by_spins ? NULL : m.h;
    if (first >= all.count || images > all.count - first) {
        cli_usage("images %d to %d: there are %d", first, first + images - 1, all.count);
        exit_status = CLI_USAGE;
        goto done;
    }
    const struct glb_dataset d =
        glb_dataset_slice(&all, first, images ? images : all.count - first);
    const struct glb_layer_sampler_options so = {.device = device,
                                                 .array = array,
                                                 .chains = batch,
                                                 .threads = threads,
                                                 .u = m.u,
                                                 .layers = (1u << m.t.nlayers) - 2};
    if (glb_layer_sampler_open(&m.t, &so, &sampler) ||
        sampler.set_weights(sampler.self, m.J, m.h, NULL))
        goto done;
    glb_progress_begin(&bar, "eval");
    o.progress = show;
    o.user = &bar;
    const double start = glb_seconds(CLOCK_MONOTONIC);
    const enum glb_status s = glb_read_labels_run(&m.t, &sampler, &d, &o, NULL, &r);
    const double seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    glb_progress_end(&bar);
    if (s != GLB_OK) {
        exit_status = s == GLB_ERR_INTERRUPTED ? CLI_INTERRUPTED : CLI_FAILED;
        goto done;
    }
    printf("%s on %s\n", m.t.spec, sampler.describe(sampler.self));
    glb_read_labels_print(&r, stdout);
    printf("%d of %d labels right: %.2f %% with %d sweeps an image in %d chains at beta %g, %.3g "
           "p-bit updates, "
           "%.1f s\n",
           r.right, r.images, 100 * glb_read_labels_accuracy(&r), o.sweeps, o.chains, o.beta,
           (double)r.flips, seconds);
    if (!by_spins)
        printf("by the labels' spins instead of their fields: %.2f %%\n",
               100.0 * r.right_by_spins / r.images);
    if (free_energy && exact(&m, &d, threads, &by_free_energy))
        goto done;
    if ((with_curve || curve_file) && curve(&m, &sampler, &d, o, curve_file))
        goto done;
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
        glb_json_real(&j, "accuracy", glb_read_labels_accuracy(&r));
        glb_json_real(&j, "accuracy_spins", (double)r.right_by_spins / r.images);
        glb_json_real(&j, "accuracy_free_energy", by_free_energy);
        glb_json_int(&j, "sweeps", o.sweeps);
        glb_json_int(&j, "chains", o.chains);
        glb_json_int(&j, "burn_in", o.burn_in);
        glb_json_real(&j, "beta", o.beta);
        glb_json_uint(&j, "seed", o.seed);
        glb_json_uint(&j, "flips", r.flips);
        glb_json_uint(&j, "cycles", r.cycles);
        glb_json_real(&j, "device_seconds", cli_device_seconds(&sampler, r.cycles, mhz));
        glb_json_real(&j, "seconds", seconds);
        glb_json_text(&j, "command", m.command);
        glb_json_text(&j, "revision", m.revision);
        glb_json_uint(&j, "training_flips", m.flips);
        glb_json_real(&j, "training_seconds", m.seconds);
        glb_json_text(&j, "device", sampler.describe(sampler.self));
        glb_json_text(&j, "version", glb_version());
        glb_json_end(&j);
    }
    exit_status = CLI_OK;
done:
    if (exit_status == CLI_FAILED || exit_status == CLI_INTERRUPTED)
        cli_fail();
    glb_layer_sampler_close(&sampler);
    glb_model_clear(&m);
    glb_dataset_clear(&all);
    return exit_status;
}
