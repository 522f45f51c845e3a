/* Topologies of the public interface. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "learn/data/dataset.h"
#include "learn/topology/topology.h"

static enum glb_status keep(enum glb_status s, struct glb_topology *t, struct glb_topology **out) {
    if (s != GLB_OK)
        return s;
    *out = malloc(sizeof **out);
    if (!*out) {
        glb_topology_clear(t);
        return glb_fail(GLB_ERR_MEMORY, "topology: no memory");
    }
    **out = *t;
    return GLB_OK;
}

enum glb_status glb_topology_generate(const char *spec, const struct glb_dataset *images,
                                      uint64_t seed, struct glb_topology **out) {
    struct glb_topology t = {0};
    *out = NULL;
    const enum glb_status s = glb_topology_build_for(spec, images, seed, &t);
    return keep(s, &t, out);
}

/* P-bits of the graph by role: pixels, hidden, labels. */
static enum glb_status count_roles(const struct glb_graph *g, const uint8_t *role,
                                   const struct glb_dataset *images, int *count) {
    const int pixels = images->width * images->height;
    for (int i = 0; i < g->n; i++) {
        if (role[i] > GLB_ROLE_LABEL)
            return glb_fail(
                GLB_ERR_ARGUMENT,
                "topology: role[%d] is %d; roles are GLB_ROLE_HIDDEN, GLB_ROLE_VISIBLE and "
                "GLB_ROLE_LABEL",
                i, role[i]);
        count[role[i]]++;
    }
    if (count[GLB_ROLE_VISIBLE] == pixels && count[GLB_ROLE_HIDDEN] > 0 &&
        count[GLB_ROLE_LABEL] > 0 && count[GLB_ROLE_LABEL] % images->classes == 0)
        return GLB_OK;
    return glb_fail(GLB_ERR_ARGUMENT,
                    "topology: a graph of %d visible, %d hidden and %d label p-bits for images of "
                    "%d pixels in %d classes; there must be a visible one for each pixel, hidden "
                    "ones, and labels a multiple of the classes",
                    count[GLB_ROLE_VISIBLE], count[GLB_ROLE_HIDDEN], count[GLB_ROLE_LABEL], pixels,
                    images->classes);
}

enum glb_status glb_topology_from_graph(const struct glb_graph *g, const uint8_t *role,
                                        const struct glb_dataset *images, int32_t *order,
                                        struct glb_topology **out) {
    int count[GLB_ROLE_LABEL + 1] = {0};
    struct glb_topology t = {0};
    *out = NULL;
    enum glb_status s = count_roles(g, role, images, count);
    if (s != GLB_OK)
        return s;
    const struct glb_layer layer[] = {
        {GLB_LAYER_PIXELS, 0, count[GLB_ROLE_VISIBLE]},
        {GLB_LAYER_H1, count[GLB_ROLE_VISIBLE], count[GLB_ROLE_HIDDEN]},
        {GLB_LAYER_LABELS, count[GLB_ROLE_VISIBLE] + count[GLB_ROLE_HIDDEN],
         count[GLB_ROLE_LABEL]}};
    int next[] = {[GLB_ROLE_VISIBLE] = 0,
                  [GLB_ROLE_HIDDEN] = layer[1].first,
                  [GLB_ROLE_LABEL] = layer[2].first};
    struct glb_graph *copy;
    s = glb_graph_new(g->n, g->m, &copy);
    if (s != GLB_OK)
        return s;
    int32_t *place = malloc(sizeof *place * (size_t)g->n);
    if (!place) {
        glb_graph_free(copy);
        return glb_fail(GLB_ERR_MEMORY, "topology: no memory");
    }
    for (int i = 0; i < g->n; i++) {
        place[i] = next[role[i]]++;
        if (order)
            order[place[i]] = i;
    }
    for (int e = 0; e < g->m; e++) {
        const int32_t a = place[g->ei[e]], b = place[g->ej[e]];
        copy->ei[e] = a < b ? a : b;
        copy->ej[e] = a < b ? b : a;
    }
    copy->m = g->m;
    free(place);
    s = glb_topology_adopt("graph", 0, images->width, images->height, images->classes, layer, 3,
                           copy, &t);
    return keep(s, &t, out);
}

void glb_topology_free(struct glb_topology *t) {
    if (!t)
        return;
    glb_topology_clear(t);
    free(t);
}

const char *glb_topology_spec(const struct glb_topology *t) {
    return t->spec;
}

const struct glb_graph *glb_topology_graph(const struct glb_topology *t) {
    return t->graph;
}

int glb_topology_first(const struct glb_topology *t, enum glb_role role) {
    return role == GLB_ROLE_VISIBLE  ? 0
           : role == GLB_ROLE_HIDDEN ? t->layer[1].first
                                     : t->layer[t->nlayers - 1].first;
}

int glb_topology_count(const struct glb_topology *t, enum glb_role role) {
    const int labels = t->layer[t->nlayers - 1].first;
    return role == GLB_ROLE_VISIBLE  ? t->layer[0].count
           : role == GLB_ROLE_HIDDEN ? labels - t->layer[0].count
                                     : t->graph->n - labels;
}

int glb_topology_pixel(const struct glb_topology *t, int pbit) {
    if (pbit < 0 || pbit >= t->layer[0].count)
        return -1;
    return t->pixel_of ? t->pixel_of[pbit] : pbit;
}

int glb_topology_classes(const struct glb_topology *t) {
    return t->classes;
}
