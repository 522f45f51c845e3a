/* Jobs that count, over the byte protocol on the emulated board: the sums that dumps bring are what
 * the host counts itself in the same jobs' samples. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "host_count.h"
#include "support/random_program.h"
#include "transports/transports.h"
#include "wire/client.h"

/* Segments 0 and 1 update, 2 and 3 count, those from FIRST_DUMP on dump part by part. */
enum { FIRST_SUM = 100, SUMS = 16, FIRST_DUMP = 4, MAX_PARTS = 4, MAX_WORDS = 1 << 11 };

static struct glb_board_memory memory;
static struct glb_client *client;
static struct host_count host;
static uint64_t start[MAX_WORDS], all[MAX_WORDS];

static void open_board(const char *array) {
    const struct glb_array *a = glb_array_find(array);
    struct glb_transport t;
    assert_int_equal(glb_board_memory_init(&memory, a), GLB_OK);
    random_segment(&memory, 0, 0, 100, 0, 0);
    random_segment(&memory, 1, 100, 60, 40, 0);
    random_counts(&memory, 2, 160, 30, FIRST_SUM, SUMS / 2, 1);
    random_counts(&memory, 3, 190, 30, FIRST_SUM + SUMS / 2, SUMS / 2, 0);
    for (int part = 0; part < glb_array_sum_parts(a); part++)
        memory.seg[FIRST_DUMP + part] = (struct glb_segment){
            .s_len = SUMS, .c_start = FIRST_SUM, .mode = GLB_SEGMENT_DUMPS, .part = part};
    const struct glb_program p = {.array = *a,
                                  .nseg = 2,
                                  .nextra = 2 + glb_array_sum_parts(a),
                                  .s_used = a->sdepth,
                                  .c_used = a->cdepth,
                                  .sched = memory.sched,
                                  .net = memory.net,
                                  .coupling = memory.coupling};
    struct glb_program with_segments = p;
    memcpy(with_segments.seg, memory.seg, sizeof memory.seg);
    assert_int_equal(glb_emu_port_open(array, NULL, &t), GLB_OK);
    assert_int_equal(glb_client_open(&t, &client), GLB_OK);
    assert_int_equal(glb_client_load(client, &with_segments), GLB_OK);
    memset(&host, 0, sizeof host);
    host.m = &memory;
    host.seg[0] = 2;
    host.seg[1] = 3;
    host.nseg = 2;
}

static void close_board(void) {
    glb_client_close(client);
    glb_board_memory_free(&memory);
}

static void run(const struct glb_job *j, glb_sample_fn fn, void *user, uint32_t samples) {
    struct glb_job_counters n;
    if (glb_client_run(client, &memory.a, j, fn, user, &n))
        fail_msg("%s", glb_error());
    assert_int_equal(n.samples, samples);
}

static int keep(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words, size_t stride) {
    (void)sample, (void)sweep, (void)stride;
    memcpy(user, words, sizeof *words * (size_t)memory.a.tiles * SUMS);
    return 0;
}

/* The sums' low 16 bits by one job for each part, in a page that no other job uses. */
static void expect_sums(void) {
    static uint32_t sum[GLB_MAX_TILES * SUMS];
    static const struct glb_beta_step one = {1 << 16, 1};
    struct glb_run runs[GLB_MAX_TILES];
    memset(sum, 0, sizeof sum);
    for (int t = 0; t < memory.a.tiles; t++)
        runs[t] = (struct glb_run){(uint16_t)t, 0, SUMS};
    for (int part = 0; part < glb_array_sum_parts(&memory.a); part++) {
        const struct glb_job j = {.steps = &one,
                                  .nsteps = 1,
                                  .runs = runs,
                                  .nruns = memory.a.tiles,
                                  .page = 3,
                                  .flags = GLB_RUN_SAMPLE_FINAL,
                                  .nseg = 1,
                                  .seg = {(uint8_t)(FIRST_DUMP + part)}};
        run(&j, keep, all, 1);
        for (int i = 0; i < memory.a.tiles * SUMS; i++)
            sum[i] |= (uint32_t)all[i] << part * memory.a.chains;
    }
    for (int t = 0; t < memory.a.tiles; t++)
        for (int e = 0; e < SUMS; e++)
            assert_int_equal(sum[t * SUMS + e], host.sum[t][FIRST_SUM + e] & 0xffff);
}

/* Jobs as a training step has them: the first replaces, later ones add and subtract; loud ones
 * return the samples that the host counts. */
static void a_step(int jobs) {
    static const struct glb_beta_step steps[] = {{3 << 16, 5}, {1 << 16, 6}};
    struct glb_run runs[GLB_MAX_TILES];
    for (int t = 0; t < memory.a.tiles; t++)
        runs[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)(1 << memory.a.aw)};
    memset(host.sum, 0, sizeof host.sum);
    for (int k = 0; k < jobs; k++) {
        const int page = k % 3;
        host.subtract = k & 1;
        struct glb_job j = {
            .seed = rnd(),
            .steps = steps,
            .nsteps = 2,
            .burn_in = (uint32_t)below(3),
            .interval = 1 + (uint32_t)below(4),
            .runs = runs,
            .nruns = memory.a.tiles,
            .page = (uint8_t)page,
            .flags = (uint8_t)((k ? 0 : GLB_RUN_REPLACE) | (host.subtract ? GLB_RUN_SUBTRACT : 0)),
            .nseg = 4,
            .seg = {0, 1, 2, 3},
            .nsampled = 2};
        for (int i = 0; i < memory.a.tiles << memory.a.aw; i++)
            start[i] = below(3) ? rnd() & ((1u << memory.a.chains) - 1) : 0;
        assert_int_equal(
            glb_client_set_state(client, &memory.a, page, runs, memory.a.tiles, start, 1), GLB_OK);
        run(&j, host_count_sample, &host, (11 - j.burn_in) / j.interval);
        if (k == 2) { /* the same again without samples: the host has to count them twice */
            struct host_count before = host, *twice = malloc(sizeof *twice);
            assert_int_equal(
                glb_client_set_state(client, &memory.a, page, runs, memory.a.tiles, start, 1),
                GLB_OK);
            j.flags |= GLB_RUN_QUIET;
            run(&j, host_count_sample, &host, 0);
            *twice = (struct host_count){.m = &memory, .seg = {2, 3}, .nseg = 2};
            assert_memory_equal(before.sum, host.sum, sizeof host.sum);
            j.flags = 0;
            j.nseg = 2; /* nothing counts: its samples are the same */
            j.nsampled = 0;
            assert_int_equal(
                glb_client_set_state(client, &memory.a, page, runs, memory.a.tiles, start, 1),
                GLB_OK);
            run(&j, host_count_sample, twice, (11 - j.burn_in) / j.interval);
            for (int t = 0; t < memory.a.tiles; t++)
                for (int e = 0; e < HOST_ENTRIES; e++)
                    host.sum[t][e] += twice->sum[t][e];
            free(twice);
        }
    }
    expect_sums();
}

static void sums_are_those_of_the_samples(void **state) {
    static const char *const arrays[] = {"tiny", "tiny4", "small"};
    (void)state;
    rnd_state = 2026;
    for (int k = 0; k < 3; k++) {
        open_board(arrays[k]);
        for (int step = 0; step < 3; step++)
            a_step(5);
        close_board();
    }
}

/* A WRITE COUPLING wins over a sum; a list of hidden sums does not come back. */
static void written_sums(void **state) {
    uint8_t zero[SUMS * 5] = {0};
    (void)state;
    rnd_state = 9;
    open_board("tiny");
    a_step(1);
    const int bytes = (memory.a.cw + 7) / 8;
    for (int t = 0; t < memory.a.tiles; t++) {
        assert_int_equal(link_write(glb_client_link(client), GLB_TARGET_COUPLING, t, FIRST_SUM,
                                    zero, bytes, SUMS),
                         GLB_OK);
        memset(host.sum[t], 0, sizeof host.sum[t]);
    }
    expect_sums();
    close_board();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_are_those_of_the_samples),
                                       cmocka_unit_test(written_sums)};
    return cmocka_run_group_tests_name("counting", tests, NULL, NULL);
}
