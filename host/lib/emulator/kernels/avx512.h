/* Emulator kernel with AVX-512 F, BW, VL: a slot is one register. Included by avx512.c and
 * avx512vbmi.c, which define struct lookup, prepare() and entries2(): table entries of 64 noise
 * words whose V is at least 8. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "emulator/kernels/gather.h"
#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_tail.h"
#include "emulator/kernels/words.h"

enum { ROWS = 8, NUMBERS = GLB_SLOT_PARTS / 2 };

/* ---- noise ---- */

INLINE __m512i step(__m512i s) {
    const __m512i a =
        _mm512_ternarylogic_epi64(s, _mm512_srli_epi64(s, 9), _mm512_srli_epi64(s, 19), XOR3);
    const __m512i b = _mm512_xor_si512(a, _mm512_srli_epi64(s, 31));
    const __m512i c =
        _mm512_ternarylogic_epi64(b, _mm512_slli_epi64(b, 55), _mm512_slli_epi64(b, 45), XOR3);
    return _mm512_xor_si512(c, _mm512_slli_epi64(b, 33));
}

static __attribute__((noinline)) void noise_tail(__m512i s, __m512i y, uint32_t lanes,
                                                 const uint8_t *drawn, int more,
                                                 const int16_t table[1024], __m512i *n) {
    _Alignas(64) uint64_t before[8], word[8];
    _Alignas(64) int16_t out[32];
    _mm512_store_si512(before, s);
    _mm512_store_si512(word, y);
    _mm512_store_si512(out, *n);
    for (; lanes; lanes &= lanes - 1) {
        const int i = __builtin_ctz(lanes);
        out[i] = (int16_t)word_noise(before[i / 4], word[i / 4], i % 4, drawn[i / 4] + more, table);
    }
    *n = _mm512_load_si512(out);
}

/* Table entries to numbers. */
INLINE __m512i finish(__m512i z, __m512i y) {
    /* Both 32 more than Z + V[4:0], so that the sum is positive as an unsigned number. */
    const __m512i low =
        _mm512_ternarylogic_epi64(y, _mm512_set1_epi16(31), _mm512_set1_epi16(32), AND_OR);
    const __m512i sum = _mm512_srli_epi16(_mm512_add_epi16(z, low), 5);
    return _mm512_xor_si512(_mm512_sub_epi16(sum, _mm512_set1_epi16(1)), _mm512_srai_epi16(y, 15));
}

/* chains / 4 steps of eight generators: y[0] before, y[1] .. afterwards. */
INLINE void step_row(int chains, const struct glb_emu_row *z, const struct glb_emu_machine *m,
                     __m512i *y, uint64_t *drawn_before) {
    uint64_t *const lfsr = m->lfsr + 8 * (size_t)z->octet;
    uint8_t *const drawn = m->drawn + 8 * (size_t)z->octet;
    memcpy(drawn_before, drawn, 8);
    y[0] = _mm512_load_si512(lfsr);
#pragma GCC unroll 4
    for (int q = 0; q < chains / 4; q++)
        y[q + 1] = step(y[q]);
    _mm512_mask_store_epi64(lfsr, z->active, y[chains / 4]);
    const __m128i more = _mm_maskz_set1_epi8(z->active, (char)chains);
    const __m128i sum = _mm_add_epi8(_mm_cvtsi64_si128((long long)*drawn_before), more);
    _mm_storel_epi64((__m128i *)drawn, _mm_min_epu8(sum, _mm_set1_epi8(64)));
}

INLINE void store_row(int chains, const struct glb_emu_row *z, uint8_t *noise, const __m512i *n) {
    if (chains == 4) {
        _Alignas(64) uint64_t all[8];
        _mm512_store_si512(all, n[0]);
#pragma GCC unroll 8
        for (int j = 0; j < 8; j++)
            memcpy(noise + z->to[j], &all[j], 8);
        return;
    }
#pragma GCC unroll 4
    for (int h = 0; h < chains / 8; h++) {
        /* generators 0 2 4 6; 1 3 5 7 */
        const __m512i a = _mm512_unpacklo_epi64(n[2 * h], n[2 * h + 1]);
        const __m512i b = _mm512_unpackhi_epi64(n[2 * h], n[2 * h + 1]);
        uint8_t *const out = noise + 16 * h;
        _mm_store_si128((__m128i *)(out + z->to[0]), _mm512_castsi512_si128(a));
        _mm_store_si128((__m128i *)(out + z->to[1]), _mm512_castsi512_si128(b));
        _mm_store_si128((__m128i *)(out + z->to[2]), _mm512_extracti32x4_epi32(a, 1));
        _mm_store_si128((__m128i *)(out + z->to[3]), _mm512_extracti32x4_epi32(b, 1));
        _mm_store_si128((__m128i *)(out + z->to[4]), _mm512_extracti32x4_epi32(a, 2));
        _mm_store_si128((__m128i *)(out + z->to[5]), _mm512_extracti32x4_epi32(b, 2));
        _mm_store_si128((__m128i *)(out + z->to[6]), _mm512_extracti32x4_epi32(a, 3));
        _mm_store_si128((__m128i *)(out + z->to[7]), _mm512_extracti32x4_epi32(b, 3));
    }
}

INLINE void make_rows(int chains, const struct glb_emu_row *z, int rows,
                      const struct glb_emu_machine *m, const struct lookup *t) {
    __m512i y[ROWS][5];
    uint64_t before[ROWS];
    for (int i = 0; i < rows; i++)
        step_row(chains, &z[i], m, y[i], &before[i]);
    for (int i = 0; i < rows; i++) {
        if (!z[i].used)
            continue;
        __m512i n[4];
        uint32_t rare[4], any = 0;
#pragma GCC unroll 4
        for (int q = 0; q < chains / 4; q += 2)
            entries2(t, y[i][q + 1], y[i][chains > 4 ? q + 2 : 1], &n[q], &n[q + 1]);
#pragma GCC unroll 4
        for (int q = 0; q < chains / 4; q++) {
            n[q] = finish(n[q], y[i][q + 1]);
            rare[q] = _mm512_testn_epi16_mask(y[i][q + 1], _mm512_set1_epi16(0x7ff8));
            any |= rare[q];
        }
        for (int q = 0; __builtin_expect(any != 0, 0) && q < chains / 4; q++)
            if (rare[q])
                noise_tail(y[i][q], y[i][q + 1], rare[q], (const uint8_t *)&before[i], 4 * q,
                           t->table, &n[q]);
        store_row(chains, &z[i], m->noise, n);
    }
}

static __attribute__((noinline)) void noise_rows(int chains, const struct glb_emu_row *z, int rows,
                                                 const struct glb_emu_machine *m,
                                                 const struct lookup *t) {
    if (chains == 16)
        make_rows(16, z, rows, m, t);
    else if (chains == 8)
        make_rows(8, z, rows, m, t);
    else
        make_rows(4, z, rows, m, t);
}

/* ---- sums ---- */

INLINE __m512i load(const uint8_t *page, uint32_t offset) {
    return _mm512_load_si512(page + offset);
}

INLINE uint8_t *count7(uint8_t *out, const __m512i *x) {
    const __m512i s1 = _mm512_ternarylogic_epi64(x[0], x[1], x[2], XOR3);
    const __m512i c1 = _mm512_ternarylogic_epi64(x[0], x[1], x[2], MAJORITY);
    const __m512i s2 = _mm512_ternarylogic_epi64(x[3], x[4], x[5], XOR3);
    const __m512i c2 = _mm512_ternarylogic_epi64(x[3], x[4], x[5], MAJORITY);
    const __m512i c3 = _mm512_ternarylogic_epi64(s1, s2, x[6], MAJORITY);
    _mm512_store_si512(out, _mm512_ternarylogic_epi64(s1, s2, x[6], XOR3));
    _mm512_store_si512(out + GLB_SLOT_BYTES, _mm512_ternarylogic_epi64(c1, c2, c3, XOR3));
    _mm512_store_si512(out + 2 * GLB_SLOT_BYTES, _mm512_ternarylogic_epi64(c1, c2, c3, MAJORITY));
    return out + 3 * GLB_SLOT_BYTES;
}

INLINE uint8_t *count3(uint8_t *out, const __m512i *x) {
    _mm512_store_si512(out, _mm512_ternarylogic_epi64(x[0], x[1], x[2], XOR3));
    _mm512_store_si512(out + GLB_SLOT_BYTES, _mm512_ternarylogic_epi64(x[0], x[1], x[2], MAJORITY));
    return out + 2 * GLB_SLOT_BYTES;
}

INLINE __m512i some(const uint8_t *page, uint32_t offset, uint32_t mask) {
    return _mm512_maskz_mov_epi16(mask, load(page, offset));
}

/* All of a group's adders; returns the planes' offsets. */
INLINE const uint32_t *add_up(uint8_t *page, const struct glb_emu_group *g, const uint32_t *o,
                              uint8_t *out) {
    __m512i x[7];
    for (uint32_t n = g->m7; n > 0; n--, o += 14) {
#pragma GCC unroll 7
        for (int i = 0; i < 7; i++)
            x[i] = some(page, o[i], o[7 + i]);
        out = count7(out, x);
    }
    for (uint32_t n = g->m3; n > 0; n--, o += 6) {
#pragma GCC unroll 3
        for (int i = 0; i < 3; i++)
            x[i] = some(page, o[i], o[3 + i]);
        out = count3(out, x);
    }
    for (uint32_t n = g->m1; n > 0; n--, o += 2, out += GLB_SLOT_BYTES)
        _mm512_store_si512(out, some(page, o[0], o[1]));
    for (uint32_t n = g->n7; n > 0; n--, o += 7) {
#pragma GCC unroll 7
        for (int i = 0; i < 7; i++)
            x[i] = load(page, o[i]);
        out = count7(out, x);
    }
    for (uint32_t n = g->n3; n > 0; n--, o += 3) {
#pragma GCC unroll 3
        for (int i = 0; i < 3; i++)
            x[i] = load(page, o[i]);
        out = count3(out, x);
    }
    return o;
}

/* ---- groups ---- */

/* Numbers 32 i .. 32 i + 31 of a group: those of parts 2 i and 2 i + 1. Which update's is each? */
INLINE __m512i updates_of(int i, int parts) {
    const int a = 2 * i / parts, b = (2 * i + 1) / parts;
    return _mm512_inserti64x4(_mm512_set1_epi16((short)a), _mm256_set1_epi16((short)b), 1);
}

INLINE void run_group(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                      const struct glb_emu_group *g, int parts) {
    const uint32_t *o = p->data + g->data;
    const __m128i shift = _mm_cvtsi32_si128(16 - p->acc);
    const __m512i bias = _mm512_loadu_si512(g->bias);
    uint8_t *const page = m->page;
    uint8_t *out = page + p->scratch;
    __m512i sum[NUMBERS];
    for (uint32_t n = parts < 32 ? g->nreads : 0; n > 0; n--, out += GLB_SLOT_BYTES)
        o = gather(page, o, parts, p->wide, out);
    o = add_up(page, g, o, out);
#pragma GCC unroll 16
    for (int i = 0; i < NUMBERS; i++)
        sum[i] = parts < 32 ? _mm512_permutexvar_epi16(updates_of(i, parts), bias)
                            : _mm512_set1_epi16(g->bias[0]);
    if (g->noise != GLB_NO_NOISE) {
        const uint8_t *const noise = m->noise + g->noise;
#pragma GCC unroll 16
        for (int i = 0; i < NUMBERS; i++)
            sum[i] = _mm512_add_epi16(sum[i], _mm512_load_si512(noise + 64 * i));
    }
    uint32_t one = (uint32_t)g->factor << g->plane;
    for (int k = 0; k < g->nplanes; k++, o++, one *= 2) {
        const __m512i v = _mm512_set1_epi16((short)one);
        const word32 *const bits = (const word32 *)(page + *o);
#pragma GCC unroll 16
        for (int i = 0; i < NUMBERS; i++)
            sum[i] = _mm512_mask_add_epi16(sum[i], bits[i], sum[i], v);
    }
    for (int s = 0; s < g->results; s++, o += 32 / parts) {
#pragma GCC unroll 16
        for (int i = 0; i < NUMBERS; i++)
            scatter_word(page, o, parts, i, _mm512_movepi16_mask(_mm512_sll_epi16(sum[i], shift)));
        if (s + 1 < g->results)
            for (int i = 0; i < NUMBERS; i++)
                sum[i] = _mm512_add_epi16(sum[i], sum[i]);
    }
}

/* ---- updates for themselves ---- */

/* Two parts at once, or one with zeros above it. */
INLINE void run_unit(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                     const struct glb_emu_unit *u, const struct glb_emu_unit_stage *stage,
                     const struct glb_emu_unit_read *read, int parts) {
    const __m128i shift = _mm_cvtsi32_si128(16 - p->acc);
    const struct glb_emu_unit_read *const start = read;
    for (int k = 0; k < parts; k += 2, read = start) {
        __m512i a = _mm512_setzero_si512();
        const uint8_t *noise = m->noise + u->noise + 32 * k;
        for (const struct glb_emu_unit_stage *s = stage, *end = s + u->stages; s < end; s++) {
            __m512i b = _mm512_setzero_si512();
            for (uint32_t r = 0; r < s->reads; r++, read++) {
                const uint8_t *const from = m->page + read->from + 2 * k;
                const __mmask32 bits = parts == 1 ? *(const word16 *)from : *(const word32 *)from;
                const __m512i w = _mm512_set1_epi16((short)read->weight);
                if (r % 2)
                    b = _mm512_mask_add_epi16(b, bits, b, w);
                else
                    a = _mm512_mask_add_epi16(a, bits, a, w);
            }
            a = _mm512_add_epi16(a, b);
            for (int z = 0; z < s->noise; z++, noise += 32 * parts)
                a = _mm512_add_epi16(a, parts == 1 ? _mm512_castsi256_si512(
                                                         _mm256_load_si256((const __m256i *)noise))
                                                   : _mm512_load_si512(noise));
            a = _mm512_add_epi16(a, s->dbl ? a : _mm512_set1_epi16(s->bias));
            if (!s->we)
                continue;
            const uint32_t negative = _mm512_movepi16_mask(_mm512_sll_epi16(a, shift));
            word16 *const to = (word16 *)(m->page + s->to + 2 * k);
            if (parts == 1) {
                to[0] = (uint16_t)~negative;
                to[1] = (uint16_t)negative;
            } else {
                ((word32 *)to)[0] = ~negative;
                ((word32 *)to)[parts / 2] = negative;
            }
        }
    }
}

#include "emulator/kernels/plan_loop.h"
