/* The byte protocol on the emulated board: every command and error, order of checks, counters, jobs
 * against the reference, abort, queue. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/crc32.h"
#include "emulator/emulator.h"
#include "array/protocol.h"
#include "support/random_program.h"
#include "emulator/reference.h"
#include "wire/transport.h"

struct frame {
    int type, seq, status, len;
    uint8_t payload[65536];
};

static struct glb_transport port;
static uint8_t inbox[1 << 20];
static size_t inbox_n;
static struct frame got;

static int open_tiny(void **state) {
    (void)state;
    inbox_n = 0;
    return glb_emu_port_open("tiny", &port) != GLB_OK;
}

static int close_port(void **state) {
    (void)state;
    port.close(port.self);
    return 0;
}

static void pump(const uint8_t *out, size_t n) {
    do {
        size_t sent, received;
        assert_int_equal(port.exchange(port.self, out, n, &sent, inbox + inbox_n,
                                       sizeof inbox - inbox_n, &received),
                         GLB_OK);
        out += sent;
        n -= sent;
        inbox_n += received;
    } while (n > 0);
}

/* The next frame from the board, or 0 if it has nothing to say. */
static int next_frame(void) {
    for (int tries = 0; tries < 1000; tries++) {
        const size_t len = inbox_n >= 6 ? inbox[4] | (size_t)inbox[5] << 8 : 0;
        const size_t size = GLB_HEADER_BYTES + len + GLB_CRC_BYTES;
        if (inbox_n >= size) {
            uint32_t crc;
            memcpy(&crc, inbox + size - 4, 4);
            assert_int_equal(inbox[0], GLB_SYNC_DEVICE);
            assert_int_equal(crc, glb_crc32(0, inbox, size - 4));
            got.type = inbox[1];
            got.seq = inbox[2];
            got.status = inbox[3];
            got.len = (int)len;
            memcpy(got.payload, inbox + GLB_HEADER_BYTES, len);
            memmove(inbox, inbox + size, inbox_n - size);
            inbox_n -= size;
            return 1;
        }
        const size_t before = inbox_n;
        pump(NULL, 0);
        if (inbox_n == before)
            break;
    }
    assert_int_equal(inbox_n, 0);
    return 0;
}

static size_t make_frame(uint8_t *f, int cmd, int seq, const void *payload, size_t len) {
    const uint8_t head[] = {GLB_SYNC_HOST, (uint8_t)cmd,       (uint8_t)seq, 0,
                            (uint8_t)len,  (uint8_t)(len >> 8)};
    memcpy(f, head, sizeof head);
    if (len)
        memcpy(f + 6, payload, len);
    const uint32_t crc = glb_crc32(0, f, 6 + len);
    memcpy(f + 6 + len, &crc, 4);
    return len + 10;
}

/* Sends a frame; the reply is in `got`, its status is returned. */
static int ask(int cmd, const void *payload, size_t len) {
    static int seq;
    uint8_t f[2048];
    seq = (seq + 1) & 255;
    pump(f, make_frame(f, cmd, seq, payload, len));
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.type, GLB_TYPE_REPLY | cmd);
    assert_int_equal(got.seq, seq);
    if (got.status != GLB_WIRE_OK)
        assert_int_equal(got.len, 0);
    return got.status;
}

static int write_items(int target, int tile, int addr, const void *items, size_t bytes) {
    uint8_t b[2000] = {(uint8_t)target, (uint8_t)tile, (uint8_t)addr, (uint8_t)(addr >> 8)};
    memcpy(b + 4, items, bytes);
    return ask(GLB_CMD_WRITE, b, bytes + 4);
}

struct run { /* RUN's payload; all fields lie on their natural boundaries but the seed */
    uint32_t job;
    uint8_t seed[8];
    uint16_t beta_start, beta_count;
    uint32_t burn_in, interval;
    uint16_t runs_start, runs_count;
    uint8_t page, flags, nseg, zero, seg[16];
};

static uint32_t u32(const uint8_t *p) {
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void ident(void **state) {
    (void)state;
    const struct glb_array *a = glb_array_find("tiny");
    const uint8_t want[32] = {'G', 'L', 'B', 'R', 1,
                              0,   4,   0,   2,   4,
                              8,   12,  4,   2,   0,
                              1,   128, 0,   16,  (uint8_t)a->wl,
                              0,   1,   0,   2,   (uint8_t)a->gap};
    assert_int_equal(ask(GLB_CMD_IDENT, NULL, 0), GLB_WIRE_OK);
    assert_int_equal(got.len, 32);
    assert_memory_equal(got.payload, want, 32);
    assert_string_equal(port.describe(port.self), "emu tiny");
    struct glb_transport t;
    assert_int_equal(glb_emu_port_open("nonsense", &t), GLB_ERR_ARGUMENT);
}

static void malformed_frames(void **state) {
    (void)state;
    uint8_t f[2048], zero[1024] = {0};
    assert_int_equal(ask(0, NULL, 0), GLB_WIRE_BAD_COMMAND);
    assert_int_equal(ask(6, zero, 7), GLB_WIRE_BAD_COMMAND);
    assert_int_equal(ask(GLB_CMD_IDENT, zero, 1), GLB_WIRE_BAD_LENGTH);
    assert_int_equal(ask(GLB_CMD_ABORT, zero, 1024), GLB_WIRE_BAD_LENGTH);
    assert_int_equal(ask(GLB_CMD_RUN, zero, 47), GLB_WIRE_BAD_LENGTH);
    assert_int_equal(ask(GLB_CMD_WRITE, zero, 3), GLB_WIRE_BAD_LENGTH);

    size_t n = make_frame(f, GLB_CMD_IDENT, 77, NULL, 0);
    f[7] ^= 1;
    pump(f, n);
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.status, GLB_WIRE_BAD_CRC);
    assert_int_equal(got.type, GLB_TYPE_REPLY | GLB_CMD_IDENT);
    assert_int_equal(got.seq, 77);

    /* 1025 bytes announced: answered at once, the rest is hunted through. */
    const uint8_t too_long[] = {GLB_SYNC_HOST, GLB_CMD_WRITE, 9, 0, 1, 4, 0, 0, 0};
    pump(too_long, 6);
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.status, GLB_WIRE_BAD_LENGTH);
    assert_int_equal(got.seq, 9);
    pump(too_long + 6, 3);

    /* Noise between frames, a frame byte by byte. */
    pump((const uint8_t *)"noise", 5);
    n = make_frame(f, GLB_CMD_STATUS, 1, NULL, 0);
    for (size_t i = 0; i < n; i++)
        pump(f + i, 1);
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.status, GLB_WIRE_OK);
    assert_int_equal(got.len, 20);
    assert_int_equal(u32(got.payload), 0);
    assert_int_equal(u32(got.payload + 4), 7);  /* six above, this one */
    assert_int_equal(u32(got.payload + 8), 1);  /* CRC */
    assert_int_equal(u32(got.payload + 12), 8); /* 3 + 5 */
    assert_int_equal(u32(got.payload + 16), 8);
}

static void write_checks(void **state) {
    (void)state;
    uint8_t b[1024] = {0};
    const struct {
        int target, tile, addr;
        size_t bytes;
        int status;
    } cases[] = {
        {7, 0, 0, 4, GLB_WIRE_BAD_TARGET},   {GLB_TARGET_SCHED, 0, 0, 0, GLB_WIRE_BAD_LENGTH},
        {GLB_TARGET_SCHED, 0, 0, 1, 0},      {GLB_TARGET_SCHED, 3, 255, 1, 0},
        {GLB_TARGET_SCHED, 4, 0, 1, 5},      {GLB_TARGET_SCHED, 3, 255, 2, 5},
        {GLB_TARGET_NET, 0, 255, 2, 0},      {GLB_TARGET_NET, 0, 0, 3, 2},
        {GLB_TARGET_NET, 1, 0, 2, 5},        {GLB_TARGET_COUPLING, 3, 127, 3, 0},
        {GLB_TARGET_COUPLING, 3, 128, 3, 5}, {GLB_TARGET_COUPLING, 3, 0, 4, 2},
        {GLB_TARGET_STATE, 3, 63, 1, 0},     {GLB_TARGET_STATE, 3, 63, 2, 5},
        {GLB_TARGET_SEG, 0, 15, 12, 0},      {GLB_TARGET_SEG, 0, 15, 24, 5},
        {GLB_TARGET_SEG, 1, 0, 12, 5},       {GLB_TARGET_SEG, 1, 0, 13, 2},
        {GLB_TARGET_BETA, 0, 255, 8, 0},     {GLB_TARGET_BETA, 0, 256, 8, 5},
        {GLB_TARGET_RUNS, 0, 511, 6, 0},     {GLB_TARGET_RUNS, 0, 511, 12, 5},
        {GLB_TARGET_RUNS, 0, 65535, 6, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(
            write_items(cases[i].target, cases[i].tile, cases[i].addr, b, cases[i].bytes),
            cases[i].status);
}

/* A random program through WRITE, its twin on a reference. */
static void load_random(struct glb_board_memory *m, struct glb_reference **ref) {
    const struct glb_array *a = glb_array_find("tiny");
    rnd_state = 4711;
    assert_int_equal(glb_board_memory_init(m, a), GLB_OK);
    random_segment(m, 0, 0, 128, 0, 0);
    random_segment(m, 1, 128, 128, 64, 0);
    assert_int_equal(glb_reference_open_shared(m, ref), GLB_OK);
    for (int t = 0; t < a->tiles; t++) {
        uint8_t b[256 * 3];
        for (int c = 0; c < 256; c++)
            b[c] = (uint8_t)m->sched[c * a->tiles + t];
        assert_int_equal(write_items(GLB_TARGET_SCHED, t, 0, b, 256), 0);
        for (int c = 0; c < a->cdepth; c++)
            memcpy(b + 3 * c, &m->coupling[t * a->cdepth + c], 3);
        assert_int_equal(write_items(GLB_TARGET_COUPLING, t, 0, b, 3 * (size_t)a->cdepth), 0);
        for (int w = 0; w < 64; w++) {
            b[w] = (uint8_t)(rnd() & 15);
            glb_reference_set_state(*ref, w >> a->aw, t, w & 31, b[w]);
        }
        assert_int_equal(write_items(GLB_TARGET_STATE, t, 0, b, 64), 0);
    }
    assert_int_equal(write_items(GLB_TARGET_NET, 0, 0, m->net, 512), 0);
    for (int s = 0; s < 2; s++) {
        const uint16_t w[6] = {(uint16_t)m->seg[s].s_start, (uint16_t)m->seg[s].s_len,
                               (uint16_t)m->seg[s].c_start, (uint16_t)m->seg[s].wp_start,
                               (uint16_t)m->seg[s].flips,   (uint16_t)(m->seg[s].flips >> 16)};
        assert_int_equal(write_items(GLB_TARGET_SEG, 0, s, w, 12), 0);
    }
}

static int data_seq; /* expected of DATA and DONE */

static int check_data(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                      size_t stride) {
    const struct glb_job *j = user;
    int n = 0;
    (void)sweep;
    assert_int_equal(stride, 1);
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.type, GLB_TYPE_DATA);
    assert_int_equal(got.seq, data_seq++ & 255);
    assert_int_equal(u32(got.payload), j->id);
    assert_int_equal(u32(got.payload + 4), sample);
    for (int i = 0; i < j->nruns; i++)
        n += j->runs[i].count;
    assert_int_equal(got.len, 8 + n);
    for (int i = 0; i < n; i++)
        assert_int_equal(got.payload[8 + i], words[i]);
    return 0;
}

static void check_done(const struct glb_job *j, int status, const struct glb_job_counters *n) {
    uint64_t v[3];
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.type, GLB_TYPE_DONE);
    assert_int_equal(got.seq, data_seq++ & 255);
    assert_int_equal(got.status, status);
    assert_int_equal(got.len, GLB_DONE_BYTES);
    memcpy(v, got.payload + 16, sizeof v);
    assert_int_equal(u32(got.payload), j->id);
    assert_int_equal(u32(got.payload + 4), n->sweeps);
    assert_int_equal(u32(got.payload + 8), n->samples);
    assert_int_equal(u32(got.payload + 12), 0);
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
    assert_int_equal(write_items(GLB_TARGET_BETA, 0, 200, steps, sizeof steps), 0);
    assert_int_equal(write_items(GLB_TARGET_RUNS, 0, 500, runs, sizeof runs), 0);
    for (int k = 0; k < 16; k++) {
        struct glb_job j = {.id = 1000u + (uint32_t)k,
                            .seed = (uint64_t)rnd() << 32 | rnd(),
                            .steps = steps + k % 3,
                            .nsteps = k == 5 ? 1 : 1 + k % 2,
                            .burn_in = (uint32_t)below(4),
                            .interval = (uint32_t)(k % 4),
                            .runs = runs,
                            .nruns = k % 4,
                            .page = (uint8_t)(k & 1),
                            .flags = (uint8_t)(k >> 2),
                            .nseg = (uint8_t)(1 + k % 3),
                            .seg = {0, 1, 0, 200}};
        struct run r = {.job = j.id,
                        .beta_start = (uint16_t)(200 + k % 3),
                        .beta_count = (uint16_t)j.nsteps,
                        .burn_in = j.burn_in,
                        .interval = j.interval,
                        .runs_start = 500,
                        .runs_count = (uint16_t)j.nruns,
                        .page = j.page,
                        .flags = (uint8_t)(j.flags | 0xf0),
                        .nseg = j.nseg,
                        .zero = 9,
                        .seg = {0, 1, 0, 200}};
        memcpy(r.seed, &j.seed, 8);
        assert_int_equal(sizeof r, GLB_RUN_BYTES);
        assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_OK);
        assert_int_equal(glb_reference_run(ref, &j, check_data, &j, &n), GLB_OK);
        check_done(&j, GLB_WIRE_OK, &n);
    }
    glb_reference_close(ref);
    glb_board_memory_free(&m);
}

static void run_checks(void **state) {
    (void)state;
    const struct run good = {.beta_count = 1, .nseg = 1};
    struct run r = good;
    const struct glb_job j = {.id = 0};
    data_seq = 0;
#define BAD(field, value)                                                                          \
    r = good;                                                                                      \
    r.field = value;                                                                               \
    assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_BAD_PARAM)
    BAD(beta_count, 0);
    BAD(beta_count, 257);
    BAD(beta_start, 256);
    BAD(runs_count, 513);
    BAD(runs_start, 513);
    BAD(page, 2);
    BAD(nseg, 0);
    BAD(nseg, 17);
    BAD(seg[0], 16);
#undef BAD
    r = good;
    r.flags = 3; /* no sweep: both flags together give two samples */
    assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_OK);
    for (uint32_t s = 0; s < 2; s++) {
        const uint64_t none = 0;
        check_data((void *)&j, s, 0, &none, 1);
    }
    check_done(&j, GLB_WIRE_OK, &(struct glb_job_counters){.samples = 2});

    /* A sample that no frame can hold. */
    const struct glb_run wide = {0, 0, 65528};
    assert_int_equal(write_items(GLB_TARGET_RUNS, 0, 0, &wide, 6), 0);
    r.runs_count = 1;
    assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_OK);
    check_done(&j, GLB_WIRE_BAD_PARAM, &(struct glb_job_counters){0});
}

static void busy_queue_and_abort(void **state) {
    (void)state;
    const struct glb_beta_step forever = {65536, 0xffffffff};
    const struct glb_beta_step two = {65536, 2};
    const uint16_t seg[6] = {0, 100, 0, 0, 5, 0};
    struct run r = {.beta_count = 1, .nseg = 1, .page = 1};
    uint8_t b[64] = {0};
    data_seq = 0;
    assert_int_equal(write_items(GLB_TARGET_BETA, 0, 0, &forever, 8), 0);
    assert_int_equal(write_items(GLB_TARGET_BETA, 0, 1, &two, 8), 0);
    assert_int_equal(write_items(GLB_TARGET_SEG, 0, 0, seg, 12), 0);
    assert_int_equal(ask(GLB_CMD_ABORT, NULL, 0), 0); /* nothing to abort */
    assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), 0);
    r.job = 1;
    r.beta_start = 1;
    assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), 0);
    r.job = 2;
    assert_int_equal(ask(GLB_CMD_RUN, &r, sizeof r), GLB_WIRE_BUSY);
    assert_int_equal(ask(GLB_CMD_STATUS, NULL, 0), 0);
    assert_int_equal(u32(got.payload), 0x101);
    assert_int_equal(write_items(GLB_TARGET_BETA, 0, 1, &two, 8), GLB_WIRE_BUSY);
    assert_int_equal(write_items(GLB_TARGET_STATE, 0, 0, b, 32), 0); /* the other page */
    assert_int_equal(write_items(GLB_TARGET_STATE, 0, 31, b, 2), GLB_WIRE_BUSY);
    assert_int_equal(write_items(GLB_TARGET_STATE, 9, 31, b, 2), GLB_WIRE_BAD_RANGE);
    assert_int_equal(ask(GLB_CMD_ABORT, NULL, 0), 0);
    assert_int_equal(next_frame(), 1);
    assert_int_equal(got.type, GLB_TYPE_DONE);
    assert_int_equal(got.status, GLB_WIRE_ABORTED);
    assert_int_equal(u32(got.payload), 0);
    const uint32_t sweeps = u32(got.payload + 4);
    assert_int_equal(u32(got.payload + 16), 5 * sweeps);
    assert_int_equal(u32(got.payload + 24), (100 + glb_array_find("tiny")->gap) * sweeps);
    assert_int_equal(next_frame(), 0); /* the queued job is gone without a word */
    assert_int_equal(ask(GLB_CMD_STATUS, NULL, 0), 0);
    assert_int_equal(u32(got.payload), 0);

    /* A queued job starts by itself. */
    data_seq = 1;
    struct glb_job j = {.id = 7};
    const struct glb_job_counters n = {
        .sweeps = 2, .flips = 10, .run_cycles = 2 * (100 + (uint64_t)glb_array_find("tiny")->gap)};
    uint8_t both[2 * 58];
    r.job = 7;
    make_frame(both, GLB_CMD_RUN, 1, &r, sizeof r);
    r.job = 8;
    make_frame(both + 58, GLB_CMD_RUN, 2, &r, sizeof r);
    pump(both, sizeof both);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(next_frame(), 1);
        assert_int_equal(got.type, GLB_TYPE_REPLY | GLB_CMD_RUN);
        assert_int_equal(got.status, 0);
    }
    check_done(&j, GLB_WIRE_OK, &n);
    j.id = 8;
    check_done(&j, GLB_WIRE_OK, &n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ident, open_tiny, close_port),
        cmocka_unit_test_setup_teardown(malformed_frames, open_tiny, close_port),
        cmocka_unit_test_setup_teardown(write_checks, open_tiny, close_port),
        cmocka_unit_test_setup_teardown(jobs_equal_the_reference, open_tiny, close_port),
        cmocka_unit_test_setup_teardown(run_checks, open_tiny, close_port),
        cmocka_unit_test_setup_teardown(busy_queue_and_abort, open_tiny, close_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
