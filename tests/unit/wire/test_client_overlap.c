/* Four jobs in flight give what one after the other gives; a stop ends all; the device takes new
 * schedules only at rest. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "graph/graph.h"
#include "support/counted_line.h"
#include "transports/transports.h"
#include "wire/client.h"

enum { JOBS = 11, WORDS = 128, SAMPLES = 5 };

static struct glb_program *program;
static struct glb_beta_step steps[JOBS];
static struct glb_run runs[4];
static uint64_t start[JOBS][WORDS];

struct tape {
    uint64_t words[JOBS][SAMPLES][WORDS];
    int taken[JOBS], stop_at, stop_with;
    struct glb_job_counters n[JOBS];
    struct glb_job job[JOBS];
};
static struct tape one, four;

struct target {
    struct tape *t;
    int job;
};
static struct target target[JOBS];

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    const struct target *at = user;
    (void)sweep;
    assert_true(sample < SAMPLES && stride == 1);
    memcpy(at->t->words[at->job][sample], words, sizeof one.words[0][0]);
    at->t->taken[at->job]++;
    return at->t->stop_at && at->t->taken[at->job] == at->t->stop_at ? at->t->stop_with : 0;
}

static struct glb_client *open_board(void) {
    struct glb_transport t;
    struct glb_client *c;
    assert_int_equal(glb_emu_port_open("tiny", NULL, &t), GLB_OK);
    assert_int_equal(glb_client_open(&t, &c), GLB_OK);
    assert_int_equal(glb_client_load(c, program), GLB_OK);
    return c;
}

static enum glb_status begin(struct glb_client *c, struct tape *t, int k) {
    const int page = k & 3;
    t->job[k] = (struct glb_job){.id = (uint32_t)k,
                                 .seed = (uint64_t)k * 77 + 1,
                                 .steps = &steps[k < 7 ? 0 : k],
                                 .nsteps = 1,
                                 .burn_in = 1,
                                 .interval = 2,
                                 .runs = runs,
                                 .nruns = 4,
                                 .page = (uint8_t)page,
                                 .nseg = 1};
    target[k] = (struct target){t, k};
    const enum glb_status s = glb_client_set_state(c, &program->array, page, runs, 4, start[k], 1);
    return s ? s : glb_client_begin(c, &program->array, &t->job[k], record, &target[k], &t->n[k]);
}

static int prepare(void **state) {
    struct glb_graph *g;
    glb_graph_generate("regular", "n=20,d=3,weights=gauss", 5, &g);
    (void)state;
    const enum glb_status compiled =
        g ? glb_program_compile(g, "tiny", NULL, &program) : GLB_ERR_MEMORY;
    glb_graph_free(g);
    if (compiled != GLB_OK)
        return -1;
    for (int k = 0; k < JOBS; k++) {
        steps[k] = (struct glb_beta_step){(uint32_t)(k + 2) << 15, 10};
        for (int i = 0; i < WORDS; i++)
            start[k][i] = (uint64_t)(i * 7 + k * 5) & 15;
    }
    for (int t = 0; t < 4; t++)
        runs[t] = (struct glb_run){(uint16_t)t, 0, WORDS / 4};
    return 0;
}

static void test_same_bits(void **state) {
    struct glb_client *c = open_board();
    (void)state;
    for (int k = 0; k < JOBS; k++) {
        assert_int_equal(begin(c, &one, k), GLB_OK);
        assert_int_equal(glb_client_finish(c), GLB_OK);
        assert_int_equal(one.n[k].samples, SAMPLES - 1);
        assert_int_equal(one.taken[k], SAMPLES - 1);
    }
    glb_client_close(c);
    c = open_board();
    for (int k = 0; k < JOBS; k++) {
        if (k >= GLB_JOB_SLOTS) /* its page must be free */
            assert_int_equal(glb_client_finish(c), GLB_OK);
        assert_int_equal(begin(c, &four, k), GLB_OK);
    }
    for (int k = 0; k < GLB_JOB_SLOTS; k++)
        assert_int_equal(glb_client_finish(c), GLB_OK);
    assert_int_equal(glb_client_finish(c), GLB_OK); /* nothing left: good too */
    glb_client_close(c);
    assert_memory_equal(one.words, four.words, sizeof one.words);
    for (int k = 0; k < JOBS; k++) {
        assert_int_equal(one.n[k].flips, four.n[k].flips);
        assert_int_equal(one.n[k].run_cycles, four.n[k].run_cycles);
        assert_int_equal(four.taken[k], SAMPLES - 1);
    }
}

/* A callback ends its job, and all behind it, whatever non-zero value it returns; also if its
 * sample arrives before finish(). */
static void test_stop(void **state) {
    const struct glb_beta_step once = steps[0];
    (void)state;
    for (int value = -1; value <= 3; value++) {
        if (value == 0)
            continue;
        struct glb_client *c = open_board();
        struct glb_wire_counters w;
        assert_int_equal(begin(c, &four, 0), GLB_OK); /* so that the device has the schedule */
        assert_int_equal(glb_client_finish(c), GLB_OK);
        memset(&four, 0, sizeof four);
        four.stop_at = 1;
        four.stop_with = value;
        steps[0].sweeps = 100000;
        for (int k = 0; k < GLB_JOB_SLOTS; k++)
            assert_int_equal(begin(c, &four, k), GLB_OK);
        do {
            assert_int_equal(glb_client_status(c, &w), GLB_OK);
        } while (four.taken[0] == 0);
        assert_int_equal(w.queued, 3);
        for (int k = 0; k < GLB_JOB_SLOTS - (value == 2); k++) { /* the last one by begin() */
            assert_int_equal(glb_client_finish(c), GLB_OK);
            assert_int_equal(four.n[k].aborted, 1);
        }
        steps[0] = once;
        assert_int_equal(glb_client_status(c, &w), GLB_OK);
        assert_int_equal(w.running | w.queued, 0);
        assert_int_equal(w.errors, 0);
        four.stop_at = 0;
        four.taken[2] = 0;
        assert_int_equal(begin(c, &four, 2), GLB_OK);
        assert_int_equal(four.n[3].aborted, 1);
        assert_int_equal(glb_client_finish(c), GLB_OK);
        assert_memory_equal(one.words[2], four.words[2], sizeof one.words[2]);
        assert_int_equal(four.n[2].aborted, 0);
        glb_client_close(c);
    }
}

/* A line that brings nothing while the host sends, and notes how often it waits instead. */
static struct counted_line line;
static int waits;

static enum glb_status noted(void *self, const uint8_t *out, size_t n_out, size_t *done_out,
                             uint8_t *in, size_t n_in, size_t *done_in) {
    waits += n_out == 0;
    return counted_exchange(self, out, n_out, done_out, in, n_out ? 0 : n_in, done_in);
}

/* Beside a job that runs, states and the next job go out at once, and no reply is waited for: on a
 * bus each wait would cost the time of a round trip. */
static void test_no_wait(void **state) {
    struct glb_transport board;
    struct glb_client *c;
    (void)state;
    assert_int_equal(glb_emu_port_open("tiny", NULL, &board), GLB_OK);
    struct glb_transport t = counted_open(&line, &board);
    t.exchange = noted;
    assert_int_equal(glb_client_open(&t, &c), GLB_OK);
    assert_int_equal(glb_client_load(c, program), GLB_OK);
    for (int round = 0; round < 2; round++) { /* in the second one the device has all lists */
        four.stop_at = 0;
        assert_int_equal(begin(c, &four, 0), GLB_OK);
        counted_forget(&line);
        waits = 0;
        for (int k = 1; k < GLB_JOB_SLOTS; k++) {
            assert_int_equal(begin(c, &four, k), GLB_OK);
            if (round == 1) {
                assert_int_equal(waits, 0);
                assert_int_equal(line.commands[GLB_CMD_RUN], k);
            }
        }
        for (int k = 0; k < GLB_JOB_SLOTS; k++)
            assert_int_equal(glb_client_finish(c), GLB_OK);
    }
    glb_client_close(c);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_bits),
                                       cmocka_unit_test(test_no_wait), cmocka_unit_test(test_stop)};
    return cmocka_run_group_tests_name("client_overlap", tests, prepare, NULL);
}
