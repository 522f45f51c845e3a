/* The memories that WRITE reaches: every one has a row, sizes by docs/design/array.md, limits.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "array/target.h"

static void every_target_has_a_row(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny");
    for (int t = 0; t < GLB_TARGETS; t++) {
        const struct glb_target_shape s = glb_target_shape(a, t);
        assert_true(s.bytes >= 1 && s.bytes <= 12 && s.tiles >= 1 && s.depth >= 1);
        assert_non_null(glb_target_command(t));
        assert_int_equal(strncmp(glb_target_command(t), "WRITE ", 6), 0);
    }
}

/* 64 tiles of 2 lanes and 16 chains: section 5's widths by hand */
static void sizes(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("ulx3s-85");
    const struct glb_target_shape want[] = {
        [GLB_TARGET_SCHED] = {2, 64, 1536},    /* 7 + 2 bits */
        [GLB_TARGET_NET] = {2, 12, 1536},      /* 6 stages of 32 switches */
        [GLB_TARGET_COUPLING] = {3, 64, 1024}, /* 16 + 2 bits */
        [GLB_TARGET_STATE] = {2, 64, 512},     /* 4 pages of 2 lanes of 64 words */
        [GLB_TARGET_SEG] = {12, 1, 16},        [GLB_TARGET_BETA] = {8, 1, 256},
        [GLB_TARGET_RUNS] = {6, 1, 512},       [GLB_TARGET_STATES] = {1, 4, 512},
    };
    for (size_t t = 0; t < sizeof want / sizeof want[0]; t++) {
        const struct glb_target_shape got = glb_target_shape(a, (int)t);
        assert_memory_equal(&got, &want[t], sizeof got);
    }
}

static void limits(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny");
    for (int t = 0; t < GLB_TARGETS; t++) {
        const struct glb_target_shape s = glb_target_shape(a, t);
        const bool tokens = t == GLB_TARGET_STATES; /* any number of them, whatever they reach */
        assert_true(glb_target_holds(a, t, 0, 0, s.depth));
        assert_true(glb_target_holds(a, t, s.tiles - 1, s.depth - 1, 1));
        assert_false(glb_target_holds(a, t, s.tiles, 0, 1));
        assert_false(glb_target_holds(a, t, 0, s.depth, 1));
        assert_int_equal(glb_target_holds(a, t, 0, 1, s.depth), tokens);
        assert_false(glb_target_holds(a, t, -1, 0, 1));
        assert_false(glb_target_holds(a, t, 0, -1, 1));
    }
    assert_false(glb_target_holds(a, -1, 0, 0, 1));
    assert_false(glb_target_holds(a, GLB_TARGETS, 0, 0, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_target_has_a_row),
                                       cmocka_unit_test(sizes), cmocka_unit_test(limits)};
    return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
