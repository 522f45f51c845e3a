/* Random numbers of the host: generators, trainer, tests; the array has its own noise
 * (xoshiro256**, Blackman and Vigna). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_RNG_H
#define GLB_BASE_RNG_H

#include <stdint.h>

struct glb_rng {
    uint64_t s[4];
};

/* A good mixer of 64 bits: splitmix64's finaliser. */
static inline uint64_t glb_mix64(uint64_t z) {
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* One step of splitmix64, also for seeds. */
static inline uint64_t glb_splitmix64(uint64_t *x) {
    return glb_mix64(*x += UINT64_C(0x9e3779b97f4a7c15));
}

/* One step of a linear congruential generator (Knuth's MMIX): quick choices of searches that must
 * be reproducible. Only the high bits of the result are random. */
static inline uint64_t glb_lcg(uint64_t *x) {
    return *x = *x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
}

/* The stream (tag, index) of a seed: independent of the other streams. */
static inline struct glb_rng glb_rng_at(uint64_t seed, uint64_t tag, uint64_t index) {
    uint64_t x = seed;
    struct glb_rng r;
    x = glb_splitmix64(&x) ^ tag;
    x = glb_splitmix64(&x) ^ index;
    for (int i = 0; i < 4; i++)
        r.s[i] = glb_splitmix64(&x);
    return r;
}

static inline uint64_t glb_rng_u64(struct glb_rng *r) {
    uint64_t *s = r->s, t = s[1] * 5, out = (t << 7 | t >> 57) * 9;
    t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return out;
}

/* 0 .. n-1, without bias; n > 0. */
static inline uint32_t glb_rng_below(struct glb_rng *r, uint32_t n) {
    uint64_t p = (glb_rng_u64(r) >> 32) * n;
    for (const uint32_t floor = -n % n; (uint32_t)p < floor;)
        p = (glb_rng_u64(r) >> 32) * n;
    return (uint32_t)(p >> 32);
}

/* [0, 1) */
static inline double glb_rng_unit(struct glb_rng *r) {
    return (double)(glb_rng_u64(r) >> 11) * 0x1p-53;
}

/* Normal, mean 0, variance 1. */
double glb_rng_normal(struct glb_rng *r);

#endif
