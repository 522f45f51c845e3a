/* Graph generators: arguments, weights, biases, help. SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/family.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "graph/text_reader.h"

static const struct glb_gen_family *const lists[] = {glb_gen_lattices, glb_gen_randoms,
                                                     glb_gen_mnists, glb_gen_rudys};
enum { LISTS = sizeof lists / sizeof lists[0] };

static enum glb_status parse_args(struct glb_gen_args *a, const char *text) {
    a->text = malloc(strlen(text) + 1);
    if (!a->text)
        return glb_fail(GLB_ERR_MEMORY, "out of memory");
    strcpy(a->text, text);
    for (char *p = a->text; *p;) {
        char *end = p + strcspn(p, ","), *value = memchr(p, '=', (size_t)(end - p));
        if (!value || value == p || a->count == GLB_GEN_MAX_KEYS)
            return glb_fail(GLB_ERR_ARGUMENT, "%s: '%.*s' is not one of at most %d key=value pairs",
                            a->family, (int)(end - p), p, GLB_GEN_MAX_KEYS);
        *value++ = '\0';
        for (int k = 0; k < a->count; k++)
            if (strcmp(a->arg[k].key, p) == 0)
                return glb_fail(GLB_ERR_ARGUMENT, "%s: '%s' is given twice", a->family, p);
        a->arg[a->count].key = p;
        a->arg[a->count++].value = value;
        p = *end ? end + 1 : end;
        *end = '\0';
    }
    return GLB_OK;
}

const char *glb_gen_text(struct glb_gen_args *a, const char *key) {
    for (int k = 0; k < a->count; k++)
        if (strcmp(a->arg[k].key, key) == 0) {
            a->arg[k].used = true;
            return a->arg[k].value;
        }
    return NULL;
}

bool glb_gen_has(const struct glb_gen_args *a, const char *key) {
    for (int k = 0; k < a->count; k++)
        if (strcmp(a->arg[k].key, key) == 0)
            return true;
    return false;
}

int glb_gen_int(struct glb_gen_args *a, const char *key, int fallback, int min, int max) {
    const char *text = glb_gen_text(a, key);
    int64_t v;
    if (!text)
        return fallback;
    if (glb_parse_int(text, strlen(text), &v) && v >= min && v <= max)
        return (int)v;
    if (!a->status)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %s=%s must be a whole number from %d to %d",
                             a->family, key, text, min, max);
    return fallback;
}

double glb_gen_real(struct glb_gen_args *a, const char *key, double fallback, double min,
                    double max) {
    const char *text = glb_gen_text(a, key);
    double v;
    if (!text)
        return fallback;
    if (glb_parse_real(text, strlen(text), &v) && v >= min && v <= max)
        return v;
    if (!a->status)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %s=%s must be a number from %g to %g",
                             a->family, key, text, min, max);
    return fallback;
}

int glb_gen_choice(struct glb_gen_args *a, const char *key, int fallback, const char *names) {
    const char *text = glb_gen_text(a, key);
    int index = 0;
    if (!text)
        return fallback;
    for (const char *p = names;; index++) {
        const size_t length = strcspn(p, "|");
        if (strlen(text) == length && strncasecmp(text, p, length) == 0)
            return index;
        if (!p[length])
            break;
        p += length + 1;
    }
    if (!a->status)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %s=%s must be %s", a->family, key, text, names);
    return fallback;
}

static bool grow(struct glb_graph *g, int capacity) {
    int32_t *ends = realloc(g->ei, (size_t)capacity * sizeof *ends);
    if (!ends)
        return false;
    g->ei = ends;
    ends = realloc(g->ej, (size_t)capacity * sizeof *ends);
    if (!ends)
        return false;
    g->ej = ends;
    double *J = realloc(g->J, (size_t)capacity * sizeof *J);
    if (!J)
        return false;
    g->J = J;
    return true;
}

bool glb_gen_edge(struct glb_gen *b, int i, int j, double J) {
    struct glb_graph *g = b->g;
    if (g->m == b->capacity) {
        if (b->capacity >= GLB_GRAPH_MAX_M) {
            b->args->status = glb_fail(GLB_ERR_ARGUMENT, "%s: more than %d couplings",
                                       b->args->family, GLB_GRAPH_MAX_M);
            return false;
        }
        if (!grow(g, 2 * b->capacity)) {
            b->args->status = glb_fail(GLB_ERR_MEMORY, "out of memory for the couplings");
            return false;
        }
        b->capacity *= 2;
    }
    g->ei[g->m] = i;
    g->ej[g->m] = j;
    g->J[g->m++] = J;
    return true;
}

static double draw(struct glb_rng *r, enum glb_gen_weights kind, double scale) {
    switch (kind) {
    case GLB_GEN_PM1:
        return glb_rng_below(r, 2) ? scale : -scale;
    case GLB_GEN_GAUSS:
        return scale * glb_rng_normal(r);
    case GLB_GEN_UNIFORM:
        return scale * (2 * glb_rng_unit(r) - 1);
    default:
        return scale;
    }
}

static const struct glb_gen_family *find_family(const char *name) {
    for (int l = 0; l < LISTS; l++)
        for (const struct glb_gen_family *f = lists[l]; f->name; f++)
            if (strcasecmp(f->name, name) == 0)
                return f;
    return NULL;
}

static enum glb_status unknown_family(const char *name) {
    char known[320] = "";
    for (int l = 0; l < LISTS; l++)
        for (const struct glb_gen_family *f = lists[l]; f->name; f++)
            snprintf(known + strlen(known), sizeof known - strlen(known), " %s", f->name);
    return glb_fail(GLB_ERR_ARGUMENT, "unknown family '%s'; there are:%s", name, known);
}

static enum glb_status unused_key(const struct glb_gen_args *a, const struct glb_gen_family *f) {
    for (int k = 0; k < a->count; k++)
        if (!a->arg[k].used)
            return glb_fail(GLB_ERR_ARGUMENT, "%s has no key '%s'; it is: %s", f->name,
                            a->arg[k].key, f->help);
    return GLB_OK;
}

/* Weights in the order of the sorted edges, so that they do not depend on how the family lists
 * them. */
static enum glb_status set_weights(struct glb_gen *b, const struct glb_gen_family *f, int weights,
                                   double scale, int bias, double bias_scale) {
    struct glb_graph *g = b->g;
    enum glb_status status = glb_graph_finish(g);
    if (status)
        return status;
    struct glb_rng rw = glb_rng_at(b->seed, GLB_GEN_WEIGHTS, 0);
    struct glb_rng rb = glb_rng_at(b->seed, GLB_GEN_BIASES, 0);
    if (!f->own_weights)
        for (int e = 0; e < g->m; e++)
            g->J[e] = draw(&rw, (enum glb_gen_weights)weights, scale);
    for (int i = 0; bias > 0 && i < g->n; i++)
        g->h[i] = draw(&rb, (enum glb_gen_weights)(bias - 1), bias_scale);
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

static struct glb_graph *generate(const struct glb_gen_family *f, struct glb_gen_args *a,
                                  uint64_t seed) {
    const int n = f->nodes(a);
    int weights = f->weights, bias = 0;
    double scale = 1, bias_scale = 1;
    if (!f->own_weights) {
        weights = glb_gen_choice(a, "weights", weights, "pm1|gauss|uniform|const");
        scale = glb_gen_real(a, "scale", 1, -1e6, 1e6);
    }
    if (!f->maxcut) {
        bias = glb_gen_choice(a, "bias", 0, "none|pm1|gauss|uniform|const");
        bias_scale = glb_gen_real(a, "bias-scale", 1, -1e6, 1e6);
    }
    if (a->status || unused_key(a, f))
        return NULL;
    if (n < 1 || n > GLB_GRAPH_MAX_N) {
        glb_fail(GLB_ERR_ARGUMENT, "%s: at most %d p-bits", f->name, GLB_GRAPH_MAX_N);
        return NULL;
    }
    struct glb_gen b = {.capacity = 4096, .args = a, .seed = seed};
    b.g = glb_graph_new(n, b.capacity);
    if (!b.g)
        return NULL;
    if (f->edges(&b) && !set_weights(&b, f, weights, scale, bias, bias_scale))
        return b.g;
    glb_graph_free(b.g);
    return NULL;
}

struct glb_graph *glb_graph_generate(const char *family, const char *args, uint64_t seed) {
    struct glb_gen_args a = {.family = family};
    const struct glb_gen_family *f = find_family(family);
    struct glb_graph *g = NULL;
    if (!f) {
        unknown_family(family);
        return NULL;
    }
    if (!parse_args(&a, args ? args : ""))
        g = generate(f, &a, seed);
    free(a.text);
    return g;
}

const char *glb_graph_generate_help(void) {
    static _Thread_local char text[4096];
    char *p = text, *const end = text + sizeof text;
    p += snprintf(p, (size_t)(end - p),
                  "Families and their keys (key=value,key=value; defaults in brackets):\n");
    for (int l = 0; l < LISTS; l++)
        for (const struct glb_gen_family *f = lists[l]; f->name && p < end; f++)
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
