// A Gibbs sampler on the GPU: one kernel, one graph, many chains. SPDX-License-Identifier:
// Apache-2.0
#pragma once
#include <memory>
#include "graph.h"

struct Choice {
    enum Kind { NAIVE, SINGLE, BATCH } kind;
    bool whole; // SINGLE, BATCH: couplings as whole multiples of the graph's unit
    int blocks; // SINGLE: of the cluster of a chain
    int warps;  // a block
    int words;  // BATCH: words of 32 chains a block

    std::string text() const;
};

// Whether that kernel can run this graph on this device.
bool can_run(const Graph &g, const Choice &c);

class Sampler {
  public:
    virtual ~Sampler() = default;
    // spins[chains][n], -1 or 1.
    virtual void set(const int8_t *spins) = 0;
    virtual void get(int8_t *spins) const = 0;
    virtual void randomise(uint64_t seed) = 0;
    virtual void all_up() = 0;
    // Starts `sweeps` sweeps of all p-bits that are not clamped; dev::wait() waits for them.
    virtual void run(int sweeps, double beta) = 0;
};

// clamped: empty, or a flag a p-bit. Every run() draws new random numbers from seed.
std::unique_ptr<Sampler> make_sampler(const Graph &g, const std::vector<char> &clamped,
                                      const Choice &c, int chains, uint64_t seed);
