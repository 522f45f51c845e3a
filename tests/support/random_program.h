/* Random memory images for emulator tests: programs that keep the rules of docs/design/array.md
 * (whole updates, closed accumulators) with random reads, routes and timing, and images that keep
 * none. SPDX-License-Identifier: Apache-2.0 */
#ifndef RANDOM_PROGRAM_H
#define RANDOM_PROGRAM_H

#include <stdint.h>
#include <stdlib.h>

#include "array/coupling_word.h"
#include "emulator/board_memory.h"

static uint64_t rnd_state = 1;

static inline uint32_t rnd(void) {
    rnd_state ^= rnd_state << 13;
    rnd_state ^= rnd_state >> 7;
    rnd_state ^= rnd_state << 17;
    return (uint32_t)(rnd_state >> 24);
}

static inline int below(int n) {
    return (int)(rnd() % (uint32_t)n);
}

/* 1: updates may have two noise words a chain, and add or double at any of their stages. */
static int rnd_varied;

struct gen_lane {
    int open, reads, noise,
        digits; /* what the open update still needs; digits: partial sums to export */
    int exported;
};

static inline int noise_words(void) {
    return rnd_varied ? 1 + below(2) : 1;
}

static inline int random_weight(const struct glb_array *a) {
    return below(3) == 0 ? 0 : below(1 << a->jw) - (1 << (a->jw - 1));
}

static inline uint64_t read_word(const struct glb_array *a, struct gen_lane *lane, int noise_lane) {
    uint64_t payload = 0;
    for (int l = 0; l < a->lanes; l++) {
        if (l == noise_lane) {
            lane[l].noise--;
        } else if (lane[l].open && lane[l].reads > 0) {
            lane[l].reads--;
            payload |= (uint64_t)(random_weight(a) & ((1 << a->jw) - 1)) << (l * a->jw);
        }
    }
    return payload << a->ow | (uint64_t)(noise_lane + 1);
}

static inline uint64_t close_word(const struct glb_array *a, struct gen_lane *lane, int l) {
    struct gen_lane *g = &lane[l];
    const int bias = below(1 << (a->acc - 1)) - (1 << (a->acc - 2));
    const int dbl = rnd_varied ? below(2) : g->exported;
    const int clr = g->digits == 0, we = below(rnd_varied ? 2 : 8) != 0;
    const int nz = a->lanes > 1 && lane[l ^ 1].open && lane[l ^ 1].noise > 0 && below(2);
    if (nz)
        lane[l ^ 1].noise--;
    g->digits--;
    g->exported = 1;
    if (clr)
        g->open = 0;
    return glb_ctrl_word(a, bias, dbl, clr, we, nz, l);
}

/* One tile's op of a clock, and the entry that goes with it. Returns the op. */
static inline int random_op(const struct glb_array *a, struct gen_lane *lane, int opening,
                            uint64_t *entry) {
    for (int l = 0; l < a->lanes; l++)
        if (!lane[l].open && opening && below(4) == 0)
            lane[l] = (struct gen_lane){1, below(8), below(5) ? a->chains * noise_words() : 0,
                                        below(6) ? 0 : 1 + below(4), 0};
    const int l = below(a->lanes);
    if (!lane[l].open || below(10) == 0)
        return 0;
    if (lane[l].noise > 0 && below(2)) {
        lane[l].noise--;
        return l + 1;
    }
    if (lane[l].noise > 0 && below(2)) {
        *entry = read_word(a, lane, l);
        return a->ctrl;
    }
    if (lane[l].reads > 0) {
        *entry = read_word(a, lane, -1);
        return a->ctrl;
    }
    if (lane[l].noise > 0)
        return 0;
    *entry = close_word(a, lane, l);
    return a->ctrl;
}

/* Fills segment s with s_len clocks from s_start on and couplings from c_start on; lawless: random
 * bits. */
static inline void random_segment(struct glb_board_memory *m, int s, int s_start, int s_len,
                                  int c_start, int lawless) {
    const struct glb_array *a = &m->a;
    struct gen_lane lane[GLB_MAX_TILES][GLB_MAX_LANES] = {0};
    int next[GLB_MAX_TILES];
    const int opening = s_len - 3 * a->lanes * (a->chains + 12) / 2; /* then only finish */
    m->seg[s] = (struct glb_segment){.s_start = s_start,
                                     .s_len = s_len,
                                     .c_start = c_start,
                                     .wp_start = below(1 << a->gw),
                                     .flips = 1 + rnd() % 1000};
    for (int t = 0; t < a->tiles; t++)
        next[t] = c_start;
    for (int c = 0; c < s_len; c++) {
        for (int k = 0; k < m->chunks; k++)
            m->net[(s_start + c) * m->chunks + k] = (uint16_t)rnd();
        for (int t = 0; t < a->tiles; t++) {
            uint64_t entry = (uint64_t)rnd() << 20 ^ rnd();
            const int op =
                lawless ? below(a->ctrl + 1) : random_op(a, lane[t], c < opening, &entry);
            const int addr = below(1 << a->aw);
            m->sched[(s_start + c) * a->tiles + t] = (uint32_t)(addr << a->ow | op);
            if (op == a->ctrl) {
                m->coupling[(size_t)t * a->cdepth + next[t]] = entry & ((UINT64_C(1) << a->cw) - 1);
                next[t] = (next[t] + 1) % a->cdepth;
            }
        }
    }
}

/* Makes segment s one that counts, with at most c_room sums a tile; `takes`: every tile takes an
 * own word first, else it may have that of an earlier segment. */
static inline void random_counts(struct glb_board_memory *m, int s, int s_start, int s_len,
                                 int c_start, int c_room, int takes) {
    const struct glb_array *a = &m->a;
    int counts[GLB_MAX_TILES] = {0};
    m->seg[s] = (struct glb_segment){.s_start = s_start,
                                     .s_len = s_len,
                                     .c_start = c_start,
                                     .wp_start = below(1 << a->gw),
                                     .mode = GLB_SEGMENT_COUNTS};
    for (int c = s_start; c < s_start + s_len; c++) {
        for (int k = 0; k < m->chunks; k++)
            m->net[c * m->chunks + k] = (uint16_t)rnd();
        for (int t = 0; t < a->tiles; t++) {
            int op = takes && c == s_start ? 1 + below(2) : below(4);
            if (op == 3 && counts[t]++ >= c_room)
                op = 0;
            m->sched[c * a->tiles + t] = (uint32_t)(below(1 << a->aw) << a->ow | op);
        }
    }
}

/* Changes weights, biases and clamps, nothing else. */
static inline void random_weights(struct glb_board_memory *m) {
    const struct glb_array *a = &m->a;
    for (size_t i = 0; i < (size_t)a->tiles * a->cdepth; i++) {
        uint64_t *w = &m->coupling[i];
        const int flag = (int)(*w & ((1u << a->ow) - 1));
        if (below(2))
            continue;
        if (flag == a->ctrl) {
            const struct glb_ctrl k = glb_ctrl_parts(a, *w);
            *w = glb_ctrl_word(a, below(1 << (a->acc - 1)), k.dbl, k.clr, below(2), k.nz, k.lane);
        } else {
            for (int l = 0; l < a->lanes; l++)
                if (flag != l + 1 && glb_field(a, *w, l) != 0) {
                    const uint64_t mask = (UINT64_C(1) << a->jw) - 1;
                    const int at = a->ow + l * a->jw;
                    *w = (*w & ~(mask << at)) | ((uint64_t)random_weight(a) & mask) << at;
                }
        }
    }
}

#endif
