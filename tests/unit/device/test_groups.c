/* Groups of emulated boards at temperatures of their own: each board as it runs alone.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/rng.h"
#include "device/device.h"
#include "graph/graph.h"

enum { MOST_WORDS = 2048, BOARDS = 8, SWEEPS = 5 };

struct bench {
    struct glb_program *p;
    struct glb_device *d;
    struct glb_run runs[GLB_MAX_TILES * GLB_MAX_LANES];
    int nruns, nwords;
    uint64_t start[MOST_WORDS][2]; /* bit board x chains + chain */
    uint64_t end[MOST_WORDS][2];
};

static int keep(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words, size_t stride) {
    struct bench *b = user;
    (void)sample, (void)sweep;
    for (int i = 0; i < b->nwords; i++)
        memcpy(b->end[i], words + (size_t)i * stride, stride * sizeof *words);
    return 0;
}

static void run(struct bench *b, const uint64_t *seeds, const uint32_t *group_k, uint32_t k) {
    const struct glb_beta_step step = {k, SWEEPS};
    struct glb_job j = {.steps = &step,
                        .nsteps = 1,
                        .runs = b->runs,
                        .nruns = b->nruns,
                        .flags = GLB_RUN_SAMPLE_FINAL,
                        .nseg = 1,
                        .group_k = group_k};
    memset(b->end, 0, sizeof b->end);
    assert_int_equal(glb_device_run(b->d, &j, seeds, keep, b, NULL), GLB_OK);
}

/* Board `board` alone, at its temperature; its bits are those of `all`. */
static void check_board(struct bench *b, int board, uint64_t seed, uint32_t k,
                        uint64_t all[MOST_WORDS][2]) {
    const int chains = b->p->array.chains, bit = board * chains;
    const uint64_t mask = (UINT64_C(1) << chains) - 1;
    uint64_t one[MOST_WORDS];
    int got;
    assert_int_equal(glb_device_boards(b->d, 1, &got), GLB_OK);
    assert_int_equal(glb_device_load(b->d, b->p), GLB_OK);
    for (int i = 0; i < b->nwords; i++)
        one[i] = b->start[i][bit / 64] >> bit % 64 & mask;
    assert_int_equal(glb_device_set_state(b->d, 0, b->runs, b->nruns, one, 1), GLB_OK);
    run(b, &seed, NULL, k);
    for (int i = 0; i < b->nwords; i++)
        assert_true(b->end[i][0] == (all[i][bit / 64] >> bit % 64 & mask));
}

static void check(const char *array, int boards, int group, bool side_by_side) {
    static struct bench b;
    static uint64_t all[MOST_WORDS][2];
    struct glb_graph *g;
    struct glb_rng r = glb_rng_at(3, 0, 0);
    uint64_t seeds[BOARDS];
    uint32_t k[BOARDS];
    int got;
    b = (struct bench){0};
    glb_graph_generate("regular", "n=60,d=3,weights=gauss,bias=gauss", 7, &g);
    assert_int_equal(glb_program_compile(g, array, NULL, &b.p), GLB_OK);
    assert_int_equal(glb_device_open("emu", array, &b.d), GLB_OK);
    for (int l = 0; l < b.p->array.tiles * b.p->array.lanes; l++) {
        b.runs[b.nruns++] = (struct glb_run){(uint16_t)(l / b.p->array.lanes),
                                             (uint16_t)(l % b.p->array.lanes << b.p->array.gw), 8};
        b.nwords += 8;
    }
    const int bits = boards * b.p->array.chains, stride = (bits + 63) / 64;
    for (int i = 0; i < b.nwords; i++)
        for (int w = 0; w < stride; w++)
            b.start[i][w] = glb_rng_u64(&r) & (bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX);
    for (int i = 0; i < boards; i++) {
        seeds[i] = glb_rng_u64(&r);
        k[i] = 20000u << i;
    }
    /* as many boards at one temperature before */
    assert_int_equal(glb_device_boards(b.d, boards, &got), GLB_OK);
    assert_int_equal(glb_device_groups(b.d, boards, group, &got), GLB_OK);
    assert_int_equal(got, side_by_side ? boards : 1);
    if (side_by_side) {
        assert_int_equal(glb_device_load(b.d, b.p), GLB_OK);
        assert_int_equal(glb_device_set_state(b.d, 0, b.runs, b.nruns, &b.start[0][0], 2), GLB_OK);
        run(&b, seeds, k, k[0]);
        memcpy(all, b.end, sizeof all);
        for (int i = 0; i < boards; i++)
            check_board(&b, i, seeds[i], k[i / group], all);
    }
    glb_device_close(b.d);
    glb_program_free(b.p);
    glb_graph_free(g);
}

static void each_alone(void **state) {
    (void)state;
    check("small", 8, 1, true);
    check("small", 8, 2, true);
    check("small", 8, 4, true);
    check("small", 8, 8, true);
    check("small", 6, 3, true); /* three blocks a group */
    check("tiny", 8, 4, true);
    check("tiny4", 8, 2, true);
    check("tiny4", 8, 4, true);
}

/* Groups that are no multiple of 16 chains cannot have a temperature. */
static void not_possible(void **state) {
    (void)state;
    check("tiny", 8, 1, false);
    check("tiny", 8, 2, false);
    check("tiny4", 8, 1, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_alone),
                                       cmocka_unit_test(not_possible)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
