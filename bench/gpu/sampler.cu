// Tables and states on the device, and the launches. SPDX-License-Identifier: Apache-2.0
#include "sampler.h"

#include <algorithm>
#include <cmath>
#include "kernels.cuh"
#include "make_tables.h"

static const double LOG2E = 1.4426950408889634;

static uint64_t mix(uint64_t x) { // splitmix64
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static std::vector<float> floats(const std::vector<double> &v) {
    return std::vector<float>(v.begin(), v.end());
}

namespace {

// States as bytes: obvious and single.
class ByteSampler : public Sampler {
  public:
    ByteSampler(const Graph &g, int chains_)
        : n(g.n), chains(chains_), state((size_t)g.n * (size_t)chains_) {
    }
    void set(const int8_t *spins) override {
        dev::upload(state.at, spins, state.count);
    }
    void get(int8_t *spins) const override {
        dev::download(spins, state.at, state.count);
    }
    void all_up() override {
        dev::fill(state.at, 1, state.count);
    }
    void randomise(uint64_t seed) override {
        std::vector<int8_t> s(state.count);
        for (size_t i = 0; i < s.size(); i++)
            s[i] = mix(seed ^ mix(i)) >> 63 ? 1 : -1;
        set(s.data());
    }

  protected:
    int n, chains;
    dev::Array<int8_t> state;
};

class Naive : public ByteSampler {
  public:
    Naive(const Graph &g, const std::vector<char> &clamped, const Choice &c, int chains_,
          uint64_t seed)
        : ByteSampler(g, chains_), threads(32 * c.warps), row(g.row), col(g.col),
          coupling(floats(g.J)), bias(floats(g.h)) {
        std::vector<int32_t> all;
        for (const auto &of : free_of_colours(g, clamped)) {
            first.push_back((int)all.size());
            all.insert(all.end(), of.begin(), of.end());
        }
        first.push_back((int)all.size());
        order = dev::Array<int32_t>(all);
        const uint64_t k = mix(seed);
        args = {
            row.at,   col.at, coupling.at, bias.at, order.at,
            state.at, n,      chains,      0,       make_uint2((uint32_t)k, (uint32_t)(k >> 32))};
    }
    void run(int sweeps, double beta) override {
        args.beta = (float)beta;
        for (int s = 0; s < sweeps; s++, step++)
            for (size_t c = 0; c + 1 < first.size(); c++) {
                const int count = first[c + 1] - first[c];
                const dim3 grid((unsigned)((count + threads - 1) / threads),
                                (unsigned)std::min(chains, dev::info().rows));
                dev::launch(naive, grid, (unsigned)threads, 0, 1, args, first[c], count, step);
            }
    }

  private:
    int threads;
    dev::Array<int32_t> row, col;
    dev::Array<float> coupling, bias;
    std::vector<int> first;
    dev::Array<int32_t> order;
    NaiveArgs args;
    uint32_t step = 0;
};

template <typename Entry> class Single : public ByteSampler {
  public:
    Single(const Graph &g, const std::vector<char> &clamped, const Choice &c, int chains_,
           uint64_t seed_)
        : ByteSampler(g, chains_), choice(c), unit(c.whole ? g.unit : 1), seed(seed_),
          t(single_tables(g, clamped, c.blocks, c.warps, c.whole)), task_start(t.task_start),
          entry_start(t.entry_start), task(t.task), head(t.head), entry(entries()) {
        tables = t.shared_all <= (size_t)dev::info().shared_bytes;
        args = {task_start.at, entry_start.at, task.at, head.at, entry.at, state.at, n,
                t.colours,     c.blocks,       c.warps, 0,       0,        0};
    }
    void run(int sweeps, double beta) override {
        args.sweeps = sweeps;
        args.scale = (float)(2 * beta * LOG2E * unit);
        args.seed = mix(seed ^ mix(++launches));
        const dim3 grid((unsigned)(chains * choice.blocks));
        const unsigned threads = 32u * (unsigned)choice.warps, blocks = (unsigned)choice.blocks;
        if (tables)
            dev::launch(single<Entry, true>, grid, threads, t.shared_all, blocks, args);
        else
            dev::launch(single<Entry, false>, grid, threads, t.shared_states, blocks, args);
    }

  private:
    const std::vector<Entry> &entries() const;
    Choice choice;
    double unit;
    uint64_t seed, launches = 0;
    SingleTables t;
    dev::Array<uint32_t> task_start, entry_start;
    dev::Array<SingleTask> task;
    dev::Array<SingleHead> head;
    dev::Array<Entry> entry;
    bool tables;
    SingleArgs args;
};

template <> const std::vector<SingleEntry> &Single<SingleEntry>::entries() const {
    return t.real;
}
template <> const std::vector<SinglePacked> &Single<SinglePacked>::entries() const {
    return t.packed;
}

template <template <int> class Field, int K> class Batch : public Sampler {
  public:
    Batch(const Graph &g, const std::vector<char> &clamped, const Choice &c, int chains_,
          uint64_t seed_)
        : n(g.n), chains(chains_), blocks((chains_ + 32 * K - 1) / (32 * K)),
          threads(32u * (unsigned)c.warps), unit(c.whole ? g.unit : 1), seed(seed_),
          t(batch_tables(g, clamped, K, c.warps, c.whole)), row_start(t.row_start), row(t.row),
          pair(t.pair), state((size_t)n * K * (size_t)blocks) {
        args = {row_start.at, row.at, pair.at, state.at, n, t.colours, c.warps, 0, 0, 0};
    }
    void set(const int8_t *spins) override {
        std::vector<uint32_t> w(state.count, 0);
        for (int c = 0; c < chains; c++)
            for (int i = 0; i < n; i++)
                w[word(c, i)] |= (uint32_t)(spins[(size_t)c * n + i] > 0) << c % 32;
        dev::upload(state.at, w.data(), w.size() * sizeof w[0]);
    }
    void get(int8_t *spins) const override {
        std::vector<uint32_t> w(state.count);
        dev::download(w.data(), state.at, w.size() * sizeof w[0]);
        for (int c = 0; c < chains; c++)
            for (int i = 0; i < n; i++)
                spins[(size_t)c * n + i] = w[word(c, i)] >> c % 32 & 1 ? 1 : -1;
    }
    void all_up() override {
        dev::fill(state.at, 0xff, state.count * sizeof(uint32_t));
    }
    void randomise(uint64_t s) override {
        std::vector<uint32_t> w(state.count);
        for (size_t i = 0; i < w.size(); i++)
            w[i] = (uint32_t)(mix(s ^ mix(i)) >> 32);
        dev::upload(state.at, w.data(), w.size() * sizeof w[0]);
    }
    void run(int sweeps, double beta) override {
        args.sweeps = sweeps;
        args.scale = (float)(-2 * beta * LOG2E * unit);
        args.seed = mix(seed ^ mix(++launches));
        dev::launch(batch<Field<K>, K>, dim3((unsigned)blocks), threads, (size_t)n * K * 4, 1,
                    args);
    }

  private:
    size_t word(int chain, int i) const {
        return ((size_t)(chain / (32 * K)) * (size_t)n + (size_t)i) * K + (size_t)(chain / 32 % K);
    }
    int n, chains, blocks;
    unsigned threads;
    double unit;
    uint64_t seed, launches = 0;
    BatchTables t;
    dev::Array<uint32_t> row_start;
    dev::Array<BatchRow> row;
    dev::Array<uint4> pair;
    dev::Array<uint32_t> state;
    BatchArgs args;
};

} // namespace

std::string Choice::text() const {
    const std::string w = std::to_string(warps) + " warps", kernel = whole ? "whole, " : "real, ";
    if (kind == NAIVE)
        return "real, " + w;
    if (kind == SINGLE)
        return kernel + std::to_string(blocks) + (blocks == 1 ? " block of " : " blocks of ") + w;
    return kernel + std::to_string(words) + " words, " + w;
}

template <typename Entry> static bool single_fits(const SingleTables &t, const Choice &c) {
    const unsigned blocks = (unsigned)c.blocks, threads = 32u * (unsigned)c.warps;
    return t.shared_all <= (size_t)dev::info().shared_bytes
               ? dev::fits(single<Entry, true>, blocks, threads, t.shared_all)
               : dev::fits(single<Entry, false>, blocks, threads, t.shared_states);
}

bool can_run(const Graph &g, const Choice &c) {
    const unsigned threads = 32u * (unsigned)c.warps;
    const size_t shared = (size_t)dev::info().shared_bytes;
    if (c.whole) {
        const auto small = [](int limit) {
            return [=](int32_t w) { return std::abs(w) <= limit; };
        };
        if (g.unit <= 0 || g.n > 65536 || !std::all_of(g.W.begin(), g.W.end(), small(127)))
            return false;
    }
    if (c.kind == Choice::NAIVE)
        return !c.whole;
    if (c.kind == Choice::SINGLE) {
        const SingleTables t = single_tables(g, {}, c.blocks, c.warps, c.whole);
        return c.blocks <= dev::info().largest_cluster &&
               (c.whole ? single_fits<SinglePacked>(t, c) : single_fits<SingleEntry>(t, c));
    }
    const size_t need = (size_t)g.n * 4 * (size_t)c.words;
    if (need > shared)
        return false;
    switch (c.words * 2 + c.whole) {
    case 2:
        return dev::fits(batch<RealField<1>, 1>, 1, threads, need);
    case 4:
        return dev::fits(batch<RealField<2>, 2>, 1, threads, need);
    case 5:
        return dev::fits(batch<WholeField<2>, 2>, 1, threads, need);
    case 8:
        return dev::fits(batch<RealField<4>, 4>, 1, threads, need);
    case 9:
        return dev::fits(batch<WholeField<4>, 4>, 1, threads, need);
    default:
        return false;
    }
}

std::unique_ptr<Sampler> make_sampler(const Graph &g, const std::vector<char> &clamped,
                                      const Choice &c, int chains, uint64_t seed) {
    if (c.kind == Choice::NAIVE)
        return std::make_unique<Naive>(g, clamped, c, chains, seed);
    if (c.kind == Choice::SINGLE && c.whole)
        return std::make_unique<Single<SinglePacked>>(g, clamped, c, chains, seed);
    if (c.kind == Choice::SINGLE)
        return std::make_unique<Single<SingleEntry>>(g, clamped, c, chains, seed);
    switch (c.words * 2 + c.whole) {
    case 2:
        return std::make_unique<Batch<RealField, 1>>(g, clamped, c, chains, seed);
    case 4:
        return std::make_unique<Batch<RealField, 2>>(g, clamped, c, chains, seed);
    case 5:
        return std::make_unique<Batch<WholeField, 2>>(g, clamped, c, chains, seed);
    case 8:
        return std::make_unique<Batch<RealField, 4>>(g, clamped, c, chains, seed);
    default:
        return std::make_unique<Batch<WholeField, 4>>(g, clamped, c, chains, seed);
    }
}
