/* Rate of the emulator for the comparison with its peers: one graph file (with NAME.bias.mtx beside
 * NAME.mtx, if there is one), one beta, one JSON line for each number of chains.
 * Usage: emu_gibbs GRAPH.mtx ARRAY CHAINS[,CHAINS...] SWEEPS BETA THREADS REPEAT (SWEEPS 0: as many
 * as take some 0.2 s; THREADS 0: all cores). SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compiler/compile.h"
#include "emulator/emulator.h"
#include "graph/graph.h"
#include "base/parallel.h"
#include "base/rng.h"

static double now(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* File name without folder and ending. */
static void print_name(const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    printf("%.*s", (int)strcspn(name, "."), name);
}

struct energies {
    double mean, best, squares; /* squares: mean of them */
};

/* Energies of all chains' states of page 0. */
static struct energies read_energies(const struct glb_emu *e, const struct glb_graph *g,
                                     const struct glb_program *p, int boards) {
    const int chains = boards * p->array.chains;
    const size_t stride = (size_t)(chains + 63) / 64;
    uint64_t *words = malloc((size_t)g->n * stride * sizeof *words);
    int8_t *spins = malloc((size_t)g->n);
    struct energies r = {0, 0, 0};
    if (!words || !spins)
        exit(1);
    for (int i = 0; i < g->n; i++) {
        const struct glb_slot s = p->slot[i];
        glb_emu_get(e, 0, s.tile, s.lane << p->array.gw | s.g, words + (size_t)i * stride);
    }
    for (int c = 0; c < chains; c++) {
        for (int i = 0; i < g->n; i++)
            spins[i] = words[(size_t)i * stride + (size_t)c / 64] >> (c % 64) & 1 ? 1 : -1;
        const double energy = glb_graph_energy(g, spins);
        r.mean += energy / chains;
        r.squares += energy * energy / chains;
        r.best = c == 0 || energy < r.best ? energy : r.best;
    }
    free(words);
    free(spins);
    return r;
}

static void randomise(struct glb_emu *e, const struct glb_graph *g, const struct glb_program *p,
                      int boards, struct glb_rng *rng) {
    uint64_t words[512];
    for (int i = 0; i < g->n; i++) {
        const struct glb_slot s = p->slot[i];
        for (int w = 0; w < (boards * p->array.chains + 63) / 64; w++)
            words[w] = glb_rng_u64(rng);
        glb_emu_set(e, 0, s.tile, s.lane << p->array.gw | s.g, words);
    }
}

static struct glb_graph *read_graph(const char *path) {
    char bias[4096];
    snprintf(bias, sizeof bias, "%.*s.bias.mtx", (int)(strlen(path) - strlen(".mtx")), path);
    struct glb_graph *g;
    glb_graph_read(path, access(bias, R_OK) ? NULL : bias, GLB_BOLTZMANN, &g);
    return g;
}

/* Seconds of a job; processor time on one thread, as other work on the machine does not count. */
static double run(struct glb_emu *e, const struct glb_job *job, int boards, int threads,
                  struct glb_rng *rng) {
    uint64_t *seeds = malloc((size_t)boards * sizeof *seeds);
    for (int b = 0; seeds && b < boards; b++)
        seeds[b] = glb_rng_u64(rng);
    const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    if (!seeds || glb_emu_run(e, job, seeds, NULL, NULL, NULL)) {
        fprintf(stderr, "emu_gibbs: %s\n", glb_error());
        exit(1);
    }
    const double t = now(CLOCK_MONOTONIC) - wall, own = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    free(seeds);
    return threads == 1 && own < t ? own : t;
}

struct setting {
    const char *path, *beta;
    int sweeps, threads, repeat;
};

static void measure(const struct glb_graph *g, const struct glb_program *p, int asked,
                    const struct setting *s) {
    const int boards = (asked + p->array.chains - 1) / p->array.chains;
    struct glb_beta_step step = {.sweeps = s->sweeps ? (uint32_t)s->sweeps : 2};
    struct glb_job job = {.steps = &step, .nsteps = 1, .nseg = (uint8_t)p->nseg};
    struct glb_emu *e = NULL;
    struct glb_rng rng = glb_rng_at(1, 0x70656572, 0);
    double best = 0;
    struct energies energies = {0, 0, 0};
    if (asked < 1 || boards * p->array.chains > 512 * 64 ||
        glb_emu_open(&p->array, boards, s->threads, GLB_EMU_AUTO, &e) || glb_emu_load(e, p) ||
        glb_program_k(p, atof(s->beta), &step.k)) {
        fprintf(stderr, "emu_gibbs: %d chains: %s\n", asked, glb_error());
        exit(1);
    }
    for (int k = 0; k < p->nseg; k++)
        job.seg[k] = (uint8_t)k;
    randomise(e, g, p, boards, &rng);
    if (!s->sweeps)
        step.sweeps = (uint32_t)(0.2 * step.sweeps / run(e, &job, boards, s->threads, &rng)) + 1;
    for (int r = 0; r < s->repeat; r++) {
        randomise(e, g, p, boards, &rng);
        const double t = run(e, &job, boards, s->threads, &rng);
        if (r == 0 || t < best) {
            best = t;
            energies = read_energies(e, g, p, boards);
        }
    }
    const double flips = (double)g->n * asked * step.sweeps;
    printf("{\"system\": \"glauber emu\", \"version\": \"%s, %s\", \"graph\": \"", glb_version(),
           glb_emu_path_name(e));
    print_name(s->path);
    printf("\", \"pbits\": %d, \"couplings\": %d, \"chains\": %d, \"sweeps\": %u, \"beta\": %s, "
           "\"threads\": %d, \"flips\": %.0f, \"seconds\": %.6f, \"flips_per_ns\": %.4g, "
           "\"mean_energy\": %.10g, \"best_energy\": %.10g, \"energy_sd\": %.6g}\n",
           g->n, g->m, asked, step.sweeps, s->beta, s->threads, flips, best, flips / best * 1e-9,
           energies.mean, energies.best,
           sqrt(fmax(0, energies.squares - energies.mean * energies.mean)));
    fflush(stdout);
    glb_emu_close(e);
}

int main(int argc, char **argv) {
    if (argc != 8) {
        fputs("usage: emu_gibbs GRAPH.mtx ARRAY CHAINS[,CHAINS...] SWEEPS BETA THREADS REPEAT\n",
              stderr);
        return 2;
    }
    const struct glb_array *a = glb_array_find(argv[2]);
    struct glb_graph *g = read_graph(argv[1]);
    const struct setting s = {.path = argv[1],
                              .beta = argv[5],
                              .sweeps = atoi(argv[4]),
                              .threads = atoi(argv[6]) ? atoi(argv[6]) : glb_online_cores(),
                              .repeat = atoi(argv[7])};
    struct glb_program *p = NULL;
    struct glb_compile_options options = {.effort = 0};
    struct glb_compile_report report;
    if (!a || !g || glb_compile(g, a, &options, &p, &report)) {
        fprintf(stderr, "emu_gibbs: %s\n", a ? glb_error() : "no such array");
        return 1;
    }
    for (const char *c = argv[3]; *c; c += strcspn(c, ","), c += *c == ',')
        measure(g, p, atoi(c), &s);
    glb_program_free(p);
    glb_graph_free(g);
    return 0;
}
