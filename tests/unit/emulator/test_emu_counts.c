/* Segments that count, dump and hold: every kernel against the reference, bit for bit, over jobs
 * one after another with new weights, writes and loads between them; and what is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "array/protocol.h"
#include "emulator/emulator.h"
#include "support/beside_reference.h"
#include "support/random_program.h"

/* The images: which clocks and entries the segments have. Sums go round at the memory's end. */
enum { UPDATES, HOLDS, LAWLESS, HOLDS_UPDATES, COUNTS, MORE_COUNTS, DUMPS, MORE_DUMPS, SEGMENTS };
enum { SDEPTH = 1024, CDEPTH = 512, C_USED = 445, FIRST_SUM = 446, MORE_SUMS = 480 };

static struct {
    struct glb_array a;
    struct glb_board_memory m; /* of the references */
    struct glb_emu *e;
    struct glb_reference *ref[MAX_BOARDS];
    int boards;
    struct glb_program p;
} bench;

static void random_dump(int s) {
    struct glb_segment *g = &bench.m.seg[s];
    *g = (struct glb_segment){.s_start = below(SDEPTH),
                              .s_len = 1 + below(40),
                              .c_start = (FIRST_SUM - 8 + below(CDEPTH - FIRST_SUM + 8)) % CDEPTH,
                              .wp_start = below(1 << bench.a.gw),
                              .mode = GLB_SEGMENT_DUMPS,
                              .part = below(glb_array_sum_parts(&bench.a))};
}

static void random_images(void) {
    struct glb_board_memory *m = &bench.m;
    random_segment(m, UPDATES, 0, 200, 10, 0);
    random_segment(m, HOLDS, 200, 200, 210, 0);
    random_segment(m, LAWLESS, 400, 30, 410, 1);
    random_counts(m, COUNTS, 430, 60, FIRST_SUM, 30, 1);
    random_counts(m, MORE_COUNTS, 490, 150, MORE_SUMS, 40, 0);
    m->seg[HOLDS].mode = GLB_SEGMENT_HOLDS;
    m->seg[HOLDS_UPDATES] = m->seg[UPDATES];
    m->seg[HOLDS_UPDATES].mode = GLB_SEGMENT_HOLDS;
    random_dump(DUMPS);
    random_dump(MORE_DUMPS);
}

/* The program has the first C_USED entries of each tile. */
static void copy_couplings(void) {
    for (int t = 0; t < bench.a.tiles; t++)
        memcpy(bench.p.coupling + (size_t)t * C_USED, bench.m.coupling + (size_t)t * CDEPTH,
               C_USED * sizeof(uint64_t));
    for (int b = 0; b < bench.boards; b++)
        for (int t = 0; t < bench.a.tiles; t++)
            for (int i = 0; i < C_USED; i++)
                glb_reference_entry_written(bench.ref[b], t, i);
}

static void load(void) {
    copy_couplings();
    memcpy(bench.p.seg, bench.m.seg, sizeof bench.p.seg);
    assert_int_equal(glb_emu_load(bench.e, &bench.p), GLB_OK);
}

static void update(void) {
    static uint64_t old[GLB_MAX_TILES * CDEPTH];
    memcpy(old, bench.m.coupling, sizeof *old * (size_t)bench.a.tiles * CDEPTH);
    random_weights(&bench.m);
    for (int t = 0; t < bench.a.tiles; t++)
        memcpy(bench.m.coupling + (size_t)t * CDEPTH + C_USED, old + (size_t)t * CDEPTH + C_USED,
               (CDEPTH - C_USED) * sizeof *old);
    copy_couplings();
    assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
}

/* A word where a sum is or may come to be, at times just before it goes round. */
static void write_sum(int tile, int entry, uint64_t word) {
    bench.m.coupling[(size_t)tile * CDEPTH + (size_t)entry] = word;
    for (int b = 0; b < bench.boards; b++)
        glb_reference_entry_written(bench.ref[b], tile, entry);
    assert_int_equal(glb_emu_write(bench.e, GLB_TARGET_COUPLING, tile, entry, word, 0), GLB_OK);
}

static void write_segment(int s) {
    uint64_t lo, hi;
    glb_segment_pack(&bench.m.seg[s], &lo, &hi);
    assert_int_equal(glb_emu_write(bench.e, GLB_TARGET_SEG, 0, s, lo, hi), GLB_OK);
}

static int open_bench(const char *array, int chains, enum glb_emu_path path, int boards,
                      int threads) {
    struct glb_array *a = &bench.a;
    *a = *glb_array_find(array);
    a->chains = chains;
    a->sdepth = SDEPTH;
    a->cdepth = CDEPTH;
    glb_array_derive(a);
    bench.boards = boards;
    if (glb_emu_open(a, boards, threads, path, &bench.e) == GLB_ERR_UNSUPPORTED)
        return 0;
    assert_int_equal(glb_board_memory_init(&bench.m, a), GLB_OK);
    for (int b = 0; b < boards; b++)
        assert_int_equal(glb_reference_open_shared(&bench.m, &bench.ref[b]), GLB_OK);
    random_images();
    for (int t = 0; t < a->tiles; t++) /* no load touches these */
        for (int i = C_USED; i < CDEPTH; i++)
            write_sum(t, i, below(2) ? 0x3fff0u + (uint64_t)below(16) : 0);
    bench.p = (struct glb_program){.array = *a,
                                   .nseg = UPDATES + 1,
                                   .nextra = SEGMENTS - UPDATES - 1,
                                   .s_used = SDEPTH,
                                   .c_used = C_USED,
                                   .sched = bench.m.sched,
                                   .net = bench.m.net};
    bench.p.coupling = calloc((size_t)a->tiles * C_USED, sizeof(uint64_t));
    load();
    return 1;
}

static void close_bench(void) {
    for (int b = 0; b < bench.boards; b++)
        glb_reference_close(bench.ref[b]);
    free(bench.p.coupling);
    glb_emu_close(bench.e);
    glb_board_memory_free(&bench.m);
}

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

/* ---- refusals ---- */

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

/* Sums that a segment would take for couplings: in the same job, or left by one before. */
static void sums_are_no_couplings(void **state) {
    (void)state;
    rnd_state = 4;
    assert_true(open_bench("tiny", 4, GLB_EMU_AUTO, 3, 1));
    const int both[] = {UPDATES, COUNTS}, other[] = {MORE_COUNTS, HOLDS};
    assert_int_equal(run(2, both), GLB_OK);
    assert_int_equal(run(2, other), GLB_OK);
    for (int last = 0; last < 2; last++) { /* the last entry of the updates, or the one behind */
        int most = 0;
        for (int t = 0; t < bench.a.tiles; t++) {
            int n = 0;
            for (int c = 0; c < 200; c++)
                n += (int)(bench.m.sched[c * bench.a.tiles + t] & ((1u << bench.a.ow) - 1)) ==
                     bench.a.ctrl;
            most = n > most ? n : most;
        }
        bench.m.seg[COUNTS].c_start = 10 + most - last;
        for (int t = 0; t < bench.a.tiles; t++)
            if (bench.m.sched[430 * bench.a.tiles + t] % 4 < 3)
                bench.m.sched[430 * bench.a.tiles + t] |= 3; /* counts in its first clock */
        load();
        if (last == 0) {
            assert_int_equal(run(2, both), GLB_OK);
            continue;
        }
        refused(2, both);
        assert_int_equal(run(1, &both[0]), GLB_OK); /* nothing has been counted */
        assert_int_equal(run(1, &both[1]), GLB_OK);
        refused(1, &both[0]);
        const int holds_updates = HOLDS_UPDATES, holds = HOLDS;
        refused(1, &holds_updates);
        assert_int_equal(run(1, &holds), GLB_OK);
        assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
        assert_int_equal(run(1, &both[0]), GLB_OK);
        assert_int_equal(run(1, &both[1]), GLB_OK);
        refused(1, &both[0]);
        load();
        assert_int_equal(run(1, &both[0]), GLB_OK);
    }
    close_bench();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(portable_equals_reference),
        cmocka_unit_test(avx2_equals_reference),
        cmocka_unit_test(avx512_equals_reference),
        cmocka_unit_test(sums_are_no_couplings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
