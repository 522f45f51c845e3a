// Samplers against what the emulator found on the same graph; see check.h. SPDX-License-Identifier:
// Apache-2.0
#include "check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include "device.h"

struct Reference {              // chains of the emulator
    double beta, energy, error; // mean energy of the chains' means and its standard error
    int chains, burn_in, samples, interval;
    std::vector<double> m; // [n] mean spins of the last sample
};

static Reference read_reference(const Graph &g, const std::string &path) {
    Reference r;
    std::ifstream f(path);
    r.m.resize(g.n);
    bool good = (bool)(f >> r.beta >> r.chains >> r.burn_in >> r.samples >> r.interval >>
                       r.energy >> r.error);
    for (double &m : r.m)
        good = good && f >> m;
    if (!good) {
        fprintf(stderr, "gpu_gibbs: %s: not a reference for %s\n", path.c_str(), g.name.c_str());
        exit(1);
    }
    return r;
}

static int compare(const Graph &g, const Reference &r, const Choice &c, int chains) {
    std::vector<int8_t> spins((size_t)g.n * (size_t)chains);
    std::vector<double> energy(chains, 0), m(g.n, 0);
    const auto s = make_sampler(g, {}, c, chains, 17);
    s->randomise(17);
    s->run(r.burn_in, r.beta);
    for (int k = 0; k < r.samples; k++) {
        s->run(r.interval, r.beta);
        dev::wait();
        s->get(spins.data());
        for (int chain = 0; chain < chains; chain++)
            energy[chain] += g.energy(&spins[(size_t)chain * g.n]) / r.samples;
    }
    double mean = 0, squares = 0, worst = 0;
    for (double e : energy)
        mean += e / chains;
    for (double e : energy)
        squares += (e - mean) * (e - mean);
    const double z =
        (mean - r.energy) / std::hypot(std::sqrt(squares / (chains - 1) / chains), r.error);
    for (int i = 0; i < g.n; i++) {
        for (int chain = 0; chain < chains; chain++)
            m[i] += (double)spins[(size_t)chain * g.n + i] / chains;
        const double all = (m[i] * chains + r.m[i] * r.chains) / (chains + r.chains);
        if ((1 - std::fabs(all)) * chains < 20) // too one-sided for the normal approximation
            continue;
        worst = std::max(worst, std::fabs(m[i] - r.m[i]) /
                                    std::sqrt((1 - all * all) * (1.0 / chains + 1.0 / r.chains)));
    }
    char line[200];
    snprintf(
        line, sizeof line,
        "beta %.2f, %d chains, mean energy %.3f, emulator %.3f, %+.2f sigma; largest deviation "
        "of a p-bit's mean %.2f sigma",
        r.beta, chains, mean, r.energy, z, worst);
    // Chance: 33 * student(6.5, 63) | mean energies of 64 chains and more, 11 kernels, three graphs
    // Chance: 87000 * outside(64, 0.156, 0, 33) | means of p-bits, as one-sided as they may be
    return report(std::fabs(z) < 6.5 && worst < 8, g, c, line);
}

int check_reference(const Graph &g, const std::string &reference, int chains) {
    const Reference r = read_reference(g, reference);
    int failed = 0;
    for (const Choice &c : shapes(g, dev::info().real)) {
        const int few = c.kind == Choice::BATCH ? chains : std::max(64, chains / 4);
        failed += compare(g, r, c, dev::info().real ? chains : few);
    }
    return failed;
}
