/* Layered graphs over a 28 x 28 image and 10 classes: the shapes that the MNIST demonstrations use.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/builder.h"

enum { SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10, BLOCK_LABELS = 12, MAX_HIDDEN = 1 << 16 };

/* k different cells of a w x w window, which lies at a random place inside a side x side field. */
static void pick_cells(struct glb_rng *r, int side, int w, int k, int *cell) {
    int all[PIXELS];
    const int x0 = (int)glb_rng_below(r, (uint32_t)(side - w + 1));
    const int y0 = (int)glb_rng_below(r, (uint32_t)(side - w + 1));
    for (int c = 0; c < w * w; c++)
        all[c] = (y0 + c / w) * side + x0 + c % w;
    for (int c = 0; c < k; c++) {
        const int other = c + (int)glb_rng_below(r, (uint32_t)(w * w - c));
        cell[c] = all[other];
        all[other] = all[c];
    }
}

struct shape {
    int hidden, k, window, replicas;
};

static struct shape read_shape(struct glb_arguments *a, int hidden, int k, int window) {
    struct shape s;
    s.hidden = glb_argument_int(a, "hidden", hidden, 1, MAX_HIDDEN);
    s.window = glb_argument_int(a, "window", window, 1, SIDE);
    s.k = glb_argument_int(a, "k", k, 1, PIXELS);
    s.replicas = 0;
    if (!a->status && s.k > s.window * s.window)
        a->status = glb_fail(
            GLB_ERR_ARGUMENT,
            "%s: k=%d pixels do not fit a window of %d x %d; choose fewer or a larger window",
            a->of, s.k, s.window, s.window);
    return s;
}

static bool shallow_edges(struct builder *b) {
    const struct shape s = read_shape(b->args, 1005, 20, 9);
    if (!builder_begin(b, PIXELS + CLASSES + s.hidden))
        return false;
    for (int i = 0; i < s.hidden; i++) {
        struct glb_rng r = glb_rng_at(b->seed, STREAM_TOPOLOGY, (uint64_t)i);
        const int unit = PIXELS + CLASSES + i;
        int cell[PIXELS];
        pick_cells(&r, SIDE, s.window, s.k, cell);
        for (int k = 0; k < s.k; k++)
            if (!builder_edge(b, cell[k], unit, 1))
                return false;
        for (int k = 0; k < CLASSES; k++)
            if (!builder_edge(b, PIXELS + k, unit, 1))
                return false;
    }
    return true;
}

static struct shape m2(struct glb_arguments *a) {
    struct shape s = read_shape(a, 1005, 20, 9);
    s.replicas = glb_argument_int(a, "h2", 20, CLASSES, 10000);
    if (!a->status && s.replicas % CLASSES)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "%s: h2=%d must be a multiple of %d", a->of,
                             s.replicas, CLASSES);
    return s;
}

static bool m2_edges(struct builder *b) {
    const struct shape s = m2(b->args);
    if (!builder_begin(b, PIXELS + CLASSES + s.hidden + s.replicas))
        return false;
    const int copies = s.replicas / CLASSES, h1 = PIXELS + CLASSES, h2 = h1 + s.hidden;
    for (int i = 0; i < s.hidden; i++) {
        struct glb_rng r = glb_rng_at(b->seed, STREAM_TOPOLOGY, (uint64_t)i);
        int cell[PIXELS];
        pick_cells(&r, SIDE, s.window, s.k, cell);
        for (int k = 0; k < s.k; k++)
            if (!builder_edge(b, cell[k], h1 + i, 1))
                return false;
        for (int class = 0; class < CLASSES; class ++) {
            const int copy = (int)glb_rng_below(&r, (uint32_t)copies);
            if (!builder_edge(b, h1 + i, h2 + copy * CLASSES + class, 1))
                return false;
        }
    }
    for (int g = 0; g < s.replicas; g++)
        for (int k = 0; k < CLASSES; k++)
            if (!builder_edge(b, PIXELS + k, h2 + g, 1))
                return false;
    return true;
}

/* Blocks: 4 hidden units share one list of 2 x 2 pixel groups and all 12 label p-bits (two are
 * spare, so that every list is a multiple of 4). */
static struct shape blocks(struct glb_arguments *a) {
    struct shape s;
    s.hidden = glb_argument_int(a, "hidden", 632, 4, MAX_HIDDEN);
    s.window = glb_argument_int(a, "window", 5, 1, SIDE / 2);
    s.k = glb_argument_int(a, "k", 9, 1, PIXELS / 4);
    s.replicas = 0;
    if (!a->status && (s.hidden % 4 || s.k > s.window * s.window))
        a->status = glb_fail(GLB_ERR_ARGUMENT,
                             "%s: hidden=%d must be a multiple of 4, and k=%d groups must fit a "
                             "window of %d x %d",
                             a->of, s.hidden, s.k, s.window, s.window);
    return s;
}

static bool blocks_edges(struct builder *b) {
    const struct shape s = blocks(b->args);
    if (!builder_begin(b, PIXELS + BLOCK_LABELS + s.hidden))
        return false;
    for (int block = 0; block < s.hidden / 4; block++) {
        struct glb_rng r = glb_rng_at(b->seed, STREAM_TOPOLOGY, (uint64_t)block);
        int group[PIXELS];
        pick_cells(&r, SIDE / 2, s.window, s.k, group);
        for (int i = 0; i < 4; i++) {
            const int unit = PIXELS + BLOCK_LABELS + 4 * block + i;
            for (int k = 0; k < 4 * s.k; k++) {
                const int x = 2 * (group[k / 4] % (SIDE / 2)) + (k & 1);
                const int y = 2 * (group[k / 4] / (SIDE / 2)) + (k >> 1 & 1);
                if (!builder_edge(b, y * SIDE + x, unit, 1))
                    return false;
            }
            for (int k = 0; k < BLOCK_LABELS; k++)
                if (!builder_edge(b, PIXELS + k, unit, 1))
                    return false;
        }
    }
    return true;
}

const struct family mnist_families[] = {
    {.name = "mnist-shallow",
     .build = shallow_edges,
     .weights = WEIGHTS_GAUSS,
     .help = "hidden [1005], k [20] pixels each from a window [9] square, and all labels"},
    {.name = "mnist-m2",
     .build = m2_edges,
     .weights = WEIGHTS_GAUSS,
     .help =
         "hidden [1005], k [20], window [9], h2 [20]: labels join the second hidden layer only"},
    {.name = "mnist-blocks",
     .build = blocks_edges,
     .weights = WEIGHTS_GAUSS,
     .help = "hidden [632], k [9] of the 2x2 pixel groups in a window [5 x 5 groups]; 4x4 blocks"},
    {.name = NULL},
};
