/* The estimate of beta against distributions of other betas, enumerated. SPDX-License-Identifier:
 * Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include <glauber.h>
#include "sampler/certificate/pseudolikelihood.h"
#include "support/graph_exact.h"
#include "crossed_ring.h"

/* The estimate of beta from exact shares of all states in place of samples: the root is the beta
 * that they have. */
static void pseudolikelihood_of_exact_shares(void **state) {
    struct glb_graph *g = ring(1);
    (void)state;
    for (int k = 0; k < 5; k++) {
        const double beta = 0.5 + 0.1 * k;
        struct glb_exact *x;
        struct pseudolikelihood p, one;
        assert_int_equal(glb_graph_exact(g, beta, NULL, &x), GLB_OK);
        assert_int_equal(pseudolikelihood_open(&p, g, 0.7, 1), GLB_OK);
        for (uint32_t at = 0; at < x->states; at++) {
            uint64_t plane[N];
            for (int i = 0; i < N; i++)
                plane[i] = at >> i & 1;
            assert_int_equal(pseudolikelihood_open(&one, g, 0.7, 1), GLB_OK);
            for (int i = 0; i < N; i++)
                pseudolikelihood_add(&one, i, plane, 0, 1);
            p.score[0] += x->p[at] * one.score[0];
            p.inform[0] += x->p[at] * one.inform[0];
            p.curvature += x->p[at] * one.curvature;
            pseudolikelihood_close(&one);
        }
        const double got = pseudolikelihood_solve(&p).beta, off = beta - 0.7;
        if (!(fabs(got - beta) < 1e-9 + 4 * fabs(off * off * off)))
            fail_msg("beta %g: found %.6f", beta, got);
        pseudolikelihood_close(&p);
        glb_exact_free(x);
    }
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pseudolikelihood_of_exact_shares)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
