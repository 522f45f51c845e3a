/* The verifier: damaged images must be noticed; partial sums by hand. SPDX-License-Identifier:
 * Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "array/coupling_word.h"
#include "support/random_graph.h"

/* The words of a program that can be damaged, and their values as compiled. */
struct words {
    void *at[3], *intact[3];
    size_t size[3];
};

static struct words keep_words(struct glb_program *p) {
    const struct glb_array *a = &p->array;
    const size_t clocks = (size_t)p->s_used, tiles = (size_t)a->tiles;
    struct words w = {{p->sched, p->net, p->coupling},
                      {NULL},
                      {clocks * tiles * sizeof *p->sched,
                       clocks * (size_t)((a->nb + 15) / 16) * sizeof *p->net,
                       (size_t)p->c_used * tiles * sizeof *p->coupling}};
    for (int k = 0; k < 3; k++) {
        assert_non_null(w.intact[k] = malloc(w.size[k]));
        memcpy(w.intact[k], w.at[k], w.size[k]);
    }
    return w;
}

static void restore_words(const struct words *w) {
    for (int k = 0; k < 3; k++)
        memcpy(w->at[k], w->intact[k], w->size[k]);
}

/* Every kind of damage is noticed. Damage that changes nothing (a switch that no path uses) does
 * not count. */
static void damaged_images(void **state) {
    (void)state;
    struct glb_graph *g = random_graph(100, 300, 1, 1);
    const struct glb_compile_options o = {.hub_degree = 60};
    int kinds[6] = {0};
    struct glb_program *p = compile_ok(g, "small", &o, NULL);
    const struct glb_array *a = &p->array;
    struct words intact = keep_words(p);
    for (int round = 0; round < 240; round++) {
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
        restore_words(&intact);
    }
    assert_int_equal(glb_program_verify(p, g), GLB_OK);
    for (int k = 0; k < 6; k++)
        if (kinds[k])
            fail_msg("damage of kind %d was missed %d times of 40", k, kinds[k]);
    for (int k = 0; k < 3; k++)
        free(intact.intact[k]);
    glb_program_free(p);
    glb_graph_free(g);
}

/* A program by hand: one p-bit in tile 0, lane 1; after its update, tile 0 does what the test adds
 * with lane 0. */
enum { CLOCKS = 100 };

struct by_hand {
    struct glb_program p;
    struct glb_graph *g;
    uint32_t sched[CLOCKS * GLB_MAX_TILES];
    uint16_t net[CLOCKS * GLB_MAX_TILES];
    uint64_t coupling[GLB_MAX_TILES * CLOCKS];
    struct glb_slot slot;
    int32_t qbias;
    bool clamped;
};

static void add_entry(struct by_hand *h, uint64_t word) {
    const struct glb_array *a = &h->p.array;
    h->sched[h->p.s_used++ * a->tiles] = (uint32_t)(1 << a->gw << a->ow | a->ctrl);
    h->coupling[h->p.c_used++] = word;
}

/* Lane 0 adds the p-bit's state times w. */
static void add_weighted(struct by_hand *h, int w) {
    const struct glb_array *a = &h->p.array;
    add_entry(h, ((uint64_t)w & ((1u << a->jw) - 1)) << a->ow);
}

static void add_read(struct by_hand *h) {
    add_weighted(h, 1);
}

static void add_ctrl(struct by_hand *h, int bias, int dbl, int clr, int we, int lane) {
    add_entry(h, glb_ctrl_word(&h->p.array, bias, dbl, clr, we, 0, lane));
}

static struct by_hand *start_by_hand(void) {
    struct by_hand *h = calloc(1, sizeof *h);
    assert_non_null(h);
    const struct glb_array *a = glb_array_find("25f");
    assert_int_equal(glb_graph_new(1, 0, &h->g), GLB_OK);
    assert_int_equal(glb_graph_finish(h->g), GLB_OK);
    h->slot = (struct glb_slot){.lane = 1};
    h->p = (struct glb_program){.array = *a,
                                .n = 1,
                                .copies = 1,
                                .nseg = 1,
                                .sched = h->sched,
                                .net = h->net,
                                .coupling = h->coupling,
                                .slot = &h->slot,
                                .qbias = &h->qbias,
                                .clamped = &h->clamped};
    for (int c = 0; c < a->chains; c++)
        h->sched[h->p.s_used++ * a->tiles] = 2; /* noise for lane 1 */
    add_ctrl(h, 0, 0, 1, 1, 1);
    return h;
}

static enum glb_status verify_by_hand(struct by_hand *h) {
    h->p.seg[0] = (struct glb_segment){.s_len = h->p.s_used, .flips = (uint32_t)h->p.array.chains};
    const enum glb_status s = glb_program_verify(&h->p, h->g);
    glb_graph_free(h->g);
    free(h);
    return s;
}

/* Sums are modulo 2^ACC: after many doublings nothing is left, and a relay may follow. */
static void many_doublings(void **state) {
    (void)state;
    struct by_hand *h = start_by_hand();
    add_read(h);
    add_ctrl(h, 5, 0, 0, 1, 0);
    for (int k = 0; k < 40; k++)
        add_ctrl(h, 0, 1, k == 39, 0, 0);
    add_ctrl(h, 5, 0, 0, 1, 0);
    for (int k = 0; k < 12; k++)
        add_ctrl(h, 0, 1, 0, 0, 0);
    add_read(h);
    add_ctrl(h, -1, 0, 1, 1, 0);
    if (verify_by_hand(h) != GLB_OK)
        fail_msg("%s", glb_error());
}

/* Digits belong to one sum: it must not change before the last of them. */
static void partial_sums_do_not_change(void **state) {
    (void)state;
    for (int change = 0; change < 2; change++) {
        struct by_hand *h = start_by_hand();
        add_read(h);
        add_ctrl(h, 5, 0, 0, 1, 0);
        if (change)
            add_read(h);
        add_ctrl(h, 0, 1, 1, 1, 0);
        assert_int_equal(verify_by_hand(h), change ? GLB_ERR_FORMAT : GLB_OK);
        if (change)
            assert_non_null(strstr(glb_error(), "tile 0: a result that means nothing is written"));
    }
}

/* The state memory has one port: while a bank writes, it cannot be read; before, the old word is
 * there, afterwards the new one. */
static void a_read_may_not_meet_the_write(void **state) {
    (void)state;
    for (int late = -2; late <= 2; late++) {
        struct by_hand *h = start_by_hand();
        h->p.s_used += h->p.array.wl - 1 + late; /* the update's CTRL was one clock before */
        add_read(h);
        add_ctrl(h, -1, 0, 1, 1, 0);
        assert_int_equal(verify_by_hand(h), late ? GLB_OK : GLB_ERR_FORMAT);
        if (!late)
            assert_non_null(strstr(glb_error(), "a read meets the bank's write"));
    }
}

/* A helper's word stands for the p-bit if it is up exactly where the p-bit is: w b + bias >= 0 for
 * b = 1 and not for b = 0. */
static void a_copy_follows_the_state(void **state) {
    (void)state;
    for (int w = -3; w <= 3; w++)
        for (int bias = -5; bias <= 2; bias++) {
            if (w == 0)
                continue;
            struct by_hand *h = start_by_hand();
            add_weighted(h, w);
            add_ctrl(h, bias, 0, 1, 1, 0);
            const bool copy = bias < 0 && w + bias >= 0;
            if (verify_by_hand(h) != (copy ? GLB_OK : GLB_ERR_FORMAT))
                fail_msg("weight %d, bias %d: a copy: %d", w, bias, copy);
            if (!copy)
                assert_non_null(strstr(glb_error(), "a relay does not copy"));
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_images),
        cmocka_unit_test(many_doublings),
        cmocka_unit_test(partial_sums_do_not_change),
        cmocka_unit_test(a_read_may_not_meet_the_write),
        cmocka_unit_test(a_copy_follows_the_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
