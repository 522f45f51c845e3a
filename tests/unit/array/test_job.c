/* Sampling points and limits of jobs. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "array/job.h"

static void test_sampling_points(void **state) {
    const struct glb_beta_step steps[] = {{1, 7}, {1, 5}};
    struct glb_job j = {.steps = steps, .nsteps = 2, .burn_in = 2, .interval = 5};
    (void)state;
    assert_int_equal(glb_job_sweeps(&j), 12);
    assert_int_equal(glb_job_samples(&j), 2);
    j.flags = GLB_RUN_SAMPLE_INITIAL | GLB_RUN_SAMPLE_FINAL;
    assert_int_equal(glb_job_samples(&j), 3); /* 0, 7, 12 */
    assert_int_equal(glb_job_sample_sweep(&j, 0), 0);
    assert_int_equal(glb_job_sample_sweep(&j, 1), 7);
    assert_int_equal(glb_job_sample_sweep(&j, 2), 12);
    j.interval = 4; /* 0, 6, 10, 12 */
    assert_int_equal(glb_job_samples(&j), 4);
    assert_int_equal(glb_job_sample_sweep(&j, 3), 12);
}

/* What is due sweep by sweep is what the counts say beforehand. */
static void test_due_as_counted(void **state) {
    (void)state;
    for (uint32_t sweeps = 0; sweeps < 9; sweeps++)
        for (uint32_t burn_in = 0; burn_in < 5; burn_in++)
            for (uint32_t interval = 0; interval < 5; interval++)
                for (uint8_t choice = 0; choice < 8; choice++) {
                    const uint8_t flags = (uint8_t)((choice & 3) | (choice & 4) << 2);
                    const struct glb_beta_step step = {1, sweeps};
                    const struct glb_job j = {.steps = &step,
                                              .nsteps = 1,
                                              .burn_in = burn_in,
                                              .interval = interval,
                                              .flags = flags};
                    uint32_t taken = (flags & GLB_RUN_SAMPLE_INITIAL) != 0;
                    for (uint64_t sweep = 1; sweep <= sweeps; sweep++)
                        if (glb_job_sample_due(&j, sweep, sweeps)) {
                            assert_int_equal(glb_job_sample_sweep(&j, taken), sweep);
                            taken++;
                        }
                    if (sweeps == 0 && flags & GLB_RUN_SAMPLE_FINAL)
                        taken++;
                    assert_int_equal(glb_job_samples(&j), taken);
                }
}

/* A quiet job: none at 7, the final sample at 12 though that is a sampling point. */
static void test_quiet(void **state) {
    const struct glb_beta_step step = {1, 12};
    struct glb_job j = {.steps = &step,
                        .nsteps = 1,
                        .burn_in = 2,
                        .interval = 5,
                        .flags = GLB_RUN_QUIET | GLB_RUN_SAMPLE_FINAL};
    (void)state;
    assert_int_equal(glb_job_samples(&j), 1);
    assert_int_equal(glb_job_sample_sweep(&j, 0), 12);
    assert_int_equal(glb_job_sample_due(&j, 7, 12), 0);
    assert_int_equal(glb_job_sampling_point(&j, 7), 1);
    assert_int_equal(glb_job_sampling_point(&j, 8), 0);
    j.flags |= GLB_RUN_SAMPLE_INITIAL;
    assert_int_equal(glb_job_samples(&j), 2);
    assert_int_equal(glb_job_sample_sweep(&j, 0), 0);
    j.flags = GLB_RUN_QUIET;
    assert_int_equal(glb_job_samples(&j), 0);
}

/* The last two of five segments at sweeps 7 and 12 only; counts replace up to sweep 7. */
static void test_segments_of_a_sweep(void **state) {
    struct glb_job j = {.burn_in = 2, .interval = 5, .nseg = 5, .nsampled = 2};
    (void)state;
    for (uint64_t sweep = 1; sweep <= 13; sweep++) {
        assert_int_equal(glb_job_segments(&j, sweep), sweep == 7 || sweep == 12 ? 5 : 3);
        j.flags = 0xff - GLB_RUN_SUBTRACT;
        assert_int_equal(glb_job_count_flags(&j, sweep), sweep <= 7 ? GLB_RUN_REPLACE : 0);
        j.flags = GLB_RUN_SUBTRACT | GLB_RUN_SAMPLE_FINAL;
        assert_int_equal(glb_job_count_flags(&j, sweep), GLB_RUN_SUBTRACT);
    }
    j.flags = GLB_RUN_REPLACE;
    j.burn_in = UINT32_MAX;
    assert_int_equal(glb_job_count_flags(&j, UINT64_C(0x100000004)), GLB_RUN_REPLACE);
    assert_int_equal(glb_job_count_flags(&j, UINT64_C(0x100000005)), 0);
    j.interval = 0; /* no sampling point */
    assert_int_equal(glb_job_segments(&j, 7), 3);
    assert_int_equal(glb_job_count_flags(&j, 1000), GLB_RUN_REPLACE);
}

static void test_check(void **state) {
    const struct glb_array *a = glb_array_find("tiny");
    const struct glb_beta_step step = {1, 1};
    struct glb_run run = {3, 31, 1};
    const struct glb_job good = {.steps = &step, .nsteps = 1, .runs = &run, .nruns = 1, .nseg = 1};
    struct glb_job j = good;
    (void)state;
    assert_int_equal(glb_job_check(a, &j), GLB_OK);
#define BAD(field, value, text)                                                                    \
    j = good;                                                                                      \
    j.field = value;                                                                               \
    assert_int_equal(glb_job_check(a, &j), GLB_ERR_ARGUMENT);                                      \
    assert_non_null(strstr(glb_error(), text))
    BAD(nsteps, 0, "0 beta steps");
    BAD(nsteps, GLB_BETA_STEPS + 1, "beta steps");
    BAD(nruns, GLB_RUNS + 1, "readout runs");
    BAD(page, GLB_PAGES, "page 4");
    BAD(nseg, 0, "0 segments");
    BAD(nseg, GLB_SEGMENTS + 1, "segments");
    BAD(nsampled, 1, "1 of 1 segments");
    BAD(seg[0], GLB_SEGMENTS, "segment 16");
#undef BAD
    run.count = 2;
    assert_int_equal(glb_job_check(a, &good), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "tile 3"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sampling_points), cmocka_unit_test(test_due_as_counted),
        cmocka_unit_test(test_quiet), cmocka_unit_test(test_segments_of_a_sweep),
        cmocka_unit_test(test_check)};
    return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
