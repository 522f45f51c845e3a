/* Random memory images that keep array.md's rules: what they compute is nonsense, but defined.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LOCKSTEP_RAW_IMAGES_H
#define TESTS_LOCKSTEP_RAW_IMAGES_H

#include "array/job.h"
#include "array/program.h"
#include "base/rng.h"

struct image {
    struct glb_program p;                               /* only the images and segments */
    struct glb_run runs[GLB_MAX_TILES * GLB_MAX_LANES]; /* all state words, lane by lane */
    int nruns;
    size_t nwords;
    int first_sum, sums; /* entries of every tile that hold sums, as many as a lane has words */
    int dumps;           /* segments from here on dump them all, to lane 0, a part each */
    int takes, lasting;  /* the first segment that counts takes own words first, -1: none counts;
                            bits: those that may count with an own word of an earlier segment */
};

void image_make(struct image *im, const struct glb_array *a, struct glb_rng *r);
void image_free(struct image *im);

#endif
