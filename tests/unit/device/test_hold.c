/* A segment that holds runs as the one that it is of does with all of its p-bits clamped: the same
 * samples, the same counters. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/counting/counting.h"
#include "device/device.h"
#include "support/random_graph.h"

enum { HUBS = 3, SAMPLES = 6, WORDS = 1 << 12 };

struct tape {
    uint64_t word[SAMPLES][WORDS];
    int words, samples;
};

static int record(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                  size_t stride) {
    struct tape *t = user;
    (void)sweep;
    assert_true(sample < SAMPLES && t->words <= WORDS && stride == 1);
    memcpy(t->word[sample], words, sizeof *words * (size_t)t->words);
    t->samples++;
    return 0;
}

static struct glb_job_counters run(const struct glb_program *p, const char *device, int last,
                                   struct tape *t) {
    static const struct glb_beta_step steps[] = {{1 << 16, SAMPLES}};
    const struct glb_array *a = &p->array;
    static uint64_t start[WORDS];
    struct glb_device *d;
    struct glb_run runs[GLB_MAX_TILES];
    struct glb_job_counters n;
    int got;
    for (int k = 0; k < a->tiles; k++)
        runs[k] = (struct glb_run){(uint16_t)k, 0, (uint16_t)(1 << a->aw)};
    memset(t, 0, sizeof *t);
    t->words = a->tiles << a->aw;
    for (int i = 0; i < t->words; i++)
        start[i] = glb_mix64((uint64_t)i) & ((1u << a->chains) - 1);
    const struct glb_job j = {.seed = 5,
                              .steps = steps,
                              .nsteps = 1,
                              .interval = 1,
                              .runs = runs,
                              .nruns = a->tiles,
                              .nseg = 2,
                              .seg = {0, (uint8_t)last}};
    assert_int_equal(glb_device_open(device, a->name, &d), GLB_OK);
    assert_int_equal(glb_device_boards(d, 1, &got), GLB_OK);
    assert_int_equal(glb_device_load(d, p), GLB_OK);
    assert_int_equal(glb_device_set_state(d, 0, runs, a->tiles, start, 1), GLB_OK);
    if (glb_device_run(d, &j, NULL, record, t, &n))
        fail_msg("%s", glb_error());
    assert_int_equal(t->samples, SAMPLES);
    glb_device_close(d);
    return n;
}

static void a_hold_is_a_clamp_of_all(void **state) {
    static const struct {
        const char *array;
        int n, m, hub_degree;
    } c[] = {
        {"tiny", 40, 40, 0}, {"tiny1", 20, 20, 0}, {"tiny4", 40, 40, 0}, {"small", 200, 300, 60}};
    static struct tape clamped, held, free_ones;
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        int32_t list[200];
        bool clamp[200] = {true, true, true};
        const int n = c[k].n;
        for (int i = 0; i < n; i++)
            list[i] = i;
        const struct glb_segment_spec spec[2] = {{list + HUBS, n - HUBS}, {list, HUBS}};
        const struct glb_compile_options o = {
            .segments = spec, .nsegments = 2, .hub_degree = c[k].hub_degree};
        struct glb_graph *g = random_graph(n, c[k].m, HUBS, 0);
        struct glb_program *p = compile_ok(g, c[k].array, &o, NULL);
        int hold;
        assert_int_equal(glb_program_add_hold(p, 1, &hold), GLB_OK);
        for (int port = 0; port < 2; port++) {
            const char *device = port ? "emu-port" : "emu";
            const struct glb_job_counters a = run(p, device, hold, &held);
            run(p, device, 1, &free_ones);
            glb_program_clamp(p, clamp);
            const struct glb_job_counters b = run(p, device, 1, &clamped);
            glb_program_clamp(p, NULL);
            for (int s = 0; s < SAMPLES; s++) /* helpers' words are written in both */
                assert_memory_equal(held.word[s], clamped.word[s], sizeof held.word[s]);
            assert_true(memcmp(held.word, free_ones.word, sizeof held.word) != 0);
            assert_true(a.flips == b.flips && a.run_cycles == b.run_cycles);
        }
        glb_program_free(p);
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hold_is_a_clamp_of_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
