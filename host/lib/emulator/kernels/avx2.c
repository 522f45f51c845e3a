/* Emulator kernel with AVX2: a slot is two registers.
 * SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>

#include "emulator/kernels/gather.h"
#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_avx2.h"

enum { HALF = GLB_SLOT_BYTES / 2 };

INLINE void add3(__m256i a, __m256i b, __m256i c, __m256i *sum, __m256i *carry) {
    const __m256i x = _mm256_xor_si256(a, b);
    *sum = _mm256_xor_si256(x, c);
    *carry = _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(x, c));
}

INLINE void count7(const __m256i *x, uint8_t *out) {
    __m256i s1, s2, s3, c1, c2, c3, d1, d2;
    add3(x[0], x[1], x[2], &s1, &c1);
    add3(x[3], x[4], x[5], &s2, &c2);
    add3(s1, s2, x[6], &s3, &c3);
    add3(c1, c2, c3, &d1, &d2);
    store(out, s3);
    store(out + GLB_SLOT_BYTES, d1);
    store(out + 2 * GLB_SLOT_BYTES, d2);
}

INLINE void count3(const __m256i *x, uint8_t *out) {
    __m256i sum, carry;
    add3(x[0], x[1], x[2], &sum, &carry);
    store(out, sum);
    store(out + GLB_SLOT_BYTES, carry);
}

/* 16 bits, each spread over a number: all ones or zero. */
INLINE __m256i spread(uint32_t bits) {
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                          8192, 16384, (short)0x8000);
    return _mm256_cmpeq_epi16(_mm256_and_si256(_mm256_set1_epi16((short)bits), bit), bit);
}

/* Half a slot's parts whose bit is set in mask. */
INLINE __m256i some(const uint8_t *page, uint32_t offset, uint32_t mask, int h) {
    return _mm256_and_si256(spread(mask >> (h / 2)), load(page + offset + h));
}

/* All of a group's adders; returns the planes' offsets. */
INLINE const uint32_t *add_up(const uint8_t *page, const struct glb_emu_group *g, const uint32_t *o,
                              uint8_t *out) {
    __m256i x[7];
    for (uint32_t n = g->m7; n > 0; n--, o += 14, out += 3 * GLB_SLOT_BYTES)
#pragma GCC unroll 2
        for (int h = 0; h < GLB_SLOT_BYTES; h += HALF) {
#pragma GCC unroll 7
            for (int i = 0; i < 7; i++)
                x[i] = some(page, o[i], o[7 + i], h);
            count7(x, out + h);
        }
    for (uint32_t n = g->m3; n > 0; n--, o += 6, out += 2 * GLB_SLOT_BYTES)
#pragma GCC unroll 2
        for (int h = 0; h < GLB_SLOT_BYTES; h += HALF) {
#pragma GCC unroll 3
            for (int i = 0; i < 3; i++)
                x[i] = some(page, o[i], o[3 + i], h);
            count3(x, out + h);
        }
    for (uint32_t n = g->m1; n > 0; n--, o += 2, out += GLB_SLOT_BYTES)
#pragma GCC unroll 2
        for (int h = 0; h < GLB_SLOT_BYTES; h += HALF)
            store(out + h, some(page, o[0], o[1], h));
    for (uint32_t n = g->n7; n > 0; n--, o += 7, out += 3 * GLB_SLOT_BYTES)
#pragma GCC unroll 2
        for (int h = 0; h < GLB_SLOT_BYTES; h += HALF) {
#pragma GCC unroll 7
            for (int i = 0; i < 7; i++)
                x[i] = load(page + o[i] + h);
            count7(x, out + h);
        }
    for (uint32_t n = g->n3; n > 0; n--, o += 3, out += 2 * GLB_SLOT_BYTES)
#pragma GCC unroll 2
        for (int h = 0; h < GLB_SLOT_BYTES; h += HALF) {
#pragma GCC unroll 3
            for (int i = 0; i < 3; i++)
                x[i] = load(page + o[i] + h);
            count3(x, out + h);
        }
    return o;
}

/* ---- groups ---- */

/* 32 neighbouring bits of planes first .. end - 1 as numbers of a byte. Top plane first: number = 2
 * number + bit. Numbers 0-7, 16-23, 8-15, 24-31. */
INLINE __m256i bytes_of(const uint8_t *at, const uint32_t *plane, int first, int end) {
    const __m256i byte =
        _mm256_setr_epi64x(0, 0x0202020202020202, 0x0101010101010101, 0x0303030303030303);
    const __m256i bit = _mm256_set1_epi64x((long long)UINT64_C(0x8040201008040201));
    __m256i x = _mm256_setzero_si256();
    for (int i = end - 1; i >= first; i--) {
        const __m256i all = _mm256_set1_epi32((int)*(const word32 *)(at + plane[i]));
        const __m256i on = _mm256_and_si256(_mm256_shuffle_epi8(all, byte), bit);
        x = _mm256_sub_epi8(_mm256_add_epi8(x, x), _mm256_cmpeq_epi8(on, bit));
    }
    return x;
}

/* The sums of parts 2 i and 2 i + 1. */
INLINE void part_sums(const struct glb_emu_machine *m, const struct glb_emu_group *g,
                      const uint32_t *plane, __m256i factor, int i, int parts, __m256i *sum) {
    const uint8_t *const at = m->page + 4 * i;
    const int low = g->nplanes < 8 ? g->nplanes : 8;
    const __m256i l = bytes_of(at, plane, 0, low), h = bytes_of(at, plane, low, g->nplanes);
    sum[0] = _mm256_unpacklo_epi8(l, h);
    sum[1] = _mm256_unpackhi_epi8(l, h);
    for (int k = 0; k < 2; k++) {
        const __m256i bias = _mm256_set1_epi16(g->bias[(2 * i + k) / parts]);
        sum[k] = _mm256_add_epi16(_mm256_mullo_epi16(sum[k], factor), bias);
        if (g->noise != GLB_NO_NOISE)
            sum[k] = _mm256_add_epi16(sum[k], load(m->noise + g->noise + 32 * (2 * i + k)));
    }
}

/* Signs of the sums of two parts. */
INLINE uint32_t signs(__m256i a, __m256i b) {
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xd8));
}

INLINE void run_group(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                      const struct glb_emu_group *g, int parts) {
    const uint32_t *o = p->data + g->data;
    const __m128i shift = _mm_cvtsi32_si128(16 - p->acc);
    const __m256i factor = _mm256_set1_epi16((short)((uint32_t)g->factor << g->plane));
    uint8_t *const page = m->page;
    uint8_t *out = page + p->scratch;
    for (uint32_t n = parts < 32 ? g->nreads : 0; n > 0; n--, out += GLB_SLOT_BYTES)
        o = gather(page, o, parts, p->wide, out);
    const uint32_t *const plane = add_up(page, g, o, out);
    uint32_t negative[GLB_MOST_RESULTS][GLB_SLOT_PARTS / 2];
    for (int i = 0; i < GLB_SLOT_PARTS / 2; i++) {
        __m256i sum[2];
        part_sums(m, g, plane, factor, i, parts, sum);
        __m256i a = _mm256_sll_epi16(sum[0], shift), b = _mm256_sll_epi16(sum[1], shift);
        negative[0][i] = signs(a, b);
        for (int s = 1; s < g->results; s++) {
            a = _mm256_add_epi16(a, a);
            b = _mm256_add_epi16(b, b);
            negative[s][i] = signs(a, b);
        }
    }
    o = plane + g->nplanes;
    for (int s = 0; s < g->results; s++, o += 32 / parts)
        for (int i = 0; i < GLB_SLOT_PARTS / 2; i++)
            scatter_word(page, o, parts, i, negative[s][i]);
}

/* ---- updates for themselves ---- */

INLINE void run_unit(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                     const struct glb_emu_unit *u, const struct glb_emu_unit_stage *stage,
                     const struct glb_emu_unit_read *read, int parts) {
    const __m128i shift = _mm_cvtsi32_si128(16 - p->acc);
    const struct glb_emu_unit_read *const start = read;
    for (int k = 0; k < parts; k++, read = start) {
        __m256i sum = _mm256_setzero_si256();
        const uint8_t *noise = m->noise + u->noise + 32 * k;
        for (const struct glb_emu_unit_stage *s = stage, *end = s + u->stages; s < end; s++) {
            for (uint32_t r = 0; r < s->reads; r++, read++) {
                const __m256i on = spread(*(const word16 *)(m->page + read->from + 2 * k));
                const __m256i w = _mm256_set1_epi16((short)read->weight);
                sum = _mm256_add_epi16(sum, _mm256_and_si256(on, w));
            }
            for (int z = 0; z < s->noise; z++, noise += 32 * parts)
                sum = _mm256_add_epi16(sum, load(noise));
            sum = _mm256_add_epi16(sum, s->dbl ? sum : _mm256_set1_epi16(s->bias));
            if (!s->we)
                continue;
            const __m256i x = _mm256_sll_epi16(sum, shift);
            const uint32_t negative = signs(x, x);
            word16 *const to = (word16 *)(m->page + s->to + 2 * k);
            to[0] = (uint16_t)~negative;
            to[parts] = (uint16_t)negative;
        }
    }
}

#define GLB_KERNEL glb_emu_kernel_avx2
#include "emulator/kernels/plan_loop.h"
#endif
