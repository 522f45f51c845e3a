/* The client against the emulated board, directly and over a line that spoils, loses or delays
 * bytes. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "wire/client.h"
#include "base/crc32.h"
#include "array/protocol.h"

/* A line to a board: moves few bytes at a time, and can spoil what the board says. */
struct line {
    struct glb_transport board;
    size_t step;   /* bytes of one exchange at most */
    long from;     /* bytes from the board so far */
    long flip_at;  /* byte whose lowest bit is flipped; -1: none */
    int dead;      /* says nothing any more */
    int version;   /* of the IDENT reply, if not 0 */
    int drop_data; /* this DATA frame (from 1) is left out; 0: none */
    int nth_data;
    int done_twice;    /* a DONE frame comes again, with the next number */
    size_t sent, most; /* bytes to the board; at most so many without replies */
    size_t replies, frame;
    uint8_t held[70000]; /* whole frames from the board, edited, not yet given to the client */
    size_t nheld;
};

/* Edits whole frames in held[start ..]. */
static void edit(struct line *l, size_t start) {
    for (size_t at = start; at + GLB_HEADER_BYTES <= l->nheld;) {
        uint8_t *f = l->held + at;
        const size_t len = glb_take(f + 4, 2), body = GLB_HEADER_BYTES + len;
        if (f[1] == (GLB_TYPE_REPLY | GLB_CMD_IDENT) && l->version) {
            glb_put(f + 10, (uint64_t)l->version, 2);
            glb_put(f + body, glb_crc32(0, f, body), 4);
        }
        l->replies += f[1] == (GLB_TYPE_REPLY | GLB_CMD_WRITE);
        if (f[1] == GLB_TYPE_DATA && ++l->nth_data == l->drop_data) {
            memmove(f, f + body + 4, l->nheld - at - body - 4);
            l->nheld -= body + 4;
            continue;
        }
        if (f[1] == GLB_TYPE_DONE && l->done_twice) {
            uint8_t *again = f + body + 4;
            memmove(again + body + 4, again, l->nheld - at - body - 4);
            memcpy(again, f, body);
            again[2]++;
            glb_put(again + body, glb_crc32(0, again, body), 4);
            l->nheld += body + 4;
            at += body + 4;
        }
        at += body + 4;
    }
}

static enum glb_status line_exchange(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                                     uint8_t *in, size_t n_in, size_t *done_in) {
    struct line *l = self;
    *done_out = *done_in = 0;
    if (l->dead)
        return GLB_OK;
    const size_t had = l->nheld;
    if (n_out > l->step)
        n_out = l->step;
    if (had == 0) {
        const enum glb_status s = l->board.exchange(l->board.self, out, n_out, done_out, l->held,
                                                    sizeof l->held, &l->nheld);
        if (s)
            return s;
        l->sent += *done_out;
        if (l->sent - l->replies * l->frame > l->most)
            l->most = l->sent - l->replies * l->frame;
        edit(l, 0);
    }
    size_t n = l->nheld < l->step ? l->nheld : l->step;
    if (n > n_in)
        n = n_in;
    for (size_t i = 0; i < n; i++, l->from++)
        in[i] = l->held[i] ^ (l->from == l->flip_at);
    memmove(l->held, l->held + n, l->nheld - n);
    l->nheld -= n;
    *done_in = n;
    return GLB_OK;
}

static void line_close(void *self) {
    struct line *l = self;
    l->board.close(l->board.self);
}

static const char *line_describe(void *self) {
    (void)self;
    return "test line";
}

static struct line line;

static enum glb_status open_client(struct glb_client **c, size_t step) {
    memset(&line, 0, sizeof line);
    line.step = step;
    line.flip_at = -1;
    assert_int_equal(glb_emu_port_open("tiny", &line.board), GLB_OK);
    const struct glb_transport t = {line_exchange, line_close, line_describe, &line, 0};
    return glb_client_open(&t, c);
}

/* Frames of the emulated board come whole only if its output is taken whole, which `held` does; a
 * job with samples. */
struct got {
    int samples;
    uint32_t last_sweep;
    int stop_after;
};

static int on_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                     size_t stride) {
    struct got *g = user;
    (void)words;
    assert_int_equal(stride, 1);
    assert_int_equal(sample, g->samples);
    g->samples++;
    g->last_sweep = sweep;
    return g->stop_after && g->samples == g->stop_after;
}

static const struct glb_run runs[] = {{.tile = 0, .addr = 0, .count = 4},
                                      {.tile = 3, .addr = 16, .count = 2}};

static enum glb_status run(struct glb_client *c, struct got *g, struct glb_job_counters *n,
                           uint32_t sweeps) {
    static uint32_t id;
    const struct glb_beta_step step = {1 << 16, sweeps};
    uint8_t seg[12] = {0};
    glb_put(seg + 2, 5, 2); /* five clocks in which nothing happens */
    glb_put(seg + 8, 8, 4);
    uint8_t sched[2 * 5] = {0};
    enum glb_status s = glb_client_write(c, GLB_TARGET_SEG, 0, 0, seg, 12, 1);
    for (int t = 0; t < 4 && !s; t++)
        s = glb_client_write(c, GLB_TARGET_SCHED, t, 0, sched, (glb_array_find("tiny")->sw + 7) / 8,
                             5);
    const struct glb_job j = {.id = ++id,
                              .seed = 5,
                              .steps = &step,
                              .nsteps = 1,
                              .burn_in = 2,
                              .interval = 3,
                              .runs = runs,
                              .nruns = 2,
                              .flags = GLB_RUN_SAMPLE_FINAL,
                              .nseg = 1};
    return s ? s : glb_client_run(c, glb_array_find("tiny"), &j, on_sample, g, n);
}

static void test_crc(void **state) {
    (void)state;
    assert_int_equal(glb_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(glb_crc32(glb_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_int_equal(glb_crc32(0, "", 0), 0);
}

static void test_identity(void **state) {
    struct glb_client *c;
    (void)state;
    assert_int_equal(open_client(&c, 1000), GLB_OK);
    assert_int_equal(glb_client_ident(c)->tiles, 4);
    assert_int_equal(glb_client_check(c, glb_array_find("tiny")), GLB_OK);
    assert_int_equal(glb_client_check(c, glb_array_find("small")), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "tiles"));
    glb_client_close(c);
}

static void test_job(void **state) {
    (void)state;
    for (size_t step = 1; step <= 1000; step *= 10) { /* whatever the pieces in which bytes come */
        struct glb_client *c;
        struct got g = {0};
        struct glb_job_counters n;
        assert_int_equal(open_client(&c, step), GLB_OK);
        assert_int_equal(run(c, &g, &n, 12), GLB_OK);
        assert_int_equal(g.samples, 4); /* 5, 8, 11 and the last, 12 */
        assert_int_equal(g.last_sweep, 12);
        assert_int_equal(n.sweeps, 12);
        assert_int_equal(n.flips, 12 * 8);
        assert_false(n.aborted);
        glb_client_close(c);
    }
}

static void test_state_returns(void **state) {
    struct glb_client *c;
    uint64_t words[6];
    (void)state;
    assert_int_equal(open_client(&c, 64), GLB_OK);
    for (int i = 0; i < 6; i++)
        words[i] = (uint64_t)i + 7;
    assert_int_equal(glb_client_set_state(c, glb_array_find("tiny"), 0, runs, 2, words, 1), GLB_OK);
    struct got g = {0};
    struct glb_job_counters n;
    assert_int_equal(run(c, &g, &n, 3), GLB_OK);
    assert_int_equal(g.samples, 1);
    glb_client_close(c);
}

static void test_abort(void **state) {
    struct glb_client *c;
    struct got g = {.stop_after = 2};
    struct glb_job_counters n;
    (void)state;
    assert_int_equal(open_client(&c, 100), GLB_OK);
    assert_int_equal(run(c, &g, &n, 3000), GLB_OK);
    assert_int_equal(g.samples, 2); /* what came after the request to stop is not handed on */
    g = (struct got){0};
    assert_int_equal(run(c, &g, &n, 5), GLB_OK); /* the device is as good as new */
    assert_int_equal(g.samples, 1);
    glb_client_close(c);
}

static void test_errors_have_names(void **state) {
    struct glb_client *c;
    uint8_t item[2] = {0};
    struct glb_wire_counters w;
    (void)state;
    assert_int_equal(open_client(&c, 1000), GLB_OK);
    assert_int_equal(glb_client_write(c, GLB_TARGET_SCHED, 9, 0, item, 2, 1), GLB_OK); /* queued */
    assert_int_equal(glb_client_sync(c), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "BAD_RANGE"));
    assert_non_null(strstr(glb_error(), "tile 9"));
    assert_int_equal(glb_client_send(c, 0x33, NULL, 0, "PROBE", 0, 0), GLB_OK);
    assert_int_equal(glb_client_sync(c), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "BAD_COMMAND"));
    assert_int_equal(glb_client_status(c, &w), GLB_OK);
    assert_int_equal(w.errors, 2);
    assert_int_equal(w.frames, 4);
    glb_client_close(c);
}

static void test_other_version(void **state) {
    struct glb_client *c;
    (void)state;
    memset(&line, 0, sizeof line);
    line.step = 100;
    line.flip_at = -1;
    line.version = 7;
    assert_int_equal(glb_emu_port_open("tiny", &line.board), GLB_OK);
    const struct glb_transport t = {line_exchange, line_close, line_describe, &line, 0};
    assert_int_equal(glb_client_open(&t, &c), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "protocol 7"));
    assert_non_null(strstr(glb_error(), "protocol 1"));
}

static void test_window(void **state) {
    static const uint8_t word[400];
    (void)state;
    for (int narrow = 0; narrow < 2; narrow++) {
        struct glb_client *c;
        assert_int_equal(open_client(&c, 100000), GLB_OK);
        glb_client_close(c);
        memset(&line, 0, sizeof line);
        line.step = 100000;
        line.flip_at = -1;
        line.frame = GLB_HEADER_BYTES + 4 + sizeof word / 2 + GLB_CRC_BYTES;
        assert_int_equal(glb_emu_port_open("tiny", &line.board), GLB_OK);
        const struct glb_transport t = {line_exchange, line_close, line_describe, &line,
                                        narrow ? 1000 : 0};
        assert_int_equal(glb_client_open(&t, &c), GLB_OK);
        line.sent = line.most = 0;
        for (int i = 0; i < 40; i++) {
            uint8_t payload[204] = {GLB_TARGET_NET, 0};
            memcpy(payload + 4, word, 200);
            assert_int_equal(glb_client_send(c, GLB_CMD_WRITE, payload, 204, "words", 0, 0),
                             GLB_OK);
        }
        assert_int_equal(glb_client_sync(c), GLB_OK);
        assert_int_equal(line.replies, 40);
        if (narrow)
            assert_in_range(line.most, line.frame, 1000);
        else
            assert_in_range(line.most, 10 * line.frame, 40 * line.frame);
        glb_client_close(c);
    }
}

static void test_spoiled_byte(void **state) {
    struct glb_client *c;
    struct glb_wire_counters w;
    (void)state;
    assert_int_equal(open_client(&c, 1000), GLB_OK);
    line.flip_at = line.from + 8; /* in the next reply's payload */
    assert_int_equal(glb_client_status(c, &w), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "CRC"));
    assert_int_equal(glb_client_status(c, &w),
                     GLB_ERR_PROTOCOL); /* nothing is trusted after that */
    glb_client_close(c);
}

static void test_lost_frame(void **state) {
    struct glb_client *c;
    struct got g = {0};
    struct glb_job_counters n;
    (void)state;
    assert_int_equal(open_client(&c, 100000), GLB_OK);
    line.drop_data = 2;
    assert_int_equal(run(c, &g, &n, 12), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "lost"));
    glb_client_close(c);
}

static void test_done_twice(void **state) {
    struct glb_client *c;
    struct got g = {0};
    struct glb_job_counters n;
    (void)state;
    assert_int_equal(open_client(&c, 100000), GLB_OK);
    line.done_twice = 1;
    assert_int_equal(run(c, &g, &n, 12), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "no job runs"));
    glb_client_close(c);
}

static void test_dead_device(void **state) {
    struct glb_client *c;
    struct glb_wire_counters w;
    (void)state;
    assert_int_equal(open_client(&c, 1000), GLB_OK);
    line.dead = 1;
    assert_int_equal(glb_client_status(c, &w), GLB_ERR_DEVICE);
    assert_non_null(strstr(glb_error(), "no answer to STATUS"));
    glb_client_close(c);
}

static void test_sampling_points(void **state) {
    const struct glb_beta_step steps[] = {{1, 7}, {1, 5}};
    struct glb_job j = {.steps = steps, .nsteps = 2, .burn_in = 2, .interval = 5};
    (void)state;
    assert_int_equal(glb_job_sweeps(&j), 12);
    assert_int_equal(glb_job_samples(&j), 2);
    j.flags = GLB_RUN_SAMPLE_INITIAL | GLB_RUN_SAMPLE_FINAL;
    assert_int_equal(glb_job_samples(&j), 3); /* 0, 7, 12 */
    assert_int_equal(glb_job_sample_sweep(&j, 0), 0);
    assert_int_equal(glb_job_sample_sweep(&j, 1), 7);
    assert_int_equal(glb_job_sample_sweep(&j, 2), 12);
    j.interval = 4; /* 0, 6, 10, 12 */
    assert_int_equal(glb_job_samples(&j), 4);
    assert_int_equal(glb_job_sample_sweep(&j, 3), 12);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crc),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_job),
        cmocka_unit_test(test_state_returns),
        cmocka_unit_test(test_abort),
        cmocka_unit_test(test_errors_have_names),
        cmocka_unit_test(test_other_version),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_spoiled_byte),
        cmocka_unit_test(test_lost_frame),
        cmocka_unit_test(test_done_twice),
        cmocka_unit_test(test_dead_device),
        cmocka_unit_test(test_sampling_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
