// From a graph to the kernels' tables: work is divided between warps here, once.
// SPDX-License-Identifier: Apache-2.0
#include "make_tables.h"

#include <algorithm>
#include <cstring>
#include <numeric>

static int degree(const Graph &g, int i) {
    return g.row[i + 1] - g.row[i];
}

std::vector<std::vector<int32_t>> free_of_colours(const Graph &g,
                                                  const std::vector<char> &clamped) {
    std::vector<std::vector<int32_t>> list;
    for (int c = 0; c < g.colours; c++) {
        std::vector<int32_t> of;
        for (int i = 0; i < g.n; i++)
            if (g.colour[i] == c && (clamped.empty() || !clamped[i]))
                of.push_back(i);
        if (!of.empty())
            list.push_back(of);
    }
    return list;
}

// Gives pieces of work, heaviest first, to the worker that has least; returns the worker of each.
static std::vector<int> deal(const std::vector<int> &cost, int workers) {
    std::vector<int> who(cost.size()), order(cost.size());
    std::vector<long> load(workers, 0);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return cost[a] > cost[b]; });
    for (int k : order) {
        who[k] = (int)(std::min_element(load.begin(), load.end()) - load.begin());
        load[who[k]] += cost[k];
    }
    return who;
}

namespace {
struct Piece { // a task before it has its place
    std::vector<int32_t> pbits;
    int width, depth;
};
} // namespace

static std::vector<Piece> pieces_of(const Graph &g, std::vector<int32_t> pbits, int lanes) {
    long entries = 0;
    for (int i : pbits)
        entries += degree(g, i);
    const int depth = std::max(2L, (entries + lanes - 1) / lanes); // aimed at
    const auto width = [&](int i) {
        int w = 1;
        while (w < 32 && w * depth < degree(g, i))
            w *= 2;
        return w;
    };
    std::stable_sort(pbits.begin(), pbits.end(), [&](int a, int b) {
        return width(a) != width(b) ? width(a) > width(b) : degree(g, a) > degree(g, b);
    });
    std::vector<Piece> out;
    for (int i : pbits) {
        const int w = width(i), d = (degree(g, i) + w - 1) / w;
        if (out.empty() || out.back().width != w || (int)out.back().pbits.size() == 32 / w)
            out.push_back({{}, w, 0});
        out.back().pbits.push_back(i);
        out.back().depth = std::max(out.back().depth, d);
    }
    return out;
}

template <typename Entry> static Entry entry_of(const Graph &g, int k);
template <> SingleEntry entry_of(const Graph &g, int k) {
    return {(float)g.J[k], (uint32_t)g.col[k]};
}
template <> SinglePacked entry_of(const Graph &g, int k) {
    return {(int16_t)g.W[k], (uint16_t)g.col[k]};
}

// One task and its 32 heads; its entries at the end of t.entry.
template <typename Entry>
static void put(const Graph &g, const Piece &p, uint32_t first, bool packed, SingleTables *t,
                std::vector<Entry> *entry) {
    const Entry none = {0, 0};
    const size_t at = entry->size();
    t->task.push_back({first, (uint16_t)p.depth, (uint16_t)p.width});
    t->head.resize(t->head.size() + 32, {-1, 0});
    entry->resize(at + 32 * (size_t)p.depth, none);
    for (size_t q = 0; q < p.pbits.size(); q++) {
        const int i = p.pbits[q], lane = (int)q * p.width;
        t->head[t->head.size() - 32 + lane] = {i, packed ? (float)g.H[i] : (float)g.h[i]};
        for (int k = 0; k < degree(g, i); k++)
            (*entry)[at + (size_t)(k / p.width) * 32 + lane + k % p.width] =
                entry_of<Entry>(g, g.row[i] + k);
    }
}

template <typename Entry>
static void make_single(const Graph &g, const std::vector<std::vector<int32_t>> &colours,
                        int blocks, int warps, bool packed, SingleTables *t,
                        std::vector<Entry> *entry) {
    std::vector<std::vector<Piece>> pieces;
    std::vector<std::vector<int>> who;
    for (const auto &pbits : colours) {
        pieces.push_back(pieces_of(g, pbits, blocks * warps * 32));
        std::vector<int> cost;
        for (const Piece &p : pieces.back())
            cost.push_back(p.depth + 8); // 8: noise, sums across lanes, writing
        who.push_back(deal(cost, blocks * warps));
    }
    for (int b = 0; b < blocks; b++) {
        t->entry_start.push_back((uint32_t)entry->size());
        for (size_t c = 0; c < colours.size(); c++)
            for (int w = 0; w < warps; w++) {
                t->task_start.push_back((uint32_t)t->task.size());
                for (size_t k = 0; k < pieces[c].size(); k++)
                    if (who[c][k] == w * blocks + b) // neighbouring loads go to different blocks
                        put(g, pieces[c][k], (uint32_t)(entry->size() - t->entry_start[b]), packed,
                            t, entry);
            }
    }
    t->task_start.push_back((uint32_t)t->task.size());
    t->entry_start.push_back((uint32_t)entry->size());
    const size_t states = 4 * (size_t)((g.n + 1) & ~1);
    for (int b = 0; b < blocks; b++) {
        const size_t per = colours.size() * (size_t)warps;
        const size_t tasks = t->task_start[(b + 1) * per] - t->task_start[b * per];
        const size_t entries = t->entry_start[b + 1] - t->entry_start[b];
        t->shared_all = std::max(t->shared_all,
                                 states + tasks * (32 * sizeof(SingleHead) + sizeof(SingleTask)) +
                                     entries * sizeof(Entry));
    }
    t->shared_states = states;
}

SingleTables single_tables(const Graph &g, const std::vector<char> &clamped, int blocks, int warps,
                           bool packed) {
    SingleTables t;
    const auto colours = free_of_colours(g, clamped);
    t.colours = (int)colours.size();
    if (packed)
        make_single(g, colours, blocks, warps, true, &t, &t.packed);
    else
        make_single(g, colours, blocks, warps, false, &t, &t.real);
    return t;
}

static uint32_t bits(float f) {
    uint32_t u;
    memcpy(&u, &f, sizeof u);
    return u;
}

BatchTables batch_tables(const Graph &g, const std::vector<char> &clamped, int words, int warps,
                         bool whole) {
    BatchTables t;
    const auto colours = free_of_colours(g, clamped);
    t.colours = (int)colours.size();
    for (const auto &pbits : colours) {
        std::vector<int> cost;
        for (int i : pbits)
            cost.push_back(degree(g, i) + 12); // 12: decisions and writing, in couplings
        const std::vector<int> who = deal(cost, warps);
        for (int w = 0; w < warps; w++) {
            t.row_start.push_back((uint32_t)t.row.size());
            for (size_t k = 0; k < pbits.size(); k++) {
                if (who[k] != w)
                    continue;
                const int i = pbits[k];
                BatchRow r = {};
                r.pbit = (uint32_t)i;
                r.begin = (uint32_t)t.pair.size();
                int32_t sum = 0;
                for (int e = g.row[i]; e < g.row[i + 1]; e++) {
                    const uint32_t from = (uint32_t)g.col[e] * 4u * (uint32_t)words;
                    const uint32_t coupling = whole ? (uint32_t)g.W[e] : bits((float)g.J[e]);
                    sum += whole ? g.W[e] : 0;
                    if ((e - g.row[i]) % 2 == 0)
                        t.pair.push_back(
                            make_uint4(from, coupling, from, 0)); // the second: 0 times something
                    else {
                        t.pair.back().z = from;
                        t.pair.back().w = coupling;
                    }
                }
                r.end = (uint32_t)t.pair.size();
                if (whole)
                    r.base = g.H[i] - sum;
                else
                    r.bias = (float)g.h[i];
                t.row.push_back(r);
            }
        }
    }
    t.row_start.push_back((uint32_t)t.row.size());
    return t;
}
