// What the kernels read: the tables that tables.cc makes of a graph. SPDX-License-Identifier:
// Apache-2.0
#pragma once
#include "device.h"

// ---- obvious: CSR ----
struct NaiveArgs {
    const int32_t *row, *col; // [n + 1], [row[n]]
    const float *coupling, *bias;
    const int32_t *order; // free p-bits, colour after colour
    int8_t *state;        // [chains][n], -1 or 1
    int n, chains;
    float beta;
    uint2 key;
};

// ---- single chain: one block or cluster a chain ----
// A task is one warp's work: 32 / width p-bits, `width` lanes each, `depth` couplings a lane. Entry
// d of a task's lane l is at first + 32 d + l.
struct SingleTask {
    uint32_t first;
    uint16_t depth, width;
};
struct SingleHead { // a lane's p-bit (the first lane of `width` has it, the others -1) and its bias
    int32_t pbit;
    float bias;
};
struct SingleEntry { // real-valued coupling
    float coupling;
    uint32_t from;
};
struct SinglePacked { // coupling in units
    int16_t coupling;
    uint16_t from;
};
struct SingleArgs {
    const uint32_t *task_start;  // [blocks][colours][warps] and one more: first task
    const uint32_t *entry_start; // [blocks + 1]
    const SingleTask *task;
    const SingleHead *head; // [tasks][32]
    const void *entry;
    int8_t *state; // [chains][n]
    int n, colours, blocks, warps, sweeps;
    float scale; // 2 beta log2(e) (and the unit, if packed)
    uint64_t seed;
};

// ---- batch: 32 K chains a block, a bit each ----
struct BatchRow {
    uint32_t begin, end; // pairs of entries
    uint32_t pbit;
    union {
        float bias;
        int32_t base; // field = 2 * sum of the couplings to p-bits that are up + base
    };
};
struct BatchArgs {
    const uint32_t *row_start; // [colours][warps] and one more
    const BatchRow *row;
    const uint4
        *pair;       // {from, coupling, from, coupling}; from: byte offset of the neighbour's words
    uint32_t *state; // [blocks][n][K]
    int n, colours, warps, sweeps;
    float scale; // -2 beta log2(e) (and the unit, if of integers)
    uint64_t seed;
};
