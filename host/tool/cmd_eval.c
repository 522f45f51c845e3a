/* glauber eval: labels of images by Gibbs sampling. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/atomic_file.h"
#include "base/seconds.h"
#include "device/device.h"
#include "learn/labels/free_energy.h"
#include "learn/model/model.h"
#include "learn/labels/read_labels.h"
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/output/device_time.h"
#include "tool/output/json.h"
#include "tool/output/progress.h"
#include "tool/reading/reader.h"

struct evaluation {
    const char *path, *data, *part, *curve_file;
    int json, curve, spins, first, images, free_energy;
    double mhz;
    struct cli_reading reading;
    struct glb_model m;
    struct glb_dataset all, d;
    struct glb_layer_sampler sampler;
    struct glb_read_labels r;
    double seconds, by_free_energy;
};

static const char *const parts[] = {"t10k", "train", NULL};

static int parse(struct evaluation *e, int argc, char **argv) {
    int part;
    struct cli_option table[] = {
        {CLI_ROW_DATA(&e->data, "folder of the image set, or two files: IMAGES,LABELS"),
         .group = "Images"},
        {"part", CLI_CHOICE, &part, "NAME", 0, 0, "t10k", .choices = parts,
         .help = "t10k: the test images; train: the training images"},
        {"first", CLI_INT, &e->first, "N", 0, 1 << 24, "0", .help = "first image to read"},
        {"images", CLI_INT, &e->images, "N", 1, 1 << 24, NULL, .otherwise = "all",
         .help = "number of images to read"},
        CLI_ROWS_READING(&e->reading),
        {"spins", CLI_FLAG, &e->spins, NULL, 0, 0, NULL,
         .help = "take the label that is on most often, instead of the one with the highest field"},
        {"free-energy", CLI_FLAG, &e->free_energy, NULL, 0, 0, NULL,
         .help = "read the labels by exact free energies too, where no hidden units are coupled"},
        {"curve", CLI_FLAG, &e->curve, NULL, 0, 0, NULL,
         .help = "read with 5, 10, 20, 50, 100, 220 and 500 sweeps too"},
        {"curve-file", CLI_TEXT, &e->curve_file, "FILE", 0, 0, NULL,
         .help = "write these as lines 'sweeps accuracy'"},
        CLI_ROWS_READING_DEVICE(&e->reading),
        {CLI_ROW_MHZ(&e->mhz)},
        {CLI_ROW_JSON(&e->json), .group = "Output"},
    };
    struct cli_command c = {
        .name = "eval",
        .operands = "MODEL",
        .operand_help = "a model file of `glauber train`",
        .operand = &e->path,
        .least = 1,
        .most = 1,
        .about = "Reads the labels of images: clamps the pixels, lets all other p-bits move, and\n"
                 "takes the label with the highest mean field over the sweeps. Prints the\n"
                 "confusion matrix.",
        .option = table,
        .options = sizeof table / sizeof table[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (bad)
        return bad;
    e->part = parts[part];
    if (cli_given(&c, "part") && strchr(e->data, ','))
        return 1 +
               cli_usage("eval: --part has no effect: --data names the two files; leave it out");
    if (cli_given(&c, "threads") && !glb_device_is_emu(e->reading.device))
        cli_warn("eval: --threads has no effect: only the device emu has threads");
    return 0;
}

static void show(void *user, int done, int count) {
    progress_show(user, (double)done / count, NULL);
}

/* ---- accuracy over sweeps ---- */

enum { SHORTEST = 11 }; /* sweeps of a chain in the curve, where there is more than one */
static const int curve_sweeps[] = {5, 10, 20, 50, 100, 220, 500};
enum { POINTS = sizeof curve_sweeps / sizeof curve_sweeps[0] };

static enum glb_status write_curve(const void *user, FILE *to) {
    const double *accuracy = user;
    for (int k = 0; k < POINTS; k++)
        fprintf(to, "%d %.4f\n", curve_sweeps[k], accuracy[k]);
    return GLB_OK;
}

static enum glb_status curve(struct evaluation *e) {
    double accuracy[POINTS];
    struct glb_read_labels_options o = e->reading.o;
    o.progress = NULL;
    printf("sweeps an image:");
    for (int k = 0; k < POINTS; k++) {
        struct glb_read_labels r;
        const int some = curve_sweeps[k] / SHORTEST;
        o.sweeps = curve_sweeps[k];
        o.chains = some < e->reading.o.chains ? some : e->reading.o.chains;
        o.burn_in = o.chains > 1 ? e->reading.o.burn_in : some;
        const enum glb_status s = glb_read_labels_run(&e->m.t, &e->sampler, &e->d, &o, NULL, &r);
        if (s) {
            printf("\n");
            return s;
        }
        accuracy[k] = glb_read_labels_accuracy(&r);
        printf("  %d: %.2f %%", curve_sweeps[k], 100 * accuracy[k]);
    }
    printf("\n");
    return e->curve_file ? glb_atomic_write(e->curve_file, write_curve, accuracy) : GLB_OK;
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

static enum glb_status open_all(struct evaluation *e) {
    const char *const inputs[] = {e->path};
    enum glb_status s = e->curve_file ? cli_check_output(e->curve_file, inputs, 1) : GLB_OK;
    if (!s && e->curve_file)
        s = cli_check_data(e->curve_file, e->data);
    if (!s)
        s = glb_model_read(e->path, &e->m);
    if (!s)
        s = glb_dataset_load(e->data, e->part, e->m.binarise, &e->all);
    if (s)
        return s;
    if (e->first >= e->all.count || e->images > e->all.count - e->first)
        return glb_fail(GLB_ERR_ARGUMENT, "--first %d --images %d: %s has %d images; choose fewer",
                        e->first, e->images ? e->images : 1, e->data, e->all.count);
    e->d = glb_dataset_slice(&e->all, e->first, e->images ? e->images : e->all.count - e->first);
    return cli_reader_open(&e->reading, &e->m, e->spins, &e->sampler);
}

static enum glb_status read_labels(struct evaluation *e) {
    struct progress bar;
    e->reading.o.progress = show;
    e->reading.o.user = &bar;
    progress_begin(&bar, "eval");
    const double start = glb_seconds(CLOCK_MONOTONIC);
    const enum glb_status s =
        glb_read_labels_run(&e->m.t, &e->sampler, &e->d, &e->reading.o, NULL, &e->r);
    e->seconds = glb_seconds(CLOCK_MONOTONIC) - start;
    progress_end(&bar);
    return s;
}

static void print_report(struct evaluation *e) {
    const struct glb_read_labels *r = &e->r;
    printf("%s on %s\n", e->m.t.spec, e->sampler.describe(e->sampler.self));
    glb_read_labels_print(r, stdout);
    printf("%d of %d labels right: %.2f %% with %d sweeps an image in %d chains at beta %g, %.3g "
           "p-bit updates, "
           "%.1f s\n",
           r->right, r->images, 100 * glb_read_labels_accuracy(r), e->reading.o.sweeps,
           e->reading.o.chains, e->reading.o.beta, (double)r->flips, e->seconds);
    if (!e->spins)
        printf("by the labels' spins instead of their fields: %.2f %%\n",
               100.0 * r->right_by_spins / r->images);
}

static void print_json(struct evaluation *e) {
    const struct glb_model *m = &e->m;
    const struct glb_read_labels *r = &e->r;
    struct json j;
    json_begin(&j, stdout);
    json_text(&j, "model", e->path);
    json_text(&j, "topology", m->t.spec);
    json_int(&j, "pbits", m->t.graph->n);
    json_int(&j, "couplings", m->t.graph->m);
    json_int(&j, "layers", m->t.nlayers);
    json_int(&j, "weight_bits", m->weight_bits);
    json_int(&j, "images", r->images);
    json_real(&j, "accuracy", glb_read_labels_accuracy(r));
    json_real(&j, "accuracy_spins", (double)r->right_by_spins / r->images);
    json_real(&j, "accuracy_free_energy", e->by_free_energy);
    json_int(&j, "sweeps", e->reading.o.sweeps);
    json_int(&j, "chains", e->reading.o.chains);
    json_int(&j, "burn_in", e->reading.o.burn_in);
    json_real(&j, "beta", e->reading.o.beta);
    json_uint(&j, "seed", e->reading.o.seed);
    json_uint(&j, "flips", r->flips);
    json_uint(&j, "cycles", r->cycles);
    json_real(&j, "device_seconds", device_seconds(&e->sampler, r->cycles, e->mhz));
    json_real(&j, "seconds", e->seconds);
    json_text(&j, "command", m->command);
    json_text(&j, "revision", m->revision);
    json_uint(&j, "training_flips", m->flips);
    json_real(&j, "training_seconds", m->seconds);
    json_text(&j, "device", e->sampler.describe(e->sampler.self));
    json_text(&j, "version", glb_version());
    json_end(&j);
}

static enum glb_status evaluate(struct evaluation *e) {
    enum glb_status s = open_all(e);
    if (!s)
        cli_catch_signals();
    if (!s)
        s = read_labels(e);
    if (s)
        return s;
    print_report(e);
    if (e->free_energy)
        s = exact(&e->m, &e->d, e->reading.threads, &e->by_free_energy);
    if (!s && (e->curve || e->curve_file))
        s = curve(e);
    if (!s && e->json)
        print_json(e);
    return s;
}

int cmd_eval(int argc, char **argv) {
    struct evaluation e = {.by_free_energy = NAN};
    const int bad = parse(&e, argc, argv);
    if (bad)
        return bad - 1;
    const enum glb_status s = evaluate(&e);
    if (s)
        cli_fail();
    glb_layer_sampler_close(&e.sampler);
    glb_model_clear(&e.m);
    glb_dataset_clear(&e.all);
    return s == GLB_ERR_INTERRUPTED ? cli_interrupted() : s ? CLI_FAILED : CLI_OK;
}
