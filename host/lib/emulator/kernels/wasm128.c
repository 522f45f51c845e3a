/* Emulator kernel with WebAssembly's 128-bit vectors: a slot is four of them.
 * SPDX-License-Identifier: Apache-2.0 */
#if defined(__wasm_simd128__)
#include <wasm_simd128.h>

#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_wasm128.h"
#include "emulator/kernels/words.h"

enum { QUARTER = GLB_SLOT_BYTES / 4 };

/* ---- sums ---- */

INLINE void add3(v128_t a, v128_t b, v128_t c, v128_t *sum, v128_t *carry) {
    const v128_t x = wasm_v128_xor(a, b);
    *sum = wasm_v128_xor(x, c);
    *carry = wasm_v128_or(wasm_v128_and(a, b), wasm_v128_and(x, c));
}

INLINE void count7(const v128_t *x, uint8_t *out) {
    v128_t s1, s2, s3, c1, c2, c3, d1, d2;
    add3(x[0], x[1], x[2], &s1, &c1);
    add3(x[3], x[4], x[5], &s2, &c2);
    add3(s1, s2, x[6], &s3, &c3);
    add3(c1, c2, c3, &d1, &d2);
    wasm_v128_store(out, s3);
    wasm_v128_store(out + GLB_SLOT_BYTES, d1);
    wasm_v128_store(out + 2 * GLB_SLOT_BYTES, d2);
}

INLINE void count3(const v128_t *x, uint8_t *out) {
    v128_t sum, carry;
    add3(x[0], x[1], x[2], &sum, &carry);
    wasm_v128_store(out, sum);
    wasm_v128_store(out + GLB_SLOT_BYTES, carry);
}

/* Bits 0 .. 7, each spread over a number: all ones or zero. */
INLINE v128_t spread(uint32_t bits) {
    const v128_t bit = wasm_i16x8_make(1, 2, 4, 8, 16, 32, 64, 128);
    return wasm_i16x8_eq(wasm_v128_and(wasm_i16x8_splat((int16_t)bits), bit), bit);
}

/* A quarter of a slot, its parts whose bit is set in mask. */
INLINE v128_t some(const uint8_t *page, uint32_t offset, uint32_t mask, int at) {
    return wasm_v128_and(spread(mask >> (at / 2)), wasm_v128_load(page + offset + at));
}

/* All of a group's adders; returns the planes' offsets. */
INLINE const uint32_t *add_up(const uint8_t *page, const struct glb_emu_group *g, const uint32_t *o,
                              uint8_t *out) {
    v128_t x[7];
    for (uint32_t n = g->m7; n > 0; n--, o += 14, out += 3 * GLB_SLOT_BYTES)
        for (int at = 0; at < GLB_SLOT_BYTES; at += QUARTER) {
            for (int i = 0; i < 7; i++)
                x[i] = some(page, o[i], o[7 + i], at);
            count7(x, out + at);
        }
    for (uint32_t n = g->m3; n > 0; n--, o += 6, out += 2 * GLB_SLOT_BYTES)
        for (int at = 0; at < GLB_SLOT_BYTES; at += QUARTER) {
            for (int i = 0; i < 3; i++)
                x[i] = some(page, o[i], o[3 + i], at);
            count3(x, out + at);
        }
    for (uint32_t n = g->m1; n > 0; n--, o += 2, out += GLB_SLOT_BYTES)
        for (int at = 0; at < GLB_SLOT_BYTES; at += QUARTER)
            wasm_v128_store(out + at, some(page, o[0], o[1], at));
    for (uint32_t n = g->n7; n > 0; n--, o += 7, out += 3 * GLB_SLOT_BYTES)
        for (int at = 0; at < GLB_SLOT_BYTES; at += QUARTER) {
            for (int i = 0; i < 7; i++)
                x[i] = wasm_v128_load(page + o[i] + at);
            count7(x, out + at);
        }
    for (uint32_t n = g->n3; n > 0; n--, o += 3, out += 2 * GLB_SLOT_BYTES)
        for (int at = 0; at < GLB_SLOT_BYTES; at += QUARTER) {
            for (int i = 0; i < 3; i++)
                x[i] = wasm_v128_load(page + o[i] + at);
            count3(x, out + at);
        }
    return o;
}

/* ---- groups ---- */

/* 16 neighbouring bits of planes first .. end - 1 as numbers of a byte. Top plane first: number = 2
 * number + bit. */
INLINE v128_t bytes_of(const uint8_t *at, const uint32_t *plane, int first, int end) {
    const v128_t bit = wasm_u64x2_splat(UINT64_C(0x8040201008040201));
    v128_t x = wasm_i8x16_splat(0);
    for (int i = end - 1; i >= first; i--) {
        const v128_t both = wasm_v128_load16_splat(at + plane[i]);
        const v128_t all =
            wasm_i8x16_shuffle(both, both, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
        const v128_t on = wasm_i8x16_eq(wasm_v128_and(all, bit), bit);
        x = wasm_i8x16_sub(wasm_i8x16_add(x, x), on);
    }
    return x;
}

INLINE uint32_t signs(v128_t a, v128_t b) {
    return wasm_i16x8_bitmask(a) | wasm_i16x8_bitmask(b) << 8;
}

INLINE void run_group(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                      const struct glb_emu_group *g, int parts) {
    const uint32_t *o = p->data + g->data;
    const v128_t factor = wasm_i16x8_splat((int16_t)((uint32_t)g->factor << g->plane));
    const int shift = 16 - p->acc, low = g->nplanes < 8 ? g->nplanes : 8;
    uint8_t *const page = m->page;
    uint8_t *out = page + p->scratch;
    for (uint32_t n = parts < 32 ? g->nreads : 0; n > 0; n--, out += GLB_SLOT_BYTES)
        o = gather_words(page, o, parts, p->wide, (word64 *)out);
    const uint32_t *const plane = add_up(page, g, o, out);
    word16 negative[GLB_MOST_RESULTS][GLB_SLOT_PARTS];
    for (int i = 0; i < GLB_SLOT_PARTS; i++) {
        const uint8_t *const at = page + 2 * i;
        const v128_t l = bytes_of(at, plane, 0, low), h = bytes_of(at, plane, low, g->nplanes);
        const v128_t bias = wasm_i16x8_splat(g->bias[i / parts]);
        v128_t a = wasm_i8x16_shuffle(l, h, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        v128_t b =
            wasm_i8x16_shuffle(l, h, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        a = wasm_i16x8_add(wasm_i16x8_mul(a, factor), bias);
        b = wasm_i16x8_add(wasm_i16x8_mul(b, factor), bias);
        if (g->noise != GLB_NO_NOISE) {
            const uint8_t *const noise = m->noise + g->noise + 32 * i;
            a = wasm_i16x8_add(a, wasm_v128_load(noise));
            b = wasm_i16x8_add(b, wasm_v128_load(noise + 16));
        }
        a = wasm_i16x8_shl(a, (uint32_t)shift);
        b = wasm_i16x8_shl(b, (uint32_t)shift);
        negative[0][i] = (uint16_t)signs(a, b);
        for (int s = 1; s < g->results; s++) {
            a = wasm_i16x8_add(a, a);
            b = wasm_i16x8_add(b, b);
            negative[s][i] = (uint16_t)signs(a, b);
        }
    }
    o = plane + g->nplanes;
    for (int s = 0; s < g->results; s++, o += 32 / parts)
        for (int i = 0; i < GLB_SLOT_PARTS / 2; i++)
            scatter_word(page, o, parts, i,
                         negative[s][2 * i] | (uint32_t)negative[s][2 * i + 1] << 16);
}

/* ---- updates for themselves ---- */

INLINE void run_unit(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                     const struct glb_emu_unit *u, const struct glb_emu_unit_stage *stage,
                     const struct glb_emu_unit_read *read, int parts) {
    const struct glb_emu_unit_read *const start = read;
    const uint32_t shift = (uint32_t)(16 - p->acc);
    for (int k = 0; k < parts; k++, read = start) {
        v128_t a = wasm_i16x8_splat(0), b = a;
        const uint8_t *noise = m->noise + u->noise + 32 * k;
        for (const struct glb_emu_unit_stage *s = stage, *end = s + u->stages; s < end; s++) {
            for (uint32_t r = 0; r < s->reads; r++, read++) {
                const uint32_t bits = *(const word16 *)(m->page + read->from + 2 * k);
                const v128_t w = wasm_i16x8_splat((int16_t)read->weight);
                a = wasm_i16x8_add(a, wasm_v128_and(spread(bits), w));
                b = wasm_i16x8_add(b, wasm_v128_and(spread(bits >> 8), w));
            }
            for (int z = 0; z < s->noise; z++, noise += 32 * parts) {
                a = wasm_i16x8_add(a, wasm_v128_load(noise));
                b = wasm_i16x8_add(b, wasm_v128_load(noise + 16));
            }
            const v128_t bias = wasm_i16x8_splat(s->bias);
            a = wasm_i16x8_add(a, s->dbl ? a : bias);
            b = wasm_i16x8_add(b, s->dbl ? b : bias);
            if (!s->we)
                continue;
            const uint32_t negative = signs(wasm_i16x8_shl(a, shift), wasm_i16x8_shl(b, shift));
            word16 *const to = (word16 *)(m->page + s->to + 2 * k);
            to[0] = (uint16_t)~negative;
            to[parts] = (uint16_t)negative;
        }
    }
}

#define GLB_KERNEL glb_emu_kernel_wasm128
#include "emulator/kernels/plan_loop.h"
#endif
