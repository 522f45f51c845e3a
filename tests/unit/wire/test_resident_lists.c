/* Lists of steps and runs stay on the device side by side: a training step sends none anew; what a
 * list replaces, and when. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "support/counted_line.h"
#include "transports/transports.h"
#include "wire/client.h"

enum { LONGEST = GLB_RUNS };

static struct counted_line line;
static struct glb_client *client;
static const struct glb_array *tiny;
static uint64_t words[4 * LONGEST];
static struct glb_run list[4][LONGEST]; /* of runs of one word or none, all different */

static int open_board(void **state) {
    struct glb_transport board;
    (void)state;
    tiny = glb_array_find("tiny");
    if (glb_emu_port_open("tiny", NULL, &board))
        return -1;
    const struct glb_transport t = counted_open(&line, &board);
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < LONGEST; i++)
            list[k][i] = (struct glb_run){(uint16_t)(i % 4), (uint16_t)(i / 4 % 32),
                                          (uint16_t)((i * (2 * k + 3) >> 3 & 1))};
    return glb_client_open(&t, &client);
}

static int close_board(void **state) {
    (void)state;
    glb_client_close(client);
    return 0;
}

static void set(int page, int k, int n) {
    assert_int_equal(glb_client_set_state(client, tiny, page, list[k], n, words, 1), GLB_OK);
}

struct running {
    struct glb_job j;
    struct glb_beta_step steps[3];
    struct glb_job_counters n;
};

/* A job of a schedule and with list k read out. */
static void begin(struct running *r, uint32_t id, int schedule, int k, int nruns) {
    r->j = (struct glb_job){.id = id,
                            .steps = r->steps,
                            .nsteps = 1 + schedule,
                            .runs = list[k],
                            .nruns = nruns,
                            .page = (uint8_t)(id & 3),
                            .flags = GLB_RUN_SAMPLE_FINAL,
                            .nseg = 1};
    for (int i = 0; i < 3; i++)
        r->steps[i] = (struct glb_beta_step){(uint32_t)(i + schedule) << 16, (uint32_t)i};
    if (glb_client_begin(client, tiny, &r->j, NULL, NULL, &r->n))
        fail_msg("%s", glb_error());
}

static void forget(void) {
    struct glb_wire_counters w;
    assert_int_equal(glb_client_status(client, &w), GLB_OK); /* all is sent */
    counted_forget(&line);
}

static void expect_lists(int runs, int beta) {
    struct glb_wire_counters w;
    assert_int_equal(glb_client_status(client, &w), GLB_OK); /* all is sent */
    assert_int_equal(line.writes[GLB_TARGET_RUNS], runs);
    assert_int_equal(line.writes[GLB_TARGET_BETA], beta);
}

/* Two lists of states, two of readout and two schedules in turn: the second step sends none, and no
 * job waits for the end of another. */
static void a_training_step(void **state) {
    struct running r[8];
    (void)state;
    for (int step = 0; step < 3; step++) {
        forget();
        for (uint32_t i = 0; i < 8; i++) {
            set((int)i & 3, (int)i & 1, 100);
            begin(&r[i], i, (int)i & 1, 2 + ((int)i & 1), 50);
            if (i >= 3)
                assert_int_equal(glb_client_finish(client), GLB_OK);
        }
        for (int left = 0; left < 3; left++)
            assert_int_equal(glb_client_finish(client), GLB_OK);
        expect_lists(step ? 0 : 4, step ? 0 : 2);
        for (uint32_t i = 0; i < 8; i++) {
            assert_int_equal(r[i].n.samples, 1);
            assert_int_equal(r[i].n.sweeps, i & 1);
        }
    }
}

/* A list that is part of another is there already. */
static void parts(void **state) {
    struct running r, empty;
    (void)state;
    set(0, 1, 200);
    forget();
    set(1, 1, 60);
    assert_int_equal(glb_client_set_state(client, tiny, 1, list[1] + 40, 160, words, 1), GLB_OK);
    begin(&r, 0, 0, 1, 150);
    expect_lists(0, 1);
    begin(&empty, 1, 0, 1, 0); /* nothing is read */
    assert_int_equal(glb_client_finish(client) || glb_client_finish(client), 0);
    expect_lists(0, 1);
    assert_int_equal(glb_client_set_state(client, tiny, 1, list[1] + 41, 160, words, 1), GLB_OK);
    expect_lists(1, 1);
}

/* At rest a list that finds no room takes that of others; beside a job states go without a list. */
static void replaced_at_rest(void **state) {
    struct running r;
    (void)state;
    set(0, 0, 300);
    set(0, 1, 212);
    expect_lists(2 + 2, 0); /* of 1,800 and 1,272 bytes */
    set(0, 0, 300);
    expect_lists(4, 0);
    begin(&r, 2, 2, 1, 212);
    forget();
    set(1, 2, 300);
    expect_lists(0, 0);
    assert_true(line.writes[GLB_TARGET_STATE] > 50 && line.writes[GLB_TARGET_STATES] == 0);
    set(1, 0, 300); /* still there */
    expect_lists(0, 0);
    assert_true(line.writes[GLB_TARGET_STATES] > 0);
    assert_int_equal(glb_client_finish(client), GLB_OK);
    forget();
    set(1, 2, 300); /* instead of lists 0 and 1 */
    expect_lists(2, 0);
    set(1, 1, 212);
    expect_lists(2 + 2, 0);
    set(1, 2, 300);
    set(1, 1, 212);
    expect_lists(4, 0);
    set(1, 0, 512);
    set(1, 0, 512);
    expect_lists(4 + 4, 0);
    assert_int_equal(line.writes[GLB_TARGET_STATE], 0);
}

/* What others write to the memory, and errors, leave nothing known. */
static void not_known(void **state) {
    const uint8_t item[6] = {0};
    struct running r;
    (void)state;
    set(0, 0, 100);
    begin(&r, 0, 0, 0, 100);
    assert_int_equal(glb_client_finish(client), GLB_OK);
    forget();
    assert_int_equal(link_write(glb_client_link(client), GLB_TARGET_RUNS, 0, 0, item, 6, 1),
                     GLB_OK);
    set(0, 0, 100);
    expect_lists(2, 0);
    r.j.page = 7; /* refused */
    assert_int_equal(glb_client_run(client, tiny, &r.j, NULL, NULL, &r.n), GLB_ERR_DEVICE);
    assert_int_equal(glb_client_set_state(client, tiny, 9, list[0], 100, words, 1),
                     GLB_ERR_DEVICE); /* no such page */
    forget();
    set(0, 0, 100);
    begin(&r, 0, 0, 0, 100);
    assert_int_equal(glb_client_finish(client), GLB_OK);
    expect_lists(1, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_training_step, open_board, close_board),
        cmocka_unit_test_setup_teardown(parts, open_board, close_board),
        cmocka_unit_test_setup_teardown(replaced_at_rest, open_board, close_board),
        cmocka_unit_test_setup_teardown(not_known, open_board, close_board),
    };
    return cmocka_run_group_tests_name("resident lists", tests, NULL, NULL);
}
