/* A compiled program on 40 references, board by board, and on emulators of 1 to 40 boards with
 * every kernel: samples, states and dumped sums are equal. Segments update, hold, count and dump;
 * no, two thirds, all p-bits are clamped and weights change, one after the other. Include after
 * cmocka.h and random_program.h. SPDX-License-Identifier: Apache-2.0 */
#ifndef BOARDS_BENCH_H
#define BOARDS_BENCH_H

#include <stdlib.h>
#include <string.h>

#include "array/protocol.h"
#include "compiler/compile.h"
#include "compiler/counting/counting.h"
#include "emulator/emulator.h"
#include "emulator/reference.h"
#include "graph/graph.h"

enum { BOARDS = 40, ROUNDS = 4, SWEEPS = 5, INTERVAL = 2, STATES_PAGE = 1, SUMS_PAGE = 2 };

static const int some_boards[] = {1, 2, 3, 4, 8, 16, 32, 40};

struct round { /* what the references have at its end, and what they returned */
    uint32_t *state, *sums, *sample; /* [boards][words], samples one after another */
    int nsamples;
};

static struct {
    struct glb_array a;
    struct glb_program *p;
    int words, hold; /* hold: segment that holds what segment 0 updates */
    uint32_t *start; /* [boards][words] */
    struct round round[ROUNDS];
} bench;

/* ---- programs ---- */

/* Two thirds are clamped in round 1, all in round 2; weights change in round 3. */
static void start_round(const struct glb_graph *g, int round) {
    bool *clamped = calloc((size_t)g->n, sizeof *clamped);
    double *J = malloc((size_t)(g->m + 1) * sizeof *J);
    for (int i = 0; i < g->n; i++)
        clamped[i] = round == 2 || (round == 1 && i % 3 != 0);
    for (int i = 0; i < g->m; i++)
        J[i] = g->J[i] * (round == 3 ? i % 5 - 2 : 1);
    glb_program_clamp(bench.p, clamped);
    assert_int_equal(glb_program_set_weights(bench.p, J, g->h, NULL), GLB_OK);
    free(clamped);
    free(J);
}

static void fill_images(struct glb_board_memory *m) {
    const struct glb_program *p = bench.p;
    const struct glb_array *a = &p->array;
    memcpy(m->sched, p->sched, (size_t)p->s_used * (size_t)a->tiles * sizeof *p->sched);
    memcpy(m->net, p->net, (size_t)p->s_used * (size_t)m->chunks * sizeof *p->net);
    for (int t = 0; t < a->tiles; t++)
        memcpy(m->coupling + (size_t)t * a->cdepth, p->coupling + (size_t)t * p->c_used,
               (size_t)p->c_used * sizeof *p->coupling);
    memcpy(m->seg, p->seg, sizeof m->seg);
}

/* ---- jobs ---- */

static struct glb_beta_step step[2];
static struct glb_run all_words[GLB_MAX_TILES];

/* Every segment of a sweep, one held; at sampling points counts. */
static struct glb_job update_job(uint64_t seed) {
    const struct glb_program *p = bench.p;
    struct glb_job j = {.seed = seed,
                        .steps = step,
                        .nsteps = 2,
                        .interval = INTERVAL,
                        .page = STATES_PAGE,
                        .flags = GLB_RUN_REPLACE | GLB_RUN_SAMPLE_FINAL,
                        .runs = all_words,
                        .nruns = bench.a.tiles};
    for (int i = 0; i < p->nseg; i++)
        j.seg[j.nseg++] = (uint8_t)i;
    if (bench.hold >= 0)
        j.seg[j.nseg++] = (uint8_t)bench.hold;
    for (int i = 0; i < p->counts; i++, j.nsampled++)
        j.seg[j.nseg++] = (uint8_t)(p->count_first + i);
    return j;
}

static struct glb_job dump_job(void) {
    const struct glb_program *p = bench.p;
    struct glb_job j = {.steps = &step[1], .nsteps = 1, .page = SUMS_PAGE};
    for (int i = 0; i < p->dumps; i++)
        j.seg[j.nseg++] = (uint8_t)(p->dump_first + i);
    return j;
}

static uint64_t seed_of(int round, int board) {
    return (uint64_t)(round + 1) * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)board * 77;
}

/* ---- references ---- */

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    struct round *r = user;
    (void)sweep;
    r->nsamples = (int)sample + 1;
    for (int i = 0; i < bench.words; i++)
        r->sample[(size_t)sample * (size_t)bench.words + (size_t)i] =
            (uint32_t)words[(size_t)i * stride];
    return 0;
}

static void read_page(const struct glb_reference *ref, int page, uint32_t *to) {
    for (int w = 0; w < bench.words; w++)
        to[w] = glb_reference_state(ref, page, w >> bench.a.aw, w & ((1 << bench.a.aw) - 1));
}

static void run_reference(const struct glb_board_memory *m, int round, int board) {
    const size_t words = (size_t)bench.words, at = (size_t)board * words;
    struct round *all = &bench.round[round];
    struct glb_reference *ref;
    struct round mine = {.sample = all->sample + at * (SWEEPS + 1)};
    assert_int_equal(glb_reference_open_shared(m, &ref), GLB_OK);
    for (int w = 0; w < bench.words; w++)
        glb_reference_set_state(ref, STATES_PAGE, w >> bench.a.aw, w & ((1 << bench.a.aw) - 1),
                                bench.start[at + (size_t)w]);
    struct glb_job j = update_job(seed_of(round, board)), dump = dump_job();
    assert_int_equal(glb_reference_run(ref, &j, record, &mine, NULL), GLB_OK);
    read_page(ref, STATES_PAGE, all->state + at);
    if (dump.nseg > 0)
        assert_int_equal(glb_reference_run(ref, &dump, NULL, NULL, NULL), GLB_OK);
    read_page(ref, SUMS_PAGE, all->sums + at);
    all->nsamples = mine.nsamples;
    glb_reference_close(ref);
}

static void run_references(const struct glb_graph *g) {
    const size_t words = (size_t)bench.words;
    struct glb_board_memory m;
    bench.start = malloc(BOARDS * words * sizeof *bench.start);
    for (size_t i = 0; i < BOARDS * words; i++)
        bench.start[i] = rnd() & ((1u << bench.a.chains) - 1);
    assert_int_equal(glb_board_memory_init(&m, &bench.a), GLB_OK);
    for (int r = 0; r < ROUNDS; r++) {
        bench.round[r] =
            (struct round){.state = malloc(BOARDS * words * sizeof(uint32_t)),
                           .sums = malloc(BOARDS * words * sizeof(uint32_t)),
                           .sample = malloc(BOARDS * words * (SWEEPS + 1) * sizeof(uint32_t))};
        start_round(g, r);
        fill_images(&m);
        for (int b = 0; b < BOARDS; b++)
            run_reference(&m, r, b);
    }
    glb_board_memory_free(&m);
}

/* ---- the emulator beside them ---- */

struct want {
    const struct round *round;
    int boards, samples;
};

static uint32_t bits_of(const uint64_t *words, int board) {
    const int bit = board * bench.a.chains;
    return (uint32_t)(words[bit / 64] >> bit % 64) & ((1u << bench.a.chains) - 1);
}

static int compare_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                          size_t stride) {
    struct want *w = user;
    (void)sweep;
    for (int b = 0; b < w->boards; b++)
        for (int i = 0; i < bench.words; i++) {
            const size_t at = ((size_t)b * (SWEEPS + 1) + sample) * (size_t)bench.words + (size_t)i;
            if (bits_of(words + (size_t)i * stride, b) != w->round->sample[at])
                fail_msg("%d boards: board %d, sample %u, word %d", w->boards, b, sample, i);
        }
    w->samples++;
    return 0;
}

static void compare_page(struct glb_emu *e, int boards, int page, const uint32_t *want) {
    uint64_t words[BOARDS];
    for (int w = 0; w < bench.words; w++) {
        glb_emu_get(e, page, w >> bench.a.aw, w & ((1 << bench.a.aw) - 1), words);
        for (int b = 0; b < boards; b++)
            if (bits_of(words, b) != want[(size_t)b * (size_t)bench.words + (size_t)w])
                fail_msg("%d boards: board %d, page %d, word %d", boards, b, page, w);
    }
}

static void set_start(struct glb_emu *e, int boards) {
    for (int w = 0; w < bench.words; w++) {
        uint64_t words[BOARDS] = {0};
        for (int b = 0; b < boards; b++) {
            const int bit = b * bench.a.chains;
            words[bit / 64] |= (uint64_t)bench.start[(size_t)b * (size_t)bench.words + (size_t)w]
                               << bit % 64;
        }
        glb_emu_set(e, STATES_PAGE, w >> bench.a.aw, w & ((1 << bench.a.aw) - 1), words);
    }
}

static void run_emulator(const struct glb_graph *g, enum glb_emu_path path, int boards) {
    struct glb_emu *e;
    uint64_t seeds[BOARDS];
    if (glb_emu_open(&bench.a, boards, 1 + boards % 2, path, &e) == GLB_ERR_UNSUPPORTED)
        return;
    for (int r = 0; r < ROUNDS; r++) {
        struct want want = {.round = &bench.round[r], .boards = boards};
        struct glb_job j = update_job(0), dump = dump_job();
        start_round(g, r);
        assert_int_equal(r ? glb_emu_update(e, bench.p) : glb_emu_load(e, bench.p), GLB_OK);
        set_start(e, boards);
        for (int b = 0; b < boards; b++)
            seeds[b] = seed_of(r, b);
        assert_int_equal(glb_emu_run(e, &j, seeds, compare_sample, &want, NULL), GLB_OK);
        assert_int_equal(want.samples, bench.round[r].nsamples);
        compare_page(e, boards, STATES_PAGE, bench.round[r].state);
        if (dump.nseg > 0)
            assert_int_equal(glb_emu_run(e, &dump, NULL, NULL, NULL, NULL), GLB_OK);
        compare_page(e, boards, SUMS_PAGE, bench.round[r].sums);
    }
    glb_emu_close(e);
}

static void check(struct glb_graph *g, const char *array, int chains, int sizes,
                  struct glb_compile_options options) {
    bench.a = *glb_array_find(array);
    bench.a.chains = chains;
    glb_array_derive(&bench.a);
    bench.words = bench.a.tiles << bench.a.aw;
    if (glb_compile(g, &bench.a, &options, &bench.p, NULL) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_int_equal(bench.p->counts > 0, options.count);
    if (glb_program_add_hold(bench.p, 0, &bench.hold) != GLB_OK)
        bench.hold = -1;
    step[0] = (struct glb_beta_step){.sweeps = SWEEPS - 1};
    step[1] = (struct glb_beta_step){.sweeps = 1};
    assert_int_equal(glb_program_k(bench.p, 0.3, &step[0].k), GLB_OK);
    assert_int_equal(glb_program_k(bench.p, 1.5, &step[1].k), GLB_OK);
    for (int t = 0; t < bench.a.tiles; t++)
        all_words[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)(1 << bench.a.aw)};
    run_references(g);
    for (int path = GLB_EMU_PORTABLE; path < GLB_EMU_PATHS; path++)
        for (int i = 0; i < sizes; i++)
            run_emulator(g, (enum glb_emu_path)path, some_boards[i]);
    for (int r = 0; r < ROUNDS; r++) {
        free(bench.round[r].state);
        free(bench.round[r].sums);
        free(bench.round[r].sample);
    }
    free(bench.start);
    glb_program_free(bench.p);
    glb_graph_free(g);
}

#endif
