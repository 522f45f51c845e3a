/* Programs through the public header alone: options, figures, new weights, files, verification.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <stdint.h>

#include <cmocka.h>
#include <glauber.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N = 24 };

static struct glb_graph *graph;

static int open_all(void **state) {
    (void)state;
    return glb_graph_generate("regular", "n=24,d=3,weights=gauss,bias=gauss", 4, &graph);
}

static int close_all(void **state) {
    (void)state;
    glb_graph_free(graph);
    return 0;
}

static void figures(void **state) {
    (void)state;
    struct glb_program *p, *q;
    struct glb_compile_options o;
    glb_compile_options_init(&o, sizeof o);
    assert_true(o.size == sizeof o && o.effort == 1 && o.seed == 1 && !o.segments);
    o.copies = 2;
    assert_int_equal(glb_program_compile(graph, "TINY", &o, &p), GLB_OK);
    const struct glb_program_info *i = glb_program_info(p);
    assert_int_equal(i->size, sizeof *i);
    assert_string_equal(i->array, "tiny");
    assert_true(i->pbits == N && i->couplings == 36 && i->copies == 2 && i->chains == 8);
    assert_true(i->segments == 1 && i->colours == glb_program_colours(p) && i->colours >= 2);
    assert_true(i->u > 0 && i->graph_hash == glb_graph_hash(graph));
    const struct glb_compile_report *r = glb_program_report(p);
    assert_int_equal(r->size, sizeof *r);
    assert_true(r->u == i->u && r->max_degree == 3 && r->clocks >= r->bound);
    assert_true(r->schedule_used == i->schedule_used && r->coupling_used == i->coupling_used);
    assert_float_equal(r->updates_per_clock, 2.0 * N * 4 / r->clocks, 1e-9);
    assert_int_equal(glb_program_verify(p, graph), GLB_OK);

    char path[] = "/tmp/glb_program_XXXXXX";
    close(mkstemp(path));
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    assert_int_equal(glb_program_load(path, &q), GLB_OK);
    assert_null(glb_program_report(q)); /* files have none */
    assert_true(glb_program_info(q)->u == i->u && glb_program_info(q)->copies == 2);
    assert_int_equal(glb_program_verify(q, graph), GLB_OK);
    unlink(path);
    glb_program_free(p);
    glb_program_free(q);
    glb_program_free(NULL);
}

/* Segments are updated in their order; what is in none keeps its start value. */
static void segments(void **state) {
    (void)state;
    int32_t first[10], second[12];
    int8_t init[N];
    struct glb_program *p;
    struct glb_device *d;
    struct glb_sampler *s;
    struct glb_settings set;
    struct glb_compile_options o;
    for (int i = 0; i < 10; i++)
        first[i] = 23 - i;
    for (int i = 0; i < 12; i++)
        second[i] = i + 2;
    const struct glb_segment_spec spec[] = {{first, 10}, {second, 12}};
    glb_compile_options_init(&o, sizeof o);
    o.segments = spec;
    o.nsegments = 2;
    assert_int_equal(glb_program_compile(graph, "tiny", &o, &p), GLB_OK);
    assert_int_equal(glb_program_info(p)->segments, 2);
    assert_int_equal(glb_device_open("emu", "tiny", &d), GLB_OK);
    assert_int_equal(glb_sampler_new(graph, p, d, &s), GLB_OK);
    for (int i = 0; i < N; i++)
        init[i] = (int8_t)(i % 2 ? 1 : -1);
    glb_settings_init(&set, sizeof set);
    set.init = init;
    set.init_columns = 1;
    assert_int_equal(glb_sampler_run(s, &set), GLB_OK);
    const struct glb_result *r = glb_sampler_result(s);
    assert_true(r->magnetization[0] == -1 && r->magnetization[1] == 1);
    assert_true(fabs(r->magnetization[2]) < 1 || fabs(r->magnetization[3]) < 1);
    assert_int_equal(r->updates, 22 * 4 * 200);
    glb_sampler_close(s);
    glb_device_close(d);
    glb_program_free(p);
    second[3] = 23; /* in both */
    assert_int_equal(glb_program_compile(graph, "tiny", &o, &p), GLB_ERR_ARGUMENT);
    assert_null(p);
}

/* Probabilities over all states of a small graph against exp(-E), before and after new weights. */
static void check_distribution(const struct glb_graph *g, struct glb_program *p) {
    enum { STATES = 32, SAMPLES = 20000 };
    struct glb_device *d;
    struct glb_sampler *s;
    struct glb_settings set;
    double want[STATES], z = 0, count[STATES] = {0};
    assert_int_equal(glb_device_open("emu", "tiny", &d), GLB_OK);
    if (glb_sampler_new(g, p, d, &s))
        fail_msg("%s", glb_error());
    glb_settings_init(&set, sizeof set);
    set.samples = SAMPLES;
    set.interval = 4;
    const int chains = glb_sampler_chains(s, &set);
    uint8_t *bits = malloc((size_t)SAMPLES * (size_t)chains);
    assert_int_equal(glb_sampler_collect(s, &set, bits, (size_t)SAMPLES * (size_t)chains, NULL, 0),
                     GLB_OK);
    for (int k = 0; k < SAMPLES * chains; k++)
        count[bits[k]]++;
    for (int x = 0; x < STATES; x++) {
        int8_t m[5];
        for (int i = 0; i < 5; i++)
            m[i] = x >> i & 1 ? 1 : -1;
        z += want[x] = exp(-glb_graph_energy(g, m));
    }
    for (int x = 0; x < STATES; x++)
        /* Chance: 64 * beyond(0.01 / 0.0017) | shares of states; largest deviation of 15 seeds
         */
        assert_float_equal(count[x] / ((double)SAMPLES * chains), want[x] / z, 0.01);
    free(bits);
    glb_sampler_close(s);
    glb_device_close(d);
}

static void weights(void **state) {
    (void)state;
    const int32_t i[] = {0, 0, 1, 3}, j[] = {1, 2, 4, 4};
    const double first[] = {1, -0.5, 0.25, -0.75}, h[] = {0.5, -0.25, 0, 0.25, 0};
    const double second[] = {-0.5, 1, -0.25, 0.5}, none[5] = {0};
    const double odd[] = {NAN, 1e9, -1e9, 0};
    struct glb_graph *g, *other;
    struct glb_program *p;
    int saturated = -1;
    assert_int_equal(glb_graph_from_arrays(5, 4, i, j, first, h, GLB_BOLTZMANN, 0, &g), GLB_OK);
    assert_int_equal(glb_graph_from_arrays(5, 4, i, j, second, NULL, GLB_BOLTZMANN, 0, &other),
                     GLB_OK);
    assert_int_equal(glb_program_compile(g, "tiny", NULL, &p), GLB_OK);
    check_distribution(g, p);
    struct glb_device *d;
    struct glb_sampler *s;
    assert_int_equal(glb_device_open("emu", "tiny", &d), GLB_OK);
    assert_int_equal(glb_sampler_new(other, p, d, &s), GLB_ERR_ARGUMENT); /* other weights */
    assert_int_equal(glb_program_set_weights(p, second, none, &saturated), GLB_OK);
    assert_int_equal(saturated, 0);
    check_distribution(other, p);
    assert_int_equal(glb_sampler_new(g, p, d, &s), GLB_ERR_ARGUMENT);
    assert_null(s);
    assert_int_equal(glb_program_set_weights(p, odd, none, &saturated), GLB_OK);
    assert_true(saturated >= 3);
    glb_device_close(d);
    glb_program_free(p);
    glb_graph_free(g);
    glb_graph_free(other);
}

static void sums(void **state) {
    (void)state;
    struct glb_compile_options o;
    glb_compile_options_init(&o, sizeof o);
    assert_int_equal(o.count, 0);
    for (o.count = 0; o.count < 2; o.count++) {
        struct glb_program *p;
        assert_int_equal(glb_program_compile(graph, "small", &o, &p), GLB_OK);
        const struct glb_program_info *i = glb_program_info(p);
        const struct glb_compile_report *r = glb_program_report(p);
        const int all = i->pbits + i->couplings;
        assert_int_equal(i->sums, o.count ? all : 0);
        assert_int_equal(r->sums_wanted, o.count ? all : 0);
        assert_true(r->sums == i->sums && r->sum_entries == i->sum_entries);
        assert_int_equal(r->count_clocks, i->count_clocks);
        assert_null(r->sums_limit);
        assert_true(i->sum_entries * 16 >= i->sums && i->count_clocks >= i->sum_entries);
        assert_int_equal(r->schedule_used, i->schedule_used);
        assert_int_equal(glb_program_verify(p, graph), GLB_OK);
        glb_program_free(p);
    }
}

static void refused(void **state) {
    (void)state;
    struct glb_program *p;
    struct glb_compile_options good, o;
    glb_compile_options_init(&good, sizeof good);
    for (int k = 0; k < 10; k++) {
        o = good;
        o.effort = k == 0 ? GLB_MAX_EFFORT + 1 : k == 1 ? -1 : 1;
        o.copies = k == 2 ? -1 : k == 3 ? GLB_MAX_COPIES + 1 : 0;
        o.u = k == 4 ? -1 : k == 5 ? NAN : 0;
        o.hub_degree = k == 6 ? -2 : 0;
        o.count = k == 8 ? -1 : k == 9 ? 2 : 0;
        o.size = k == 7 ? 0 : sizeof o;
        p = (struct glb_program *)&p;
        if (glb_program_compile(graph, "tiny", &o, &p) != GLB_ERR_ARGUMENT)
            fail_msg("case %d is not refused", k);
        assert_null(p);
    }
    assert_int_equal(glb_program_compile(graph, "nonsense", NULL, &p), GLB_ERR_ARGUMENT);
    struct glb_graph *large;
    assert_int_equal(glb_graph_generate("complete", "n=100", 1, &large), GLB_OK);
    assert_int_equal(glb_program_compile(large, "tiny", NULL, &p), GLB_ERR_FIT);
    assert_int_equal(glb_error_status(), GLB_ERR_FIT);
    glb_graph_free(large);
}

/* Without a name: the boards' array, or the large one for what does not fit it. */
static void chosen_arrays(void **state) {
    static const char *const n[] = {"n=20", "n=130"}, *const want[] = {"ulx3s-85", "big"};
    struct glb_compile_options o;
    (void)state;
    glb_compile_options_init(&o, sizeof o);
    o.effort = 0;
    for (int k = 0; k < 2; k++) {
        struct glb_graph *g;
        struct glb_program *p;
        struct glb_sampler *s;
        assert_int_equal(glb_graph_generate("complete", n[k], 1, &g), GLB_OK);
        assert_int_equal(glb_program_compile(g, NULL, &o, &p), GLB_OK);
        assert_string_equal(glb_program_info(p)->array, want[k]);
        glb_program_free(p);
        assert_int_equal(glb_sampler_open(g, "emu", NULL, &s), GLB_OK);
        assert_string_equal(glb_program_info(glb_sampler_program(s))->array, want[k]);
        glb_sampler_close(s);
        assert_int_equal(glb_sampler_open(g, "emux", NULL, &s), GLB_ERR_ARGUMENT);
        assert_non_null(strstr(glb_error(), "no device is called emux"));
        glb_graph_free(g);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures),       cmocka_unit_test(segments),
                                       cmocka_unit_test(weights),       cmocka_unit_test(sums),
                                       cmocka_unit_test(chosen_arrays), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
