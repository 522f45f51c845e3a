/* Labelled binary images, ready to be laid over chains: one image per chain, one bit plane per
 * pixel. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_DATASET_H
#define GLB_DATASET_H

#include <stdint.h>
#include "status.h"

enum { GLB_DATASET_MAX_SIDE = 32, GLB_CLASSES = 10 };

struct glb_dataset {
    int count, height, width;
    uint8_t *label; /* [count], 0 .. GLB_CLASSES - 1 */
    uint32_t *row;  /* [count][height], bit x: pixel x of the row is on */
};

/* Reads DIR/PART-images-idx3-ubyte and DIR/PART-labels-idx1-ubyte; a pixel is on where its grey
 * value is above threshold. */
enum glb_status glb_dataset_load(const char *dir, const char *part, int threshold,
                                 struct glb_dataset *out);

/* Images first .. first + count - 1 of d, sharing its memory: do not free the result. */
struct glb_dataset glb_dataset_slice(const struct glb_dataset *d, int first, int count);
void glb_dataset_free(struct glb_dataset *d);

/* Image index[c] for each chain c, shifted by dx[c], dy[c] (NULL: not shifted), as bit planes: bit
 * c % 64 of planes[pixel * words + c / 64]. Chains from count on repeat the first ones, so that
 * every chain holds an image. */
void glb_dataset_planes(const struct glb_dataset *d, const int32_t *index, const int8_t *dx,
                        const int8_t *dy, int count, int words, uint64_t *planes);

/* One-hot label planes of the same chains: GLB_CLASSES x words. */
void glb_dataset_label_planes(const struct glb_dataset *d, const int32_t *index, int count,
                              int words, uint64_t *planes);

#endif
