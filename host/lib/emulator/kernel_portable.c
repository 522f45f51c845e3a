/* Emulator kernel in plain C, 64 chains a word. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/kernel.h"
#include "emulator/noise_tail.h"

enum { WORDS = GLB_BLOCK / 64 };

static void add3(uint64_t a, uint64_t b, uint64_t c, uint64_t *sum, uint64_t *carry) {
    const uint64_t x = a ^ b;
    *sum = x ^ c;
    *carry = (a & b) | (x & c);
}

static uint8_t *counters(uint8_t *page, const uint32_t *offset, uint32_t n, uint8_t *out) {
    for (; n > 0; n--, offset += 7, out += 3 * GLB_SLOT_BYTES) {
        const uint64_t *in[7];
        uint64_t *o = (uint64_t *)out;
        for (int i = 0; i < 7; i++)
            in[i] = (const uint64_t *)(page + offset[i]);
        for (int w = 0; w < WORDS; w++) {
            uint64_t s1, s2, c1, c2, c3;
            add3(in[0][w], in[1][w], in[2][w], &s1, &c1);
            add3(in[3][w], in[4][w], in[5][w], &s2, &c2);
            add3(s1, s2, in[6][w], &o[w], &c3);
            add3(c1, c2, c3, &o[WORDS + w], &o[2 * WORDS + w]);
        }
    }
    return out;
}

static void adders(uint8_t *page, const uint32_t *offset, uint32_t n, uint8_t *out) {
    for (; n > 0; n--, offset += 3, out += 2 * GLB_SLOT_BYTES) {
        const uint64_t *a = (const uint64_t *)(page + offset[0]);
        const uint64_t *b = (const uint64_t *)(page + offset[1]);
        const uint64_t *c = (const uint64_t *)(page + offset[2]);
        uint64_t *o = (uint64_t *)out;
        for (int w = 0; w < WORDS; w++)
            add3(a[w], b[w], c[w], &o[w], &o[WORDS + w]);
    }
}

/* Bit matrix of 8 x 8, row k in byte k: transposed. */
static uint64_t transpose8(uint64_t x) {
    uint64_t t = (x ^ x >> 7) & UINT64_C(0x00aa00aa00aa00aa);
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & UINT64_C(0x0000cccc0000cccc);
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & UINT64_C(0x00000000f0f0f0f0);
    return x ^ t ^ t << 28;
}

static inline void planes(const uint8_t *page, const struct glb_emu_step *s, const uint32_t *offset,
                          int16_t *buf) {
    for (int byte = 0; byte < GLB_SLOT_BYTES; byte++, buf += 8) {
        uint64_t low = 0, high = 0;
        for (int p = 0; p < s->nplanes && p < 8; p++)
            low |= (uint64_t)page[offset[p] + (uint32_t)byte] << (8 * p);
        for (int p = 8; p < s->nplanes; p++)
            high |= (uint64_t)page[offset[p] + (uint32_t)byte] << (8 * (p - 8));
        low = transpose8(low);
        high = transpose8(high);
        for (int i = 0; i < 8; i++) {
            const int n = (int)((low >> (8 * i) & 255) | (high >> (8 * i) & 255) << 8);
            buf[i] = (int16_t)(buf[i] + (n << s->plane));
        }
    }
}

static void signs(const int16_t *buf, int shift, uint8_t *page, uint32_t dst) {
    uint64_t *o = (uint64_t *)(page + dst);
    const int top = 15 - shift;
    for (int w = 0; w < WORDS; w++) {
        uint64_t negative = 0;
        for (int i = 0; i < 64; i++)
            negative |= (uint64_t)((uint16_t)buf[64 * w + i] >> top & 1) << i;
        o[w] = ~negative;
        o[WORDS + w] = negative;
    }
}

struct lookup {
    const int16_t *table;
};

static void prepare(const int16_t table[1024], struct lookup *t) {
    t->table = table;
}

static void noise(uint64_t *lfsr, int chains, const struct lookup *t, int drawn, int16_t *buf) {
    for (int group = 0; group < GLB_BLOCK / chains; group += 8)
        for (int quad = 0; quad < chains / 4; quad++)
            for (int b = group; b < group + 8; b++, buf += 4) {
                const uint64_t s = lfsr[b], y = step64(s);
                lfsr[b] = y;
                for (int j = 0; j < 4; j++)
                    buf[j] = (int16_t)(buf[j] + word_noise(s, y, j, drawn + 4 * quad, t->table));
            }
}

static void skip(uint64_t *lfsr, int chains) {
    for (int i = 0; i < GLB_BLOCK / chains; i++)
        for (int k = 0; k < chains; k += 4)
            lfsr[i] = step64(lfsr[i]);
}

#define GLB_KERNEL glb_emu_kernel_portable
#include "emulator/kernel_body.h"

/* ---- counting ---- */

static void pack(int chains, const uint8_t *in, uint8_t *out) {
    glb_from_kernel(chains, (const uint64_t *)in, (uint64_t *)out);
}

static inline void count_run(const uint8_t *own, const uint32_t *arriving, uint32_t n,
                             const uint8_t *packed, uint16_t *sum, int chains, uint16_t keep,
                             uint16_t flip) {
    enum { PARTS = GLB_SLOT_BYTES / 2 };
    const uint16_t mask = (uint16_t)((1u << chains) - 1);
    uint16_t o[PARTS], x[PARTS];
    memcpy(o, own, sizeof o);
    for (; n > 0; n--, arriving++) {
        memcpy(x, packed + *arriving, sizeof x);
        for (int i = 0; i < PARTS; i++) {
            unsigned agree = ~(o[i] ^ x[i]) & 0xffffu;
            agree -= agree >> 1 & 0x5555;
            agree = (agree & 0x3333) + (agree >> 2 & 0x3333); /* of four chains each */
            if (chains > 4)
                agree = (agree + (agree >> 4)) & 0x0f0f;
            if (chains > 8)
                agree = (agree + (agree >> 8)) & 0x1f;
            x[i] = (uint16_t)agree;
        }
        for (int k = 0; k < 16; k += chains, sum += PARTS)
            for (int i = 0; i < PARTS; i++)
                sum[i] = (uint16_t)((sum[i] & keep) + ((x[i] >> k & mask) ^ flip));
    }
}

#define GLB_COUNTER glb_emu_counter_portable
#include "emulator/count_body.h"
