/* All samples of all chains in two arrays of the caller's, and the same block by block. gcc bulk.c
 * $(pkg-config --cflags --libs glauber); SPDX-License-Identifier: Apache-2.0 */
#include <glauber.h>
#include <stdio.h>
#include <stdlib.h>

/* Counts p-bit 0 being up; chains of a block are the bits of its planes. */
static int count_ups(void *user, const struct glb_sample_block *b) {
    long *ups = (long *)user;
    for (int c = 0; c < b->chains; c++)
        *ups += (long)(b->planes[0] >> c & 1);
    return 0;
}

int main(void) {
    struct glb_graph *graph = NULL;
    struct glb_sampler *sampler = NULL;
    struct glb_settings settings;
    glb_settings_init(&settings, sizeof settings);
    settings.chains = 256;
    settings.samples = 50;
    if (glb_graph_generate("regular", "n=300,d=4,weights=gauss,bias=gauss", 1, &graph) ||
        glb_sampler_open(graph, "emu", "ulx3s-85", &sampler)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const size_t row = (size_t)(glb_graph_pbits(graph) + 7) / 8;
    const size_t chains = (size_t)glb_sampler_chains(sampler, &settings);
    const size_t samples = (size_t)glb_sampler_samples(sampler, &settings);
    uint8_t *bits = (uint8_t *)malloc(samples * chains * row);
    double *energies = (double *)malloc(samples * chains * sizeof *energies);
    long ups = 0, again = 0;
    if (!bits || !energies ||
        glb_sampler_collect(sampler, &settings, bits, samples * chains * row, energies,
                            samples * chains)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    double mean = 0;
    for (size_t k = 0; k < samples * chains; k++) { /* sample k / chains of chain k % chains */
        mean += energies[k] / (double)(samples * chains);
        ups += bits[k * row] & 1;
    }
    settings.on_block = count_ups;
    settings.user = &again;
    if (glb_sampler_run(sampler, &settings)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const struct glb_result *r = glb_sampler_result(sampler);
    printf("%zu samples of %zu chains in %zu bytes each: mean energy %.3f, p-bit 0 up in %ld\n",
           samples, chains, row, mean, ups);
    printf("block by block: mean energy %.3f, p-bit 0 up in %ld\n", r->mean_energy, again);
    const double difference = mean - r->mean_energy;
    free(bits);
    free(energies);
    glb_sampler_close(sampler);
    glb_graph_free(graph);
    return ups == again && difference < 1e-9 && difference > -1e-9 ? 0 : 1;
}
