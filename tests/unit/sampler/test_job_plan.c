/* Runs cut into jobs: every sweep once, in order, and every sampling point where the whole run has
 * it. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include "sampler/job_plan.h"
#include "array/protocol.h"
#include "base/rng.h"

/* Walks the jobs as a device would and compares with the run in one piece. */
static void check(const struct glb_beta_step *steps, int nsteps, uint32_t burn_in,
                  uint32_t interval) {
    struct glb_job_plan plan;
    assert_int_equal(glb_job_plan_make(steps, nsteps, burn_in, interval, NULL, &plan), GLB_OK);
    uint64_t sweep = 0, in_step = 0;
    int step = 0;
    long samples = 0;
    for (int k = 0; k < plan.npieces; k++) {
        const struct glb_piece *p = &plan.piece[k];
        uint64_t local = 0;
        assert_in_range(p->nsteps, 1, GLB_BETA_STEPS);
        assert_int_equal(p->first_sweep, sweep);
        assert_int_equal(p->first_sample, samples);
        for (int i = 0; i < p->nsteps; i++)
            for (uint32_t s = 0; s < p->steps[i].sweeps; s++) {
                while (in_step == steps[step].sweeps) {
                    step++;
                    in_step = 0;
                }
                assert_int_equal(p->steps[i].k, steps[step].k);
                in_step++;
                sweep++;
                local++;
                const int last = i == p->nsteps - 1 && s == p->steps[i].sweeps - 1;
                const int periodic =
                    p->interval && local > p->burn_in && (local - p->burn_in) % p->interval == 0;
                const int taken = periodic || (last && p->flags & GLB_RUN_SAMPLE_FINAL);
                assert_int_equal(taken, sweep > burn_in && (sweep - burn_in) % interval == 0);
                samples += taken;
            }
    }
    assert_int_equal(sweep, plan.sweeps);
    assert_int_equal(samples, plan.samples);
    glb_job_plan_free(&plan);
}

static void test_one_piece(void **state) {
    const struct glb_beta_step one = {5, 1000};
    (void)state;
    check(&one, 1, 0, 1);
    check(&one, 1, 100, 7);
    check(&one, 1, 1000, 1);
    check(&one, 1, 2000, 1);
}

static void test_many_steps(void **state) {
    struct glb_beta_step steps[2000];
    struct glb_rng r = glb_rng_at(1, 2, 3);
    (void)state;
    for (int trial = 0; trial < 200; trial++) {
        const int n = 1 + (int)glb_rng_below(&r, 2000);
        for (int i = 0; i < n; i++)
            steps[i] = (struct glb_beta_step){glb_rng_below(&r, 1000), glb_rng_below(&r, 6)};
        check(steps, n, glb_rng_below(&r, 3000), 1 + glb_rng_below(&r, trial % 2 ? 20 : 2000));
    }
}

/* A list of steps ends in the clock of the last sweep of burn-in, or a sweep to either side. */
static void test_burn_in_at_a_cut(void **state) {
    struct glb_beta_step steps[2 * GLB_BETA_STEPS + 100];
    const int n = sizeof steps / sizeof steps[0];
    (void)state;
    for (int i = 0; i < n; i++)
        steps[i] = (struct glb_beta_step){(uint32_t)i, 1};
    for (int cut = GLB_BETA_STEPS; cut <= 2 * GLB_BETA_STEPS; cut += GLB_BETA_STEPS)
        for (int off = -2; off <= 2; off++)
            for (uint32_t interval = 1; interval < 12; interval++)
                check(steps, n, (uint32_t)(cut + off), interval);
}

static void test_long_run(void **state) {
    const struct glb_beta_step one = {5, UINT32_MAX};
    struct glb_job_plan plan;
    (void)state;
    assert_int_equal(glb_job_plan_make(&one, 1, 10, 1000, NULL, &plan), GLB_OK);
    assert_int_equal(plan.sweeps, UINT32_MAX);
    assert_int_equal(plan.samples, (UINT32_MAX - 10) / 1000);
    uint64_t sum = 0;
    for (int i = 0; i < plan.npieces; i++)
        for (int k = 0; k < plan.piece[i].nsteps; k++)
            sum += plan.piece[i].steps[k].sweeps;
    assert_int_equal(sum, UINT32_MAX);
    glb_job_plan_free(&plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_piece),
        cmocka_unit_test(test_many_steps),
        cmocka_unit_test(test_burn_in_at_a_cut),
        cmocka_unit_test(test_long_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
