/* SHA-256 as FIPS 180-4 defines it, section 6.2. SPDX-License-Identifier: Apache-2.0 */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static const uint32_t constant[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t right(uint32_t x, int n) {
    return x >> n | x << (32 - n);
}

static void take_block(struct glb_sha256 *s) {
    uint32_t w[64], v[8];
    for (int t = 0; t < 16; t++) {
        const uint8_t *b = s->block + 4 * t;
        w[t] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    }
    for (int t = 16; t < 64; t++) {
        const uint32_t a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[t - 7] +
               (right(b, 17) ^ right(b, 19) ^ b >> 10);
    }
    memcpy(v, s->h, sizeof v); /* a .. h */
    for (int t = 0; t < 64; t++) {
        const uint32_t choose = (v[4] & v[5]) ^ (~v[4] & v[6]);
        const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        const uint32_t t1 = v[7] + (right(v[4], 6) ^ right(v[4], 11) ^ right(v[4], 25)) + choose +
                            constant[t] + w[t];
        const uint32_t t2 = (right(v[0], 2) ^ right(v[0], 13) ^ right(v[0], 22)) + majority;
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int k = 0; k < 8; k++)
        s->h[k] += v[k];
}

void glb_sha256_begin(struct glb_sha256 *s) {
    memcpy(s->h, start, sizeof s->h);
    s->bytes = 0;
}

void glb_sha256_add(struct glb_sha256 *s, const void *data, size_t size) {
    const uint8_t *from = data;
    while (size > 0) {
        const size_t at = (size_t)(s->bytes % 64), n = size < 64 - at ? size : 64 - at;
        memcpy(s->block + at, from, n);
        s->bytes += n;
        from += n;
        size -= n;
        if (s->bytes % 64 == 0)
            take_block(s);
    }
}

void glb_sha256_end(struct glb_sha256 *s, char text[GLB_SHA256_TEXT]) {
    static const uint8_t one = 0x80, zero = 0;
    const uint64_t bits = s->bytes * 8;
    uint8_t length[8];
    for (int k = 0; k < 8; k++)
        length[k] = (uint8_t)(bits >> (56 - 8 * k));
    glb_sha256_add(s, &one, 1);
    while (s->bytes % 64 != 56)
        glb_sha256_add(s, &zero, 1);
    glb_sha256_add(s, length, sizeof length);
    for (int k = 0; k < 8; k++)
        snprintf(text + 8 * k, 9, "%08x", (unsigned)s->h[k]);
}
