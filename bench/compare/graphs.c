/* The graphs of the comparison, as files (mnist-shallow: of the size of `glauber train`'s default):
 * real-valued and as the array holds them (-q), what the emulator finds on the latter (.ref), and
 * the clocks of a sweep on every array (clocks.json). Usage: graphs DIRECTORY CHAINS [NAME...];
 * CHAINS of the reference, in steps of 512. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler/compile.h"
#include "emulator/emulator.h"
#include "graph/graph.h"
#include "base/rng.h"

struct setting {
    const char *name, *family, *args;
    double beta; /* of the reference: hot enough to mix within BURN_IN sweeps */
};

static const struct setting settings[] = {
    {"p14", "pegasus", "m=14,weights=gauss,scale=0.5,bias=gauss,bias-scale=0.5", 0.4},
    {"mnist-shallow", "mnist-shallow", "weights=gauss,scale=0.25,bias=gauss,bias-scale=0.5", 0.2},
    {"mnist-m2", "mnist-m2", "weights=gauss,scale=0.25,bias=gauss,bias-scale=0.5", 0.2},
};

enum { BURN_IN = 40, SAMPLES = 4, INTERVAL = 10, BOARDS = 32 };

static void die(const char *what) {
    fprintf(stderr, "graphs: %s: %s\n", what, glb_error());
    exit(1);
}

/* Opens DIRECTORY/NAME, to be written. */
static FILE *create(const char *directory, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

static void finish(FILE *f) {
    if (ferror(f) | fclose(f)) {
        perror("graphs: writing");
        exit(1);
    }
}

/* J = u w / 2, h = u (q + sum_j w_ij / 2): whole multiples of u / 2 (host/lib/compiler/quantise.c).
 */
static struct glb_graph *as_held(const struct glb_graph *g, const struct glb_program *p) {
    double *J = malloc((size_t)g->m * sizeof *J), *h = malloc((size_t)g->n * sizeof *h);
    if (!J || !h)
        exit(1);
    for (int i = 0; i < g->n; i++)
        h[i] = p->u * p->qbias[i];
    for (int e = 0; e < g->m; e++) {
        J[e] = p->u / 2 * p->weight[e];
        h[g->ei[e]] += J[e];
        h[g->ej[e]] += J[e];
    }
    struct glb_graph *held;
    glb_graph_from_arrays(g->n, g->m, g->ei, g->ej, J, h, GLB_BOLTZMANN, 0, &held);
    if (!held)
        die("quantised graph");
    free(J);
    free(h);
    return held;
}

static void write_held(const struct glb_graph *g, double unit, const char *directory,
                       const char *name) {
    char file[256];
    snprintf(file, sizeof file, "%s-q.mtx", name);
    FILE *f = create(directory, file);
    fprintf(f, "%%%%MatrixMarket matrix coordinate real symmetric\n%%unit %.17g\n%d %d %d\n", unit,
            g->n, g->n, g->m);
    for (int e = 0; e < g->m; e++)
        fprintf(f, "%d %d %.17g\n", g->ej[e] + 1, g->ei[e] + 1, g->J[e]);
    finish(f);
    snprintf(file, sizeof file, "%s-q.bias.mtx", name);
    f = create(directory, file);
    fprintf(f, "%%%%MatrixMarket matrix array real general\n%d 1\n", g->n);
    for (int i = 0; i < g->n; i++)
        fprintf(f, "%.17g\n", g->h[i]);
    finish(f);
}

/* Spins of all chains of page 0: spins[chain][n]. */
static void read_spins(const struct glb_emu *e, const struct glb_program *p, int8_t *spins) {
    const int chains = BOARDS * p->array.chains;
    uint64_t words[BOARDS * 16 / 64];
    for (int i = 0; i < p->n; i++) {
        const struct glb_slot s = p->slot[i];
        glb_emu_get(e, 0, s.tile, s.lane << p->array.gw | s.g, words);
        for (int c = 0; c < chains; c++)
            spins[(size_t)c * (size_t)p->n + (size_t)i] = words[c / 64] >> (c % 64) & 1 ? 1 : -1;
    }
}

struct tally {
    double energy, squares; /* of the chains' means */
    long *up;               /* [n] chains in which the p-bit is +1 in the last sample */
    int chains;
};

/* BOARDS boards from random starts; job numbers make the seeds. */
static void sample(struct glb_emu *e, const struct glb_program *p, const struct glb_graph *g,
                   uint32_t k, uint32_t run, struct tally *t) {
    const int chains = BOARDS * p->array.chains;
    int8_t *spins = malloc((size_t)chains * (size_t)p->n);
    double *energy = calloc((size_t)chains, sizeof *energy);
    struct glb_rng rng = glb_rng_at(1, 0x726566, run);
    uint64_t words[BOARDS * 16 / 64], seeds[BOARDS];
    if (!spins || !energy)
        exit(1);
    for (int i = 0; i < p->n; i++) {
        const struct glb_slot s = p->slot[i];
        for (int w = 0; w < chains / 64; w++)
            words[w] = glb_rng_u64(&rng);
        glb_emu_set(e, 0, s.tile, s.lane << p->array.gw | s.g, words);
    }
    for (int s = 0; s < SAMPLES; s++) {
        const struct glb_beta_step step = {.sweeps = INTERVAL + (s ? 0 : BURN_IN), .k = k};
        struct glb_job job = {.steps = &step, .nsteps = 1, .nseg = 1};
        for (int b = 0; b < BOARDS; b++)
            seeds[b] = glb_rng_u64(&rng);
        if (glb_emu_run(e, &job, seeds, NULL, NULL, NULL))
            die("emulator");
        read_spins(e, p, spins);
        for (int c = 0; c < chains; c++)
            energy[c] += glb_graph_energy(g, spins + (size_t)c * (size_t)p->n) / SAMPLES;
    }
    for (int c = 0; c < chains; c++) {
        t->energy += energy[c];
        t->squares += energy[c] * energy[c];
        for (int i = 0; i < p->n; i++)
            t->up[i] += spins[(size_t)c * (size_t)p->n + (size_t)i] > 0;
    }
    t->chains += chains;
    free(spins);
    free(energy);
}

static void write_reference(const struct setting *s, const struct glb_program *p,
                            const struct glb_graph *held, int chains, const char *directory) {
    struct tally t = {.up = calloc((size_t)held->n, sizeof *t.up)};
    struct glb_emu *e;
    uint32_t k;
    char file[256];
    if (!t.up || glb_emu_open(&p->array, BOARDS, 1, GLB_EMU_AUTO, &e) || glb_emu_load(e, p) ||
        glb_program_k(p, s->beta, &k))
        die(s->name);
    for (uint32_t run = 0; t.chains < chains; run++)
        sample(e, p, held, k, run, &t);
    glb_emu_close(e);
    const double mean = t.energy / t.chains;
    const double error =
        sqrt(fmax(0, t.squares / t.chains - mean * mean) / (t.chains > 1 ? t.chains - 1 : 1));
    snprintf(file, sizeof file, "%s-q.ref", s->name);
    FILE *f = create(directory, file);
    fprintf(f, "%g %d %d %d %d\n%.17g %.17g\n", s->beta, t.chains, BURN_IN, SAMPLES, INTERVAL, mean,
            error);
    for (int i = 0; i < held->n; i++)
        fprintf(f, "%.17g\n", 2.0 * (double)t.up[i] / t.chains - 1);
    finish(f);
    free(t.up);
}

/* Clocks of a sweep on every array that holds the graph, test arrays left out. */
static void write_clocks(const struct setting *s, const struct glb_graph *g, FILE *f, int *rows) {
    int count;
    const struct glb_array *a = glb_arrays(&count);
    for (int k = 0; k < count; k++) {
        struct glb_program *p = NULL;
        struct glb_compile_report r;
        const struct glb_compile_options o = {.effort = 2};
        if (!strncmp(a[k].name, "tiny", 4) || !strcmp(a[k].name, "small") ||
            !strcmp(a[k].name, "big") || glb_compile(g, &a[k], &o, &p, &r))
            continue;
        fprintf(f,
                "%s\n{\"graph\": \"%s-q\", \"pbits\": %d, \"couplings\": %d, \"array\": \"%s\", "
                "\"tiles\": %d, \"lanes\": %d, \"chains\": %d, \"clocks_per_sweep\": %d, "
                "\"flips_per_cycle\": %.4f}",
                (*rows)++ ? "," : "", s->name, g->n, g->m, a[k].name, a[k].tiles, a[k].lanes,
                a[k].chains, r.clocks, (double)g->n * a[k].chains / r.clocks);
        glb_program_free(p);
    }
}

static int wanted(const char *name, int argc, char **argv) {
    for (int k = 3; k < argc; k++)
        if (strcmp(name, argv[k]) == 0)
            return 1;
    return argc == 3;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("usage: graphs DIRECTORY CHAINS [NAME...]\n", stderr);
        return 2;
    }
    const int chains = atoi(argv[2]), all = argc == 3;
    FILE *clocks = all ? create(argv[1], "clocks.json") : NULL;
    int rows = 0;
    if (clocks)
        fputs("[", clocks);
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++) {
        const struct setting *s = &settings[k];
        if (!wanted(s->name, argc, argv))
            continue;
        struct glb_graph *g;
        glb_graph_generate(s->family, s->args, 1, &g);
        struct glb_program *p = NULL;
        struct glb_compile_report report;
        const struct glb_compile_options o = {.effort = 0};
        char path[1024], bias[1024];
        if (!g || glb_compile(g, glb_array_find("ulx3s-85"), &o, &p, &report))
            die(s->name);
        struct glb_graph *held = as_held(g, p);
        snprintf(path, sizeof path, "%s/%s.mtx", argv[1], s->name);
        snprintf(bias, sizeof bias, "%s/%s.bias.mtx", argv[1], s->name);
        if (glb_graph_write(g, path, bias))
            die(s->name);
        write_held(held, p->u / 2, argv[1], s->name);
        write_reference(s, p, held, chains, argv[1]);
        if (clocks)
            write_clocks(s, held, clocks, &rows);
        printf("%s: %d p-bits, %d couplings, unit %g, largest error of a coupling %.2g\n", s->name,
               g->n, g->m, p->u / 2, report.j_max_error);
        fflush(stdout);
        glb_graph_free(g);
        glb_graph_free(held);
        glb_program_free(p);
    }
    if (clocks) {
        fputs("\n]\n", clocks);
        finish(clocks);
    }
    return 0;
}
