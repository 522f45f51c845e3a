/* What `make sim` runs: a Pegasus spin glass and a small enumerable graph as real jobs on the
 * Verilated RTL; every sample bit is compared with the emulator, and the small graph's distribution
 * with exact enumeration. Prints rates. Usage: sim_job --array NAME [--trace FILE] [--sweeps N]
 * [--pegasus M]   SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "device/device.h"
#include "graph/graph.h"
#include "array/program.h"
#include "check/selftest.h"

static const double sigma_limit = 5; /* Chance: above(5) | chi-square as normal deviate */

static int report(int bad, const char *what) {
    if (bad)
        printf("# %s\n", glb_error());
    printf("%s - %s\n", bad ? "not ok" : "ok", what);
    fflush(stdout);
    return bad;
}

/* The largest Pegasus graph P<m>, m <= 14, that fits the array; its M in *m. */
static struct glb_graph *spin_glass(const char *array, int *m, struct glb_program **p) {
    for (; *m >= 2; --*m) {
        char args[32];
        snprintf(args, sizeof args, "m=%d", *m);
        struct glb_graph *g;
        glb_graph_generate("pegasus", args, 14, &g);
        if (!g)
            return NULL;
        const enum glb_status s = glb_program_compile(g, array, NULL, p);
        if (s == GLB_OK)
            return g;
        glb_graph_free(g);
        if (s != GLB_ERR_FIT)
            return NULL;
    }
    return NULL;
}

static int job_spin_glass(const char *array, int m, long sweeps) {
    struct glb_program *p = NULL;
    struct glb_graph *g = spin_glass(array, &m, &p);
    struct glb_settings set;
    struct glb_result r;
    long samples;
    if (!g)
        return report(1, "spin glass");
    printf("# spin glass: Pegasus P%d, %d p-bits, %d couplings, on %s\n", m, g->n, g->m, array);
    glb_settings_init(&set, sizeof set);
    set.beta = 0.5;
    set.burn_in = 0;
    set.interval = 1;
    set.samples = sweeps;
    int bad = glb_compare_devices(g, p, "emu", "sim", &set, &samples, &r);
    if (!bad)
        printf("# %llu cycles, %llu flips, %.2f flips and %.1f coupling updates a cycle\n"
               "# %.3g simulated flips a second, %.3g a second of processor time (%.3g with the "
               "time to load "
               "the program)\n"
               "# energy of the last sweeps: mean %.1f, best %.1f\n",
               (unsigned long long)r.clocks, (unsigned long long)r.updates, r.updates_per_clock,
               r.coupling_updates_per_clock, (double)r.updates / r.job_seconds,
               (double)r.updates / r.job_cpu_seconds, (double)r.updates / r.seconds, r.mean_energy,
               r.best_energy);
    char what[160];
    snprintf(what, sizeof what, "P%d spin glass: all bits of %ld samples x %d chains as emulated",
             m, sweeps, bad ? 0 : r.chains);
    bad = report(bad, what);
    glb_program_free(p);
    glb_graph_free(g);
    return bad;
}

static int job_small(const char *array, const char *trace) {
    struct glb_graph *g;
    glb_graph_generate("regular", "n=8,d=3,weights=pm1,bias=pm1,bias-scale=0.5", 8, &g);
    struct glb_program *p = NULL;
    struct glb_device *d = NULL;
    struct glb_settings set;
    struct glb_result r;
    double chi2 = NAN, z = NAN;
    int dof = 0;
    long samples;
    char what[160];
    glb_settings_init(&set, sizeof set);
    set.beta = 0.6;
    set.interval = 8; /* sweeps between samples that count as independent */
    set.samples = 3000;
    int bad = !g || glb_program_compile(g, array, NULL, &p) ||
              glb_compare_devices(g, p, "emu", "sim", &set, &samples, &r);
    snprintf(what, sizeof what, "8 p-bits: all bits of %ld samples x %d chains as emulated",
             bad ? 0 : samples, bad ? 0 : r.chains);
    int all = report(bad, what);
    if (!bad)
        bad = glb_device_open("sim", array, &d) || (trace && glb_device_trace(d, trace));
    if (!bad &&
        trace) { /* a waveform of everything would fill the disk: the start of a job is enough */
        struct glb_settings few = set;
        struct glb_sampler *s = NULL;
        few.burn_in = 0;
        few.samples = 2;
        bad = glb_sampler_new(g, p, d, &s) || glb_sampler_run(s, &few) || glb_device_trace(d, NULL);
        glb_sampler_close(s);
        if (!bad)
            printf("# waveform: %s\n", trace);
    }
    if (!bad)
        bad = glb_compare_exact(g, p, d, &set, &chi2, &dof, &z);
    if (!bad && !(z < sigma_limit))
        bad = glb_fail(GLB_ERR_DEVICE, "chi-square %.1f at %d degrees of freedom", chi2, dof);
    snprintf(what, sizeof what,
             "8 p-bits: exact distribution, chi-square %.1f at %d degrees of freedom, %+.1f sigma "
             "(limit %g)",
             chi2, dof, z, sigma_limit);
    all |= report(bad, what);
    glb_device_close(d);
    glb_program_free(p);
    glb_graph_free(g);
    return all;
}

int main(int argc, char **argv) {
    const char *array = "ulx3s-85", *trace = NULL;
    long sweeps = 20;
    int m = 14;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--array") == 0)
            array = argv[i + 1];
        else if (strcmp(argv[i], "--trace") == 0)
            trace = argv[i + 1];
        else if (strcmp(argv[i], "--sweeps") == 0)
            sweeps = atol(argv[i + 1]);
        else if (strcmp(argv[i], "--pegasus") == 0)
            m = atoi(argv[i + 1]);
    }
    int bad = job_spin_glass(array, m, sweeps);
    bad |= job_small(array, trace);
    return bad;
}
