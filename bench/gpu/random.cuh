// Random numbers of the GPU kernels: Philox 4x32-10 (Salmon et al. 2011), counter based, for the
// obvious kernel and for seeds; xoshiro128+ (Blackman and Vigna), four registers a thread, for the
// tuned ones. SPDX-License-Identifier: Apache-2.0
#pragma once
#include "device.h"

static inline __device__ uint4 philox(uint4 counter, uint2 key) {
    for (int round = 0; round < 10; round++) {
        const uint64_t p = (uint64_t)0xd2511f53u * counter.x, q = (uint64_t)0xcd9e8d57u * counter.z;
        counter = make_uint4((uint32_t)(q >> 32) ^ counter.y ^ key.x, (uint32_t)q,
                             (uint32_t)(p >> 32) ^ counter.w ^ key.y, (uint32_t)p);
        key.x += 0x9e3779b9u;
        key.y += 0xbb67ae85u;
    }
    return counter;
}

struct Xoshiro {
    uint32_t a, b, c, d;
};

// Every thread of every launch has its own stream: seed differs between launches, thread within
// one.
static inline __device__ Xoshiro xoshiro_seeded(uint64_t seed, uint32_t thread) {
    const uint4 s = philox(make_uint4(thread, 0, 0, 0x73656564u),
                           make_uint2((uint32_t)seed, (uint32_t)(seed >> 32)));
    return {s.x, s.y, s.z, s.w | 1}; // all zero would stay zero
}

static inline __device__ uint32_t xoshiro_next(Xoshiro &s) {
    const uint32_t out = s.a + s.d, t = s.b << 9;
    s.c ^= s.a;
    s.d ^= s.b;
    s.b ^= s.c;
    s.a ^= s.d;
    s.c ^= t;
    s.d = s.d << 11 | s.d >> 21;
    return out;
}

// The upper 23 bits (the low ones of xoshiro128+ are weaker) as (k + 1/2) / 2^23: never 0, never 1.
static inline __device__ float uniform(uint32_t bits) {
    return __uint_as_float(0x3f800000u | bits >> 9) - (1.0f - 0x1p-24f);
}

// 2^x and log2(x) of the special function unit.
static inline __device__ float fast_exp2(float x) {
#ifdef __CUDA_ARCH__
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#else
    return exp2f(x);
#endif
}

static inline __device__ float fast_log2(float x) {
#ifdef __CUDA_ARCH__
    float y;
    asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#else
    return log2f(x);
#endif
}
