/* Rounding with even sums against all roundings of small graphs: none that gives every bias has a
 * lower largest cost. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "array/even_sums.h"
#include "support/random_graph.h"

enum { MOST = 10 };

/* Growth of the squared error if x becomes the second nearest integer. */
static double second(double x) {
    const double d = fabs(x - rint(x));
    return (1 - d) * (1 - d) - d * d;
}

/* Largest cost of a rounding, INFINITY if a p-bit without a bias gets one; u = 1, so halves. */
static double cost_of(const struct glb_rounding *r, const double *J, const double *h,
                      const int *weight) {
    double cost = 0;
    for (int e = 0; e < r->m; e++)
        if (weight[e] != (int)rint(2 * J[e]))
            cost = fmax(cost, second(2 * J[e]));
    for (int i = 0; i < r->n; i++) {
        int sum = 0;
        for (int e = 0; e < r->m; e++)
            sum += r->a[e] == i || r->b[e] == i ? weight[e] : 0;
        const bool other = abs(sum - (int)rint(2 * h[i])) % 2 == 1;
        if (other && r->updated[i])
            cost = fmax(cost, h[i] == 0 ? INFINITY : second(2 * h[i]));
    }
    return cost;
}

static double least_cost(const struct glb_rounding *r, const double *J, const double *h) {
    double least = INFINITY;
    for (int set = 0; set < 1 << r->m; set++) {
        int weight[MOST];
        for (int e = 0; e < r->m; e++) {
            const double x = 2 * J[e];
            weight[e] = (int)rint(x);
            if (set >> e & 1 && x != 0)
                weight[e] += x > rint(x) ? 1 : -1;
        }
        least = fmin(least, cost_of(r, J, h, weight));
    }
    return least;
}

static void no_rounding_is_closer(void **state) {
    int moved = 0, given_way = 0;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        int32_t a[MOST], b[MOST];
        double J[MOST], h[MOST];
        bool updated[MOST + 1] = {0};
        int16_t weight[MOST];
        int plain[MOST];
        const int n = 2 + (int)draw(MOST - 2);
        struct glb_rounding r = {n, 0, a, b, updated, 1, 1000};
        for (int i = 0; i < n; i++) {
            updated[i] = round % 4 || draw(3);
            h[i] = round % 3 && draw(2) ? 5 * real() : 0;
        }
        for (int k = 0; k < MOST; k++) {
            const int i = (int)draw((uint32_t)n), j = (int)draw((uint32_t)n);
            bool there = i == j;
            for (int e = 0; e < r.m; e++)
                there |= (a[e] == i && b[e] == j) || (a[e] == j && b[e] == i);
            if (there)
                continue;
            a[r.m] = i;
            b[r.m] = j;
            J[r.m++] = draw(8) ? 20 * real() : 0;
        }
        assert_int_equal(glb_round_even(&r, J, h, weight), GLB_OK);
        bool same = true;
        for (int e = 0; e < r.m; e++) {
            assert_true(fabs(weight[e] - 2 * J[e]) <= 1);
            assert_true(J[e] != 0 || weight[e] == 0);
            plain[e] = weight[e];
            same &= weight[e] == (int)rint(2 * J[e]);
        }
        const double got = cost_of(&r, J, h, plain), least = least_cost(&r, J, h);
        if (!(got <= least + 1e-9))
            fail_msg("round %d: largest cost %g, possible are %g", round, got, least);
        moved += !same;
        given_way += same && got > 0;
    }
    assert_true(moved > 1000 && given_way > 50);
}

/* At the ends of the range and for what is no number the step goes inwards. */
static void the_range_is_kept(void **state) {
    const int32_t a[] = {0, 1, 2}, b[] = {1, 2, 0};
    const bool updated[] = {true, true, true, false};
    const struct glb_rounding r = {3, 3, a, b, updated, 2, 7};
    const double h[3] = {0};
    const double far[] = {1e300, -9, 4}, odd[] = {6.9, 7.4, -7.4}, no_number[] = {NAN, 1, INFINITY};
    const double *const J[] = {far, odd, no_number};
    (void)state;
    for (int k = 0; k < 3; k++) {
        int16_t w[3];
        assert_int_equal(glb_round_even(&r, J[k], h, w), GLB_OK);
        for (int e = 0; e < 3; e++)
            assert_in_range(w[e] + 7, 0, 14);
        assert_int_equal((w[0] + w[1]) & 1, 0);
        assert_int_equal((w[1] + w[2]) & 1, 0);
        assert_true(w[0] > 5 || k == 2);
    }
    const double end[] = {7.4, 1e300, -7, -9, INFINITY};
    const struct glb_rounding one = {2, 1, a, b, updated, 2, 7};
    for (int k = 0; k < 5; k++) {
        int16_t w;
        assert_int_equal(glb_round_even(&one, &end[k], h, &w), GLB_OK);
        assert_int_equal(w, end[k] > 0 ? 6 : -6);
    }
}

/* Without biases in the graph no p-bit has one in the program, whatever the couplings. */
static void programs_invent_no_bias(void **state) {
    (void)state;
    for (int round = 0; round < 12; round++) {
        struct glb_graph *g = random_graph(40, 70 + round, round % 2, 0);
        const struct glb_compile_options o = {.copies = 1 + round % 2, .hub_degree = 25};
        struct glb_compile_report r;
        for (int i = 0; i < g->n; i++)
            g->h[i] = 0;
        if (round % 3 == 0)
            g->J[0] = 50;
        struct glb_program *p = compile_ok(g, "small", &o, &r);
        assert_true(r.h_max_error == 0);
        for (int again = 0; again < 2; again++) {
            for (int i = 0; i < g->n; i++) {
                int sum = 2 * p->qbias[i];
                for (int e = 0; e < g->m; e++)
                    sum += g->ei[e] == i || g->ej[e] == i ? p->weight[e] : 0;
                assert_int_equal(sum, 0);
            }
            for (int e = 0; e < g->m; e++)
                g->J[e] = real() / 3;
            assert_int_equal(glb_program_set_weights(p, g->J, g->h, NULL), GLB_OK);
        }
        glb_program_free(p);
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rounding_is_closer),
        cmocka_unit_test(the_range_is_kept),
        cmocka_unit_test(programs_invent_no_bias),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
