/* States that the client sends: what the board holds afterwards, and what went over the line.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "support/counted_line.h"
#include "support/random_program.h"
#include "transports/transports.h"
#include "wire/client.h"

enum { MAX_WORDS = 1 << 16 };

static struct counted_line line;
static struct glb_client *client;
static const struct glb_array *array;
static uint64_t held[MAX_WORDS], want[MAX_WORDS], words[2 * MAX_WORDS];

static void open_board(const char *name) {
    struct glb_transport board;
    array = glb_array_find(name);
    assert_int_equal(glb_emu_port_open(name, NULL, &board), GLB_OK);
    const struct glb_transport t = counted_open(&line, &board);
    assert_int_equal(glb_client_open(&t, &client), GLB_OK);
}

static int keep(void *user, uint32_t sample, uint32_t sweep, const uint64_t *w, size_t stride) {
    (void)user, (void)sample, (void)sweep, (void)stride;
    memcpy(held, w, sizeof *w * (size_t)(array->tiles << array->aw));
    return 0;
}

static void expect_page(int page, const uint64_t *all) {
    const struct glb_beta_step none = {1 << 16, 0};
    struct glb_run runs[GLB_MAX_TILES];
    struct glb_job_counters n;
    for (int t = 0; t < array->tiles; t++)
        runs[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)(1 << array->aw)};
    const struct glb_job j = {.steps = &none,
                              .nsteps = 1,
                              .runs = runs,
                              .nruns = array->tiles,
                              .page = (uint8_t)page,
                              .flags = GLB_RUN_SAMPLE_INITIAL,
                              .nseg = 1};
    if (glb_client_run(client, array, &j, keep, NULL, &n))
        fail_msg("%s", glb_error());
    assert_memory_equal(held, all, sizeof *all * (size_t)(array->tiles << array->aw));
}

/* Runs over all tiles: short ones, none, a whole lane or bank; a few lists, so that some are met
 * again. */
static int random_runs(struct glb_run *runs, int kind) {
    const uint64_t dice = rnd_state;
    rnd_state = (uint64_t)kind + 17;
    const int n = 1 + below(kind % 3 ? 40 : 3);
    for (int i = 0; i < n; i++) {
        const int size = 1 << array->aw, addr = below(size);
        const int most = below(4) ? (size - addr < 9 ? size - addr : 9) : size - addr;
        runs[i] = (struct glb_run){(uint16_t)below(array->tiles), (uint16_t)addr,
                                   (uint16_t)below(most + 1)};
    }
    rnd_state = dice;
    return n;
}

static void set_random(int page, int kind, int round) {
    struct glb_run runs[40];
    const int n = random_runs(runs, kind), zeros = below(12);
    const size_t stride = 1 + (size_t)round % 2;
    size_t k = 0;
    for (int r = 0; r < n; r++)
        for (int i = 0; i < runs[r].count; i++, k++) {
            const uint64_t w = below(11) < zeros ? 0 : rnd() & ((1u << array->chains) - 1);
            assert_true(k * stride < sizeof words / sizeof *words);
            words[k * stride] = w;
            want[(page * array->tiles + runs[r].tile) << array->aw | (runs[r].addr + i)] = w;
        }
    if (glb_client_set_state(client, array, page, runs, n, words, stride))
        fail_msg("%s", glb_error());
}

/* Whatever the runs and the share of zeros, exactly these words are written. */
static void any_runs(void **state) {
    static const char *const names[] = {"tiny", "tiny4", "small", "sim-1024"};
    (void)state;
    rnd_state = 31;
    for (int k = 0; k < 4; k++) {
        open_board(names[k]);
        memset(want, 0, sizeof want);
        assert_true((GLB_PAGES * array->tiles << array->aw) <= MAX_WORDS);
        for (int round = 0; round < 60; round++)
            set_random(below(GLB_PAGES), below(8), round);
        for (int page = 0; page < GLB_PAGES; page++)
            expect_page(page, want + (page * array->tiles << array->aw));
        assert_true(line.writes[GLB_TARGET_STATES] > 20);
        glb_client_close(client);
    }
}

/* What a frame of STATES must not do: begin within a run. */
static const struct glb_run *list;
static int covered; /* runs */

static void see_frame(const uint8_t *p, size_t len) {
    const int run = p[2] | p[3] << 8;
    int words_left = 0, runs = 0;
    if (p[0] != GLB_TARGET_STATES)
        return;
    assert_int_equal(run, covered);
    for (size_t i = 4; i < len;) {
        const int token = p[i++], n = token < 128 ? token + 1 : token - 127;
        words_left += n;
        i += token < 128 ? 2 * (size_t)n : 0;
    }
    while (words_left > 0)
        words_left -= list[run + runs++].count;
    assert_int_equal(words_left, 0);
    covered += runs;
}

/* 118 runs of 794 words, half of them zero: three frames at most, where WRITE STATE takes 118. */
static void short_runs_share_frames(void **state) {
    struct glb_run runs[118];
    int n = 0;
    (void)state;
    rnd_state = 7;
    open_board("ulx3s-85");
    for (int r = 0; r < 118; r++) {
        runs[r] = (struct glb_run){(uint16_t)(r % 64), (uint16_t)(r / 64 * 64), r < 86 ? 7 : 6};
        n += runs[r].count;
    }
    assert_int_equal(n, 794);
    list = runs;
    for (int round = 0; round < 3; round++) {
        counted_forget(&line);
        line.on_write = see_frame;
        covered = 0;
        for (int i = 0; i < n; i++)
            words[i] = round == 2 || below(2) ? 1 + (uint64_t)below(65535) : 0;
        assert_int_equal(glb_client_set_state(client, array, 1, runs, 118, words, 1), GLB_OK);
        assert_int_equal(covered, 118);
        assert_int_equal(line.writes[GLB_TARGET_RUNS], round == 0); /* the list stays there */
        assert_int_equal(line.writes[GLB_TARGET_STATE], 0);
        assert_true(line.writes[GLB_TARGET_STATES] <= 2);
        if (round == 1)
            assert_true(line.bytes < 794 + 794 / 2 * 1.2);
    }
    line.on_write = NULL;
    glb_client_close(client);
}

/* A run that no frame holds goes as WRITE STATE, those around it by the list. */
static void a_long_run(void **state) {
    const struct glb_run runs[] = {{0, 0, 5}, {1, 3, 5}, {2, 0, 512}, {3, 0, 5}, {4, 9, 5}};
    (void)state;
    rnd_state = 3;
    open_board("big");
    assert_int_equal(1 << array->aw, 512);
    for (int dense = 0; dense < 2; dense++) {
        counted_forget(&line);
        for (int i = 0; i < 532; i++)
            words[i] = dense ? 1 + (uint64_t)below(65535) : 0;
        assert_int_equal(glb_client_set_state(client, array, 3, runs, 5, words, 1), GLB_OK);
        assert_int_equal(line.writes[GLB_TARGET_STATE], dense ? 2 : 0);
        assert_int_equal(line.writes[GLB_TARGET_STATES], dense ? 2 : 1);
    }
    glb_client_close(client);
}

/* One run is not worth a list. */
static void one_run(void **state) {
    const struct glb_run run = {2, 3, 4};
    (void)state;
    open_board("tiny");
    for (int i = 0; i < 4; i++)
        words[i] = (uint64_t)i;
    assert_int_equal(glb_client_set_state(client, array, 0, &run, 1, words, 1), GLB_OK);
    assert_int_equal(line.writes[GLB_TARGET_RUNS] + line.writes[GLB_TARGET_STATES], 0);
    assert_int_equal(line.writes[GLB_TARGET_STATE], 1);
    memset(want, 0, sizeof want);
    memcpy(want + (2 << array->aw | 3), words, 4 * sizeof *words);
    expect_page(0, want);
    glb_client_close(client);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_runs),
                                       cmocka_unit_test(short_runs_share_frames),
                                       cmocka_unit_test(a_long_run), cmocka_unit_test(one_run)};
    return cmocka_run_group_tests_name("states", tests, NULL, NULL);
}
