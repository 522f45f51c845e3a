/* Strict placement of pixels: each of the image's exactly once. Strips of the image go to groups of
 * lines, their columns along the lines. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "base/rng.h"
#include "learn/topology/lattice.h"

enum { TAG_DEAD = 113, SPARSE = 0, EVEN_LINES, ALL, DENSITIES };

struct item {
    int64_t key;
    int32_t value;
};

static int by_key(const void *a, const void *b) {
    const struct item *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->value < y->value ? -1 : x->value > y->value;
}

/* Sparse: even lines and every second piece, so that all neighbours can be hidden. */
static int may_hold(const struct placement *p, int bit, int density) {
    const struct lattice_bit *b = &p->lattice->bit[bit];
    if (!b->upright || p->role[bit] != LATTICE_FREE)
        return 0;
    return density == ALL ||
           (b->line % 2 == 0 && (density == EVEN_LINES || (b->piece + b->line / 2) % 2 == 0));
}

/* Free places of a group (-1: of all) along their lines. */
static int list_slots(const struct placement *p, int group, int density, struct item *slot) {
    int count = 0;
    for (int i = 0; i < p->lattice->graph->n; i++)
        if (may_hold(p, i, density) && (group < 0 || placement_group_of(p, i) == group))
            slot[count++] = (struct item){p->lattice->bit[i].centre, i};
    qsort(slot, (size_t)count, sizeof *slot, by_key);
    return count;
}

static void put(struct placement *p, int bit, int pixel) {
    p->role[bit] = LATTICE_PIXEL;
    p->shows[bit] = pixel;
}

/* A strip's pixels, column by column, spread evenly over a group's places. */
static void place_strip(struct placement *p, struct item *pixel, int count, const struct item *slot,
                        int slots) {
    const int side = p->height / p->planes;
    for (int k = 0; k < count; k++) {
        const int at = pixel[k].value;
        pixel[k].key = (int64_t)(at % p->width) * side + at / p->width % side;
    }
    qsort(pixel, (size_t)count, sizeof *pixel, by_key);
    for (int k = 0; k < count; k++)
        put(p, slot[(int64_t)k * slots / count].value, pixel[k].value);
}

static int list_live(const struct placement *p, struct item *pixel) {
    const int side = p->height / p->planes;
    int live = 0;
    for (int k = 0; k < p->width * p->height; k++)
        if (p->live[k]) /* from top to bottom, the planes together */
            pixel[live++] =
                (struct item){(int64_t)(k / p->width % side) * p->width + k % p->width, k};
    qsort(pixel, (size_t)live, sizeof *pixel, by_key);
    return live;
}

/* Pixels that are the same in most images, where the fewest hidden units see them. */
static void place_dead(struct placement *p, struct item *slot, int slots) {
    struct glb_rng rng = glb_rng_at(p->seed, TAG_DEAD, 0);
    for (int k = 0; k < slots; k++)
        slot[k].key = ((int64_t)p->lattice->bit[slot[k].value].crossings << 32) +
                      (int64_t)(glb_rng_u64(&rng) >> 32);
    qsort(slot, (size_t)slots, sizeof *slot, by_key);
    int at = 0;
    for (int k = 0; k < p->width * p->height; k++)
        if (!p->live[k])
            put(p, slot[at++].value, k);
}

enum glb_status placement_once(struct placement *p) {
    const int pixels = p->width * p->height, n = p->lattice->graph->n;
    struct item *slot = malloc(sizeof *slot * (size_t)(n + pixels));
    if (!slot)
        return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", p->name);
    struct item *const pixel = slot + n;
    const int room = list_slots(p, -1, ALL, slot), live = list_live(p, pixel);
    if (room < pixels) {
        free(slot);
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology %s: %d pixels, but only %d vertical p-bits beside the labels; "
                        "choose a larger m, fewer copies, or placement=structured",
                        p->name, pixels, room);
    }
    int density = SPARSE, all = 0, seen = 0, placed = 0;
    while (density < DENSITIES - 1 && list_slots(p, -1, density, slot) < live)
        density++;
    all = list_slots(p, -1, density, slot);
    for (int g = 0; g < p->groups; g++) {
        const int slots = list_slots(p, g, density, slot);
        seen += slots;
        const int until = (int)((int64_t)live * seen / all);
        place_strip(p, pixel + placed, until - placed, slot, slots);
        placed = until;
    }
    place_dead(p, slot, list_slots(p, -1, ALL, slot));
    for (int i = 0; i < n; i++)
        if (p->role[i] == LATTICE_FREE)
            p->role[i] = LATTICE_HIDDEN;
    free(slot);
    return GLB_OK;
}
