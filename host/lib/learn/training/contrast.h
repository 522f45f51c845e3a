/* Inside of a training that reads, then contrasts: the state of its steps.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_CONTRAST_H
#define GLB_LEARN_CONTRAST_H

#include "learn/training/trainer.h"

/* P-bits whose fields are read: the labels; or, where labels are coupled to the last hidden layer
 * alone and that is a second or third one whose units are not coupled to each other, these units,
 * which are then summed out. */
struct contrast_reader {
    int layer, summed;    /* the labels' layer, summed 0; or the layer below it, 1 */
    int *start;           /* [count + 1] of each p-bit's neighbours, labels left out if summed */
    int32_t *node, *edge; /* [start[count]] */
    int32_t *twice;       /* [start[count]] 2 J of this step in units of u / 2 */
    int32_t *base;        /* [count] field with all neighbours off, in these units */
    int32_t *to_class;    /* summed: [count][classes] 2 J to all copies of the class's label */
    double *bias;         /* [classes] of all copies */
    int32_t mask[256][8]; /* bit b of a byte: 0 or -1 */
    int32_t *log_cosh;    /* log 2 cosh x - x, x = index * u / 2, in units of 2^-16 */
};

struct trainer_contrast {
    struct contrast_reader reader;
    uint8_t *drawn;      /* [chains] the class that the reading gave */
    int32_t *wrong;      /* [chains] the chains whose class is not the image's */
    int wrongs, words;   /* how many; words of chains that they fill */
    uint64_t *packed;    /* [n][words of the sampler] states of the wrong ones, without gaps */
    uint64_t *labels[2]; /* [labels][words of the sampler] the images', those drawn */
};

/* ---- contrast_read.c ---- */

enum glb_status contrast_reader_open(struct contrast_reader *d, const struct glb_trainer *r);
void contrast_reader_close(struct contrast_reader *d);
/* Draws a class for each chain from the softmax of 2 x its labels' field, all copies together, mean
 * over the samples of the reading; or, summed, of minus the free energy of the summed units. */
void contrast_draw(struct glb_trainer *r);

/* ---- contrast_pack.c ---- */

/* Finds the chains that read wrong and lays their states side by side. */
void contrast_pack(struct glb_trainer *r);

#endif
