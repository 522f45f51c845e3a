/* The graph compiler's search. Graphs with hubs are planned in several ways: hubs updated first or
 * last, their fields summed in more or fewer parts. The best ways are planned again, and tiles that
 * were late get less work then. SPDX-License-Identifier: Apache-2.0 */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

enum {
    LARGE = 8192,          /* p-bits above which one plan must do */
    LARGE_READS = 1 << 17, /* and reads above which the search is short */
    KEPT = 3               /* ways that are planned again */
};

struct way {
    bool hubs_first;
    double cut;
    unsigned number;
    int clocks;
    double handicap[GLB_SEGMENTS * GLB_MAX_TILES];
};

/* The first is the one that all graphs get. */
static const struct {
    bool hubs_first;
    double cut;
} ways[] = {{false, 0.75}, {true, 0.75}, {false, 1}, {true, 1},
            {false, 0.6},  {true, 0.6},  {false, 0}, {true, 0}};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* Is plan x better than y? One that fits, then the shorter. */
static bool better(const struct glb_compile *x, const struct glb_compile *y) {
    const bool fx = glb_c_entries(x) <= x->a->cdepth, fy = glb_c_entries(y) <= y->a->cdepth;
    return fx != fy ? fx : glb_c_clocks(x) < glb_c_clocks(y);
}

/* Late tiles get less work in the next plan of this way, early ones more. */
static void learn(struct way *w, const struct glb_compile *c) {
    const int tiles = c->a->tiles;
    for (int s = 0; s < c->nseg; s++) {
        double mean = 0;
        for (int t = 0; t < tiles; t++)
            mean += (double)c->pass[s].end[t] / tiles;
        for (int t = 0; t < tiles; t++)
            w->handicap[s * tiles + t] += c->pass[s].end[t] - mean;
    }
}

/* Plans the way once; the better of that and *best stays in *best (found: it holds one). */
static enum glb_status try_way(struct way *w, const struct glb_compile *empty, bool *found,
                               struct glb_compile *best, struct glb_compile_report *r) {
    struct glb_compile c = *empty;
    struct glb_compile_report report = *r;
    c.rng += w->number;
    c.hubs_first = w->hubs_first;
    c.cut = w->cut;
    c.handicap = w->handicap;
    const enum glb_status s = glb_c_plan(&c, &report);
    w->clocks = s == GLB_OK ? glb_c_clocks(&c) : 1 << 30;
    if (s == GLB_OK)
        learn(w, &c);
    if (s == GLB_OK && (!*found || better(&c, best))) {
        const struct glb_compile swap = *best;
        *best = c;
        c = swap;
        *r = report;
        *found = true;
    }
    best->nhubs = *found ? best->nhubs : c.nhubs;
    glb_c_release(&c);
    return s;
}

static int by_clocks(const void *a, const void *b) {
    const struct way *x = a, *y = b;
    return x->clocks != y->clocks ? (x->clocks > y->clocks) - (x->clocks < y->clocks)
                                  : (x->number > y->number) - (x->number < y->number);
}

enum glb_status glb_c_search(struct glb_compile *c, struct glb_compile_report *r) {
    const struct glb_compile empty = *c;
    const int effort = c->o->effort;
    struct way *w = calloc(WAYS, sizeof *w);
    if (!w)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int i = 0; i < WAYS; i++) {
        w[i].hubs_first = ways[i].hubs_first;
        w[i].cut = ways[i].cut;
        w[i].number = (unsigned)i;
    }
    bool found = false;
    enum glb_status s = try_way(&w[0], &empty, &found, c, r);
    if (c->nhubs && effort > 0 && c->nodes < LARGE) {
        for (int i = 1; i < WAYS; i++) {
            const enum glb_status t = try_way(&w[i], &empty, &found, c, r);
            s = found ? GLB_OK : t;
        }
        qsort(w, WAYS, sizeof *w, by_clocks);
        const bool large = (long)c->g->m * 2 * c->copies > LARGE_READS;
        const int rounds = found ? (large ? 1 : 2) * (effort == 1 ? 1 : 3) : 0;
        for (int i = 0; i < rounds; i++)
            for (int k = 0; k < (large ? 1 : KEPT); k++)
                try_way(&w[k], &empty, &found, c, r);
    }
    c->handicap = NULL;
    free(w);
    return s;
}
