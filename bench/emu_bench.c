/* Emulator benchmark: coupling updates and p-bit updates per nanosecond of every kernel, on one
 * core and on all, for a random graph of degree 41 with 8-bit weights and for Pegasus P14 with
 * couplings of +-1. Usage: emu_bench [seconds per measurement]. SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "emu.h"
#include "graph.h"
#include "parallel.h"

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct net {
    const char *name;
    struct glb_program *program;
    double updates, reads; /* of one chain and sweep */
};

static int make(struct net *net, const char *name, const char *family, const char *args,
                const char *array) {
    struct glb_graph *g = glb_graph_generate(family, args, 1);
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

/* Runs jobs of more and more sweeps until one lasts long enough. */
static int measure(const struct net *net, enum glb_emu_path path, int threads, int boards,
                   double least) {
    const struct glb_array *a = &net->program->array;
    struct glb_emu *e;
    struct glb_beta_step step = {.sweeps = 1};
    struct glb_job job = {.seed = 1, .steps = &step, .nsteps = 1, .nseg = 1};
    const enum glb_status s = glb_emu_open(a, boards, threads, path, &e);
    if (s == GLB_ERR_UNSUPPORTED)
        return 1;
    if (s != GLB_OK || glb_emu_load(e, net->program) != GLB_OK ||
        glb_program_k(net->program, 1.0, &step.k) != GLB_OK) {
        fprintf(stderr, "%s: %s\n", net->name, glb_error());
        return 0;
    }
    for (;;) {
        const double start = seconds();
        if (glb_emu_run(e, &job, NULL, NULL, NULL, NULL) != GLB_OK)
            return 0;
        const double t = seconds() - start;
        if (t >= least) {
            const double chains = (double)boards * a->chains * step.sweeps;
            printf("%-12s %-9s %7d %7d %13.1f %10.2f\n", net->name, glb_emu_path_name(e), threads,
                   boards * a->chains, chains * net->reads / t * 1e-9,
                   chains * net->updates / t * 1e-9);
            break;
        }
        step.sweeps = (uint32_t)((double)step.sweeps * (t > 0 ? 1.2 * least / t : 100) + 1);
    }
    glb_emu_close(e);
    return 1;
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
    const double least = argc > 1 ? atof(argv[1]) : 2;
    struct net nets[2];
    int n, bad = 0;
    glb_arrays(&n);
    processor();
    if (!make(&nets[0], "degree-41", "regular", "n=2048,d=41,weights=gauss", "big") ||
        !make(&nets[1], "pegasus-p14", "pegasus", "m=14", "ulx3s-85"))
        return 1;
    printf("\n%-12s %-9s %7s %7s %13s %10s\n", "graph", "kernel", "threads", "chains",
           "couplings/ns", "p-bits/ns");
    for (int i = 0; i < 2; i++)
        for (int path = GLB_EMU_PORTABLE; path <= GLB_EMU_AVX512; path++)
            for (int threads = 1; threads <= glb_online_cores();
                 threads += glb_online_cores() - 1) {
                bad |= !measure(&nets[i], (enum glb_emu_path)path, threads, 32 * threads, least);
                if (glb_online_cores() == 1)
                    break;
            }
    for (int i = 0; i < 2; i++)
        glb_program_free(nets[i].program);
    return bad;
}
