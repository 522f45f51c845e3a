/* Segments that count, dump and hold: every kernel against the reference, bit for bit, over jobs
 * one after another with new weights, writes and loads between them.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/emulator/counting_bench.h"

static void random_page(int page) {
    for (int t = 0; t < bench.a.tiles; t++)
        for (int addr = 0; addr < 1 << bench.a.aw; addr++) {
            uint64_t words[MAX_BOARDS] = {0};
            for (int b = 0; b < bench.boards; b++) {
                const uint32_t bits = rnd() & ((1u << bench.a.chains) - 1);
                const int bit = b * bench.a.chains;
                words[bit / 64] |= (uint64_t)bits << (bit % 64);
                glb_reference_set_state(bench.ref[b], page, t, addr, bits);
            }
            glb_emu_set(bench.e, page, t, addr, words);
        }
}

static int go_on(void *user, uint32_t sweeps) {
    (void)user, (void)sweeps;
    return 0;
}

/* Any order and number of segments; those beyond `segments` are not in it. */
static void random_job(int lawless) {
    struct glb_beta_step steps[3];
    struct glb_run runs[4];
    struct glb_job j = {.seed = (uint64_t)rnd() << 32 | rnd(),
                        .steps = steps,
                        .nsteps = 1 + below(3),
                        .burn_in = (uint32_t)below(4),
                        .interval = (uint32_t)below(4),
                        .runs = runs,
                        .nruns = below(4),
                        .page = (uint8_t)below(GLB_PAGES),
                        .flags = (uint8_t)below(32),
                        .nseg = (uint8_t)(1 + below(10)),
                        .progress = below(2) ? go_on : NULL};
    j.nsampled = (uint8_t)below(j.nseg);
    for (int i = 0; i < j.nsteps; i++)
        steps[i] = (struct glb_beta_step){(uint32_t)(1 + below(100)) << 16 >> below(8),
                                          (uint32_t)below(4)};
    for (int i = 0; i < j.nruns; i++) {
        const int addr = below(1 << bench.a.aw);
        runs[i] = (struct glb_run){(uint16_t)below(bench.a.tiles), (uint16_t)addr,
                                   (uint16_t)(1 + below((1 << bench.a.aw) - addr))};
    }
    for (int i = 0; i < j.nseg; i++)
        do
            j.seg[i] = (uint8_t)below(SEGMENTS);
        while (j.seg[i] == LAWLESS && !lawless);
    run_both(bench.e, bench.ref, bench.boards, bench.a.chains, &j);
    compare_states(bench.e, bench.ref, bench.boards, &bench.a);
}

/* All bits of the entries that hold sums, and of some beside them. */
static void compare_sums(void) {
    struct glb_beta_step step = {1, 1};
    struct glb_segment *g = &bench.m.seg[DUMPS];
    *g = (struct glb_segment){.s_len = 1 << bench.a.gw, .mode = GLB_SEGMENT_DUMPS};
    for (int first = C_USED - 1; first < CDEPTH + 16; first += g->s_len)
        for (g->part = 0; g->part < glb_array_sum_parts(&bench.a); g->part++) {
            struct glb_job j = {.steps = &step, .nsteps = 1, .nseg = 1, .seg = {DUMPS}};
            g->c_start = first % CDEPTH;
            write_segment(DUMPS);
            run_both(bench.e, bench.ref, bench.boards, bench.a.chains, &j);
            compare_states(bench.e, bench.ref, bench.boards, &bench.a);
        }
}

static void check(const char *array, int chains, enum glb_emu_path path, int boards) {
    if (!open_bench(array, chains, path, boards, 1 + below(2)))
        return;
    for (int page = 0; page < GLB_PAGES; page++)
        if (below(2)) /* the others are zero */
            random_page(page);
    for (int round = 0; round < 8; round++) {
        if (round == 3)
            update();
        if (round == 5)
            load();
        for (int k = below(3); k > 0; k--)
            write_sum(below(bench.a.tiles), FIRST_SUM + below(CDEPTH - FIRST_SUM),
                      (uint64_t)rnd() << 2 & 0x3ffff);
        if (below(2)) {
            random_dump(DUMPS);
            write_segment(DUMPS);
        }
        random_job(round % 4 == 2);
    }
    compare_sums();
    close_bench();
}

static void check_path(enum glb_emu_path path) {
    static const char *const array[] = {"tiny", "tiny1", "tiny4"};
    rnd_state = 1234567 + (uint64_t)path;
    for (int chains = 4; chains <= 16; chains *= 2)
        for (int i = 0; i < 3; i++) {
            check(array[i], chains, path, 1 + below(7));
            check(array[i], chains, path, 512 / chains + (i == 0)); /* blocks of 512 chains */
        }
}

static void portable_equals_reference(void **state) {
    (void)state;
    check_path(GLB_EMU_PORTABLE);
}
static void avx2_equals_reference(void **state) {
    (void)state;
    check_path(GLB_EMU_AVX2);
}
static void avx512_equals_reference(void **state) {
    (void)state;
    check_path(GLB_EMU_AVX512);
}
static void avx512vbmi_equals_reference(void **state) {
    (void)state;
    check_path(GLB_EMU_AVX512VBMI);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portable_equals_reference),
        cmocka_unit_test(avx2_equals_reference),
        cmocka_unit_test(avx512_equals_reference),
        cmocka_unit_test(avx512vbmi_equals_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
