/* Butterfly routing for the scheduler. Any setting of the switches is a permutation of banks to
 * tiles, and flipping one switch swaps the banks of exactly two tiles. So simulated annealing over
 * the switches never leaves the legal settings, and a try costs four additions.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/schedule/route.h"

#include <math.h>
#include <string.h>
#include "base/rng.h"

static uint32_t next_random(struct route *r) {
    return (uint32_t)(glb_lcg(&r->rng) >> 32);
}

void route_init(struct route *r, const struct glb_array *a, uint64_t seed) {
    memset(r, 0, sizeof *r);
    r->tiles = a->tiles;
    r->ns = a->ns;
    r->rng = seed;
    for (int i = 0; i < 256; i++)
        r->log_table[i] = (float)log((i + 0.5) / 256);
    for (int w = 0; w < r->tiles; w++) {
        r->bank_of[w] = r->tile_of[w] = (uint8_t)w;
        for (int s = 0; s <= r->ns; s++)
            r->at[s][w] = (uint8_t)w;
    }
}

/* The wire that the path from bank to tile uses before stage s. */
static int wire(int bank, int tile, int s) {
    const int mask = (1 << s) - 1;
    return (tile & mask) | (bank & ~mask);
}

/* Flips the switch of stage s on tile t's path, if that is better or the temperature allows. */
static void try_flip(struct route *r, int t, int s, float temperature) {
    const int x = r->bank_of[t], y = r->at[s + 1][wire(x, t, s + 1) ^ 1 << s], u = r->tile_of[y];
    const float gain = r->gain[t][y] + r->gain[u][x] - r->gain[t][x] - r->gain[u][y];
    if (gain < 0 && gain < temperature * r->log_table[next_random(r) >> 24])
        return;
    r->bank_of[t] = (uint8_t)y;
    r->bank_of[u] = (uint8_t)x;
    r->tile_of[x] = (uint8_t)u;
    r->tile_of[y] = (uint8_t)t;
    for (int k = s + 1; k <= r->ns; k++) {
        r->at[k][wire(y, t, k)] = (uint8_t)y;
        r->at[k][wire(x, u, k)] = (uint8_t)x;
    }
}

/* Mean value of the tiles' best offers: the unit of the temperature, which else would be too cold
 * for large values and leave tiles without a path. */
static float mean_best(const struct offers *offers, const int32_t *list, int n) {
    float sum = 0;
    for (int k = 0; k < n; k++) {
        const struct offers *w = &offers[list[k]];
        float best = 0;
        for (int i = 0; i < w->n; i++)
            best = w->offer[i].value > best ? w->offer[i].value : best;
        sum += best;
    }
    return sum > 0 ? sum / (float)n : 1;
}

void route_solve(struct route *r, struct offers *offers, const int32_t *list, int n, int effort) {
    const float scale = 1 / mean_best(offers, list, n);
    memset(r->gain, 0, sizeof r->gain);
    for (int t = 0; t < r->tiles; t++) {
        offers[t].taken = -1;
        for (int i = 0; i < offers[t].n; i++) {
            const struct offer *o = &offers[t].offer[i];
            r->gain[t][o->bank] = fmaxf(r->gain[t][o->bank], scale * o->value);
        }
    }
    const int rounds = 32;
    float temperature = 0.3f;
    for (int k = 0; k < rounds; k++, temperature *= 0.96f)
        for (int i = effort * n / rounds; i >= 0 && n; i--) {
            const uint32_t x = next_random(r);
            int t = list[(x >> 16) * (uint32_t)n >> 16];
            if (r->gain[t][r->bank_of[t]] > 0 && x & 1) /* those without a read get more tries */
                t = list[(next_random(r) >> 16) * (uint32_t)n >> 16];
            try_flip(r, t, (int)((x & 0xffff) * (uint32_t)r->ns >> 16),
                     k + 1 < rounds ? temperature : 0);
        }
    for (int t = 0; t < r->tiles; t++)
        for (int i = 0; i < offers[t].n; i++) {
            const struct offer *o = offers[t].offer;
            if (o[i].bank == r->bank_of[t] &&
                (offers[t].taken < 0 || o[i].value > o[offers[t].taken].value))
                offers[t].taken = i;
        }
}

void route_mark_path(const struct glb_array *a, uint16_t *net, int bank, int tile) {
    for (int s = 0; s < a->ns; s++) {
        if (!((bank ^ tile) >> s & 1))
            continue;
        const int from = wire(bank, tile, s);
        const int k = (from >> (s + 1) << s) | (from & ((1 << s) - 1));
        const int bit = s * a->tiles / 2 + k;
        net[bit / 16] |= (uint16_t)(1 << bit % 16);
    }
}
