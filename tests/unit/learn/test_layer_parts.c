/* Runs of a part of the chains, one or two at a time, on boards side by side and in turns: the
 * samples that a run of all chains has there. SPDX-License-Identifier: Apache-2.0 */
#include "support/learn/layer_runs.h"

static struct glb_layer_sampler open_sampler(const char *device) {
    const struct glb_layer_sampler_options o = {.device = device,
                                                .array = "small",
                                                .chains = CHAINS,
                                                .threads = 2,
                                                .u = 1.0 / 16,
                                                .layers = (1 << LAYERS) - 1};
    struct glb_layer_sampler s;
    if (glb_layer_sampler_open(&topology, &o, &s) != GLB_OK)
        fail_msg("%s", glb_error());
    return s;
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
    struct glb_layer_sampler s[SAMPLERS] = {open_sampler("emu"), open_sampler("emu-port")};
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

int main(void) {
    if (glb_topology_build("deep:h1=12,h2=10,fan=4,window=3", 3, 3, 10, 1, &topology) != GLB_OK)
        return 1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_of_the_whole)};
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    return failed;
}
