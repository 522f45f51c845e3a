/* Emulator benchmark: coupling updates and p-bit updates per nanosecond of every kernel, for one
 * board, four and 32 on one core and for 32 on each of all, for a random graph of degree 41 with
 * 8-bit weights and for Pegasus P14 with couplings of +-1; then the time that a counting segment
 * takes for a sum. Rates are those of the
 * best of many short jobs: by the clock on the wall, and by processor time (a core's rate, which
 * other load on the machine hardly touches). Usage: emu_bench [seconds per measurement].
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "compiler/compile.h"
#include "emulator/emulator.h"
#include "graph/graph.h"
#include "base/parallel.h"

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* As glb_emu_path_name(), but the two with AVX-512 apart. */
static const char *const path_name[GLB_EMU_PATHS] = {
    [GLB_EMU_PORTABLE] = "portable",
    [GLB_EMU_AVX2] = "avx2",
    [GLB_EMU_AVX512] = "avx512",
    [GLB_EMU_AVX512VBMI] = "avx512vbmi",
};

struct net {
    const char *name;
    struct glb_program *program;
    double updates, reads; /* of one chain and sweep */
};

static int make(struct net *net, const char *name, const char *family, const char *args,
                const char *array) {
    struct glb_graph *g;
    glb_graph_generate(family, args, 1, &g);
    struct glb_compile_report report;
    const struct glb_compile_options options = {.effort = 0};
    net->name = name;
    if (!g || glb_compile(g, glb_array_find(array), &options, &net->program, &report) != GLB_OK) {
        fprintf(stderr, "%s: %s\n", name, glb_error());
        return 0;
    }
    net->updates = g->n;
    net->reads = 2.0 * g->m; /* hubs' partial sums are not counted */
    printf("%s: %d p-bits, %d couplings, mean degree %.1f\n", name, g->n, g->m, net->reads / g->n);
    glb_graph_free(g);
    return 1;
}

struct rate {
    double wall, cpu; /* chains times sweeps a nanosecond; cpu: of processor time */
};

static struct rate timed(struct glb_emu *e, const struct glb_job *job, double chains) {
    const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (glb_emu_run(e, job, NULL, NULL, NULL, NULL) != GLB_OK) {
        fprintf(stderr, "%s\n", glb_error());
        exit(1);
    }
    const double work = 1e-9 * chains * job->steps->sweeps;
    return (struct rate){work / (seconds(CLOCK_MONOTONIC) - wall),
                         work / (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu)};
}

/* The best of the jobs of about 1/20 s that fit into `budget` seconds. */
static void measure(const struct net *net, enum glb_emu_path path, int threads, int boards,
                    double budget) {
    const struct glb_array *a = &net->program->array;
    struct glb_emu *e;
    struct glb_beta_step step = {.sweeps = 1};
    struct glb_job job = {.seed = 1, .steps = &step, .nsteps = 1, .nseg = 1};
    const double chains = (double)boards * a->chains;
    const enum glb_status s = glb_emu_open(a, boards, threads, path, &e);
    if (s == GLB_ERR_UNSUPPORTED)
        return;
    if (s != GLB_OK || glb_emu_load(e, net->program) != GLB_OK ||
        glb_program_k(net->program, 1.0, &step.k) != GLB_OK) {
        fprintf(stderr, "%s: %s\n", net->name, glb_error());
        exit(1);
    }
    struct rate best = timed(e, &job, chains);
    step.sweeps = (uint32_t)(0.05 * best.cpu * threads / chains * 1e9) + 1;
    for (double start = seconds(CLOCK_MONOTONIC); seconds(CLOCK_MONOTONIC) - start < budget;) {
        const struct rate r = timed(e, &job, chains);
        best.wall = r.wall > best.wall ? r.wall : best.wall;
        best.cpu = r.cpu > best.cpu ? r.cpu : best.cpu;
    }
    printf("%-12s %-10s %7d %7.0f %13.1f %10.2f %13.1f %10.2f\n", net->name, path_name[path],
           threads, chains, best.wall * net->reads, best.wall * net->updates, best.cpu * net->reads,
           best.cpu * net->updates);
    glb_emu_close(e);
}

/* A segment of ulx3s-85 with about 30,000 sums, an own word for every 20 of them, on 1,024 words.
 */
enum { COUNT_CLOCKS = 700, COUNT_WORDS = 16 };

static int random_counts(const struct glb_array *a, struct glb_program *p) {
    const int chunks = glb_array_chunks(a);
    int sums = 0;
    srand(1);
    for (int c = 0; c < COUNT_CLOCKS; c++) {
        for (int k = 0; k < chunks; k++)
            p->net[c * chunks + k] = (uint16_t)(rand() >> 8);
        for (int t = 0; t < a->tiles; t++) {
            const int op = c == 0 || rand() % 29 == 0 ? 1 : rand() % 100 < 72 ? 3 : 0;
            sums += op == 3;
            p->sched[c * a->tiles + t] = (uint32_t)(rand() / 8 % COUNT_WORDS << a->ow | op);
        }
    }
    return sums;
}

static void measure_counts(enum glb_emu_path path, int chains, int boards, double budget) {
    struct glb_array a = *glb_array_find("ulx3s-85");
    struct glb_emu *e;
    a.chains = chains;
    glb_array_derive(&a);
    const size_t words = (size_t)COUNT_CLOCKS * a.tiles;
    struct glb_program p = {.array = a, .nseg = 1, .nextra = 1, .s_used = COUNT_CLOCKS};
    p.seg[1] =
        (struct glb_segment){.s_len = COUNT_CLOCKS, .c_start = 400, .mode = GLB_SEGMENT_COUNTS};
    p.sched = malloc(words * sizeof *p.sched);
    p.net = malloc((size_t)COUNT_CLOCKS * (size_t)glb_array_chunks(&a) * sizeof *p.net);
    p.coupling = malloc(sizeof *p.coupling);
    const int sums = p.sched && p.net && p.coupling ? random_counts(&a, &p) : 0;
    const enum glb_status s = glb_emu_open(&a, boards, 1, path, &e);
    if (s == GLB_OK && sums && glb_emu_load(e, &p) == GLB_OK) {
        struct glb_beta_step step = {.k = 1 << 16, .sweeps = 100};
        const struct glb_job job = {
            .steps = &step, .nsteps = 1, .interval = 0, .nseg = 2, .seg = {0, 1}};
        double best = 0;
        for (double start = seconds(CLOCK_MONOTONIC); seconds(CLOCK_MONOTONIC) - start < budget;) {
            const double rate = timed(e, &job, sums).cpu;
            best = rate > best ? rate : best;
        }
        printf("%-12s %-10s %7d %7d %13.2f\n", "counting", path_name[path], chains, boards,
               1 / best);
    }
    if (s == GLB_OK)
        glb_emu_close(e);
    free(p.sched);
    free(p.net);
    free(p.coupling);
}

static void processor(void) {
    char line[256], name[200];
    FILE *f = fopen("/proc/cpuinfo", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "model name : %199[^\n]", name) == 1) {
            printf("%s, %d cores online\n", name, glb_online_cores());
            break;
        }
    if (f)
        fclose(f);
}

int main(int argc, char **argv) {
    const double budget = argc > 1 ? atof(argv[1]) : 2;
    struct net nets[2];
    processor();
    if (!make(&nets[0], "degree-41", "regular", "n=2048,d=41,weights=gauss", "big") ||
        !make(&nets[1], "pegasus-p14", "pegasus", "m=14", "ulx3s-85"))
        return 1;
    printf("\n%-12s %-10s %7s %7s %13s %10s %13s %10s\n", "", "", "", "", "couplings/ns",
           "p-bits/ns", "couplings/ns", "p-bits/ns");
    printf("%-12s %-10s %7s %7s %13s %10s %13s %10s\n", "graph", "kernel", "threads", "chains",
           "wall time", "wall time", "a core", "a core");
    for (int i = 0; i < 2; i++)
        for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++) {
            for (int boards = 1; boards <= 32; boards *= boards < 4 ? 4 : 8)
                measure(&nets[i], (enum glb_emu_path)path, 1, boards, budget);
            if (glb_online_cores() > 1)
                measure(&nets[i], (enum glb_emu_path)path, glb_online_cores(),
                        32 * glb_online_cores(), budget);
        }
    printf("\n%-12s %-10s %7s %7s %13s\n", "", "kernel", "chains", "boards", "ns a sum*");
    for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++)
        for (int chains = 4; chains <= 16; chains *= 2) {
            measure_counts((enum glb_emu_path)path, chains, 1, budget / 4);
            measure_counts((enum glb_emu_path)path, chains, 512 / chains, budget / 4);
        }
    printf("* of all boards, processor time\n");
    for (int i = 0; i < 2; i++)
        glb_program_free(nets[i].program);
    return 0;
}
