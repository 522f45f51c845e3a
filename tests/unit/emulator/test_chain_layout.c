/* The order of the chains in a slot. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/chain_layout.h"

static void layout_is_a_permutation(void **state) {
    (void)state;
    for (int chains = 4; chains <= 16; chains *= 2)
        for (int bit = 0; bit < GLB_BLOCK; bit++) {
            uint64_t in[8] = {0}, out[8], back[8];
            const int board = bit / chains, chain = bit % chains;
            const int to =
                32 * (board / 8 * (chains / 4) + chain / 4) + 4 * (board % 8) + chain % 4;
            in[bit / 64] = UINT64_C(1) << bit % 64;
            glb_to_kernel(chains, in, out);
            for (int w = 0; w < 8; w++)
                assert_int_equal(out[w], w == to / 64 ? UINT64_C(1) << to % 64 : 0);
            glb_from_kernel(chains, out, back);
            assert_memory_equal(in, back, sizeof in);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_is_a_permutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
