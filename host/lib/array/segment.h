/* Segments and their descriptors in the SEG memory (docs/design/array.md, sections 2, 3a and 5).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_SEGMENT_H
#define GLB_ARRAY_SEGMENT_H

#include <stdint.h>
#include "array/array.h"

enum glb_segment_mode {
    GLB_SEGMENT_SAMPLES, /* updates p-bits */
    GLB_SEGMENT_HOLDS,   /* the same without writing: all of its p-bits are clamped */
    GLB_SEGMENT_COUNTS,  /* adds agreeing chains to sums in the coupling memory */
    GLB_SEGMENT_DUMPS    /* puts sums into state words */
};

struct glb_segment {
    int s_start, s_len, c_start, wp_start;
    uint32_t flips; /* p-bit updates x chains of one pass */
    enum glb_segment_mode mode;
    int part; /* of a dump: which CHAINS bits of the sums, 0 .. 16 / CHAINS - 1 */
};

/* Clocks from its first to the first of the segment behind it. */
static inline int glb_segment_clocks(const struct glb_array *a, const struct glb_segment *s) {
    return s->s_len + glb_array_gap(a, s->mode >= GLB_SEGMENT_COUNTS);
}

enum { GLB_SEGMENT_BYTES = 12 }; /* of a descriptor */

/* The descriptor: bits 0 .. 63 in *lo, the others in *hi. */
static inline void glb_segment_pack(const struct glb_segment *s, uint64_t *lo, uint64_t *hi) {
    static const uint16_t flags[] = {0, 1 << 13, 1 << 15, 3 << 14};
    *lo = (uint64_t)(uint16_t)s->s_start | (uint64_t)(uint16_t)s->s_len << 16 |
          (uint64_t)(uint16_t)(s->c_start | flags[s->mode]) << 32 |
          (uint64_t)(uint16_t)(s->wp_start | s->part << 14) << 48;
    *hi = s->flips;
}

static inline struct glb_segment glb_segment_unpack(uint64_t lo, uint64_t hi) {
    const unsigned c = (unsigned)(lo >> 32) & 0xffff, wp = (unsigned)(lo >> 48);
    return (struct glb_segment){.s_start = (int)(lo & 0xffff),
                                .s_len = (int)(lo >> 16 & 0xffff),
                                .c_start = (int)(c & 0x1fff),
                                .wp_start = (int)(wp & 0x3fff),
                                .flips = (uint32_t)hi,
                                .mode = c >> 15
                                            ? (c >> 14 & 1 ? GLB_SEGMENT_DUMPS : GLB_SEGMENT_COUNTS)
                                        : c >> 13 & 1 ? GLB_SEGMENT_HOLDS
                                                      : GLB_SEGMENT_SAMPLES,
                                .part = (int)(wp >> 14)};
}

#endif
