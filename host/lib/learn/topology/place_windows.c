/* Structured placement of pixels: along every group of lines a window wanders over the image, so
 * that a hidden unit crosses pixels of one neighbourhood. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "base/rng.h"
#include "learn/topology/lattice.h"

enum {
    TAG_PIXELS = 112,
    ONE = 1 << 16, /* a pixel, and the length of a line */
    ROWS = 4,      /* of the window's path */
    APART = 2,     /* lengths of a piece between two copies of a pixel in a group */
    SLACK = 1      /* copies that a pixel may have more than the rarest one */
};

struct windows {
    struct placement *p;
    struct glb_rng rng;
    int *copies;          /* [pixels] */
    int32_t *last, *next; /* [pixels], [p-bits] who shows a pixel, as lists; -1: the end */
    int32_t *candidate;   /* [pixels] */
};

/* A place between the margins of a side, at a share of ONE. */
static int32_t along(int side, int window, int32_t share) {
    const int32_t all = (side - 1) * ONE;
    int32_t margin = (window + 2) * (ONE / 2);
    if (2 * margin > all)
        margin = all / 2;
    return margin + (int32_t)((int64_t)(all - 2 * margin) * share / ONE);
}

/* The window's centre: rows there and back, turned over from group to group. */
static void centre_of(const struct placement *p, int bit, int32_t *x, int32_t *y) {
    const int group = placement_group_of(p, bit), side = p->height / p->planes;
    const int64_t path = (int64_t)p->lattice->bit[bit].centre * ROWS;
    const int row = (int)(path / ONE);
    const int32_t part = (int32_t)(path % ONE);
    int32_t a = row % 2 ? ONE - part : part, b = (2 * row + 1) * ONE / (2 * ROWS);
    if (group % 4 == 1 || group % 4 == 3) {
        const int32_t swap = a;
        a = b;
        b = swap;
    }
    if (group % 4 >= 2) {
        a = ONE - a;
        b = ONE - b;
    }
    *x = along(p->width, p->window, a) + group / 4 * ONE / 2;
    *y = along(side, p->window, b) + group / 4 * ONE / 2;
}

static int is_near(const struct windows *w, int bit, int pixel) {
    const struct lattice_bit *all = w->p->lattice->bit;
    for (int i = w->last[pixel]; i >= 0; i = w->next[i])
        if (placement_group_of(w->p, i) == placement_group_of(w->p, bit) &&
            abs(all[i].centre - all[bit].centre) < APART * w->p->lattice->length)
            return 1;
    return 0;
}

/* Live pixels within `reach` of a centre that the group does not show nearby; any: even so. */
static int find_candidates(const struct windows *w, int bit, int32_t reach, int any) {
    const struct placement *p = w->p;
    const int side = p->height / p->planes;
    int32_t x, y;
    int count = 0;
    centre_of(p, bit, &x, &y);
    for (int k = 0; k < p->width * p->height; k++)
        if (p->live[k] && abs(k % p->width * ONE - x) <= reach &&
            abs(k / p->width % side * ONE - y) <= reach && (any || !is_near(w, bit, k)))
            w->candidate[count++] = k;
    return count;
}

/* One of the rarest pixels in the window, which grows where there are none. */
static int choose(struct windows *w, int bit) {
    const int32_t most = (w->p->width + w->p->height) * ONE;
    int32_t reach = w->p->window * (ONE / 2);
    int count = 0, least = 0, some = 0;
    for (; !count && reach < most; reach += ONE)
        count = find_candidates(w, bit, reach, 0);
    if (!count)
        count = find_candidates(w, bit, most, 1);
    for (int k = 0; k < count; k++)
        if (k == 0 || w->copies[w->candidate[k]] < least)
            least = w->copies[w->candidate[k]];
    for (int k = 0; k < count; k++)
        if (w->copies[w->candidate[k]] <= least + SLACK)
            w->candidate[some++] = w->candidate[k];
    return w->candidate[glb_rng_below(&w->rng, (uint32_t)some)];
}

static void fill(struct windows *w, int32_t *slot) {
    struct placement *p = w->p;
    int slots = 0;
    for (int i = 0; i < p->lattice->graph->n; i++)
        if (p->lattice->bit[i].upright && p->role[i] == LATTICE_FREE)
            slot[slots++] = i;
    for (int k = 0; k < slots; k++) {
        const int at = (int)glb_rng_below(&w->rng, (uint32_t)k + 1);
        const int32_t swap = slot[k];
        slot[k] = slot[at];
        slot[at] = swap;
    }
    for (int k = 0; k < slots; k++) {
        const int i = slot[k], pixel = choose(w, i);
        p->role[i] = LATTICE_PIXEL;
        p->shows[i] = pixel;
        w->copies[pixel]++;
        w->next[i] = w->last[pixel];
        w->last[pixel] = i;
    }
}

enum glb_status placement_windows(struct placement *p) {
    const size_t pixels = (size_t)p->width * (size_t)p->height, n = (size_t)p->lattice->graph->n;
    struct windows w = {.p = p, .rng = glb_rng_at(p->seed, TAG_PIXELS, 0)};
    int32_t *room = calloc(3 * pixels + 2 * n, sizeof *room);
    if (!room)
        return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", p->name);
    w.copies = room;
    w.last = room + pixels;
    w.candidate = w.last + pixels;
    w.next = w.candidate + pixels;
    for (size_t k = 0; k < pixels; k++)
        w.last[k] = -1;
    fill(&w, w.next + n);
    free(room);
    return GLB_OK;
}
