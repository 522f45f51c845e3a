/* A machine of twelve p-bits for exact tests of the trainer: 2 x 2 pixels, four hidden p-bits of
 * which two pairs are coupled, two classes in two copies; sixteen images, eight of each class.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_SMALL_MACHINE_H
#define GLB_TEST_SMALL_MACHINE_H

#include "learn/data/dataset.h"
#include "learn/topology/topology.h"

enum {
    PIXELS = 4,
    HIDDEN = 4,
    LABELS = 4,
    FIRST_HIDDEN = PIXELS,
    FIRST_LABEL = PIXELS + HIDDEN,
    N = PIXELS + HIDDEN + LABELS,
    M = 20,
    CLASSES = 2,
    IMAGES = 16
};

/* In ascending order, as graphs keep them. */
static const int small_edge[M][2] = {{0, 4},  {0, 5}, {1, 5},  {1, 6},  {1, 8}, {2, 6}, {2, 7},
                                     {3, 4},  {3, 7}, {3, 10}, {4, 5},  {4, 8}, {4, 9}, {5, 9},
                                     {5, 10}, {6, 7}, {6, 8},  {6, 10}, {7, 9}, {7, 11}};

static inline struct glb_topology small_topology(void) {
    static const struct glb_layer layer[] = {{GLB_LAYER_PIXELS, 0, PIXELS},
                                             {GLB_LAYER_H1, FIRST_HIDDEN, HIDDEN},
                                             {GLB_LAYER_LABELS, FIRST_LABEL, LABELS}};
    struct glb_topology t = {.nlayers = 0};
    struct glb_graph *g;
    if (glb_graph_new(N, M, &g) != GLB_OK)
        return t;
    for (g->m = 0; g->m < M; g->m++) {
        g->ei[g->m] = small_edge[g->m][0];
        g->ej[g->m] = small_edge[g->m][1];
    }
    glb_topology_adopt("test", 1, 2, 2, CLASSES, layer, 3, g, &t);
    return t;
}

/* Every image once; its class is its first pixel, but for two images. */
static inline struct glb_dataset small_set(void) {
    uint8_t grey[IMAGES][PIXELS], label[IMAGES];
    struct glb_dataset d;
    for (int i = 0; i < IMAGES; i++) {
        label[i] = (uint8_t)((i & 1) ^ (i == 6 || i == 9));
        for (int p = 0; p < PIXELS; p++)
            grey[i][p] = i >> p & 1 ? 255 : 0;
    }
    const struct glb_binarise above = {GLB_BINARISE_THRESHOLD, 1, {127}};
    glb_dataset_copy(*grey, label, IMAGES, 2, 2, CLASSES, above, &d);
    return d;
}

#endif
