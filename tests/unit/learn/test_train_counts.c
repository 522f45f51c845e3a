/* Trainings whose sampler counts all, some or none of the sums: every weight, state and progress is
 * the same bit for bit; what is left to the host concerns the smallest layers.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "support/learn/gibbs_sampler.h"
#include "support/learn/train_variants.h"

enum { CHAINS = 64 };

static struct glb_dataset images;

static void trains_the_same(const struct glb_topology *t, const struct variant *v) {
    const struct glb_train_options o = variant_options(t, v, CHAINS);
    const int p = t->graph->m + t->graph->n;
    struct glb_layer_sum want[p];
    int32_t parameter[p];
    const int all = glb_train_sums(t, glb_train_layers(t, &o), want, parameter);
    const int counted[] = {all, all - 1, all / 2, 1};
    struct glb_layer_sampler host = gibbs_open(t, CHAINS);
    struct glb_trainer *reference;
    assert_int_equal(glb_trainer_open_on(t, &images, &host, &o, &reference), GLB_OK);
    for (int k = 0; k < VARIANT_STEPS; k++)
        assert_int_equal(glb_trainer_step(reference), GLB_OK);
    for (int k = 0; k < 4; k++) {
        struct glb_layer_sampler s = gibbs_open(t, CHAINS);
        struct glb_trainer *r;
        char what[300];
        snprintf(what, sizeof what, "%s, %s, %d of %d sums", t->spec, v->name, counted[k], all);
        gibbs_counts(&s, want, counted[k]);
        assert_int_equal(glb_trainer_open_on(t, &images, &s, &o, &r), GLB_OK);
        for (int step = 0; step < VARIANT_STEPS; step++)
            if (glb_trainer_step(r) != GLB_OK)
                fail_msg("%s: %s", what, glb_error());
        if (variant_difference(r, reference))
            fail_msg("%s: other %s", what, variant_difference(r, reference));
        glb_trainer_close(r);
        s.close(s.self);
    }
    glb_trainer_close(reference);
    host.close(host.self);
}

static void every_variant(void **state) {
    (void)state;
    for (int k = 0; k < VARIANT_TOPOLOGIES; k++) {
        struct glb_topology t;
        assert_int_equal(glb_topology_build(variant_topology[k], 3, 3, 10, 1, &t), GLB_OK);
        for (int v = 0; v < VARIANTS; v++)
            trains_the_same(&t, &variants[v]);
        glb_topology_clear(&t);
    }
}

/* Every coupling and p-bit of a layer that moves is a sum, once, those of the largest layer first.
 */
static void sums_in_order(void **state) {
    struct glb_topology t;
    (void)state;
    assert_int_equal(glb_topology_build(variant_topology[1], 3, 3, 10, 1, &t), GLB_OK);
    const struct glb_graph *g = t.graph;
    struct glb_layer_sum want[g->m + g->n];
    int32_t parameter[g->m + g->n];
    int seen[g->m + g->n], others = 0;
    memset(seen, 0, sizeof seen);
    const int all = glb_train_sums(&t, 0xe, want, parameter); /* all but the pixels */
    for (int k = 0; k < all; k++) {
        const int p = parameter[k];
        assert_int_equal(seen[p]++, 0);
        assert_int_equal(want[k].i, p < g->m ? g->ei[p] : p - g->m);
        assert_int_equal(want[k].j, p < g->m ? g->ej[p] : -1);
        const int of_h1 =
            t.layer_of[want[k].i] == 1 || (want[k].j >= 0 && t.layer_of[want[k].j] == 1);
        assert_false(of_h1 && others);
        others += !of_h1;
    }
    assert_true(others > 0);
    for (int p = 0; p < g->m + g->n; p++)
        assert_int_equal(seen[p], p < g->m || t.layer_of[p - g->m] != 0);
    assert_int_equal(glb_train_host_layers(&t, 0xe, want, 0, all), 0xe);
    assert_int_equal(glb_train_host_layers(&t, 0xe, want, all - others, all), 0xc);
    assert_int_equal(glb_train_host_layers(&t, 0xe, want, all, all), 0);
    glb_topology_clear(&t);
}

int main(void) {
    images = small_images(VARIANT_IMAGES);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant),
        cmocka_unit_test(sums_in_order),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_dataset_clear(&images);
    return failed;
}
