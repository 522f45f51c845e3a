/* Program files: several segments come back as saved, and no number that points outside of the
 * tables is read, each at its first wrong value on either side. SPDX-License-Identifier: Apache-2.0
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "array/program.h"
#include "support/random_graph.h"

enum { N = 60, SEGMENTS = 3, COPIES = 2 };

static char path[] = "/tmp/glb-test-program-XXXXXX";
static struct glb_graph *graph;
static struct glb_program *program;

/* A hub, inputs and segments of different sizes. */
static void make(void) {
    int32_t list[N];
    struct glb_segment_spec spec[SEGMENTS] = {{list, 10}, {list + 10, 25}, {list + 35, 20}};
    for (int i = 0; i < N; i++)
        list[i] = (i * 7 + 3) % N;
    const struct glb_compile_options o = {
        .segments = spec, .nsegments = SEGMENTS, .hub_degree = 25, .copies = COPIES};
    graph = random_graph(N, 80, 1, 0);
    program = compile_ok(graph, "small", &o, NULL);
}

static enum glb_status again(struct glb_program **q) {
    assert_int_equal(glb_program_save(program, path), GLB_OK);
    return glb_program_load(path, q);
}

static void every_table_comes_back(void **state) {
    struct glb_program *q, *p = program;
    bool clamped[N];
    (void)state;
    for (int i = 0; i < N; i++)
        clamped[i] = i % 4 == 1;
    glb_program_clamp(p, clamped);
    assert_int_equal(again(&q), GLB_OK);
    assert_true(same_images(p, q));
    assert_true(q->n == p->n && q->m == p->m && q->copies == COPIES && q->nseg == SEGMENTS);
    assert_true(q->u == p->u && q->colours == p->colours && q->graph_hash == p->graph_hash);
    assert_true(q->nreads == p->nreads && q->nbias == p->nbias);
    for (int s = 0; s < SEGMENTS; s++) {
        const struct glb_segment *a = &p->seg[s], *b = &q->seg[s];
        assert_true(s == 0 || (a->c_start > 0 && a->wp_start > 0 && a->c_start != a->wp_start));
        assert_int_equal(b->s_start, a->s_start);
        assert_int_equal(b->s_len, a->s_len);
        assert_int_equal(b->c_start, a->c_start);
        assert_int_equal(b->wp_start, a->wp_start);
        assert_int_equal(b->flips, a->flips);
    }
    for (int k = 0; k < p->nreads; k++) {
        const struct glb_read_ref *a = &p->reads[k], *b = &q->reads[k];
        assert_true(a->edge == b->edge && a->to == b->to && a->tile == b->tile);
        assert_true(a->lane == b->lane && a->entry == b->entry);
    }
    for (int k = 0; k < p->nbias; k++) {
        const struct glb_bias_ref *a = &p->bias[k], *b = &q->bias[k];
        assert_true(a->to == b->to && a->tile == b->tile && a->lane == b->lane);
        assert_true(a->entry == b->entry && a->constant == b->constant && a->entry2 == b->entry2);
        assert_true(a->tile2 == b->tile2);
    }
    assert_memory_equal(q->slot, p->slot, sizeof *p->slot * N * COPIES);
    assert_memory_equal(q->weight, p->weight, sizeof *p->weight * (size_t)p->m);
    assert_memory_equal(q->qbias, p->qbias, sizeof *p->qbias * N);
    assert_memory_equal(q->clamped, p->clamped, sizeof *p->clamped * N);
    assert_int_equal(glb_program_verify(q, graph), GLB_OK);
    glb_program_free(q);
    glb_program_clamp(p, NULL);
}

/* The file with another value in a field: is it read? */
static void wide(int32_t *field, int32_t value, int ok, const char *what) {
    struct glb_program *q = NULL;
    const int32_t old = *field;
    *field = value;
    const enum glb_status s = again(&q);
    if (s != (ok ? GLB_OK : GLB_ERR_FORMAT))
        fail_msg("%s = %d: %s", what, (int)value, ok ? glb_error() : "is not refused");
    if (!ok)
        assert_non_null(strstr(glb_error(), path));
    *field = old;
    glb_program_free(q);
}

static void narrow(int16_t *field, int value, int ok, const char *what) {
    struct glb_program *q = NULL;
    const int16_t old = *field;
    *field = (int16_t)value;
    if (again(&q) != (ok ? GLB_OK : GLB_ERR_FORMAT))
        fail_msg("%s = %d: %s", what, value, ok ? glb_error() : "is not refused");
    *field = old;
    glb_program_free(q);
}

#define FIELD(set, field, count)                                                                   \
    do {                                                                                           \
        set(&(field), -1, 0, #field);                                                              \
        set(&(field), 0, 1, #field);                                                               \
        set(&(field), (int)(count)-1, 1, #field);                                                  \
        set(&(field), (int)(count), 0, #field);                                                    \
    } while (0)

static void places_lie_in_the_tables(void **state) {
    struct glb_program *p = program;
    const struct glb_array *a = &p->array;
    int hub = 0;
    (void)state;
    for (int k = 0; k < p->nreads; k += p->nreads - 1) {
        struct glb_read_ref *r = &p->reads[k];
        FIELD(wide, r->edge, p->m);
        FIELD(wide, r->to, p->n);
        FIELD(narrow, r->tile, a->tiles);
        FIELD(narrow, r->lane, a->lanes);
        FIELD(wide, r->entry, p->c_used);
    }
    while (p->bias[hub].entry2 < 0)
        assert_in_range(++hub, 0, p->nbias - 1);
    struct glb_bias_ref *b = &p->bias[hub];
    FIELD(wide, b->to, p->n);
    FIELD(narrow, b->tile, a->tiles);
    FIELD(wide, b->entry, p->c_used);
    FIELD(narrow, b->tile2, a->tiles);
    wide(&b->entry2, p->c_used, 0, "the hub's second entry");
    wide(&b->entry2, p->c_used - 1, 1, "the hub's second entry");
    wide(&b->constant, (1 << 24) + 1, 0, "the hub's constant");
    wide(&b->constant, -(1 << 24) - 1, 0, "the hub's constant");
    for (int i = 0; i < N * COPIES; i += N * COPIES - 1) {
        struct glb_slot *s = &p->slot[i];
        FIELD(narrow, s->tile, a->tiles);
        FIELD(narrow, s->lane, a->lanes);
        FIELD(narrow, s->g, 1 << a->gw);
    }
    for (int s = 0; s < SEGMENTS; s++) {
        struct glb_segment *g = &p->seg[s];
        FIELD(wide, g->s_start, p->s_used - g->s_len + 1);
        FIELD(wide, g->s_len, p->s_used - g->s_start + 1);
        FIELD(wide, g->c_start, p->c_used + 1);
        FIELD(wide, g->wp_start, (1 << a->gw) + 1);
    }
}

/* Schedule and coupling words have no bits that the array has not. */
static void words_are_those_of_the_array(void **state) {
    struct glb_program *q, *p = program;
    (void)state;
    uint32_t *op = &p->sched[p->s_used * p->array.tiles - 1];
    *op ^= UINT32_C(1) << p->array.sw;
    assert_int_equal(again(&q), GLB_ERR_FORMAT);
    *op ^= UINT32_C(1) << p->array.sw;
    uint64_t *word = &p->coupling[p->c_used * p->array.tiles - 1];
    *word ^= UINT64_C(1) << p->array.cw;
    assert_int_equal(again(&q), GLB_ERR_FORMAT);
    *word ^= UINT64_C(1) << p->array.cw;
    assert_int_equal(again(&q), GLB_OK);
    glb_program_free(q);
}

int main(void) {
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    make();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_comes_back),
        cmocka_unit_test(places_lie_in_the_tables),
        cmocka_unit_test(words_are_those_of_the_array),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_program_free(program);
    glb_graph_free(graph);
    unlink(path);
    return failed;
}
