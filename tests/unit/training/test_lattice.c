/* Machines on lattices: every coupling is one of the lattice, none is left out, pixels and labels
 * stand where the placement promises, couplings start as it says; what does not fit is refused.
 * SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include "support/learn/lattices.h"

/* Each p-bit has a place of its own, and couplings join places that the lattice joins. */
static void couplings_are_those_of_the_lattice(void **state) {
    (void)state;
    for (int k = 0; k < MACHINES; k++) {
        const struct machine *x = &machines[k];
        const struct family *f = family_of(x);
        struct glb_topology t;
        build_machine(x, 3, &t);
        assert_int_equal(t.graph->n, x->p_bits);
        uint8_t *taken = calloc((size_t)t.graph->n, 1);
        for (int i = 0; i < t.graph->n; i++) {
            assert_in_range(t.qubit[i], 0, t.graph->n - 1);
            assert_int_equal(taken[t.qubit[i]]++, 0);
        }
        for (int e = 0; e < t.graph->m; e++) {
            const int a = t.qubit[t.graph->ei[e]], b = t.qubit[t.graph->ej[e]];
            if (!f->joins(&x->size, f->qubit(&x->size, a), f->qubit(&x->size, b)))
                fail_msg("%s: %d and %d are not joined", x->spec, a, b);
        }
        free(taken);
        glb_topology_clear(&t);
    }
}

/* Those between hidden units, and from these to pixels and labels, are all there. */
static void no_coupling_is_left_out(void **state) {
    (void)state;
    for (int k = 0; k < MACHINES; k++) {
        const struct machine *x = &machines[k];
        const struct family *f = family_of(x);
        struct glb_topology t;
        build_machine(x, 3, &t);
        if (t.graph->n > 700) {
            glb_topology_clear(&t);
            continue;
        }
        int want = 0;
        for (int i = 0; i < t.graph->n; i++)
            for (int j = i + 1; j < t.graph->n; j++) {
                const int a = t.layer_of[i], b = t.layer_of[j];
                want += (a != b || a == 1) && f->joins(&x->size, f->qubit(&x->size, t.qubit[i]),
                                                       f->qubit(&x->size, t.qubit[j]));
            }
        assert_int_equal(t.graph->m, want);
        glb_topology_clear(&t);
    }
}

/* ---- who stands where ---- */

static int placed(const struct machine *x) {
    return strstr(x->spec, "placement") != NULL;
}

/* Pixels and labels stand; with each pixel several times, all hidden units lie. A class has as many
 * labels as any other. */
static void pixels_and_labels_stand(void **state) {
    (void)state;
    for (int k = 0; k < MACHINES; k++) {
        const struct machine *x = &machines[k];
        const struct family *f = family_of(x);
        struct glb_topology t;
        build_machine(x, 3, &t);
        for (int i = 0; placed(x) && i < t.graph->n; i++) {
            const int upright = f->qubit(&x->size, t.qubit[i]).u == 0;
            if (t.layer_of[i] != 1 || t.pixel_of)
                assert_int_equal(upright, t.layer_of[i] != 1);
        }
        const int copies = atoi(strstr(t.spec, "copies=") + strlen("copies="));
        assert_int_equal(t.layer[2].count, copies * x->classes);
        assert_int_equal(!t.pixel_of, !strstr(x->spec, "structured"));
        if (!t.pixel_of)
            assert_int_equal(t.layer[0].count, x->width * x->height);
        for (int i = 0; t.pixel_of && i < t.layer[0].count; i++)
            assert_in_range(t.pixel_of[i], 0, x->width * x->height - 1);
        glb_topology_clear(&t);
    }
}

/* Copies of a class make up lines, and a hidden unit's neighbourhood has all classes: of Pegasus
 * P14, each class stands in five lines of 13 pieces, as far apart as in even fifths. */
static void label_lines_are_spread(void **state) {
    struct glb_topology t;
    (void)state;
    build_machine(&machines[1], 5, &t);
    assert_int_equal(t.layer[2].count, 650);
    for (int c = 0; c < 10; c++) {
        int on_line[168] = {0}, last = -1, lines = 0;
        for (int i = c; i < 650; i += 10) {
            const struct qubit q = pegasus_qubit(&machines[1].size, t.qubit[t.layer[2].first + i]);
            on_line[12 * q.w + q.k]++;
        }
        for (int l = 0; l < 168; l++) {
            if (!on_line[l])
                continue;
            assert_int_equal(on_line[l], 13);
            if (last >= 0)
                assert_in_range(l - last, 3, 62);
            last = l;
            lines++;
        }
        assert_int_equal(lines, 5);
    }
    glb_topology_clear(&t);
}

/* ---- starts, seeds, refusals ---- */

/* Hidden chains start as one, other couplings between hidden units apart or at random. */
static void starts(void **state) {
    struct glb_topology t;
    int one = 0, half = 0, none = 0, random = 0;
    (void)state;
    build_machine(&machines[1], 5, &t);
    for (int e = 0; e < t.graph->m; e++) {
        const int i = t.graph->ei[e], j = t.graph->ej[e];
        const int hidden = t.layer_of[i] == 1 && t.layer_of[j] == 1;
        const struct qubit a = pegasus_qubit(&machines[1].size, t.qubit[i]),
                           b = pegasus_qubit(&machines[1].size, t.qubit[j]);
        if (hidden && a.w == b.w && a.k == b.k)
            assert_true(t.start[e] == 1 || t.start[e] == 0.5f);
        else if (hidden || (t.layer_of[i] == 0 && t.layer_of[j] == 2))
            assert_true(t.start[e] == 0);
        else
            assert_true(isnan(t.start[e]));
        one += t.start[e] == 1;
        half += t.start[e] == 0.5f;
        none += t.start[e] == 0;
        random += isnan(t.start[e]);
    }
    /* 164 lines of 13 pieces in a chain, of which four couplings of each line join groups */
    assert_int_equal(one + half, 164 * 12);
    assert_int_equal(half, 164 * 4);
    assert_true(none > 0 && random > 20000);
    glb_topology_clear(&t);
}

static void a_seed_of_its_own(void **state) {
    struct glb_topology a, b, c;
    (void)state;
    static const char spec[] = "pegasus:m=6,placement=structured,seed=9";
    assert_int_equal(glb_topology_build(spec, 8, 8, 10, 1, &a), GLB_OK);
    assert_int_equal(glb_topology_build(spec, 8, 8, 10, 2, &b), GLB_OK);
    assert_int_equal(glb_topology_build("pegasus:m=6,placement=structured", 8, 8, 10, 9, &c),
                     GLB_OK);
    const size_t size = sizeof *a.qubit * (size_t)a.graph->n;
    assert_memory_equal(a.qubit, b.qubit, size);
    assert_memory_equal(a.qubit, c.qubit, size);
    assert_string_equal(a.spec,
                        "pegasus:m=6,placement=structured,groups=2,copies=10,window=2,seed=9");
    glb_topology_clear(&b);
    glb_topology_clear(&c);
    assert_int_equal(glb_topology_build("pegasus:m=6,placement=structured", 8, 8, 10, 2, &b),
                     GLB_OK);
    assert_memory_not_equal(a.qubit, b.qubit, size);
    glb_topology_clear(&a);
    glb_topology_clear(&b);
}

static void refuse(const char *spec, int classes, const char *word) {
    struct glb_topology t;
    assert_int_equal(glb_topology_build(spec, 28, 28, classes, 1, &t), GLB_ERR_ARGUMENT);
    if (!strstr(glb_error(), word))
        fail_msg("%s: %s", spec, glb_error());
    assert_null(t.graph);
}

static void what_does_not_fit_is_refused(void **state) {
    (void)state;
    refuse("pegasus:m=6,placement=strict", 10, "784 pixels, but only");
    refuse("pegasus:placement=structured,copies=300", 10, "fewer copies");
    refuse("pegasus:m=3,placement=structured", 64, "larger m");
    refuse("pegasus:m=6", 10, "784 pixels");
    refuse("pegasus:copies=400", 10, "larger graph");
    refuse("zephyr:m=2,placement=strict", 10, "784 pixels, but only");
    refuse("chimera:m=2,n=2,t=1,placement=structured", 10, "larger m");
    refuse("chimera:m=2,placement=structured,groups=9", 2, "groups=9 of 8");
    refuse("pegasus:placement=structured,planes=3", 10, "28 rows");
    refuse("pegasus:placement=diagonal", 10, "random|structured|strict");
    refuse("pegasus:window=5", 10, "known: m placement copies seed (");
    refuse("zephyr:placement=strict,window=5", 10,
           "known: m t placement copies seed groups planes (");
    refuse("pegasus:t=5", 10, "'t' is no parameter");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(couplings_are_those_of_the_lattice),
        cmocka_unit_test(no_coupling_is_left_out),
        cmocka_unit_test(pixels_and_labels_stand),
        cmocka_unit_test(label_lines_are_spread),
        cmocka_unit_test(starts),
        cmocka_unit_test(a_seed_of_its_own),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
