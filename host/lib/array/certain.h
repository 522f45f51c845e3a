/* Which part of a p-bit's couplings and bias a temperature can tell apart (docs/precision.md).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_CERTAIN_H
#define GLB_ARRAY_CERTAIN_H

#include <stdbool.h>
#include <stdint.h>

/* A field I with beta |I| >= this decides a p-bit: the other state has a probability below
 * exp(-2 * 16) = 1.3e-14. The array's own noise ends at beta |I| = 15.7. */
#define GLB_CERTAIN 16.0

struct glb_term {
    double size;
    int32_t at;
};

/* Makes large ones of the terms that add up to a field, each with either sign (or one sign: a
 * bias), smaller: for all signs the field stays what it was, or it was and is >= limit, or it was
 * and is <= -limit. term[count]; order[count] is scratch. True if the largest term decides the
 * field for all signs: the others are 0 then. */
bool glb_certain_terms(double *term, int count, double limit, struct glb_term *order);

#endif
