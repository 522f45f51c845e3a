/* Each option of glb_trainer_open() reaches the trainer as what its comment says, and a training
 * through the interface is that of the same options inside. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "learn/training/trainer.h"
#include "support/learn/small_machine.h"

static struct glb_topology topology;
static struct glb_dataset images;

static struct glb_trainer *open_with(const struct glb_trainer_options *o) {
    struct glb_trainer *r;
    if (glb_trainer_open(&topology, &images, o, &r) != GLB_OK)
        fail_msg("%s", glb_error());
    return r;
}

static struct glb_trainer_options numbered(void) {
    struct glb_trainer_options o;
    glb_trainer_options_init(&o, sizeof o, &topology, GLB_TRAIN_CONDITIONAL);
    o.array = "tiny";
    o.seed = 77;
    o.batch = 128;
    o.epochs = 33;
    o.rate = 0.011;
    o.hidden_rate = 0.12;
    o.label_rate = 0.13;
    o.pixel_decay = 0.21;
    o.hidden_decay = 0.22;
    o.label_decay = 0.23;
    o.start = 0.31;
    o.bits = 5;
    o.warm_up = 0.41;
    o.average = 0.42;
    o.positive_burn = 3;
    o.positive = 4;
    o.negative_burn = 5;
    o.negative = 6;
    o.free_sweeps = 7;
    o.discriminative = 0.51;
    o.generative = 0.52;
    o.hold_labels = 0;
    o.common_noise = 0;
    o.restart = 0.61;
    o.shift = 2;
    o.warp = 0.71;
    o.dropout = 0.81;
    o.readout_beta = 0.91;
    o.count = GLB_TRAIN_COUNT_DEVICE;
    o.read_burn = 8;
    o.read = 9;
    return o;
}

static void every_option_arrives(void **state) {
    const struct glb_trainer_options o = numbered();
    struct glb_trainer *r = open_with(&o);
    const struct glb_train_options *t = &r->o;
    (void)state;
    assert_int_equal(t->seed, 77);
    assert_int_equal(r->sampler->chains, 128);
    assert_string_equal(r->sampler->array, "tiny");
    assert_int_equal(r->steps, 5); /* 33 x 16 / 128, rounded up */
    assert_true(t->epochs == 33 && t->rate == 0.011);
    assert_true(t->relative[GLB_H1_H2] == 0.12 && t->relative[GLB_LABEL] == 0.13);
    assert_true(t->relative[GLB_PIXEL_H1] == 1);
    assert_true(t->decay[GLB_PIXEL_H1] == 0.21 && t->decay[GLB_H1_H2] == 0.22);
    assert_true(t->decay[GLB_LABEL] == 0.23);
    assert_true(t->decay[GLB_BIAS_PIXEL] == 0 && t->decay[GLB_BIAS_HIDDEN] == 0);
    assert_true(t->start_sigma[GLB_PIXEL_H1] == 0.31 && t->bits == 5);
    assert_true(t->warm_up == 0.41 && t->average == 0.42);
    assert_int_equal(t->positive_burn, 3);
    assert_int_equal(t->positive, 4);
    assert_int_equal(t->negative_burn, 5);
    assert_int_equal(t->negative, 6);
    assert_int_equal(t->free_sweeps, 7);
    assert_true(t->discriminative == 0.51 && t->generative == 0.52);
    assert_int_equal(t->hold_labels, 0);
    assert_int_equal(t->common_noise, 0);
    assert_true(t->restart == 0.61 && t->warp == 0.71 && t->dropout == 0.81);
    assert_int_equal(t->shift, 2);
    assert_true(t->readout_beta == 0.91);
    assert_int_equal(t->contrast, 0);
    assert_int_equal(t->read_burn, 8);
    assert_int_equal(t->read, 9);
    assert_int_equal(r->sampler->nsums, M + N);
    glb_trainer_close(r);
}

static void methods_are_phases(void **state) {
    static const double weight[][2] = {{1, 0}, {0, 1}, {1, 0.1}, {1, 3}, {1, 0}};
    (void)state;
    for (int k = GLB_TRAIN_CONDITIONAL; k <= GLB_TRAIN_CONTRAST; k++) {
        struct glb_trainer_options o;
        glb_trainer_options_init(&o, sizeof o, &topology, (enum glb_train_method)k);
        assert_true(o.discriminative == weight[k][0] && o.generative == weight[k][1]);
        const int drawing = k == GLB_TRAIN_DRAWING, contrast = k == GLB_TRAIN_CONTRAST;
        assert_int_equal(o.batch, drawing ? 512 : 1024);
        /* the machine's hidden units are coupled to each other */
        assert_true(o.epochs == (drawing    ? 25
                                 : contrast ? 60
                                            : 45) &&
                    o.rate == (drawing ? 0.02 : 0.03));
        assert_true(o.label_rate == (drawing ? 1 : 0.1) && o.label_decay == (drawing ? 0 : 0.3));
        assert_int_equal(o.shift, !drawing);
        assert_int_equal(o.common_noise, !drawing);
        assert_int_equal(o.positive, drawing ? 8 : k == GLB_TRAIN_CONDITIONAL ? 6 : 10);
        assert_int_equal(o.negative, drawing ? 20 : k == GLB_TRAIN_CONDITIONAL ? 6 : 10);
        assert_int_equal(o.positive_burn, drawing ? 0 : 2);
        assert_int_equal(o.negative_burn, drawing ? 0 : 2);
        assert_true(o.hidden_rate == (contrast ? 0.4 : 0.1));
        assert_true(o.hidden_decay == (contrast ? 0 : 0.3));
        assert_true(o.start == (contrast ? 0.25 : 0.2));
        assert_int_equal(o.contrast, contrast);
        assert_int_equal(o.read_burn, contrast ? 2 : 1);
        assert_int_equal(o.read, contrast ? 16 : 2);
        assert_true(o.readout_beta == (contrast ? 1 : 0.9));
    }
}

/* Counting is the device's, but for the emulator in this process. */
static void devices_count(void **state) {
    static const struct {
        const char *device;
        int count, sums;
    } choice[] = {{"emu", GLB_TRAIN_COUNT_AUTO, 0},
                  {"emu", GLB_TRAIN_COUNT_HOST, 0},
                  {"emu-port", GLB_TRAIN_COUNT_AUTO, M + N},
                  {"emu-port", GLB_TRAIN_COUNT_HOST, 0},
                  {"emu-port", GLB_TRAIN_COUNT_DEVICE, M + N}};
    (void)state;
    for (int k = 0; k < 5; k++) {
        struct glb_trainer_options o = numbered();
        struct glb_trainer *r;
        o.device = choice[k].device;
        o.count = choice[k].count;
        r = open_with(&o);
        assert_int_equal(r->sampler->nsums, choice[k].sums);
        glb_trainer_close(r);
        o.count = GLB_TRAIN_COUNT_DEVICE + 1;
        assert_int_equal(glb_trainer_open(&topology, &images, &o, &r), GLB_ERR_ARGUMENT);
        assert_non_null(strstr(glb_error(), "count"));
    }
}

static void change(struct glb_trainer_options *o, int which) {
    double *const doubled[] = {&o->rate,        &o->hidden_rate,    &o->label_rate,
                               &o->pixel_decay, &o->hidden_decay,   &o->label_decay,
                               &o->start,       &o->discriminative, &o->generative};
    int *const more[] = {&o->positive_burn, &o->positive,    &o->negative_burn,
                         &o->negative,      &o->free_sweeps, &o->hold_labels};
    enum { DOUBLED = 9, MORE = 6 };
    if (which <= DOUBLED && which > 0)
        *doubled[which - 1] *= 2;
    else if (which > DOUBLED && which <= DOUBLED + MORE)
        ++*more[which - DOUBLED - 1];
    else if (which == 16)
        o->seed++;
    else if (which == 17)
        o->bits = 2;
    else if (which == 18)
        o->warm_up = 0;
    else if (which == 19)
        o->restart = 0;
    else if (which == 20)
        o->warp = 0;
    else if (which == 21)
        o->dropout = 0.5;
    else if (which >= 22) {
        o->contrast = o->common_noise = 1;
        o->generative = 0;
        o->negative = o->positive;
        o->positive_burn = 0;
        o->read += which == 23;
        o->read_burn += which == 24;
    }
}

/* Changing any one of these gives other weights after a few steps: none is lost on the way. */
static void every_option_has_effect(void **state) {
    enum { CASES = 25 };
    static float weight[CASES][M + N];
    (void)state;
    for (int k = 0; k < CASES; k++) {
        struct glb_trainer_options o = numbered();
        o.dropout = 0;
        o.negative_burn = 0; /* a restart is soon forgotten */
        o.bits = 0;
        o.count = GLB_TRAIN_COUNT_HOST;
        change(&o, k);
        struct glb_trainer *r = open_with(&o);
        assert_int_equal(glb_train(r, NULL, NULL), GLB_OK);
        memcpy(weight[k], r->s.weight, sizeof weight[k]);
        glb_trainer_close(r);
        for (int other = 0; other < k; other++)
            if (memcmp(weight[other], weight[k], sizeof weight[k]) == 0)
                fail_msg("case %d is case %d", k, other);
    }
}

int main(void) {
    topology = small_topology();
    images = small_set();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_arrives),
        cmocka_unit_test(methods_are_phases),
        cmocka_unit_test(devices_count),
        cmocka_unit_test(every_option_has_effect),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_topology_clear(&topology);
    glb_dataset_clear(&images);
    return failed;
}
