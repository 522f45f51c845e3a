// Fibers that stand in for GPU threads, and the CPU's memory for the GPU's.
// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <numeric>
#include <random>
#include <sys/mman.h>

namespace on_cpu {

Thread *self;
dim3 block_size, grid_size;
Barrier cluster;
Order order = FORWARD;

static std::vector<Thread> threads;
static std::vector<unsigned> turns; // the order in which threads are tried
static unsigned turn, live;
static jmp_buf leave;
static const std::function<void()> *body;

enum { STACK = 64 * 1024 };

static bool can_run(const Thread &t) {
    return !t.finished && (!t.waits_for || t.waits_for->generation != t.generation);
}

[[noreturn]] static void resume(Thread &t) {
    self = &t;
    if (t.started)
        _longjmp(t.context, 1);
    t.started = true;
    setcontext(&t.start);
    abort();
}

// To the next thread that can run.
[[noreturn]] static void next() {
    for (size_t tried = 0; tried < turns.size(); tried++) {
        turn = turn + 1 == turns.size() ? 0 : turn + 1;
        if (can_run(threads[turns[turn]]))
            resume(threads[turns[turn]]);
    }
    fputs("on_cpu: all threads that are left wait at barriers which not all reach\n", stderr);
    abort();
}

void wait(Barrier &b) {
    if (++b.waiting == b.size) {
        b.waiting = 0;
        b.generation++;
        return;
    }
    self->waits_for = &b;
    self->generation = b.generation;
    if (_setjmp(self->context) == 0)
        next();
    self->waits_for = nullptr;
}

// A fiber stays: after one thread's end it waits to be the next cluster's.
static void thread_main() {
    for (;;) {
        (*body)();
        self->finished = true;
        if (_setjmp(self->context) == 0) {
            if (--live == 0)
                _longjmp(leave, 1);
            next();
        }
    }
}

static void put_in_order() {
    turns.resize(threads.size());
    std::iota(turns.begin(), turns.end(), 0u);
    if (order == BACKWARD)
        std::reverse(turns.begin(), turns.end());
    if (order == SHUFFLED)
        std::shuffle(turns.begin(), turns.end(), std::mt19937(20240607));
    turn = (unsigned)turns.size() - 1;
}

// Until all have ended. (By itself, so that no local variable is in scope when setjmp returns a
// second time.)
__attribute__((noinline)) static void run_threads() {
    if (_setjmp(leave) == 0)
        next();
}

// One cluster, the first of whose blocks is `first`, from beginning to end.
static void run_cluster(unsigned first, unsigned y, unsigned blocks, size_t shared) {
    const unsigned per_block = block_size.x, warps = (per_block + 31) / 32;
    std::vector<Block> block(blocks);
    std::vector<Warp> warp((size_t)blocks * warps);
    std::vector<std::vector<uint4>> memory(blocks);
    cluster = {blocks * per_block, 0, 0};
    for (unsigned b = 0; b < blocks; b++) {
        memory[b].assign(shared / sizeof(uint4) + 1,
                         make_uint4(0x7fc0dead, 0x7fc0dead, 0x7fc0dead, 0x7fc0dead));
        block[b] = {{per_block, 0, 0}, reinterpret_cast<unsigned char *>(memory[b].data())};
        for (unsigned w = 0; w < warps; w++)
            warp[b * warps + w].barrier = {std::min(32u, per_block - 32 * w), 0, 0};
    }
    for (unsigned k = 0; k < threads.size(); k++) {
        Thread &t = threads[k];
        const unsigned b = k / per_block, i = k % per_block;
        t.index = dim3(i, 0, 0);
        t.block = dim3(first + b, y, 0);
        t.lane = i % 32;
        t.rank = b;
        t.operations = 0;
        t.warp = &warp[b * warps + i / 32];
        t.blocks = block.data();
        t.waits_for = nullptr;
        t.finished = false;
    }
    live = (unsigned)threads.size();
    put_in_order();
    run_threads();
}

// Fibers for `count` threads, each with its stack; those there are stay.
static void make_fibers(size_t count) {
    static unsigned char *stacks;
    if (threads.size() == count)
        return;
    if (stacks)
        munmap(stacks, threads.size() * STACK);
    void *p = mmap(nullptr, count * STACK, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        fputs("on_cpu: no memory for the threads' stacks\n", stderr);
        abort();
    }
    stacks = static_cast<unsigned char *>(p);
    threads = std::vector<Thread>(count);
    for (size_t k = 0; k < count; k++) {
        ucontext_t &start = threads[k].start;
        getcontext(&start);
        start.uc_stack.ss_sp = stacks + k * STACK;
        start.uc_stack.ss_size = STACK;
        makecontext(&start, thread_main, 0);
    }
}

void run(dim3 grid, unsigned threads_a_block, size_t shared, unsigned blocks,
         const std::function<void()> &kernel) {
    make_fibers((size_t)threads_a_block * blocks);
    body = &kernel;
    grid_size = grid;
    block_size = dim3(threads_a_block);
    for (unsigned y = 0; y < grid.y; y++)
        for (unsigned x = 0; x < grid.x; x += blocks)
            run_cluster(x, y, blocks, shared);
}

} // namespace on_cpu

namespace dev {

const Info &
info() { // shared memory and clusters of an H100; few blocks, as each costs a start of its threads
    static const Info i = {"CPU (kernels as fibers)", "", "none", 1, 232448, 16, 8, false};
    return i;
}

void *alloc(size_t bytes) {
    return ::operator new(bytes ? bytes : 1, std::align_val_t(256));
}

void release(void *p) {
    ::operator delete(p, std::align_val_t(256));
}

void upload(void *to, const void *from, size_t bytes) {
    memcpy(to, from, bytes);
}

void download(void *to, const void *from, size_t bytes) {
    memcpy(to, from, bytes);
}

void fill(void *to, int byte, size_t bytes) {
    memset(to, byte, bytes);
}

void wait() {
}

} // namespace dev
