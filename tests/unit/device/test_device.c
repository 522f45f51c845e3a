/* Boards of an emulated device. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include "device/device.h"

/* A change that fails leaves no emulator: every call says so until one that works. */
static void lost_and_found(void **state) {
    (void)state;
    struct glb_device *d;
    struct glb_graph *g;
    struct glb_program *p;
    int got = 0;
    assert_int_equal(glb_device_open("emu", "tiny", &d), GLB_OK);
    assert_int_equal(glb_graph_generate("regular", "n=20,d=3", 1, &g), GLB_OK);
    assert_int_equal(glb_program_compile(g, "tiny", NULL, &p), GLB_OK);
    assert_int_equal(glb_device_boards(d, 3, &got), GLB_OK);
    assert_int_equal(got, 3);
    assert_non_null(strstr(glb_device_describe(d), "3 boards"));
    assert_int_not_equal(glb_device_boards(d, 0, &got), GLB_OK);
    assert_non_null(strstr(glb_device_describe(d), "0 boards"));
    const struct glb_run run = {0, 0, 1};
    const uint64_t word = 0;
    const struct glb_beta_step step = {65536, 1};
    const struct glb_job job = {.steps = &step, .nsteps = 1, .nseg = 1};
    struct glb_job_counters n;
    assert_int_equal(glb_device_load(d, p), GLB_ERR_MEMORY);
    assert_int_equal(glb_device_update(d, p), GLB_ERR_MEMORY);
    assert_int_equal(glb_device_set_state(d, 0, &run, 1, &word, 1), GLB_ERR_MEMORY);
    assert_int_equal(glb_device_run(d, &job, NULL, NULL, NULL, &n), GLB_ERR_MEMORY);
    assert_int_equal(glb_device_begin(d, &job, NULL, NULL, &n), GLB_ERR_MEMORY);
    assert_int_equal(glb_device_boards(d, 2, &got), GLB_OK);
    assert_int_equal(glb_device_load(d, p), GLB_OK);
    assert_int_equal(glb_device_run(d, &job, NULL, NULL, NULL, &n), GLB_OK);
    assert_int_equal(glb_device_threads(d, 1), GLB_OK);
    assert_non_null(strstr(glb_device_describe(d), "2 boards"));
    glb_program_free(p);
    glb_graph_free(g);
    glb_device_close(d);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(lost_and_found)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
