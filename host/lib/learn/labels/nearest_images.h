/* An independent reader of drawn digits: the nearest training images by differing pixels,
 * compared at the best of nine places one pixel around.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_NEAREST_IMAGES_H
#define GLB_LEARN_NEAREST_IMAGES_H

#include "learn/data/dataset.h"

enum { GLB_NEAREST_K = 3 };

/* Reads images [count][height] of rows, of the size and with the planes of the dataset's, by these:
 * predicted[count] (the class most frequent
 * among the GLB_NEAREST_K nearest, the nearest one's where that is not unique) and distance[count],
 * the number of pixels that differ from the nearest one where it stands. */
enum glb_status glb_nearest_read(const struct glb_dataset *by, const uint32_t *rows, int count,
                                 int threads, uint8_t *predicted, int *distance);

/* distance[count] of every image to the nearest other one of the same set. */
enum glb_status glb_nearest_apart(const uint32_t *rows, int count, int height, int threads,
                                  int *distance);

#endif
