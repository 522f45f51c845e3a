/* A run in the background that is watched and, since it would take hours, cancelled. gcc
 * async_cancel.c $(pkg-config --cflags --libs glauber); SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* nanosleep() */
#include <glauber.h>
#include <stdio.h>
#include <time.h>

int main(void) {
    struct glb_graph *graph = NULL;
    struct glb_sampler *sampler = NULL;
    struct glb_settings settings;
    const struct timespec tenth = {0, 100000000};
    double fraction = 0, best = 0;
    int looks = 0;
    glb_settings_init(&settings, sizeof settings);
    settings.samples = 1000000;
    settings.interval = 1000;
    if (glb_graph_generate("torus3d", "lx=8,weights=gauss", 1, &graph) ||
        glb_sampler_open(graph, "emu", "ulx3s-85", &sampler) ||
        glb_sampler_start(sampler, &settings)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    while (glb_sampler_poll(sampler, &fraction, &best) && looks < 10) {
        nanosleep(&tenth, NULL); /* or something useful */
        looks++;
    }
    glb_sampler_cancel(sampler); /* a signal handler may call it too */
    if (glb_sampler_wait(sampler)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const struct glb_result *r = glb_sampler_result(sampler);
    printf("%s after %llu sweeps (%.4f %% done), %lld samples of %d chains\n",
           r->stopped ? "stopped" : "finished", (unsigned long long)r->sweeps, 100 * fraction,
           (long long)r->samples, r->chains);
    const int stopped = r->stopped;
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return stopped ? 0 : 1;
}
