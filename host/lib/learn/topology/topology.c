/* Topologies as layers over a graph: checks, layers, degrees. SPDX-License-Identifier: Apache-2.0
 */
#include "learn/topology/topology_build.h"

#include <stdlib.h>
#include <string.h>
#include "learn/data/dataset.h"

enum glb_status topology_finish(struct glb_topology *t) {
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

enum glb_status glb_topology_adopt(const char *spec, uint64_t seed, int width, int height,
                                   int classes, const struct glb_layer *layer, int nlayers,
                                   struct glb_graph *graph, struct glb_topology *out) {
    struct glb_topology t = {.seed = seed,
                             .width = width,
                             .height = height,
                             .classes = classes,
                             .nlayers = nlayers,
                             .graph = graph};
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
        layer[nlayers - 1].count % classes != 0) {
        glb_graph_free(graph);
        return glb_fail(GLB_ERR_FORMAT,
                        "topology %s: its layers do not make up a graph of %d x %d pixels "
                        "to %d labels",
                        spec, width, height, classes);
    }
    const enum glb_status s = topology_finish(&t);
    if (s != GLB_OK) {
        glb_topology_clear(&t);
        return s;
    }
    *out = t;
    return GLB_OK;
}

void glb_topology_clear(struct glb_topology *t) {
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
