/* Graph compiler: random graphs on every array, each program walked by the verifier; segments,
 * copies, hubs, full memories, new weights, clamps, files, messages; and damaged images, which the
 * verifier must notice. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/program.h"

static uint64_t rng = 1;

static uint32_t draw(uint32_t n) {
    rng = rng * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)((rng >> 33) % n);
}

static double real(void) {
    return draw(2001) / 1000.0 - 1;
}

static int coupled(const struct glb_graph *g, int i, int j) {
    for (int e = 0; e < g->m; e++)
        if ((g->ei[e] == i && g->ej[e] == j) || (g->ei[e] == j && g->ej[e] == i))
            return 1;
    return 0;
}

static void couple(struct glb_graph *g, int i, int j, double J) {
    g->ei[g->m] = i < j ? i : j;
    g->ej[g->m] = i < j ? j : i;
    g->J[g->m++] = J;
}

/* n p-bits, m random couplings, then hubs: p-bits 0 .. hubs-1 coupled to three quarters of all
 * others. */
static struct glb_graph *random_graph(int n, int m, int hubs, int integer) {
    struct glb_graph *g;
    glb_graph_new(n, m + hubs * n, &g);
    assert_non_null(g);
    g->m = 0;
    for (int k = 0; k < m; k++) {
        const int i = (int)draw((uint32_t)n), j = (int)draw((uint32_t)n);
        if (i != j && !coupled(g, i, j))
            couple(g, i, j, integer ? 2.0 * draw(2) - 1 : real());
    }
    for (int i = 0; i < hubs; i++)
        for (int j = 0; j < n; j++)
            if (i != j && draw(4) && !coupled(g, i, j))
                couple(g, i, j, integer ? 1 : real() / 4);
    for (int i = 0; i < n; i++)
        g->h[i] = draw(3) ? integer ? (int)draw(5) - 2.0 : real() : 0;
    assert_int_equal(glb_graph_finish(g), GLB_OK);
    return g;
}

static struct glb_program *compile_ok(const struct glb_graph *g, const char *array,
                                      const struct glb_compile_options *o,
                                      struct glb_compile_report *r) {
    struct glb_program *p;
    struct glb_compile_report own;
    const enum glb_status s = glb_compile(g, glb_array_find(array), o, &p, r ? r : &own);
    if (s != GLB_OK)
        print_message("%s\n", glb_error());
    assert_int_equal(s, GLB_OK);
    if (glb_program_verify(p, g) != GLB_OK)
        fail_msg("%s", glb_error());
    return p;
}

static void random_graphs(void **state) {
    static const struct {
        const char *array;
        int n, m, hubs, hub_degree, rounds;
    } c[] = {{"tiny", 40, 60, 0, 0, 20},   {"tiny", 60, 60, 1, 20, 10},
             {"tiny1", 24, 24, 0, 0, 20},  {"tiny1", 30, 20, 1, 12, 10},
             {"tiny4", 60, 70, 0, 0, 20},  {"tiny4", 60, 30, 1, 20, 10},
             {"small", 300, 900, 0, 0, 5}, {"small", 300, 600, 3, 0, 5},
             {"25f", 400, 900, 3, 100, 2}, {"ulx3s-85", 1500, 6000, 3, 0, 1}};
    (void)state;
    for (size_t k = 0; k < sizeof c / sizeof c[0]; k++)
        for (int round = 0; round < c[k].rounds; round++) {
            struct glb_graph *g = random_graph(c[k].n - (int)draw((uint32_t)c[k].n / 2), c[k].m,
                                               c[k].hubs, round & 1);
            const struct glb_compile_options o = {
                .hub_degree = c[k].hub_degree, .seed = (uint64_t)round, .effort = round == 0};
            struct glb_compile_report r;
            struct glb_program *p = compile_ok(g, c[k].array, &o, &r);
            assert_true(r.efficiency > 0 && r.efficiency <= 1);
            assert_int_equal(r.noise_words, (long)g->n * p->array.chains);
            if (round & 1 && !r.hubs)
                assert_true(r.j_max_error < 1e-12 && r.h_max_error < 1e-9);
            glb_program_free(p);
            glb_graph_free(g);
        }
}

static void no_couplings(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(17, 0, 0, 0);
    glb_program_free(compile_ok(g, "tiny", NULL, NULL));
    glb_graph_free(g);
    g = random_graph(1, 0, 0, 0);
    glb_program_free(compile_ok(g, "ulx3s-85", NULL, NULL));
    glb_graph_free(g);
}

static void full_state_memory(void **state) {
    static const char *arrays[] = {"tiny", "tiny1"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        const int n = glb_array_capacity(glb_array_find(arrays[k]));
        struct glb_graph *g;
        glb_graph_new(n, n, &g);
        for (int i = 0; i + 2 < n; i += 3) /* chains of three: unequal degrees, two colours */
            for (int j = i; j < i + 2; j++)
                couple(g, j, j + 1, real());
        assert_int_equal(glb_graph_finish(g), GLB_OK);
        struct glb_compile_report r;
        struct glb_program *p = compile_ok(g, arrays[k], NULL, &r);
        assert_int_equal(r.g_used, 1 << p->array.gw);
        glb_program_free(p);
        glb_graph_free(g);
    }
}

static void segments(void **state) {
    (void)state;
    for (int round = 0; round < 10; round++) {
        struct glb_graph *g = random_graph(200, 500, round & 1 ? 2 : 0, 0);
        int32_t list[3][200];
        struct glb_segment_spec spec[3] = {{list[0], 0}, {list[1], 0}, {list[2], 0}};
        for (int i = 0; i < g->n; i++) {
            const int s = (int)draw(4); /* 3: an input */
            if (s < 3)
                list[s][spec[s].count++] = i;
        }
        const struct glb_compile_options o = {.segments = spec, .nsegments = 3, .hub_degree = 60};
        struct glb_program *p = compile_ok(g, "small", &o, NULL);
        assert_int_equal(p->nseg, 3);
        for (int s = 0; s < 3; s++)
            assert_int_equal(p->seg[s].flips, spec[s].count * p->array.chains);
        glb_program_free(p);
        spec[1].pbits = list[0];
        spec[1].count = 1;
        assert_int_equal(glb_compile(g, glb_array_find("small"), &o, &p, NULL), GLB_ERR_ARGUMENT);
        assert_non_null(strstr(glb_error(), "in segments 0 and 1"));
        glb_graph_free(g);
    }
}

static void copies(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(100, 200, 2, 0);
    const struct glb_compile_options o = {.copies = 3, .hub_degree = 40};
    struct glb_program *p = compile_ok(g, "small", &o, NULL);
    assert_int_equal(p->copies, 3);
    assert_int_equal(p->nreads, 3 * 2 * g->m);
    assert_int_equal(p->seg[0].flips, 3 * g->n * p->array.chains);
    glb_program_free(p);
    glb_graph_free(g);
}

static int same_images(const struct glb_program *a, const struct glb_program *b) {
    const size_t tiles = (size_t)a->array.tiles, chunks = (size_t)(a->array.nb + 15) / 16;
    return a->s_used == b->s_used && a->c_used == b->c_used &&
           !memcmp(a->sched, b->sched, sizeof *a->sched * (size_t)a->s_used * tiles) &&
           !memcmp(a->net, b->net, sizeof *a->net * (size_t)a->s_used * chunks) &&
           !memcmp(a->coupling, b->coupling, sizeof *a->coupling * (size_t)a->c_used * tiles);
}

/* New weights in an old program are the same as the program of the new weights. */
static void new_weights(void **state) {
    (void)state;
    for (int hubs = 0; hubs < 2; hubs++) {
        struct glb_graph *g = random_graph(100, 200, hubs, 0);
        const struct glb_compile_options o = {.u = 1.0 / 16, .hub_degree = 40, .copies = 2};
        struct glb_program *p = compile_ok(g, "small", &o, NULL);
        for (int e = 0; e < g->m; e++)
            g->J[e] = g->J[e] / 2 + real() / 8;
        for (int i = 0; i < g->n; i++)
            g->h[i] = real();
        struct glb_program *q = compile_ok(g, "small", &o, NULL);
        int saturated = -1;
        assert_false(same_images(p, q));
        assert_int_equal(glb_program_set_weights(p, g->J, g->h, &saturated), GLB_OK);
        assert_int_equal(saturated, 0);
        assert_true(same_images(p, q));
        assert_int_equal(glb_program_verify(p, g), GLB_OK);
        g->J[3] = 1000;
        g->h[50] = -1e9;
        assert_int_equal(glb_program_set_weights(p, g->J, g->h, &saturated), GLB_OK);
        assert_true(saturated >= 2);
        assert_int_equal(p->weight[3], 127);
        glb_program_free(p);
        glb_program_free(q);
        glb_graph_free(g);
    }
}

static void clamps(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(60, 80, 1, 0);
    const struct glb_compile_options o = {.hub_degree = 30};
    struct glb_program *p = compile_ok(g, "tiny", &o, NULL), *q = compile_ok(g, "tiny", &o, NULL);
    bool clamped[60];
    for (int i = 0; i < g->n; i++)
        clamped[i] = draw(2);
    glb_program_clamp(p, clamped);
    assert_false(same_images(p, q));
    assert_int_equal(glb_program_verify(p, g), GLB_OK);
    p->clamped[7] = !p->clamped[7];
    assert_int_equal(glb_program_verify(p, g), GLB_ERR_FORMAT);
    glb_program_clamp(p, NULL);
    assert_true(same_images(p, q));
    glb_program_free(p);
    glb_program_free(q);
    glb_graph_free(g);
}

/* Every kind of damage is noticed. Damage that changes nothing (a switch that no path uses) does
 * not count. */
static void damaged_images(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(100, 300, 1, 1);
    const struct glb_compile_options o = {.hub_degree = 60};
    int kinds[6] = {0};
    for (int round = 0; round < 240; round++) {
        struct glb_program *p = compile_ok(g, "small", &o, NULL);
        const struct glb_array *a = &p->array;
        const int kind = round % 6;
        size_t k = draw((uint32_t)(p->s_used * a->tiles));
        if (kind == 0) { /* an op is left out */
            while (!(p->sched[k] & 3))
                k = draw((uint32_t)(p->s_used * a->tiles));
            p->sched[k] &= ~3u;
        } else if (kind == 1) { /* another noise lane, or a noise word instead of an entry */
            p->sched[k] = (p->sched[k] & ~3u) | ((p->sched[k] + 1) & 3);
        } else if (kind == 2) { /* a weight */
            const struct glb_read_ref *r = &p->reads[draw((uint32_t)p->nreads)];
            p->coupling[(size_t)r->tile * (size_t)p->c_used + (size_t)r->entry] ^=
                1ull << (a->ow + r->lane * a->jw + (int)draw((uint32_t)a->jw));
        } else if (kind == 3) { /* a bias */
            const struct glb_bias_ref *b = &p->bias[draw((uint32_t)p->nbias)];
            p->coupling[(size_t)b->tile * (size_t)p->c_used + (size_t)b->entry] ^=
                1ull << (a->ow + (int)draw((uint32_t)a->acc - 1));
        } else if (kind == 4) { /* flags of a CTRL */
            const struct glb_bias_ref *b = &p->bias[draw((uint32_t)p->nbias)];
            p->coupling[(size_t)b->tile * (size_t)p->c_used + (size_t)b->entry] ^=
                1ull << (a->ow + a->acc - 1 + (int)draw(5));
        } else { /* all words of a busy clock come along other paths */
            const int chunks = (a->nb + 15) / 16;
            int busy = 0, clock = 0;
            while (busy < a->tiles / 2) {
                clock = (int)draw((uint32_t)p->s_used);
                busy = 0;
                for (int t = 0; t < a->tiles; t++)
                    busy += (int)(p->sched[clock * a->tiles + t] & 3) == a->ctrl;
            }
            for (int i = 0; i < chunks; i++)
                p->net[clock * chunks + i] ^= 0xffff;
        }
        kinds[kind] += glb_program_verify(p, g) == GLB_OK;
        glb_program_free(p);
    }
    for (int k = 0; k < 6; k++)
        if (kinds[k])
            fail_msg("damage of kind %d was missed %d times of 40", k, kinds[k]);
    glb_graph_free(g);
}

static void files(void **state) {
    (void)state;
    char path[] = "/tmp/test_compile_XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct glb_graph *g = random_graph(100, 200, 1, 0);
    int32_t list[60];
    for (int i = 0; i < 60; i++)
        list[i] = i;
    const struct glb_segment_spec spec = {list, 60};
    const struct glb_compile_options o = {
        .segments = &spec, .nsegments = 1, .hub_degree = 50, .copies = 2};
    struct glb_program *p = compile_ok(g, "small", &o, NULL), *q = NULL;
    bool clamped[100] = {[3] = true, [70] = true};
    glb_program_clamp(p, clamped);
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    assert_int_equal(glb_program_load(path, &q), GLB_OK);
    assert_true(same_images(p, q));
    assert_int_equal(glb_program_verify(q, g), GLB_OK);
    assert_true(p->u == q->u && p->graph_hash == q->graph_hash && p->nreads == q->nreads);
    assert_memory_equal(p->slot, q->slot, sizeof *p->slot * 200);
    assert_int_equal(glb_program_set_weights(q, g->J, g->h, NULL), GLB_OK);
    assert_string_equal(q->array.name, "small");
    glb_program_free(q);
    assert_int_equal(truncate(path, 3000), 0);
    assert_int_equal(glb_program_load(path, &q), GLB_ERR_FORMAT);
    assert_null(q);
    unlink(path);
    assert_int_equal(glb_program_load(path, &q), GLB_ERR_FILE);
    assert_int_equal(glb_program_save(p, "/nonexistent/x.glbp"), GLB_ERR_FILE);
    glb_program_free(p);
    glb_graph_free(g);
}

static void does_not_fit(void **state) {
    struct glb_program *p;
    (void)state;
    struct glb_graph *g = random_graph(129, 10, 0, 0);
    assert_int_equal(glb_compile(g, glb_array_find("tiny"), NULL, &p, NULL), GLB_ERR_FIT);
    assert_null(p);
    assert_non_null(strstr(glb_error(), "state memory of array tiny"));
    assert_non_null(strstr(glb_error(), "needs 129 state words"));
    assert_non_null(strstr(glb_error(), "the array has 128"));
    assert_non_null(strstr(glb_error(), "would fit: tiny4"));
    glb_graph_free(g);
    g = random_graph(100, 2000, 0, 0);
    assert_int_equal(glb_compile(g, glb_array_find("tiny"), NULL, &p, NULL), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "coupling memory of array tiny"));
    assert_non_null(strstr(glb_error(), "the array has 128"));
    assert_non_null(strstr(glb_error(), "would fit: "));
    glb_graph_free(g);
    g = random_graph(64, 300, 0, 0);
    struct glb_compile_options o = {.u = 1e-3};
    assert_int_equal(glb_compile(g, glb_array_find("small"), &o, &p, NULL), GLB_ERR_FIT);
    assert_non_null(strstr(glb_error(), "quantisation: u = 0.001"));
    glb_graph_free(g);
    g = random_graph(400, 100, 1,
                     1); /* a hub of 300 couplings of 1: 6 sigma fit, the worst case does not */
    struct glb_compile_report r;
    o = (struct glb_compile_options){.u = 0.25, .hub_degree = 100};
    p = compile_ok(g, "small", &o, &r);
    assert_false(r.range_is_worst_case);
    glb_program_free(p);
    o.worst_case_range = true;
    assert_int_equal(glb_compile(g, glb_array_find("small"), &o, &p, NULL), GLB_ERR_FIT);
    glb_graph_free(g);
}

static void k_of_beta(void **state) {
    const struct glb_program p = {.u = 1.0 / 64};
    uint32_t k;
    (void)state;
    assert_int_equal(glb_program_k(&p, 1, &k), GLB_OK);
    assert_int_equal(k, 32 << 16);
    assert_int_equal(glb_program_k(&p, 0, &k), GLB_OK);
    assert_int_equal(k, 0xffffffff);
    assert_int_equal(glb_program_k(&p, -1, &k), GLB_ERR_ARGUMENT);
    assert_int_equal(glb_program_k(&p, 0.0 / 0.0, &k), GLB_ERR_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_graphs),
                                       cmocka_unit_test(no_couplings),
                                       cmocka_unit_test(full_state_memory),
                                       cmocka_unit_test(segments),
                                       cmocka_unit_test(copies),
                                       cmocka_unit_test(new_weights),
                                       cmocka_unit_test(clamps),
                                       cmocka_unit_test(damaged_images),
                                       cmocka_unit_test(files),
                                       cmocka_unit_test(does_not_fit),
                                       cmocka_unit_test(k_of_beta)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
