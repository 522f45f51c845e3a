/* Topologies by name: parameters, layers, checks. SPDX-License-Identifier: Apache-2.0 */
#include "learn/topology.h"

#include <stdlib.h>
#include <string.h>
#include "learn/dataset.h"
#include "learn/topology_build.h"

/* Reads "key=value,..." into the table; the text may be empty. */
enum glb_status glb_topology_parse(const char *name, const char *text,
                                   struct glb_topology_parameter *p, int count) {
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

void glb_topology_edge(struct glb_graph *g, int i, int j) {
    g->ei[g->m] = i < j ? i : j;
    g->ej[g->m] = i < j ? j : i;
    g->m++;
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

static const struct {
    const char *name;
    enum glb_status (*build)(const char *args, struct glb_topology *t);
} builder[] = {{"local", glb_topology_local},
               {"blocks", glb_topology_blocks},
               {"deep", glb_topology_deep},
               {"pegasus", glb_topology_pegasus},
               {"file", glb_topology_file}};
enum { BUILDERS = sizeof builder / sizeof builder[0] };

enum glb_status glb_topology_build(const char *spec, int width, int height, uint64_t seed,
                                   struct glb_topology *out) {
    struct glb_topology t = {.seed = seed, .width = width, .height = height};
    memset(out, 0, sizeof *out);
    if (width < 1 || height < 1 || width > GLB_DATASET_MAX_SIDE ||
        height > GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES)
        return glb_fail(GLB_ERR_ARGUMENT, "topology: images of %d x %d pixels; 1 to %d a side",
                        width, height, GLB_DATASET_MAX_SIDE);
    const char *colon = strchr(spec, ':');
    const size_t len = colon ? (size_t)(colon - spec) : strlen(spec);
    const char *args = colon ? colon + 1 : NULL;
    enum glb_status s;
    int k = 0;
    while (k < BUILDERS &&
           (strlen(builder[k].name) != len || strncmp(spec, builder[k].name, len) != 0))
        k++;
    if (k == BUILDERS)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology '%.*s' is not known; known: local, blocks, deep, pegasus, file",
                        (int)len, spec);
    s = builder[k].build(args, &t);
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
