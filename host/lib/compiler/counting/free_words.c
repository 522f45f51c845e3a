/* State words that nothing of a program writes. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include "array/coupling_word.h"
#include "compiler/counting/counting.h"

/* Marks the words that a tile's p-bits and partial sums have: used[lane << gw | g]. */
static void mark_writes(const struct glb_program *p, const struct glb_segment *g, int tile,
                        bool *used) {
    const struct glb_array *a = &p->array;
    int entry = g->c_start, wp[GLB_MAX_LANES];
    for (int l = 0; l < a->lanes; l++)
        wp[l] = g->wp_start;
    for (int c = g->s_start; c < g->s_start + g->s_len; c++) {
        const int op = (int)p->sched[(size_t)c * (size_t)a->tiles + (size_t)tile];
        if ((op & ((1 << a->ow) - 1)) != a->ctrl)
            continue;
        const uint64_t word = p->coupling[(size_t)tile * (size_t)p->c_used + (size_t)entry++];
        if (((int)word & ((1 << a->ow) - 1)) != a->ctrl)
            continue;
        const int lane = glb_ctrl_parts(a, word).lane;
        used[lane << a->gw | (wp[lane]++ & ((1 << a->gw) - 1))] = true;
    }
}

static int find_word(const struct glb_program *p, int tile, bool *used) {
    const struct glb_array *a = &p->array;
    for (int k = 0; k < p->nseg; k++)
        mark_writes(p, &p->seg[k], tile, used);
    for (int i = 0; i < p->n * p->copies; i++)
        if (p->slot[i].tile == tile)
            used[p->slot[i].lane << a->gw | p->slot[i].g] = true;
    for (int word = (a->lanes << a->gw) - 1; word >= 1 << a->gw; word--)
        if (!used[word])
            return word;
    return -1;
}

bool glb_program_free_words(const struct glb_program *p, int n, struct glb_slot *out) {
    const struct glb_array *a = &p->array;
    int found = 0;
    for (int i = 0; i < a->tiles && found < n; i++) {
        const int tile = i * (a->tiles / n | 1) % a->tiles; /* odd step: each once, far apart */
        bool *used = calloc((size_t)a->lanes << a->gw, sizeof *used);
        const int word = used ? find_word(p, tile, used) : -1;
        free(used);
        if (word >= 0)
            out[found++] = (struct glb_slot){(int16_t)tile, (int16_t)(word >> a->gw),
                                             (int16_t)(word & ((1 << a->gw) - 1))};
    }
    return found == n;
}
