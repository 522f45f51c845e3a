/* Jobs on the emulator that end early or cannot run. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/protocol.h"
#include "emulator/emulator.h"

static int stop_at_second(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                          size_t stride) {
    (void)user, (void)sweep, (void)words, (void)stride;
    return sample == 1;
}

static void errors_and_abort(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny");
    struct glb_emu *e;
    struct glb_job_counters n;
    struct glb_beta_step steps[2] = {{65536, 5}, {65536, 5}};
    struct glb_run run = {3, 0, 32};
    struct glb_job j = {
        .steps = steps, .nsteps = 2, .runs = &run, .nruns = 1, .interval = 2, .nseg = 1};
    assert_int_equal(glb_emu_open(a, 0, 0, GLB_EMU_AUTO, &e), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_open(a, 5, 0, GLB_EMU_AUTO, &e), GLB_OK);
    assert_int_equal(glb_emu_write(e, GLB_TARGET_SCHED, 4, 0, 0, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_write(e, GLB_TARGET_STATE, 0, 0, 0, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_write(e, GLB_TARGET_SEG, 0, 16, 0, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_run(e, &j, NULL, stop_at_second, NULL, &n), GLB_OK);
    assert_int_equal(n.aborted, 1);
    assert_int_equal(n.sweeps, 4);
    assert_int_equal(n.samples, 2);
    run.count = 33;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    run.count = 32;
    j.nseg = 0;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    j.nseg = 1;
    j.seg[0] = 16;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    j.seg[0] = 0;
    j.page = GLB_PAGES;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    glb_emu_close(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_and_abort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
