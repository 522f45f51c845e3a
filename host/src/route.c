/* Butterfly routing for the scheduler: greedy, then chains of evictions. Two paths conflict exactly
 * when they share a wire at some level. SPDX-License-Identifier: Apache-2.0 */
#include "route.h"

#include <string.h>

static uint32_t next_random(struct glb_route *r) {
    r->rng = r->rng * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(r->rng >> 33);
}

static bool is_free(const struct glb_route *r, int bank, int tile) {
    for (int s = 0; s < r->ns; s++)
        if (r->owner[s][glb_route_wire(bank, tile, s)] >= 0)
            return false;
    return true;
}

static void claim(struct glb_route *r, int bank, int tile, int owner) {
    for (int s = 0; s < r->ns; s++)
        r->owner[s][glb_route_wire(bank, tile, s)] = (int16_t)owner;
}

static void take(struct glb_route *r, struct glb_want *want, int t, int i) {
    want[t].taken = i;
    claim(r, want[t].offer[i].bank, t, t);
}

static void drop(struct glb_route *r, struct glb_want *want, int t) {
    claim(r, want[t].offer[want[t].taken].bank, t, -1);
    want[t].taken = -1;
}

static bool take_free(struct glb_route *r, struct glb_want *want, int t) {
    for (int i = 0; i < want[t].n; i++)
        if (is_free(r, want[t].offer[i].bank, t)) {
            take(r, want, t, i);
            return true;
        }
    return false;
}

/* Tiles whose paths would have to go for bank -> tile. */
static int conflicts(const struct glb_route *r, int bank, int tile, int *who) {
    int n = 0;
    for (int s = 0; s < r->ns; s++) {
        const int o = r->owner[s][glb_route_wire(bank, tile, s)];
        bool known = o < 0 || o == tile;
        for (int i = 0; i < n && !known; i++)
            known = who[i] == o;
        if (!known)
            who[n++] = o;
    }
    return n;
}

/* One random change: tile t takes a random offer, those in its way look for others, up to `depth`
 * times further. Undone unless the total value did not fall. */
static bool try_change(struct glb_route *r, struct glb_want *want, int t, int depth) {
    int changed[GLB_MAX_TILES], before[GLB_MAX_TILES], n = 0;
    int open[GLB_MAX_TILES], nopen = 0;
    float gain = 0;
    open[nopen++] = t;
    for (int step = 0; nopen && step < depth; step++) {
        const int u = open[--nopen];
        if (step && take_free(r, want, u)) {
            gain += want[u].offer[want[u].taken].value;
            continue;
        }
        if (!want[u].n)
            continue;
        const int i = (int)(next_random(r) % (uint32_t)want[u].n);
        int who[8];
        const int k = conflicts(r, want[u].offer[i].bank, u, who);
        if (k > 3)
            continue;
        for (int j = 0; j < k; j++) {
            bool known = false;
            for (int m = 0; m < n; m++)
                known |= changed[m] == who[j];
            if (!known) {
                changed[n] = who[j];
                before[n++] = want[who[j]].taken;
            }
            gain -= want[who[j]].offer[want[who[j]].taken].value;
            drop(r, want, who[j]);
            open[nopen++] = who[j];
        }
        bool known = false;
        for (int m = 0; m < n; m++)
            known |= changed[m] == u;
        if (!known) {
            changed[n] = u;
            before[n++] = want[u].taken;
        }
        if (want[u].taken >= 0) {
            gain -= want[u].offer[want[u].taken].value;
            drop(r, want, u);
        }
        take(r, want, u, i);
        gain += want[u].offer[i].value;
    }
    while (nopen) {
        const int u = open[--nopen];
        bool known = false;
        for (int m = 0; m < n; m++)
            known |= changed[m] == u;
        if (!known) {
            changed[n] = u;
            before[n++] = want[u].taken;
        }
        if (want[u].taken < 0 && take_free(r, want, u))
            gain += want[u].offer[want[u].taken].value;
    }
    if (gain >= 0)
        return true;
    for (int m = 0; m < n; m++)
        if (want[changed[m]].taken >= 0)
            drop(r, want, changed[m]);
    for (int m = 0; m < n; m++)
        if (before[m] >= 0)
            take(r, want, changed[m], before[m]);
    return false;
}

void glb_route_solve(struct glb_route *r, struct glb_want *want, const int32_t *order, int n,
                     int search) {
    memset(r->owner, -1, sizeof r->owner);
    for (int k = 0; k < n; k++) {
        want[order[k]].taken = -1;
        take_free(r, want, order[k]);
    }
    for (int round = 0; round < search; round++) {
        int idle = 0;
        for (int k = 0; k < n; k++) {
            if (want[order[k]].taken >= 0 || !want[order[k]].n)
                continue;
            idle++;
            if (!take_free(r, want, order[k]))
                try_change(r, want, order[k], 6);
        }
        if (!idle)
            return;
    }
}
