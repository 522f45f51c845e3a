/* glauber/dataset.h: labelled images, for glauber/learn.h, which includes it and whose rules hold.
 * SPDX-License-Identifier: Apache-2.0
 *
 * EXPERIMENTAL as that header. Arrays of images are grey[count][height][width], bytes, 0 is black,
 * row by row from the top. */
#ifndef GLAUBER_DATASET_H
#define GLAUBER_DATASET_H

#include <glauber.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- data sets: labelled images; free each with glb_dataset_free() ---- */

struct glb_dataset;

/* How grey values become pixels of one bit, `binarise` below, as text:
 *     threshold        on above 127; also what NULL means
 *     threshold=N      on above N, 0 .. 254
 *     threshold=N+N+.. two to four such planes of each image, below each other
 *     nonzero          on above 0
 *     stochastic       on with probability grey / 255; in a training with warped images anew each
 *                      time */

/* From files. source "IMAGES,LABELS": those two, whatever the part, by their content IDX files or
 * NumPy arrays (.npy), gzip-compressed or not. Else a folder, with PART-images-idx3-ubyte and
 * PART-labels-idx1-ubyte (or a dot before idx, or .gz behind), or PART-images.npy and
 * PART-labels.npy, or PNG pictures PART/CLASS/NAME.png, or these without PART. docs/images.md has
 * sizes and numbers. Images have 1 to 32 pixels a side, labels are 0 .. 63. GLB_ERR_UNSUPPORTED for
 * pictures in a library without libpng. */
GLB_API enum glb_status glb_dataset_read(const char *source, const char *part, const char *binarise,
                                         struct glb_dataset **out);

/* The same from memory: grey[count][height][width], sides 1 .. 32; label[count], each below classes
 * (2 .. 64; 0: the largest label + 1, at least 2), or NULL where labels are unknown: such a set
 * gives a topology its size, and cannot be trained on. */
GLB_API enum glb_status glb_dataset_from_arrays(const uint8_t *grey, const uint8_t *label,
                                                int count, int height, int width, int classes,
                                                const char *binarise, struct glb_dataset **out);
GLB_API void glb_dataset_free(struct glb_dataset *d);

GLB_API int glb_dataset_count(const struct glb_dataset *d);
GLB_API int glb_dataset_height(const struct glb_dataset *d); /* of an image */
GLB_API int glb_dataset_width(const struct glb_dataset *d);
GLB_API int glb_dataset_planes(const struct glb_dataset *d); /* 1 .. 4, see above */
GLB_API int glb_dataset_classes(const struct glb_dataset *d);
GLB_API const uint8_t *glb_dataset_grey(const struct glb_dataset *d);   /* [count][height][width] */
GLB_API const uint8_t *glb_dataset_labels(const struct glb_dataset *d); /* [count], or NULL */

#ifdef __cplusplus
}
#endif

#endif
