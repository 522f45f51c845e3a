/* Noise rows with WebAssembly's 128-bit vectors: two generators a vector, four words of each.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_EMULATOR_KERNELS_NOISE_WASM128_H
#define GLB_EMULATOR_KERNELS_NOISE_WASM128_H

#include <wasm_simd128.h>

#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_tail.h"
#include "emulator/kernels/words.h"

enum { ROWS = 8 };

struct lookup {
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    t->table = table;
}

INLINE v128_t xor4(v128_t a, v128_t b, v128_t c, v128_t d) {
    return wasm_v128_xor(wasm_v128_xor(a, b), wasm_v128_xor(c, d));
}

INLINE v128_t step(v128_t s) {
    const v128_t y = xor4(s, wasm_u64x2_shr(s, 9), wasm_u64x2_shr(s, 19), wasm_u64x2_shr(s, 31));
    return xor4(y, wasm_i64x2_shl(y, 55), wasm_i64x2_shl(y, 45), wasm_i64x2_shl(y, 33));
}

/* Table indices of 8 words that do not lie in the tail. */
INLINE v128_t indices(v128_t y) {
    const v128_t v = wasm_v128_and(y, wasm_i16x8_splat(0x7fff));
    const v128_t i0 = wasm_u16x8_shr(v, 6);
    const v128_t i1 = wasm_i16x8_add(wasm_u16x8_shr(v, 4), wasm_i16x8_splat(512));
    const v128_t i2 = wasm_i16x8_add(v, wasm_i16x8_splat(640));
    const v128_t low = wasm_v128_bitselect(i2, i1, wasm_i16x8_lt(v, wasm_i16x8_splat(0x80)));
    return wasm_v128_bitselect(low, i0, wasm_i16x8_lt(v, wasm_i16x8_splat(0x800)));
}

INLINE v128_t noise8(const int16_t *table, v128_t y) {
    /* of the index of a tail's word only the low ten bits count */
    const v128_t i = wasm_v128_and(indices(y), wasm_i16x8_splat(1023));
    v128_t z = wasm_i16x8_splat(table[wasm_u16x8_extract_lane(i, 0)]);
    z = wasm_i16x8_replace_lane(z, 1, table[wasm_u16x8_extract_lane(i, 1)]);
    z = wasm_i16x8_replace_lane(z, 2, table[wasm_u16x8_extract_lane(i, 2)]);
    z = wasm_i16x8_replace_lane(z, 3, table[wasm_u16x8_extract_lane(i, 3)]);
    z = wasm_i16x8_replace_lane(z, 4, table[wasm_u16x8_extract_lane(i, 4)]);
    z = wasm_i16x8_replace_lane(z, 5, table[wasm_u16x8_extract_lane(i, 5)]);
    z = wasm_i16x8_replace_lane(z, 6, table[wasm_u16x8_extract_lane(i, 6)]);
    z = wasm_i16x8_replace_lane(z, 7, table[wasm_u16x8_extract_lane(i, 7)]);
    /* Both 32 more than Z + V[4:0], so that the sum is positive as an unsigned number. */
    const v128_t low = wasm_i16x8_add(wasm_v128_and(y, wasm_i16x8_splat(31)), wasm_i16x8_splat(32));
    const v128_t sum = wasm_u16x8_shr(wasm_i16x8_add(z, low), 5);
    return wasm_v128_xor(wasm_i16x8_sub(sum, wasm_i16x8_splat(1)), wasm_i16x8_shr(y, 15));
}

static __attribute__((noinline)) v128_t noise_tail(v128_t s, v128_t y, uint32_t rare,
                                                   const uint8_t *drawn, int more,
                                                   const int16_t *table, v128_t n) {
    uint64_t before[2], word[2];
    int16_t out[8];
    wasm_v128_store(before, s);
    wasm_v128_store(word, y);
    wasm_v128_store(out, n);
    for (; rare; rare &= rare - 1) {
        const int i = __builtin_ctz(rare);
        out[i] = (int16_t)word_noise(before[i / 4], word[i / 4], i % 4, drawn[i / 4] + more, table);
    }
    return wasm_v128_load(out);
}

/* Generators j and j + 1 of a row. */
INLINE void make_pair(int chains, const struct glb_emu_row *z, int j,
                      const struct glb_emu_machine *m, const struct lookup *t) {
    uint64_t *const lfsr = m->lfsr + 8 * (size_t)z->octet + j;
    const uint8_t *const drawn = m->drawn + 8 * (size_t)z->octet + j;
    const int active = z->active >> j & 3, used = z->used >> j & 3;
    uint8_t *const a = m->noise + z->to[j], *const b = m->noise + z->to[j + 1];
    if (!active)
        return;
    v128_t s = wasm_v128_load(lfsr);
    for (int q = 0; q < chains / 4; q++) {
        const v128_t y = step(s);
        if (used) {
            const v128_t tail =
                wasm_i16x8_eq(wasm_v128_and(y, wasm_i16x8_splat(0x7ff8)), wasm_i16x8_splat(0));
            const uint32_t rare = wasm_i16x8_bitmask(tail);
            v128_t n = noise8(t->table, y);
            if (__builtin_expect(rare != 0, 0))
                n = noise_tail(s, y, rare, drawn, 4 * q, t->table, n);
            if (used & 1)
                wasm_v128_store64_lane(a + 8 * q, n, 0);
            if (used & 2)
                wasm_v128_store64_lane(b + 8 * q, n, 1);
        }
        s = y;
    }
    if (active & 1)
        wasm_v128_store64_lane(lfsr, s, 0);
    if (active & 2)
        wasm_v128_store64_lane(lfsr + 1, s, 1);
}

static __attribute__((noinline)) void noise_rows(int chains, const struct glb_emu_row *z, int rows,
                                                 const struct glb_emu_machine *m,
                                                 const struct lookup *t) {
    for (const struct glb_emu_row *end = z + rows; z < end; z++) {
        uint8_t *const drawn = m->drawn + 8 * (size_t)z->octet;
        for (int j = 0; j < 8; j += 2)
            if (chains == 16)
                make_pair(16, z, j, m, t);
            else
                make_pair(chains, z, j, m, t);
        for (int j = 0; j < 8; j++)
            if (z->active >> j & 1 && drawn[j] < 64)
                drawn[j] = (uint8_t)(drawn[j] + chains);
    }
}

#endif
