/* What the page's worker calls: one machine at a time, its live run, its texts, its schedule.
 * Functions return 0 or 1 for an error, whose words window_error() has.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glauber/learn.h>
#include "array/program.h"
#include "chip.h"
#include "compact.h"
#include "device/device.h"
#include "learn/api/kept_sampler.h"
#include "sampler/live.h"

#define EXPORT __attribute__((visibility("default"), used))

static struct glb_model model; /* without p-bits: the graph is no model's */
static struct glb_graph *graph;
static struct glb_program *program;
static struct glb_device *device;
static struct glb_sampler *sampler;
static struct glb_live *live;
static struct chip_tile *chip;
static char *text, *bias;

static void close_program(void) {
    glb_live_close(live);
    glb_sampler_close(sampler);
    glb_device_close(device);
    glb_program_free(program);
    free(chip);
    live = NULL;
    sampler = NULL;
    device = NULL;
    program = NULL;
    chip = NULL;
}

static void close_graph(void) {
    close_program();
    glb_graph_free(graph);
    kept_sampler_close(&model);
    glb_model_clear(&model);
    graph = NULL;
}

/* Fails where there is nothing to work on: a graph was refused, say. */
static int lacks(const void *what) {
    if (!what)
        glb_fail(GLB_ERR_ARGUMENT, "no machine is loaded; choose a graph, or correct the one that "
                                   "was refused");
    return !what;
}

EXPORT void *window_alloc(size_t size) {
    return malloc(size);
}

EXPORT void window_free(void *p) {
    free(p);
}

EXPORT const char *window_error(void) {
    return glb_error();
}

EXPORT const char *window_version(void) {
    return glb_version();
}

/* ---- machines ---- */

EXPORT int window_model(const uint8_t *data, size_t size) {
    close_graph();
    return compact_read(data, size, &model) || glb_model_graph(&model, &graph);
}

EXPORT int window_generate(const char *family, const char *args, const char *seed) {
    close_graph();
    return glb_graph_generate(family, args, strtoull(seed, NULL, 10), &graph) != GLB_OK;
}

EXPORT int window_parse(const char *name, const char *from, size_t size, const char *convention) {
    enum glb_convention c;
    close_graph();
    if (glb_convention_parse(convention, &c))
        return glb_fail(GLB_ERR_ARGUMENT, "no convention is called %s", convention) != GLB_OK;
    return glb_graph_parse(name, from, size, NULL, NULL, 0, c, &graph) != GLB_OK;
}

/* Compiles for the array of that name; "": ulx3s-85, or big where the graph needs it. */
EXPORT int window_compile(const char *array, int effort) {
    struct glb_compile_options o;
    close_program();
    if (lacks(graph))
        return 1;
    glb_compile_options_init(&o, sizeof o);
    o.effort = effort;
    return glb_program_compile(graph, array[0] ? array : NULL, &o, &program) ||
           glb_device_open("emu", program->array.name, &device) ||
           glb_sampler_new(graph, program, device, &sampler);
}

enum { FIGURES = 17 };

static int has_bias(void) {
    for (int i = 0; i < graph->n; i++)
        if (graph->h[i] != 0)
            return 1;
    return 0;
}

/* Of graph, program and array; 0 where there is none yet. */
EXPORT const double *window_figures(void) {
    static double f[FIGURES];
    const struct glb_program *p = program;
    memset(f, 0, sizeof f);
    if (graph) {
        f[0] = graph->n;
        f[1] = graph->m;
        f[2] = graph->convention == GLB_MAXCUT;
        glb_beta_range(graph, &f[3], &f[4]);
        f[16] = has_bias();
    }
    if (p) {
        f[5] = p->array.tiles;
        f[6] = p->array.lanes;
        f[7] = p->array.chains;
        f[8] = p->seg[0].s_len;
        f[9] = p->array.gw;
        f[10] = glb_program_colours(p);
    }
    if (model.t.graph) {
        const struct glb_layer *labels = &model.t.layer[model.t.nlayers - 1];
        f[11] = model.t.width;
        f[12] = model.t.height;
        f[13] = labels->first;
        f[14] = labels->count;
        f[15] = model.readout_beta;
    }
    return f;
}

EXPORT const char *window_array(void) {
    return program->array.name;
}

EXPORT const char *window_graph_hash(void) {
    static char hash[17];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)graph->hash);
    return hash;
}

/* ---- texts: the files of `glauber sample` ---- */

EXPORT const char *window_graph_text(void) {
    glb_free(text);
    glb_free(bias);
    text = bias = NULL;
    return glb_graph_print(graph, GLB_TEXT_MATRIX_MARKET, &text, &bias) ? NULL : text;
}

/* After window_graph_text(); NULL: no p-bit has a bias. */
EXPORT const char *window_bias_text(void) {
    return has_bias() ? bias : NULL;
}

/* Steps of the live run, beta and sweeps by turns; *steps. */
EXPORT const double *window_schedule(int32_t *steps) {
    static double *pairs;
    int n;
    if (lacks(live))
        return NULL;
    const struct glb_step *step = glb_live_schedule(live, &n);
    double *more = realloc(pairs, ((size_t)n * 2 + 1) * sizeof *pairs);
    if (!more)
        return NULL;
    pairs = more;
    for (int k = 0; k < n; k++) {
        pairs[2 * k] = step[k].beta;
        pairs[2 * k + 1] = step[k].sweeps;
    }
    *steps = n;
    return pairs;
}

/* ---- live runs ---- */

/* clamp[n] of -1, 0 (free) and +1, or NULL. */
EXPORT int window_start(const char *seed, int chains, const int8_t *clamp) {
    struct glb_settings set;
    glb_live_close(live);
    live = NULL;
    if (lacks(sampler))
        return 1;
    glb_settings_init(&set, sizeof set);
    set.seed = strtoull(seed, NULL, 10);
    set.chains = chains;
    set.clamp = clamp;
    set.clamp_columns = 1;
    return glb_live_open(sampler, &set, &live) != GLB_OK;
}

EXPORT int window_sweep(double beta, uint32_t sweeps) {
    return lacks(live) || glb_live_sweep(live, beta, sweeps);
}

EXPORT int window_chains(void) {
    return glb_sampler_result(sampler)->chains;
}

EXPORT const uint8_t *window_states(void) {
    return glb_live_states(live);
}

EXPORT const double *window_energies(void) {
    return glb_live_energies(live);
}

EXPORT const char *window_sha256(void) {
    return glb_sampler_result(sampler)->states_sha256;
}

EXPORT double window_sweeps(void) {
    return (double)glb_live_sweeps(live);
}

EXPORT double window_updates(void) {
    return (double)glb_live_updates(live);
}

/* ---- reading, the chip ---- */

/* grey[height][width] as `glauber eval --batch 16` reads a first image; score[classes]. The label,
 * or -1. */
EXPORT int window_read(const uint8_t *grey, int width, int height, double *score) {
    struct glb_predict_options o;
    uint8_t label;
    if (lacks(model.t.graph))
        return -1;
    glb_predict_options_init(&o, sizeof o);
    o.batch = 16;
    return glb_model_predict(&model, grey, 1, height, width, &o, &label, score) ? -1 : label;
}

/* [clocks][tiles] of six numbers each, struct chip_tile. */
EXPORT const int32_t *window_chip(void) {
    if (lacks(program) || (!chip && chip_schedule(program, &chip)))
        return NULL;
    return (const int32_t *)chip;
}
