/* Jobs of the emulated board: against the reference, checks of RUN, the queue, aborts.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "array/protocol.h"
#include "base/little_endian.h"
#include "emulator/reference.h"
#include "support/board_talk.h"
#include "support/frames.h"
#include "support/random_program.h"

/* A random program through WRITE, its twin on a reference. */
static void load_random(struct glb_board_memory *m, struct glb_reference **ref) {
    const struct glb_array *a = glb_array_find("tiny");
    rnd_state = 4711;
    assert_int_equal(glb_board_memory_init(m, a), GLB_OK);
    random_segment(m, 0, 0, 128, 0, 0);
    random_segment(m, 1, 128, 64, 60, 0);
    random_counts(m, 2, 192, 40, 100, 20, 1);
    m->seg[3] = m->seg[1];
    m->seg[3].mode = GLB_SEGMENT_HOLDS;
    m->seg[4] = (struct glb_segment){
        .s_len = 12, .c_start = 102, .wp_start = 9, .mode = GLB_SEGMENT_DUMPS, .part = 1};
    assert_int_equal(glb_reference_open_shared(m, ref), GLB_OK);
    for (int t = 0; t < a->tiles; t++) {
        uint8_t b[256 * 3];
        for (int c = 0; c < 256; c++)
            b[c] = (uint8_t)m->sched[c * a->tiles + t];
        assert_int_equal(talk_write(GLB_TARGET_SCHED, t, 0, b, 256), 0);
        for (int c = 0; c < a->cdepth; c++)
            memcpy(b + 3 * c, &m->coupling[t * a->cdepth + c], 3);
        assert_int_equal(talk_write(GLB_TARGET_COUPLING, t, 0, b, 3 * (size_t)a->cdepth), 0);
        for (int w = 0; w < 128; w++) {
            b[w] = (uint8_t)(rnd() & 15);
            glb_reference_set_state(*ref, w >> a->aw, t, w & 31, b[w]);
        }
        assert_int_equal(talk_write(GLB_TARGET_STATE, t, 0, b, 128), 0);
    }
    assert_int_equal(talk_write(GLB_TARGET_NET, 0, 0, m->net, 512), 0);
    for (int s = 0; s < 5; s++) {
        uint64_t w[2];
        glb_segment_pack(&m->seg[s], &w[0], &w[1]);
        assert_int_equal(talk_write(GLB_TARGET_SEG, 0, s, w, 12), 0);
    }
}

static int data_seq; /* expected of DATA and DONE */

static int check_data(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                      size_t stride) {
    const struct glb_job *j = user;
    int n = 0;
    (void)sweep;
    assert_int_equal(stride, 1);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.type, GLB_TYPE_DATA);
    assert_int_equal(got.seq, data_seq++ & 255);
    assert_int_equal((uint32_t)glb_get_le(got.payload, 4), j->id);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 4, 4), sample);
    for (int i = 0; i < j->nruns; i++)
        n += j->runs[i].count;
    assert_int_equal(got.len, 8 + n);
    for (int i = 0; i < n; i++)
        assert_int_equal(got.payload[8 + i], words[i]);
    return 0;
}

static void check_done(const struct glb_job *j, int status, const struct glb_job_counters *n) {
    uint64_t v[3];
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.type, GLB_TYPE_DONE);
    assert_int_equal(got.seq, data_seq++ & 255);
    assert_int_equal(got.status, status);
    assert_int_equal(got.len, GLB_DONE_BYTES);
    memcpy(v, got.payload + 16, sizeof v);
    assert_int_equal((uint32_t)glb_get_le(got.payload, 4), j->id);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 4, 4), n->sweeps);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 8, 4), n->samples);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 12, 4), 0);
    assert_int_equal(v[0], n->flips);
    assert_int_equal(v[1], n->run_cycles);
    assert_int_equal(v[2], 0);
}

static void jobs_equal_the_reference(void **state) {
    (void)state;
    struct glb_board_memory m;
    struct glb_reference *ref;
    struct glb_job_counters n;
    struct glb_beta_step steps[4];
    struct glb_run runs[3];
    data_seq = 0;
    load_random(&m, &ref);
    for (int i = 0; i < 4; i++)
        steps[i] = (struct glb_beta_step){(uint32_t)(i + 1) << 17, (uint32_t)(i == 2 ? 0 : 3 + i)};
    for (int i = 0; i < 3; i++)
        runs[i] = (struct glb_run){(uint16_t)(3 - i), (uint16_t)(5 * i), (uint16_t)(20 - 3 * i)};
    assert_int_equal(talk_write(GLB_TARGET_BETA, 0, 200, steps, sizeof steps), 0);
    assert_int_equal(talk_write(GLB_TARGET_RUNS, 0, 500, runs, sizeof runs), 0);
    static const uint8_t lists[4][4] = {{0, 1, 0, 200}, {0, 3, 2, 200}, {1, 2, 0, 4}, {0, 2, 2, 4}};
    for (int k = 0; k < 64; k++) {
        const uint8_t *list = lists[k / 3 % 4];
        struct glb_job j = {.id = 1000u + (uint32_t)k,
                            .seed = (uint64_t)rnd() << 32 | rnd(),
                            .steps = steps + k % 3,
                            .nsteps = k == 5 ? 1 : 1 + k % 2,
                            .burn_in = (uint32_t)below(4),
                            .interval = (uint32_t)(k % 4),
                            .runs = runs,
                            .nruns = k % 4,
                            .page = (uint8_t)(k & 3),
                            .flags = (uint8_t)(k >> 1),
                            .nseg = (uint8_t)(list[3] == 4 ? 2 + k % 3 : 1 + k % 3),
                            .nsampled = (uint8_t)(k % 3)};
        memcpy(j.seg, list, 4);
        if (j.nsampled >= j.nseg)
            j.nsampled = 0;
        struct run_payload r = {.job = j.id,
                                .beta_start = (uint16_t)(200 + k % 3),
                                .beta_count = (uint16_t)j.nsteps,
                                .burn_in = j.burn_in,
                                .interval = j.interval,
                                .runs_start = 500,
                                .runs_count = (uint16_t)j.nruns,
                                .page = j.page,
                                .flags = (uint8_t)(j.flags | 0xe0),
                                .nseg = j.nseg,
                                .nsampled = j.nsampled};
        memcpy(r.seg, list, 4);
        memcpy(r.seed, &j.seed, 8);
        assert_int_equal(sizeof r, GLB_RUN_BYTES);
        assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_OK);
        assert_int_equal(glb_reference_run(ref, &j, check_data, &j, &n), GLB_OK);
        check_done(&j, GLB_WIRE_OK, &n);
    }
    glb_reference_close(ref);
    glb_board_memory_free(&m);
}

static void run_checks(void **state) {
    (void)state;
    const struct run_payload good = {.beta_count = 1, .nseg = 1};
    struct run_payload r = good;
    const struct glb_job j = {.id = 0};
    data_seq = 0;
#define BAD(field, value)                                                                          \
    r = good;                                                                                      \
    r.field = value;                                                                               \
    assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_BAD_PARAM)
    BAD(beta_count, 0);
    BAD(beta_count, 257);
    BAD(beta_start, 256);
    BAD(runs_count, 513);
    BAD(runs_start, 513);
    BAD(page, 4);
    BAD(nsampled, 1);
    BAD(nsampled, 255);
    BAD(nseg, 0);
    BAD(nseg, 17);
    BAD(seg[0], 16);
#undef BAD
    r = good;
    r.flags = 3; /* no sweep: both flags together give two samples */
    assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_OK);
    for (uint32_t s = 0; s < 2; s++) {
        const uint64_t none = 0;
        check_data((void *)&j, s, 0, &none, 1);
    }
    check_done(&j, GLB_WIRE_OK, &(struct glb_job_counters){.samples = 2});

    /* A sample that no frame can hold. */
    const struct glb_run wide = {0, 0, 65528};
    assert_int_equal(talk_write(GLB_TARGET_RUNS, 0, 0, &wide, 6), 0);
    r.runs_count = 1;
    assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_OK);
    check_done(&j, GLB_WIRE_BAD_PARAM, &(struct glb_job_counters){0});
}

static void busy_queue_and_abort(void **state) {
    (void)state;
    const struct glb_beta_step forever = {65536, 0xffffffff};
    const struct glb_beta_step two = {65536, 2};
    const uint16_t seg[6] = {0, 100, 0, 0, 5, 0};
    struct run_payload r = {.beta_count = 1, .nseg = 1, .page = 1};
    uint8_t b[64] = {0};
    data_seq = 0;
    assert_int_equal(talk_write(GLB_TARGET_BETA, 0, 0, &forever, 8), 0);
    assert_int_equal(talk_write(GLB_TARGET_BETA, 0, 1, &two, 8), 0);
    assert_int_equal(talk_write(GLB_TARGET_SEG, 0, 0, seg, 12), 0);
    assert_int_equal(talk_ask(GLB_CMD_ABORT, NULL, 0), 0); /* nothing to abort */
    assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), 0);
    r.job = 1;
    r.beta_start = 1;
    assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), 0);
    for (r.job = 2; r.job < 5; r.job++) {
        assert_int_equal(talk_ask(GLB_CMD_STATUS, NULL, 0), 0);
        assert_int_equal((uint32_t)glb_get_le(got.payload, 4), 1 | (r.job - 1) << 8);
        assert_int_equal(talk_ask(GLB_CMD_RUN, &r, sizeof r), r.job == 4 ? GLB_WIRE_BUSY : 0);
    }
    assert_int_equal(talk_ask(GLB_CMD_STATUS, NULL, 0), 0);
    assert_int_equal((uint32_t)glb_get_le(got.payload, 4), 0x301);
    assert_int_equal(talk_write(GLB_TARGET_BETA, 0, 1, &two, 8), GLB_WIRE_BUSY);
    assert_int_equal(talk_write(GLB_TARGET_STATE, 0, 0, b, 32), 0); /* the other page */
    assert_int_equal(talk_write(GLB_TARGET_STATE, 0, 31, b, 2), GLB_WIRE_BUSY);
    assert_int_equal(talk_write(GLB_TARGET_STATE, 0, 63, b, 2), GLB_WIRE_BUSY);
    assert_int_equal(talk_write(GLB_TARGET_STATE, 0, 64, b, 64), 0);
    for (int page = 0; page < 5; page++)
        assert_int_equal(talk_write(GLB_TARGET_STATES, page, 0, b, 3), page == 1 ? GLB_WIRE_BUSY
                                                                       : page == 4
                                                                           ? GLB_WIRE_BAD_RANGE
                                                                           : 0);
    assert_int_equal(talk_write(GLB_TARGET_STATE, 9, 31, b, 2), GLB_WIRE_BAD_RANGE);
    assert_int_equal(talk_ask(GLB_CMD_ABORT, NULL, 0), 0);
    assert_int_equal(talk_next(), 1);
    assert_int_equal(got.type, GLB_TYPE_DONE);
    assert_int_equal(got.status, GLB_WIRE_ABORTED);
    assert_int_equal((uint32_t)glb_get_le(got.payload, 4), 0);
    const uint32_t sweeps = (uint32_t)glb_get_le(got.payload + 4, 4);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 16, 4), 5 * sweeps);
    assert_int_equal((uint32_t)glb_get_le(got.payload + 24, 4),
                     (100 + glb_array_find("tiny")->gap) * sweeps);
    assert_int_equal(talk_next(), 0); /* the queued job is gone without a word */
    assert_int_equal(talk_ask(GLB_CMD_STATUS, NULL, 0), 0);
    assert_int_equal((uint32_t)glb_get_le(got.payload, 4), 0);

    /* Queued jobs start by themselves, in order. */
    data_seq = 1;
    struct glb_job j = {.id = 7};
    const struct glb_job_counters n = {
        .sweeps = 2, .flips = 10, .run_cycles = 2 * (100 + (uint64_t)glb_array_find("tiny")->gap)};
    uint8_t all[4 * 58];
    for (uint32_t i = 0; i < 4; i++) {
        r.job = 7 + i;
        frame_make(all + 58 * i, GLB_SYNC_HOST, GLB_CMD_RUN, (int)i, 0, &r, sizeof r);
    }
    talk_send(all, sizeof all);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(talk_next(), 1);
        assert_int_equal(got.type, GLB_TYPE_REPLY | GLB_CMD_RUN);
        assert_int_equal(got.status, 0);
    }
    for (; j.id < 11; j.id++)
        check_done(&j, GLB_WIRE_OK, &n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(jobs_equal_the_reference, talk_open, talk_close),
        cmocka_unit_test_setup_teardown(run_checks, talk_open, talk_close),
        cmocka_unit_test_setup_teardown(busy_queue_and_abort, talk_open, talk_close),
    };
    return cmocka_run_group_tests_name("emu board", tests, NULL, NULL);
}
