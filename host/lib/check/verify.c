/* An independent check of a program: walks the memory images clock by clock, follows every word
 * through the butterfly, and keeps for every accumulator and state word what it stands for. Shares
 * no code with the compiler. SPDX-License-Identifier: Apache-2.0 */
#include "array/program.h"

#include <stdlib.h>
#include "check/verifier.h"

struct ctrl {
    int lane, dbl, clr, we, nz;
    int32_t bias;
};

static struct ctrl parts_of(const struct glb_array *a, uint64_t payload) {
    const int32_t span = 1 << (a->acc - 2);
    const int32_t bias = (int32_t)(payload & (uint64_t)(2 * span - 1));
    return (struct ctrl){.lane = a->lw ? (int)(payload >> (a->acc + 3)) & (a->lanes - 1) : 0,
                         .dbl = payload >> (a->acc - 1) & 1,
                         .clr = payload >> a->acc & 1,
                         .we = payload >> (a->acc + 1) & 1,
                         .nz = payload >> (a->acc + 2) & 1,
                         .bias = bias >= span ? bias - 2 * span : bias};
}

/* The first digit of a partial sum, which f then stands for. */
static enum glb_status export_sum(struct walk *w, struct form *f, struct value *v) {
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
        if (!form_add_term(sum, f->term[i].v, f->term[i].coef))
            return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    f->doublings = 0;
    f->sum = w->nsum;
    *v = (struct value){DIGIT, w->nsum - 1, w->a->acc - 1};
    return GLB_OK;
}

/* What a CTRL that is no closing of a p-bit writes. */
static enum glb_status written_value(struct walk *w, int tile, const struct ctrl *k, struct form *f,
                                     struct value *v) {
    const struct glb_array *a = w->a;
    if (k->dbl && f->sum) {
        if (f->doublings >= a->acc)
            return verifier_bad(w, tile, "more digits than bits", k->lane);
        *v = (struct value){DIGIT, f->sum - 1, a->acc - 1 - f->doublings};
        return GLB_OK;
    }
    if (!k->dbl && k->clr && f->noise)
        return verifier_check_helper(w, tile, f, v);
    if (k->dbl || f->noise)
        return verifier_bad(w, tile, "a result that means nothing is written", k->lane);
    if (!k->clr)
        return export_sum(w, f, v);
    if (f->n != 1 || f->term[0].v.kind != PBIT)
        return verifier_bad(w, tile, "a result that means nothing is written", k->lane);
    if (f->constant >= 0 || form_wrap(a, (int64_t)f->constant + f->term[0].coef) < 0)
        return verifier_bad(w, tile, "a relay does not copy", k->lane);
    *v = f->term[0].v;
    w->copies |= 1u << w->seg;
    return GLB_OK;
}

static enum glb_status do_ctrl(struct walk *w, int tile, uint64_t payload) {
    const struct glb_array *a = w->a;
    const struct ctrl k = parts_of(a, payload);
    const int at = tile * a->lanes + k.lane;
    struct form *f = &w->acc[at];
    if (k.nz && a->lanes < 2)
        return verifier_bad(w, tile, "nz without a second lane", k.lane);
    if (k.nz)
        form_add_noise(&w->acc[at ^ 1]);
    if (w->wp[at] >= 1 << a->gw)
        return verifier_bad(w, tile, "a lane runs out of state words", k.lane);
    const int address = at << a->gw | w->wp[at]++;
    struct cell *cell = &w->cell[address];
    const int node = w->node_at[address];
    if (node < 0 && !k.we && !k.dbl)
        return verifier_bad(w, tile, "a helper's result is dropped", k.lane);
    if (k.dbl && f->noise > 0)
        return verifier_bad(w, tile, "noise is doubled", k.lane);
    if (k.dbl)
        form_double(a, f);
    else
        form_add_bias(a, f, k.bias);
    struct value v = {STALE, 0, 0};
    enum glb_status s = GLB_OK;
    if (node >= 0) {
        if (!k.clr || k.dbl)
            return verifier_bad(w, tile,
                                "a p-bit's slot is written by something else than a closing", node);
        s = verifier_check_update(w, tile, f, node, k.we);
        v = (struct value){PBIT, node, 1};
    } else if (k.we) {
        s = written_value(w, tile, &k, f, &v);
    }
    if (s != GLB_OK)
        return s;
    if (k.clr)
        form_clear(f);
    if (k.we || node >= 0) {
        if (cell->written >= 0)
            return verifier_bad(w, tile, "a word is written twice", k.lane);
        cell->now = v;
        cell->written = w->clock + a->wl;
    }
    return GLB_OK;
}

static enum glb_status do_read(struct walk *w, int tile, int flag, uint64_t payload,
                               const uint32_t *sched, const uint16_t *net) {
    const struct glb_array *a = w->a;
    const int bank = verifier_source(a, net, tile);
    const int addr = (int)(sched[bank] >> a->ow) & ((1 << a->aw) - 1);
    const struct cell *cell = &w->cell[bank << a->aw | addr];
    if (flag)
        form_add_noise(&w->acc[tile * a->lanes + flag - 1]);
    for (int l = 0; l < a->lanes * (1 << a->gw); l++) /* the bank's port in this clock */
        if (w->cell[bank << a->aw | l].written == w->clock)
            return verifier_bad(w, tile, "a read meets the bank's write", bank);
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
            return verifier_bad(w, tile, "a read of a word that holds nothing yet", bank);
        if (!form_add_term(&w->acc[tile * a->lanes + l], v, j))
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
                form_add_noise(&w->acc[t * a->lanes + op - 1]);
                continue;
            }
            if (op != a->ctrl || w->entry[t] >= w->c_end)
                return verifier_bad(w, t, "an op or its entry does not exist", op);
            const uint64_t e =
                w->p->coupling[(size_t)t * (size_t)w->p->c_used + (size_t)w->entry[t]];
            const int flag = (int)e & ((1 << a->ow) - 1);
            if (flag > a->ctrl)
                return verifier_bad(w, t, "a flag does not exist", flag);
            const enum glb_status s = flag == a->ctrl ? do_ctrl(w, t, e >> a->ow)
                                                      : do_read(w, t, flag, e >> a->ow, sched, net);
            if (s != GLB_OK)
                return s;
            w->entry[t]++;
        }
    }
    for (int i = 0; i < lanes; i++)
        if (w->acc[i].n || w->acc[i].noise || w->acc[i].constant || w->acc[i].sum)
            return verifier_bad(w, i / a->lanes, "an update is not finished at the end",
                                i % a->lanes);
    return GLB_OK;
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
    w->expected = calloc(2 * m + 1, sizeof *w->expected);
    w->parts = calloc(2 * m + 1, sizeof *w->parts);
    if (!w->expected || !w->parts)
        return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
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
    verifier_expect_weights(w);
    const enum glb_status s = verifier_expect_helpers(w);
    if (s != GLB_OK)
        return s;
    for (size_t i = 0; i < cells; i++)
        w->node_at[i] = -1;
    for (int v = 0; v < w->nodes; v++) {
        const struct glb_slot *s = &w->p->slot[v];
        w->updated[v] = -1;
        if (s->tile < 0 || s->tile >= a->tiles || s->lane < 0 || s->lane >= a->lanes || s->g < 0 ||
            s->g >= 1 << a->gw)
            return verifier_bad(w, s->tile, "a slot does not exist", v);
        int32_t *at = &w->node_at[(s->tile * a->lanes + s->lane) << a->gw | s->g];
        if (*at >= 0)
            return verifier_bad(w, s->tile, "two p-bits have one slot", v);
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
            s = verifier_check_order(&w);
        for (int i = 0; i < w.nsum; i++)
            free(w.sum[i].term);
        w.nsum = 0;
    }
    if (s == GLB_OK)
        s = verifier_check_extra(&w);
    for (int i = 0; w.acc && i < p->array.tiles * p->array.lanes; i++)
        free(w.acc[i].term);
    free(w.sum);
    free(w.expected);
    free(w.parts);
    free(w.helper);
    free(w.drawn);
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
