/* Cuts G11 of the G-set: 800 nodes, best known cut 564. gcc anneal.c $(pkg-config --cflags --libs
 * glauber) -lm; SPDX-License-Identifier: Apache-2.0 */
#include <glauber.h>
#include <math.h>
#include <stdio.h>

enum { STEPS = 100 };

int main(void) {
    struct glb_graph *graph = NULL;
    struct glb_sampler *sampler = NULL;
    struct glb_settings settings;
    struct glb_step schedule[STEPS];
    double hot, cold;
    if (glb_graph_generate("gset", "name=G11", 0, &graph) || glb_beta_range(graph, &hot, &cold) ||
        glb_sampler_open(graph, "emu", "ulx3s-85", &sampler)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    for (int k = 0; k < STEPS; k++) { /* beta in equal ratios, ten sweeps at each */
        schedule[k].beta = hot * pow(cold / hot, k / (STEPS - 1.0));
        schedule[k].sweeps = 10;
    }
    glb_settings_init(&settings, sizeof settings);
    settings.schedule = schedule;
    settings.steps = STEPS;
    settings.burn_in = 0;
    settings.interval = 10;
    settings.samples = 0; /* one after every step */
    settings.chains = 128;
    settings.stop_energy = -564; /* energies are minus the cut */
    if (glb_sampler_run(sampler, &settings)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const struct glb_result *r = glb_sampler_result(sampler);
    int ones = 0;
    for (int i = 0; i < r->pbits; i++)
        ones += r->best_spins[i] > 0;
    printf("beta %.3g to %.3g: best cut %g of %d chains, %d nodes against %d%s\n", hot, cold,
           -r->best_energy, r->chains, ones, r->pbits - ones, r->reached ? ", the best known" : "");
    const int good = -glb_graph_input_energy(graph, r->best_spins) >= 550;
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return good ? 0 : 1;
}
