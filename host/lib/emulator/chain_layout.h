/* How the emulator keeps states: blocks, slots, and the order of the chains in them.
 *
 * A block is 512 chains: 512 / CHAINS boards. A state word of a block is 512 bits, one 64-byte
 * slot; its complement is the next slot. A page of a block: slots 2 w and 2 w + 1 hold the state
 * word with the number w; then a slot of zeros, one of ones, temporaries (pairs) and scratch.
 *
 * Bits of a slot: bit 32 v + 4 b + c is chain 4 q + c of board 8 g + b, where v = g CHAINS / 4 + q:
 * so the 64-bit LFSRs of eight boards give the noise of 32 neighbouring bits at once. The API's
 * order is board by board. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_CHAIN_LAYOUT_H
#define GLB_EMULATOR_CHAIN_LAYOUT_H

#include <stdint.h>

enum { GLB_BLOCK = 512, GLB_SLOT_BYTES = GLB_BLOCK / 8, GLB_BLOCK_WORDS = GLB_BLOCK / 64 };

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

/* From the API's order to a slot's, and back. in, out: eight words; chains 4, 8 or 16 */
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
