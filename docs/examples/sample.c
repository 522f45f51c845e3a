/* Samples a 16 x 16 +-J spin glass. gcc sample.c $(pkg-config --cflags --libs glauber);
 * SPDX-License-Identifier: Apache-2.0 */
#include <glauber.h>
#include <stdio.h>

int main(void) {
    struct glb_graph *graph = NULL;
    struct glb_sampler *sampler = NULL;
    struct glb_settings settings;
    glb_settings_init(&settings, sizeof settings);
    settings.beta = 1.0;
    settings.samples = 1000; /* of each chain */
    if (glb_graph_generate("torus2d", "lx=16,weights=pm1", 1, &graph) ||
        glb_sampler_open(graph, "emu", "ulx3s-85", &sampler) ||
        glb_sampler_run(sampler, &settings)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const struct glb_result *r = glb_sampler_result(sampler);
    printf("%d chains x %lld samples: energy %.2f +- %.2f, best %g\n", r->chains,
           (long long)r->samples, r->mean_energy, r->mean_energy_stderr, r->best_energy);
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return 0;
}
