/* Coupling words: making a CTRL, taking words apart (docs/design/array.md, section 3).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_COUPLING_WORD_H
#define GLB_ARRAY_COUPLING_WORD_H

#include <stdint.h>
#include "array/array.h"

/* A CTRL. */
static inline uint64_t glb_ctrl_word(const struct glb_array *a, int bias, int dbl, int clr, int we,
                                     int nz, int lane) {
    uint64_t p = (uint64_t)bias & ((1u << (a->acc - 1)) - 1);
    p |= (uint64_t)dbl << (a->acc - 1) | (uint64_t)clr << a->acc | (uint64_t)we << (a->acc + 1);
    p |= (uint64_t)nz << (a->acc + 2) | (uint64_t)lane << (a->acc + 3);
    return p << a->ow | (uint64_t)a->ctrl;
}

/* A READ's field of a lane. */
static inline int glb_field(const struct glb_array *a, uint64_t word, int lane) {
    const uint32_t f = (uint32_t)(word >> (a->ow + lane * a->jw));
    return (int32_t)(f << (32 - a->jw)) >> (32 - a->jw);
}

/* A CTRL's parts. */
struct glb_ctrl {
    int bias, dbl, clr, we, nz, lane;
};
static inline struct glb_ctrl glb_ctrl_parts(const struct glb_array *a, uint64_t word) {
    const uint32_t p = (uint32_t)(word >> a->ow);
    const int n = a->acc;
    return (struct glb_ctrl){(int32_t)(p << (33 - n)) >> (33 - n),
                             p >> (n - 1) & 1,
                             p >> n & 1,
                             p >> (n + 1) & 1,
                             a->lanes > 1 ? p >> (n + 2) & 1 : 0,
                             (int)(p >> (n + 3) & (uint32_t)(a->lanes - 1))};
}

#endif
