/* Couplings that the device has already are not sent again, and whatever puts in doubt what it has
 * makes them all go out. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "array/protocol.h"
#include "support/scripted_device.h"
#include "wire/client.h"

enum { TILES = 64, DEPTH = 64, ENTRIES = 50, BYTES = 3 };

static struct scripted_device device;
static uint64_t held[TILES][DEPTH];             /* what the device has */
static int frames, items, refuse, jobs_refused; /* since the last expect() */
static uint64_t couplings[TILES * ENTRIES];
static struct glb_program program = {.c_used = ENTRIES, .coupling = couplings, .nseg = 1};

static int on_command(void *user, int cmd, const uint8_t *p, size_t len) {
    (void)user;
    if (cmd == GLB_CMD_RUN)
        return jobs_refused-- > 0 ? GLB_WIRE_BAD_PARAM : GLB_WIRE_OK;
    if (cmd != GLB_CMD_WRITE || p[0] != GLB_TARGET_COUPLING)
        return GLB_WIRE_OK;
    const int tile = p[1], addr = p[2] | p[3] << 8, n = (int)(len - 4) / BYTES;
    assert_true(tile < TILES && addr + n <= DEPTH && n > 0);
    frames++;
    items += n;
    if (refuse && frames == refuse)
        return GLB_WIRE_BUSY;
    for (int i = 0; i < n; i++) {
        const uint8_t *item = p + 4 + i * BYTES;
        held[tile][addr + i] = (uint64_t)(item[0] | item[1] << 8 | item[2] << 16);
    }
    return GLB_WIRE_OK;
}

static struct glb_client *open_loaded(void) {
    static uint32_t sched[TILES];
    static uint16_t net[TILES];
    struct glb_client *c;
    program.array = *glb_array_find("ulx3s-85");
    program.sched = sched;
    program.net = net;
    program.s_used = 1;
    program.c_used = ENTRIES;
    for (int i = 0; i < TILES * ENTRIES; i++)
        couplings[i] = (uint64_t)(i * 40503 & 0x3ffff);
    memset(held, 0xff, sizeof held);
    refuse = jobs_refused = frames = items = 0;
    device =
        (struct scripted_device){.array = &program.array, .step = 100000, .on_command = on_command};
    const struct glb_transport t = scripted_transport(&device);
    assert_int_equal(glb_client_open(&t, &c), GLB_OK);
    if (glb_client_load(c, &program))
        fail_msg("%s", glb_error());
    assert_int_equal(items, TILES * ENTRIES);
    frames = items = 0;
    return c;
}

/* The next update brings the device up to date, with so many frames and entries. */
static void expect_update(struct glb_client *c, int want_frames, int want_items) {
    frames = items = 0;
    if (glb_client_load_couplings(c, &program))
        fail_msg("%s", glb_error());
    assert_int_equal(frames, want_frames);
    assert_int_equal(items, want_items);
    for (int t = 0; t < TILES; t++)
        for (int e = 0; e < program.c_used; e++)
            assert_true(held[t][e] == couplings[t * program.c_used + e]);
}

static void change(int tile, int entry) {
    couplings[tile * program.c_used + entry] ^= 1;
}

/* Seven equal entries (21 bytes) between two that differ are sent, eight (24) cost as much as
 * another frame and its reply. */
static void changes_alone_are_sent(void **state) {
    struct glb_client *c = open_loaded();
    (void)state;
    expect_update(c, 0, 0);
    change(0, 0);
    change(TILES - 1, ENTRIES - 1);
    expect_update(c, 2, 2);
    change(3, 10);
    change(3, 18);
    expect_update(c, 1, 9);
    change(3, 10);
    change(3, 19);
    expect_update(c, 2, 2);
    for (int e = 0; e < ENTRIES; e++)
        change(7, e);
    expect_update(c, 1, ENTRIES);
    change(8, ENTRIES - 1); /* neighbours in memory, but of two tiles */
    change(9, 0);
    expect_update(c, 2, 2);
    change(8, 20); /* back to what it was */
    change(8, 20);
    expect_update(c, 0, 0);
    glb_client_close(c);
}

static void random_changes(void **state) {
    struct glb_client *c = open_loaded();
    uint32_t x = 1;
    (void)state;
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i < 1 << round % 8; i++) {
            x = x * 1664525 + 1013904223;
            couplings[(x >> 8) % (TILES * ENTRIES)] = x >> 14;
        }
        frames = items = 0;
        assert_int_equal(glb_client_load_couplings(c, &program), GLB_OK);
        assert_true(items <= 8 << round % 8);
        for (int i = 0; i < TILES * ENTRIES; i++)
            assert_true(held[i / ENTRIES][i % ENTRIES] == couplings[i]);
    }
    glb_client_close(c);
}

/* Whichever frame is refused, the next update sends everything. */
static void all_after_a_refusal(void **state) {
    (void)state;
    for (int nth = 1; nth <= 3; nth++) {
        struct glb_client *c = open_loaded();
        for (int t = 10; t < 13; t++)
            change(t, t);
        refuse = nth;
        assert_int_equal(glb_client_load_couplings(c, &program), GLB_ERR_DEVICE);
        assert_non_null(strstr(glb_error(), "WRITE COUPLING"));
        refuse = 0;
        expect_update(c, TILES, TILES * ENTRIES);
        glb_client_close(c);
    }
}

static void all_after_a_failed_job(void **state) {
    static const struct glb_beta_step step = {1 << 16, 12};
    static const struct glb_run one = {0, 0, 4};
    const struct glb_job job = {.steps = &step, .nsteps = 1, .runs = &one, .nruns = 1, .nseg = 1};
    struct glb_client *c = open_loaded();
    struct glb_job_counters n;
    (void)state;
    jobs_refused = 1;
    assert_int_equal(glb_client_run(c, &program.array, &job, NULL, NULL, &n), GLB_ERR_DEVICE);
    expect_update(c, TILES, TILES * ENTRIES);
    glb_client_close(c);
}

static void all_after_other_writes(void **state) {
    static const uint8_t zero[BYTES];
    struct glb_client *c = open_loaded();
    (void)state;
    assert_int_equal(link_write(glb_client_link(c), GLB_TARGET_COUPLING, 2, 2, zero, BYTES, 1),
                     GLB_OK);
    assert_int_equal(link_sync(glb_client_link(c)), GLB_OK);
    expect_update(c, TILES, TILES * ENTRIES);
    glb_client_close(c);
}

static void all_of_another_length_or_load(void **state) {
    struct glb_client *c = open_loaded();
    (void)state;
    program.c_used = ENTRIES - 1;
    expect_update(c, TILES, TILES * (ENTRIES - 1));
    program.c_used = ENTRIES;
    expect_update(c, TILES, TILES * ENTRIES);
    frames = items = 0;
    assert_int_equal(glb_client_load(c, &program), GLB_OK);
    assert_int_equal(items, TILES * ENTRIES);
    glb_client_close(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_alone_are_sent), cmocka_unit_test(random_changes),
        cmocka_unit_test(all_after_a_refusal),    cmocka_unit_test(all_after_a_failed_job),
        cmocka_unit_test(all_after_other_writes), cmocka_unit_test(all_of_another_length_or_load),
    };
    return cmocka_run_group_tests_name("changed couplings", tests, NULL, NULL);
}
