/* Emulator benchmark: coupling updates and p-bit updates per nanosecond of every kernel, on one
 * core and on all, for a random graph of degree 41 with 8-bit weights and for Pegasus P14 with
 * couplings of
 * +-1. Rates are those of the best of many short jobs: by the clock on the wall, and by processor
 * time (a core's rate, which other load on the machine hardly touches). Usage: emu_bench [seconds
 * per measurement]. SPDX-License-Identifier: Apache-2.0 */
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
    printf("%-12s %-9s %7d %7.0f %13.1f %10.2f %13.1f %10.2f\n", net->name, glb_emu_path_name(e),
           threads, chains, best.wall * net->reads, best.wall * net->updates, best.cpu * net->reads,
           best.cpu * net->updates);
    glb_emu_close(e);
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
    printf("\n%-12s %-9s %7s %7s %13s %10s %13s %10s\n", "", "", "", "", "couplings/ns",
           "p-bits/ns", "couplings/ns", "p-bits/ns");
    printf("%-12s %-9s %7s %7s %13s %10s %13s %10s\n", "graph", "kernel", "threads", "chains",
           "wall time", "wall time", "a core", "a core");
    for (int i = 0; i < 2; i++)
        for (int path = GLB_EMU_PORTABLE; path <= GLB_EMU_AVX512; path++) {
            measure(&nets[i], (enum glb_emu_path)path, 1, 32, budget);
            if (glb_online_cores() > 1)
                measure(&nets[i], (enum glb_emu_path)path, glb_online_cores(),
                        32 * glb_online_cores(), budget);
        }
    for (int i = 0; i < 2; i++)
        glb_program_free(nets[i].program);
    return 0;
}
