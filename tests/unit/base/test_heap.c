/* The heap gives keys back in order, whatever the mix of pushes and pops. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/heap.h"
#include "base/rng.h"

enum { KEYS = 500 };

static void largest_first(void **state) {
    (void)state;
    uint64_t key[KEYS], rng = 1;
    int left[KEYS] = {0}; /* of every key below KEYS */
    struct glb_heap h = {key, 0};
    for (int step = 0; step < 20000; step++) {
        const uint32_t x = (uint32_t)(glb_lcg(&rng) >> 33);
        if (h.count < KEYS && (x & 1 || !h.count)) {
            glb_heap_push(&h, x / 2 % KEYS);
            left[x / 2 % KEYS]++;
            continue;
        }
        int largest = KEYS - 1;
        while (!left[largest])
            largest--;
        assert_int_equal(glb_heap_pop(&h), largest);
        left[largest]--;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(largest_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
