/* The judge of drawn digits on a few small pictures: what counts as a copy, as on, as right.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "learn/data/dataset.h"
#include "tool/reading/judge_digits.h"

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 2, COLUMNS = 4, DRAWN = CLASSES * COLUMNS };

/* The upper half on for class 0, the lower one for class 1, and the pixels of `flip` inverted. */
static void picture(uint8_t *grey, int class, uint64_t flip) {
    for (int p = 0; p < PIXELS; p++)
        grey[p] = (p / (PIXELS / 2) == class) != (flip >> p & 1) ? 255 : 0;
}

static void images(int first, int count, struct glb_dataset *out) {
    uint8_t grey[16 * PIXELS], label[16];
    const struct glb_binarise pixels = {.planes = 1, .threshold = {127}};
    for (int i = 0; i < count; i++) {
        label[i] = (uint8_t)(i % CLASSES);
        picture(grey + (size_t)i * PIXELS, i % CLASSES, UINT64_C(3) << (first + 5 * i));
    }
    assert_int_equal(glb_dataset_copy(grey, label, count, SIDE, SIDE, CLASSES, pixels, out),
                     GLB_OK);
}

static void drawn_digits_are_judged(void **state) {
    struct glb_dataset train, test;
    struct cli_verdict v;
    uint8_t grey[DRAWN * PIXELS];
    struct glb_model m = {.t = {.classes = CLASSES, .width = SIDE, .height = SIDE}};
    (void)state;
    images(0, 10, &train);
    images(2, 4, &test);
    uint8_t *tile[DRAWN];
    for (int i = 0; i < DRAWN; i++)
        tile[i] = grey + (size_t)i * PIXELS;
    picture(tile[0], 0, 3); /* the first training image: a copy */
    picture(tile[1], 0, 3 << 28);
    picture(tile[2], 0, 3 << 28); /* drawn twice: two copies */
    picture(tile[3], 1, 0);       /* reads as the other class */
    for (int i = 4; i < DRAWN; i++)
        picture(tile[i], 1, UINT64_C(0x1111) << (4 * i));
    for (int p = 0; p < PIXELS; p++) /* just on, just off: as before */
        tile[7][p] = tile[7][p] ? 128 : 127;
    assert_int_equal(cli_judge(&train, &test, &m, grey, COLUMNS, 1, &v), GLB_OK);
    assert_int_equal(v.copies, 3);
    assert_int_equal(v.classes, CLASSES);
    assert_true(v.by_class[0] == 0.75 && v.by_class[1] == 1 && v.agreement == 0.875);
    assert_true(v.judge_accuracy == 1);
    /* each test image has two pixels that no training image has, and the reverse */
    assert_true(v.test_to_train > 0 && v.test_to_train <= 4);
    glb_dataset_clear(&train);
    glb_dataset_clear(&test);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(drawn_digits_are_judged)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
