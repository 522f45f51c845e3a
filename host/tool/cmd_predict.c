/* glauber predict: labels of images of any files, with probabilities.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "tool/cli.h"
#include "tool/output/json.h"
#include "tool/output/png_grey.h"
#include "tool/output/progress.h"
#include "tool/reading/gather.h"
#include "tool/reading/reader.h"

enum { MOST_FILES = 1 << 16, SHOWN = 3, ACROSS = 32 };

struct prediction {
    const char **operand; /* the model, then the images */
    int files;
    const char *picture;
    int resize, invert, scale, json;
    struct cli_reading reading;
    struct glb_model m;
    struct gathered g;
    struct glb_layer_sampler sampler;
    struct glb_read_labels r;
    uint8_t *label;      /* [images] */
    double *probability; /* [images][classes] */
};

static int parse(struct prediction *p, int argc, char **argv) {
    struct cli_option table[] = {
        {"resize", CLI_FLAG, &p->resize, NULL, 0, 0, NULL,
         .help =
             "scale images of another size to the model's: a pixel becomes the mean of the part "
             "of the image that it covers",
         .group = "Images"},
        {"invert", CLI_FLAG, &p->invert, NULL, 0, 0, NULL,
         .help = "exchange black and white, for dark strokes on light paper where the model was "
                 "trained on the reverse, as on MNIST"},
        CLI_ROWS_READING(&p->reading),
        CLI_ROWS_READING_DEVICE(&p->reading),
        {"picture", CLI_TEXT, &p->picture, "FILE", 0, 0, NULL,
         .help = "write what the machine was given, the pixels of one bit, as a PNG",
         .group = "Output"},
        {"scale", CLI_INT, &p->scale, "N", 1, 32, "3", .help = "width of a pixel of --picture"},
        {CLI_ROW_JSON(&p->json)},
    };
    static const struct cli_rule rules[] = {{"scale", CLI_NEEDS, "picture", NULL}};
    struct cli_command c = {
        .name = "predict",
        .operands = "MODEL IMAGE...",
        .operand_help = "a model file of `glauber train`, then files of images: PNG pictures, or "
                        "IDX files or NumPy arrays (.npy) of one image or many",
        .operand = p->operand,
        .least = 2,
        .most = 1 + MOST_FILES,
        .about = "Reads the labels of images as `glauber eval` does and prints a line for each:\n"
                 "the likeliest classes and their probabilities.",
        .option = table,
        .options = sizeof table / sizeof table[0],
        .rule = rules,
        .rules = sizeof rules / sizeof rules[0]};
    const int bad = cli_parse(&c, argc, argv);
    p->files = c.operands_given - 1;
    return bad;
}

static void show(void *user, int done, int count) {
    progress_show(user, (double)done / count, NULL);
}

/* Fields, means over the copies of a label, to probabilities of one class being on and the others
 * off in those fields: all copies of a label are on together, each with the odds exp(2 beta f). */
static void to_probabilities(struct prediction *p) {
    const int classes = p->m.t.classes;
    const int copies = p->m.t.layer[p->m.t.nlayers - 1].count / classes;
    for (int i = 0; i < p->g.data.count; i++) {
        double *f = p->probability + (size_t)i * (size_t)classes, sum = 0;
        const double most = f[p->label[i]];
        for (int k = 0; k < classes; k++)
            sum += f[k] = exp(2 * p->reading.o.beta * copies * (f[k] - most));
        for (int k = 0; k < classes; k++)
            f[k] /= sum;
    }
}

static enum glb_status read_images(struct prediction *p) {
    const size_t images = (size_t)p->g.data.count;
    struct progress bar;
    p->label = malloc(images);
    p->probability = malloc(sizeof *p->probability * images * (size_t)p->m.t.classes);
    if (!p->label || !p->probability)
        return glb_fail(GLB_ERR_MEMORY, "no memory for %zu labels", images);
    p->reading.o.score = p->probability;
    p->reading.o.progress = show;
    p->reading.o.user = &bar;
    progress_begin(&bar, "predict");
    const enum glb_status s =
        glb_read_labels_run(&p->m.t, &p->sampler, &p->g.data, &p->reading.o, p->label, &p->r);
    progress_end(&bar);
    if (s == GLB_OK)
        to_probabilities(p);
    return s;
}

/* A line for each image; the classes that are likeliest, those below 0.001 left out but for the
 * first. */
static void print_lines(const struct prediction *p) {
    const int classes = p->m.t.classes;
    int image = 0;
    for (int f = 0; f < p->g.files; f++)
        for (int i = 0; i < p->g.count[f]; i++, image++) {
            const double *v = p->probability + (size_t)image * (size_t)classes;
            printf("%s", p->operand[1 + f]);
            if (p->g.count[f] > 1)
                printf("[%d]", i);
            int last = p->label[image];
            printf(": %d (%.3f)", last, v[last]);
            for (int n = 1; n < SHOWN && n < classes; n++) {
                int next = -1; /* the likeliest of those behind the last one */
                for (int k = 0; k < classes; k++)
                    if ((v[k] < v[last] || (v[k] == v[last] && k > last)) && k != p->label[image] &&
                        (next < 0 || v[k] > v[next]))
                        next = k;
                if (next < 0 || v[next] < 0.001)
                    break;
                printf(", %d (%.3f)", next, v[next]);
                last = next;
            }
            printf("\n");
        }
}

static enum glb_status write_picture(const struct prediction *p) {
    const struct glb_dataset *d = &p->g.data;
    const int columns = d->count < ACROSS ? d->count : ACROSS;
    const int rows = (d->count + columns - 1) / columns;
    const size_t tile = (size_t)d->height * (size_t)d->width;
    int width = 0, height = 0;
    uint8_t *tiles = calloc((size_t)rows * (size_t)columns, tile), *picture = NULL;
    for (size_t k = 0; tiles && k < (size_t)d->count * tile; k++)
        tiles[k] = d->row[k / (size_t)d->width] >> k % (size_t)d->width & 1 ? 255 : 0;
    if (tiles)
        picture =
            png_grey_grid(tiles, rows, columns, d->width, d->height, p->scale, &width, &height);
    const enum glb_status s = picture ? png_grey_write(p->picture, picture, width, height)
                                      : glb_fail(GLB_ERR_MEMORY, "no memory for the picture");
    free(tiles);
    free(picture);
    return s;
}

static void print_json(const struct prediction *p) {
    struct json j;
    json_begin(&j, stdout);
    json_text(&j, "model", p->operand[0]);
    json_text(&j, "topology", p->m.t.spec);
    json_texts(&j, "files", p->operand + 1, p->g.files);
    json_ints(&j, "images", p->g.count, p->g.files);
    json_bytes(&j, "labels", p->label, p->g.data.count);
    json_rows(&j, "probabilities", p->probability, p->g.data.count, p->m.t.classes);
    json_int(&j, "sweeps", p->reading.o.sweeps);
    json_int(&j, "chains", p->reading.o.chains);
    json_int(&j, "burn_in", p->reading.o.burn_in);
    json_real(&j, "beta", p->reading.o.beta);
    json_uint(&j, "seed", p->reading.o.seed);
    json_uint(&j, "flips", p->r.flips);
    json_text(&j, "device", p->sampler.describe(p->sampler.self));
    json_text(&j, "version", glb_version());
    json_end(&j);
}

static enum glb_status work(struct prediction *p) {
    enum glb_status s =
        p->picture ? cli_check_output(p->picture, p->operand, 1 + p->files) : GLB_OK;
    if (!s)
        s = glb_model_read(p->operand[0], &p->m);
    if (!s)
        s = gather_images(p->operand + 1, p->files, &p->m, p->resize, p->invert, &p->g);
    if (!s)
        s = cli_reader_open(&p->reading, &p->m, 0, &p->sampler);
    if (s)
        return s;
    cli_catch_signals();
    s = read_images(p);
    if (!s && p->picture)
        s = write_picture(p);
    if (s)
        return s;
    print_lines(p);
    if (p->json)
        print_json(p);
    return GLB_OK;
}

int cmd_predict(int argc, char **argv) {
    struct prediction p = {.operand = calloc(1 + MOST_FILES, sizeof *p.operand)};
    if (!p.operand)
        return CLI_FAILED;
    const int bad = parse(&p, argc, argv);
    const enum glb_status s = bad ? GLB_OK : work(&p);
    if (s)
        cli_fail();
    glb_layer_sampler_close(&p.sampler);
    glb_model_clear(&p.m);
    gathered_clear(&p.g);
    free(p.label);
    free(p.probability);
    free(p.operand);
    if (bad)
        return bad - 1;
    return s == GLB_ERR_INTERRUPTED ? cli_interrupted() : s ? CLI_FAILED : CLI_OK;
}
