/* Runs of words that a readout asks for: each p-bit of the layers once, none that does not exist.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "learn/layers/layer_sampler_device.h"
#include "support/learn/small_machine.h"

/* Of layers 0 to 2. The pixels end tile 0's p-bits (lane 1, g 3) and go on in tile 1, at the word
 * after it and at others. */
static struct glb_slot slot[N] = {{0, 1, 3}, {0, 1, 2}, {1, 2, 0}, {1, 3, 0}, {2, 0, 1}, {2, 0, 0},
                                  {2, 0, 3}, {0, 0, 0}, {1, 2, 1}, {1, 2, 3}, {0, 1, 0}, {2, 1, 0}};

static void check(unsigned layers, int runs) {
    struct glb_topology t = small_topology();
    const struct glb_program p = {.array = {.tiles = 3, .lanes = 4, .gw = 2}, .n = N, .slot = slot};
    struct readout_words w;
    int seen[N] = {0}, k = 0;
    assert_int_equal(readout_words_find(&p, &t, layers, &w), GLB_OK);
    for (int r = 0; r < w.nruns; r++)
        for (int i = 0; i < (int)w.run[r].count; i++, k++) {
            const struct glb_slot *s = &slot[w.pbit[k]];
            assert_int_equal(w.run[r].tile, s->tile);
            assert_int_equal(w.run[r].addr + i, s->lane * 4 + s->g);
            seen[w.pbit[k]]++;
        }
    assert_int_equal(k, w.count);
    assert_int_equal(w.nruns, runs);
    for (int i = 0; i < N; i++)
        assert_int_equal(seen[i], layers >> t.layer_of[i] & 1);
    readout_words_free(&w);
    glb_topology_clear(&t);
}

static void runs_are_the_words_of_the_layers(void **state) {
    (void)state;
    check(0, 0);
    check(1, 3); /* tile 0: 6 and 7; tile 1: 8, which is the word after 7 in another tile; 12 */
    check(2, 3); /* 0: 0; 2: 0 and 1; 2: 3 */
    check(4, 4); /* 0: 4; 1: 9; 1: 11; 2: 4 */
    check(5, 5); /* 0: 4; 0: 6 and 7; 1: 8 and 9; 1: 11 and 12; 2: 4 */
    check(7, 7); /* the same, 0: 0, 2: 0 and 1; 2: 3 and 4 */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_the_words_of_the_layers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
