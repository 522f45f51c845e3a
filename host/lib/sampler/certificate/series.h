/* An observable of up to 64 chains that advance together: sums, and means over blocks of samples
 * whose length doubles when there is no room for more, so that memory is bounded. A sum of blocks
 * is the sum of their samples: variances of means are those of the whole series.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_SERIES_H
#define GLB_SAMPLER_CERTIFICATE_SERIES_H

#include <stdint.h>
#include "base/status.h"

struct series {
    int chains, capacity, blocks;
    int64_t count, length, in_block; /* samples; of a block; in the block that is not full */
    double shift[64];                /* the first value, for the precision of the sums */
    double sum[64], square[64];      /* of value - shift */
    double partial[64];
    double *block; /* [capacity][chains] means of value - shift */
};

/* capacity: blocks, even. Free it in any case. */
enum glb_status series_open(struct series *s, int chains, int capacity);
void series_close(struct series *s);

/* A sample of every chain: value[64]; those beyond the chains do not matter. */
void series_add(struct series *s, const double *value);

/* Sum of squares around the mean of chain c. */
double series_spread(const struct series *s, int c);

#endif
