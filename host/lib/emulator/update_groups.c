/* Groups of updates: what an update must wait for, and a list schedule that fills group after group
 * with updates of one kind that wait for nothing. SPDX-License-Identifier: Apache-2.0 */
#include "emulator/update_groups.h"

#include <stdlib.h>
#include <string.h>
#include "array/coupling_word.h"
#include "base/heap.h"

/* Doublings whose weights still fit into 16 bits beside a field. */
enum { MOST_DOUBLINGS = 8 };

/* A group has more than this part of the updates that it could hold. */
enum { FULL_ENOUGH = 8 };

struct edge {
    int to, next;
};

struct grouper {
    const struct glb_board_memory *m;
    const struct glb_emu_code *c;
    struct glb_emu_order *o;
    int *level, *degree, *waits; /* of an update; waits: for so many others */
    int *edge_first;
    struct edge *edges;
    int nedges;
    int *last_write; /* of a word, or a temporary: update, -1: none */
    int *readers;    /* since then: index in reader, -1: none */
    struct edge *reader;
    int nreaders;
    uint64_t *keys;
    struct glb_heap ready[GLB_UPDATE_KINDS];
};

static struct glb_ctrl ctrl_of(const struct glb_board_memory *m, const struct glb_emu_stage *s) {
    return glb_ctrl_parts(&m->a, m->coupling[(size_t)s->tile * m->a.cdepth + s->entry]);
}

int glb_emu_stage_writes(const struct glb_board_memory *m, const struct glb_emu_code *c,
                         const struct glb_emu_stage *s) {
    if (s->copy)
        return 1;
    const struct glb_ctrl k = ctrl_of(m, s);
    return k.we && !(c->hold && k.clr && !k.dbl);
}

/* ---- updates ---- */

static int kind_of(const struct grouper *g, const struct glb_emu_update *u) {
    const struct glb_emu_stage *s = &g->c->stage[u->first];
    const uint8_t *we = &g->o->we[u->first];
    int one = u->draws <= 1 && u->n <= MOST_DOUBLINGS;
    int digits = u->draws == 0 && u->n > 1 && u->n <= GLB_MOST_RESULTS;
    if (s->copy)
        return GLB_UPDATE_QUIET;
    for (int k = 0; k < u->n; k++) {
        const int dbl = ctrl_of(g->m, &s[k]).dbl, last = k == u->n - 1;
        if (last ? dbl : we[k] || s[k].noise)
            one = 0;
        if (dbl != (k > 0) || !we[k] || (k > 0 && s[k].nreads > 0))
            digits = 0;
    }
    if (one)
        return u->draws ? GLB_UPDATE_NOISY : GLB_UPDATE_QUIET;
    return digits ? GLB_UPDATE_DIGITS + u->n - 2 : GLB_UPDATE_ALONE;
}

/* rows: of each lane so far. */
static void list_updates(struct grouper *g, int *rows) {
    const struct glb_emu_code *c = g->c;
    struct glb_emu_order *o = g->o;
    for (int i = 0; i < c->nstages; i++)
        o->we[i] = (uint8_t)glb_emu_stage_writes(g->m, c, &c->stage[i]);
    for (int i = 0; i < c->nstages;) {
        const struct glb_emu_stage *s = &c->stage[i];
        struct glb_emu_update *u = &o->update[o->nupdates];
        *u = (struct glb_emu_update){.first = i, .lane = s->tile * g->m->a.lanes + s->lane};
        do {
            u->draws += s->noise;
            u->writes |= o->we[i];
            g->degree[o->nupdates] += s->nreads;
            u->n++, i++, s++;
        } while (i < c->nstages && s->keep);
        if (!c->stage[u->first].copy) {
            u->row = rows[u->lane];
            rows[u->lane] += u->draws;
        }
        u->kind = kind_of(g, u);
        o->nupdates++;
    }
}

/* ---- what waits for what ---- */

static void wait_for(struct grouper *g, int update, int before) {
    if (before < 0 || before == update)
        return;
    g->edges[g->nedges] = (struct edge){update, g->edge_first[before]};
    g->edge_first[before] = g->nedges++;
    g->waits[update]++;
    if (g->level[update] <= g->level[before])
        g->level[update] = g->level[before] + 1;
}

static void reads(struct grouper *g, int update, uint32_t slot) {
    const uint32_t word = slot / 2;
    wait_for(g, update, g->last_write[word]);
    g->reader[g->nreaders] = (struct edge){update, g->readers[word]};
    g->readers[word] = g->nreaders++;
}

static void writes(struct grouper *g, int update, uint32_t slot) {
    const uint32_t word = slot / 2;
    wait_for(g, update, g->last_write[word]);
    for (int r = g->readers[word]; r >= 0; r = g->reader[r].next)
        wait_for(g, update, g->reader[r].to);
    g->readers[word] = -1;
    g->last_write[word] = update;
}

static void make_edges(struct grouper *g) {
    const struct glb_emu_code *c = g->c;
    for (int i = 0; i < g->o->nupdates; i++) {
        const struct glb_emu_update *u = &g->o->update[i];
        for (int k = u->first; u->writes && k < u->first + u->n; k++) {
            const struct glb_emu_stage *s = &c->stage[k];
            if (s->copy)
                reads(g, i, s->copy_from);
            for (int r = s->first; r < s->first + s->nreads; r++)
                reads(g, i, c->read[r].slot);
        }
        for (int k = u->first; u->writes && k < u->first + u->n; k++)
            if (g->o->we[k])
                writes(g, i, c->stage[k].dst);
    }
}

/* ---- groups ---- */

/* Lower levels first, then those with most reads: alike ones share a group. */
static void push(struct grouper *g, int update) {
    const uint64_t fewer = g->degree[update] < 4095 ? 4095 - (uint64_t)g->degree[update] : 0;
    glb_heap_push(&g->ready[g->o->update[update].kind],
                  ~((uint64_t)g->level[update] << 38 | fewer << 26 | (uint64_t)update));
}

static int top_kind(const struct grouper *g) {
    int best = -1;
    uint64_t level = 0;
    for (int k = 0; k < GLB_UPDATE_KINDS; k++) {
        if (g->ready[k].count == 0)
            continue;
        const uint64_t l = ~g->ready[k].key[0] >> 38;
        if (best < 0 || l < level) {
            best = k;
            level = l;
        }
    }
    return best;
}

/* A slot for a few updates costs more than they do one by one. */
static void end_batch(struct grouper *g, int first, int n, int kind, int most) {
    struct glb_emu_order *o = g->o;
    const int alone = n * FULL_ENOUGH <= most;
    for (int i = 0; i < (alone ? n : 1); i++)
        o->batch[o->nbatches++] = (struct glb_emu_batch){.first = first + i,
                                                         .n = alone ? 1 : n,
                                                         .kind = alone ? GLB_UPDATE_ALONE : kind,
                                                         .noise = -1};
}

static void schedule(struct grouper *g, int most) {
    struct glb_emu_order *o = g->o;
    int done = 0;
    for (int i = 0; i < o->nupdates; i++)
        if (o->update[i].writes && g->waits[i] == 0)
            push(g, i);
    for (int kind; (kind = top_kind(g)) >= 0;) {
        const int first = done, room = kind == GLB_UPDATE_ALONE ? 1 : most;
        while (done - first < room && g->ready[kind].count > 0)
            o->member[done++] = (int)(~glb_heap_pop(&g->ready[kind]) & ((UINT64_C(1) << 26) - 1));
        for (int i = first; i < done; i++)
            for (int e = g->edge_first[o->member[i]]; e >= 0; e = g->edges[e].next)
                if (--g->waits[g->edges[e].to] == 0)
                    push(g, g->edges[e].to);
        end_batch(g, first, done - first, kind, most);
    }
}

/* One update a group: the decoder's order will do. */
static void in_order(struct grouper *g) {
    struct glb_emu_order *o = g->o;
    for (int i = 0; i < o->nupdates; i++)
        if (o->update[i].writes) {
            o->member[o->nbatches] = i;
            o->batch[o->nbatches] = (struct glb_emu_batch){
                .first = o->nbatches, .n = 1, .kind = o->update[i].kind, .noise = -1};
            o->nbatches++;
        }
}

/* ---- memory ---- */

static int allocate(struct grouper *g) {
    const struct glb_emu_code *c = g->c;
    struct glb_emu_order *o = g->o;
    const size_t words = ((size_t)g->m->a.tiles << g->m->a.aw) + 1 + (size_t)c->ntemp;
    const size_t n = (size_t)c->nstages + 1, reads = (size_t)c->nreads + n;
    o->we = malloc(n);
    o->update = malloc(n * sizeof *o->update);
    o->batch = malloc(n * sizeof *o->batch);
    o->member = malloc(n * sizeof *o->member);
    g->level = calloc(n, sizeof *g->level);
    g->degree = calloc(n, sizeof *g->degree);
    g->waits = calloc(n, sizeof *g->waits);
    g->edge_first = malloc(n * sizeof *g->edge_first);
    g->edges = malloc((2 * reads + n) * sizeof *g->edges);
    g->reader = malloc(reads * sizeof *g->reader);
    g->last_write = malloc(words * sizeof *g->last_write);
    g->readers = malloc(words * sizeof *g->readers);
    g->keys = malloc(GLB_UPDATE_KINDS * n * sizeof *g->keys);
    if (!o->we || !o->update || !o->batch || !o->member || !g->level || !g->degree || !g->waits ||
        !g->edge_first || !g->edges || !g->reader || !g->last_write || !g->readers || !g->keys)
        return 0;
    memset(g->edge_first, 0xff, n * sizeof *g->edge_first);
    memset(g->last_write, 0xff, words * sizeof *g->last_write);
    memset(g->readers, 0xff, words * sizeof *g->readers);
    for (size_t k = 0; k < GLB_UPDATE_KINDS; k++)
        g->ready[k].key = g->keys + k * n;
    return 1;
}

enum glb_status glb_emu_order_build(const struct glb_board_memory *m, const struct glb_emu_code *c,
                                    int parts, struct glb_emu_order *out) {
    struct grouper g = {.m = m, .c = c, .o = out};
    int *rows = calloc((size_t)m->a.tiles * (size_t)m->a.lanes, sizeof *rows);
    memset(out, 0, sizeof *out);
    int enough = allocate(&g) && rows;
    if (enough) {
        list_updates(&g, rows);
        if (parts == GLB_SLOT_PARTS) {
            in_order(&g);
        } else {
            make_edges(&g);
            schedule(&g, GLB_SLOT_PARTS / parts);
        }
        enough = glb_emu_rows_build(&m->a, parts, out) == GLB_OK;
    }
    void *all[] = {rows,    g.level,  g.degree,     g.waits,   g.edge_first,
                   g.edges, g.reader, g.last_write, g.readers, g.keys};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        free(all[i]);
    if (enough)
        return GLB_OK;
    glb_emu_order_free(out);
    return glb_fail(GLB_ERR_MEMORY, "emulator: no memory for %d updates", c->nstages);
}

void glb_emu_order_free(struct glb_emu_order *o) {
    free(o->we);
    free(o->update);
    free(o->batch);
    free(o->member);
    free(o->row);
    memset(o, 0, sizeof *o);
}
