/* Images that change under an emulator that has run before, and jobs that follow others: as on the
 * reference. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "array/noise.h"
#include "array/protocol.h"
#include "emulator/emulator.h"
#include "support/beside_reference.h"
#include "support/random_program.h"

enum { BOARDS = 20 };

static struct {
    const struct glb_array *a;
    struct glb_board_memory m;
    struct glb_emu *e;
    struct glb_reference *ref[BOARDS];
    struct glb_program p; /* the images of m */
} bench;

static void open_bench(const char *array, int nseg) {
    const struct glb_array *a = bench.a = glb_array_find(array);
    assert_int_equal(glb_board_memory_init(&bench.m, a), GLB_OK);
    assert_int_equal(glb_emu_open(a, BOARDS, 1, GLB_EMU_AUTO, &bench.e), GLB_OK);
    for (int b = 0; b < BOARDS; b++)
        assert_int_equal(glb_reference_open_shared(&bench.m, &bench.ref[b]), GLB_OK);
    bench.p = (struct glb_program){.array = *a,
                                   .nseg = nseg,
                                   .s_used = a->sdepth,
                                   .c_used = a->cdepth,
                                   .sched = bench.m.sched,
                                   .net = bench.m.net,
                                   .coupling = bench.m.coupling};
}

static void close_bench(void) {
    for (int b = 0; b < BOARDS; b++)
        glb_reference_close(bench.ref[b]);
    glb_emu_close(bench.e);
    glb_board_memory_free(&bench.m);
}

static void load(void) {
    memcpy(bench.p.seg, bench.m.seg, sizeof bench.p.seg);
    assert_int_equal(glb_emu_load(bench.e, &bench.p), GLB_OK);
}

/* From random states, so that whatever a word's reads are is seen. */
static void run_segment(int segment, uint64_t seed) {
    const struct glb_array *a = bench.a;
    struct glb_beta_step step = {15 << 16, 1}; /* a later sweep would hide the first one */
    struct glb_job j = {
        .seed = seed, .steps = &step, .nsteps = 1, .nseg = 1, .seg = {(uint8_t)segment}};
    for (int page = 0; page < GLB_PAGES; page++)
        for (int t = 0; t < a->tiles; t++)
            for (int addr = 0; addr < 1 << a->aw; addr++) {
                uint64_t words[BOARDS] = {0};
                for (int b = 0; b < BOARDS; b++) {
                    const uint32_t bits = rnd() & ((1u << a->chains) - 1);
                    words[b * a->chains / 64] |= (uint64_t)bits << b * a->chains % 64;
                    glb_reference_set_state(bench.ref[b], page, t, addr, bits);
                }
                glb_emu_set(bench.e, page, t, addr, words);
            }
    run_both(bench.e, bench.ref, BOARDS, a->chains, &j);
    compare_states(bench.e, bench.ref, BOARDS, a);
}

/* The first entry of a tile that is a CTRL, or the first that is none. */
static uint64_t *first_entry(int tile, int ctrl) {
    const struct glb_array *a = bench.a;
    uint64_t *w = &bench.m.coupling[(size_t)tile * a->cdepth];
    for (int i = 0; i < a->cdepth; i++)
        if (((int)(w[i] & ((1u << a->ow) - 1)) == a->ctrl) == ctrl)
            return &w[i];
    fail_msg("tile %d has no such entry", tile);
    return NULL;
}

/* Any bit of a coupling word, not those of weights alone, and back again. */
static void updates_may_change_anything(void **state) {
    static const char *const name[] = {"tiny", "tiny4"};
    (void)state;
    for (int k = 0; k < 4; k++) {
        rnd_state = 17 + (uint64_t)k;
        open_bench(name[k / 2], 1);
        random_segment(&bench.m, 0, 0, bench.a->sdepth / 2, 0, 0);
        load();
        for (int tile = 0; tile < bench.a->tiles; tile++)
            for (int bit = 0; bit < bench.a->cw; bit++) {
                uint64_t *w = first_entry(tile, k % 2);
                const uint64_t old = *w;
                *w ^= UINT64_C(1) << bit;
                assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
                run_segment(0, (uint64_t)bit);
                *w = old;
                assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
            }
        run_segment(0, 99);
        close_bench();
    }
}

/* Couplings that were zero when the images came, as raw words without a table of reads. */
static void zeros_become_weights(void **state) {
    (void)state;
    rnd_state = 29;
    open_bench("tiny", 1);
    for (int program = 0; program < 4; program++) {
        const struct glb_array *a = bench.a;
        uint64_t full[4 * 128];
        assert_true(a->tiles * a->cdepth <= 4 * 128);
        random_segment(&bench.m, 0, 0, a->sdepth / 2, 0, 0);
        memcpy(full, bench.m.coupling, sizeof *full * (size_t)(a->tiles * a->cdepth));
        for (int i = 0; i < a->tiles * a->cdepth; i++)
            if ((int)(full[i] & ((1u << a->ow) - 1)) != a->ctrl)
                bench.m.coupling[i] &= (1u << a->ow) - 1;
        load();
        run_segment(0, 1);
        memcpy(bench.m.coupling, full, sizeof *full * (size_t)(a->tiles * a->cdepth));
        assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
        run_segment(0, 2);
    }
    close_bench();
}

/* Any of sixteen segments is that of the program loaded last. */
static void programs_of_sixteen_segments(void **state) {
    (void)state;
    rnd_state = 31;
    open_bench("tiny", GLB_SEGMENTS);
    for (int round = 0; round < 2 * GLB_SEGMENTS; round++) {
        const int s = round / 2; /* twice, the others are empty */
        memset(bench.m.seg, 0, sizeof bench.m.seg);
        random_segment(&bench.m, s, 0, bench.a->sdepth / 2, 0, 0);
        load();
        run_segment(s, (uint64_t)round);
    }
    close_bench();
}

/* Addresses go round at the ends of the memories, a segment's first ones too. */
static void segments_start_anywhere(void **state) {
    (void)state;
    rnd_state = 37;
    open_bench("tiny", 1);
    const int clocks = bench.a->sdepth, couplings = bench.a->cdepth;
    random_segment(&bench.m, 0, 0, clocks / 2, 0, 0);
    load();
    for (int round = 1; round < 8192 / couplings; round += 5) {
        struct glb_segment *g = &bench.m.seg[0];
        g->c_start = round * couplings;
        g->s_start = 8 * round * clocks % 0xff00;
        uint64_t lo, hi;
        glb_segment_pack(g, &lo, &hi);
        assert_int_equal(glb_emu_write(bench.e, GLB_TARGET_SEG, 0, 0, lo, hi), GLB_OK);
        run_segment(0, (uint64_t)round);
    }
    close_bench();
}

static uint32_t sweeps_seen[64];
static int calls;

static int note_sweep(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                      size_t stride) {
    (void)user, (void)words, (void)stride;
    assert_true(sample < 64);
    sweeps_seen[sample] = sweep;
    return 0;
}

static int go_on(void *user, uint32_t sweeps) {
    (void)user, (void)sweeps;
    calls++;
    return 0;
}

/* Samples are due at burn_in + k interval, however often a job stops to report. */
static void reports_do_not_move_samples(void **state) {
    (void)state;
    rnd_state = 41;
    open_bench("tiny", 1);
    random_segment(&bench.m, 0, 0, bench.a->sdepth / 2, 0, 0);
    load();
    for (uint32_t burn_in = 0; burn_in < 40; burn_in += 13)
        for (uint32_t interval = 1; interval < 60; interval += 11) {
            struct glb_beta_step steps[] = {{3 << 16, 25}, {2 << 16, 35}};
            struct glb_run run = {0, 0, 1};
            struct glb_job_counters n;
            struct glb_job j = {.steps = steps,
                                .nsteps = 2,
                                .burn_in = burn_in,
                                .interval = interval,
                                .runs = &run,
                                .nruns = 1,
                                .nseg = 1,
                                .progress = go_on};
            calls = 0;
            assert_int_equal(glb_emu_run(bench.e, &j, NULL, note_sweep, NULL, &n), GLB_OK);
            assert_int_equal(n.sweeps, 60);
            assert_int_equal(n.samples, burn_in < 60 ? (60 - burn_in) / interval : 0);
            for (uint32_t k = 0; k < n.samples; k++)
                assert_int_equal(sweeps_seen[k], burn_in + (k + 1) * interval);
            assert_true(calls >= (int)n.samples);
        }
    close_bench();
}

/* A seed one of whose lanes draws a first word in the noise's tail. */
static uint64_t tail_seed(uint64_t from) {
    const int lanes = bench.a->tiles * bench.a->lanes;
    uint64_t lfsr[GLB_MAX_TILES * GLB_MAX_LANES];
    for (;; from++) {
        glb_noise_seed(from, lanes, lfsr);
        for (int l = 0; l < lanes; l++) {
            const uint64_t s = lfsr[l];
            if (!((s ^ s >> 9 ^ s >> 19 ^ s >> 31) & 0x7ff8))
                return from;
        }
    }
}

/* A job's noise starts from its seed alone, the count of the tail too, whatever ran before: one
 * update of each lane's first words with biases that find out the noise. */
static void noise_starts_anew(void **state) {
    enum { SEEDS = 16 };
    (void)state;
    rnd_state = 43;
    open_bench("tiny", 1);
    const struct glb_array *a = bench.a;
    const int clocks = a->lanes * (a->chains + 1);
    bench.m.seg[0] = (struct glb_segment){.s_len = clocks, .flips = 1};
    for (int t = 0; t < a->tiles; t++)
        for (int k = 0; k < clocks; k++) {
            const int noise = k < a->lanes * a->chains;
            bench.m.sched[k * a->tiles + t] = (uint32_t)(noise ? 1 + k / a->chains : a->ctrl);
        }
    uint64_t seed = 0;
    for (int round = 0; round < SEEDS; round++) {
        seed = tail_seed(seed + 1); /* board 0's */
        for (int bias = -600; bias <= 600; bias += 5) {
            for (int t = 0; t < a->tiles; t++)
                for (int l = 0; l < a->lanes; l++)
                    bench.m.coupling[t * a->cdepth + l] = glb_ctrl_word(a, bias, 0, 1, 1, 0, l);
            if (round == 0 && bias == -600)
                load();
            assert_int_equal(glb_emu_update(bench.e, &bench.p), GLB_OK);
            run_segment(0, seed);
        }
    }
    close_bench();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(updates_may_change_anything),  cmocka_unit_test(zeros_become_weights),
        cmocka_unit_test(programs_of_sixteen_segments), cmocka_unit_test(segments_start_anywhere),
        cmocka_unit_test(reports_do_not_move_samples),  cmocka_unit_test(noise_starts_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
