/* Emulator kernel with AVX2: a slot is two registers, table entries are gathered.
 * SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>

#include "emulator/kernel.h"
#include "emulator/noise_tail.h"

enum { GROUPS = GLB_BLOCK / 16 };

static inline __m256i load(const void *p) {
    return _mm256_loadu_si256(p);
}

static inline void add3(__m256i a, __m256i b, __m256i c, __m256i *sum, __m256i *carry) {
    const __m256i x = _mm256_xor_si256(a, b);
    *sum = _mm256_xor_si256(x, c);
    *carry = _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(x, c));
}

static inline uint8_t *counters(uint8_t *page, const uint32_t *o, uint32_t n, uint8_t *out) {
    for (; n > 0; n--, o += 7, out += 3 * GLB_SLOT_BYTES)
        for (int h = 0; h < GLB_SLOT_BYTES; h += 32) {
            const uint8_t *q = page + h;
            __m256i s1, s2, s3, c1, c2, c3, d1, d2;
            add3(load(q + o[0]), load(q + o[1]), load(q + o[2]), &s1, &c1);
            add3(load(q + o[3]), load(q + o[4]), load(q + o[5]), &s2, &c2);
            add3(s1, s2, load(q + o[6]), &s3, &c3);
            add3(c1, c2, c3, &d1, &d2);
            _mm256_storeu_si256((__m256i *)(out + h), s3);
            _mm256_storeu_si256((__m256i *)(out + h + GLB_SLOT_BYTES), d1);
            _mm256_storeu_si256((__m256i *)(out + h + 2 * GLB_SLOT_BYTES), d2);
        }
    return out;
}

static inline void adders(uint8_t *page, const uint32_t *o, uint32_t n, uint8_t *out) {
    for (; n > 0; n--, o += 3, out += 2 * GLB_SLOT_BYTES)
        for (int h = 0; h < GLB_SLOT_BYTES; h += 32) {
            const uint8_t *q = page + h;
            __m256i sum, carry;
            add3(load(q + o[0]), load(q + o[1]), load(q + o[2]), &sum, &carry);
            _mm256_storeu_si256((__m256i *)(out + h), sum);
            _mm256_storeu_si256((__m256i *)(out + h + GLB_SLOT_BYTES), carry);
        }
}

/* Top plane first: number = 2 number + bit, the bit spread over a lane as 0 or -1. */
static inline void planes(const uint8_t *page, const struct glb_emu_step *s, const uint32_t *o,
                          int16_t *buf) {
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                          8192, 16384, (short)0x8000);
    const __m128i shift = _mm_cvtsi32_si128(s->plane);
    for (int g = 0; g < GROUPS; g++) {
        __m256i *const to = (__m256i *)(buf + 16 * g);
        __m256i x = _mm256_setzero_si256();
        for (int p = s->nplanes - 1; p >= 0; p--) {
            const __m256i all = _mm256_set1_epi16(((const int16_t *)(page + o[p]))[g]);
            const __m256i set = _mm256_cmpeq_epi16(_mm256_and_si256(all, bit), bit);
            x = _mm256_sub_epi16(_mm256_add_epi16(x, x), set);
        }
        _mm256_store_si256(to, _mm256_add_epi16(_mm256_load_si256(to), _mm256_sll_epi16(x, shift)));
    }
}

static inline void signs(const int16_t *buf, int shift, uint8_t *page, uint32_t dst) {
    uint32_t *out = (uint32_t *)(page + dst);
    const __m128i by = _mm_cvtsi32_si128(shift);
    for (int g = 0; g < GROUPS / 2; g++) {
        const __m256i a = _mm256_sll_epi16(load(buf + 32 * g), by);
        const __m256i b = _mm256_sll_epi16(load(buf + 32 * g + 16), by);
        const __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xd8);
        const uint32_t negative = (uint32_t)_mm256_movemask_epi8(both);
        out[g] = ~negative;
        out[GROUPS / 2 + g] = negative;
    }
}

static inline __m256i step(__m256i s) {
    const __m256i a =
        _mm256_xor_si256(_mm256_xor_si256(s, _mm256_srli_epi64(s, 9)),
                         _mm256_xor_si256(_mm256_srli_epi64(s, 19), _mm256_srli_epi64(s, 31)));
    return _mm256_xor_si256(_mm256_xor_si256(a, _mm256_slli_epi64(a, 55)),
                            _mm256_xor_si256(_mm256_slli_epi64(a, 45), _mm256_slli_epi64(a, 33)));
}

/* n of eight words r, 32 bits each, that do not lie in the tail; table as 32-bit numbers. */
static inline __m256i noise8(const int32_t *table, __m256i r) {
    const __m256i v = _mm256_and_si256(r, _mm256_set1_epi32(0x7fff));
    const __m256i i0 = _mm256_srli_epi32(v, 6);
    const __m256i i1 = _mm256_add_epi32(_mm256_srli_epi32(v, 4), _mm256_set1_epi32(512));
    const __m256i i2 = _mm256_add_epi32(v, _mm256_set1_epi32(640));
    const __m256i i = _mm256_blendv_epi8(
        i0, _mm256_blendv_epi8(i1, i2, _mm256_cmpgt_epi32(_mm256_set1_epi32(0x80), v)),
        _mm256_cmpgt_epi32(_mm256_set1_epi32(0x800), v));
    const __m256i z = _mm256_i32gather_epi32(table, i, 4);
    const __m256i low = _mm256_and_si256(r, _mm256_set1_epi32(31));
    return _mm256_xor_si256(_mm256_srai_epi32(_mm256_add_epi32(z, low), 5),
                            _mm256_srai_epi32(_mm256_slli_epi32(r, 16), 31));
}

static void noise_tail(__m256i s, __m256i y, uint32_t bytes, int drawn, const int16_t table[1024],
                       int16_t *n) {
    _Alignas(32) uint64_t before[4], word[4];
    _mm256_store_si256((__m256i *)before, s);
    _mm256_store_si256((__m256i *)word, y);
    for (bytes &= 0x55555555; bytes; bytes &= bytes - 1) {
        const int i = __builtin_ctz(bytes) / 2;
        n[i] = (int16_t)word_noise(before[i / 4], word[i / 4], i % 4, drawn, table);
    }
}

struct lookup {
    int32_t wide[768]; /* for gathers */
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    for (int i = 0; i < 768; i++)
        t->wide[i] = table[i];
    t->table = table;
}

static inline void noise(uint64_t *lfsr, int chains, const struct lookup *t, int drawn,
                         int16_t *buf) {
    _Alignas(32) int16_t n[16];
    for (int group = 0; group < GLB_BLOCK / chains; group += 8)
        for (int quad = 0; quad < chains; quad += 4)
            for (int half = 0; half < 8; half += 4, buf += 16) {
                const __m256i s = load(lfsr + group + half), y = step(s);
                const __m256i even =
                    noise8(t->wide, _mm256_and_si256(y, _mm256_set1_epi32(0xffff)));
                const __m256i odd = noise8(t->wide, _mm256_srli_epi32(y, 16));
                const __m256i both = _mm256_blend_epi16(even, _mm256_slli_epi32(odd, 16), 0xaa);
                const __m256i tail = _mm256_cmpeq_epi16(
                    _mm256_and_si256(y, _mm256_set1_epi16(0x7ff8)), _mm256_setzero_si256());
                const uint32_t rare = (uint32_t)_mm256_movemask_epi8(tail);
                _mm256_store_si256((__m256i *)n, both);
                if (__builtin_expect(rare != 0, 0))
                    noise_tail(s, y, rare, drawn + quad, t->table, n);
                __m256i *to = (__m256i *)buf;
                _mm256_store_si256(
                    to, _mm256_add_epi16(_mm256_load_si256(to), _mm256_load_si256((__m256i *)n)));
                _mm256_storeu_si256((__m256i *)(lfsr + group + half), y);
            }
}

static inline void skip(uint64_t *lfsr, int chains) {
    for (int i = 0; i < GLB_BLOCK / chains; i += 4) {
        __m256i s = load(lfsr + i);
        for (int k = 0; k < chains; k += 4)
            s = step(s);
        _mm256_storeu_si256((__m256i *)(lfsr + i), s);
    }
}

#define GLB_KERNEL glb_emu_kernel_avx2
#include "emulator/kernel_body.h"

/* ---- counting ---- */

static inline void pack(int chains, const uint8_t *in, uint8_t *out) {
    const __m256i quads = _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0,
                                           4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
    const __m256i pairs = _mm256_setr_epi8(0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15, 0,
                                           4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
    for (int h = 0; h < GLB_SLOT_BYTES; h += 32) {
        __m256i x = load(in + h), t;
        if (chains == 16) { /* a board's four nibbles side by side */
            x = _mm256_shuffle_epi8(x, quads);
            t = _mm256_and_si256(_mm256_xor_si256(x, _mm256_srli_epi32(x, 12)),
                                 _mm256_set1_epi32(0xf0f0));
            x = _mm256_xor_si256(x, _mm256_xor_si256(t, _mm256_slli_epi32(t, 12)));
        } else if (chains == 8) {
            x = _mm256_shuffle_epi8(x, pairs);
            t = _mm256_and_si256(_mm256_xor_si256(x, _mm256_srli_epi16(x, 4)),
                                 _mm256_set1_epi16(0xf0));
            x = _mm256_xor_si256(x, _mm256_xor_si256(t, _mm256_slli_epi16(t, 4)));
        }
        _mm256_storeu_si256((__m256i *)(out + h), x);
    }
}

static inline void add_agreeing(uint16_t *sum, __m256i agree, __m256i keep, __m256i flip) {
    const __m256i old = _mm256_and_si256(load(sum), keep);
    _mm256_storeu_si256((__m256i *)sum, _mm256_add_epi16(old, _mm256_xor_si256(agree, flip)));
}

static inline void count_run(const uint8_t *own, const uint32_t *arriving, uint32_t n,
                             const uint8_t *packed, uint16_t *sum, int chains, uint16_t keep,
                             uint16_t flip) {
    const __m256i bits = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1,
                                          2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i nibble = _mm256_set1_epi8(15), byte = _mm256_set1_epi16(255);
    const __m256i k = _mm256_set1_epi16((short)keep), f = _mm256_set1_epi16((short)flip);
    const __m256i other[] = {_mm256_xor_si256(load(own), _mm256_set1_epi8(-1)),
                             _mm256_xor_si256(load(own + 32), _mm256_set1_epi8(-1))};
    for (; n > 0; n--, arriving++, sum += GLB_BLOCK / chains)
        for (int h = 0; h < 2; h++) {
            const __m256i x = _mm256_xor_si256(other[h], load(packed + *arriving + 32 * h));
            const __m256i a = _mm256_shuffle_epi8(bits, _mm256_and_si256(x, nibble));
            const __m256i b =
                _mm256_shuffle_epi8(bits, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble));
            uint16_t *const to = sum + 16 * h;
            if (chains == 4) {
                add_agreeing(to, _mm256_and_si256(a, byte), k, f);
                add_agreeing(to + 32, _mm256_and_si256(b, byte), k, f);
                add_agreeing(to + 64, _mm256_srli_epi16(a, 8), k, f);
                add_agreeing(to + 96, _mm256_srli_epi16(b, 8), k, f);
            } else if (chains == 8) {
                const __m256i both = _mm256_add_epi8(a, b);
                add_agreeing(to, _mm256_and_si256(both, byte), k, f);
                add_agreeing(to + 32, _mm256_srli_epi16(both, 8), k, f);
            } else {
                const __m256i both = _mm256_add_epi8(a, b);
                add_agreeing(to, _mm256_maddubs_epi16(both, _mm256_set1_epi8(1)), k, f);
            }
        }
}

#define GLB_COUNTER glb_emu_counter_avx2
#include "emulator/count_body.h"
#endif
