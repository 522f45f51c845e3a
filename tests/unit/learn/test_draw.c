/* Drawing: what is set, what is held and for how long, sizes that do not match, pictures of
 * weights. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "learn/draw/draw.h"
#include "support/learn/small_images.h"

enum { CHAINS = 64, MOST = 512 };

/* A sampler that samples nothing: it keeps what it was given until a run. */
struct recorder {
    const struct glb_topology *t;
    uint64_t plane[MOST], at_run[MOST];
    bool held[MOST], held_at_run[MOST];
    enum glb_status answer;
    int runs;
    struct glb_layer_run asked;
    struct glb_step step[GLB_BETA_STEPS];
};

static enum glb_status record_layer(void *self, int layer, const uint64_t *planes) {
    struct recorder *r = self;
    const struct glb_layer *l = &r->t->layer[layer];
    if (planes)
        memcpy(r->plane + l->first, planes, sizeof *planes * (size_t)l->count);
    return GLB_OK;
}

static enum glb_status record_clamp(void *self, const bool *clamped) {
    struct recorder *r = self;
    for (int i = 0; i < r->t->graph->n; i++)
        r->held[i] = clamped && clamped[i];
    return GLB_OK;
}

static enum glb_status record_run(void *self, const struct glb_layer_run *request,
                                  glb_layer_sample_fn fn, void *user,
                                  struct glb_job_counters *counters) {
    struct recorder *r = self;
    uint32_t sweeps = 0;
    memset(counters, 0, sizeof *counters);
    memcpy(r->at_run, r->plane, sizeof r->plane);
    memcpy(r->held_at_run, r->held, sizeof r->held);
    r->runs++;
    r->asked = *request;
    memcpy(r->step, request->steps, sizeof *r->step * (size_t)request->nsteps);
    for (int k = 0; k < request->nsteps; k++)
        sweeps += request->steps[k].sweeps;
    for (uint32_t k = 0; r->answer == GLB_OK && k + request->burn_in < sweeps; k++)
        fn(user, k, r->plane);
    return r->answer == GLB_OK ? GLB_OK : glb_fail(r->answer, "as the test asks");
}

static struct glb_layer_sampler open_recorder(struct recorder *r, const struct glb_topology *t) {
    *r = (struct recorder){.t = t};
    assert_true(t->graph->n <= MOST);
    return (struct glb_layer_sampler){.chains = CHAINS,
                                      .words = 1,
                                      .self = r,
                                      .set_layer = record_layer,
                                      .clamp = record_clamp,
                                      .run = record_run};
}

static const struct glb_drawing options = {
    .columns = 2, .sweeps = 40, .beta = 1, .average = 2, .seed = 1};

static void every_copy_of_a_label_is_set(void **state) {
    struct glb_topology t;
    struct recorder r;
    struct glb_job_counters counters;
    (void)state;
    assert_int_equal(glb_topology_build("pegasus:m=3,copies=3", 6, 6, 10, 1, &t), GLB_OK);
    struct glb_layer_sampler s = open_recorder(&r, &t);
    uint8_t *grey = malloc((size_t)SMALL_CLASSES * 2 * 36);
    assert_int_equal(glb_draw_digits(&t, &s, &options, grey, &counters), GLB_OK);
    const struct glb_layer *labels = &t.layer[2];
    assert_int_equal(labels->count, 3 * SMALL_CLASSES);
    for (int k = 0; k < labels->count; k++)
        for (int c = 0; c < 2 * SMALL_CLASSES; c++)
            assert_int_equal(r.at_run[labels->first + k] >> c & 1, c / 2 == k % SMALL_CLASSES);
    free(grey);
    glb_topology_clear(&t);
}

/* The temperature falls to that asked for, where the last tenth of the sweeps is; 0 is 1. */
static void annealing_ends_at_its_temperature(void **state) {
    static const struct {
        int sweeps, average;
        double beta, last;
    } want[] = {{40, 2, 0.7, 0.7}, {1000, 100, 2, 2}, {107, 5, 0, 1}};
    struct glb_topology t;
    struct recorder r;
    struct glb_job_counters counters;
    (void)state;
    assert_int_equal(glb_topology_build("deep:h1=12,h2=10,fan=4,window=3", 3, 3, 10, 1, &t),
                     GLB_OK);
    for (int k = 0; k < 3; k++) {
        struct glb_layer_sampler s = open_recorder(&r, &t);
        const struct glb_drawing o = {.columns = 1,
                                      .sweeps = want[k].sweeps,
                                      .beta = want[k].beta,
                                      .average = want[k].average,
                                      .seed = 1};
        uint8_t grey[SMALL_CLASSES * 9];
        assert_int_equal(glb_draw_digits(&t, &s, &o, grey, &counters), GLB_OK);
        uint32_t sweeps = 0;
        for (int i = 0; i < r.asked.nsteps; i++) {
            if (i)
                assert_true(r.step[i].beta > r.step[i - 1].beta);
            assert_true(r.step[i].beta < want[k].last || i == r.asked.nsteps - 1);
            sweeps += r.step[i].sweeps;
        }
        const struct glb_step *last = &r.step[r.asked.nsteps - 1];
        assert_true(r.step[0].beta == 1.0 / 16);
        assert_true(last->beta == want[k].last);
        assert_int_equal(last->sweeps, want[k].sweeps / 10);
        assert_int_equal(sweeps, want[k].sweeps);
        assert_int_equal(r.asked.burn_in, want[k].sweeps - want[k].average);
        assert_int_equal(r.asked.interval, 1);
        assert_int_equal(r.asked.read, 1);
        assert_int_equal(r.asked.norder, 3); /* hidden layers, then pixels; labels rest */
        for (int i = 0; i < 3; i++)
            assert_int_equal(r.asked.order[i], (i + 1) % 3);
    }
    glb_topology_clear(&t);
}

/* Nothing stays held after in-painting, whether it went well or not. */
static void what_was_held_is_let_go(void **state) {
    struct glb_topology t;
    struct recorder r;
    struct glb_job_counters counters;
    struct glb_dataset d = small_images(4);
    const int32_t index[] = {0, 1, 2, 3};
    uint8_t grey[4 * 9];
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=6,fan=6,window=3", 3, 3, 10, 1, &t), GLB_OK);
    const enum glb_status answers[] = {GLB_OK, GLB_ERR_DEVICE};
    for (int k = 0; k < 2; k++) {
        struct glb_layer_sampler s = open_recorder(&r, &t);
        r.answer = answers[k];
        assert_int_equal(glb_draw_inpaint(&t, &s, &d, index, 4, NULL, &options, grey, &counters),
                         answers[k]);
        assert_int_equal(r.runs, 1);
        for (int i = 0; i < t.graph->n; i++) {
            assert_int_equal(r.held_at_run[i], i < 3); /* the first of three rows */
            assert_false(r.held[i]);
        }
        for (int i = 0; i < 3; i++)
            for (int c = 0; c < 4; c++)
                assert_int_equal(r.at_run[i] >> c & 1, d.row[c * 3] >> i & 1);
        if (answers[k] != GLB_OK)
            assert_non_null(strstr(glb_error(), "as the test asks"));
    }
    glb_topology_clear(&t);
    glb_dataset_clear(&d);
}

/* The upper half of every plane is held, not the upper half of all planes together. */
static void halves_are_halves_of_planes(void **state) {
    enum { SIDE = 4, PLANES = 2 };
    struct glb_topology t;
    struct recorder r;
    struct glb_job_counters counters;
    uint8_t label[] = {1}, grey[SIDE * SIDE * PLANES];
    uint32_t row[SIDE * PLANES] = {1, 2, 3, 4, 5, 6, 7, 8};
    const struct glb_dataset d = {.count = 1,
                                  .height = SIDE * PLANES,
                                  .width = SIDE,
                                  .binarise = {GLB_BINARISE_THRESHOLD, PLANES, {60, 120}},
                                  .label = label,
                                  .row = row};
    const int32_t index[] = {0};
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=6,fan=6,window=3,planes=2", SIDE,
                                        SIDE * PLANES, 10, 1, &t),
                     GLB_OK);
    struct glb_layer_sampler s = open_recorder(&r, &t);
    assert_int_equal(glb_draw_inpaint(&t, &s, &d, index, 1, NULL, &options, grey, &counters),
                     GLB_OK);
    for (int i = 0; i < SIDE * SIDE * PLANES; i++)
        assert_int_equal(r.held_at_run[i], i / SIDE % SIDE < SIDE / 2);
    glb_topology_clear(&t);
}

static void images_must_fit_the_model(void **state) {
    struct glb_topology t;
    struct recorder r;
    struct glb_job_counters counters;
    struct glb_dataset d = small_images(4);
    const int32_t index[] = {0, 1};
    uint8_t grey[2 * 16];
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=6,fan=6,window=3", 4, 4, 10, 1, &t), GLB_OK);
    struct glb_layer_sampler s = open_recorder(&r, &t);
    assert_int_equal(glb_draw_inpaint(&t, &s, &d, index, 2, NULL, &options, grey, &counters),
                     GLB_ERR_ARGUMENT);
    assert_non_null(strstr(glb_error(), "3 x 3"));
    assert_non_null(strstr(glb_error(), "4 x 4"));
    assert_int_equal(r.runs, 0);
    glb_topology_clear(&t);
    glb_dataset_clear(&d);
}

static void weights_of_nothing_are_grey(void **state) {
    struct glb_topology t;
    uint8_t grey[2 * 9];
    (void)state;
    assert_int_equal(glb_topology_build("local:hidden=6,fan=6,window=3", 3, 3, 10, 1, &t), GLB_OK);
    double *J = calloc((size_t)t.graph->m, sizeof *J);
    glb_draw_weights(&t, J, 2, grey);
    for (int i = 0; i < 18; i++)
        assert_int_equal(grey[i], 128);
    for (int e = 0; e < t.graph->m; e++)
        J[e] = -0.5;
    glb_draw_weights(&t, J, 2, grey);
    int strongest = 0;
    for (int i = 0; i < 18; i++)
        strongest += grey[i] == 1;
    assert_int_equal(strongest, 12);
    free(J);
    glb_topology_clear(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_copy_of_a_label_is_set),
        cmocka_unit_test(annealing_ends_at_its_temperature),
        cmocka_unit_test(what_was_held_is_let_go),
        cmocka_unit_test(halves_are_halves_of_planes),
        cmocka_unit_test(images_must_fit_the_model),
        cmocka_unit_test(weights_of_nothing_are_grey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
