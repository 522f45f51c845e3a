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

static int32_t *copy_of(const int32_t *from, int count) {
    int32_t *to = malloc(sizeof *to * (size_t)count);
    if (to)
        memcpy(to, from, sizeof *to * (size_t)count);
    return to;
}

/* Whether layers follow each other, pixels first and labels last, and pixels are those of an image.
 */
static int make_up(const struct glb_topology_parts *p, const struct glb_graph *graph) {
    const struct glb_layer *layer = p->layer;
    int next = 0, ok = p->nlayers >= 2 && p->nlayers <= GLB_MAX_LAYERS;
    for (int l = 0; ok && l < p->nlayers; l++) {
        ok = layer[l].first == next && layer[l].count > 0 && layer[l].count <= graph->n - next;
        next += layer[l].count;
    }
    ok = ok && next == graph->n && layer[0].kind == GLB_LAYER_PIXELS &&
         (p->pixel_of || layer[0].count == p->width * p->height) &&
         layer[p->nlayers - 1].kind == GLB_LAYER_LABELS &&
         layer[p->nlayers - 1].count % p->classes == 0;
    for (int i = 0; ok && p->pixel_of && i < layer[0].count; i++)
        ok = p->pixel_of[i] >= 0 && p->pixel_of[i] < p->width * p->height;
    return ok;
}

enum glb_status glb_topology_assemble(const struct glb_topology_parts *p, struct glb_graph *graph,
                                      struct glb_topology *out) {
    struct glb_topology t = {.seed = p->seed,
                             .width = p->width,
                             .height = p->height,
                             .classes = p->classes,
                             .nlayers = p->nlayers,
                             .graph = graph};
    memset(out, 0, sizeof *out);
    snprintf(t.spec, sizeof t.spec, "%s", p->spec);
    if (!make_up(p, graph)) {
        glb_graph_free(graph);
        return glb_fail(GLB_ERR_FORMAT,
                        "topology %s: its layers do not make up a graph of %d x %d pixels "
                        "to %d labels",
                        p->spec, p->width, p->height, p->classes);
    }
    memcpy(t.layer, p->layer, sizeof *t.layer * (size_t)p->nlayers);
    t.pixel_of = p->pixel_of ? copy_of(p->pixel_of, t.layer[0].count) : NULL;
    t.qubit = p->qubit ? copy_of(p->qubit, graph->n) : NULL;
    enum glb_status s = !t.pixel_of != !p->pixel_of || !t.qubit != !p->qubit
                            ? glb_fail(GLB_ERR_MEMORY, "topology: no memory")
                            : topology_finish(&t);
    if (s != GLB_OK) {
        glb_topology_clear(&t);
        return s;
    }
    *out = t;
    return GLB_OK;
}

struct glb_topology_parts glb_topology_parts(const struct glb_topology *t) {
    return (struct glb_topology_parts){t->spec,    t->seed,  t->width,    t->height, t->classes,
                                       t->nlayers, t->layer, t->pixel_of, t->qubit};
}

enum glb_status glb_topology_adopt(const char *spec, uint64_t seed, int width, int height,
                                   int classes, const struct glb_layer *layer, int nlayers,
                                   struct glb_graph *graph, struct glb_topology *out) {
    const struct glb_topology_parts p = {spec,    seed,  width, height, classes,
                                         nlayers, layer, NULL,  NULL};
    return glb_topology_assemble(&p, graph, out);
}

void glb_topology_clear(struct glb_topology *t) {
    if (t->graph)
        glb_graph_free(t->graph);
    free(t->layer_of);
    free(t->pixel_of);
    free(t->qubit);
    free(t->start);
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

void glb_topology_show(const struct glb_topology *t, const uint64_t *image, int words,
                       uint64_t *planes) {
    const size_t size = (size_t)words;
    for (int i = 0; i < t->layer[0].count; i++)
        memcpy(planes + (size_t)i * size, image + (size_t)(t->pixel_of ? t->pixel_of[i] : i) * size,
               sizeof *planes * size);
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
    if (t->pixel_of) {
        uint8_t shown[GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES] = {0};
        int count = 0;
        for (int i = 0; i < t->layer[0].count; i++)
            if (!shown[t->pixel_of[i]]) {
                shown[t->pixel_of[i]] = 1;
                count++;
            }
        fprintf(to, "  %d of %d pixels are shown, most of them several times\n", count,
                glb_topology_pixels(t));
    }
}
