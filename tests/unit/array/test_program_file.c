/* Program files: every table comes back as it was saved, and a place outside of the array or graph
 * is refused at its very limit. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/random_graph.h"

static struct glb_program *with_segments(struct glb_graph **g) {
    int32_t list[90];
    for (int i = 0; i < 90; i++)
        list[i] = i;
    const struct glb_segment_spec spec[] = {{list, 40}, {list + 40, 20}, {list + 60, 30}};
    const struct glb_compile_options o = {
        .segments = spec, .nsegments = 3, .hub_degree = 50, .copies = 2};
    *g = random_graph(100, 200, 1, 0);
    return compile_ok(*g, "small", &o, NULL);
}

/* Saves p and loads the file into *q. */
static enum glb_status save_and_load(const struct glb_program *p, struct glb_program **q) {
    char path[] = "/tmp/test_program_file_XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    const enum glb_status s = glb_program_load(path, q);
    unlink(path);
    return s;
}

static void every_table_comes_back(void **state) {
    (void)state;
    struct glb_graph *g;
    struct glb_program *p = with_segments(&g), *q;
    const size_t nodes = (size_t)p->n * (size_t)p->copies;
    assert_int_equal(save_and_load(p, &q), GLB_OK);
    assert_true(same_images(p, q));
    assert_int_equal(q->nseg, 3);
    for (int s = 0; s < 3; s++) {
        assert_int_equal(q->seg[s].s_start, p->seg[s].s_start);
        assert_int_equal(q->seg[s].s_len, p->seg[s].s_len);
        assert_int_equal(q->seg[s].c_start, p->seg[s].c_start);
        assert_int_equal(q->seg[s].wp_start, p->seg[s].wp_start);
        assert_int_equal(q->seg[s].flips, p->seg[s].flips);
        assert_true(s == 0 || p->seg[s].c_start != p->seg[s].wp_start);
    }
    assert_memory_equal(q->slot, p->slot, sizeof *p->slot * nodes);
    assert_int_equal(q->nreads, p->nreads);
    assert_memory_equal(q->reads, p->reads, sizeof *p->reads * (size_t)p->nreads);
    assert_int_equal(q->nbias, p->nbias);
    for (int k = 0; k < p->nbias; k++) {
        const struct glb_bias_ref *a = &p->bias[k], *b = &q->bias[k];
        assert_true(a->to == b->to && a->tile == b->tile && a->lane == b->lane &&
                    a->entry == b->entry && a->constant == b->constant && a->tile2 == b->tile2 &&
                    a->entry2 == b->entry2);
    }
    assert_memory_equal(q->weight, p->weight, sizeof *p->weight * (size_t)p->m);
    assert_memory_equal(q->qbias, p->qbias, sizeof *p->qbias * (size_t)p->n);
    assert_int_equal(glb_program_verify(q, g), GLB_OK);
    glb_program_free(q);
    glb_program_free(p);
    glb_graph_free(g);
}

/* A program with `value` in one field of 2 or 4 bytes, saved and loaded. */
static void expect_load(struct glb_program *p, void *field, size_t size, int32_t value, bool ok,
                        const char *what) {
    int32_t wide = 0;
    memcpy(&wide, field, size);
    const int32_t kept = wide;
    struct glb_program *q = NULL;
    memcpy(field, &value, size); /* little-endian, as the files are */
    const enum glb_status s = save_and_load(p, &q);
    memcpy(field, &kept, size);
    if (s != (ok ? GLB_OK : GLB_ERR_FORMAT))
        fail_msg("%s = %d: status %d", what, (int)value, (int)s);
    if (!ok) {
        assert_null(q);
        assert_non_null(strstr(glb_error(), "outside of the array or graph"));
    }
    glb_program_free(q);
}

/* Places run from 0 to count - 1; new weights are written to them without another look. */
static void places_at_their_limits(void **state) {
    (void)state;
    struct glb_graph *g;
    struct glb_program *p = with_segments(&g);
    const int tiles = p->array.tiles, lanes = p->array.lanes, words = 1 << p->array.gw;
    struct glb_read_ref *r = &p->reads[p->nreads - 1];
    struct glb_bias_ref *b = NULL;
    for (int k = 0; k < p->nbias; k++)
        if (p->bias[k].entry2 >= 0)
            b = &p->bias[k];
    if (!b) {
        b = &p->bias[p->nbias - 1];
        b->tile2 = 0;
        b->entry2 = 0;
    }
    struct glb_slot *s = &p->slot[p->n * p->copies - 1];
    struct glb_segment *last = &p->seg[p->nseg - 1];
    const struct {
        void *field;
        size_t size;
        int count;
        const char *what;
    } place[] = {
        {&r->edge, 4, p->m, "edge of a read"},
        {&r->to, 4, p->n, "p-bit of a read"},
        {&r->tile, 2, tiles, "tile of a read"},
        {&r->lane, 2, lanes, "lane of a read"},
        {&r->entry, 4, p->c_used, "entry of a read"},
        {&b->to, 4, p->n, "p-bit of a bias"},
        {&b->tile, 2, tiles, "tile of a bias"},
        {&b->entry, 4, p->c_used, "entry of a bias"},
        {&b->tile2, 2, tiles, "second tile of a bias"},
        {&b->entry2, 4, p->c_used, "second entry of a bias"},
        {&s->tile, 2, tiles, "tile of a slot"},
        {&s->lane, 2, lanes, "lane of a slot"},
        {&s->g, 2, words, "word of a slot"},
        {&last->s_start, 4, p->s_used - last->s_len + 1, "start of a segment"},
        {&last->s_len, 4, p->s_used - last->s_start + 1, "length of a segment"},
        {&last->c_start, 4, p->c_used + 1, "first entry of a segment"},
        {&last->wp_start, 4, words + 1, "first word of a segment"},
    };
    for (size_t k = 0; k < sizeof place / sizeof place[0]; k++) {
        const int n = place[k].count;
        expect_load(p, place[k].field, place[k].size, n - 1, true, place[k].what);
        expect_load(p, place[k].field, place[k].size, n, false, place[k].what);
        expect_load(p, place[k].field, place[k].size, 0, true, place[k].what);
        if (place[k].field != &b->entry2) /* -1: the bias has one half only */
            expect_load(p, place[k].field, place[k].size, -1, false, place[k].what);
    }
    expect_load(p, &b->constant, 4, 1 << 24, true, "constant of a bias");
    expect_load(p, &b->constant, 4, (1 << 24) + 1, false, "constant of a bias");
    expect_load(p, &b->constant, 4, -(1 << 24), true, "constant of a bias");
    expect_load(p, &b->constant, 4, -(1 << 24) - 1, false, "constant of a bias");
    glb_program_free(p);
    glb_graph_free(g);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_comes_back),
        cmocka_unit_test(places_at_their_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
