/* Emulator kernel in plain C: a slot is eight 64-bit words. SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "emulator/kernels/kernel.h"
#include "emulator/kernels/noise_tail.h"
#include "emulator/kernels/words.h"

enum { ROWS = 8, WORDS = GLB_SLOT_BYTES / 8 };

/* ---- noise ---- */

struct lookup {
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    t->table = table;
}

static void noise_rows(int chains, const struct glb_emu_row *z, int rows,
                       const struct glb_emu_machine *m, const struct lookup *t) {
    for (const struct glb_emu_row *end = z + rows; z < end; z++)
        for (int j = 0; j < 8; j++) {
            if (!(z->active >> j & 1))
                continue;
            uint64_t *const lfsr = m->lfsr + 8 * (size_t)z->octet + j, s = *lfsr;
            uint8_t *const drawn = m->drawn + 8 * (size_t)z->octet + j;
            int16_t *const n = (int16_t *)(m->noise + z->to[j]);
            for (int q = 0; q < chains; q += 4) {
                const uint64_t y = step64(s);
                for (int k = 0; k < 4 && z->used >> j & 1; k++)
                    n[q + k] = (int16_t)word_noise(s, y, k, *drawn + q, t->table);
                s = y;
            }
            *lfsr = s;
            *drawn = (uint8_t)(*drawn + chains < 64 ? *drawn + chains : 64);
        }
}

/* ---- sums ---- */

INLINE void add3(uint64_t a, uint64_t b, uint64_t c, uint64_t *sum, uint64_t *carry) {
    const uint64_t x = a ^ b;
    *sum = x ^ c;
    *carry = (a & b) | (x & c);
}

INLINE void count7(const uint64_t *x, word64 *out) {
    uint64_t s1, s2, s3, c1, c2, c3, d1, d2;
    add3(x[0], x[1], x[2], &s1, &c1);
    add3(x[3], x[4], x[5], &s2, &c2);
    add3(s1, s2, x[6], &s3, &c3);
    add3(c1, c2, c3, &d1, &d2);
    out[0] = s3;
    out[WORDS] = d1;
    out[2 * WORDS] = d2;
}

INLINE void count3(const uint64_t *x, word64 *out) {
    uint64_t sum, carry;
    add3(x[0], x[1], x[2], &sum, &carry);
    out[0] = sum;
    out[WORDS] = carry;
}

/* Word w of a slot. */
INLINE uint64_t word_of(const uint8_t *page, uint32_t offset, int w) {
    return ((const word64 *)(page + offset))[w];
}

/* Its parts whose bit is set in mask. */
INLINE uint64_t some(const uint8_t *page, uint32_t offset, uint32_t mask, int w) {
    const uint64_t bits = mask >> (4 * w) & 15; /* to bits 0, 16, 32, 48 */
    const uint64_t spread = (bits * UINT64_C(0x0000200040008001)) & UINT64_C(0x0001000100010001);
    return word_of(page, offset, w) & spread * 0xffff;
}

/* All of a group's adders; returns the planes' offsets. */
static const uint32_t *add_up(const uint8_t *page, const struct glb_emu_group *g, const uint32_t *o,
                              word64 *out) {
    uint64_t x[7];
    for (uint32_t n = g->m7; n > 0; n--, o += 14, out += 3 * WORDS)
        for (int w = 0; w < WORDS; w++) {
#pragma GCC unroll 7
            for (int i = 0; i < 7; i++)
                x[i] = some(page, o[i], o[7 + i], w);
            count7(x, out + w);
        }
    for (uint32_t n = g->m3; n > 0; n--, o += 6, out += 2 * WORDS)
        for (int w = 0; w < WORDS; w++) {
#pragma GCC unroll 3
            for (int i = 0; i < 3; i++)
                x[i] = some(page, o[i], o[3 + i], w);
            count3(x, out + w);
        }
    for (uint32_t n = g->m1; n > 0; n--, o += 2, out += WORDS)
        for (int w = 0; w < WORDS; w++)
            out[w] = some(page, o[0], o[1], w);
    for (uint32_t n = g->n7; n > 0; n--, o += 7, out += 3 * WORDS)
        for (int w = 0; w < WORDS; w++) {
#pragma GCC unroll 7
            for (int i = 0; i < 7; i++)
                x[i] = word_of(page, o[i], w);
            count7(x, out + w);
        }
    for (uint32_t n = g->n3; n > 0; n--, o += 3, out += 2 * WORDS)
        for (int w = 0; w < WORDS; w++) {
#pragma GCC unroll 3
            for (int i = 0; i < 3; i++)
                x[i] = word_of(page, o[i], w);
            count3(x, out + w);
        }
    return o;
}

/* ---- groups ---- */

/* Bit matrix of 8 x 8, row k in byte k: transposed. */
static uint64_t transpose8(uint64_t x) {
    uint64_t t = (x ^ x >> 7) & UINT64_C(0x00aa00aa00aa00aa);
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & UINT64_C(0x0000cccc0000cccc);
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & UINT64_C(0x00000000f0f0f0f0);
    return x ^ t ^ t << 28;
}

/* The numbers of eight neighbouring bits of the planes. */
INLINE void planes8(const uint8_t *at, const uint32_t *plane, int n, int16_t *x) {
    uint64_t low = 0, high = 0;
    for (int p = 0; p < n && p < 8; p++)
        low |= (uint64_t)at[plane[p]] << (8 * p);
    low = transpose8(low);
    for (int i = 0; i < 8; i++)
        x[i] = (int16_t)(low >> (8 * i) & 255);
    if (n <= 8)
        return;
    for (int p = 8; p < n; p++)
        high |= (uint64_t)at[plane[p]] << (8 * (p - 8));
    high = transpose8(high);
    for (int i = 0; i < 8; i++)
        x[i] = (int16_t)(x[i] + (int)(high >> (8 * i) & 255) * 256);
}

INLINE void run_group(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                      const struct glb_emu_group *g, int parts) {
    static const int16_t silence[GLB_SLOT_PARTS * 16];
    const uint32_t *o = p->data + g->data;
    const int16_t *const noise =
        g->noise == GLB_NO_NOISE ? silence : (const int16_t *)(m->noise + g->noise);
    const uint16_t factor = (uint16_t)((unsigned)g->factor << g->plane);
    const int top = p->acc - 1;
    word64 *out = (word64 *)(m->page + p->scratch);
    uint8_t negative[GLB_MOST_RESULTS][GLB_SLOT_BYTES];
    for (uint32_t n = parts < 32 ? g->nreads : 0; n > 0; n--, out += WORDS)
        o = gather_words(m->page, o, parts, p->wide, out);
    o = add_up(m->page, g, o, out);
    for (int byte = 0; byte < GLB_SLOT_BYTES; byte++) {
        const int bias = g->bias[byte / 2 / parts];
        int16_t x[8];
        planes8(m->page + byte, o, g->nplanes, x);
        for (int i = 0; i < 8; i++)
            x[i] = (int16_t)((unsigned)x[i] * factor + (unsigned)(bias + noise[8 * byte + i]));
        for (int s = 0; s < g->results; s++) {
            unsigned bits = 0;
            for (int i = 0; i < 8; i++)
                bits |= ((unsigned)x[i] >> top & 1) << i;
            negative[s][byte] = (uint8_t)bits;
            for (int i = 0; i < 8 && g->results > 1; i++)
                x[i] = (int16_t)(x[i] * 2);
        }
    }
    o += g->nplanes;
    for (int s = 0; s < g->results; s++, o += 32 / parts)
        for (int i = 0; i < GLB_SLOT_PARTS / 2; i++)
            scatter_word(m->page, o, parts, i, ((const word32 *)negative[s])[i]);
}

/* ---- updates for themselves ---- */

INLINE void run_unit(const struct glb_emu_plan *p, const struct glb_emu_machine *m,
                     const struct glb_emu_unit *u, const struct glb_emu_unit_stage *stage,
                     const struct glb_emu_unit_read *read, int parts) {
    const struct glb_emu_unit_read *const start = read;
    for (int k = 0; k < parts; k++, read = start) {
        const uint8_t *noise = m->noise + u->noise + 32 * k;
        int16_t sum[16] = {0};
        for (const struct glb_emu_unit_stage *s = stage, *end = s + u->stages; s < end; s++) {
            for (uint32_t r = 0; r < s->reads; r++, read++) {
                const unsigned bits = *(const word16 *)(m->page + read->from + 2 * k);
                for (int i = 0; i < 16; i++)
                    sum[i] = (int16_t)(sum[i] + (read->weight & -(int)(bits >> i & 1)));
            }
            for (int z = 0; z < s->noise; z++, noise += 32 * parts)
                for (int i = 0; i < 16; i++)
                    sum[i] = (int16_t)(sum[i] + ((const int16_t *)noise)[i]);
            unsigned negative = 0;
            for (int i = 0; i < 16; i++) {
                sum[i] = (int16_t)(s->dbl ? sum[i] * 2 : sum[i] + s->bias);
                negative |= ((unsigned)sum[i] >> (p->acc - 1) & 1) << i;
            }
            if (!s->we)
                continue;
            word16 *const to = (word16 *)(m->page + s->to + 2 * k);
            to[0] = (uint16_t)~negative;
            to[parts] = (uint16_t)negative;
        }
    }
}

#define GLB_KERNEL glb_emu_kernel_portable
#include "emulator/kernels/plan_loop.h"
