// The Gibbs samplers: m_i = +1 with probability 1 / (1 + exp(-2 beta I_i)), colour after colour.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "random.cuh"
#include "tables.h"

// ---- (a) obvious: one launch a colour, one thread a p-bit, CSR in global memory ----

static __global__ void naive(NaiveArgs a, int first, int count, uint32_t step) {
    const int k = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if (k >= count)
        return;
    const int i = a.order[first + k];
    for (int chain = (int)blockIdx.y; chain < a.chains; chain += (int)gridDim.y) {
        int8_t *const m = a.state + (size_t)chain * a.n;
        float field = a.bias[i];
        for (int e = a.row[i]; e < a.row[i + 1]; e++)
            field += a.coupling[e] * m[a.col[e]];
        const uint4 random = philox(make_uint4((uint32_t)i, (uint32_t)chain, step, 0), a.key);
        m[i] = uniform(random.x) * (1 + expf(-2 * a.beta * field)) < 1 ? 1 : -1;
    }
}

// ---- (b) single chain: persistent, states in the shared memory of every block of the cluster ----

static inline __device__ float weight(const SingleEntry &e) {
    return e.coupling;
}
static inline __device__ float weight(const SinglePacked &e) {
    return (float)e.coupling;
}

// A logistic variate times log2(e).
static inline __device__ float logistic(Xoshiro &s) {
    const float u = uniform(xoshiro_next(s));
    return fast_log2(u) - fast_log2(1 - u);
}

// TABLES: they go into shared memory too.
template <typename Entry, bool TABLES>
static __global__ void __launch_bounds__(1024, 1) single(SingleArgs a) {
    GLB_SHARED(float, state);
    const unsigned thread = threadIdx.x, threads = blockDim.x;
    const unsigned lane = thread & 31, warp = thread >> 5, rank = cluster_rank();
    const int colours = a.colours, blocks = a.blocks, warps = a.warps;
    int8_t *const mine = a.state + (size_t)(blockIdx.x / (unsigned)blocks) * a.n;
    const uint32_t *start = a.task_start + (size_t)rank * colours * warps;
    const uint32_t task0 = start[0], tasks = start[colours * warps] - task0;
    const SingleTask *task = a.task + task0;
    const SingleHead *head = a.head + (size_t)task0 * 32;
    const uint32_t entry0 = a.entry_start[rank], entries = a.entry_start[rank + 1] - entry0;
    const Entry *entry = static_cast<const Entry *>(a.entry) + entry0;

    for (int i = (int)thread; i < a.n; i += (int)threads)
        state[i] = mine[i];
    if (TABLES) { // heads and tasks are of 8 bytes, so all stays aligned
        SingleHead *const h = reinterpret_cast<SingleHead *>(state + ((a.n + 1) & ~1));
        SingleTask *const t = reinterpret_cast<SingleTask *>(h + (size_t)tasks * 32);
        Entry *const e = reinterpret_cast<Entry *>(t + tasks);
        for (uint32_t i = thread; i < tasks * 32; i += threads)
            h[i] = head[i];
        for (uint32_t i = thread; i < tasks; i += threads)
            t[i] = task[i];
        for (uint32_t i = thread; i < entries; i += threads)
            e[i] = entry[i];
        head = h;
        task = t;
        entry = e;
    }
    Xoshiro random = xoshiro_seeded(a.seed, blockIdx.x * threads + thread);
    cluster_barrier(blocks);
    for (int sweep = 0; sweep < a.sweeps; sweep++)
        for (int colour = 0; colour < colours; colour++) {
            const uint32_t end = start[colour * warps + warp + 1] - task0;
            for (uint32_t t = start[colour * warps + warp] - task0; t < end; t++) {
                const float noise = logistic(random);
                const SingleTask now = task[t];
                const SingleHead own = head[t * 32 + lane];
                const Entry *e = entry + now.first + lane;
                float field = own.bias;
                GLB_UNROLL(4)
                for (unsigned d = 0; d < now.depth; d++, e += 32)
                    field += weight(*e) * state[e->from];
                for (unsigned w = now.width / 2u; w > 0; w /= 2)
                    field += __shfl_xor_sync(0xffffffffu, field, w);
                if (own.pbit >= 0) {
                    const float m = field * a.scale + noise > 0 ? 1.0f : -1.0f;
                    state[own.pbit] = m;
                    for (int b = 1; b < blocks; b++)
                        of_block(state, (rank + (unsigned)b) % (unsigned)blocks)[own.pbit] = m;
                }
            }
            cluster_barrier(blocks);
        }
    if (rank == 0)
        for (int i = (int)thread; i < a.n; i += (int)threads)
            mine[i] = (int8_t)state[i];
}

// ---- (c) batch: a warp a p-bit, 32 K chains in K words of bits, states in shared memory ----

template <int K> struct alignas(4 * K) Words { uint32_t w[K]; };

template <int K>
static inline __device__ Words<K> words_at(const uint32_t *state, uint32_t offset) {
    return *reinterpret_cast<const Words<K> *>(reinterpret_cast<const char *>(state) + offset);
}

// +coupling if the top bit of spin is set, -coupling if not.
static inline __device__ float signed_by(uint32_t coupling, uint32_t spin) {
    return __uint_as_float(coupling ^ (~spin & 0x80000000u));
}

// With probability 1 / (1 + 2^exponent).
static inline __device__ bool decide(float exponent, Xoshiro &random) {
    const float u = uniform(xoshiro_next(random)), e = fast_exp2(exponent);
    return u * e + u < 1;
}

// Real-valued couplings: lane l works for bit l of each of the K words.
template <int K> struct RealField {
    static inline __device__ void update(const BatchArgs &a, const BatchRow &row, uint32_t *state,
                                         unsigned lane, Xoshiro &random) {
        const unsigned up = 31 - lane;
        float field[K];
        GLB_UNROLL()
        for (int k = 0; k < K; k++)
            field[k] = row.bias;
        GLB_UNROLL(2)
        for (uint32_t p = row.begin; p < row.end; p++) {
            const uint4 two = a.pair[p];
            const Words<K> s = words_at<K>(state, two.x), t = words_at<K>(state, two.z);
            GLB_UNROLL()
            for (int k = 0; k < K; k++)
                field[k] += signed_by(two.y, s.w[k] << up);
            GLB_UNROLL()
            for (int k = 0; k < K; k++)
                field[k] += signed_by(two.w, t.w[k] << up);
        }
        uint32_t out = 0;
        GLB_UNROLL()
        for (int k = 0; k < K; k++) {
            const uint32_t word = __ballot_sync(0xffffffffu, decide(field[k] * a.scale, random));
            out = lane == (unsigned)k ? word : out;
        }
        if (lane < K)
            state[row.pbit * K + lane] = out;
    }
};

// Integer couplings of up to 8 bits: two sums of 16 bits in a register. Lane l works for bits l %
// 16 and l % 16 + 16 of words 2 j + l / 16.
template <int K> struct WholeField {
    static inline __device__ void update(const BatchArgs &a, const BatchRow &row, uint32_t *state,
                                         unsigned lane, Xoshiro &random) {
        enum { PAIRS = 128 }; // 256 couplings of at least -128 and at most 127 do not leave 16 bits
        const unsigned bit = lane & 15, half = lane >> 4;
        int32_t low[K / 2] = {}, high[K / 2] = {};
        for (uint32_t begin = row.begin; begin < row.end; begin += PAIRS) {
            const uint32_t end = row.end - begin < PAIRS ? row.end : begin + PAIRS;
            uint32_t both[K / 2] = {};
            GLB_UNROLL(2)
            for (uint32_t p = begin; p < end; p++) {
                const uint4 two = a.pair[p];
                const uint32_t *s = state + two.x / 4 + half, *t = state + two.z / 4 + half;
                GLB_UNROLL()
                for (int j = 0; j < K / 2; j++)
                    both[j] += two.y * (s[2 * j] >> bit & 0x00010001u);
                GLB_UNROLL()
                for (int j = 0; j < K / 2; j++)
                    both[j] += two.w * (t[2 * j] >> bit & 0x00010001u);
            }
            GLB_UNROLL()
            for (int j = 0; j < K / 2; j++) {
                const int32_t l = (int16_t)both[j];
                low[j] += l;
                high[j] += (int32_t)(both[j] - (uint32_t)l) >> 16;
            }
        }
        uint32_t out = 0;
        GLB_UNROLL()
        for (int j = 0; j < K / 2; j++) {
            const float l = (float)(2 * low[j] + row.base), h = (float)(2 * high[j] + row.base);
            const uint32_t x = __ballot_sync(0xffffffffu, decide(l * a.scale, random));
            const uint32_t y = __ballot_sync(0xffffffffu, decide(h * a.scale, random));
            out = lane == 2u * j ? (x & 0xffff) | y << 16 : out;
            out = lane == 2u * j + 1 ? x >> 16 | (y & 0xffff0000u) : out;
        }
        if (lane < K)
            state[row.pbit * K + lane] = out;
    }
};

template <typename Field, int K> static __global__ void __launch_bounds__(1024) batch(BatchArgs a) {
    GLB_SHARED(uint32_t, state);
    const unsigned lane = threadIdx.x & 31, warp = threadIdx.x >> 5;
    uint32_t *const mine = a.state + (size_t)blockIdx.x * a.n * K;
    for (int i = (int)threadIdx.x; i < a.n * K; i += (int)blockDim.x)
        state[i] = mine[i];
    Xoshiro random = xoshiro_seeded(a.seed, blockIdx.x * blockDim.x + threadIdx.x);
    __syncthreads();
    for (int sweep = 0; sweep < a.sweeps; sweep++)
        for (int colour = 0; colour < a.colours; colour++) {
            const uint32_t *range = a.row_start + colour * a.warps + warp;
            for (uint32_t r = range[0], end = range[1]; r < end; r++)
                Field::update(a, a.row[r], state, lane, random);
            __syncthreads();
        }
    for (int i = (int)threadIdx.x; i < a.n * K; i += (int)blockDim.x)
        mine[i] = state[i];
}
