/* The emulator's kernels against the reference, bit for bit: random programs, jobs of several steps
 * and segments, samples, pages, board numbers that do and do not fill a block, new weights,
 * programs that break the rules. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/emulator.h"
#include "emulator/chain_layout.h"
#include "array/coupling_word.h"
#include "emulator/adder_plan.h"
#include "emulator/noise_tail.h"
#include "array/protocol.h"
#include "support/random_program.h"
#include "emulator/reference.h"

enum { MAX_BOARDS = 70, MAX_SAMPLES = 64 };

static int decoded, left_to_ref; /* segments, over all tests */
static int noisy_updates;

struct record { /* what a board's reference returned */
    uint32_t n, sweep[MAX_SAMPLES];
    uint32_t *word[MAX_SAMPLES];
};

struct want {
    const struct glb_job *j;
    int boards, chains, nwords;
    struct record *board;
    uint32_t samples;
};

static int record_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                         size_t stride) {
    struct want *w = user;
    struct record *r = &w->board[0];
    assert_int_equal(stride, 1);
    assert_int_equal(sample, r->n);
    assert_true(r->n < MAX_SAMPLES);
    r->sweep[r->n] = sweep;
    r->word[r->n] = malloc(((size_t)w->nwords + 1) * sizeof(uint32_t));
    for (int i = 0; i < w->nwords; i++)
        r->word[r->n][i] = (uint32_t)words[i];
    r->n++;
    return 0;
}

static uint32_t board_bits(const uint64_t *words, int board, int chains) {
    const int bit = board * chains;
    return (uint32_t)(words[bit / 64] >> (bit % 64)) & ((1u << chains) - 1);
}

static int compare_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                          size_t stride) {
    struct want *w = user;
    assert_int_equal(stride, (w->boards * w->chains + 63) / 64);
    for (int b = 0; b < w->boards; b++) {
        assert_true(sample < w->board[b].n);
        assert_int_equal(sweep, w->board[b].sweep[sample]);
        for (int i = 0; i < w->nwords; i++)
            assert_int_equal(board_bits(words + (size_t)i * stride, b, w->chains),
                             w->board[b].word[sample][i]);
    }
    const int used = w->boards * w->chains % 64;
    for (int i = 0; used && i < w->nwords; i++)
        assert_int_equal(words[(size_t)(i + 1) * stride - 1] >> used, 0);
    w->samples++;
    return 0;
}

static struct glb_job random_job(const struct glb_array *a, struct glb_beta_step *steps,
                                 struct glb_run *runs, int nseg) {
    struct glb_job j = {.seed = (uint64_t)rnd() << 32 | rnd(),
                        .steps = steps,
                        .nsteps = 1 + below(4),
                        .burn_in = (uint32_t)below(4),
                        .interval = (uint32_t)below(4),
                        .runs = runs,
                        .nruns = below(4),
                        .page = (uint8_t)below(2),
                        .flags = (uint8_t)below(4),
                        .nseg = (uint8_t)(1 + below(nseg))};
    for (int i = 0; i < j.nsteps; i++)
        steps[i] = (struct glb_beta_step){(uint32_t)(1 + below(100)) << 16 >> below(8),
                                          (uint32_t)below(4)};
    for (int i = 0; i < j.nruns; i++) {
        const int addr = below(1 << a->aw);
        runs[i] = (struct glb_run){(uint16_t)below(a->tiles), (uint16_t)addr,
                                   (uint16_t)(1 + below((1 << a->aw) - addr))};
    }
    for (int i = 0; i < j.nseg; i++)
        j.seg[i] = (uint8_t)below(nseg);
    return j;
}

/* The same job on boards references and on e; their states must start equal. */
static void run_both(struct glb_emu *e, struct glb_reference **ref, int boards, int chains,
                     struct glb_job *j) {
    uint64_t seeds[MAX_BOARDS] = {0};
    static struct record board[MAX_BOARDS];
    struct want w = {.j = j, .boards = boards, .chains = chains};
    struct glb_job_counters want, got;
    for (int i = 0; i < j->nruns; i++)
        w.nwords += j->runs[i].count;
    memset(board, 0, sizeof board);
    for (int b = 0; b < boards; b++) {
        struct glb_job mine = *j;
        mine.seed = seeds[b] = j->seed + (uint64_t)b * UINT64_C(0x9e3779b97f4a7c15);
        w.board = &board[b];
        assert_int_equal(glb_reference_run(ref[b], &mine, record_sample, &w, &want), GLB_OK);
    }
    w.board = board;
    assert_int_equal(glb_emu_run(e, j, seeds, compare_sample, &w, &got), GLB_OK);
    assert_int_equal(w.samples, board[0].n);
    assert_memory_equal(&want, &got, sizeof want);
    for (int b = 0; b < boards; b++)
        for (uint32_t i = 0; i < board[b].n; i++)
            free(board[b].word[i]);
}

static void compare_states(struct glb_emu *e, struct glb_reference **ref, int boards,
                           const struct glb_array *a) {
    uint64_t words[MAX_BOARDS];
    for (int page = 0; page < GLB_PAGES; page++)
        for (int t = 0; t < a->tiles; t++)
            for (int addr = 0; addr < 1 << a->aw; addr++) {
                glb_emu_get(e, page, t, addr, words);
                for (int b = 0; b < boards; b++)
                    assert_int_equal(board_bits(words, b, a->chains),
                                     glb_reference_state(ref[b], page, t, addr));
            }
}

static void random_states(struct glb_emu *e, struct glb_reference **ref, int boards,
                          const struct glb_array *a) {
    for (int page = 0; page < GLB_PAGES; page++)
        for (int t = 0; t < a->tiles; t++)
            for (int addr = 0; addr < 1 << a->aw; addr++) {
                uint64_t words[MAX_BOARDS] = {0};
                for (int b = 0; b < boards; b++) {
                    const uint32_t bits = rnd() & ((1u << a->chains) - 1);
                    const int bit = b * a->chains;
                    words[bit / 64] |= (uint64_t)bits << (bit % 64);
                    glb_reference_set_state(ref[b], page, t, addr, bits);
                }
                glb_emu_set(e, page, t, addr, words);
            }
}

static void count_decoded(const struct glb_board_memory *m, int nseg) {
    uint8_t *live = calloc((size_t)m->a.tiles * m->a.cdepth, 1);
    for (int s = 0; s < nseg; s++) {
        struct glb_emu_code c;
        assert_int_equal(glb_emu_decode(m, s, live, &c), GLB_OK);
        if (c.ok)
            decoded++;
        else
            left_to_ref++;
        for (int i = 0; i < c.nstages; i++)
            noisy_updates += c.stage[i].noise > 0;
        glb_emu_code_free(&c);
    }
    free(live);
}

/* Programs on one array, one path: images through glb_emu_load, then new weights through
 * glb_emu_update. */
static void check(const struct glb_array *a, enum glb_emu_path path, int boards, int threads,
                  int lawless) {
    struct glb_board_memory m;
    struct glb_emu *e;
    struct glb_reference *ref[MAX_BOARDS];
    struct glb_beta_step steps[GLB_BETA_STEPS];
    struct glb_run runs[4];
    if (glb_emu_open(a, boards, threads, path, &e) == GLB_ERR_UNSUPPORTED)
        return;
    assert_int_equal(glb_board_memory_init(&m, a), GLB_OK);
    const int nseg = 2, len = a->sdepth / nseg;
    for (int s = 0; s < nseg; s++)
        random_segment(&m, s, s * len, len, s * a->cdepth / nseg, lawless);
    count_decoded(&m, nseg);
    struct glb_program p = {.array = *a,
                            .nseg = nseg,
                            .s_used = a->sdepth,
                            .c_used = a->cdepth,
                            .sched = m.sched,
                            .net = m.net,
                            .coupling = m.coupling};
    memcpy(p.seg, m.seg, sizeof p.seg);
    for (int b = 0; b < boards; b++)
        assert_int_equal(glb_reference_open_shared(&m, &ref[b]), GLB_OK);
    random_states(e, ref, boards, a);
    for (int round = 0; round < 3; round++) {
        if (round == 0)
            assert_int_equal(glb_emu_load(e, &p), GLB_OK);
        if (round == 1) {
            random_weights(&m);
            assert_int_equal(glb_emu_update(e, &p), GLB_OK);
        }
        if (round == 2) /* one word through the other door */
            assert_int_equal(
                glb_emu_write(e, GLB_TARGET_COUPLING, 1, 3, m.coupling[a->cdepth + 3], 0), GLB_OK);
        struct glb_job j = random_job(a, steps, runs, nseg);
        run_both(e, ref, boards, a->chains, &j);
        compare_states(e, ref, boards, a);
    }
    for (int b = 0; b < boards; b++)
        glb_reference_close(ref[b]);
    glb_emu_close(e);
    glb_board_memory_free(&m);
}

static void check_path(enum glb_emu_path path) {
    const char *const names[] = {"tiny", "tiny1", "tiny4", "small"};
    const int boards[] = {1, 3, 40, 70};
    rnd_state = 88172645463325252u + (uint64_t)path;
    for (int i = 0; i < 4; i++)
        for (int b = 0; b < 4; b++)
            for (int k = 0; k < (i < 3 ? 4 : 1); k++)
                check(glb_array_find(names[i]), path, boards[b], 1 + k % 2, k == 3);
    for (int acc = 10; acc <= 14; acc++) {
        struct glb_array a = *glb_array_find("tiny4");
        a.acc = acc;
        a.jw = 4 + (acc - 10) % 5;
        a.chains = 4 << acc % 3;
        glb_array_derive(&a);
        check(&a, path, 40, 1, 0);
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

static void programs_were_decoded(void **state) {
    (void)state;
    print_message("segments decoded %d, left to the reference %d; updates with noise %d\n", decoded,
                  left_to_ref, noisy_updates);
    assert_true(decoded > 100);
    assert_true(left_to_ref > 10);
    assert_true(noisy_updates > 1000);
}

/* A long job on a segment with nothing but noise: every tail count occurs, also at the job's start.
 */
static void long_noise(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny1");
    for (int path = GLB_EMU_PORTABLE; path <= GLB_EMU_AVX512; path++) {
        struct glb_board_memory m;
        struct glb_emu *e;
        struct glb_reference *ref[MAX_BOARDS];
        if (glb_emu_open(a, 64, 1, (enum glb_emu_path)path, &e) == GLB_ERR_UNSUPPORTED)
            continue;
        assert_int_equal(glb_board_memory_init(&m, a), GLB_OK);
        m.seg[0] = (struct glb_segment){0, 200, 0, 0, 160};
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

static int stop_at_second(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                          size_t stride) {
    (void)user, (void)sweep, (void)words, (void)stride;
    return sample == 1;
}

static void errors_and_abort(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny");
    struct glb_emu *e;
    struct glb_job_counters n;
    struct glb_beta_step steps[2] = {{65536, 5}, {65536, 5}};
    struct glb_run run = {3, 0, 32};
    struct glb_job j = {
        .steps = steps, .nsteps = 2, .runs = &run, .nruns = 1, .interval = 2, .nseg = 1};
    assert_int_equal(glb_emu_open(a, 0, 0, GLB_EMU_AUTO, &e), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_open(a, 5, 0, GLB_EMU_AUTO, &e), GLB_OK);
    assert_int_equal(glb_emu_write(e, GLB_TARGET_SCHED, 4, 0, 0, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_write(e, GLB_TARGET_STATE, 0, 0, 0, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_write(e, GLB_TARGET_SEG, 0, 16, 0, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_emu_run(e, &j, NULL, stop_at_second, NULL, &n), GLB_OK);
    assert_int_equal(n.aborted, 1);
    assert_int_equal(n.sweeps, 4);
    assert_int_equal(n.samples, 2);
    run.count = 33;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    run.count = 32;
    j.nseg = 0;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    j.nseg = 1;
    j.seg[0] = 16;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    j.seg[0] = 0;
    j.page = 2;
    assert_int_equal(glb_emu_run(e, &j, NULL, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    glb_emu_close(e);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_is_a_permutation),
        cmocka_unit_test(lfsr_steps_back),
        cmocka_unit_test(portable_equals_reference),
        cmocka_unit_test(avx2_equals_reference),
        cmocka_unit_test(avx512_equals_reference),
        cmocka_unit_test(programs_were_decoded),
        cmocka_unit_test(long_noise),
        cmocka_unit_test(errors_and_abort),
    };
    int n;
    glb_arrays(&n); /* derives the descriptions */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
