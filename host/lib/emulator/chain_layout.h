/* A block's 512 chains: from the API's order (board by board) to the kernels' (emu_plan.h) and
 * back. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_CHAIN_LAYOUT_H
#define GLB_EMULATOR_CHAIN_LAYOUT_H

#include <stdint.h>

enum { GLB_BLOCK_WORDS = 8 };

/* x as a 4 x 4 matrix of 4-bit digits: transposed. */
static inline uint64_t glb_transpose4(uint64_t x) {
    uint64_t t = (x ^ x >> 12) & UINT64_C(0x0000f0f00000f0f0);
    x ^= t ^ t << 12;
    t = (x ^ x >> 24) & UINT64_C(0x00000000ff00ff00);
    return x ^ t ^ t << 24;
}

static inline uint64_t glb_swap_digits(uint64_t x, uint64_t mask, int by) {
    const uint64_t t = (x ^ x >> by) & mask;
    return x ^ t ^ t << by;
}

/* 16 digits: those with even places to the low half, odd places to the high half; and back. */
static inline uint64_t glb_unshuffle4(uint64_t x) {
    x = glb_swap_digits(x, UINT64_C(0x00f000f000f000f0), 4);
    x = glb_swap_digits(x, UINT64_C(0x0000ff000000ff00), 8);
    return glb_swap_digits(x, UINT64_C(0x00000000ffff0000), 16);
}
static inline uint64_t glb_shuffle4(uint64_t x) {
    x = glb_swap_digits(x, UINT64_C(0x00000000ffff0000), 16);
    x = glb_swap_digits(x, UINT64_C(0x0000ff000000ff00), 8);
    return glb_swap_digits(x, UINT64_C(0x00f000f000f000f0), 4);
}

/* in, out: eight words; chains 4, 8 or 16 */
static inline void glb_to_kernel(int chains, const uint64_t *in, uint64_t *out) {
    for (int i = 0; i < GLB_BLOCK_WORDS; i++)
        if (chains == 4) {
            out[i] = in[i];
        } else if (chains == 8) {
            out[i] = glb_unshuffle4(in[i]);
        } else if (i % 2 == 0) { /* boards 0-3 and 4-7 of a group: 16 bits of each quad of chains */
            const uint64_t a = glb_transpose4(in[i]), b = glb_transpose4(in[i + 1]);
            out[i] = (a & 0xffff) | (b & 0xffff) << 16 | (a >> 16 & 0xffff) << 32 |
                     (b >> 16 & 0xffff) << 48;
            out[i + 1] =
                (a >> 32 & 0xffff) | (b >> 32 & 0xffff) << 16 | (a >> 48) << 32 | (b >> 48) << 48;
        }
}
static inline void glb_from_kernel(int chains, const uint64_t *in, uint64_t *out) {
    for (int i = 0; i < GLB_BLOCK_WORDS; i++)
        if (chains == 4) {
            out[i] = in[i];
        } else if (chains == 8) {
            out[i] = glb_shuffle4(in[i]);
        } else if (i % 2 == 0) {
            const uint64_t x = in[i], y = in[i + 1];
            out[i] = glb_transpose4((x & 0xffff) | (x >> 32 & 0xffff) << 16 | (y & 0xffff) << 32 |
                                    (y >> 32 & 0xffff) << 48);
            out[i + 1] = glb_transpose4((x >> 16 & 0xffff) | (x >> 48) << 16 |
                                        (y >> 16 & 0xffff) << 32 | (y >> 48) << 48);
        }
}

#endif
