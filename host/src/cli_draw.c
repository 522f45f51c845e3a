/* glauber draw: digits as a PNG. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "cli.h"
#include "cli_fields.h"
#include "dataset.h"
#include "draw.h"
#include "json.h"
#include "model.h"
#include "png_grey.h"

static const char HELP[] = "usage: glauber draw MODEL [options]\n\n"
                           "Clamps a label in every chain, anneals everything else and writes the "
                           "pixels: a row for every class.\n\n"
                           "  -o FILE           the picture (out/digits.png)\n"
                           "  --columns N       pictures of a class (16)\n"
                           "  --sweeps N        of annealing (2000); the pixels are averaged over "
                           "the last --average N (16)\n"
                           "  --scale N         width of a pixel (3)\n"
                           "  --seed N          of start and noise (1)\n"
                           "  --device NAME     emu (default) or sim; --array NAME\n"
                           "  --threads N       of the emulator (all cores)\n"
                           "  --json            one JSON object as the last line\n";

int glb_cmd_draw(int argc, char **argv) {
    const char *path, *output = "out/digits.png", *device = "emu", *array = NULL;
    struct glb_draw_options o = {.columns = 16, .sweeps = 2000, .average = 16, .seed = 1};
    int threads = 0, json = 0, scale = 3, width, height;
    struct cli_field fields[] = {
        {"output", CLI_TEXT, &output, 0, 0, 0},
        {"device", CLI_TEXT, &device, 0, 0, 0},
        {"array", CLI_TEXT, &array, 0, 0, 0},
        {"columns", CLI_INT, &o.columns, 1, 1000, 0},
        {"sweeps", CLI_INT, &o.sweeps, 10, 10000000, 0},
        {"average", CLI_INT, &o.average, 1, 1000000, 0},
        {"scale", CLI_INT, &scale, 1, 32, 0},
        {"seed", CLI_SEED, &o.seed, 0, 0, 0},
        {"threads", CLI_INT, &threads, 0, 64, 0},
        {"json", CLI_FLAG, &json, 0, 0, 0},
    };
    const int bad =
        cli_fields_parse(argc, argv, fields, sizeof fields / sizeof fields[0], &path, 1, HELP);
    if (bad)
        return bad - 1;

    struct glb_model m = {0};
    struct glb_phase_sampler sampler = {0};
    struct glb_job_counters counters = {0};
    uint8_t *grey = NULL, *picture = NULL;
    int exit_status = CLI_FAILED;
    if (glb_model_load(path, &m))
        goto done;
    const struct glb_phase_sampler_options so = {.device = device,
                                                 .array = array,
                                                 .chains = GLB_CLASSES * o.columns,
                                                 .threads = threads,
                                                 .u = m.u,
                                                 .layers = (1u << (m.t.nlayers - 1)) - 1};
    if (glb_phase_sampler_open(&m.t, &so, &sampler) ||
        sampler.set_weights(sampler.self, m.J, m.h, NULL))
        goto done;
    grey = malloc((size_t)GLB_CLASSES * o.columns * m.t.width * m.t.height);
    if (!grey) {
        glb_fail(GLB_ERR_MEMORY, "no memory for the pictures");
        goto done;
    }
    if (glb_draw_digits(&m.t, &sampler, &o, grey, &counters))
        goto done;
    picture =
        glb_png_grid(grey, GLB_CLASSES, o.columns, m.t.width, m.t.height, scale, &width, &height);
    if (!picture) {
        glb_fail(GLB_ERR_MEMORY, "no memory for the picture");
        goto done;
    }
    if (glb_png_write(output, picture, width, height))
        goto done;
    printf("%s: %d digits, %d x %d pixels, %d sweeps on %s\n", output, GLB_CLASSES * o.columns,
           width, height, o.sweeps, sampler.describe(sampler.self));
    if (json) {
        struct glb_json j;
        glb_json_begin(&j, stdout);
        glb_json_text(&j, "model", path);
        glb_json_text(&j, "output", output);
        glb_json_int(&j, "images", GLB_CLASSES * o.columns);
        glb_json_int(&j, "sweeps", o.sweeps);
        glb_json_uint(&j, "seed", o.seed);
        glb_json_uint(&j, "flips", counters.flips);
        glb_json_end(&j);
    }
    exit_status = CLI_OK;
done:
    if (exit_status != CLI_OK)
        cli_fail();
    free(grey);
    free(picture);
    glb_phase_sampler_close(&sampler);
    glb_model_free(&m);
    return exit_status;
}
