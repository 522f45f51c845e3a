/* A small labelled set for tests of the trainer: images of 3 x 3 pixels whose middle row tells how
 * likely the labels are. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TEST_SMALL_IMAGES_H
#define GLB_TEST_SMALL_IMAGES_H

#include <stdlib.h>
#include "base/counter_rng.h"
#include "learn/data/dataset.h"

enum { SMALL_CLASSES = 10 };

/* Pattern k of 2: label 2k with probability share[k], else 2k + 1. */
static const double small_share[2] = {0.8, 0.65};

static struct glb_dataset small_images(int count) {
    struct glb_dataset d = {.count = count, .width = 3, .height = 3, .classes = 4};
    d.label = calloc((size_t)count, 1);
    d.row = calloc((size_t)count * 3, sizeof *d.row);
    d.grey = calloc((size_t)count * 9, 1);
    d.binarise = (struct glb_binarise){GLB_BINARISE_THRESHOLD, 1, {127}};
    for (int i = 0; i < count; i++) {
        const int pattern = i & 1;
        const int first = (double)(i / 2 % 100) / 100 < small_share[pattern];
        d.label[i] = (uint8_t)(2 * pattern + !first);
        d.row[i * 3] = (uint32_t)glb_random_at(9, 9, (uint64_t)i, 0) & 7;
        d.row[i * 3 + 1] = pattern ? 7 : 0;
        d.row[i * 3 + 2] = (uint32_t)glb_random_at(9, 9, (uint64_t)i, 1) & 7;
        for (int p = 0; p < 9; p++)
            d.grey[i * 9 + p] = d.row[i * 3 + p / 3] >> (p % 3) & 1 ? 255 : 0;
    }
    return d;
}

#endif
