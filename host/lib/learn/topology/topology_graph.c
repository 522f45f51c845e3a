/* Topologies over any graph, and those of graph files. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "learn/data/dataset.h"
#include "learn/topology/topology_build.h"

enum glb_status topology_lay_over(struct glb_topology *t, struct glb_graph *g, int labels) {
    const int pixels = t->width * t->height, hidden = g->n - pixels - labels;
    t->graph = g;
    if (hidden < 1 || labels % t->classes)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology %s: %d p-bits for %d pixels, hidden units and %d labels (a "
                        "multiple of %d); choose a larger graph",
                        t->spec, g->n, pixels, labels, t->classes);
    t->nlayers = 3;
    t->layer[0] = (struct glb_layer){GLB_LAYER_PIXELS, 0, pixels};
    t->layer[1] = (struct glb_layer){GLB_LAYER_H1, pixels, hidden};
    t->layer[2] = (struct glb_layer){GLB_LAYER_LABELS, pixels + hidden, labels};
    for (int e = 0; e < g->m; e++)
        g->J[e] = 0;
    for (int i = 0; i < g->n; i++)
        g->h[i] = 0;
    return GLB_OK;
}

enum glb_status topology_file(const char *args, struct glb_topology *t) {
    struct topology_parameter p[] = {{"labels", t->classes, t->classes, 1000}};
    char path[GLB_SPEC_BYTES];
    const char *comma = args ? strchr(args, ',') : NULL;
    const size_t len = !args ? 0 : comma ? (size_t)(comma - args) : strlen(args);
    if (len == 0 || len > sizeof path - 32)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology file needs a path of at most %zu characters: file:PATH or "
                        "file:PATH,labels=N",
                        sizeof path - 32);
    snprintf(path, sizeof path, "%.*s", (int)len, args);
    enum glb_status s = topology_parse("file", comma ? comma + 1 : NULL, p, 1);
    if (s != GLB_OK)
        return s;
    snprintf(t->spec, sizeof t->spec, "file:%.*s,labels=%d", (int)len, args, p[0].value);
    struct glb_graph *g;
    s = glb_graph_read(path, NULL, GLB_BOLTZMANN, &g);
    return s == GLB_OK ? topology_lay_over(t, g, p[0].value) : s;
}
