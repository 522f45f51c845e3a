/* A device that sends one field, frame or byte wrong: each is refused by name, or changes nothing.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "support/scripted_device.h"
#include "support/small_job.h"
#include "wire/client.h"

enum { IDENT = 0x81, STATUS = 0x82, WRITE = 0x83, RUN = 0x84, DATA = 0x40, DONE = 0x41 };
enum { SAMPLES = 4, WORDS = 6, SWEEPS = 12 };

static struct scripted_device device;

struct result {
    enum glb_status status;
    int samples;
    uint64_t words[SAMPLES][WORDS];
    struct glb_job_counters n;
};

static int on_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                     size_t stride) {
    struct result *r = user;
    assert_int_equal(stride, 1);
    assert_int_equal(sample, r->samples);
    assert_int_equal(sweep, sample < 3 ? 5 + 3 * sample : SWEEPS);
    memcpy(r->words[r->samples++], words, sizeof r->words[0]);
    return 0;
}

static enum glb_status run_job(struct glb_client *c, struct result *r) {
    static const struct glb_beta_step step = {1 << 16, SWEEPS};
    const struct glb_job j = small_job(0x12345678, &step);
    return glb_client_run(c, device.array, &j, on_sample, r, &r->n);
}

/* Opening, one job and a look at the counters. */
static struct result session(struct fault fault, size_t step) {
    struct result r = {.samples = 0};
    struct glb_client *c;
    struct glb_wire_counters w;
    device = (struct scripted_device){.array = glb_array_find("tiny"),
                                      .step = step,
                                      .fault = fault,
                                      .samples = SAMPLES,
                                      .words = WORDS,
                                      .sweeps = SWEEPS,
                                      .flips = UINT64_C(0x123456789abc),
                                      .run_cycles = UINT64_C(0xfedcba987654),
                                      .stall_cycles = UINT64_C(0x1000000000001)};
    const struct glb_transport t = scripted_transport(&device);
    r.status = glb_client_open(&t, &c);
    if (r.status)
        return r;
    r.status = glb_client_check(c, device.array);
    if (!r.status)
        r.status = run_job(c, &r);
    if (!r.status)
        r.status = glb_client_status(c, &w);
    glb_client_close(c);
    return r;
}

static void expect_right(const struct result *r) {
    if (r->status)
        fail_msg("%s", glb_error());
    assert_int_equal(r->samples, SAMPLES);
    for (int k = 0; k < SAMPLES; k++)
        for (int i = 0; i < WORDS; i++)
            assert_int_equal(r->words[k][i], k + i);
    assert_int_equal(r->n.sweeps, SWEEPS);
    assert_int_equal(r->n.samples, SAMPLES);
    assert_true(r->n.flips == UINT64_C(0x123456789abc));
    assert_true(r->n.run_cycles == UINT64_C(0xfedcba987654));
    assert_true(r->n.stall_cycles == UINT64_C(0x1000000000001));
    assert_int_equal(r->n.aborted, 0);
}

static const size_t step_bytes[] = {1, 7, 100, 100000};

static void expect_refusal(struct fault fault, const char *text) {
    for (size_t i = 0; i < sizeof step_bytes / sizeof step_bytes[0]; i++) {
        const struct result r = session(fault, step_bytes[i]);
        if (!r.status)
            fail_msg("not refused: %s (type %02x, at %d, by %d)", text, (unsigned)fault.type,
                     fault.at, fault.by);
        if (!strstr(glb_error(), text))
            fail_msg("'%s' is not in: %s", text, glb_error());
        for (int k = 0; k < r.samples; k++) /* what was handed out is right all the same */
            for (int n = 0; n < WORDS; n++)
                assert_int_equal(r.words[k][n], k + n);
    }
}

static void nothing_wrong(void **state) {
    (void)state;
    for (size_t step = 1; step < 600; step++) { /* whatever the pieces */
        const struct result r = session((struct fault){.what = WRONG_NOTHING}, step);
        expect_right(&r);
    }
}

/* Every field of the identity, too low and too high. */
static void identity(void **state) {
    static const struct {
        int at, bytes;
        const char *name;
    } field[] = {{0, 4, "not a glauber array"},
                 {4, 2, "bit file of"},
                 {6, 2, "tiles"},
                 {8, 1, "lanes"},
                 {9, 1, "chains"},
                 {10, 1, "coupling bits"},
                 {11, 1, "accumulator bits"},
                 {12, 1, "log2 words a lane"},
                 {13, 1, "pages"},
                 {14, 2, "schedule depth"},
                 {16, 2, "coupling depth"},
                 {18, 1, "segments"},
                 {19, 1, "write latency"},
                 {20, 2, "beta steps"},
                 {22, 2, "readout runs"},
                 {24, 1, "segment gap"}};
    (void)state;
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++)
        for (int by = -1; by <= 1; by += 2)
            expect_refusal(
                (struct fault){WRONG_FIELD, IDENT, 1, AT_PAYLOAD + field[i].at, field[i].bytes, by},
                field[i].name);
    expect_refusal((struct fault){WRONG_FIELD, IDENT, 1, AT_PAYLOAD + 7, 1, 1}, "tiles");
    expect_refusal((struct fault){WRONG_FIELD, IDENT, 1, AT_PAYLOAD + 15, 1, 1}, "schedule depth");
}

/* Header, CRC and number of each reply; of every kind of frame that is lost or comes twice. */
static void replies(void **state) {
    static const struct {
        int type, nth, payload;
        const char *what;
    } reply[] = {{IDENT, 1, 32, "IDENT"}, {WRITE, 1, 0, "WRITE BETA"}, {WRITE, 2, 0, "WRITE RUNS"},
                 {RUN, 1, 0, "RUN"},      {STATUS, 1, 20, "STATUS"},   {STATUS, 2, 20, "STATUS"}};
    static const char *status[] = {"BAD_CRC",    "BAD_LENGTH", "BAD_COMMAND",
                                   "BAD_TARGET", "BAD_RANGE",  "BUSY",
                                   "BAD_PARAM",  "ABORTED",    "unknown status"};
    (void)state;
    for (size_t i = 0; i < sizeof reply / sizeof reply[0]; i++) {
        const int type = reply[i].type, nth = reply[i].nth;
        for (int by = -1; by <= 1; by += 2) {
            expect_refusal((struct fault){WRONG_FIELD, type, nth, AT_TYPE, 1, by},
                           "type of a reply");
            expect_refusal((struct fault){WRONG_FIELD, type, nth, AT_SEQ, 1, by},
                           "sequence number");
            expect_refusal((struct fault){WRONG_BYTE, type, nth, AT_SEQ, 1, by}, "CRC");
            expect_refusal((struct fault){WRONG_BYTE, type, nth, AT_STATUS, 1, by}, "CRC");
            expect_refusal(
                (struct fault){WRONG_BYTE, type, nth, AT_PAYLOAD + reply[i].payload, 4, by}, "CRC");
        }
        expect_refusal((struct fault){WRONG_FIELD, type, nth, AT_TYPE, 1, -0x55},
                       "type of a frame from the device");
        for (int s = 1; s <= 9; s++)
            expect_refusal((struct fault){WRONG_FIELD, type, nth, AT_STATUS, 1, s}, status[s - 1]);
        expect_refusal((struct fault){WRONG_FIELD, type, nth, AT_STATUS, 1, 6}, reply[i].what);
        expect_refusal((struct fault){.what = WRONG_LENGTH, .type = type, .nth = nth, .by = 1},
                       type == IDENT ? "bytes of identity" : "bytes of payload of a reply");
        expect_refusal((struct fault){.what = WRONG_SILENCE, .type = type, .nth = nth},
                       "no answer");
        expect_refusal(
            (struct fault){.what = WRONG_BYTE, .type = type, .nth = nth, .by = -0x5a, .bytes = 1},
            type == STATUS && nth == 2 ? "no answer" : "the script"); /* its first byte: no frame */
        if (type == STATUS || type == IDENT)
            expect_refusal((struct fault){.what = WRONG_LENGTH, .type = type, .nth = nth, .by = -1},
                           type == IDENT ? "bytes of identity" : "bytes of payload of a reply");
    }
    expect_refusal((struct fault){.what = WRONG_TWICE, .type = IDENT, .nth = 1}, "reply");
    expect_refusal((struct fault){.what = WRONG_TWICE, .type = WRITE, .nth = 2}, "reply");
    expect_refusal((struct fault){.what = WRONG_TWICE, .type = RUN, .nth = 1}, "reply");
    expect_refusal((struct fault){.what = WRONG_TWICE, .type = STATUS, .nth = 1}, "reply");
    expect_refusal((struct fault){.what = WRONG_LOST, .type = WRITE, .nth = 1}, "sequence number");
    expect_refusal((struct fault){.what = WRONG_LOST, .type = RUN, .nth = 1}, "sequence number");
    expect_refusal((struct fault){.what = WRONG_LOST, .type = STATUS, .nth = 2}, "no answer");
    for (int by = -1; by <= 1; by += 2) /* frames counted */
        expect_refusal((struct fault){WRONG_FIELD, STATUS, 2, AT_PAYLOAD + 4, 4, by},
                       "the board was reset");
}

/* Each DATA frame: its number, job, sample, length, states of chains that do not exist. */
static void data(void **state) {
    (void)state;
    for (int nth = 1; nth <= SAMPLES; nth++) {
        for (int by = -1; by <= 1; by += 2) {
            expect_refusal((struct fault){WRONG_FIELD, DATA, nth, AT_PAYLOAD, 4, by},
                           "expected job");
            expect_refusal((struct fault){WRONG_FIELD, DATA, nth, AT_PAYLOAD + 3, 1, by},
                           "expected job");
            expect_refusal((struct fault){WRONG_FIELD, DATA, nth, AT_PAYLOAD + 4, 4, by},
                           "expected job");
            expect_refusal((struct fault){WRONG_FIELD, DATA, nth, AT_PAYLOAD + 7, 1, by},
                           "expected job");
            expect_refusal(
                (struct fault){.what = WRONG_LENGTH, .type = DATA, .nth = nth, .by = by * 2},
                "DATA frame of");
            expect_refusal((struct fault){WRONG_BYTE, DATA, nth, AT_PAYLOAD + 9, 1, by}, "CRC");
        }
        expect_refusal((struct fault){WRONG_FIELD, DATA, nth, AT_PAYLOAD + 8 + WORDS - 1, 1, 16},
                       "more than 4 chains");
        expect_refusal((struct fault){.what = WRONG_LOST, .type = DATA, .nth = nth},
                       nth == 1 ? "expected job" : "a DATA or DONE frame was lost");
        expect_refusal((struct fault){.what = WRONG_SKIPPED, .type = DATA, .nth = nth},
                       nth < SAMPLES ? "expected job" : "counts 4 samples sent, 3 arrived");
        expect_refusal((struct fault){.what = WRONG_TWICE, .type = DATA, .nth = nth}, "lost");
        expect_refusal((struct fault){.what = WRONG_AGAIN, .type = DATA, .nth = nth},
                       "expected job");
        expect_refusal((struct fault){WRONG_FIELD, DATA, nth, AT_TYPE, 1, 1}, "DONE frame of 14");
    }
}

static void done(void **state) {
    (void)state;
    for (int by = -1; by <= 1; by += 2) {
        expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_PAYLOAD, 4, by}, "expected job");
        expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_PAYLOAD + 4, 4, by},
                       "it has 12 and 4");
        expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_PAYLOAD + 7, 1, by},
                       "it has 12 and 4");
        expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_PAYLOAD + 8, 4, by},
                       by < 0 ? "counts 3 samples sent" : "counts 5 samples sent");
        expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_PAYLOAD + 11, 1, by},
                       "samples sent");
        expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_SEQ, 1, by}, "was lost");
        expect_refusal((struct fault){.what = WRONG_LENGTH, .type = DONE, .nth = 1, .by = by},
                       "DONE frame of");
        expect_refusal((struct fault){WRONG_BYTE, DONE, 1, AT_PAYLOAD + 24, 8, by}, "CRC");
    }
    expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_STATUS, 1, 7}, "ended job");
    expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_STATUS, 1, 8}, "nothing asked for");
    expect_refusal((struct fault){WRONG_FIELD, DONE, 1, AT_TYPE, 1, -1}, "DATA frame of 40");
    expect_refusal((struct fault){.what = WRONG_AGAIN, .type = DONE, .nth = 1}, "no job runs");
    expect_refusal((struct fault){.what = WRONG_LOST, .type = DONE, .nth = 1},
                   "ended without a DONE frame");
    expect_refusal((struct fault){.what = WRONG_SKIPPED, .type = DONE, .nth = 1},
                   "ended without a DONE frame");
}

/* A device that counts right, but ended early. */
static void early_end(void **state) {
    struct result r = session((struct fault){.what = WRONG_SKIPPED, .type = DATA, .nth = 4}, 100);
    (void)state;
    assert_int_equal(r.status, GLB_ERR_PROTOCOL);
    for (int sweeps = 11; sweeps <= SWEEPS; sweeps++) {
        struct glb_client *c;
        device = (struct scripted_device){.array = glb_array_find("tiny"),
                                          .step = 100,
                                          .samples = 3,
                                          .words = WORDS,
                                          .sweeps = (uint32_t)sweeps};
        const struct glb_transport t = scripted_transport(&device);
        assert_int_equal(glb_client_open(&t, &c), GLB_OK);
        r = (struct result){.samples = 0};
        assert_int_equal(run_job(c, &r), GLB_ERR_PROTOCOL);
        assert_non_null(strstr(glb_error(), "and 3 samples; it has 12 and 4"));
        glb_client_close(c);
    }
}

/* Bytes between frames that start none are skipped. */
static void noise(void **state) {
    static const int type[] = {IDENT, WRITE, RUN, STATUS, DATA, DONE};
    (void)state;
    for (size_t i = 0; i < sizeof type / sizeof type[0]; i++)
        for (int n = 1; n < 20; n += 6) {
            const struct result r =
                session((struct fault){.what = WRONG_NOISE, .type = type[i], .nth = 1, .by = n}, 3);
            expect_right(&r);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_wrong), cmocka_unit_test(identity), cmocka_unit_test(replies),
        cmocka_unit_test(data),          cmocka_unit_test(done),     cmocka_unit_test(early_end),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests_name("misbehaving device", tests, NULL, NULL);
}
