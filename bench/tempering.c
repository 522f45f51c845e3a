/* Processor time of replica exchange on the emulator beside plain sampling: Pegasus P14, 16 ladders
 * of 16 and 32 temperatures, 1 to 10 sweeps a round. SPDX-License-Identifier: Apache-2.0
 *
 * Usage: tempering [SWEEPS], by default 400 */
#include <stdio.h>
#include <stdlib.h>
#include "base/seconds.h"
#include <glauber.h>

static int fail(void) {
    fprintf(stderr, "tempering: %s\n", glb_error());
    return 1;
}

static int plain(struct glb_sampler *s, int chains, int sweeps) {
    struct glb_settings set;
    glb_settings_init(&set, sizeof set);
    set.chains = chains;
    set.samples = 1;
    set.interval = (uint32_t)sweeps;
    set.burn_in = 0;
    const double start = glb_seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (glb_sampler_run(s, &set))
        return fail();
    const double seconds = glb_seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    const struct glb_result *r = glb_sampler_result(s);
    printf("| plain, %d chains | | | %.2f | | |\n", r->chains, (double)r->updates / seconds * 1e-9);
    return 0;
}

static int ladder(struct glb_sampler *s, int temperatures, int interval, int clusters, int sweeps) {
    struct glb_settings set;
    struct glb_tempering t;
    glb_settings_init(&set, sizeof set);
    glb_tempering_init(&t, sizeof t);
    set.beta = 2.3;
    set.samples = sweeps / interval;
    set.interval = (uint32_t)interval;
    set.burn_in = 0;
    set.certificate = 0;
    t.beta_hot = 0.3;
    t.temperatures = temperatures;
    t.cluster_moves = clusters;
    const double start = glb_seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (glb_sampler_temper(s, &set, &t))
        return fail();
    const double seconds = glb_seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    const struct glb_result *r = glb_sampler_result(s);
    printf("| %d | %d | %s | %.2f | %.2f | %.2f |\n", temperatures, interval,
           clusters ? "yes" : "no", (double)r->updates / seconds * 1e-9,
           seconds * 1e3 / (double)set.samples, r->job_cpu_seconds * 1e3 / (double)set.samples);
    return 0;
}

int main(int argc, char **argv) {
    static const int temperatures[] = {16, 32}, intervals[] = {1, 2, 5, 10};
    const int sweeps = argc > 1 ? atoi(argv[1]) : 400;
    struct glb_graph *g;
    struct glb_sampler *s;
    if (glb_graph_generate("pegasus", "m=14", 1, &g) || glb_sampler_open(g, "emu", "ulx3s-85", &s))
        return fail();
    printf("| temperatures | sweeps a round | cluster moves | updates/ns | ms a round | of that "
           "states and sweeps |\n|---|---|---|---|---|---|\n");
    int bad = 0;
    for (int k = 0; k < 2 && !bad; k++) {
        bad = plain(s, 16 * temperatures[k], sweeps);
        for (int i = 0; i < 8 && !bad; i++)
            bad = ladder(s, temperatures[k], intervals[i % 4], i / 4, sweeps);
    }
    glb_sampler_close(s);
    glb_graph_free(g);
    return bad;
}
