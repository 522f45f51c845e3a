/* Topologies whose first hidden layer looks at local windows of the image.
 * SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include "learn/data/dataset.h"
#include "base/rng.h"
#include "learn/topology/topology_build.h"

enum {
    TAG_WINDOW = 100,
    TAG_REPLICA,
    SIDE_OF_BLOCK = 2,
    BLOCK = 4,
    MOST_UPPER = 2560, /* units of h2 and h3 */
    MOST_REPLICAS = MOST_UPPER / GLB_MIN_CLASSES
};

/* A window on a width x height field, and on each of `planes` such fields below each other. */
struct window {
    int width, height, side, planes;
};

enum { MOST_CELLS = GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_SIDE * GLB_DATASET_MAX_PLANES };

static int least(int a, int b) {
    return a < b ? a : b;
}

static int cells(const struct window *v) {
    return least(v->side, v->width) * least(v->side, v->height) * v->planes;
}

/* Picks `fan` different cells of a window at a random place. */
static void pick_window(const struct window *v, int fan, struct glb_rng *r, int32_t *cell) {
    int32_t all[MOST_CELLS];
    const int w = least(v->side, v->width), h = least(v->side, v->height);
    const int x0 = (int)glb_rng_below(r, (uint32_t)(v->width - w + 1));
    const int y0 = (int)glb_rng_below(r, (uint32_t)(v->height - h + 1));
    int count = 0;
    for (int k = 0; k < v->planes; k++)
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                all[count++] = (k * v->height + y0 + y) * v->width + x0 + x;
    for (int k = 0; k < fan; k++) {
        const int pick = k + (int)glb_rng_below(r, (uint32_t)(count - k));
        cell[k] = all[pick];
        all[pick] = all[k];
    }
}

static void add_window(struct glb_topology *t, const struct window *v, int unit, int fan,
                       struct glb_rng *r) {
    int32_t pixel[MOST_CELLS];
    pick_window(v, fan, r, pixel);
    for (int k = 0; k < fan; k++)
        topology_edge(t->graph, pixel[k], unit);
}

static enum glb_status check_window(const char *name, const struct window *v, int fan, int height) {
    if (height % v->planes)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology %s: %d rows cannot be planes=%d planes; choose a divisor", name,
                        height, v->planes);
    if (fan > cells(v))
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology %s: fan=%d pixels do not fit a window of %d x %d; choose fewer "
                        "or a larger window",
                        name, fan, least(v->side, v->width), least(v->side, v->height));
    return GLB_OK;
}

static void name_planes(struct glb_topology *t, int planes) {
    const size_t used = strlen(t->spec);
    if (planes > 1)
        snprintf(t->spec + used, sizeof t->spec - used, ",planes=%d", planes);
}

/* Three layers and room for the couplings. */
static enum glb_status shallow(struct glb_topology *t, int hidden, int couplings) {
    const int pixels = t->width * t->height;
    t->nlayers = 3;
    t->layer[0] = (struct glb_layer){GLB_LAYER_PIXELS, 0, pixels};
    t->layer[1] = (struct glb_layer){GLB_LAYER_H1, pixels, hidden};
    t->layer[2] = (struct glb_layer){GLB_LAYER_LABELS, pixels + hidden, t->classes};
    return glb_graph_new(pixels + hidden + t->classes, couplings, &t->graph);
}

static void join_labels(struct glb_topology *t) {
    for (int i = 0; i < t->layer[1].count; i++)
        for (int c = 0; c < t->classes; c++)
            topology_edge(t->graph, t->layer[1].first + i, t->layer[2].first + c);
}

enum glb_status topology_local(const char *args, struct glb_topology *t) {
    struct topology_parameter p[] = {{"hidden", 1005, 1, 60000},
                                     {"fan", 20, 1, 1024},
                                     {"window", 9, 1, 32},
                                     {"planes", 1, 1, GLB_DATASET_MAX_PLANES}};
    enum glb_status s = topology_parse("local", args, p, 4);
    const struct window v = {t->width, t->height / p[3].value, p[2].value, p[3].value};
    if (s == GLB_OK)
        s = check_window("local", &v, p[1].value, t->height);
    if (s == GLB_OK)
        s = shallow(t, p[0].value, p[0].value * (p[1].value + t->classes));
    if (s != GLB_OK)
        return s;
    snprintf(t->spec, sizeof t->spec, "local:hidden=%d,fan=%d,window=%d", p[0].value, p[1].value,
             p[2].value);
    name_planes(t, p[3].value);
    for (int i = 0; i < p[0].value; i++) {
        struct glb_rng r = glb_rng_at(t->seed, TAG_WINDOW, (uint64_t)i);
        add_window(t, &v, t->layer[1].first + i, p[1].value, &r);
    }
    join_labels(t);
    return GLB_OK;
}

/* Four hidden units share their list of 2 x 2 pixel squares, so that two lanes share their reads.
 */
enum glb_status topology_blocks(const char *args, struct glb_topology *t) {
    struct topology_parameter p[] = {
        {"hidden", 632, BLOCK, 60000}, {"fan", 36, BLOCK, 1024}, {"window", 10, 2, 32}};
    enum glb_status s = topology_parse("blocks", args, p, 3);
    if (s == GLB_OK)
        s = check_window("blocks", &(struct window){t->width, t->height, p[2].value, 1}, p[1].value,
                         t->height);
    if (s == GLB_OK && (p[0].value % BLOCK || p[1].value % BLOCK || p[2].value % SIDE_OF_BLOCK ||
                        t->width % SIDE_OF_BLOCK || t->height % SIDE_OF_BLOCK))
        s = glb_fail(GLB_ERR_ARGUMENT,
                     "topology blocks: hidden and fan must be multiples of 4, the window and the "
                     "image's sides even");
    if (s == GLB_OK)
        s = shallow(t, p[0].value, p[0].value * (p[1].value + t->classes));
    if (s != GLB_OK)
        return s;
    snprintf(t->spec, sizeof t->spec, "blocks:hidden=%d,fan=%d,window=%d", p[0].value, p[1].value,
             p[2].value);
    const int across = t->width / SIDE_OF_BLOCK, down = t->height / SIDE_OF_BLOCK;
    const struct window v = {across, down, p[2].value / SIDE_OF_BLOCK, 1};
    for (int i = 0; i < p[0].value; i++) {
        struct glb_rng r = glb_rng_at(t->seed, TAG_WINDOW, (uint64_t)(i / BLOCK));
        int32_t cell[MOST_CELLS];
        pick_window(&v, p[1].value / BLOCK, &r, cell);
        for (int k = 0; k < p[1].value; k++) {
            const int at = cell[k / BLOCK], sub = k % BLOCK;
            const int x = at % across * SIDE_OF_BLOCK + sub % SIDE_OF_BLOCK;
            const int y = at / across * SIDE_OF_BLOCK + sub / SIDE_OF_BLOCK;
            topology_edge(t->graph, y * t->width + x, t->layer[1].first + i);
        }
    }
    join_labels(t);
    return GLB_OK;
}

/* One unit of every class in `upper` for each unit of `lower`, every replica chosen equally often.
 */
static void join_replicas(struct glb_topology *t, const struct glb_layer *lower,
                          const struct glb_layer *upper) {
    struct glb_rng r = glb_rng_at(t->seed, TAG_REPLICA, 0);
    const int replicas = upper->count / t->classes;
    for (int c = 0; c < t->classes; c++) {
        int used[MOST_REPLICAS] = {0};
        for (int i = 0; i < lower->count; i++) {
            int k = (int)glb_rng_below(&r, (uint32_t)replicas);
            while (used[k] > i / replicas)
                k = (k + 1) % replicas;
            used[k]++;
            topology_edge(t->graph, lower->first + i, upper->first + k * t->classes + c);
        }
    }
}

static void join_all(struct glb_topology *t, const struct glb_layer *a, const struct glb_layer *b) {
    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < b->count; j++)
            topology_edge(t->graph, a->first + i, b->first + j);
}

enum glb_status topology_deep(const char *args, struct glb_topology *t) {
    struct topology_parameter p[] = {
        {"h1", 1005, 1, 60000},   {"h2", t->classes, t->classes, MOST_UPPER},
        {"h3", 0, 0, MOST_UPPER}, {"fan", 20, 1, 1024},
        {"window", 9, 1, 32},     {"planes", 1, 1, GLB_DATASET_MAX_PLANES}};
    enum glb_status s = topology_parse("deep", args, p, 6);
    const struct window v = {t->width, t->height / p[5].value, p[4].value, p[5].value};
    const int h1 = p[0].value, h2 = p[1].value, h3 = p[2].value, fan = p[3].value;
    if (s == GLB_OK)
        s = check_window("deep", &v, fan, t->height);
    if (s != GLB_OK)
        return s;
    if (h2 % t->classes || h3 % t->classes)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology deep: h2=%d and h3=%d must be multiples of the %d classes", h2,
                        h3, t->classes);
    const int counts[] = {t->width * t->height, h1, h2, h3, t->classes};
    const enum glb_layer_kind kinds[] = {GLB_LAYER_PIXELS, GLB_LAYER_H1, GLB_LAYER_H2, GLB_LAYER_H3,
                                         GLB_LAYER_LABELS};
    int n = 0, m = h1 * (fan + t->classes);
    for (int k = 0; k < 5; k++)
        if (counts[k] > 0) {
            t->layer[t->nlayers++] = (struct glb_layer){kinds[k], n, counts[k]};
            n += counts[k];
        }
    for (int l = 2; l + 1 < t->nlayers; l++)
        m += t->layer[l].count * t->layer[l + 1].count;
    snprintf(t->spec, sizeof t->spec, "deep:h1=%d,h2=%d,h3=%d,fan=%d,window=%d", h1, h2, h3, fan,
             p[4].value);
    name_planes(t, p[5].value);
    s = glb_graph_new(n, m, &t->graph);
    if (s != GLB_OK)
        return s;
    for (int i = 0; i < h1; i++) {
        struct glb_rng r = glb_rng_at(t->seed, TAG_WINDOW, (uint64_t)i);
        add_window(t, &v, t->layer[1].first + i, fan, &r);
    }
    join_replicas(t, &t->layer[1], &t->layer[2]);
    for (int l = 2; l + 1 < t->nlayers; l++)
        join_all(t, &t->layer[l], &t->layer[l + 1]);
    return GLB_OK;
}
