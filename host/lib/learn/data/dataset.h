/* Labelled binary images, ready to be laid over chains: one image per chain, one bit plane per
 * pixel. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_DATASET_H
#define GLB_LEARN_DATASET_H

#include <stdint.h>
#include <glauber/learn.h>
#include "base/status.h"

enum {
    GLB_DATASET_MAX_SIDE = 32,
    GLB_DATASET_MAX_PLANES = 4,
    GLB_MIN_CLASSES = 2,
    GLB_MAX_CLASSES = 64
};

/* What makes a pixel of one bit out of a grey value. */
enum glb_binarise_kind {
    GLB_BINARISE_THRESHOLD, /* on above a grey value; several such planes of the image may follow
                               each other as if it were higher */
    GLB_BINARISE_STOCHASTIC /* on with probability grey / 255 */
};
struct glb_binarise {
    enum glb_binarise_kind kind;
    int planes; /* 1 .. GLB_DATASET_MAX_PLANES */
    int threshold[GLB_DATASET_MAX_PLANES];
};

/* "threshold" (127), "threshold=N", "threshold=N+N..." (planes), "nonzero" (on above 0) or
 * "stochastic". */
enum glb_status glb_binarise_parse(const char *text, struct glb_binarise *out);

struct glb_dataset {
    int count, height, width; /* height: of all planes together */
    int classes;              /* GLB_MIN_CLASSES .. GLB_MAX_CLASSES */
    struct glb_binarise binarise;
    uint8_t *label; /* [count], 0 .. classes - 1; NULL: unknown */
    uint8_t *grey;  /* [count][height / planes][width] */
    uint32_t *row;  /* [count][height], bit x: pixel x of the row is on */
};

/* What glb_dataset_load() reads, each name of `size` bytes: two files, or a folder of pictures and
 * no labels. */
void glb_dataset_files(const char *source, const char *part, char *images, char *labels,
                       size_t size);

/* Reads source = "IMAGES,LABELS", two files whatever the part (image_files.h has their kinds), or
 * from a folder: PART-images-idx3-ubyte and PART-labels-idx1-ubyte, also with a dot before idx or
 * with .gz behind; or PART-images.npy and PART-labels.npy; or pictures PART/CLASS/NAME.png ("test"
 * for the part "t10k"), or CLASS/NAME.png for every part. */
enum glb_status glb_dataset_load(const char *source, const char *part, struct glb_binarise binarise,
                                 struct glb_dataset *out);

/* From images in memory, whose arrays it takes, also on failure; name: for messages. */
struct glb_images;
enum glb_status glb_dataset_adopt(struct glb_images *x, struct glb_binarise binarise,
                                  const char *name, struct glb_dataset *out);

/* From memory, copied: grey[count][height][width], one plane high, label[count] or NULL. classes: 0
 * is the largest label + 1 (and at least GLB_MIN_CLASSES), as in files. GLB_ERR_ARGUMENT for sizes
 * or labels out of range. */
enum glb_status glb_dataset_copy(const uint8_t *grey, const uint8_t *label, int count, int height,
                                 int width, int classes, struct glb_binarise binarise,
                                 struct glb_dataset *out);

/* Images first .. first + count - 1 of d, sharing its memory: do not free the result. */
struct glb_dataset glb_dataset_slice(const struct glb_dataset *d, int first, int count);
void glb_dataset_clear(struct glb_dataset *d);

/* Of sizes, grey values and labels, in their order; equal sets have equal hashes. */
uint64_t glb_dataset_hash(const struct glb_dataset *d);

/* GLB_ERR_ARGUMENT unless the images, all planes, are of width x height pixels and their labels, if
 * known, are below classes: those of a model. */
enum glb_status glb_dataset_fits(const struct glb_dataset *d, int width, int height, int classes);

/* Image index[c] for each chain c, shifted by dx[c], dy[c] (NULL: not shifted), as bit planes: bit
 * c % 64 of planes[pixel * words + c / 64]. Chains from count on repeat the first ones, so that
 * every chain holds an image. */
void glb_dataset_lay_images(const struct glb_dataset *d, const int32_t *index, const int8_t *dx,
                            const int8_t *dy, int count, int words, uint64_t *planes);

/* A linear map of the image about its centre and a shift, in units of 1/65536 pixel: where a pixel
 * of the result comes from. */
struct glb_warp {
    int32_t xx, xy, yx, yy, x0, y0;
};

/* A rotation by +-10 degrees, a scale of 0.9 to 1.1 and a shear of +-0.1, all of them times
 * strength, and a shift of +-shift pixels, drawn from the place `at` of a seed. */
struct glb_warp glb_warp_random(double strength, int shift, uint64_t seed, uint64_t at);

/* As glb_dataset_lay_images(), the grey image warped first (bilinear) and then made binary; chains
 * is a multiple of 64; seed and at + c: of chain c's stochastic pixels. */
void glb_dataset_lay_warped(const struct glb_dataset *d, const int32_t *index,
                            const struct glb_warp *warp, int chains, uint64_t seed, uint64_t at,
                            int threads, uint64_t *planes);
/* The same for chains first .. end - 1 of them, on planes whose bits of these chains are 0. */
void glb_dataset_lay_some_warped(const struct glb_dataset *d, const int32_t *index,
                                 const struct glb_warp *warp, int chains, uint64_t seed,
                                 uint64_t at, int first, int end, uint64_t *planes);

/* One-hot label planes of the same chains, [classes][words], classes >= d->classes; times copies,
 * below each other. */
void glb_dataset_lay_labels(const struct glb_dataset *d, const int32_t *index, int count, int words,
                            int classes, int copies, uint64_t *planes);

#endif
