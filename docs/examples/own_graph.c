/* A QUBO and an Ising model from arrays, sampled and compared with all their states; then new
 * weights for the same couplings. gcc own_graph.c $(pkg-config --cflags --libs glauber) -lm;
 * SPDX-License-Identifier: Apache-2.0 */
#include <glauber.h>
#include <math.h>
#include <stdio.h>

enum { N = 4, M = 4 };

/* sum_s p(s) E(s) over all states, p(s) ~ exp(-E(s)) */
static double exact_mean(const struct glb_graph *g) {
    double mean = 0, z = 0;
    for (int s = 0; s < 1 << N; s++) {
        int8_t m[N];
        for (int i = 0; i < N; i++)
            m[i] = (int8_t)(s >> i & 1 ? 1 : -1);
        const double e = glb_graph_input_energy(g, m), p = exp(-e);
        mean += p * e;
        z += p;
    }
    return mean / z;
}

static int check(struct glb_sampler *s, const struct glb_graph *g, const char *name) {
    struct glb_settings settings;
    glb_settings_init(&settings, sizeof settings);
    settings.beta = 1;
    settings.samples = 20000;
    settings.interval = 2;
    if (glb_sampler_run(s, &settings)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    const double mean = glb_sampler_result(s)->mean_energy, exact = exact_mean(g);
    printf("%-12s mean energy %.3f, exactly %.3f\n", name, mean, exact);
    return fabs(mean - exact) > 0.02;
}

int main(void) {
    /* q: entries with i == j are the linear part */
    const int32_t qi[] = {0, 1, 2, 3, 0, 1, 2, 0}, qj[] = {0, 1, 2, 3, 1, 2, 3, 3};
    const double q[] = {-1, -1, -1, -1, 2, 1, 2, -0.5};
    const int32_t i[M] = {0, 1, 2, 0}, j[M] = {1, 2, 3, 3};
    const double J[M] = {1, -0.5, 0.25, 0.75}, h[N] = {0.1, 0, -0.2, 0}, other[M] = {-1, 1, -1, 1};
    struct glb_graph *qubo = NULL, *ising = NULL;
    struct glb_sampler *a = NULL, *b = NULL;
    int saturated = 0;
    if (glb_graph_from_qubo(N, 8, qi, qj, q, 3.5, &qubo) || /* 3.5: added to every energy */
        glb_graph_from_arrays(N, M, i, j, J, h, GLB_BOLTZMANN, 0, &ising) ||
        glb_sampler_open(qubo, "emu", "tiny", &a) || glb_sampler_open(ising, "emu", "tiny", &b)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    int bad = check(a, qubo, "qubo") + check(b, ising, "ising");
    if (glb_graph_set_weights(ising, other, NULL) ||
        glb_sampler_set_weights(b, ising, &saturated)) {
        fprintf(stderr, "%s\n", glb_error());
        return 1;
    }
    bad += check(b, ising, "new weights") + saturated;
    glb_sampler_close(a);
    glb_sampler_close(b);
    glb_graph_free(qubo);
    glb_graph_free(ising);
    return bad ? 1 : 0;
}
