/* Grey images and labels as they come from files: IDX, .npy, PNG, folders of PNG.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_IMAGE_FILES_H
#define GLB_LEARN_IMAGE_FILES_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"

struct glb_images {
    int count, height, width, classes; /* classes: 0: as the labels need */
    uint8_t *grey;                     /* [count][height][width] */
    uint8_t *label;                    /* [count], or NULL: unknown */
};

/* Images of at most most x most pixels from one file, whose content decides its kind: a PNG picture
 * is one image; an IDX file has three dimensions; a .npy array is [count][height][width], or
 * [count][pixels], whose images have the given height and width (0: they are squares), or with
 * these given one image [height][width]. Whole numbers are grey values 0 to 255, bool is black and
 * white; floats reach from 0 to 1, or to 16 where one of the file is above 1. IDX and .npy may be
 * gzip-compressed. GLB_ERR_FORMAT for all else. */
enum glb_status glb_images_read(const char *path, int height, int width, int most,
                                struct glb_images *out);

/* Labels from an IDX file of one dimension or a .npy array [count] of whole numbers, 0 to 255. */
enum glb_status glb_image_labels_read(const char *path, int *count, uint8_t **label);

/* Whether the folder has sub-folders. */
int glb_image_folder_is(const char *folder);

/* Pictures folder/CLASS/NAME.png, all of one size. Class k is the k-th sub-folder of `classes` in
 * the order of their names' bytes; images go round the classes, in the order of their names. */
enum glb_status glb_image_folder_read(const char *folder, const char *classes, int most,
                                      struct glb_images *out);

/* GLB_ERR_FORMAT with the name unless 1 <= height, width <= most. */
enum glb_status glb_image_sides_check(const char *name, size_t height, size_t width, int most);

void glb_images_clear(struct glb_images *x);

#endif
