/* A simulator that was built for another version of the library is refused before it is used.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <glauber.h>

/* old_simulator.c lies beside this program (mk/tests.mk). */
static void an_older_simulator_is_refused(void **state) {
    char folder[4096];
    struct glb_device *d;
    (void)state;
    const ssize_t n = readlink("/proc/self/exe", folder, sizeof folder - 1);
    assert_true(n > 0);
    folder[n] = 0;
    *strrchr(folder, '/') = 0;
    assert_int_equal(setenv("GLAUBER_SIM_DIR", folder, 1), 0);
    assert_int_equal(glb_device_open("sim", "tiny", &d), GLB_ERR_DEVICE);
    assert_null(d);
    assert_string_equal(glb_error(), "the simulator of array tiny is of another version; build it "
                                     "again with `make sim ARRAY=tiny`");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_older_simulator_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
