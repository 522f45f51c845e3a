/* Counts of a phase against plain loops over the states, every mix of free and
 * clamped layers; samples beyond those that fit. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/bits.h"
#include "base/counter_rng.h"
#include "learn/training/pair_statistics.h"
#include "support/learn/small_machine.h"

enum { WORDS = 2, SAMPLES = 5, CHAINS = 64 * WORDS };

static struct glb_topology topology;
static uint64_t state_of[SAMPLES][N][WORDS]; /* of a clamped p-bit: the same in all samples */

static int spin(int sample, int i, int c) {
    return state_of[sample][i][c / 64] >> c % 64 & 1 ? 1 : -1;
}

/* Random states, each p-bit with a bias of its own; `samples` of them, or the last one alone, are
 * given of the layers that are read. */
static void collect(struct glb_pair_statistics *s, unsigned free_layers, unsigned read_layers,
                    int samples, int last) {
    glb_pair_statistics_begin(s, free_layers, read_layers, samples);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < SAMPLES; k++)
            for (int w = 0; w < WORDS; w++) {
                const int moves = free_layers >> topology.layer_of[i] & 1;
                const uint64_t at = (uint64_t)(w + WORDS * (moves ? k : 0));
                state_of[k][i][w] = glb_random_at(3, free_layers, (uint64_t)i, at);
                if (i % 3)
                    state_of[k][i][w] |= glb_random_at(4, free_layers, (uint64_t)i, at);
            }
    for (int l = 0; l < topology.nlayers; l++)
        s->clamped[l] =
            free_layers >> l & 1 ? NULL : *state_of[0] + topology.layer[l].first * WORDS;
    for (int k = last ? samples - 1 : 0; k < samples; k++) {
        uint64_t planes[N * WORDS], *to = planes;
        for (int i = 0; i < N; i++)
            if (read_layers >> topology.layer_of[i] & 1) {
                memcpy(to, state_of[k][i], sizeof *state_of[k]);
                to += WORDS;
            }
        assert_int_equal(glb_pair_statistics_sample(s, (uint32_t)k, planes), 0);
    }
    glb_pair_statistics_end(s, 2);
}

static void counts_are_exact(void **state) {
    struct glb_pair_statistics s;
    (void)state;
    assert_int_equal(glb_pair_statistics_init(&s, &topology, WORDS, SAMPLES), GLB_OK);
    for (unsigned free_layers = 0; free_layers < 8; free_layers++)
        for (int samples = 1; samples <= SAMPLES; samples++) { /* a phase may be shorter */
            collect(&s, free_layers, free_layers, samples, 0);
            assert_int_equal(glb_pair_statistics_total(&s), CHAINS * samples);
            for (int i = 0; i < N; i++)
                for (int j = i; j < N; j++) {
                    int on = 0, agree = 0;
                    for (int k = 0; k < samples; k++)
                        for (int c = 0; c < CHAINS; c++) {
                            on += spin(k, i, c) > 0;
                            agree += spin(k, i, c) == spin(k, j, c);
                        }
                    assert_int_equal(glb_pair_statistics_agree(&s, i, -1), on);
                    assert_int_equal(glb_pair_statistics_agree(&s, i, j), agree);
                }
            for (int i = 0; i < N; i++)
                if (free_layers >> topology.layer_of[i] & 1)
                    assert_memory_equal(glb_pair_statistics_last(&s, i), state_of[samples - 1][i],
                                        sizeof *state_of[0]);
        }
    glb_pair_statistics_free(&s);
}

/* Layers that are not read, or only at the end: what is counted without them. */
static void some_layers_are_read(void **state) {
    struct glb_pair_statistics s;
    (void)state;
    assert_int_equal(glb_pair_statistics_init(&s, &topology, WORDS, SAMPLES), GLB_OK);
    for (unsigned free_layers = 1; free_layers < 8; free_layers++)
        for (unsigned read = free_layers; read; read = (read - 1) & free_layers)
            for (int last = 0; last < 2; last++) {
                collect(&s, free_layers, read, SAMPLES, last);
                assert_int_equal(s.samples, last ? 1 : SAMPLES);
                assert_int_equal(glb_pair_statistics_total(&s), CHAINS * SAMPLES);
                for (int i = 0; i < N; i++) {
                    const unsigned layer = 1u << topology.layer_of[i];
                    int on = 0;
                    for (int k = 0; k < SAMPLES; k++)
                        for (int c = 0; c < CHAINS; c++)
                            on += spin(k, i, c) > 0;
                    if (!(free_layers & layer) || (read & layer && !last))
                        assert_int_equal(glb_pair_statistics_agree(&s, i, -1), on);
                    if (read & layer)
                        assert_memory_equal(glb_pair_statistics_last(&s, i),
                                            state_of[SAMPLES - 1][i], sizeof *state_of[0]);
                }
            }
    glb_pair_statistics_free(&s);
}

/* A run that gives more than asked for is stopped; what was counted stays. */
static void full_is_full(void **state) {
    struct glb_pair_statistics s;
    const uint64_t more[N * WORDS] = {0};
    int64_t on[N];
    (void)state;
    assert_int_equal(glb_pair_statistics_init(&s, &topology, WORDS, SAMPLES), GLB_OK);
    collect(&s, 7, 7, SAMPLES, 0);
    for (int i = 0; i < N; i++)
        on[i] = glb_pair_statistics_agree(&s, i, -1);
    assert_int_not_equal(glb_pair_statistics_sample(&s, SAMPLES, more), 0);
    assert_int_equal(s.samples, SAMPLES);
    for (int i = 0; i < N; i++)
        assert_int_equal(glb_pair_statistics_agree(&s, i, -1), on[i]);
    glb_pair_statistics_free(&s);
    assert_int_equal(glb_pair_statistics_init(&s, &topology, WORDS, 0), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_pair_statistics_init(&s, &topology, WORDS, 1 << GLB_COUNT_PLANES),
                     GLB_ERR_ARGUMENT);
}

int main(void) {
    topology = small_topology();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(some_layers_are_read),
        cmocka_unit_test(full_is_full),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    return failed;
}
