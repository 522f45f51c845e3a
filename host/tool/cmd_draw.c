/* glauber draw: digits, in-painted halves, weights as a PNG. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device/device.h"
#include "tool/cli.h"
#include "tool/options/common.h"
#include "tool/output/device_time.h"
#include "tool/reading/judge_digits.h"
#include "learn/data/dataset.h"
#include "learn/draw/draw.h"
#include "tool/output/json.h"
#include "learn/model/model.h"
#include "tool/output/png_grey.h"

struct drawing {
    const char *path, *output, *device, *array, *data;
    struct glb_drawing o;
    int threads, json, scale, inpaint, weights, judge, anyway;
    double mhz;
    struct glb_model m;
    struct glb_layer_sampler sampler;
    struct glb_dataset train, test;
    struct glb_job_counters counters;
    struct cli_verdict verdict;
    uint8_t *grey; /* tiles */
    int rows, columns;
};

static size_t tile_size(const struct drawing *d) {
    return (size_t)d->m.t.width * d->m.t.height;
}

static enum glb_status open_sampler(struct drawing *d, int chains, unsigned layers) {
    const struct glb_layer_sampler_options so = {.device = d->device,
                                                 .array = d->array,
                                                 .chains = chains,
                                                 .threads = d->threads,
                                                 .u = d->m.u,
                                                 .layers = layers};
    const enum glb_status s = glb_layer_sampler_open(&d->m.t, &so, &d->sampler);
    return s == GLB_OK ? d->sampler.set_weights(d->sampler.self, d->m.J, d->m.h, NULL) : s;
}

static enum glb_status draw_digits(struct drawing *d) {
    const enum glb_status s =
        open_sampler(d, d->m.t.classes * d->columns, (1u << (d->m.t.nlayers - 1)) - 1);
    return s == GLB_OK ? glb_draw_digits(&d->m.t, &d->sampler, &d->o, d->grey, &d->counters) : s;
}

/* Three tiles for each of the first test images of a class: the image, its upper half, the result.
 */
static enum glb_status draw_inpainted(struct drawing *d) {
    const int each = d->columns / 3, count = d->m.t.classes * each, width = d->m.t.width;
    const size_t tile = tile_size(d);
    int32_t *index = calloc((size_t)count, sizeof *index);
    uint8_t *result = malloc((size_t)count * tile);
    enum glb_status s = index && result ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "no memory");
    if (s == GLB_OK)
        s = open_sampler(d, count, (1u << (d->m.t.nlayers - 1)) - 1);
    int have[GLB_MAX_CLASSES] = {0};
    for (int i = 0; s == GLB_OK && i < d->test.count; i++) {
        const int k = d->test.label[i];
        if (have[k] < each)
            index[k * each + have[k]++] = i;
    }
    for (int k = 0; s == GLB_OK && k < d->m.t.classes; k++)
        if (have[k] < each)
            s = glb_fail(GLB_ERR_ARGUMENT,
                         "%s: %d test images of class %d, but the picture shows %d of each; choose "
                         "fewer --columns",
                         d->data, have[k], k, each);
    if (s == GLB_OK)
        s = glb_draw_inpaint(&d->m.t, &d->sampler, &d->test, index, count, NULL, &d->o, result,
                             &d->counters);
    for (int k = 0; s == GLB_OK && k < count; k++) {
        uint8_t *out = d->grey + ((size_t)(k / each) * d->columns + k % each * 3) * tile;
        const uint32_t *row = d->test.row + (size_t)index[k] * d->m.t.height;
        for (size_t p = 0; p < tile; p++) {
            out[p] = row[p / width] >> p % width & 1 ? 255 : 0;
            out[tile + p] = glb_draw_keeps(&d->test, NULL, (int)p) ? out[p] : 48;
        }
        for (size_t p = 0; p < tile; p++)
            out[2 * tile + p] = result[k * tile + p];
    }
    free(index);
    free(result);
    return s;
}

static enum glb_status write_picture(const struct drawing *d) {
    int width, height;
    uint8_t *picture = png_grey_grid(d->grey, d->rows, d->columns, d->m.t.width, d->m.t.height,
                                     d->scale, &width, &height);
    if (!picture)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the picture");
    if (!d->weights) { /* a row is a class */
        uint8_t *labelled =
            png_grey_number_rows(picture, d->rows, d->m.t.height, d->scale, &width, height);
        free(picture);
        picture = labelled;
        if (!picture)
            return glb_fail(GLB_ERR_MEMORY, "no memory for the picture");
    }
    const enum glb_status s = png_grey_write(d->output, picture, width, height);
    free(picture);
    if (s == GLB_OK)
        printf("%s: %d x %d pictures, %d x %d pixels\n", d->output, d->rows, d->columns, width,
               height);
    return s;
}

static void print_json(const struct drawing *d) {
    struct json j;
    json_begin(&j, stdout);
    json_text(&j, "model", d->path);
    json_text(&j, "output", d->output);
    json_int(&j, "pbits", d->m.t.graph->n);
    json_int(&j, "couplings", d->m.t.graph->m);
    json_int(&j, "layers", d->m.t.nlayers);
    json_int(&j, "weight_bits", d->m.weight_bits);
    json_int(&j, "images", d->m.t.classes * d->columns);
    json_int(&j, "sweeps", d->o.sweeps);
    json_uint(&j, "seed", d->o.seed);
    json_uint(&j, "flips", d->counters.flips);
    json_real(&j, "device_seconds", device_seconds(&d->sampler, d->counters.run_cycles, d->mhz));
    if (d->judge)
        cli_judge_json(&d->verdict, &j);
    json_text(&j, "command", d->m.command);
    json_text(&j, "revision", d->m.revision);
    json_end(&j);
}

static enum glb_status load(const struct drawing *d, const char *part, struct glb_dataset *out) {
    const enum glb_status s = glb_dataset_load(d->data, part, d->m.binarise, out);
    return s ? s : glb_dataset_fits(out, d->m.t.width, d->m.t.height, d->m.t.classes);
}

static enum glb_status work(struct drawing *d) {
    enum glb_status s = glb_model_read(d->path, &d->m);
    if (s != GLB_OK)
        return s;
    if (d->judge) /* its images before the drawing */
        s = load(d, "train", &d->train);
    if (s == GLB_OK && (d->judge || d->inpaint))
        s = load(d, "t10k", &d->test);
    if (s == GLB_OK && !d->weights && !d->anyway && !glb_model_draws(&d->m))
        s = glb_fail(GLB_ERR_ARGUMENT,
                     "%s: trained to read, without a free-running phase, so its pictures would be "
                     "noise; train a model with --method drawing, or add --anyway",
                     d->path);
    if (s != GLB_OK)
        return s;
    d->rows = d->m.t.classes;
    d->columns = d->inpaint ? (d->o.columns + 2) / 3 * 3 : d->o.columns;
    d->grey = malloc((size_t)d->rows * d->columns * tile_size(d));
    if (!d->grey)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the pictures");
    if (d->weights)
        glb_draw_weights(&d->m.t, d->m.J, d->rows * d->columns, d->grey);
    else
        s = d->inpaint ? draw_inpainted(d) : draw_digits(d);
    if (s == GLB_OK)
        s = write_picture(d);
    if (s == GLB_OK && d->judge)
        s = cli_judge(&d->train, &d->test, &d->m, d->grey, d->columns, d->threads, &d->verdict);
    return s;
}

static int parse(struct drawing *d, int argc, char **argv) {
    struct cli_option table[] = {
        {"inpaint", CLI_FLAG, &d->inpaint, NULL, 0, 0, NULL,
         .help = "instead of digits: test images, their upper halves alone, and these completed; "
                 "the class is clamped too",
         .group = "What"},
        {"weights", CLI_FLAG, &d->weights, NULL, 0, 0, NULL,
         .help = "instead of digits: the pixel couplings of hidden units"},
        {"judge", CLI_FLAG, &d->judge, NULL, 0, 0, NULL,
         .help = "classify the digits by their three nearest training images"},
        {"anyway", CLI_FLAG, &d->anyway, NULL, 0, 0, NULL,
         .help = "draw with a model that was trained without a free-running phase"},
        {CLI_ROW_DATA(&d->data, "folder of the image set, for --inpaint and --judge")},
        {"sweeps", CLI_INT, &d->o.sweeps, "N", 10, 10000000, "6000", .help = "sweeps of annealing",
         .group = "Annealing"},
        {"beta", CLI_REAL, &d->o.beta, "X", 0.01, 100, "0.9",
         .help = "inverse temperature at the end"},
        {"average", CLI_INT, &d->o.average, "N", 1, 1000000, NULL,
         .otherwise = "a twentieth of the sweeps",
         .help = "last sweeps, over which a pixel is averaged"},
        {CLI_ROW_SEED(&d->o.seed, "of start and noise")},
        {CLI_ROW_DEVICE(&d->device), .group = "Device"},
        {CLI_ROW_FITTING_ARRAY(&d->array)},
        {CLI_ROW_THREADS(&d->threads)},
        {CLI_ROW_MHZ(&d->mhz)},
        {CLI_ROW_OUTPUT(&d->output, "out/digits.png", "the picture, a PNG"), .group = "Output"},
        {"columns", CLI_INT, &d->o.columns, "N", 1, 1000, "16", .help = "pictures of a class"},
        {"scale", CLI_INT, &d->scale, "N", 1, 32, "3", .help = "width of a pixel"},
        {CLI_ROW_JSON(&d->json)},
    };
    static const struct cli_rule rules[] = {
        {"inpaint", CLI_EXCLUDES, "weights judge", NULL},
        {"weights", CLI_EXCLUDES, "judge anyway", NULL},
        {"weights", CLI_EXCLUDES, "sweeps beta average seed device array threads mhz data",
         "nothing is sampled"},
        {"data", CLI_NEEDS, "inpaint judge", NULL}};
    struct cli_command c = {
        .name = "draw",
        .operands = "MODEL",
        .operand_help = "a model file of `glauber train`, best with --method drawing",
        .operand = &d->path,
        .least = 1,
        .most = 1,
        .about =
            "Clamps a label in every chain, anneals all other p-bits and writes the pixels as\n"
            "a picture, a row for every class, whose number stands before it.",
        .option = table,
        .options = sizeof table / sizeof table[0],
        .rule = rules,
        .rules = sizeof rules / sizeof rules[0]};
    const int bad = cli_parse(&c, argc, argv);
    if (!bad && cli_given(&c, "threads") && !glb_device_is_emu(d->device))
        cli_warn("draw: --threads has no effect: only the device emu has threads");
    return bad;
}

int cmd_draw(int argc, char **argv) {
    struct drawing d = {0};
    const int bad = parse(&d, argc, argv);
    if (bad)
        return bad - 1;
    if (d.o.average == 0)
        d.o.average = (d.o.sweeps + 19) / 20;
    const char *const inputs[] = {d.path};
    enum glb_status s = cli_check_output(d.output, inputs, 1);
    if (!s && (d.inpaint || d.judge))
        s = cli_check_data(d.output, d.data);
    if (!s)
        s = work(&d);
    if (s == GLB_OK && d.json)
        print_json(&d);
    const int exit_status = s == GLB_OK ? CLI_OK : cli_fail();
    free(d.grey);
    glb_layer_sampler_close(&d.sampler);
    glb_model_clear(&d.m);
    glb_dataset_clear(&d.train);
    glb_dataset_clear(&d.test);
    return exit_status;
}
