/* Array descriptions: derived fields against docs/design/array.md, section 1; finding them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "array/array.h"
#include "array/program.h"

static int log2_of(int n) { /* rounded up */
    int bits = 0;
    while (1 << bits < n)
        bits++;
    return bits;
}

static void check_derived(const struct glb_array *a) {
    assert_int_equal(1 << a->lw, a->lanes);
    assert_int_equal(1 << a->ns, a->tiles);
    assert_int_equal(a->aw, a->gw + a->lw);
    assert_int_equal(a->ow, log2_of(a->lanes + 2));
    assert_int_equal(a->sw, a->aw + a->ow);
    assert_int_equal(a->pw, a->lanes * a->jw < 16 ? 16 : a->lanes * a->jw);
    assert_int_equal(a->cw, a->pw + a->ow);
    assert_int_equal(a->nb, a->ns * a->tiles / 2);
    assert_int_equal(a->wl, a->ns + 4);
    assert_int_equal(a->gap, a->wl + 4);
    assert_int_equal(a->ctrl, a->lanes + 1);
    assert_int_equal(glb_array_chunks(a), a->nb / 16 + (a->nb % 16 > 0));
}

static void derived_fields(void **state) {
    (void)state;
    int count;
    const struct glb_array *all = glb_arrays(&count);
    assert_true(count >= 8);
    for (int i = 0; i < count; i++)
        check_derived(&all[i]);
    for (int tiles = 4; tiles <= GLB_MAX_TILES; tiles *= 2)
        for (int lanes = 1; lanes <= GLB_MAX_LANES; lanes *= 2) {
            struct glb_array a = {.name = "mine", .tiles = tiles, .lanes = lanes, .jw = 5, .gw = 6};
            glb_array_derive(&a);
            check_derived(&a);
            assert_string_equal(a.name, "mine");
            assert_true(a.tiles == tiles && a.lanes == lanes && a.jw == 5 && a.gw == 6);
        }
}

static void by_name(void **state) {
    const struct glb_array *a = NULL;
    (void)state;
    assert_int_equal(glb_array_require("ULX3S-85", &a), GLB_OK);
    assert_string_equal(a->name, "ulx3s-85");
    assert_ptr_equal(a, glb_array_find("ulx3s-85"));
    assert_int_equal(glb_array_capacity(a), 8192);
    assert_int_equal(glb_array_require("huge", &a), GLB_ERR_ARGUMENT);
    assert_null(a);
    assert_non_null(strstr(glb_error(), "no array is called huge"));
    assert_non_null(strstr(glb_error(), "glauber info --arrays"));
}

static void programs_run_on(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("small");
    struct glb_program p = {.array = *a, .s_used = a->sdepth, .c_used = a->cdepth};
    struct glb_array other = *a;
    assert_true(glb_program_runs_on(&p, a));
    other.sdepth--;
    assert_false(glb_program_runs_on(&p, &other));
    p.s_used--;
    assert_true(glb_program_runs_on(&p, &other));
    assert_false(glb_program_runs_on(&p, glb_array_find("25f")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derived_fields),
        cmocka_unit_test(by_name),
        cmocka_unit_test(programs_run_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
