/* Structs with their size in front, from programs compiled with an older or newer header: every
 * size, and every byte that this library does not know. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/sized.h"

enum { KNOWN = 24, MOST = 48 };

union sized { /* a caller's struct of any size */
    size_t size;
    unsigned char byte[MOST];
};

static const union sized defaults = {.byte = {[8] = 8,
                                              [9] = 9,
                                              [10] = 10,
                                              [11] = 11,
                                              [12] = 12,
                                              [13] = 13,
                                              [14] = 14,
                                              [15] = 15,
                                              [16] = 16,
                                              [17] = 17,
                                              [18] = 18,
                                              [19] = 19,
                                              [20] = 20,
                                              [21] = 21,
                                              [22] = 22,
                                              [23] = 23}};

/* The size itself, the defaults as far as they go, zeros, and not a byte more than the caller has.
 */
static void defaults_for_every_size(void **state) {
    (void)state;
    for (size_t size = sizeof(size_t); size < MOST; size++) {
        union sized x;
        memset(&x, 0xee, sizeof x);
        glb_sized_init(&x, size, &defaults, KNOWN);
        assert_int_equal(x.size, size);
        for (size_t k = sizeof(size_t); k < MOST; k++)
            assert_int_equal(x.byte[k], k >= size ? 0xee : k < KNOWN ? k : 0);
    }
}

static enum glb_status take(union sized *from, union sized *to) {
    memset(to, 0xee, sizeof *to);
    memcpy(to, &defaults, KNOWN);
    to->size = KNOWN;
    return glb_sized_take(to, KNOWN, from, "glb_thing");
}

/* An older program's struct is shorter, a newer one's longer; what it lacks keeps its default. */
static void every_size_is_taken(void **state) {
    (void)state;
    for (size_t size = sizeof(size_t) + 1; size <= MOST; size++) {
        union sized x = {.size = size}, y;
        for (size_t k = sizeof(size_t); k < size && k < KNOWN; k++)
            x.byte[k] = (unsigned char)(100 + k);
        assert_int_equal(take(&x, &y), GLB_OK);
        assert_int_equal(y.size, KNOWN);
        for (size_t k = sizeof(size_t); k < MOST; k++)
            assert_int_equal(y.byte[k], k >= KNOWN ? 0xee : k < size ? 100 + k : k);
    }
}

static void expect(enum glb_status s, const char *words) {
    assert_int_equal(s, GLB_ERR_ARGUMENT);
    if (!strstr(glb_error(), words))
        fail_msg("'%s' lacks '%s'", glb_error(), words);
}

/* A struct that was never set up: zeros, a size that holds nothing, nonsense. */
static void what_was_not_set_up_is_refused(void **state) {
    static const size_t sizes[] = {0,       1, sizeof(size_t) - 1, sizeof(size_t), (1 << 16) + 1,
                                   SIZE_MAX};
    (void)state;
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        union sized x = {.size = sizes[k]}, y;
        expect(take(&x, &y), "struct glb_thing has size");
        expect(take(&x, &y), "glb_thing_init(&x, sizeof x)");
    }
}

/* A member of a newer library that the program has set is not passed over in silence. */
static void a_newer_member_is_refused_if_set(void **state) {
    (void)state;
    for (size_t k = KNOWN; k < MOST; k++)
        for (size_t size = KNOWN; size <= MOST; size++) {
            union sized x = {.size = size}, y;
            char words[32];
            x.byte[k] = 1;
            if (k >= size) { /* behind the struct */
                assert_int_equal(take(&x, &y), GLB_OK);
                continue;
            }
            snprintf(words, sizeof words, "byte %zu is set", k);
            expect(take(&x, &y), words);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_for_every_size),
        cmocka_unit_test(every_size_is_taken),
        cmocka_unit_test(what_was_not_set_up_is_refused),
        cmocka_unit_test(a_newer_member_is_refused_if_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
