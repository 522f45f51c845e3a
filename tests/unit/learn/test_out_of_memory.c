/* Readers of labels when an allocation fails: an error, nothing freed twice, nothing leaked.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "learn/labels/free_energy.h"
#include "learn/labels/label_scores.h"
#include "support/learn/small_images.h"

static atomic_int left = -1; /* allocations that still succeed; negative: all do */

static int fails(void) {
    int n = atomic_load(&left);
    while (n > 0 && !atomic_compare_exchange_weak(&left, &n, n - 1))
        ;
    return n == 0;
}

/* The linker sends the library's allocations here (mk/tests.mk). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return fails() ? NULL : __real_calloc(count, size);
}

static struct glb_topology topology;

static void scores_say_so(void **state) {
    double J[512] = {0}, h[64] = {0};
    struct glb_label_scores scores;
    int refused = 0;
    enum glb_status s;
    (void)state;
    do {
        atomic_store(&left, refused);
        s = glb_label_scores_open(&scores, &topology, J, h, 1, 1);
        atomic_store(&left, -1);
        if (s != GLB_OK) {
            assert_int_equal(s, GLB_ERR_MEMORY);
            refused++;
        }
        glb_label_scores_close(&scores);
    } while (s != GLB_OK && refused < 100);
    assert_in_range(refused, 8, 12);
}

static void free_energies_say_so(void **state) {
    double J[512] = {0}, h[64] = {0};
    uint8_t label[64];
    struct glb_dataset d = small_images(64);
    (void)state;
    for (int k = 0; k < 3; k++) {
        atomic_store(&left, k);
        const enum glb_status s = glb_free_energy_labels(&topology, J, h, &d, 4, label);
        atomic_store(&left, -1);
        assert_int_equal(s, GLB_ERR_MEMORY);
    }
    assert_int_equal(glb_free_energy_labels(&topology, J, h, &d, 4, label), GLB_OK);
    glb_dataset_clear(&d);
}

int main(void) {
    if (glb_topology_build("local:hidden=6,fan=6,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_say_so),
        cmocka_unit_test(free_energies_say_so),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    return failed;
}
