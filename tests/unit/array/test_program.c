/* Programs: new weights, clamps, files, K of a beta. SPDX-License-Identifier: Apache-2.0 */
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
#include "support/random_graph.h"

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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_weights),
        cmocka_unit_test(clamps),
        cmocka_unit_test(files),
        cmocka_unit_test(k_of_beta),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
