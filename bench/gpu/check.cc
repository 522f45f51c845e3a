// Statistical checks; see check.h. SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include "device.h"

static const char *const KINDS[] = {"naive", "single", "batch"};

int report(bool good, const Graph &g, const Choice &c, const char *what) {
    printf("%s - %s, %s (%s): %s\n", good ? "ok" : "not ok", g.name.c_str(), KINDS[c.kind],
           c.text().c_str(), what);
    fflush(stdout);
    return !good;
}

// ---- exact distributions ----

struct Exact {
    std::vector<char> clamped;
    std::vector<int8_t> value;     // of clamped p-bits
    std::vector<double> boltzmann; // [2^n]
    int sweeps; // after which random starts are distributed so, for the test's purposes
};

static double field(const Graph &g, int i, unsigned s) {
    double f = g.h[i];
    for (int k = g.row[i]; k < g.row[i + 1]; k++)
        f += s >> g.col[k] & 1 ? g.J[k] : -g.J[k];
    return f;
}

// Distribution after one more sweep.
static void exact_sweep(const Graph &g, const Exact &x, double beta, std::vector<double> *p) {
    for (int c = 0; c < g.colours; c++)
        for (int i = 0; i < g.n; i++) {
            if (g.colour[i] != c || x.clamped[i])
                continue;
            for (unsigned s = 0; s < p->size(); s++) {
                if (s >> i & 1)
                    continue;
                const unsigned up = s | 1u << i;
                const double both = (*p)[s] + (*p)[up],
                             q = 1 / (1 + std::exp(-2 * beta * field(g, i, s)));
                (*p)[up] = both * q;
                (*p)[s] = both * (1 - q);
            }
        }
}

// Sweeps until `samples` samples could not tell the distribution from Boltzmann's: chi-square grows
// by less than 0.05.
static Exact enumerate(const Graph &g, double beta, unsigned clamps, double samples) {
    Exact x;
    const size_t states = (size_t)1 << g.n;
    x.boltzmann.assign(states, 0);
    std::vector<double> p(states, 0);
    std::vector<int8_t> spins(g.n);
    double sum = 0;
    for (int i = 0; i < g.n; i++) {
        x.clamped.push_back(clamps >> i & 1);
        x.value.push_back(i % 3 ? 1 : -1);
    }
    for (size_t s = 0; s < states; s++) {
        bool possible = true;
        for (int i = 0; i < g.n; i++) {
            spins[i] = s >> i & 1 ? 1 : -1;
            possible &= !x.clamped[i] || spins[i] == x.value[i];
        }
        if (possible)
            sum += x.boltzmann[s] = std::exp(-beta * g.energy(spins.data()));
        p[s] = possible;
    }
    double total = 0;
    for (double q : p)
        total += q;
    for (size_t s = 0; s < states; s++) {
        x.boltzmann[s] /= sum;
        p[s] /= total;
    }
    double excess = INFINITY;
    for (x.sweeps = 0; excess > 0.05 && x.sweeps < 2000; x.sweeps++) {
        exact_sweep(g, x, beta, &p);
        excess = 0;
        for (size_t s = 0; s < states; s++)
            if (x.boltzmann[s] > 0)
                excess +=
                    samples * (p[s] - x.boltzmann[s]) * (p[s] - x.boltzmann[s]) / x.boltzmann[s];
    }
    x.sweeps += x.sweeps % 2; // two launches of half
    return x;
}

// Spins of independent chains after x.sweeps sweeps from random starts, in two launches.
static std::vector<int8_t> sample(const Graph &g, const Exact &x, const Choice &c, double beta,
                                  int chains, uint64_t seed) {
    std::vector<int8_t> spins((size_t)g.n * (size_t)chains);
    std::mt19937_64 random(seed);
    for (size_t k = 0; k < spins.size(); k++)
        spins[k] = x.clamped[k % g.n] ? x.value[k % g.n] : random() >> 63 ? 1 : -1;
    const auto s = make_sampler(g, x.clamped, c, chains, seed);
    s->set(spins.data());
    s->run(x.sweeps / 2, beta);
    s->run(x.sweeps / 2, beta);
    dev::wait();
    s->get(spins.data());
    return spins;
}

// Chi-square as standard deviations (Wilson and Hilferty); states with fewer than 5 expected
// samples count as one.
static double chi_square(const std::vector<double> &p, const std::vector<double> &seen,
                         double samples, int *freedom, double *chi2) {
    double rest = 0, rest_seen = 0;
    *chi2 = 0;
    *freedom = -1;
    for (size_t s = 0; s < p.size(); s++) {
        if (p[s] * samples < 5) {
            rest += p[s] * samples;
            rest_seen += seen[s];
            continue;
        }
        *chi2 += (seen[s] - p[s] * samples) * (seen[s] - p[s] * samples) / (p[s] * samples);
        ++*freedom;
    }
    if (rest >= 5) {
        *chi2 += (rest_seen - rest) * (rest_seen - rest) / rest;
        ++*freedom;
    } else if (rest_seen > 10 + 6 * std::sqrt(rest)) { // states that should hardly ever be seen
        return INFINITY;
    }
    const double v = 2 / (9.0 * *freedom);
    return (std::cbrt(*chi2 / *freedom) - (1 - v)) / std::sqrt(v);
}

static int check_small(const Graph &g, const Choice &c, double beta, unsigned clamps, int chains) {
    const Exact x = enumerate(g, beta, clamps, chains);
    const std::vector<int8_t> spins = sample(g, x, c, beta, chains, 1000 + (uint64_t)(beta * 10));
    std::vector<double> seen(x.boltzmann.size(), 0);
    for (int k = 0; k < chains; k++) {
        unsigned s = 0;
        for (int i = 0; i < g.n; i++)
            s |= (unsigned)(spins[(size_t)k * g.n + i] > 0) << i;
        seen[s]++;
    }
    int freedom;
    double chi2;
    const double z = chi_square(x.boltzmann, seen, chains, &freedom, &chi2);
    char line[200];
    snprintf(
        line, sizeof line,
        "beta %.1f%s, %d chains, %d sweeps, chi-square %.1f at %d degrees of freedom, %+.2f sigma",
        beta, clamps ? ", clamps" : "", chains, x.sweeps, chi2, freedom, z);
    // Chance: 68 * above(5.2) | chi-square as normal deviate of 17 kernels and graphs, four times
    return report(z < LIMIT && x.sweeps < 2000, g, c, line);
}

// ---- graphs ----

// n p-bits, `density` of all pairs, biases; whole: multiples of 1/32.
static Graph small_graph(const char *name, int n, double density, bool whole) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal(0, 0.4);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<int32_t> a, b;
    std::vector<double> J, h(n);
    const auto number = [&] {
        const double x = normal(random);
        return whole ? std::round(x * 32) / 32 : x;
    };
    for (int i = 0; i < n; i++) {
        h[i] = number();
        for (int j = i + 1; j < n; j++)
            if (uniform(random) < density) {
                a.push_back(i);
                b.push_back(j);
                J.push_back(number());
            }
    }
    return make_graph(name, n, a, b, J, h, whole ? 1.0 / 32 : 0);
}

// A hub and 700 leaves: more couplings than one partial sum of the batch kernel takes. Couplings
// sum to about 0, so that the hub is undecided.
static Graph star_graph() {
    const int leaves = 700;
    std::vector<int32_t> a(leaves, 0), b;
    std::vector<double> J, h = {0.0625};
    for (int k = 0; k < leaves; k++) {
        b.push_back(k + 1);
        J.push_back((k % 2 ? 1 : -1) * (1 + k % 127 / 2 * 2) / 1024.0);
        h.push_back((k % 5 - 2) / 16.0);
    }
    return make_graph("star700", leaves + 1, a, b, J, h, 1.0 / 1024);
}

// The hub's probability and the leaves' mean spin, closed form, against all samples.
static int check_star(const Graph &g, const Choice &c, int chains) {
    const double beta = 1;
    double odds = 2 * beta * g.h[0], up = 0, leaf = 0, var = 0;
    for (int k = 0; k < g.row[1]; k++)
        odds += std::log(std::cosh(beta * (g.h[k + 1] + g.J[k])) /
                         std::cosh(beta * (g.h[k + 1] - g.J[k])));
    const double p = 1 / (1 + std::exp(-odds));
    double given[2] = {0, 0}; // sum of the leaves if the hub is down, up
    for (int k = 0; k < g.row[1]; k++)
        for (int s = 0; s < 2; s++) {
            const double m = std::tanh(beta * (g.h[k + 1] + (s ? 1 : -1) * g.J[k]));
            given[s] += m;
            var += (s ? p : 1 - p) * (1 - m * m);
        }
    var += p * (1 - p) * (given[1] - given[0]) * (given[1] - given[0]);
    const Exact x = {std::vector<char>(g.n, 0), std::vector<int8_t>(g.n, 0), {}, 60};
    const std::vector<int8_t> spins = sample(g, x, c, beta, chains, 99);
    for (int k = 0; k < chains; k++) {
        up += spins[(size_t)k * g.n] > 0;
        for (int i = 1; i < g.n; i++)
            leaf += spins[(size_t)k * g.n + i];
    }
    const double zp = (up - p * chains) / std::sqrt(p * (1 - p) * chains);
    const double zl =
        (leaf - (p * given[1] + (1 - p) * given[0]) * chains) / std::sqrt(var * chains);
    char line[200];
    snprintf(line, sizeof line,
             "%d chains, hub up with %.4f, exact %.4f, %+.2f sigma; leaves %+.2f sigma", chains,
             up / chains, p, zp, zl);
    // Chance: 22 * beyond(5.2) | a hub and its leaves, 11 kernels
    return report(std::fabs(zp) < LIMIT && std::fabs(zl) < LIMIT, g, c, line);
}

std::vector<Choice> shapes(const Graph &g, bool all) {
    std::vector<Choice> list;
    const auto add = [&](const Choice &c) {
        if (can_run(g, c))
            list.push_back(c);
    };
    const std::vector<int> warps = all ? std::vector<int>{4, 8, 16, 32} : std::vector<int>{2};
    add({Choice::NAIVE, false, 1, all ? 8 : 1, 1});
    for (const bool whole : {false, true}) {
        for (int blocks : all ? std::vector<int>{1, 2, 4, 8, 16} : std::vector<int>{1, 3})
            for (int w : warps)
                if (!all || w >= 8)
                    add({Choice::SINGLE, whole, blocks, w, 1});
        for (int words : {1, 2, 4})
            for (int w : warps)
                add({Choice::BATCH, whole, 1, w, words});
    }
    return list;
}

int check_exact(bool many) {
    const Graph graphs[] = {small_graph("real8", 8, 0.5, false),
                            small_graph("whole9", 9, 0.4, true)};
    const Graph star = star_graph();
    const int scale = many ? 20 : 1;
    int failed = 0;
    for (const Graph &g : graphs)
        for (const Choice &c : shapes(g, many)) {
            const int chains = (c.kind == Choice::SINGLE ? 3000 : 40000) * scale;
            for (const double beta : {0.0, 0.5, 1.0})
                failed += check_small(g, c, beta, 0, chains);
            failed += check_small(g, c, 0.8, 0x12, chains);
        }
    for (const Choice &c : shapes(star, many))
        failed += check_star(star, c, (c.kind == Choice::SINGLE ? 100 : 1500) * scale);
    return failed;
}

int check_orders() {
    int failed = 0;
#ifndef GLB_CUDA
    const Graph g = small_graph("sparse40", 40, 0.15, true);
    const Exact x = {std::vector<char>(40, 0), std::vector<int8_t>(40, 0), {}, 20};
    for (const Choice &c : shapes(g, false)) {
        std::vector<int8_t> spins[3];
        for (const auto o : {on_cpu::FORWARD, on_cpu::BACKWARD, on_cpu::SHUFFLED}) {
            on_cpu::order = o;
            spins[o] = sample(g, x, c, 0.8, 70, 5);
        }
        on_cpu::order = on_cpu::FORWARD;
        failed += report(spins[0] == spins[1] && spins[0] == spins[2], g, c,
                         "the same bits whether threads run forward, backward or shuffled");
    }
#endif
    return failed;
}
