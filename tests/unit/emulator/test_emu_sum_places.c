/* Sums where segments have their couplings: the emulator's kernels share these between boards, so
 * jobs that would take sums for couplings are refused. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/emulator/counting_bench.h"

static enum glb_status run(int nseg, const int *segments) {
    static const struct glb_beta_step step = {1 << 16, 1};
    struct glb_job j = {.steps = &step, .nsteps = 1, .nseg = (uint8_t)nseg};
    for (int i = 0; i < nseg; i++)
        j.seg[i] = (uint8_t)segments[i];
    return glb_emu_run(bench.e, &j, NULL, NULL, NULL, NULL);
}

static void refused(int nseg, const int *segments) {
    assert_int_equal(run(nseg, segments), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "hold sums; load the program again"));
}

/* The most entries that a segment takes of a tile. */
static int most_entries(int segment, int op) {
    const struct glb_segment *g = &bench.m.seg[segment];
    int most = 0;
    for (int t = 0; t < bench.a.tiles; t++) {
        int n = 0;
        for (int c = g->s_start; c < g->s_start + g->s_len; c++)
            n += (int)(bench.m.sched[c * bench.a.tiles + t] & ((1u << bench.a.ow) - 1)) == op;
        most = n > most ? n : most;
    }
    return most;
}

static void counts_at(int c_start) {
    for (int c = 430; c < 490; c++) /* every tile alike */
        for (int t = 1; t < bench.a.tiles; t++)
            bench.m.sched[c * bench.a.tiles + t] = bench.m.sched[c * bench.a.tiles];
    bench.m.seg[COUNTS].c_start = (c_start + CDEPTH) % CDEPTH;
    load();
}

static const int both[] = {UPDATES, COUNTS};

/* In the same job: counts that end right before the updates' couplings or start right behind them,
 * and those that meet one entry. */
static void counts_beside_couplings(void **state) {
    (void)state;
    rnd_state = 4;
    assert_true(open_bench("tiny", 4, GLB_EMU_AUTO, 3, 1));
    const int other[] = {MORE_COUNTS, HOLDS};
    assert_int_equal(run(2, both), GLB_OK);
    assert_int_equal(run(2, other), GLB_OK);
    counts_at(300);
    const int behind = 10 + most_entries(UPDATES, bench.a.ctrl),
              before = 10 - most_entries(COUNTS, 3);
    assert_true(before < 0);
    for (int far = 1; far >= 0; far--) {
        counts_at(behind - !far);
        if (far)
            assert_int_equal(run(2, both), GLB_OK);
        else
            refused(2, both);
        counts_at(before + !far);
        if (far)
            assert_int_equal(run(2, both), GLB_OK);
        else
            refused(2, both);
    }
    assert_int_equal(run(1, both), GLB_OK); /* nothing has been counted */
    close_bench();
}

/* Left by a job before, until the program's couplings come again. */
static void sums_are_no_couplings(void **state) {
    (void)state;
    const int holds_updates = HOLDS_UPDATES, holds = HOLDS;
    rnd_state = 5;
    assert_true(open_bench("tiny", 4, GLB_EMU_AUTO, 3, 1));
    counts_at(9 + most_entries(UPDATES, bench.a.ctrl));
    for (int k = 0; k < 2; k++) {
        assert_int_equal(run(1, &both[0]), GLB_OK);
        assert_int_equal(run(1, &both[1]), GLB_OK);
        refused(1, &both[0]);
        refused(1, &holds_updates);
        assert_int_equal(run(1, &holds), GLB_OK);
        if (k)
            load();
        else
            assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
    }
    assert_int_equal(run(1, &both[0]), GLB_OK);
    close_bench();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_beside_couplings),
        cmocka_unit_test(sums_are_no_couplings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
