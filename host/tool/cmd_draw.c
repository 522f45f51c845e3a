/* glauber draw: digits, in-painted halves, weights as a PNG. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "tool/cli.h"
#include "tool/fields.h"
#include "tool/judge_digits.h"
#include "tool/chains_option.h"
#include "learn/data/dataset.h"
#include "learn/draw/draw.h"
#include "tool/json.h"
#include "learn/model/model.h"
#include "tool/png_grey.h"

static const char HELP[] =
    "usage: glauber draw MODEL [options]\n\n"
    "Clamps a label in every chain, anneals everything else and writes the pixels: a row for every "
    "class.\n\n"
    "  -o FILE           the picture (out/digits.png)\n"
    "  --columns N       pictures of a class (16)\n"
    "  --inpaint         instead: test images, their upper halves alone, and what the machine "
    "adds;\n"
    "                    the class is given, as for drawing\n"
    "  --weights         instead: pixel couplings of hidden units\n"
    "  --judge           3 nearest neighbours of --data's training images read the digits\n"
    "  --data DIR        folder of the IDX files (data/mnist), for --inpaint and --judge\n"
    "  --sweeps N        of annealing (6000); the pixels are averaged over the last --average N\n"
    "                    (a twentieth of them)\n"
    "  --beta X          inverse temperature at the end (0.9)\n"
    "  --scale N         width of a pixel (3)\n"
    "  --seed N          of start and noise (1)\n"
    "  --device NAME     emu (default) or sim; --array NAME\n"
    "  --threads N       of the emulator (all cores)\n"
    "  --mhz X           clock of the array, for the device time (100)\n"
    "  --json            one JSON object as the last line\n";

struct drawing {
    const char *path, *output, *device, *array, *data;
    struct glb_drawing o;
    int threads, json, scale, inpaint, weights, judge;
    double mhz;
    struct glb_model m;
    struct glb_layer_sampler sampler;
    struct glb_dataset test, train;
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
        s = glb_dataset_load(d->data, "t10k", d->m.binarise, &d->test);
    if (s == GLB_OK)
        s = glb_dataset_fits(&d->test, d->m.t.width, d->m.t.height, d->m.t.classes);
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
                         "%s: %d test images of class %d, but the picture shows %d of each: choose "
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
    uint8_t *picture = glb_png_grid(d->grey, d->rows, d->columns, d->m.t.width, d->m.t.height,
                                    d->scale, &width, &height);
    if (!picture)
        return glb_fail(GLB_ERR_MEMORY, "no memory for the picture");
    const enum glb_status s = glb_png_write(d->output, picture, width, height);
    free(picture);
    if (s == GLB_OK)
        printf("%s: %d x %d pictures, %d x %d pixels\n", d->output, d->rows, d->columns, width,
               height);
    return s;
}

static void print_json(const struct drawing *d) {
    struct glb_json j;
    glb_json_begin(&j, stdout);
    glb_json_text(&j, "model", d->path);
    glb_json_text(&j, "output", d->output);
    glb_json_int(&j, "pbits", d->m.t.graph->n);
    glb_json_int(&j, "couplings", d->m.t.graph->m);
    glb_json_int(&j, "layers", d->m.t.nlayers);
    glb_json_int(&j, "weight_bits", d->m.weight_bits);
    glb_json_int(&j, "images", d->m.t.classes * d->columns);
    glb_json_int(&j, "sweeps", d->o.sweeps);
    glb_json_uint(&j, "seed", d->o.seed);
    glb_json_uint(&j, "flips", d->counters.flips);
    glb_json_real(&j, "device_seconds",
                  cli_device_seconds(&d->sampler, d->counters.run_cycles, d->mhz));
    if (d->judge)
        cli_judge_json(&d->verdict, &j);
    glb_json_text(&j, "command", d->m.command);
    glb_json_text(&j, "revision", d->m.revision);
    glb_json_end(&j);
}

static enum glb_status work(struct drawing *d) {
    enum glb_status s = glb_model_read(d->path, &d->m);
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
        s = cli_judge(d->data, &d->m, d->grey, d->columns, d->threads, &d->verdict);
    return s;
}

int glb_cmd_draw(int argc, char **argv) {
    struct drawing d = {.output = "out/digits.png",
                        .device = "emu",
                        .data = "data/mnist",
                        .o = {.columns = 16, .sweeps = 6000, .beta = 0.9, .seed = 1},
                        .scale = 3,
                        .mhz = 100};
    struct cli_field fields[] = {
        {"output", CLI_TEXT, &d.output, 0, 0, 0},
        {"device", CLI_TEXT, &d.device, 0, 0, 0},
        {"array", CLI_TEXT, &d.array, 0, 0, 0},
        {"data", CLI_TEXT, &d.data, 0, 0, 0},
        {"columns", CLI_INT, &d.o.columns, 1, 1000, 0},
        {"sweeps", CLI_INT, &d.o.sweeps, 10, 10000000, 0},
        {"average", CLI_INT, &d.o.average, 1, 1000000, 0},
        {"beta", CLI_REAL, &d.o.beta, 0.01, 100, 0},
        {"scale", CLI_INT, &d.scale, 1, 32, 0},
        {"seed", CLI_SEED, &d.o.seed, 0, 0, 0},
        {"threads", CLI_INT, &d.threads, 0, 64, 0},
        {"mhz", CLI_REAL, &d.mhz, 1e-3, 1e6, 0},
        {"inpaint", CLI_FLAG, &d.inpaint, 0, 0, 0},
        {"weights", CLI_FLAG, &d.weights, 0, 0, 0},
        {"judge", CLI_FLAG, &d.judge, 0, 0, 0},
        {"json", CLI_FLAG, &d.json, 0, 0, 0},
    };
    const int bad =
        cli_fields_parse(argc, argv, fields, sizeof fields / sizeof fields[0], &d.path, 1, HELP);
    if (bad)
        return bad - 1;
    if (d.inpaint + d.weights + d.judge > 1)
        return cli_usage("draw: one of --inpaint, --weights and --judge at a time");
    if (d.o.average == 0)
        d.o.average = (d.o.sweeps + 19) / 20;
    const enum glb_status s = work(&d);
    if (s == GLB_OK && d.json)
        print_json(&d);
    const int exit_status = s == GLB_OK ? CLI_OK : cli_fail();
    free(d.grey);
    glb_layer_sampler_close(&d.sampler);
    glb_model_clear(&d.m);
    glb_dataset_clear(&d.test);
    return exit_status;
}
