/* Emulator kernel with AVX-512 F, BW, VL: table entries by permutations of 16-bit numbers.
 * SPDX-License-Identifier: Apache-2.0 */
#if defined(__x86_64__)
#include <immintrin.h>
#include <stdint.h>

enum { XOR3 = 0x96, MAJORITY = 0xe8, AND_OR = 0xea };

struct lookup {
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    t->table = table;
}

/* Of 64 entries from `first` on; only the index's low six bits count. */
static inline __m512i look(const struct lookup *t, int first, __m512i index) {
    return _mm512_permutex2var_epi16(_mm512_load_si512(t->table + first), index,
                                     _mm512_load_si512(t->table + first + 32));
}

static inline __m512i pick(__m512i r, int bit, __m512i zero, __m512i one) {
    return _mm512_mask_blend_epi16(_mm512_test_epi16_mask(r, _mm512_set1_epi16((short)(1 << bit))),
                                   zero, one);
}

static inline __m512i pick_below(__m512i r, int high_bits, __m512i above, __m512i below) {
    return _mm512_mask_blend_epi16(_mm512_testn_epi16_mask(r, _mm512_set1_epi16((short)high_bits)),
                                   above, below);
}

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

static inline void entries2(const struct lookup *t, __m512i r0, __m512i r1, __m512i *z0,
                            __m512i *z1) {
    *z0 = entries(t, r0);
    *z1 = entries(t, r1);
}

#define GLB_KERNEL glb_emu_kernel_avx512
#include "emulator/kernels/avx512.h"
#endif
