/* What the phases of a training step set, hold and move: images and labels, persistent chains,
 * noise, restarts; and what a training begins with. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "learn/training/trainer.h"
#include "support/learn/watched_sampler.h"

enum { CHAINS = 128, STEPS = 12, POSITIVE = 0, NEGATIVE, FREE, PHASES };

static struct glb_topology topology;
static struct glb_dataset images;

static struct glb_train_options options(void) {
    struct glb_train_options o;
    glb_train_defaults(&topology, &o);
    o.epochs = STEPS * CHAINS / IMAGES;
    o.shift = 0;
    o.warp = 0;
    o.threads = 1;
    o.common_noise = 0;
    o.generative = 0.5;
    o.positive_burn = 3;
    o.positive = 4;
    o.negative_burn = 5;
    o.negative = 6;
    o.free_sweeps = 7;
    return o;
}

static struct glb_trainer *open_trainer(struct glb_layer_sampler *s,
                                        const struct glb_train_options *o) {
    struct glb_trainer *r;
    *s = watched_open(&topology, CHAINS);
    assert_int_equal(glb_trainer_open_on(&topology, &images, s, o, &r), GLB_OK);
    return r;
}

static void end(struct glb_trainer *r, struct glb_layer_sampler *s) {
    glb_trainer_close(r);
    s->close(s->self);
}

static int same(uint64_t a[N][MAX_WORDS], uint64_t b[N][MAX_WORDS], int first, int end) {
    return memcmp(a[first], b[first], sizeof *a * (size_t)(end - first)) == 0;
}

static void asked(const struct watched_run *run, int burn, int sweeps, unsigned read,
                  const int *order, int norder) {
    assert_int_equal(run->asked.burn_in, burn);
    assert_int_equal(run->asked.interval, 1);
    assert_int_equal(run->asked.nsteps, 1);
    assert_int_equal(run->step.sweeps, burn + sweeps);
    assert_true(run->step.beta == 1);
    assert_int_equal(run->asked.read, read);
    assert_int_equal(run->asked.norder, norder);
    assert_memory_equal(run->asked.order, order, sizeof *order * (size_t)norder);
}

/* Every image as often as any other, with its label, in an order that changes; layers that a phase
 * does not move stay. */
static void images_are_clamped(void **state) {
    static const int order[][3] = {{1}, {1, 2}, {1, 0}};
    struct glb_layer_sampler s;
    const struct glb_train_options o = options();
    struct glb_trainer *r = open_trainer(&s, &o);
    int first_order[IMAGES], other = 0;
    (void)state;
    for (int step = 0; step < STEPS; step++) {
        struct watched_run *run = &watched[PHASES * step];
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        assert_int_equal(watched_runs, PHASES * (step + 1));
        asked(&run[POSITIVE], 3, 4, 2, order[POSITIVE], 1);
        asked(&run[NEGATIVE], 5, 6, 6, order[NEGATIVE], 2);
        asked(&run[FREE], 0, 7, 3, order[FREE], 2);
        for (int epoch = 0; epoch < CHAINS / IMAGES; epoch++) {
            unsigned seen = 0;
            for (int k = 0; k < IMAGES; k++) {
                const int image = image_of(run, epoch * IMAGES + k);
                seen |= 1u << image;
                if (step == 0 && epoch == 0)
                    first_order[k] = image;
                other += image != first_order[k];
            }
            assert_int_equal(seen, 0xffff);
        }
        for (int c = 0; c < CHAINS; c++)
            for (int k = 0; k < LABELS; k++)
                assert_int_equal(bit(run->before, FIRST_LABEL + k, c),
                                 k % CLASSES == images.label[image_of(run, c)]);
        assert_true(same(run[POSITIVE].before, run[POSITIVE].after, 0, FIRST_HIDDEN));
        assert_true(same(run[POSITIVE].before, run[POSITIVE].after, FIRST_LABEL, N));
        assert_true(same(run[POSITIVE].before, run[NEGATIVE].after, 0, FIRST_HIDDEN));
        assert_false(same(run[NEGATIVE].before, run[NEGATIVE].after, FIRST_LABEL, N));
    }
    /* Chance: measured(0.928, 0.004, 0.5) | images at another place than in the first epoch */
    assert_true(other > STEPS * CHAINS / 2);
    end(r, &s);
}

/* Each image has a chain of its own in either phase, which goes on where it last ended: of several
 * chains with the same image the last one is kept. */
static void images_keep_their_states(void **state) {
    int last[2][IMAGES][N], known = 0, equal = 0;
    struct glb_layer_sampler s;
    const struct glb_train_options o = options();
    struct glb_trainer *r = open_trainer(&s, &o);
    (void)state;
    for (int step = 0; step < 6; step++) {
        struct watched_run *run = &watched[PHASES * step];
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        for (int phase = POSITIVE; phase <= NEGATIVE; phase++) {
            const int end_of = phase == POSITIVE ? FIRST_LABEL : N;
            for (int c = 0; c < CHAINS && step > 0; c++)
                for (int i = FIRST_HIDDEN; i < end_of; i++) {
                    const int image = image_of(run, c);
                    assert_int_equal(bit(run[phase].before, i, c), last[phase][image][i]);
                    known++;
                    equal += last[0][image][i] == last[1][image][i];
                }
            for (int c = 0; c < CHAINS; c++)
                for (int i = FIRST_HIDDEN; i < end_of; i++)
                    last[phase][image_of(run, c)][i] = bit(run[phase].after, i, c);
        }
    }
    /* Chance: measured(0.423, 0.015, 0.9) | states that are alike in both phases */
    assert_true(known > 0 && equal < known * 9 / 10); /* the two phases' chains differ */
    end(r, &s);
}

static int ones(const void *words, size_t size) {
    const uint8_t *byte = words;
    int count = 0;
    for (size_t k = 0; k < size; k++)
        count += __builtin_popcount(byte[k]);
    return count;
}

/* At the start one bit in eight is on; in free-running chains every second.
 * Chance: outside(1024, 1 / 8, 64, 192) | bits on at the start
 * Chance: beyond(97 / 16) | bits on in free chains: 1,024 at random, 512 held */
static void states_start_mostly_off(void **state) {
    struct glb_layer_sampler s;
    const struct glb_train_options o = options();
    struct glb_trainer *r = open_trainer(&s, &o);
    (void)state;
    assert_int_equal(r->memory_words, 1);
    assert_in_range(ones(r->s.memory, IMAGES * 2 * sizeof *r->s.memory), 128 - 64, 128 + 64);
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    int on = 0;
    for (int i = 0; i < N; i++)
        on += ones(watched[FREE].before[i], CHAINS / 8);
    /* labels are held: half of them */
    assert_in_range(on, N * CHAINS / 2 - 96, N * CHAINS / 2 + 96);
    end(r, &s);
}

/* The live accuracy is that of the last states of the negative phase: of two labels that are on
 * equally often, half an image. */
static void accuracy_of_the_last_sample(void **state) {
    struct glb_layer_sampler s;
    const struct glb_train_options o = options();
    struct glb_trainer *r = open_trainer(&s, &o);
    (void)state;
    for (int step = 0; step < 4; step++) {
        struct watched_run *run = &watched[PHASES * step];
        int halves = 0;
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        for (int c = 0; c < CHAINS; c++) {
            int ahead = 0; /* copies of its class that are on, less those of the other */
            for (int k = 0; k < LABELS; k++)
                ahead += (k % CLASSES == images.label[image_of(run, c)] ? 1 : -1) *
                         bit(run[NEGATIVE].after, FIRST_LABEL + k, c);
            halves += ahead > 0 ? 2 : ahead == 0;
        }
        assert_true(glb_trainer_progress(r)->accuracy == halves / 2.0 / CHAINS);
    }
    end(r, &s);
}

/* Chains of the free-running phase go on where they ended; with held labels each keeps its class.
 */
static void free_chains_persist(int hold) {
    struct glb_layer_sampler s;
    struct glb_train_options o = options();
    o.hold_labels = hold;
    struct glb_trainer *r = open_trainer(&s, &o);
    for (int step = 0; step < 4; step++) {
        struct watched_run *run = &watched[PHASES * step + FREE];
        assert_int_equal(glb_trainer_step(r), GLB_OK);
        assert_int_equal(run->asked.norder, hold ? 2 : 3);
        assert_false(same(run->before, run->after, 0, FIRST_HIDDEN));
        assert_int_equal(same(run->before, run->after, FIRST_LABEL, N), hold);
        if (step > 0)
            assert_true(same(run->before, (run - PHASES)->after, 0, hold ? FIRST_LABEL : N));
        for (int c = 0; c < CHAINS && hold; c++)
            for (int k = 0; k < LABELS; k++)
                assert_int_equal(bit(run->before, FIRST_LABEL + k, c), k % CLASSES == c % CLASSES);
    }
    end(r, &s);
}

static void persistent_chains(void **state) {
    (void)state;
    free_chains_persist(0);
    free_chains_persist(1);
}

/* Noise differs from phase to phase and step to step; common noise is that of both phases. */
static void noise_of_the_phases(void **state) {
    (void)state;
    for (int common = 0; common < 2; common++) {
        struct glb_layer_sampler s;
        struct glb_train_options o = options();
        o.common_noise = common;
        if (common) {
            o.positive = o.negative;
            o.positive_burn = o.negative_burn;
        }
        struct glb_trainer *r = open_trainer(&s, &o);
        for (int step = 0; step < 4; step++)
            assert_int_equal(glb_trainer_step(r), GLB_OK);
        for (int a = 0; a < watched_runs; a++)
            for (int b = 0; b < a; b++) {
                const int both = common && a / PHASES == b / PHASES && a % PHASES == NEGATIVE;
                assert_int_equal(watched[a].asked.seed == watched[b].asked.seed, both);
            }
        for (int i = 0; i < N; i++) /* labels are held, not left out */
            assert_false(watched[POSITIVE].clamped[i] || watched[NEGATIVE].clamped[i]);
        assert_int_equal(watched[POSITIVE].asked.hold, common ? 4 : 0);
        assert_int_equal(watched[NEGATIVE].asked.hold, 0);
        assert_int_equal(watched[POSITIVE].asked.norder, 1 + common);
        end(r, &s);
    }
}

/* Restarted chains begin with their labels off and hidden p-bits at random.
 * Chance: outside(128, 0.3, 10, 70) | chains that restart
 * Chance: 2 * beyond(6) | hidden p-bits up in them */
static void restarts(double share, int least, int most) {
    struct glb_layer_sampler s;
    struct glb_train_options o = options();
    o.restart = share;
    struct glb_trainer *r = open_trainer(&s, &o);
    int off = 0, on = 0;
    for (int i = 0; i < IMAGES * 2 * r->memory_words; i++)
        r->s.memory[i] = ~0u;
    assert_int_equal(glb_trainer_step(r), GLB_OK);
    for (int c = 0; c < CHAINS; c++) {
        int labels = 0;
        for (int k = FIRST_LABEL; k < N; k++)
            labels += bit(watched[NEGATIVE].before, k, c);
        assert_true(labels == 0 || labels == LABELS);
        off += labels == 0;
        for (int i = FIRST_HIDDEN; i < FIRST_LABEL; i++) {
            assert_true(labels == 0 || bit(watched[NEGATIVE].before, i, c));
            on += labels == 0 && bit(watched[NEGATIVE].before, i, c);
            assert_true(bit(watched[POSITIVE].before, i, c));
        }
    }
    assert_in_range(off, least, most);
    assert_true(abs(2 * on - HIDDEN * off) <= 6 * sqrt(HIDDEN * off));
    end(r, &s);
}

static void shares_that_restart(void **state) {
    (void)state;
    restarts(0, 0, 0);
    restarts(0.3, 10, 70);
    restarts(1, CHAINS, CHAINS);
}

int main(void) {
    topology = small_topology();
    images = small_set();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_are_clamped),          cmocka_unit_test(images_keep_their_states),
        cmocka_unit_test(states_start_mostly_off),     cmocka_unit_test(persistent_chains),
        cmocka_unit_test(accuracy_of_the_last_sample), cmocka_unit_test(noise_of_the_phases),
        cmocka_unit_test(shares_that_restart),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
