/* Noise of the array: table Q, a beta step's table, seed expansion, one noise word.
 * SPDX-License-Identifier: Apache-2.0 */
#include "array/noise.h"

#include <math.h>
#include <pthread.h>

static uint32_t q_table[1024];
static pthread_once_t q_once = PTHREAD_ONCE_INIT;

static long double q_point(int i) {
    if (i < 512)
        return (i + 0.5L) / 512;
    if (i < 640)
        return (i - 512 + 0.5L) / 2048;
    if (i < 768)
        return (i - 640 + 0.5L) / 32768;
    const int c = (i - 768) >> 2, m = (i - 768) & 3;
    return ldexpl(1 + (m + 0.5L) / 4, -13 - c);
}

static void q_make(void) {
    for (int i = 0; i < 896; i++)
        q_table[i] = (uint32_t)roundl(8192 * logl(2 / q_point(i) - 1));
}

const uint32_t *glb_noise_q(void) {
    pthread_once(&q_once, q_make);
    return q_table;
}

void glb_noise_table(uint32_t k, int acc, int16_t table[1024]) {
    const uint32_t *q = glb_noise_q();
    const uint64_t zmax = acc >= 12 ? 32767 : (1u << (acc + 3)) - 1;
    for (int i = 0; i < 1024; i++) {
        const uint64_t z = ((uint64_t)q[i] * k + (1u << 23)) >> 24;
        table[i] = (int16_t)((int)(z < zmax ? z : zmax) - 16);
    }
}

static uint32_t rotl32(uint32_t x, int n) {
    return x << n | x >> (32 - n);
}

static uint32_t seed_next(uint32_t *a, uint32_t *b) {
    const uint32_t out = *a + *b;
    *b ^= *a;
    *a = rotl32(*a, 26) ^ *b ^ *b << 9;
    *b = rotl32(*b, 13);
    return out;
}

void glb_noise_seed(uint64_t seed, int lfsrs, uint64_t *lfsr) {
    uint32_t a = (uint32_t)seed ^ 0x243f6a88u, b = (uint32_t)(seed >> 32) ^ 0x85a308d3u;
    if (a == 0 && b == 0)
        a = 1;
    for (int i = 0; i < 64; i++)
        seed_next(&a, &b);
    for (int i = 0; i < lfsrs; i++) {
        const uint64_t low = seed_next(&a, &b);
        lfsr[i] = low | (uint64_t)seed_next(&a, &b) << 32;
        if (lfsr[i] == 0)
            lfsr[i] = 1;
    }
}

int glb_noise_word(uint64_t *lfsr, uint8_t *tail, const int16_t table[1024]) {
    const uint64_t s = *lfsr;
    const int r = (int)((s ^ s >> 9 ^ s >> 19 ^ s >> 31) & 0xffff), c = *tail;
    *lfsr = (uint64_t)r << 48 | s >> 16;
    *tail = r & 1 ? 0 : (uint8_t)(c < 31 ? c + 1 : 31);
    const int v = r & 0x7fff;
    return glb_noise_value(r, table[GLB_NOISE_INDEX(v, c)]);
}
