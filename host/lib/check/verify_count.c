/* The verifier's walk over the segments behind those of a sweep: does each hold what one of these
 * updates, does each sum of the program count its pair once and nothing else, and do the dumps
 * bring all of them? SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "check/verifier.h"

enum { OWN_NONE = -1, OWN_ONES = -2 }; /* else the number of the p-bit whose word a tile keeps */
enum { OP_KEEP = 1, OP_ONES, OP_COUNT, OPS };

struct counting {
    int own[GLB_MAX_TILES];
    int32_t *ref; /* [tiles][sums] index into p->count, or -1 */
    bool *done;   /* [ncount] */
};

static int sums_end(const struct glb_program *p) {
    return p->sums_first + p->sums;
}

/* The p-bit whose word reaches the tile, or OWN_NONE. */
static int arriving(const struct walk *w, const uint32_t *sched, const uint16_t *net, int tile) {
    const struct glb_array *a = w->a;
    const int bank = verifier_source(a, net, tile);
    const int addr = (int)(sched[bank] >> a->ow) & ((1 << a->aw) - 1);
    return w->node_at[bank << a->aw | addr];
}

static enum glb_status count(struct walk *w, struct counting *c, int tile, int came) {
    const struct glb_program *p = w->p;
    const int entry = w->entry[tile]++, own = c->own[tile];
    if (entry < p->sums_first || entry >= sums_end(p))
        return verifier_bad(w, tile, "a sum outside of the sums' entries", entry);
    const int k = c->ref[tile * p->sums + entry - p->sums_first];
    if (k < 0)
        return verifier_bad(w, tile, "a sum that the program does not list", entry);
    const struct glb_count_ref *r = &p->count[k];
    const bool right = r->j < 0 ? own == OWN_ONES && came == r->i
                                : (own == r->i && came == r->j) || (own == r->j && came == r->i);
    if (!right)
        return verifier_bad(w, tile, "a sum of other p-bits than the program lists", entry);
    if (c->done[k])
        return verifier_bad(w, tile, "a sum is counted twice", entry);
    c->done[k] = true;
    return GLB_OK;
}

static enum glb_status walk_clock(struct walk *w, struct counting *c) {
    const struct glb_array *a = w->a;
    const size_t clock = (size_t)(w->p->seg[w->seg].s_start + w->clock);
    const uint32_t *sched = &w->p->sched[clock * (size_t)a->tiles];
    const uint16_t *net = &w->p->net[clock * (size_t)glb_array_chunks(a)];
    enum glb_status s = GLB_OK;
    for (int t = 0; t < a->tiles && s == GLB_OK; t++) {
        const int op = (int)sched[t] & ((1 << a->ow) - 1);
        const int came = op == OP_KEEP || op == OP_COUNT ? arriving(w, sched, net, t) : OWN_NONE;
        if (op >= OPS)
            s = verifier_bad(w, t, "an op does not exist in a counting segment", op);
        else if (op == OP_COUNT)
            s = count(w, c, t, came);
        else if (op == OP_KEEP && came == OWN_NONE)
            s = verifier_bad(w, t, "a word is kept that is no p-bit's", t);
        else if (op)
            c->own[t] = op == OP_ONES ? OWN_ONES : came;
    }
    return s;
}

/* All of the program's sums have an entry of their own. */
static enum glb_status list_sums(struct walk *w, struct counting *c) {
    const struct glb_program *p = w->p;
    for (int i = 0; i < w->a->tiles * p->sums; i++)
        c->ref[i] = -1;
    for (int k = 0; k < p->ncount; k++) {
        const struct glb_count_ref *r = &p->count[k];
        if (r->tile < 0 || r->tile >= w->a->tiles || r->entry < p->sums_first ||
            r->entry >= sums_end(p) || r->i < 0 || r->i >= p->n || r->j < -1 || r->j >= p->n)
            return verifier_bad(w, r->tile, "a sum has no place", k);
        int32_t *at = &c->ref[r->tile * p->sums + r->entry - p->sums_first];
        if (*at >= 0)
            return verifier_bad(w, r->tile, "two sums have one entry", r->entry);
        *at = k;
    }
    return GLB_OK;
}

static enum glb_status walk_counts(struct walk *w) {
    const struct glb_program *p = w->p;
    struct counting c = {.ref = malloc(sizeof *c.ref * ((size_t)(w->a->tiles * p->sums) + 1)),
                         .done = calloc((size_t)p->ncount + 1, sizeof *c.done)};
    enum glb_status s =
        c.ref && c.done ? list_sums(w, &c) : glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    for (int t = 0; t < w->a->tiles; t++)
        c.own[t] = OWN_NONE;
    for (w->seg = p->count_first; w->seg < p->count_first + p->counts && s == GLB_OK; w->seg++) {
        for (int t = 0; t < w->a->tiles; t++)
            w->entry[t] = p->seg[w->seg].c_start;
        for (w->clock = 0; w->clock < p->seg[w->seg].s_len && s == GLB_OK; w->clock++)
            s = walk_clock(w, &c);
    }
    for (int k = 0; k < p->ncount && s == GLB_OK; k++)
        if (!c.done[k])
            s = verifier_bad(w, p->count[k].tile, "a sum is never counted", p->count[k].entry);
    free(c.ref);
    free(c.done);
    return s;
}

/* Every part of every sum comes once, where the readout expects it. */
static enum glb_status check_dumps(struct walk *w) {
    const struct glb_program *p = w->p;
    const int parts = glb_array_sum_parts(w->a), most = 1 << w->a->gw;
    int next = p->sums_first, part = 0;
    for (w->seg = p->dump_first; w->seg < p->dump_first + p->dumps; w->seg++) {
        const struct glb_segment *g = &p->seg[w->seg];
        if (g->part != part || g->c_start != next || g->s_len < 1 || g->s_len > most ||
            g->s_len > sums_end(p) - next || (g->s_len < most && next + g->s_len < sums_end(p)))
            return verifier_bad(w, -1, "a dump does not bring the next sums", next);
        if (g->wp_start)
            return verifier_bad(w, -1, "a dump does not begin at word 0", g->wp_start);
        next += g->s_len;
        part += next == sums_end(p);
        next = next == sums_end(p) ? p->sums_first : next;
    }
    return p->sums && part != parts ? verifier_bad(w, -1, "dumps do not bring all sums", next)
                                    : GLB_OK;
}

/* A held segment is one of the sweep's, and nothing but its p-bits stays unwritten. */
static enum glb_status check_hold(struct walk *w) {
    const struct glb_program *p = w->p;
    const struct glb_segment *g = &p->seg[w->seg];
    for (int s = 0; s < p->nseg; s++) {
        const struct glb_segment *of = &p->seg[s];
        if (g->s_start == of->s_start && g->s_len == of->s_len && g->c_start == of->c_start &&
            g->wp_start == of->wp_start && g->flips == of->flips && !g->part)
            return w->copies >> s & 1
                       ? verifier_bad(w, -1, "a segment is held that makes copies of p-bits", s)
                       : GLB_OK;
    }
    return verifier_bad(w, -1, "a segment that holds is none of the sweep's", w->seg);
}

static bool in_range(int seg, int first, int n) {
    return seg >= first && seg < first + n;
}

/* Each extra segment has the place and kind that the program gives it. */
static enum glb_status check_kinds(struct walk *w) {
    const struct glb_program *p = w->p;
    enum glb_status s = GLB_OK;
    for (w->seg = 0; w->seg < p->nseg + p->nextra && s == GLB_OK; w->seg++) {
        const struct glb_segment *g = &p->seg[w->seg];
        const enum glb_segment_mode mode =
            w->seg < p->nseg                              ? GLB_SEGMENT_SAMPLES
            : in_range(w->seg, p->count_first, p->counts) ? GLB_SEGMENT_COUNTS
            : in_range(w->seg, p->dump_first, p->dumps)   ? GLB_SEGMENT_DUMPS
                                                          : GLB_SEGMENT_HOLDS;
        if (g->mode != mode)
            s = verifier_bad(w, -1, "a segment is of the wrong kind", (int)g->mode);
        else if (g->s_start < 0 || g->s_len < 0 || g->s_start + g->s_len > p->s_used)
            s = verifier_bad(w, -1, "a segment leaves the schedule", g->s_start + g->s_len);
        else if (mode >= GLB_SEGMENT_COUNTS && g->flips)
            s = verifier_bad(w, -1, "flips is wrong", (int)g->flips);
        else if (mode == GLB_SEGMENT_HOLDS)
            s = check_hold(w);
    }
    return s;
}

enum glb_status verifier_check_extra(struct walk *w) {
    const struct glb_program *p = w->p;
    w->seg = p->nseg;
    w->clock = 0;
    if (p->nextra < 0 || p->nseg + p->nextra > GLB_SEGMENTS || p->count_first < 0 ||
        p->dump_first < 0 || p->counts < 0 || p->dumps < 0 ||
        p->count_first + p->counts > p->nseg + p->nextra ||
        p->dump_first + p->dumps > p->nseg + p->nextra)
        return verifier_bad(w, -1, "segments that do not exist", p->nextra);
    if (p->sums < 0 || p->ncount < 0 ||
        (p->sums && (p->sums_first < p->c_used || sums_end(p) > w->a->cdepth)))
        return verifier_bad(w, -1, "sums outside of their place in the coupling memory", p->sums);
    enum glb_status s = check_kinds(w);
    if (s == GLB_OK)
        s = walk_counts(w);
    return s == GLB_OK ? check_dumps(w) : s;
}
