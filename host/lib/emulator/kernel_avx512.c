/* Emulator kernel with AVX-512 F and BW: a slot is one register.
 * SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>

#include <string.h>

#include "emulator/kernel.h"
#include "emulator/noise_tail.h"

enum { XOR3 = 0x96, MAJORITY = 0xe8, AND_OR = 0xea, GROUPS = GLB_BLOCK / 32 };

static inline __m512i load(const uint8_t *page, uint32_t offset) {
    return _mm512_load_si512(page + offset);
}

static inline uint8_t *counters(uint8_t *page, const uint32_t *o, uint32_t n, uint8_t *out) {
    for (; n > 0; n--, o += 7, out += 3 * GLB_SLOT_BYTES) {
        const __m512i a = load(page, o[0]), b = load(page, o[1]), c = load(page, o[2]);
        const __m512i d = load(page, o[3]), e = load(page, o[4]), f = load(page, o[5]);
        const __m512i s1 = _mm512_ternarylogic_epi64(a, b, c, XOR3);
        const __m512i c1 = _mm512_ternarylogic_epi64(a, b, c, MAJORITY);
        const __m512i s2 = _mm512_ternarylogic_epi64(d, e, f, XOR3);
        const __m512i c2 = _mm512_ternarylogic_epi64(d, e, f, MAJORITY);
        const __m512i g = load(page, o[6]);
        const __m512i c3 = _mm512_ternarylogic_epi64(s1, s2, g, MAJORITY);
        _mm512_store_si512(out, _mm512_ternarylogic_epi64(s1, s2, g, XOR3));
        _mm512_store_si512(out + GLB_SLOT_BYTES, _mm512_ternarylogic_epi64(c1, c2, c3, XOR3));
        _mm512_store_si512(out + 2 * GLB_SLOT_BYTES,
                           _mm512_ternarylogic_epi64(c1, c2, c3, MAJORITY));
    }
    return out;
}

static inline void adders(uint8_t *page, const uint32_t *o, uint32_t n, uint8_t *out) {
    for (; n > 0; n--, o += 3, out += 2 * GLB_SLOT_BYTES) {
        const __m512i a = load(page, o[0]), b = load(page, o[1]), c = load(page, o[2]);
        _mm512_store_si512(out, _mm512_ternarylogic_epi64(a, b, c, XOR3));
        _mm512_store_si512(out + GLB_SLOT_BYTES, _mm512_ternarylogic_epi64(a, b, c, MAJORITY));
    }
}

static inline void planes(const uint8_t *page, const struct glb_emu_step *s, const uint32_t *o,
                          int16_t *buf) {
    __m512i sum[GROUPS];
    for (int g = 0; g < GROUPS; g++)
        sum[g] = _mm512_load_si512(buf + 32 * g);
    for (int p = 0; p < s->nplanes; p++) {
        const __m512i one = _mm512_set1_epi16((short)(1 << (s->plane + p)));
        const __mmask32 *bits = (const __mmask32 *)(page + o[p]);
#pragma GCC unroll 16
        for (int g = 0; g < GROUPS; g++)
            sum[g] = _mm512_mask_add_epi16(sum[g], bits[g], sum[g], one);
    }
    for (int g = 0; g < GROUPS; g++)
        _mm512_store_si512(buf + 32 * g, sum[g]);
}

static inline void signs(const int16_t *buf, int shift, uint8_t *page, uint32_t dst) {
    uint32_t *out = (uint32_t *)(page + dst);
    const __m128i by = _mm_cvtsi32_si128(shift);
    for (int g = 0; g < GROUPS; g++) {
        const __m512i x = _mm512_sll_epi16(_mm512_load_si512(buf + 32 * g), by);
        const uint32_t negative = _mm512_movepi16_mask(x);
        out[g] = ~negative;
        out[GROUPS + g] = negative;
    }
}

static inline __m512i step(__m512i s) {
    const __m512i a =
        _mm512_ternarylogic_epi64(s, _mm512_srli_epi64(s, 9), _mm512_srli_epi64(s, 19), XOR3);
    const __m512i b = _mm512_xor_si512(a, _mm512_srli_epi64(s, 31));
    const __m512i c =
        _mm512_ternarylogic_epi64(b, _mm512_slli_epi64(b, 55), _mm512_slli_epi64(b, 45), XOR3);
    return _mm512_xor_si512(c, _mm512_slli_epi64(b, 33));
}

struct lookup {
    _Alignas(64) int16_t t[768];
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    memcpy(t->t, table, sizeof t->t);
    t->table = table;
}

/* Of 64 entries from `first` on; only the index's low six bits count. */
static inline __m512i look(const struct lookup *t, int first, __m512i index) {
    return _mm512_permutex2var_epi16(_mm512_load_si512(t->t + first), index,
                                     _mm512_load_si512(t->t + first + 32));
}

static inline __m512i pick(__m512i r, int bit, __m512i zero, __m512i one) {
    return _mm512_mask_blend_epi16(_mm512_test_epi16_mask(r, _mm512_set1_epi16((short)(1 << bit))),
                                   zero, one);
}

static inline __m512i pick_below(__m512i r, int high_bits, __m512i above, __m512i below) {
    return _mm512_mask_blend_epi16(_mm512_testn_epi16_mask(r, _mm512_set1_epi16((short)high_bits)),
                                   above, below);
}

/* Table entries of 32 words whose V is at least 8. */
static inline __m512i entries(const struct lookup *t, __m512i r) {
    const __m512i i = _mm512_srli_epi16(r, 6), j = _mm512_srli_epi16(r, 4);
    const __m512i a = pick(r, 12, look(t, 0, i), look(t, 64, i));
    const __m512i b = pick(r, 12, look(t, 128, i), look(t, 192, i));
    const __m512i c = pick(r, 12, look(t, 256, i), look(t, 320, i));
    const __m512i d = pick(r, 12, look(t, 384, i), look(t, 448, i));
    const __m512i first = pick(r, 14, pick(r, 13, a, b), pick(r, 13, c, d));
    const __m512i second = pick(r, 10, look(t, 512, j), look(t, 576, j));
    const __m512i third = pick(r, 6, look(t, 640, r), look(t, 704, r));
    return pick_below(r, 0x7800, first, pick_below(r, 0x7f80, second, third));
}

static void noise_tail(__m512i s, __m512i y, uint32_t lanes, int drawn, const int16_t table[1024],
                       __m512i *n) {
    _Alignas(64) uint64_t before[8], word[8];
    _Alignas(64) int16_t out[32];
    _mm512_store_si512(before, s);
    _mm512_store_si512(word, y);
    _mm512_store_si512(out, *n);
    for (; lanes; lanes &= lanes - 1) {
        const int i = __builtin_ctz(lanes);
        out[i] = (int16_t)word_noise(before[i / 4], word[i / 4], i % 4, drawn, table);
    }
    *n = _mm512_load_si512(out);
}

static inline void noise(uint64_t *lfsr, int chains, const struct lookup *t, int drawn,
                         int16_t *buf) {
    for (int group = 0; group < GLB_BLOCK / chains; group += 8) {
        __m512i s = _mm512_loadu_si512(lfsr + group);
        for (int quad = 0; quad < chains; quad += 4, buf += 32) {
            const __m512i y = step(s);
            /* Both 32 more than Z + V[4:0], so that the sum is positive as an unsigned number. */
            const __m512i low =
                _mm512_ternarylogic_epi64(y, _mm512_set1_epi16(31), _mm512_set1_epi16(32), AND_OR);
            const __m512i z = _mm512_add_epi16(entries(t, y), low);
            const __m512i plus = _mm512_sub_epi16(_mm512_srli_epi16(z, 5), _mm512_set1_epi16(1));
            __m512i n = _mm512_xor_si512(plus, _mm512_srai_epi16(y, 15));
            const uint32_t rare = _mm512_testn_epi16_mask(y, _mm512_set1_epi16(0x7ff8));
            if (__builtin_expect(rare != 0, 0))
                noise_tail(s, y, rare, drawn + quad, t->table, &n);
            _mm512_store_si512(buf, _mm512_add_epi16(_mm512_load_si512(buf), n));
            s = y;
        }
        _mm512_storeu_si512(lfsr + group, s);
    }
}

static inline void skip(uint64_t *lfsr, int chains) {
    for (int i = 0; i < GLB_BLOCK / chains; i += 8) {
        __m512i s = _mm512_loadu_si512(lfsr + i);
        for (int k = 0; k < chains; k += 4)
            s = step(s);
        _mm512_storeu_si512(lfsr + i, s);
    }
}

#define GLB_KERNEL glb_emu_kernel_avx512
#include "emulator/kernel_body.h"

/* ---- counting ---- */

static inline void pack(int chains, const uint8_t *in, uint8_t *out) {
    const __m512i quads =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
    const __m512i pairs =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15));
    __m512i x = _mm512_load_si512(in), t;
    if (chains == 16) { /* a board's four nibbles side by side */
        x = _mm512_shuffle_epi8(x, quads);
        t = _mm512_and_si512(_mm512_xor_si512(x, _mm512_srli_epi32(x, 12)),
                             _mm512_set1_epi32(0xf0f0));
        x = _mm512_ternarylogic_epi64(x, t, _mm512_slli_epi32(t, 12), XOR3);
    } else if (chains == 8) {
        x = _mm512_shuffle_epi8(x, pairs);
        t = _mm512_and_si512(_mm512_xor_si512(x, _mm512_srli_epi16(x, 4)), _mm512_set1_epi16(0xf0));
        x = _mm512_ternarylogic_epi64(x, t, _mm512_slli_epi16(t, 4), XOR3);
    }
    _mm512_store_si512(out, x);
}

static inline void add_agreeing(uint16_t *sum, __m512i agree, __m512i keep, __m512i flip) {
    const __m512i old = _mm512_and_si512(_mm512_load_si512(sum), keep);
    _mm512_store_si512(sum, _mm512_add_epi16(old, _mm512_xor_si512(agree, flip)));
}

static inline void count_run(const uint8_t *own, const uint32_t *arriving, uint32_t n,
                             const uint8_t *packed, uint16_t *sum, int chains, uint16_t keep,
                             uint16_t flip) {
    const __m512i bits =
        _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4));
    const __m512i nibble = _mm512_set1_epi8(15), byte = _mm512_set1_epi16(255);
    const __m512i k = _mm512_set1_epi16((short)keep), f = _mm512_set1_epi16((short)flip);
    const __m512i other = _mm512_xor_si512(_mm512_load_si512(own), _mm512_set1_epi8(-1));
    for (; n > 0; n--, arriving++, sum += GLB_BLOCK / chains) {
        const __m512i x = _mm512_xor_si512(other, load(packed, *arriving));
        const __m512i a = _mm512_shuffle_epi8(bits, _mm512_and_si512(x, nibble));
        const __m512i b =
            _mm512_shuffle_epi8(bits, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble));
        if (chains == 4) {
            add_agreeing(sum, _mm512_and_si512(a, byte), k, f);
            add_agreeing(sum + 32, _mm512_and_si512(b, byte), k, f);
            add_agreeing(sum + 64, _mm512_srli_epi16(a, 8), k, f);
            add_agreeing(sum + 96, _mm512_srli_epi16(b, 8), k, f);
        } else if (chains == 8) {
            const __m512i both = _mm512_add_epi8(a, b);
            add_agreeing(sum, _mm512_and_si512(both, byte), k, f);
            add_agreeing(sum + 32, _mm512_srli_epi16(both, 8), k, f);
        } else {
            const __m512i both = _mm512_add_epi8(a, b);
            add_agreeing(sum, _mm512_maddubs_epi16(both, _mm512_set1_epi8(1)), k, f);
        }
    }
}

#define GLB_COUNTER glb_emu_counter_avx512
#include "emulator/count_body.h"
#endif
