/* The verifier on counting segments, dumps and holds: what is damaged must be noticed, and named
 * with its segment. SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler/counting/counting.h"
#include "support/random_graph.h"

enum { HUBS = 2 };

static struct glb_graph *graph;
static struct glb_program *p;
static int hold;

/* Segments: the p-bits but two; these, which are hubs that the others read
 * through copies; then the second one held, counts, dumps. */
static void make(const char *array, int n, int m) {
    int32_t list[200];
    struct glb_segment_spec spec[2] = {{list + HUBS, n - HUBS}, {list, HUBS}};
    struct glb_count_want want[1000];
    int wanted = 0, counted;
    for (int i = 0; i < n; i++)
        list[i] = i;
    graph = random_graph(n, m, HUBS, 0);
    const struct glb_compile_options o = {.segments = spec, .nsegments = 2, .hub_degree = 50};
    p = compile_ok(graph, array, &o, NULL);
    for (int e = 0; e < graph->m; e++)
        want[wanted++] = (struct glb_count_want){graph->ei[e], graph->ej[e]};
    for (int i = 0; i < n; i++)
        want[wanted++] = (struct glb_count_want){i, -1};
    assert_int_equal(glb_program_add_hold(p, 1, &hold), GLB_OK);
    if (glb_program_add_counts(p, want, wanted, NULL, &counted))
        fail_msg("%s", glb_error());
    assert_int_equal(counted, wanted);
    if (glb_program_verify(p, graph))
        fail_msg("%s", glb_error());
}

static void forget(void) {
    glb_program_free(p);
    glb_graph_free(graph);
}

static void expect(const char *what, int seg) {
    char where[40];
    snprintf(where, sizeof where, "verify: segment %d ", seg);
    if (glb_program_verify(p, graph) != GLB_ERR_FORMAT)
        fail_msg("missed: %s", what);
    if (!strstr(glb_error(), what) || (seg >= 0 && strncmp(glb_error(), where, strlen(where))))
        fail_msg("%s, expected in segment %d: %s", glb_error(), seg, what);
}

#define DAMAGED(field, value, what, seg)                                                           \
    do {                                                                                           \
        const __typeof__(field) intact = (field);                                                  \
        (field) = (value);                                                                         \
        expect(what, seg);                                                                         \
        (field) = intact;                                                                          \
    } while (0)

/* The n-th word of the counting segment with this op; after another op the tile counts at once. */
static uint32_t *op_word(int op, int n) {
    const struct glb_segment *g = &p->seg[p->count_first];
    const int tiles = p->array.tiles;
    for (int k = g->s_start * tiles; k < (g->s_start + g->s_len - 1) * tiles; k++)
        if ((int)(p->sched[k] & ((1u << p->array.ow) - 1)) == op &&
            (op == 3 || (p->sched[k + tiles] & ((1u << p->array.ow) - 1)) == 3) && n-- == 0)
            return &p->sched[k];
    fail_msg("no op %d", op);
    return NULL;
}

static void ops(void **state) {
    (void)state;
    make("small", 200, 300);
    const uint32_t mask = (1u << p->array.ow) - 1;
    const int count = p->count_first;
    for (int n = 0; n < 300; n += 7) {
        uint32_t *word = op_word(3, n);
        DAMAGED(*word, *word & ~mask, "", count);       /* a count is left out */
        DAMAGED(*word, (*word & ~mask) | 1, "", count); /* its word is kept instead */
        DAMAGED(*word, (*word & ~mask) | 2, "", count); /* ones are */
    }
    for (int n = 0; n < 20; n++) {
        uint32_t *word = op_word(1, n);
        DAMAGED(*word, *word & ~mask, "a sum of other p-bits than the program lists", count);
        DAMAGED(*word, *word | 2, "", count); /* counted instead of kept */
    }
    uint32_t *ones = op_word(2, 0);
    DAMAGED(*ones, *ones & ~mask, "a sum of other p-bits than the program lists", count);
    forget();
    make("tiny4", 40, 40);
    uint32_t *word = op_word(3, 0);
    DAMAGED(*word, *word + 1, "an op does not exist in a counting segment", p->count_first);
    forget();
}

/* Words of banks that count, and paths, one at a time. */
static void words_and_paths(void **state) {
    int missed = 0;
    (void)state;
    make("small", 200, 300);
    const struct glb_array *a = &p->array;
    const struct glb_segment *g = &p->seg[p->count_first];
    const int chunks = glb_array_chunks(a);
    for (int c = g->s_start; c < g->s_start + g->s_len; c++) {
        int busy = 0;
        for (int t = 0; t < a->tiles; t++)
            busy += (p->sched[c * a->tiles + t] & 3) == 3;
        if (busy < a->tiles / 2)
            continue;
        uint16_t *net = &p->net[c * chunks];
        for (int k = 0; k < chunks; k++)
            net[k] ^= 0xffff;
        expect("", p->count_first);
        for (int k = 0; k < chunks; k++)
            net[k] ^= 0xffff;
        for (int t = 0; t < a->tiles; t++) { /* another word of all banks */
            p->sched[c * a->tiles + t] ^= 1u << a->ow;
        }
        expect("", p->count_first);
        for (int t = 0; t < a->tiles; t++)
            p->sched[c * a->tiles + t] ^= 1u << a->ow;
    }
    for (int n = 0; n < 40; n++) { /* a single address: only banks whose word is used matter */
        uint32_t *word = &p->sched[(g->s_start + n) * a->tiles + n % a->tiles];
        *word ^= 1u << a->ow;
        missed += glb_program_verify(p, graph) == GLB_OK;
        *word ^= 1u << a->ow;
    }
    assert_in_range(missed, 0, 20);
    assert_int_equal(glb_program_verify(p, graph), GLB_OK);
    forget();
}

static void sums(void **state) {
    (void)state;
    make("small", 200, 300);
    const int count = p->count_first;
    struct glb_count_ref *pair = &p->count[5], *single = &p->count[p->ncount - 1];
    DAMAGED(pair->i, pair->i ? 0 : 1, "a sum of other p-bits than the program lists", count);
    DAMAGED(pair->j, -1, "a sum of other p-bits than the program lists", count);
    DAMAGED(single->j, 199, "", count);
    DAMAGED(pair->entry, p->sums_first - 1, "a sum has no place", -1);
    DAMAGED(pair->entry, p->sums_first + p->sums, "a sum has no place", -1);
    DAMAGED(pair->tile, 16, "a sum has no place", -1);
    DAMAGED(pair->tile, -1, "a sum has no place", -1);
    DAMAGED(pair->j, 200, "a sum has no place", -1);
    DAMAGED(pair->j, -2, "a sum has no place", -1);
    struct glb_count_ref moved = p->count[6];
    DAMAGED(*pair, moved, "two sums have one entry", -1);
    DAMAGED(p->ncount, p->ncount - 1, "a sum that the program does not list", count);
    DAMAGED(p->sums_first, p->c_used - 1, "sums outside of their place", -1);
    DAMAGED(p->sums, p->array.cdepth - p->sums_first + 1, "sums outside of their place", -1);
    DAMAGED(p->seg[count].c_start, p->sums_first + 1, "", count);
    DAMAGED(p->seg[count].c_start, p->sums_first - 1, "a sum outside of the sums' entries", count);
    DAMAGED(p->seg[count].s_len, p->seg[count].s_len / 2, "a sum is never counted", -1);
    DAMAGED(p->seg[count].s_len, p->seg[count].s_len + 1, "a segment leaves the schedule", count);
    DAMAGED(p->seg[count].flips, 1, "flips is wrong", count);
    forget();
}

static void twice(void **state) {
    (void)state;
    make("small", 200, 300);
    const int first = p->dump_first, dumps = p->dumps;
    assert_true(p->nseg + p->nextra < GLB_SEGMENTS);
    memmove(&p->seg[first + 1], &p->seg[first], sizeof p->seg[0] * (size_t)dumps);
    p->seg[first] = p->seg[p->count_first];
    p->counts++;
    p->dump_first++;
    p->nextra++;
    expect("a sum is counted twice", first);
    /* an empty one does no harm */
    struct glb_segment *half = &p->seg[p->count_first];
    half[1].s_start += half[1].s_len;
    half[1].s_len = 0;
    if (glb_program_verify(p, graph))
        fail_msg("%s", glb_error());
    forget();
}

static void dumps_and_holds(void **state) {
    static const char *const arrays[] = {"small", "tiny4"};
    (void)state;
    for (int k = 0; k < 2; k++) {
        if (k == 0)
            make(arrays[k], 200, 300);
        else
            make(arrays[k], 40, 40);
        const int first = p->dump_first, last = first + p->dumps - 1;
        struct glb_segment *dump = &p->seg[last], *held = &p->seg[hold];
        assert_true(p->dumps > 1);
        DAMAGED(dump->c_start, dump->c_start + 1, "a dump does not bring the next sums", last);
        DAMAGED(dump->s_len, dump->s_len - 1, "a dump does not bring the next sums", last);
        DAMAGED(dump->s_len, dump->s_len + 1, "a dump does not bring the next sums", last);
        DAMAGED(dump->part, dump->part + 1, "a dump does not bring the next sums", last);
        DAMAGED(dump->wp_start, 1, "a dump does not begin at word 0", last);
        DAMAGED(p->seg[first].mode, GLB_SEGMENT_COUNTS, "a segment is of the wrong kind", first);
        DAMAGED(p->seg[0].mode, GLB_SEGMENT_HOLDS, "a segment is of the wrong kind", 0);
        if (dump->s_len < 1 << p->array.gw) { /* the last but one is not full */
            dump->c_start--;
            dump->s_len++;
            DAMAGED(dump[-1].s_len, dump[-1].s_len - 1, "a dump does not bring the next sums",
                    last - 1);
            dump->c_start++;
            dump->s_len--;
        }
        p->nextra--; /* the last dump is gone */
        DAMAGED(p->dumps, p->dumps - 1, "dumps do not bring all sums", -1);
        p->nextra++;
        DAMAGED(p->nextra, p->nextra - 1, "segments that do not exist", -1);
        DAMAGED(p->nextra, GLB_SEGMENTS, "segments that do not exist", -1);
        DAMAGED(held->s_len, held->s_len - 1, "a segment that holds is none of the sweep's", hold);
        DAMAGED(held->c_start, 0, "a segment that holds is none of the sweep's", hold);
        DAMAGED(held->wp_start, 0, "a segment that holds is none of the sweep's", hold);
        DAMAGED(held->flips, 0, "a segment that holds is none of the sweep's", hold);
        DAMAGED(held->mode, GLB_SEGMENT_SAMPLES, "a segment is of the wrong kind", hold);
        struct glb_segment other = p->seg[0];
        other.mode = GLB_SEGMENT_HOLDS;
        if (k == 0) /* where the hubs' copies are */
            DAMAGED(*held, other, "a segment is held that makes copies of p-bits", hold);
        forget();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ops),   cmocka_unit_test(words_and_paths), cmocka_unit_test(sums),
        cmocka_unit_test(twice), cmocka_unit_test(dumps_and_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
