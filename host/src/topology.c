/* Builds layered graphs whose first layer looks at local windows of the image.
 * SPDX-License-Identifier: Apache-2.0 */
#include "topology.h"

#include <stdlib.h>
#include <string.h>
#include "dataset.h"
#include "rng.h"

enum { TAG_WINDOW = 100, TAG_REPLICA };

struct parameter {
    const char *key;
    int value, lowest, highest;
};

/* Reads "key=value,..." into the table; the text may be empty. */
static enum glb_status parse_parameters(const char *name, const char *text, struct parameter *p,
                                        int count) {
    while (text && *text) {
        const char *equals = strchr(text, '=');
        const size_t len = equals ? (size_t)(equals - text) : strlen(text);
        int k = 0;
        while (k < count && (strlen(p[k].key) != len || strncmp(p[k].key, text, len) != 0))
            k++;
        if (k == count || !equals) {
            char known[128] = "";
            for (int i = 0; i < count; i++)
                snprintf(known + strlen(known), sizeof known - strlen(known), " %s", p[i].key);
            return glb_fail(GLB_ERR_ARGUMENT,
                            "topology %s: '%.*s' is no parameter; known:%s (key=value,...)", name,
                            (int)len, text, known);
        }
        char *end;
        const long v = strtol(equals + 1, &end, 10);
        if (end == equals + 1 || (*end && *end != ','))
            return glb_fail(GLB_ERR_ARGUMENT, "topology %s: %s needs a whole number", name,
                            p[k].key);
        if (v < p[k].lowest || v > p[k].highest)
            return glb_fail(GLB_ERR_ARGUMENT, "topology %s: %s=%ld; it must be %d to %d", name,
                            p[k].key, v, p[k].lowest, p[k].highest);
        p[k].value = (int)v;
        text = *end ? end + 1 : end;
    }
    return GLB_OK;
}

static void add_edge(struct glb_graph *g, int i, int j) {
    g->ei[g->m] = i < j ? i : j;
    g->ej[g->m] = i < j ? j : i;
    g->m++;
}

/* Couples hidden unit `unit` to fan different pixels of a window around a random centre. */
static void add_window(struct glb_graph *g, int width, int height, int unit, int fan, int window,
                       struct glb_rng *r) {
    int32_t pixel[GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_SIDE];
    const int w = window < width ? window : width, h = window < height ? window : height;
    const int x0 = (int)glb_rng_below(r, (uint32_t)(width - w + 1));
    const int y0 = (int)glb_rng_below(r, (uint32_t)(height - h + 1));
    int count = 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            pixel[count++] = (y0 + y) * width + x0 + x;
    for (int k = 0; k < fan; k++) {
        const int pick = k + (int)glb_rng_below(r, (uint32_t)(count - k));
        const int32_t p = pixel[pick];
        pixel[pick] = pixel[k];
        pixel[k] = p;
        add_edge(g, p, unit);
    }
}

/* One h2 unit of every class for each h1 unit, every replica chosen equally often. */
static void add_replicas(struct glb_graph *g, const struct glb_layer *h1,
                         const struct glb_layer *h2, struct glb_rng *r) {
    const int replicas = h2->count / GLB_CLASSES;
    for (int c = 0; c < GLB_CLASSES; c++) {
        int used[256];
        for (int k = 0; k < replicas; k++)
            used[k] = 0;
        for (int i = 0; i < h1->count; i++) {
            int k = (int)glb_rng_below(r, (uint32_t)replicas);
            while (used[k] > i / replicas)
                k = (k + 1) % replicas;
            used[k]++;
            add_edge(g, h1->first + i, h2->first + k * GLB_CLASSES + c);
        }
    }
}

static enum glb_status check_window(const char *name, int fan, int window, int width, int height) {
    const int w = window < width ? window : width, h = window < height ? window : height;
    if (fan > w * h)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology %s: fan=%d pixels do not fit a window of %d x %d", name, fan, w,
                        h);
    return GLB_OK;
}

static enum glb_status build_local(const char *args, struct glb_topology *t) {
    struct parameter p[] = {{"hidden", 868, 1, 60000}, {"fan", 25, 1, 1024}, {"window", 9, 1, 32}};
    enum glb_status s = parse_parameters("local", args, p, 3);
    if (s == GLB_OK)
        s = check_window("local", p[1].value, p[2].value, t->width, t->height);
    if (s != GLB_OK)
        return s;
    const int pixels = t->width * t->height, hidden = p[0].value;
    snprintf(t->spec, sizeof t->spec, "local:hidden=%d,fan=%d,window=%d", hidden, p[1].value,
             p[2].value);
    t->nlayers = 3;
    t->layer[0] = (struct glb_layer){GLB_LAYER_PIXELS, 0, pixels};
    t->layer[1] = (struct glb_layer){GLB_LAYER_H1, pixels, hidden};
    t->layer[2] = (struct glb_layer){GLB_LAYER_LABELS, pixels + hidden, GLB_CLASSES};
    t->graph = glb_graph_new(pixels + hidden + GLB_CLASSES, hidden * (p[1].value + GLB_CLASSES));
    if (!t->graph)
        return glb_fail(GLB_ERR_MEMORY, "topology local: no memory");
    for (int i = 0; i < hidden; i++) {
        struct glb_rng r = glb_rng_at(t->seed, TAG_WINDOW, (uint64_t)i);
        add_window(t->graph, t->width, t->height, pixels + i, p[1].value, p[2].value, &r);
        for (int c = 0; c < GLB_CLASSES; c++)
            add_edge(t->graph, pixels + i, t->layer[2].first + c);
    }
    return GLB_OK;
}

static enum glb_status build_deep(const char *args, struct glb_topology *t) {
    struct parameter p[] = {{"h1", 1005, 1, 60000},
                            {"h2", 20, GLB_CLASSES, 2560},
                            {"fan", 20, 1, 1024},
                            {"window", 9, 1, 32}};
    enum glb_status s = parse_parameters("deep", args, p, 4);
    if (s == GLB_OK)
        s = check_window("deep", p[2].value, p[3].value, t->width, t->height);
    if (s != GLB_OK)
        return s;
    if (p[1].value % GLB_CLASSES)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology deep: h2=%d must be a multiple of the %d classes", p[1].value,
                        GLB_CLASSES);
    const int pixels = t->width * t->height, h1 = p[0].value, h2 = p[1].value;
    snprintf(t->spec, sizeof t->spec, "deep:h1=%d,h2=%d,fan=%d,window=%d", h1, h2, p[2].value,
             p[3].value);
    t->nlayers = 4;
    t->layer[0] = (struct glb_layer){GLB_LAYER_PIXELS, 0, pixels};
    t->layer[1] = (struct glb_layer){GLB_LAYER_H1, pixels, h1};
    t->layer[2] = (struct glb_layer){GLB_LAYER_H2, pixels + h1, h2};
    t->layer[3] = (struct glb_layer){GLB_LAYER_LABELS, pixels + h1 + h2, GLB_CLASSES};
    t->graph = glb_graph_new(pixels + h1 + h2 + GLB_CLASSES,
                             h1 * (p[2].value + GLB_CLASSES) + h2 * GLB_CLASSES);
    if (!t->graph)
        return glb_fail(GLB_ERR_MEMORY, "topology deep: no memory");
    for (int i = 0; i < h1; i++) {
        struct glb_rng r = glb_rng_at(t->seed, TAG_WINDOW, (uint64_t)i);
        add_window(t->graph, t->width, t->height, pixels + i, p[2].value, p[3].value, &r);
    }
    struct glb_rng r = glb_rng_at(t->seed, TAG_REPLICA, 0);
    add_replicas(t->graph, &t->layer[1], &t->layer[2], &r);
    for (int k = 0; k < h2; k++)
        for (int c = 0; c < GLB_CLASSES; c++)
            add_edge(t->graph, t->layer[2].first + k, t->layer[3].first + c);
    return GLB_OK;
}

static enum glb_status finish(struct glb_topology *t) {
    const enum glb_status s = glb_graph_finish(t->graph);
    if (s != GLB_OK)
        return s;
    t->layer_of = malloc((size_t)t->graph->n);
    if (!t->layer_of)
        return glb_fail(GLB_ERR_MEMORY, "topology: no memory");
    for (int l = 0; l < t->nlayers; l++)
        memset(t->layer_of + t->layer[l].first, l, (size_t)t->layer[l].count);
    return GLB_OK;
}

enum glb_status glb_topology_build(const char *spec, int width, int height, uint64_t seed,
                                   struct glb_topology *out) {
    struct glb_topology t = {.seed = seed, .width = width, .height = height};
    memset(out, 0, sizeof *out);
    if (width < 1 || height < 1 || width > GLB_DATASET_MAX_SIDE || height > GLB_DATASET_MAX_SIDE)
        return glb_fail(GLB_ERR_ARGUMENT, "topology: images of %d x %d pixels; 1 to %d a side",
                        width, height, GLB_DATASET_MAX_SIDE);
    const char *colon = strchr(spec, ':');
    const size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
    const char *args = colon ? colon + 1 : NULL;
    enum glb_status s;
    if (len == 5 && strncmp(spec, "local", len) == 0)
        s = build_local(args, &t);
    else if (len == 4 && strncmp(spec, "deep", len) == 0)
        s = build_deep(args, &t);
    else
        return glb_fail(GLB_ERR_ARGUMENT, "topology '%.*s' is not known; known: local, deep",
                        (int)len, spec);
    if (s == GLB_OK)
        s = finish(&t);
    if (s != GLB_OK) {
        glb_topology_free(&t);
        return s;
    }
    *out = t;
    return GLB_OK;
}

enum glb_status glb_topology_adopt(const char *spec, uint64_t seed, int width, int height,
                                   const struct glb_layer *layer, int nlayers,
                                   struct glb_graph *graph, struct glb_topology *out) {
    struct glb_topology t = {
        .seed = seed, .width = width, .height = height, .nlayers = nlayers, .graph = graph};
    memset(out, 0, sizeof *out);
    snprintf(t.spec, sizeof t.spec, "%s", spec);
    int next = 0, ok = nlayers >= 2 && nlayers <= GLB_MAX_LAYERS;
    for (int l = 0; ok && l < nlayers; l++) {
        t.layer[l] = layer[l];
        ok = layer[l].first == next && layer[l].count > 0 && layer[l].count <= graph->n - next;
        next += layer[l].count;
    }
    if (!ok || next != graph->n || layer[0].kind != GLB_LAYER_PIXELS ||
        layer[0].count != width * height || layer[nlayers - 1].kind != GLB_LAYER_LABELS ||
        layer[nlayers - 1].count % GLB_CLASSES != 0) {
        glb_graph_free(graph);
        return glb_fail(GLB_ERR_FORMAT,
                        "topology %s: its layers do not make up a graph of %d x %d pixels "
                        "to %d labels",
                        spec, width, height, GLB_CLASSES);
    }
    const enum glb_status s = finish(&t);
    if (s != GLB_OK) {
        glb_topology_free(&t);
        return s;
    }
    *out = t;
    return GLB_OK;
}

void glb_topology_free(struct glb_topology *t) {
    if (t->graph)
        glb_graph_free(t->graph);
    free(t->layer_of);
    memset(t, 0, sizeof *t);
}

const struct glb_layer *glb_topology_layer(const struct glb_topology *t, enum glb_layer_kind kind) {
    for (int l = 0; l < t->nlayers; l++)
        if (t->layer[l].kind == kind)
            return &t->layer[l];
    return NULL;
}

const char *glb_layer_name(enum glb_layer_kind kind) {
    static const char *names[] = {"pixels", "h1", "h2", "labels", "h3"};
    return (unsigned)kind < 5 ? names[kind] : "unknown";
}

int glb_topology_max_degree(const struct glb_topology *t, const struct glb_layer *l) {
    int *degree = calloc((size_t)t->graph->n, sizeof *degree), most = 0;
    if (!degree)
        return 0;
    for (int e = 0; e < t->graph->m; e++) {
        degree[t->graph->ei[e]]++;
        degree[t->graph->ej[e]]++;
    }
    for (int i = 0; i < l->count; i++)
        if (degree[l->first + i] > most)
            most = degree[l->first + i];
    free(degree);
    return most;
}

void glb_topology_print(const struct glb_topology *t, FILE *to) {
    fprintf(to, "%s: %d p-bits, %d couplings\n", t->spec, t->graph->n, t->graph->m);
    for (int l = 0; l < t->nlayers; l++)
        fprintf(to, "  %-8s %6d p-bits, largest degree %d\n", glb_layer_name(t->layer[l].kind),
                t->layer[l].count, glb_topology_max_degree(t, &t->layer[l]));
}
