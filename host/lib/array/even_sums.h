/* Couplings to integers so that the biases come out right. A p-bit's bias is stored in whole units
 * of u while its couplings count in halves of it (array/weights.c), so which biases it can have
 * depends on whether the sum of its integers is even. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_EVEN_SUMS_H
#define GLB_ARRAY_EVEN_SUMS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/status.h"

struct glb_rounding {
    int n, m;
    const int32_t *a, *b; /* [m] the ends of a coupling; n: none that is updated */
    const bool *updated;  /* [n + 1] the others' biases do not matter; [n] is false */
    double u;             /* the accumulator's LSB */
    int limit;            /* integers are -limit .. limit */
};

/* weight[m]: each 2 J / u to one of the two integers beside it, 0 to 0. Those that are not the
 * nearest are chosen so that a p-bit without a bias has an even sum, and one with a bias the sum
 * that comes closer to it, unless that costs more at a coupling. The cost of a coupling or bias is
 * the growth of its squared error, and the largest one is as small as it can be. GLB_ERR_MEMORY. */
enum glb_status glb_round_even(const struct glb_rounding *r, const double *J, const double *h,
                               int16_t *weight);

#endif
