/* The kernels' noise: the LFSR's step of 64 bits, and every count of the tail.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/coupling_word.h"
#include "emulator/emulator.h"
#include "emulator/kernels/noise_tail.h"
#include "support/beside_reference.h"

static void lfsr_steps_back(void **state) {
    (void)state;
    int16_t table[1024] = {0};
    uint64_t s = 0x123456789abcdefu;
    for (int i = 0; i < 10000; i++) {
        uint64_t t = s;
        uint8_t tail = 0;
        for (int k = 0; k < 4; k++)
            glb_noise_word(&t, &tail, table);
        assert_int_equal(t, step64(s));
        assert_int_equal(s, back64(t));
        s = t;
    }
}

/* A long job on a segment with nothing but noise: every tail count occurs, also at the job's start.
 */
static void long_noise(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny1");
    for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++) {
        struct glb_board_memory m;
        struct glb_emu *e;
        struct glb_reference *ref[MAX_BOARDS];
        if (glb_emu_open(a, 64, 1, (enum glb_emu_path)path, &e) == GLB_ERR_UNSUPPORTED)
            continue;
        assert_int_equal(glb_board_memory_init(&m, a), GLB_OK);
        m.seg[0] = (struct glb_segment){.s_len = 200, .flips = 160};
        for (int c = 0; c < 200; c++)
            for (int t = 0; t < a->tiles; t++) {
                /* A bias far from 0: only noise from the tail turns a state to 1. */
                m.sched[c * a->tiles + t] = (uint32_t)(c % 5 < 4 ? 1 : a->ctrl);
                if (c % 5 == 4)
                    m.coupling[(size_t)t * a->cdepth + c / 5] =
                        glb_ctrl_word(a, -40 - 3 * (c % 16), 0, 1, 1, 0, 0);
            }
        struct glb_program p = {.array = *a,
                                .nseg = 1,
                                .s_used = a->sdepth,
                                .c_used = a->cdepth,
                                .sched = m.sched,
                                .net = m.net,
                                .coupling = m.coupling};
        p.seg[0] = m.seg[0];
        const struct glb_beta_step step = {10 << 16, 60};
        const struct glb_run run[4] = {{0, 0, 16}, {1, 0, 16}, {2, 0, 16}, {3, 0, 16}};
        struct glb_job j = {.seed = 5,
                            .steps = &step,
                            .nsteps = 1,
                            .interval = 1,
                            .runs = run,
                            .nruns = 4,
                            .nseg = 1};
        for (int b = 0; b < 64; b++)
            assert_int_equal(glb_reference_open_shared(&m, &ref[b]), GLB_OK);
        assert_int_equal(glb_emu_load(e, &p), GLB_OK);
        run_both(e, ref, 64, a->chains, &j);
        for (int b = 0; b < 64; b++)
            glb_reference_close(ref[b]);
        glb_emu_close(e);
        glb_board_memory_free(&m);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lfsr_steps_back),
        cmocka_unit_test(long_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
