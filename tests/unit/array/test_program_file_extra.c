/* Program files with segments that count, dump and hold: they come back as saved, and no number
 * that points outside of the array is read, each at its first wrong value on either side.
 * SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "compiler/counting/counting.h"
#include "files/hdf5_store.h"
#include "support/random_graph.h"

enum { N = 20, SEGMENTS = 2 };

static char path[] = "/tmp/glb-test-program-XXXXXX";
static struct glb_graph *graph;
static struct glb_program *p;
static int hold;

/* On an array of 8 chains: two parts of a sum. */
static void make(void) {
    int32_t list[N];
    struct glb_segment_spec spec[SEGMENTS] = {{list + 1, N - 1}, {list, 1}};
    struct glb_count_want want[4 * N];
    int wanted = 0, counted;
    for (int i = 0; i < N; i++)
        list[i] = i;
    const struct glb_compile_options o = {.segments = spec, .nsegments = SEGMENTS};
    graph = random_graph(N, 20, 1, 0);
    p = compile_ok(graph, "tiny4", &o, NULL);
    for (int e = 0; e < graph->m; e++)
        want[wanted++] = (struct glb_count_want){graph->ei[e], graph->ej[e]};
    for (int i = 0; i < N; i++)
        want[wanted++] = (struct glb_count_want){i, -1};
    assert_int_equal(glb_program_add_hold(p, 1, &hold), GLB_OK);
    assert_int_equal(glb_program_add_counts(p, want, wanted, NULL, &counted), GLB_OK);
    assert_int_equal(counted, wanted);
    assert_int_equal(p->dumps, 2);
}

static enum glb_status again(struct glb_program **q) {
    assert_int_equal(glb_program_save(p, path), GLB_OK);
    return glb_program_load(path, q);
}

static void all_comes_back(void **state) {
    struct glb_program *q;
    (void)state;
    if (again(&q))
        fail_msg("%s", glb_error());
    assert_true(same_images(p, q));
    assert_true(q->nseg == p->nseg && q->nextra == p->nextra && q->ncount == p->ncount);
    assert_true(q->sums_first == p->sums_first && q->sums == p->sums);
    assert_true(q->count_first == p->count_first && q->counts == p->counts);
    assert_true(q->dump_first == p->dump_first && q->dumps == p->dumps);
    for (int s = 0; s < p->nseg + p->nextra; s++) {
        const struct glb_segment *a = &p->seg[s], *b = &q->seg[s];
        assert_true(a->s_start == b->s_start && a->s_len == b->s_len && a->c_start == b->c_start);
        assert_true(a->wp_start == b->wp_start && a->flips == b->flips && a->mode == b->mode);
        assert_int_equal(a->part, b->part);
    }
    for (int k = 0; k < p->ncount; k++) {
        const struct glb_count_ref *a = &p->count[k], *b = &q->count[k];
        assert_true(a->i == b->i && a->j == b->j && a->tile == b->tile && a->entry == b->entry);
    }
    assert_int_equal(glb_program_verify(q, graph), GLB_OK);
    glb_program_free(q);
}

/* A hold alone is format 2 as well. */
static void a_hold_alone(void **state) {
    struct glb_program *q, whole = *p;
    (void)state;
    p->nextra = 1;
    p->ncount = p->sums = p->sums_first = p->counts = p->count_first = p->dumps = 0;
    p->dump_first = 0;
    const enum glb_status s = again(&q);
    *p = whole;
    if (s)
        fail_msg("%s", glb_error());
    assert_true(q->nextra == 1 && q->seg[2].mode == GLB_SEGMENT_HOLDS && q->ncount == 0);
    assert_int_equal(glb_program_verify(q, graph), GLB_OK);
    glb_program_free(q);
}

/* A program without them is a file of format 1, which older versions read; a later format is
 * refused in plain words. */
static void formats(void **state) {
    int64_t header[16];
    struct glb_program *q;
    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        const int nextra = p->nextra;
        p->nextra = extra ? nextra : 0;
        assert_int_equal(glb_program_save(p, path), GLB_OK);
        p->nextra = nextra;
        struct glb_hdf5_store f;
        glb_hdf5_open(&f, path);
        glb_hdf5_get_array(&f, "header", GLB_ELEMENT_INT64, 16, header);
        assert_int_equal(glb_hdf5_has(&f, "sums"), extra);
        assert_int_equal(glb_hdf5_close(&f), GLB_OK);
        assert_int_equal(header[0], 1 + extra);
        assert_int_equal(glb_program_load(path, &q), GLB_OK);
        assert_int_equal(q->nextra, extra ? nextra : 0);
        glb_program_free(q);
    }
    struct glb_hdf5_store f;
    header[0] = 4;
    glb_hdf5_create(&f, path);
    glb_hdf5_put_array(&f, "header", GLB_ELEMENT_INT64, 16, header);
    glb_hdf5_put_array(&f, "counts", GLB_ELEMENT_INT64, 2, header);
    glb_hdf5_put_array(&f, "u", GLB_ELEMENT_DOUBLE, 1, &p->u);
    glb_hdf5_put_array(&f, "graph_hash", GLB_ELEMENT_UINT64, 1, &p->graph_hash);
    assert_int_equal(glb_hdf5_close(&f), GLB_OK);
    assert_int_equal(glb_program_load(path, &q), GLB_ERR_FORMAT);
    assert_non_null(strstr(glb_error(),
                           "program format 4, this version reads 1 to 3; compile the graph again"));
}

/* The file with another value in a field: is it read? */
static void wide(int *field, int value, int ok, const char *what) {
    struct glb_program *q = NULL;
    const int old = *field;
    *field = value;
    const enum glb_status s = again(&q);
    *field = old;
    if (s != (ok ? GLB_OK : GLB_ERR_FORMAT))
        fail_msg("%s = %d: %s", what, value, ok ? glb_error() : "is not refused");
    if (!ok)
        assert_non_null(strstr(glb_error(), path));
    glb_program_free(q);
}

static void narrow(int16_t *field, int value, int ok, const char *what) {
    struct glb_program *q = NULL;
    const int16_t old = *field;
    *field = (int16_t)value;
    const enum glb_status s = again(&q);
    *field = old;
    if (s != (ok ? GLB_OK : GLB_ERR_FORMAT))
        fail_msg("%s = %d: %s", what, value, ok ? glb_error() : "is not refused");
    glb_program_free(q);
}

/* Lowest and highest value that is read. */
#define RANGE(set, field, low, high)                                                               \
    do {                                                                                           \
        const int lowest = (low), highest = (high);                                                \
        set(&(field), lowest - 1, 0, #field);                                                      \
        set(&(field), lowest, 1, #field);                                                          \
        set(&(field), highest, 1, #field);                                                         \
        set(&(field), highest + 1, 0, #field);                                                     \
    } while (0)

static void sums_lie_in_the_memory(void **state) {
    (void)state;
    const int last = p->sums_first + p->sums - 1;
    for (int k = 0; k < p->ncount; k += p->ncount - 1) {
        struct glb_count_ref *r = &p->count[k];
        RANGE(wide, r->i, 0, N - 1);
        RANGE(wide, r->j, -1, N - 1);
        RANGE(narrow, r->tile, 0, p->array.tiles - 1);
        RANGE(wide, r->entry, p->sums_first, last);
    }
    wide(&p->sums_first, p->c_used - 1, 0, "sums_first");
    p->sums++; /* whose first would be the last coupling word */
    wide(&p->sums_first, p->c_used - 1, 0, "sums_first");
    p->sums--;
    wide(&p->sums, p->array.cdepth - p->sums_first + 1, 0, "sums");
    wide(&p->sums, p->array.cdepth - p->sums_first, 1, "sums");
    wide(&p->sums, 0, 0, "sums");
}

static void segments_have_their_places(void **state) {
    (void)state;
    const int words = 1 << p->array.gw, end = p->sums_first + p->sums;
    struct glb_segment *count = &p->seg[p->count_first], *dump = &p->seg[p->dump_first],
                       *held = &p->seg[hold];
    RANGE(wide, held->s_start, 0, p->s_used - held->s_len);
    RANGE(wide, held->s_len, 0, p->s_used - held->s_start);
    RANGE(wide, held->c_start, 0, p->c_used);
    RANGE(wide, held->wp_start, 0, words);
    RANGE(wide, count->s_start, 0, p->s_used - count->s_len);
    RANGE(wide, count->s_len, 0, p->s_used - count->s_start);
    RANGE(wide, count->c_start, p->sums_first, end - 1);
    RANGE(wide, dump->s_start, 0, p->s_used - dump->s_len);
    RANGE(wide, dump->s_len, 1, p->sums);
    RANGE(wide, dump->c_start, p->sums_first, p->sums_first);
    RANGE(wide, dump->part, 0, 1);
    wide(&held->part, 1, 0, "held->part");
    wide(&count->part, 1, 0, "count->part");
    for (int mode = -1; mode <= GLB_SEGMENT_DUMPS + 1; mode++) {
        const enum glb_segment_mode m = (enum glb_segment_mode)mode;
        for (int s = hold; s <= p->dump_first; s++) {
            const enum glb_segment_mode old = p->seg[s].mode;
            struct glb_program *q = NULL;
            p->seg[s].mode = m;
            const enum glb_status is = again(&q);
            p->seg[s].mode = old;
            assert_int_equal(is, m == old ? GLB_OK : GLB_ERR_FORMAT);
            glb_program_free(q);
        }
    }
    wide(&p->count_first, p->nseg - 1, 0, "count_first");
    wide(&p->count_first, p->nseg + p->nextra, 0, "count_first");
    wide(&p->dump_first, p->dump_first + 1, 0, "dump_first");
    wide(&p->counts, 0, 0, "counts");
    wide(&p->counts, -1, 0, "counts");
    wide(&p->dumps, p->dumps + 1, 0, "dumps");
    wide(&p->dumps, 0, 0, "dumps");
    wide(&p->dumps, -1, 0, "dumps");
}

int main(void) {
    const int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    make();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_comes_back),
        cmocka_unit_test(a_hold_alone),
        cmocka_unit_test(formats),
        cmocka_unit_test(sums_lie_in_the_memory),
        cmocka_unit_test(segments_have_their_places),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    glb_program_free(p);
    glb_graph_free(graph);
    unlink(path);
    return failed;
}
