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
#include "support/learn/layer_pairs.h"
#include "transports/transports.h"
#include "support/counted_line.h"

enum { EDGES = 512 };

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

struct samples {
    int count;
    size_t size;
    uint64_t planes[SWEEPS * MOST * WORDS];
};

static int keep(void *user, uint32_t sample, const uint64_t *planes) {
    struct samples *s = user;
    assert_int_equal(sample, s->count++);
    memcpy(s->planes + sample * s->size, planes, sizeof *planes * s->size);
    return 0;
}

static size_t words_read(const struct glb_layer_run *run) {
    size_t words = 0;
    for (int l = 0; l < LAYERS; l++)
        words += run->read >> l & 1 ? (size_t)topology.layer[l].count * WORDS : 0;
    return words;
}

static void set_all(struct glb_layer_sampler *s, const struct pair *p) {
    for (int l = 0; l < LAYERS; l++)
        assert_int_equal(s->set_layer(s->self, l, p->set + (size_t)topology.layer[l].first * WORDS),
                         GLB_OK);
}

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

static void set_for(struct glb_layer_sampler *s, const struct pair *p, int k) {
    for (int l = 0; l < LAYERS; l++)
        if (p->phase[k].state[l])
            assert_int_equal(s->set_layer(s->self, l, p->phase[k].state[l]), GLB_OK);
}

/* All layers at all sampling points of one of the runs, or after its last sweep. */
static void run_one(struct glb_layer_sampler *s, const struct pair *p, int k, int last,
                    struct samples *all) {
    struct glb_layer_run run = p->phase[k].run;
    struct glb_job_counters n;
    run.count = GLB_COUNT_NOT;
    run.last = run.replace = false;
    run.read = (1 << LAYERS) - 1;
    if (last) {
        run.burn_in = run.steps->sweeps - 1;
        run.interval = 1;
    }
    all->size = words_read(&run);
    all->count = 0;
    set_all(s, p);
    set_for(s, p, k);
    if (s->run(s->self, &run, keep, all, &n) != GLB_OK)
        fail_msg("%s", glb_error());
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

static void weigh(struct glb_rng *rng, struct glb_layer_sampler *s, int samplers) {
    double J[EDGES], h[MOST];
    for (int e = 0; e < topology.graph->m; e++)
        J[e] = ((int)glb_rng_below(rng, 9) - 4) / 16.0;
    for (int i = 0; i < topology.graph->n; i++)
        h[i] = ((int)glb_rng_below(rng, 9) - 4) / 16.0;
    for (int d = 0; d < samplers; d++)
        assert_int_equal(s[d].set_weights(s[d].self, J, h, NULL), GLB_OK);
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

/* A pair that differs in its states alone, on the first `words` words of chains. */
static void choose_part(struct glb_rng *rng, struct pair *p, int words) {
    choose(rng, p);
    for (int k = 0; k < 2; k++) {
        struct glb_layer_run *run = &p->phase[k].run;
        *run = p->phase[0].run;
        run->words = words;
        run->hold = 0;
        run->last = run->replace = false;
        run->count = GLB_COUNT_NOT;
        for (int l = 0; l < LAYERS; l++)
            p->phase[k].state[l] = p->own[k] + (size_t)topology.layer[l].first * WORDS;
    }
}

static void pick_part(const struct samples *all, const struct glb_layer_run *run, int words,
                      struct samples *to) {
    to->count = all->count;
    to->size = words_read(run) / WORDS * (size_t)words;
    uint64_t *out = to->planes;
    for (int m = 0; m < all->count; m++)
        for (int i = 0; i < topology.graph->n; i++)
            if (run->read >> topology.layer_of[i] & 1) {
                memcpy(out, all->planes + (size_t)m * all->size + (size_t)i * WORDS,
                       sizeof *out * (size_t)words);
                out += words;
            }
}

/* Runs of the first words of the chains have the samples that a run of all has there, for one word
 * both at once, and take updates of their chains alone. */
static void parts_are_of_the_whole(void **state) {
    enum { SAMPLERS = 2, PAIRS = 24 };
    static struct samples got[2], all, right;
    static struct pair p;
    struct glb_rng rng = glb_rng_at(5, 1, 4);
    (void)state;
    struct glb_layer_sampler s[SAMPLERS] = {open_sampler("emu", CHAINS, 0),
                                            open_sampler("emu-port", CHAINS, 0)};
    for (int n = 0; n < PAIRS; n++) {
        const int words = 1 + n % (WORDS - 1);
        weigh(&rng, s, SAMPLERS);
        choose_part(&rng, &p, words);
        for (int d = 0; d < SAMPLERS; d++) {
            struct glb_layer_phase phase[2] = {p.phase[0], p.phase[1]};
            set_all(&s[d], &p);
            for (int k = 0; k < 2; k++) {
                got[k].count = 0;
                got[k].size = words_read(&phase[k].run) / WORDS * (size_t)words;
                phase[k].fn = keep;
                phase[k].user = &got[k];
            }
            if (s[d].run_both(s[d].self, phase) != GLB_OK)
                fail_msg("%s", glb_error());
            for (int k = 0; k < 2; k++) {
                uint64_t updates = 0;
                for (int l = 0; l < phase[k].run.norder; l++)
                    updates += (uint64_t)topology.layer[phase[k].run.order[l]].count;
                assert_int_equal(phase[k].counters.flips,
                                 updates * p.stage[0].sweeps * 64 * (uint64_t)words);
                p.phase[k].run.words = 0;
                run_one(&s[d], &p, k, 0, &all);
                p.phase[k].run.words = words;
                pick_part(&all, &p.phase[k].run, words, &right);
                assert_int_equal(got[k].count, right.count);
                if (memcmp(got[k].planes, right.planes,
                           sizeof(uint64_t) * right.size * (size_t)right.count) != 0)
                    fail_msg("pair %d, sampler %d, run %d: other samples", n, d, k);
            }
        }
    }
    struct glb_job_counters n;
    p.phase[0].run.words = WORDS + 1;
    assert_int_equal(s[0].run(s[0].self, &p.phase[0].run, NULL, NULL, &n), GLB_ERR_ARGUMENT);
    p.phase[0].run.words = 1;
    p.phase[0].run.count = GLB_COUNT_ADD;
    assert_int_equal(s[0].run(s[0].self, &p.phase[0].run, NULL, NULL, &n), GLB_ERR_ARGUMENT);
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
        cmocka_unit_test(parts_are_of_the_whole),
        cmocka_unit_test(common_states_go_once),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    return failed;
}
