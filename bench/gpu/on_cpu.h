// device.h without CUDA: the kernels' own source, compiled by a C++ compiler, with every GPU thread
// a fiber of one CPU thread. Barriers, warp votes and shuffles wait as on a GPU. A launch runs the
// threads in one of several orders, so that a kernel that lacks a barrier gives different bits in
// different orders. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <csetjmp>
#include <cstdint>
#include <cstring>
#include <functional>
#include <ucontext.h>

#define __global__
#define __device__
#define __launch_bounds__(...)
#define GLB_UNROLL(...)

struct dim3 {
    unsigned x, y, z;
    dim3(unsigned x_ = 1, unsigned y_ = 1, unsigned z_ = 1) : x(x_), y(y_), z(z_) {
    }
};
struct uint2 {
    uint32_t x, y;
};
struct alignas(16) uint4 {
    uint32_t x, y, z, w;
};
static inline uint2 make_uint2(uint32_t x, uint32_t y) {
    return {x, y};
}
static inline uint4 make_uint4(uint32_t x, uint32_t y, uint32_t z, uint32_t w) {
    return {x, y, z, w};
}
static inline float __uint_as_float(uint32_t u) {
    float f;
    memcpy(&f, &u, sizeof f);
    return f;
}

namespace on_cpu {

struct Barrier {
    unsigned size, waiting, generation;
};

struct Warp {
    Barrier barrier;
    uint32_t value[2][32],
        votes[2]; // of warp operations in turn: one may be read while the next begins
};

struct Block {
    Barrier barrier;
    unsigned char *shared;
};

struct Thread {
    dim3 index, block;
    unsigned lane, rank, operations;
    Warp *warp;
    Block *blocks; // of the cluster
    const Barrier *waits_for;
    unsigned generation; // of that barrier when this thread arrived
    bool started, finished;
    jmp_buf context;
    ucontext_t start;
};

extern Thread *self;
extern dim3 block_size, grid_size;
extern Barrier cluster;

enum Order { FORWARD, BACKWARD, SHUFFLED };
extern Order order;

void wait(Barrier &b);
void run(dim3 grid, unsigned threads, size_t shared, unsigned cluster_blocks,
         const std::function<void()> &kernel);

// Every lane gives a value; returns where all of them are.
static inline const uint32_t *exchange(uint32_t value) {
    const unsigned turn = self->operations++ & 1;
    self->warp->value[turn][self->lane] = value;
    wait(self->warp->barrier);
    return self->warp->value[turn];
}

} // namespace on_cpu

#define threadIdx (on_cpu::self->index)
#define blockIdx (on_cpu::self->block)
#define blockDim (on_cpu::block_size)
#define gridDim (on_cpu::grid_size)
#define GLB_SHARED(type, name)                                                                     \
    type *const name = reinterpret_cast<type *>(on_cpu::self->blocks[on_cpu::self->rank].shared)

static inline void __syncthreads() {
    on_cpu::wait(on_cpu::self->blocks[on_cpu::self->rank].barrier);
}

static inline uint32_t __ballot_sync(uint32_t, int vote) {
    on_cpu::Warp &w = *on_cpu::self->warp;
    const unsigned turn = on_cpu::self->operations++ & 1;
    if (w.barrier.waiting == 0)
        w.votes[turn] = 0;
    w.votes[turn] |= (uint32_t)(vote != 0) << on_cpu::self->lane;
    on_cpu::wait(w.barrier);
    return w.votes[turn];
}

static inline float __shfl_xor_sync(uint32_t, float value, unsigned distance) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return __uint_as_float(on_cpu::exchange(bits)[on_cpu::self->lane ^ distance]);
}

static inline unsigned cluster_rank() {
    return on_cpu::self->rank;
}

static inline void cluster_barrier(unsigned) {
    on_cpu::wait(on_cpu::cluster);
}

template <typename T> static inline T *of_block(T *mine, unsigned rank) {
    const on_cpu::Block *b = on_cpu::self->blocks;
    const size_t at =
        (size_t)(reinterpret_cast<unsigned char *>(mine) - b[on_cpu::self->rank].shared);
    return reinterpret_cast<T *>(b[rank].shared + at);
}

namespace dev {

// As an H100 would say.
template <typename... P>
bool fits(void (*)(P...), unsigned blocks, unsigned threads, size_t shared) {
    return blocks <= 16 && threads <= 1024 && shared <= 232448;
}

template <typename... P, typename... A>
void launch(void (*kernel)(P...), dim3 grid, unsigned threads, size_t shared, unsigned cluster,
            A... arguments) {
    on_cpu::run(grid, threads, shared, cluster, [=] { kernel(arguments...); });
}

} // namespace dev
