/* A graph whose figures can be enumerated. SPDX-License-Identifier: Apache-2.0 */
#ifndef CROSSED_RING_H
#define CROSSED_RING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glauber.h>

enum { N = 10 };

/* A ring with a coupling across and some biases, all multiples of 1/4: exact on the array. */
static inline struct glb_graph *ring(double J) {
    int32_t i[N + 1], j[N + 1];
    double w[N + 1], b[N] = {0};
    struct glb_graph *g;
    for (int k = 0; k < N; k++) {
        i[k] = k;
        j[k] = (k + 1) % N;
        w[k] = k % 3 == 2 ? -J : J;
        b[k] = k % 4 ? 0 : J / 4;
    }
    i[N] = 0;
    j[N] = N / 2;
    w[N] = J / 2;
    assert_int_equal(glb_graph_from_arrays(N, N + 1, i, j, w, b, GLB_BOLTZMANN, 0, &g), GLB_OK);
    return g;
}

#endif
