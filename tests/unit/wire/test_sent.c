/* What the client sends: every field of RUN and of its lists, whole memory images; what it sends
 * again after an error. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "array/target.h"
#include "support/scripted_device.h"
#include "wire/client.h"
#include "wire/job_queue.h"

enum { TILES = 64, DEPTH = 2048, ITEM = 12 };

static struct scripted_device device;
static struct glb_array array;
static struct {
    uint8_t bytes[ITEM];
    int times;
} memory[GLB_TARGETS][TILES][DEPTH];
static uint8_t run[GLB_RUN_BYTES];
static int writes[GLB_TARGETS], runs_seen, refuse_run, refuse_write;

/* Keeps what WRITE brings; refuses the commands that a test has chosen, once. */
static int on_command(void *user, int cmd, const uint8_t *p, size_t len) {
    (void)user;
    if (cmd == GLB_CMD_RUN) {
        memcpy(run, p, sizeof run);
        return ++runs_seen == refuse_run ? GLB_WIRE_BAD_PARAM : GLB_WIRE_OK;
    }
    if (cmd != GLB_CMD_WRITE)
        return GLB_WIRE_OK;
    const int target = p[0], tile = p[1], addr = p[2] | p[3] << 8;
    const struct glb_target_shape shape = glb_target_shape(&array, target);
    const int n = (int)(len - 4) / shape.bytes;
    assert_int_equal((len - 4) % (size_t)shape.bytes, 0);
    assert_true(len <= 1024 && tile < shape.tiles && addr + n <= shape.depth && addr + n <= DEPTH);
    for (int i = 0; i < n; i++) {
        memcpy(memory[target][tile][addr + i].bytes, p + 4 + i * shape.bytes, (size_t)shape.bytes);
        memory[target][tile][addr + i].times++;
    }
    writes[target]++;
    return target == refuse_write - 1 && writes[target] == 1 ? GLB_WIRE_BUSY : GLB_WIRE_OK;
}

static struct glb_client *open_client(size_t window) {
    struct glb_client *c;
    array = *glb_array_find("ulx3s-85");
    array.gw = 9; /* more than one frame of states in a lane */
    glb_array_derive(&array);
    memset(memory, 0, sizeof memory);
    memset(writes, 0, sizeof writes);
    runs_seen = refuse_run = refuse_write = 0;
    device = (struct scripted_device){.array = &array, .step = 100000, .on_command = on_command};
    struct glb_transport t = scripted_transport(&device);
    t.window = window;
    assert_int_equal(glb_client_open(&t, &c), GLB_OK);
    return c;
}

static void expect_item(int target, int tile, int addr, uint64_t value) {
    uint64_t got = 0;
    const int bytes = glb_target_shape(&array, target).bytes;
    for (int i = 0; i < bytes; i++)
        got |= (uint64_t)memory[target][tile][addr].bytes[i] << 8 * i;
    assert_true(got == value);
    assert_int_equal(memory[target][tile][addr].times, 1);
}

static void job_fields(void **state) {
    static const uint8_t want[GLB_RUN_BYTES] = {
        0xd4, 0xc3, 0xb2, 0xa1, 8,    7,    6,    5,    4, 3, 2, 1, /* id, seed */
        0,    0,    2,    0,    0x44, 0x33, 0x22, 0x11,             /* steps 0 and 1, burn-in */
        0x88, 0x77, 0x66, 0x55, 0,    0,    2,    0,                /* interval, runs 0 and 1 */
        1,    3,    3,    0,    15,   2,    9};                     /* page, flags, segments */
    static const uint8_t beta[2][8] = {{0x78, 0x56, 0x34, 0x12, 0x03, 0x02, 0x01, 0},
                                       {0xff, 0xff, 0xff, 0xff, 0, 0, 1, 0}};
    static const uint8_t list[2][6] = {{63, 0, 0xff, 3, 1, 0}, {0, 0, 0x34, 2, 3, 1}};
    const struct glb_beta_step steps[] = {{0x12345678, 0x010203}, {0xffffffff, 0x010000}};
    const struct glb_run runs[] = {{63, 0x3ff, 1}, {0, 0x234, 0x103}};
    const struct glb_job j = {.id = 0xa1b2c3d4,
                              .seed = UINT64_C(0x0102030405060708),
                              .steps = steps,
                              .nsteps = 2,
                              .burn_in = 0x11223344,
                              .interval = 0x55667788,
                              .runs = runs,
                              .nruns = 2,
                              .page = 1,
                              .flags = GLB_RUN_SAMPLE_INITIAL | GLB_RUN_SAMPLE_FINAL,
                              .nseg = 3,
                              .seg = {15, 2, 9}};
    struct glb_client *c = open_client(0);
    struct glb_job_counters n;
    (void)state;
    device.samples = 2;
    device.words = 2 * 0x104;
    device.sweeps = 0x020203;
    if (glb_client_run(c, &array, &j, NULL, NULL, &n))
        fail_msg("%s", glb_error());
    assert_memory_equal(run, want, sizeof want);
    for (int i = 0; i < 2; i++) {
        assert_memory_equal(memory[GLB_TARGET_BETA][0][i].bytes, beta[i], 8);
        assert_memory_equal(memory[GLB_TARGET_RUNS][0][i].bytes, list[i], 6);
    }
    glb_client_close(c);
}

/* Every item of every memory arrives once and whole, however many frames that takes. */
static void images(void **state) {
    enum { CLOCKS = 1200, ENTRIES = 900, SEGMENTS = 16 };
    struct glb_client *c = open_client(0);
    struct glb_program p = {.array = array, .nseg = SEGMENTS, .s_used = CLOCKS, .c_used = ENTRIES};
    const int chunks = glb_array_chunks(&array);
    (void)state;
    p.sched = calloc((size_t)CLOCKS * TILES, sizeof *p.sched);
    p.net = calloc((size_t)CLOCKS * (size_t)chunks, sizeof *p.net);
    p.coupling = calloc((size_t)ENTRIES * TILES, sizeof *p.coupling);
    assert_true(p.sched && p.net && p.coupling && chunks > 1);
    for (int i = 0; i < CLOCKS * TILES; i++)
        p.sched[i] = (uint32_t)i * 2654435761u & ((1u << array.sw) - 1);
    for (int i = 0; i < CLOCKS * chunks; i++)
        p.net[i] = (uint16_t)(i * 40503);
    for (int i = 0; i < ENTRIES * TILES; i++)
        p.coupling[i] = (uint64_t)i * UINT64_C(0x9e3779b97f4a7c15) >> (64 - array.cw);
    for (int i = 0; i < SEGMENTS; i++)
        p.seg[i] = (struct glb_segment){
            1000 + i, 300 + i, 512 + i, 700 + i, 0x12345600u + (uint32_t)i, GLB_SEGMENT_SAMPLES, 0};
    if (glb_client_load(c, &p))
        fail_msg("%s", glb_error());
    for (int k = 0; k < CLOCKS; k++) {
        for (int t = 0; t < TILES; t++)
            expect_item(GLB_TARGET_SCHED, t, k, p.sched[k * TILES + t]);
        for (int ch = 0; ch < chunks; ch++)
            expect_item(GLB_TARGET_NET, ch, k, p.net[k * chunks + ch]);
    }
    for (int t = 0; t < TILES; t++)
        for (int e = 0; e < ENTRIES; e++)
            expect_item(GLB_TARGET_COUPLING, t, e, p.coupling[t * ENTRIES + e]);
    for (int i = 0; i < SEGMENTS; i++) {
        const uint8_t want[] = {
            (uint8_t)(0xe8 + i), 3, (uint8_t)(0x2c + i), 1,    (uint8_t)i, 2,
            (uint8_t)(0xbc + i), 2, (uint8_t)i,          0x56, 0x34,       0x12};
        assert_memory_equal(memory[GLB_TARGET_SEG][0][i].bytes, want, sizeof want);
    }
    free(p.sched);
    free(p.net);
    free(p.coupling);
    glb_client_close(c);
}

static void states(void **state) {
    enum { WORDS = 705 };
    static uint64_t words[2 * WORDS];
    const struct glb_run runs[] = {{3, 5, 700}, {9, 0, 5}};
    struct glb_client *c = open_client(0);
    (void)state;
    for (int i = 0; i < 2 * WORDS; i++)
        words[i] = (uint64_t)(i * 40503) & 0xffff;
    assert_int_equal(glb_client_set_state(c, &array, 1, runs, 2, words, 2), GLB_OK);
    for (int i = 0; i < WORDS; i++)
        expect_item(GLB_TARGET_STATE, i < 700 ? 3 : 9,
                    (1 << array.aw) + (i < 700 ? 5 + i : i - 700), words[2 * i]);
    glb_client_close(c);
}

static const struct glb_beta_step step = {1 << 16, 12};
static const struct glb_run one_run = {0, 0, 4};
static const struct glb_job small = {
    .id = 7, .steps = &step, .nsteps = 1, .runs = &one_run, .nruns = 1, .flags = 2, .nseg = 1};

static void play_small(void) {
    device.samples = 1;
    device.words = 8;
    device.sweeps = 12;
}

/* A RUN or a list that is refused leaves no job behind, and nothing is taken for sent. */
static void refused(void **state) {
    (void)state;
    for (int list = 0; list < 2; list++)
        for (size_t window = 0; window <= 60; window += 60) { /* RUN alone fills 58 bytes */
            struct glb_client *c = open_client(window);
            struct glb_job_counters n;
            struct glb_wire_counters w;
            play_small();
            refuse_run = !list;
            refuse_write = list ? GLB_TARGET_RUNS + 1 : 0;
            assert_int_equal(glb_client_run(c, &array, &small, NULL, NULL, &n), GLB_ERR_DEVICE);
            assert_non_null(strstr(glb_error(), list ? "WRITE RUNS" : "BAD_PARAM"));
            if (list) /* the job ran all the same: what it sends is dropped */
                assert_int_equal(glb_client_status(c, &w), GLB_OK);
            for (int i = 0; i < 3; i++)
                if (glb_client_run(c, &array, &small, NULL, NULL, &n))
                    fail_msg("%s", glb_error());
            assert_int_equal(n.samples, 1);
            assert_int_equal(writes[GLB_TARGET_RUNS], 2); /* again after the error, once */
            glb_client_close(c);
        }
}

/* Not even a job that was stopped has more sweeps than it was to have. */
static void too_long(void **state) {
    struct glb_client *c = open_client(0);
    struct glb_job_counters n;
    (void)state;
    play_small();
    device.sweeps = 13;
    device.fault = (struct fault){WRONG_FIELD, GLB_TYPE_DONE, 1, AT_STATUS, 1, GLB_WIRE_ABORTED};
    assert_int_equal(glb_client_run(c, &array, &small, NULL, NULL, &n), GLB_ERR_PROTOCOL);
    assert_non_null(strstr(glb_error(), "after 13 sweeps"));
    glb_client_close(c);
}

/* Samples of the longest frame: 8 bytes and 32,763 words of 2. */
static void longest_sample(void **state) {
    struct glb_run runs[2] = {{0, 0, 32763}, {0, 0, 1}};
    struct glb_job j = {.steps = &step, .nsteps = 1, .runs = runs, .nruns = 1, .nseg = 1};
    struct queued_job q;
    (void)state;
    assert_int_equal(queue_prepare(glb_array_find("small"), &j, &q), GLB_OK);
    free(q.words);
    j.nruns = 2;
    assert_int_equal(queue_prepare(glb_array_find("small"), &j, &q), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "32764 words"));
}

/* The numbers of DATA frames start again after 255: a frame that is lost there is missed too. */
static void numbers_go_round(void **state) {
    struct glb_job j = small;
    const struct glb_beta_step steps = {1 << 16, 300};
    (void)state;
    j.steps = &steps;
    j.interval = 1;
    for (int nth = 255; nth <= 258; nth++) {
        struct glb_client *c = open_client(0);
        struct glb_job_counters n;
        play_small();
        device.samples = device.sweeps = 300;
        device.fault = (struct fault){.what = WRONG_LOST, .type = GLB_TYPE_DATA, .nth = nth};
        assert_int_equal(glb_client_run(c, &array, &j, NULL, NULL, &n), GLB_ERR_PROTOCOL);
        assert_non_null(strstr(glb_error(), "DATA or DONE frame was lost"));
        glb_client_close(c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(job_fields),       cmocka_unit_test(images),
        cmocka_unit_test(states),           cmocka_unit_test(refused),
        cmocka_unit_test(too_long),         cmocka_unit_test(longest_sample),
        cmocka_unit_test(numbers_go_round),
    };
    return cmocka_run_group_tests_name("sent", tests, NULL, NULL);
}
