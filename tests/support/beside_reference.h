/* The same job on references and on the emulator: samples, counters and states must be equal.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef BESIDE_REFERENCE_H
#define BESIDE_REFERENCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/emulator.h"
#include "emulator/reference.h"

enum { MAX_BOARDS = 140, MAX_SAMPLES = 64 };

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

static inline int record_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
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

static inline uint32_t board_bits(const uint64_t *words, int board, int chains) {
    const int bit = board * chains;
    return (uint32_t)(words[bit / 64] >> (bit % 64)) & ((1u << chains) - 1);
}

static inline int compare_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
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

/* The same job on boards references and on e; their states must start equal. */
static inline void run_both(struct glb_emu *e, struct glb_reference **ref, int boards, int chains,
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

static inline void compare_states(struct glb_emu *e, struct glb_reference **ref, int boards,
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

#endif
