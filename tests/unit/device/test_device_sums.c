/* Sums of counting segments, compiled, run and fetched: what the array counts is what the host
 * counts in the samples of the same job. SPDX-License-Identifier: Apache-2.0 */
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

enum { MAX_WANT = 33000, SWEEPS = 7 };

/* Every coupling, then every p-bit. */
static int want_all(const struct glb_graph *g, struct glb_count_want *want) {
    int n = 0;
    for (int e = 0; e < g->m; e++)
        want[n++] = (struct glb_count_want){g->ei[e], g->ej[e]};
    for (int i = 0; i < g->n; i++)
        want[n++] = (struct glb_count_want){i, -1};
    return n;
}

/* Agreeing chains of all boards, by the p-bits' slots in samples of all tiles. */
struct by_host {
    const struct glb_program *p;
    int chains; /* of all boards */
    int64_t sum[MAX_WANT];
    int sign; /* -1: each board's count of each sample is subtracted with one more */
    int boards;
};

static int up(const struct by_host *h, const uint64_t *words, size_t stride, int pbit, int chain) {
    const struct glb_slot *s = &h->p->slot[pbit];
    const size_t word = (size_t)((s->tile * h->p->array.lanes + s->lane) << h->p->array.gw | s->g);
    return words[word * stride + (size_t)(chain >> 6)] >> (chain & 63) & 1;
}

static int count_sample(void *user, uint32_t sample, uint32_t sweep, const uint64_t *words,
                        size_t stride) {
    struct by_host *h = user;
    (void)sample, (void)sweep;
    for (int k = 0; k < h->p->ncount; k++) {
        const struct glb_count_ref *r = &h->p->count[k];
        int agree = 0;
        for (int c = 0; c < h->chains; c++)
            agree +=
                up(h, words, stride, r->i, c) == (r->j < 0 ? 1 : up(h, words, stride, r->j, c));
        h->sum[k] += h->sign > 0 ? agree : -agree - h->boards;
    }
    return 0;
}

/* Two jobs, the second of which adds or subtracts; then the sums. Quiet: no samples, the sums are
 * those of the call before. */
static void compare(struct glb_program *p, const char *device, int boards, int subtract,
                    int quiet) {
    static const struct glb_beta_step steps[] = {{1 << 16, SWEEPS}};
    static int64_t sums[MAX_WANT];
    const struct glb_array *a = &p->array;
    struct glb_device *d;
    struct glb_run runs[GLB_MAX_TILES];
    uint64_t seeds[8];
    static struct by_host h;
    int got;
    assert_int_equal(glb_device_open(device, a->name, &d), GLB_OK);
    assert_int_equal(glb_device_boards(d, boards, &got), GLB_OK);
    assert_int_equal(got, boards);
    if (!quiet)
        memset(&h, 0, sizeof h);
    h.p = p;
    h.boards = boards;
    h.chains = boards * a->chains;
    if (glb_device_load(d, p))
        fail_msg("%s", glb_error());
    for (int t = 0; t < a->tiles; t++)
        runs[t] = (struct glb_run){(uint16_t)t, 0, (uint16_t)(1 << a->aw)};
    for (int k = 0; k < 2; k++) {
        struct glb_job_counters n;
        struct glb_job j = {.steps = steps,
                            .nsteps = 1,
                            .burn_in = (uint32_t)k,
                            .interval = 2,
                            .runs = runs,
                            .nruns = quiet ? 0 : a->tiles,
                            .flags = k == 0     ? GLB_RUN_REPLACE
                                     : subtract ? GLB_RUN_SUBTRACT
                                                : 0,
                            .nsampled = 1};
        j.flags |= quiet ? GLB_RUN_QUIET : 0;
        for (int s = 0; s < p->nseg; s++)
            j.seg[j.nseg++] = (uint8_t)s;
        j.seg[j.nseg++] = (uint8_t)p->count_first;
        for (int b = 0; b < boards; b++)
            seeds[b] = (uint64_t)(10 * k + b);
        h.sign = k && subtract ? -1 : 1;
        if (glb_device_run(d, &j, seeds, count_sample, &h, &n))
            fail_msg("%s", glb_error());
        assert_int_equal(n.samples, quiet ? 0 : 3);
    }
    if (glb_device_sums(d, p, 2, subtract, sums))
        fail_msg("%s", glb_error());
    for (int k = 0; k < p->ncount; k++)
        if (sums[k] != h.sum[k])
            fail_msg("%s, %s, sum %d of p-bits %d and %d: %lld, the samples have %lld", a->name,
                     device, k, p->count[k].i, p->count[k].j, (long long)sums[k],
                     (long long)h.sum[k]);
    glb_device_close(d);
}

static void sums_are_those_of_the_samples(void **state) {
    static const struct {
        const char *array;
        int n, m, hubs;
        int all; /* sums fit */
    } c[] = {{"tiny", 20, 30, 0, 1},       {"tiny", 60, 60, 1, 0},    {"tiny1", 24, 24, 0, 1},
             {"tiny4", 60, 70, 0, 1},      {"small", 300, 500, 0, 1}, {"small", 200, 300, 2, 1},
             {"ulx3s-85", 400, 1200, 2, 1}};
    static struct glb_count_want want[MAX_WANT];
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++) {
        struct glb_graph *g = random_graph(c[k].n, c[k].m, c[k].hubs, 0);
        const struct glb_compile_options o = {.seed = k};
        struct glb_program *p = compile_ok(g, c[k].array, &o, NULL);
        const int n = want_all(g, want);
        int counted;
        if (glb_program_add_counts(p, want, n, NULL, &counted))
            fail_msg("%s", glb_error());
        assert_true(c[k].all ? counted == n : counted > 0 && counted < n);
        assert_int_equal(p->ncount, counted);
        for (int i = 0; i < counted; i++)
            assert_true(p->count[i].i == want[i].i && p->count[i].j == want[i].j);
        compare(p, "emu", 1, 0, 0);
        compare(p, "emu", 5, 1, 0);
        compare(p, "emu-port", 1, 1, 0);
        glb_program_free(p);
        glb_graph_free(g);
    }
}

/* More words than a frame of the protocol has: a dump's readout takes two jobs. */
static void more_than_a_sample(void **state) {
    static struct glb_count_want want[MAX_WANT];
    (void)state;
    struct glb_graph *g = random_graph(400, 0, 0, 0);
    struct glb_program *p = compile_ok(g, "big", NULL, NULL);
    for (int k = 0; k < MAX_WANT; k++) {
        const int i = (int)draw(399);
        want[k] = (struct glb_count_want){i, i + 1 + (int)draw((uint32_t)(399 - i))};
    }
    int counted;
    assert_int_equal(glb_program_add_counts(p, want, MAX_WANT, NULL, &counted), GLB_OK);
    assert_int_equal(counted, MAX_WANT);
    assert_true(p->sums > 1 << p->array.gw);
    if (glb_program_verify(p, g))
        fail_msg("%s", glb_error());
    compare(p, "emu", 2, 0, 0);
    compare(p, "emu", 1, 1, 0);
    compare(p, "emu-port", 1, 1, 1); /* whose frames do not hold a sample of all words */
    glb_program_free(p);
    glb_graph_free(g);
}

static void nothing_to_fetch(void **state) {
    struct glb_device *d;
    int64_t none;
    (void)state;
    struct glb_graph *g = random_graph(20, 20, 0, 0);
    struct glb_program *p = compile_ok(g, "tiny", NULL, NULL);
    assert_int_equal(glb_device_open("emu", "tiny", &d), GLB_OK);
    assert_int_equal(glb_device_load(d, p), GLB_OK);
    assert_int_equal(glb_device_sums(d, p, 0, false, &none), GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "no counting segments"));
    glb_device_close(d);
    glb_program_free(p);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_the_samples),
        cmocka_unit_test(more_than_a_sample),
        cmocka_unit_test(nothing_to_fetch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
