/* Two runs of layers at once, and runs that count or hold: on boards side by side and in turns,
 * against samples of run after run and plain counts of them; what two runs have in common goes to a
 * board once. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "support/learn/layer_runs.h"
#include "transports/transports.h"
#include "support/counted_line.h"

static struct glb_layer_sum want[EDGES];
static int wanted;
static struct counted_line line[4];
static int lines;

enum glb_status __real_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out);

/* The library opens its emulated board through here (ld --wrap). */
enum glb_status __wrap_glb_emu_port_open(const char *array, const char *argument,
                                         struct glb_transport *out) {
    struct glb_transport board;
    const enum glb_status s = __real_glb_emu_port_open(array, argument, &board);
    if (s == GLB_OK)
        *out = counted_open(&line[lines++ % 4], &board);
    return s;
}

static struct glb_layer_sampler open_sampler(const char *device, int chains, unsigned hold) {
    const struct glb_layer_sampler_options o = {.device = device,
                                                .array = "small",
                                                .chains = chains,
                                                .threads = 2,
                                                .u = 1.0 / 16,
                                                .layers = (1 << LAYERS) - 1,
                                                .hold = hold,
                                                .sums = want,
                                                .nsums = wanted};
    struct glb_layer_sampler s;
    if (glb_layer_sampler_open(&topology, &o, &s) != GLB_OK)
        fail_msg("%s", glb_error());
    assert_int_equal(s.nsums, wanted);
    return s;
}

/* ---- a pair of runs ---- */

/* Both at once: samples of each, and sums. */
static void run_pair(struct glb_layer_sampler *s, const struct pair *p, struct samples out[2],
                     int64_t *sum) {
    struct glb_layer_phase phase[2] = {p->phase[0], p->phase[1]};
    set_all(s, p);
    for (int k = 0; k < 2; k++) {
        out[k].count = 0;
        out[k].size = words_read(&phase[k].run);
        phase[k].fn = keep;
        phase[k].user = &out[k];
    }
    if (s->run_both(s->self, phase) != GLB_OK || s->sums(s->self, sum) != GLB_OK)
        fail_msg("%s", glb_error());
}

/* ---- the same by run after run ---- */

static int bit(const uint64_t *planes, int i, int c) {
    return (int)(planes[i * WORDS + (c >> 6)] >> (c & 63) & 1);
}

static int64_t agree(const uint64_t *planes, const struct glb_layer_sum *w) {
    int64_t n = 0;
    for (int c = 0; c < CHAINS; c++)
        n += bit(planes, w->i, c) == (w->j < 0 ? 1 : bit(planes, w->j, c));
    return n;
}

/* Of a sample of all layers those that a run reads. */
static void pick(const struct glb_layer_run *run, const uint64_t *all, uint64_t *to) {
    for (int i = 0; i < topology.graph->n; i++, all += WORDS)
        if (run->read >> topology.layer_of[i] & 1) {
            memcpy(to, all, sizeof *to * WORDS);
            to += WORDS;
        }
}

static void expect(struct glb_layer_sampler *s, const struct pair *p, struct samples out[2],
                   int64_t *sum) {
    static struct samples all;
    memset(sum, 0, sizeof *sum * (size_t)wanted);
    for (int k = 0; k < 2; k++) {
        const struct glb_layer_run *run = &p->phase[k].run;
        run_one(s, p, k, 0, &all);
        for (int m = 0; m < all.count && run->count != GLB_COUNT_NOT; m++)
            for (int w = 0; w < wanted; w++)
                sum[w] += (run->count == GLB_COUNT_ADD ? 1 : -1) *
                          agree(all.planes + (size_t)m * all.size, &want[w]);
        if (run->last) /* its end may be no sampling point */
            run_one(s, p, k, 1, &all);
        out[k].size = words_read(run);
        out[k].count = run->last && out[k].size == 0 ? 0 : all.count;
        for (int m = 0; m < all.count; m++)
            pick(run, all.planes + (size_t)m * all.size, out[k].planes + (size_t)m * out[k].size);
    }
}

static void pairs_are_run_after_run(void **state) {
    enum { SAMPLERS = 3, PAIRS = 40 };
    static struct samples got[2], right[2];
    static struct pair p;
    static int64_t sum[EDGES], counted[EDGES];
    struct glb_rng rng = glb_rng_at(5, 1, 2);
    (void)state;
    /* the last one holds by clamps; all of them one after the other */
    struct glb_layer_sampler s[SAMPLERS] = {open_sampler("emu", CHAINS, 0xf),
                                            open_sampler("emu-port", CHAINS, 0xf),
                                            open_sampler("emu-port", CHAINS, 0)};
    for (int k = 0; k < PAIRS; k++) {
        weigh(&rng, s, SAMPLERS);
        choose(&rng, &p);
        expect(&s[0], &p, right, counted);
        for (int d = 0; d < SAMPLERS; d++) {
            run_pair(&s[d], &p, got, sum);
            for (int w = 0; w < wanted; w++)
                if (sum[w] != counted[w])
                    fail_msg("pair %d, sampler %d: sum %d is %d, not %d", k, d, w, (int)sum[w],
                             (int)counted[w]);
            for (int x = 0; x < 2; x++) {
                assert_int_equal(got[x].count, right[x].count);
                if (memcmp(got[x].planes, right[x].planes,
                           sizeof(uint64_t) * got[x].size * (size_t)got[x].count) != 0)
                    fail_msg("pair %d, sampler %d, run %d: other samples", k, d, x);
            }
        }
    }
    for (int d = 0; d < SAMPLERS; d++)
        glb_layer_sampler_close(&s[d]);
}

/* The bytes of one step's two runs, at once or one after the other. */
static size_t bytes_of(struct glb_layer_sampler *s, struct counted_line *l, struct pair *p,
                       int at_once) {
    struct glb_job_counters n;
    set_all(s, p);
    counted_forget(l);
    if (at_once)
        assert_int_equal(s->run_both(s->self, p->phase), GLB_OK);
    for (int k = 0; k < 2 && !at_once; k++) {
        assert_int_equal(s->set_layer(s->self, 3, p->phase[k].state[3]), GLB_OK);
        assert_int_equal(s->run(s->self, &p->phase[k].run, NULL, NULL, &n), GLB_OK);
    }
    return l->bytes;
}

/* Labels of its own for each run, the same pixels: these go to each board once. */
static void common_states_go_once(void **state) {
    struct glb_rng rng = glb_rng_at(5, 1, 3);
    struct glb_step stage = {1, 2};
    static struct pair p;
    (void)state;
    lines = 0;
    struct glb_layer_sampler s = open_sampler("emu-port", CHAINS, 8);
    const int boards = CHAINS / 16, pixels = topology.layer[0].count;
    weigh(&rng, &s, 1);
    choose(&rng, &p);
    for (int k = 0; k < 2; k++) {
        p.phase[k] = (struct glb_layer_phase){
            .run = {.norder = 3, .order = {1, 2, 3}, .hold = k ? 0 : 8, .read = 8, .last = true}};
        p.phase[k].run.nsteps = 1;
        p.phase[k].run.steps = &stage;
        p.phase[k].state[3] = p.own[k] + (size_t)topology.layer[3].first * WORDS;
    }
    bytes_of(&s, &line[0], &p, 1); /* sends the lists of runs */
    bytes_of(&s, &line[0], &p, 0);
    const size_t at_once = bytes_of(&s, &line[0], &p, 1), apart = bytes_of(&s, &line[0], &p, 0);
    if (apart - at_once < (size_t)(boards * pixels * 2))
        fail_msg("%zu bytes at once, %zu one after the other", at_once, apart);
    glb_layer_sampler_close(&s);
}

int main(void) {
    if (glb_topology_build("deep:h1=12,h2=10,fan=4,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    for (int e = 0; e < topology.graph->m; e++)
        want[wanted++] = (struct glb_layer_sum){topology.graph->ei[e], topology.graph->ej[e]};
    for (int i = 0; i < topology.graph->n; i++)
        want[wanted++] = (struct glb_layer_sum){i, -1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_run_after_run),
        cmocka_unit_test(common_states_go_once),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    return failed;
}
