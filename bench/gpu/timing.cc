// Timing; see timing.h. SPDX-License-Identifier: Apache-2.0
#include "timing.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include "check.h"
#include "device.h"
#include "power.h"

static const double BETA = 1;
static const char *const KERNELS[] = {"gpu naive", "gpu single", "gpu batch"};

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Seconds of one run.
static double timed(Sampler &s, int sweeps) {
    const double start = now();
    s.run(sweeps, BETA);
    dev::wait();
    return now() - start;
}

// Sweeps that take about `seconds`, found by growing runs; the last one's rate is in
// *seconds_a_sweep.
static int sweeps_for(Sampler &s, double seconds, double *seconds_a_sweep) {
    int sweeps = 1;
    timed(s, 2);
    for (;;) {
        const double t = timed(s, sweeps);
        *seconds_a_sweep = t / sweeps;
        const double wish = sweeps * seconds / t;
        if (t >= seconds / 2 || wish > 1e8)
            return std::max(1, (int)std::min(wish, 1e8));
        sweeps = std::max(sweeps + 1, (int)std::min({wish, 32.0 * sweeps, 1e8}));
    }
}

// Shapes that may be the fastest at that number of chains: no words that would stay empty, no
// clusters where every multiprocessor has several chains anyway.
static bool worth_trying(const Choice &c, int chains) {
    if (c.kind == Choice::BATCH)
        return c.words == (c.whole ? 2 : 1) || 32 * c.words / 2 < chains;
    return c.kind != Choice::SINGLE || c.blocks == 1 ||
           chains * c.blocks <= 8 * dev::info().multiprocessors;
}

// The fastest shape of a kernel, by short runs; words 0: none can run.
static Choice best_shape(const Graph &g, const std::vector<char> &clamped, int kind, int chains) {
    Choice best = {(Choice::Kind)kind, false, 0, 0, 0};
    double least = INFINITY;
    for (const Choice &c : shapes(g, dev::info().real)) {
        if (c.kind != kind || !worth_trying(c, chains))
            continue;
        const auto s = make_sampler(g, clamped, c, chains, 1);
        double t;
        s->all_up();
        sweeps_for(*s, 0.02, &t);
        if (t < least) {
            least = t;
            best = c;
        }
    }
    return best;
}

static void print_number(const char *name, double x) {
    if (std::isnan(x))
        printf(", \"%s\": null", name);
    else
        printf(", \"%s\": %.6g", name, x);
}

static void print_head(const Graph &g, int kind, const char *shape, int chains) {
    const dev::Info &d = dev::info();
    printf(
        "{\"system\": \"%s\", \"device\": \"%s\", \"driver\": \"%s\", \"real_gpu\": %s, \"shape\": "
        "\"%s\", \"graph\": "
        "\"%s\", \"pbits\": %d, \"couplings\": %d, \"colours\": %d, \"chains\": %d, \"beta\": %g",
        KERNELS[kind], d.name.c_str(), d.driver.c_str(), d.real ? "true" : "false", shape,
        g.name.c_str(), g.n, g.m, g.colours, chains, BETA);
}

static double mean_energy(const Graph &g, const Sampler &s, int chains) {
    std::vector<int8_t> spins((size_t)g.n * (size_t)chains);
    double sum = 0;
    s.get(spins.data());
    const int count = std::min(chains, 512);
    for (int c = 0; c < count; c++)
        sum += g.energy(&spins[(size_t)c * g.n]) / count;
    return sum;
}

struct Power {
    double watts, seconds_a_run;
};

// Runs again and again for about `seconds`; the power of the last two thirds.
static Power on_meter(Sampler &s, int sweeps, double seconds) {
    if (seconds <= 0)
        return {NAN, NAN};
    PowerMeter meter;
    const double start = now();
    int runs = 0;
    for (; now() - start < seconds; runs++)
        timed(s, sweeps);
    const double took = now() - start;
    return {meter.stop(seconds / 3), took / runs};
}

void time_chains(const Graph &g, double seconds, double meter, const std::vector<int> &counts) {
    for (const int chains : counts)
        for (int kind = Choice::NAIVE; kind <= Choice::BATCH; kind++) {
            const Choice c = best_shape(g, {}, kind, chains);
            if (c.words == 0)
                continue;
            const auto s = make_sampler(g, {}, c, chains, 1);
            double t, runs[3];
            s->all_up();
            const int sweeps = sweeps_for(*s, seconds, &t);
            for (double &r : runs)
                r = timed(*s, sweeps);
            std::sort(runs, runs + 3);
            const double flips = (double)g.n * chains * sweeps;
            const Power power = on_meter(*s, sweeps, meter);
            print_head(g, kind, c.text().c_str(), chains);
            printf(", \"sweeps\": %d", sweeps);
            print_number("seconds", runs[1]);
            print_number("fastest_seconds", runs[0]);
            print_number("slowest_seconds", runs[2]);
            print_number("flips_per_ns", flips / runs[1] * 1e-9);
            print_number("seconds_per_sweep", runs[1] / sweeps);
            print_number("watts", power.watts);
            print_number("nanojoules_per_flip", power.watts * power.seconds_a_run / flips * 1e9);
            print_number("mean_energy", mean_energy(g, *s, chains));
            printf("}\n");
            fflush(stdout);
        }
}

void time_sweeps(const Graph &g, int sweeps, int chains) {
    for (int kind = Choice::NAIVE; kind <= Choice::BATCH; kind++) {
        const Choice c = best_shape(g, {}, kind, chains);
        if (c.words == 0)
            continue;
        const auto s = make_sampler(g, {}, c, chains, 1);
        s->all_up();
        timed(*s, 2);
        const double t = timed(*s, sweeps);
        print_head(g, kind, c.text().c_str(), chains);
        printf(", \"job\": \"one batch\", \"sweeps\": %d", sweeps);
        print_number("seconds", t);
        printf("}\n");
        fflush(stdout);
    }
}

void time_training(const Graph &g, int batches, int chains, int positive, int negative) {
    enum { PIXELS = 784, LABELS = 10 };
    std::vector<char> both(g.n, 0), pixels(g.n, 0);
    std::fill_n(pixels.begin(), (int)PIXELS, 1);
    std::fill_n(both.begin(), PIXELS + LABELS, 1);
    for (int kind = Choice::NAIVE; kind <= Choice::BATCH; kind++) {
        const Choice c = best_shape(g, pixels, kind, chains);
        if (c.words == 0)
            continue;
        const auto p = make_sampler(g, both, c, chains, 1),
                   q = make_sampler(g, pixels, c, chains, 2);
        p->randomise(1);
        q->randomise(2);
        timed(*p, 2);
        timed(*q, 2);
        const double start = now();
        for (int b = 0; b < batches; b++) {
            p->run(positive, BETA);
            q->run(negative, BETA);
        }
        dev::wait();
        const double t = now() - start;
        const double hidden = g.n - PIXELS - LABELS;
        print_head(g, kind, c.text().c_str(), chains);
        printf(", \"job\": \"training\", \"batches\": %d, \"positive\": %d, \"negative\": %d",
               batches, positive, negative);
        print_number("seconds", t);
        print_number("flips",
                     batches * (double)chains * (positive * hidden + negative * (hidden + LABELS)));
        printf("}\n");
        fflush(stdout);
    }
}
