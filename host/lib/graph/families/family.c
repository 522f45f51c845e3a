/* Graph generators by name: weights, biases, help. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "graph/families/builder.h"

static const struct family *const lists[] = {lattice_families, random_families, mnist_families,
                                             rudy_families};
enum { LISTS = sizeof lists / sizeof lists[0] };

static double draw(struct glb_rng *r, enum weight_kind kind, double scale) {
    switch (kind) {
    case WEIGHTS_PM1:
        return glb_rng_below(r, 2) ? scale : -scale;
    case WEIGHTS_GAUSS:
        return scale * glb_rng_normal(r);
    case WEIGHTS_UNIFORM:
        return scale * (2 * glb_rng_unit(r) - 1);
    default:
        return scale;
    }
}

static const struct family *find_family(const char *name) {
    for (int l = 0; l < LISTS; l++)
        for (const struct family *f = lists[l]; f->name; f++)
            if (strcasecmp(f->name, name) == 0)
                return f;
    return NULL;
}

static enum glb_status unknown_family(const char *name) {
    char known[320] = "";
    for (int l = 0; l < LISTS; l++)
        for (const struct family *f = lists[l]; f->name; f++)
            snprintf(known + strlen(known), sizeof known - strlen(known), " %s", f->name);
    return glb_fail(GLB_ERR_ARGUMENT, "unknown family '%s'; there are:%s", name, known);
}

/* What is asked of couplings and biases besides the family's own arguments. */
struct values {
    enum weight_kind weights, biases;
    bool biased;
    double scale, bias_scale;
};

static struct values read_values(const struct family *f, struct glb_arguments *a) {
    struct values v = {.weights = f->weights, .scale = 1, .bias_scale = 1};
    if (!f->own_weights) {
        v.weights = (enum weight_kind)glb_argument_choice(a, "weights", (int)f->weights,
                                                          "pm1|gauss|uniform|const");
        v.scale = glb_argument_real(a, "scale", 1, -1e6, 1e6);
    }
    if (!f->maxcut) {
        const int bias = glb_argument_choice(a, "bias", 0, "none|pm1|gauss|uniform|const");
        v.biased = bias > 0;
        v.biases = (enum weight_kind)(bias - v.biased);
        v.bias_scale = glb_argument_real(a, "bias-scale", 1, -1e6, 1e6);
    }
    return v;
}

/* Weights in the order of the sorted edges, so that they do not depend on how the family lists
 * them. */
static enum glb_status set_weights(const struct family *f, const struct values *v, uint64_t seed,
                                   struct glb_graph *g) {
    enum glb_status status = glb_graph_finish(g);
    if (status)
        return status;
    struct glb_rng rw = glb_rng_at(seed, STREAM_WEIGHTS, 0);
    struct glb_rng rb = glb_rng_at(seed, STREAM_BIASES, 0);
    if (!f->own_weights)
        for (int e = 0; e < g->m; e++)
            g->J[e] = draw(&rw, v->weights, v->scale);
    for (int i = 0; v->biased && i < g->n; i++)
        g->h[i] = draw(&rb, v->biases, v->bias_scale);
    if (f->maxcut) {
        g->convention = GLB_MAXCUT;
        g->scale = 0.5;
        for (int e = 0; e < g->m; e++) {
            g->offset -= g->J[e] / 2;
            g->J[e] = -g->J[e];
        }
    }
    return glb_graph_finish(g);
}

enum glb_status glb_graph_generate(const char *family, const char *args, uint64_t seed,
                                   struct glb_graph **out) {
    struct glb_arguments a;
    const struct family *f = find_family(family);
    *out = NULL;
    if (!f)
        return unknown_family(family);
    struct builder b = {.args = &a, .seed = seed, .help = f->help};
    enum glb_status status = glb_arguments_parse(&a, f->name, args);
    if (!status) {
        const struct values v = read_values(f, &a);
        status = f->build(&b) ? set_weights(f, &v, seed, b.g) : a.status;
    }
    glb_arguments_free(&a);
    if (status)
        glb_graph_free(b.g);
    else
        *out = b.g;
    return status;
}

const char *glb_graph_generate_help(void) {
    static _Thread_local char text[4096];
    char *p = text, *const end = text + sizeof text;
    p += snprintf(p, (size_t)(end - p),
                  "Families and their keys (key=value,key=value; defaults in brackets):\n");
    for (int l = 0; l < LISTS; l++)
        for (const struct family *f = lists[l]; f->name && p < end; f++)
            p += snprintf(p, (size_t)(end - p), "  %-14s %s\n", f->name, f->help);
    if (p < end)
        snprintf(
            p, (size_t)(end - p),
            "All but rudy and gset: weights=pm1|gauss|uniform|const [pm1; const for random; gauss "
            "for "
            "mnist-*]\n"
            "  and scale=S [1]; no max-cut graph: bias=none|pm1|gauss|uniform|const [none] and "
            "bias-scale=S [1]\n"
            "random, rudy and gset are max-cut graphs: files hold their weights, energies are "
            "minus the cut.\n");
    return text;
}
