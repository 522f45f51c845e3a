/* Weights to adders. The r-th neighbours of a group's updates are gathered into a slot; the binary
 * digits of their weights add it to bit planes of the sum, all parts of it or, masked, those whose
 * weight has the digit; counters reduce each plane to one bit. A negative weight takes the
 * complement, -w x = w (1 - x) - w. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "emulator/plan.h"

enum { MOST_PLANES = 16, COUNTER = 7, ADDER = 3, MIN_COUNTER = 5, SORT_BY_HAND = 64 };

/* A page begins with them: byte offset, or number of a slot of any size. */
enum { ZEROS = 0 };

struct item {
    uint32_t offset, mask;
};

struct glb_emu_adders {
    int planes;
    uint32_t scratch;               /* byte offset of the next result */
    struct item *some[MOST_PLANES]; /* that wait to be added, masked */
    uint32_t *all[MOST_PLANES];     /* and without a mask */
    int some_first[MOST_PLANES], some_end[MOST_PLANES], first[MOST_PLANES], end[MOST_PLANES];
    uint32_t *out; /* next free number of the plan */
};

/* A plane's items: one for every slot, a fifth of two lower planes' and of its own. */
static size_t plane_room(size_t terms) {
    return 3 * terms + 64;
}

size_t glb_emu_group_room(int acc, size_t terms) {
    const size_t planes = (size_t)acc * plane_room(terms);
    return terms * GLB_SLOT_PARTS + 4 * planes + GLB_MOST_RESULTS * GLB_SLOT_PARTS;
}

struct glb_emu_adders *glb_emu_adders_new(int acc, size_t terms) {
    const size_t n = plane_room(terms);
    struct glb_emu_adders *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->planes = acc;
    for (int p = 0; p < acc; p++)
        if (!(b->some[p] = malloc(n * sizeof *b->some[p])) ||
            !(b->all[p] = malloc(n * sizeof *b->all[p]))) {
            glb_emu_adders_free(b);
            return NULL;
        }
    return b;
}

void glb_emu_adders_free(struct glb_emu_adders *b) {
    for (int p = 0; b && p < MOST_PLANES; p++) {
        free(b->some[p]);
        free(b->all[p]);
    }
    free(b);
}

/* ---- items ---- */

static void push(struct glb_emu_adders *b, int plane, uint32_t offset) {
    if (plane < b->planes) /* carries beyond the accumulator are lost */
        b->all[plane][b->end[plane]++] = offset;
}

static int count(const struct glb_emu_adders *b, int plane) {
    return b->end[plane] - b->first[plane];
}

static int count_some(const struct glb_emu_adders *b, int plane) {
    return b->some_end[plane] - b->some_first[plane];
}

static void results(struct glb_emu_adders *b, int plane, int n) {
    for (int i = 0; i < n; i++, b->scratch += GLB_SLOT_BYTES)
        push(b, plane + i, b->scratch);
}

/* One counter (7 -> 3 bits) or adder (3 -> 2 bits) on a plane. */
static void reduce(struct glb_emu_adders *b, int plane, int inputs, int outputs) {
    for (int i = 0; i < inputs; i++)
        *b->out++ = count(b, plane) ? b->all[plane][b->first[plane]++] : ZEROS;
    results(b, plane, outputs);
}

static void reduce_some(struct glb_emu_adders *b, int plane, int inputs, int outputs) {
    for (int i = 0; i < inputs; i++) {
        const int more = count_some(b, plane) > 0;
        const struct item none = {ZEROS, 0};
        const struct item *x = more ? &b->some[plane][b->some_first[plane]++] : &none;
        b->out[i] = x->offset;
        b->out[inputs + i] = x->mask;
    }
    b->out += 2 * inputs;
    results(b, plane, outputs);
}

static void reduce_all(struct glb_emu_adders *b, struct glb_emu_group *g) {
    for (int p = 0; p < b->planes; p++)
        for (; count_some(b, p) >= MIN_COUNTER; g->m7++)
            reduce_some(b, p, COUNTER, 3);
    for (int p = 0; p < b->planes; p++)
        for (; count_some(b, p) >= 2; g->m3++)
            reduce_some(b, p, ADDER, 2);
    for (int p = 0; p < b->planes; p++)
        for (; count_some(b, p) >= 1; g->m1++)
            reduce_some(b, p, 1, 1);
    for (int p = 0; p < b->planes; p++)
        for (; count(b, p) >= MIN_COUNTER; g->n7++)
            reduce(b, p, COUNTER, 3);
    for (int p = 0; p < b->planes; p++)
        for (; count(b, p) >= 2; g->n3++)
            reduce(b, p, ADDER, 2);
    int first = 0, end = b->planes;
    while (end > 0 && count(b, end - 1) == 0)
        end--;
    while (first < end && count(b, first) == 0)
        first++;
    for (int p = first; p < end; p++)
        *b->out++ = count(b, p) ? b->all[p][b->first[p]] : ZEROS;
    g->plane = (uint8_t)first;
    g->nplanes = (uint8_t)(end - first);
}

/* ---- slots and their digits ---- */

static int larger(const void *a, const void *b) {
    const uint32_t x = ((const struct glb_emu_term *)a)->size;
    const uint32_t y = ((const struct glb_emu_term *)b)->size;
    return (x < y) - (x > y);
}

/* Large ones first: then the slots of most planes are full. */
static void sort(struct glb_emu_term *t, size_t n) {
    if (n > SORT_BY_HAND) {
        qsort(t, n, sizeof *t, larger);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        const struct glb_emu_term x = t[i];
        size_t k = i;
        for (; k > 0 && t[k - 1].size < x.size; k--)
            t[k] = t[k - 1];
        t[k] = x;
    }
}

static uint32_t common_factor(const struct glb_emu_term *t, size_t n, uint32_t f) {
    for (size_t i = 0; i < n && f != 1; i++)
        for (uint32_t x = t[i].size, r; x; x = r) {
            r = f % x;
            f = x;
        }
    return f;
}

/* One update a slot: its words are read in place, with the fewest digits, no two neighbours. */
static void add_in_place(struct glb_emu_adders *b, const struct glb_emu_term *t, size_t n,
                         uint32_t factor, struct glb_emu_group *g) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t size = t[i].size / factor, triple = 3 * size;
        const uint32_t offset = t[i].slot * GLB_SLOT_BYTES;
        uint32_t plus = (triple & ~size) >> 1, minus = (size & ~triple) >> 1;
        g->bias[0] = (int16_t)(g->bias[0] - (int)(factor * minus));
        for (; plus; plus &= plus - 1)
            push(b, __builtin_ctz(plus), offset);
        for (; minus; minus &= minus - 1)
            push(b, __builtin_ctz(minus), offset ^ GLB_SLOT_BYTES);
    }
}

/* The r-th terms of n updates. */
static void gather(struct glb_emu_adders *b, const struct glb_emu_plan *p,
                   struct glb_emu_term *const *term, const size_t *count, int n, size_t r) {
    const int updates = GLB_SLOT_PARTS / p->parts;
    const uint32_t bytes = 2 * (uint32_t)p->parts;
    uint16_t slot[GLB_SLOT_PARTS];
    for (int i = 0; i < updates; i++) {
        const uint32_t s = i < n && r < count[i] ? term[i][r].slot : ZEROS;
        if (p->parts > 1)
            *b->out++ = s * bytes;
        else if (p->wide)
            *b->out++ = s;
        else
            slot[i] = (uint16_t)s;
    }
    if (p->parts > 1 || p->wide)
        return;
    memcpy(b->out, slot, sizeof slot);
    b->out += sizeof slot / (sizeof *b->out);
}

static void add_slot(struct glb_emu_adders *b, int parts, struct glb_emu_term *const *term,
                     const size_t *count, int n, size_t r, uint32_t factor, uint32_t offset) {
    uint32_t with[32] = {0}, has = 0, any = 0;
    for (int i = 0; i < n; i++)
        if (r < count[i]) {
            const uint32_t mask = (uint32_t)((UINT64_C(1) << parts) - 1) << (i * parts);
            const uint32_t size = term[i][r].size / factor;
            has |= mask;
            any |= size;
            for (uint32_t d = size; d; d &= d - 1)
                with[__builtin_ctz(d)] |= mask;
        }
    for (; any; any &= any - 1) {
        const int p = __builtin_ctz(any);
        if (with[p] == has) /* in the parts of other updates it is zero */
            push(b, p, offset);
        else if (p < b->planes)
            b->some[p][b->some_end[p]++] = (struct item){offset, with[p]};
    }
}

uint32_t glb_emu_group_sums(struct glb_emu_adders *b, const struct glb_emu_plan *p,
                            struct glb_emu_term *term, const size_t *first, const size_t *count,
                            int n, struct glb_emu_group *g, uint32_t **data) {
    struct glb_emu_term *t[GLB_SLOT_PARTS];
    uint32_t factor = 0;
    size_t most = 0;
    for (int i = 0; i < n; i++) {
        t[i] = term + first[i];
        if (p->parts < GLB_SLOT_PARTS)
            sort(t[i], count[i]);
        factor = common_factor(t[i], count[i], factor);
        most = count[i] > most ? count[i] : most;
    }
    factor = factor ? factor : 1;
    b->scratch = p->scratch;
    b->out = *data;
    memset(b->some_first, 0, sizeof b->some_first);
    memset(b->some_end, 0, sizeof b->some_end);
    memset(b->first, 0, sizeof b->first);
    memset(b->end, 0, sizeof b->end);
    g->factor = (uint16_t)factor;
    if (p->parts == GLB_SLOT_PARTS) {
        add_in_place(b, t[0], count[0], factor, g);
    } else {
        g->nreads = (uint32_t)most;
        for (size_t r = 0; r < most; r++, b->scratch += GLB_SLOT_BYTES) {
            gather(b, p, t, count, n, r);
            add_slot(b, p->parts, t, count, n, r, factor, b->scratch);
        }
    }
    reduce_all(b, g);
    *data = b->out;
    return b->scratch;
}
