/* An independent check of a program: walks the memory images clock by clock, follows every word
 * through the butterfly, and keeps for every accumulator and state word what it stands for. Knows
 * nothing of how the compiler works. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "program.h"

enum kind { STALE, PBIT, DIGIT }; /* STALE: a helper word of an earlier pass or nothing at all */

struct value { /* of a state word */
    enum kind kind;
    int32_t id;  /* PBIT: copy * n + i; DIGIT: index of the sum */
    int32_t arg; /* PBIT: 1 if updated in this pass; DIGIT: power of two */
};

struct term {
    struct value v;
    int32_t coef;
};

struct form { /* of an accumulator: sum of terms, constant */
    struct term *term;
    int n, cap;
    int32_t constant;
    int noise, doublings;
};

struct cell {
    struct value old, now;
    int written; /* clock of the last write in this pass, or -1 */
};

struct walk {
    const struct glb_program *p;
    const struct glb_graph *g;
    const struct glb_array *a;
    int n, nodes, seg, clock, c_end;
    struct cell *cell;   /* [tile][lane][g] */
    int32_t *node_at;    /* the same: which p-bit's slot, or -1 */
    struct form *acc;    /* [tile][lane] */
    int32_t *wp, *entry; /* [tile][lane], [tile] */
    struct form *sum;    /* exported sums */
    int nsum, cap_sum;
    int8_t *saw; /* [copies][2m] direction of an edge: 0 not read, 1 old, 2 new, 3 constant */
    int32_t *adj0, *adj, *adj_edge;
    int32_t *updated; /* [nodes] segment, or -1 */
    int *nc;
};

static enum glb_status bad(const struct walk *w, int tile, const char *what, int x) {
    return glb_fail(GLB_ERR_FORMAT, "verify: segment %d clock %d tile %d: %s (%d)", w->seg,
                    w->clock, tile, what, x);
}

static bool add_term(struct form *f, struct value v, int32_t coef) {
    if (f->n == f->cap) {
        const int cap = f->cap ? 2 * f->cap : 32;
        struct term *t = realloc(f->term, sizeof *t * (size_t)cap);
        if (!t)
            return false;
        f->term = t;
        f->cap = cap;
    }
    f->term[f->n++] = (struct term){v, coef};
    return true;
}

/* Bank whose word reaches tile t in clock word net. */
static int source_of(const struct glb_array *a, const uint16_t *net, int t) {
    int wire = t;
    for (int s = a->ns - 1; s >= 0; s--) {
        const int k = (wire >> (s + 1) << s) | (wire & ((1 << s) - 1));
        const int bit = s * a->tiles / 2 + k;
        if (net[bit / 16] >> bit % 16 & 1)
            wire ^= 1 << s;
    }
    return wire;
}

static int32_t wrap(const struct glb_array *a, int64_t x) {
    const int64_t m = 1ll << a->acc;
    x = ((x % m) + m) % m;
    return (int32_t)(x >= m / 2 ? x - m : x);
}

/* Replaces the digits in f by the sums they stand for; all digits of a sum must be there with -2^k
 * times one factor. */
static enum glb_status expand(struct walk *w, int tile, struct form *f) {
    int32_t *weight = calloc((size_t)w->nsum * (size_t)w->a->acc + 1, sizeof *weight);
    if (!weight)
        return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    int kept = 0;
    bool any = false;
    for (int i = 0; i < f->n; i++) {
        const struct term *t = &f->term[i];
        if (t->v.kind == DIGIT) {
            weight[t->v.id * w->a->acc + t->v.arg] += t->coef;
            any = true;
        } else {
            f->term[kept++] = *t;
        }
    }
    f->n = kept;
    enum glb_status s = GLB_OK;
    for (int i = 0; any && i < w->nsum && s == GLB_OK; i++) {
        const int32_t *d = &weight[i * w->a->acc];
        bool used = false;
        for (int k = 0; k < w->a->acc; k++)
            used |= d[k] != 0;
        if (!used)
            continue;
        for (int k = 0; k < w->a->acc && s == GLB_OK; k++)
            if (wrap(w->a, (int64_t)d[k] + (1 << k)) != 0)
                s = bad(w, tile, "a digit of a partial sum is added with a wrong weight", k);
        /* sum = -1 - sum_k 2^k d_k */
        f->constant = wrap(w->a, (int64_t)f->constant + 1 + w->sum[i].constant);
        for (int k = 0; k < w->sum[i].n && s == GLB_OK; k++)
            if (!add_term(f, w->sum[i].term[k].v, w->sum[i].term[k].coef))
                s = glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    }
    free(weight);
    return s;
}

/* The closing of p-bit `node`: exactly its neighbours, its weights, its bias, its noise. */
static enum glb_status check_update(struct walk *w, int tile, struct form *f, int node, int we) {
    const int copy = node / w->n, i = node % w->n;
    enum glb_status s = expand(w, tile, f);
    if (s != GLB_OK)
        return s;
    if (f->noise != w->a->chains)
        return bad(w, tile, "an update took a wrong number of noise words", f->noise);
    if (we == w->p->clamped[i])
        return bad(w, tile, "we of a clamped (or not clamped) p-bit is wrong", i);
    if (w->updated[node] >= 0)
        return bad(w, tile, "a p-bit is updated twice", i);
    w->updated[node] = w->seg;
    if (f->n != w->adj0[i + 1] - w->adj0[i])
        return bad(w, tile, "an update has a wrong number of reads", i);
    for (int k = 0; k < f->n; k++) {
        const struct term *t = &f->term[k];
        if (t->v.kind != PBIT || t->v.id / w->n != copy)
            return bad(w, tile, "an update reads a word that is no neighbour", i);
        int at = -1;
        for (int e = w->adj0[i]; e < w->adj0[i + 1] && at < 0; e++)
            if (w->adj[e] == t->v.id % w->n)
                at = e;
        if (at < 0)
            return bad(w, tile, "an update reads a p-bit that is no neighbour", i);
        int8_t *saw = &w->saw[(size_t)copy * 2 * (size_t)w->p->m + (size_t)at];
        if (*saw)
            return bad(w, tile, "a neighbour is read twice", i);
        *saw = t->v.arg ? 2 : 1;
        if (t->coef != w->p->weight[w->adj_edge[at]])
            return bad(w, tile, "a neighbour is added with a wrong weight", i);
    }
    if (wrap(w->a, (int64_t)f->constant - w->p->qbias[i]) != 0)
        return bad(w, tile, "an update has a wrong bias", i);
    return GLB_OK;
}

static enum glb_status do_ctrl(struct walk *w, int tile, uint64_t payload) {
    const struct glb_array *a = w->a;
    const int lane = a->lw ? (int)(payload >> (a->acc + 3)) & (a->lanes - 1) : 0;
    const int dbl = payload >> (a->acc - 1) & 1, clr = payload >> a->acc & 1;
    const int we = payload >> (a->acc + 1) & 1, nz = payload >> (a->acc + 2) & 1;
    const int32_t span = 1 << (a->acc - 2);
    int32_t bias = (int32_t)(payload & (uint64_t)(2 * span - 1));
    bias -= bias >= span ? 2 * span : 0;
    const int at = tile * a->lanes + lane;
    struct form *f = &w->acc[at];
    if (nz && a->lanes < 2)
        return bad(w, tile, "nz without a second lane", lane);
    if (nz)
        w->acc[at ^ 1].noise++;
    if (w->wp[at] >= 1 << a->gw)
        return bad(w, tile, "a lane runs out of state words", lane);
    const int address = at << a->gw | w->wp[at]++;
    struct cell *cell = &w->cell[address];
    const int node = w->node_at[address];
    if (node < 0 && !we && !dbl)
        return bad(w, tile, "a helper's result is dropped", lane);
    struct value v = {STALE, 0, 0};
    if (dbl) {
        for (int i = 0; i < f->n; i++)
            f->term[i].coef *= 2;
        f->constant *= 2;
        f->doublings++;
        if (f->noise > 0)
            return bad(w, tile, "noise is doubled", lane);
    } else {
        f->constant += bias;
    }
    if (node >= 0) {
        if (!clr || dbl)
            return bad(w, tile, "a p-bit's slot is written by something else than a closing", node);
        const enum glb_status s = check_update(w, tile, f, node, we);
        if (s != GLB_OK)
            return s;
        v = (struct value){PBIT, node, 1};
    } else if (we && !clr && !dbl && !f->noise) { /* first digit of a partial sum */
        if (w->nsum == w->cap_sum) {
            w->cap_sum = w->cap_sum ? 2 * w->cap_sum : 64;
            struct form *more = realloc(w->sum, sizeof *more * (size_t)w->cap_sum);
            if (!more)
                return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
            w->sum = more;
        }
        struct form *sum = &w->sum[w->nsum++];
        *sum = (struct form){.constant = f->constant};
        for (int i = 0; i < f->n; i++)
            if (!add_term(sum, f->term[i].v, f->term[i].coef))
                return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
        f->doublings = 0;
        f->noise = -w->nsum; /* marks an exported sum */
        v = (struct value){DIGIT, w->nsum - 1, a->acc - 1};
    } else if (we && dbl && f->noise < 0) {
        if (f->doublings >= a->acc)
            return bad(w, tile, "more digits than bits", lane);
        v = (struct value){DIGIT, -f->noise - 1, a->acc - 1 - f->doublings};
    } else if (we && clr && !f->noise && f->n == 1 && f->term[0].v.kind == PBIT) {
        if (f->constant >= 0 || f->constant + f->term[0].coef < 0)
            return bad(w, tile, "a relay does not copy", lane);
        v = f->term[0].v;
    } else if (we) {
        return bad(w, tile, "a result that means nothing is written", lane);
    }
    if (clr) {
        f->n = f->constant = f->noise = f->doublings = 0;
    }
    if (we || node >= 0) {
        if (cell->written >= 0)
            return bad(w, tile, "a word is written twice", lane);
        cell->now = v;
        cell->written = w->clock + a->wl;
    }
    return GLB_OK;
}

static enum glb_status do_read(struct walk *w, int tile, int flag, uint64_t payload,
                               const uint32_t *sched, const uint16_t *net) {
    const struct glb_array *a = w->a;
    const int bank = source_of(a, net, tile);
    const int addr = (int)(sched[bank] >> a->ow) & ((1 << a->aw) - 1);
    const struct cell *cell = &w->cell[bank << a->aw | addr];
    if (flag)
        w->acc[tile * a->lanes + flag - 1].noise++;
    for (int l = 0; l < a->lanes * (1 << a->gw); l++) /* the bank's port in this clock */
        if (w->cell[bank << a->aw | l].written == w->clock)
            return bad(w, tile, "a read meets the bank's write", bank);
    const struct value v = cell->written >= 0 && cell->written < w->clock ? cell->now : cell->old;
    for (int l = 0; l < a->lanes; l++) {
        int32_t j = (int32_t)(payload >> (l * a->jw)) & ((1 << a->jw) - 1);
        j -= j >= 1 << (a->jw - 1) ? 1 << a->jw : 0;
        if (l == flag - 1 || (j == 0 && v.kind != PBIT))
            continue;
        bool wanted = j != 0;
        for (int k = w->p->nreads - 1; k >= 0 && !wanted; k--) /* a neighbour of weight 0 */
            wanted = w->p->reads[k].tile == tile && w->p->reads[k].lane == l &&
                     w->p->reads[k].entry == w->entry[tile];
        if (!wanted)
            continue;
        if (v.kind == STALE)
            return bad(w, tile, "a read of a word that holds nothing yet", bank);
        if (!add_term(&w->acc[tile * a->lanes + l], v, j))
            return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    }
    return GLB_OK;
}

static enum glb_status walk_segment(struct walk *w) {
    const struct glb_array *a = w->a;
    const struct glb_segment *g = &w->p->seg[w->seg];
    const int chunks = (a->nb + 15) / 16, lanes = a->tiles * a->lanes;
    for (int i = 0; i < lanes << a->gw; i++) {
        struct cell *c = &w->cell[i];
        c->written = -1;
        c->old = w->node_at[i] >= 0 ? (struct value){PBIT, w->node_at[i], 0} : (struct value){0};
    }
    for (int i = 0; i < lanes; i++)
        w->wp[i] = g->wp_start;
    for (int t = 0; t < a->tiles; t++)
        w->entry[t] = g->c_start;
    for (w->clock = 0; w->clock < g->s_len; w->clock++) {
        const uint32_t *sched = &w->p->sched[(size_t)(g->s_start + w->clock) * (size_t)a->tiles];
        const uint16_t *net = &w->p->net[(size_t)(g->s_start + w->clock) * (size_t)chunks];
        for (int t = 0; t < a->tiles; t++) {
            const int op = (int)sched[t] & ((1 << a->ow) - 1);
            if (op == 0)
                continue;
            if (op <= a->lanes) {
                w->acc[t * a->lanes + op - 1].noise++;
                continue;
            }
            if (op != a->ctrl || w->entry[t] >= w->c_end)
                return bad(w, t, "an op or its entry does not exist", op);
            const uint64_t e =
                w->p->coupling[(size_t)t * (size_t)w->p->c_used + (size_t)w->entry[t]];
            const int flag = (int)e & ((1 << a->ow) - 1);
            if (flag > a->ctrl)
                return bad(w, t, "a flag does not exist", flag);
            const enum glb_status s = flag == a->ctrl ? do_ctrl(w, t, e >> a->ow)
                                                      : do_read(w, t, flag, e >> a->ow, sched, net);
            if (s != GLB_OK)
                return s;
            w->entry[t]++;
        }
    }
    for (int i = 0; i < lanes; i++)
        if (w->acc[i].n || w->acc[i].noise || w->acc[i].constant)
            return bad(w, i / a->lanes, "an update is not finished at the end", i % a->lanes);
    return GLB_OK;
}

/* Reads of this segment's updates must agree on one order of updates: for every coupling inside it
 * one end saw the new state and the other the old one, and "saw new" has no cycle. */
static enum glb_status check_order(struct walk *w) {
    int32_t *left = calloc((size_t)w->nodes + 1, sizeof *left),
            *queue = malloc(sizeof *queue * ((size_t)w->nodes + 1));
    enum glb_status s = left && queue ? GLB_OK : glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    int count = 0, head = 0, tail = 0;
    for (int v = 0; v < w->nodes && s == GLB_OK; v++) {
        const int copy = v / w->n, i = v % w->n;
        if (w->updated[v] != w->seg)
            continue;
        count++;
        const int8_t *saw = &w->saw[(size_t)copy * 2 * (size_t)w->p->m];
        for (int e = w->adj0[i]; e < w->adj0[i + 1]; e++) {
            const int j = w->adj[e];
            const bool inside = w->updated[copy * w->n + j] == w->seg;
            if (!inside && saw[e] != 1) {
                s = bad(w, -1, "a p-bit of another segment was seen changing", j);
                continue;
            }
            if (!inside)
                continue;
            int back = w->adj0[j];
            while (w->adj[back] != i)
                back++;
            if (saw[e] + saw[back] != 3)
                s = bad(w, -1, "two neighbours do not agree on who was first", i);
            left[v] += saw[e] == 2;
        }
        if (!left[v])
            queue[tail++] = v;
    }
    while (head < tail && s == GLB_OK) {
        const int v = queue[head++], copy = v / w->n, i = v % w->n;
        for (int e = w->adj0[i]; e < w->adj0[i + 1]; e++) {
            const int j = copy * w->n + w->adj[e];
            if (w->updated[j] == w->seg &&
                w->saw[(size_t)copy * 2 * (size_t)w->p->m + (size_t)e] == 1 && --left[j] == 0)
                queue[tail++] = j;
        }
    }
    if (s == GLB_OK && tail != count)
        s = bad(w, -1, "the order of updates has a cycle", count - tail);
    if (s == GLB_OK && (uint32_t)(count * w->a->chains) != w->p->seg[w->seg].flips)
        s = bad(w, -1, "flips is wrong", count);
    free(left);
    free(queue);
    return s;
}

static enum glb_status prepare(struct walk *w) {
    const struct glb_array *a = w->a;
    const size_t cells = (size_t)glb_array_capacity(a), lanes = (size_t)(a->tiles * a->lanes);
    const size_t m = (size_t)w->p->m, n = (size_t)w->n;
    w->cell = calloc(cells, sizeof *w->cell);
    w->node_at = malloc(sizeof *w->node_at * cells);
    w->acc = calloc(lanes, sizeof *w->acc);
    w->wp = calloc(lanes, sizeof *w->wp);
    w->entry = calloc((size_t)a->tiles, sizeof *w->entry);
    w->saw = calloc((size_t)w->p->copies * 2 * m + 1, 1);
    w->adj0 = calloc(n + 2, sizeof *w->adj0);
    w->adj = malloc(sizeof *w->adj * (2 * m + 1));
    w->adj_edge = malloc(sizeof *w->adj_edge * (2 * m + 1));
    w->updated = malloc(sizeof *w->updated * ((size_t)w->nodes + 1));
    if (!w->cell || !w->node_at || !w->acc || !w->wp || !w->entry || !w->saw || !w->adj0 ||
        !w->adj || !w->adj_edge || !w->updated)
        return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    for (int e = 0; e < w->p->m; e++) {
        w->adj0[w->g->ei[e] + 2]++;
        w->adj0[w->g->ej[e] + 2]++;
    }
    for (int i = 0; i < w->n; i++)
        w->adj0[i + 2] += w->adj0[i + 1];
    for (int e = 0; e < w->p->m; e++) {
        const int x = w->adj0[w->g->ei[e] + 1]++, y = w->adj0[w->g->ej[e] + 1]++;
        w->adj[x] = w->g->ej[e];
        w->adj[y] = w->g->ei[e];
        w->adj_edge[x] = w->adj_edge[y] = e;
    }
    for (size_t i = 0; i < cells; i++)
        w->node_at[i] = -1;
    for (int v = 0; v < w->nodes; v++) {
        const struct glb_slot *s = &w->p->slot[v];
        w->updated[v] = -1;
        if (s->tile < 0 || s->tile >= a->tiles || s->lane < 0 || s->lane >= a->lanes || s->g < 0 ||
            s->g >= 1 << a->gw)
            return bad(w, s->tile, "a slot does not exist", v);
        int32_t *at = &w->node_at[(s->tile * a->lanes + s->lane) << a->gw | s->g];
        if (*at >= 0)
            return bad(w, s->tile, "two p-bits have one slot", v);
        *at = v;
    }
    return GLB_OK;
}

enum glb_status glb_program_verify(const struct glb_program *p, const struct glb_graph *g) {
    struct walk w = {.p = p, .g = g, .a = &p->array, .n = p->n, .nodes = p->n * p->copies};
    if (g->n != p->n || g->m != p->m)
        return glb_fail(
            GLB_ERR_ARGUMENT,
            "verify: the program is for %d p-bits and %d couplings, the graph has %d and %d", p->n,
            p->m, g->n, g->m);
    if (p->s_used > p->array.sdepth || p->c_used > p->array.cdepth)
        return glb_fail(GLB_ERR_FIT, "verify: the program is larger than the array's memories");
    enum glb_status s = prepare(&w);
    for (w.seg = 0; w.seg < p->nseg && s == GLB_OK; w.seg++) {
        w.c_end = w.seg + 1 < p->nseg ? p->seg[w.seg + 1].c_start : p->c_used;
        s = walk_segment(&w);
        if (s == GLB_OK)
            s = check_order(&w);
        for (int i = 0; i < w.nsum; i++)
            free(w.sum[i].term);
        w.nsum = 0;
    }
    for (int i = 0; w.acc && i < p->array.tiles * p->array.lanes; i++)
        free(w.acc[i].term);
    free(w.sum);
    free(w.cell);
    free(w.node_at);
    free(w.acc);
    free(w.wp);
    free(w.entry);
    free(w.saw);
    free(w.adj0);
    free(w.adj);
    free(w.adj_edge);
    free(w.updated);
    return s;
}
