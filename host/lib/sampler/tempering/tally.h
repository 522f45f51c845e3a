/* Counting bits of 512 chains at once: bit-sliced numbers, eight bits added in seven full adders
 * (Harley and Seal). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_SAMPLER_TEMPERING_TALLY_H
#define GLB_SAMPLER_TEMPERING_TALLY_H

#include <stdint.h>
#include <string.h>

enum { CHUNK = 8, CHUNK_CHAINS = 64 * CHUNK, TALLY_PLANES = 24 };

/* Passed by address: how a processor passes one by value depends on what it has. */
typedef uint64_t chunk __attribute__((vector_size(8 * CHUNK)));

/* Static functions with code for each kind of processor, but where ThreadSanitizer would instrument
 * the choice, and not in WebAssembly. */
#if defined(__SANITIZE_THREAD__) || defined(__EMSCRIPTEN__)
#define CHUNK_CLONES
#else
#define CHUNK_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#define CHUNK_INLINE static inline __attribute__((always_inline))

struct tally { /* numbers below 2^used */
    chunk plane[TALLY_PLANES];
    int used;
};

/* For up to `most` bits of a chain. */
CHUNK_INLINE void tally_clear(struct tally *t, int64_t most) {
    memset(t->plane, 0, sizeof t->plane);
    t->used = 3;
    while (most >> t->used && t->used < TALLY_PLANES)
        t->used++;
}

CHUNK_INLINE void tally_carry(chunk *sum, const chunk *a, const chunk *b, chunk *carry) {
    const chunk x = *sum ^ *a;
    *carry = (*sum & *a) | (x & *b);
    *sum = x ^ *b;
}

CHUNK_INLINE void tally_add8(struct tally *t, const chunk x[8]) {
    chunk two[2], four[2], eight;
    for (int h = 0; h < 2; h++) {
        tally_carry(&t->plane[0], &x[4 * h], &x[4 * h + 1], &two[0]);
        tally_carry(&t->plane[0], &x[4 * h + 2], &x[4 * h + 3], &two[1]);
        tally_carry(&t->plane[1], &two[0], &two[1], &four[h]);
    }
    tally_carry(&t->plane[2], &four[0], &four[1], &eight);
    for (int p = 3; p < t->used; p++) {
        const chunk next = t->plane[p] & eight;
        t->plane[p] ^= eight;
        eight = next;
    }
}

/* number[] += scale x what was counted. */
CHUNK_INLINE void tally_read(const struct tally *t, int64_t scale, int64_t number[CHUNK_CHAINS]) {
    for (int w = 0; w < CHUNK; w++)
        for (int p = 0; p < t->used; p++) {
            const uint64_t bits = t->plane[p][w];
            for (int c = 0; c < 64; c++)
                number[64 * w + c] += (int64_t)(bits >> c & 1) * (scale << p);
        }
}

#endif
