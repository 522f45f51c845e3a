/* Isoenergetic cluster moves (Houdayer, Eur. Phys. J. B 22, 2001, p. 479) of 64 chains at a time:
 * of two chains at one temperature a cluster of p-bits in which they differ changes sides. What the
 * choice depends on, where they differ, stays the same in the move, and so does the sum of their
 * energies: it is its own inverse and as likely. SPDX-License-Identifier: Apache-2.0
 *
 * Without biases a chain and its opposite weigh the same, so of "differ" and "equal" the rarer one
 * may make the cluster (Zhu, Ochoa and Katzgraber, Phys. Rev. Lett. 115, 2015, 077201). */
#include <stdlib.h>
#include <string.h>
#include "base/counter_rng.h"
#include "sampler/tempering/tempering.h"

enum { STREAM = 0x636c7573 /* "clus" */, PLANES = 20 };

/* ---- making ---- */

/* Neighbours by couplings that the array has: others carry no energy. */
static enum glb_status find_neighbours(struct tempered_run *t) {
    const enum glb_status s = glb_adjacency_build(t->s->g, &t->moves.near);
    struct glb_adjacency *a = &t->moves.near;
    int kept = 0, from = 0;
    for (int i = 0; !s && i < a->n; i++) {
        const int end = a->start[i + 1];
        for (int k = from; k < end; k++)
            if (t->s->p->weight[a->edge[k]] != 0) {
                a->edge[kept] = a->edge[k];
                a->node[kept++] = a->node[k];
            }
        from = end;
        a->start[i + 1] = kept;
    }
    return s;
}

static bool has_no_field(const struct tempered_run *t) {
    const struct glb_graph *g = t->s->g;
    const struct glb_program *p = t->s->p;
    bool none = !t->set->clamp;
    int64_t *twice = calloc((size_t)g->n + 1, sizeof *twice);
    for (int i = 0; twice && i < g->n; i++)
        twice[i] = 2 * (int64_t)p->qbias[i];
    for (int k = 0; twice && k < g->m; k++) {
        twice[g->ei[k]] += p->weight[k];
        twice[g->ej[k]] += p->weight[k];
    }
    for (int i = 0; twice && i < g->n; i++)
        none &= twice[i] == 0;
    none &= twice != NULL; /* without memory: as with a field, which is right, too */
    free(twice);
    return none;
}

enum glb_status clusters_new(struct tempered_run *t) {
    if (!t->opt.cluster_moves)
        return GLB_OK;
    if (t->set->clamp && t->set->clamp_columns > 1)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "cluster moves with chains that are clamped to different values: they "
                        "would exchange these; clamp all chains to the same");
    if (t->s->p->array.chains < 2)
        return glb_fail(GLB_ERR_ARGUMENT, "cluster moves need two chains a board at least");
    for (int k = 0; k < GLB_MOST_TEMPERATURES; k++)
        t->moves.on[k] = true;
    t->moves.symmetric = has_no_field(t);
    return find_neighbours(t);
}

enum glb_status clusters_shape(struct tempered_run *t) {
    struct cluster_moves *m = &t->moves;
    const size_t columns = (size_t)t->columns, words = columns * (size_t)t->n;
    if (!t->opt.cluster_moves)
        return GLB_OK;
    free(m->differ);
    free(m->cluster);
    free(m->active);
    free(m->large);
    free(m->size);
    free(m->count);
    m->differ = malloc(words * sizeof *m->differ);
    m->cluster = malloc(words * sizeof *m->cluster);
    m->active = calloc(columns, sizeof *m->active);
    m->large = calloc(columns, sizeof *m->large);
    m->size = calloc(columns, sizeof *m->size);
    m->count = calloc(columns, sizeof *m->count);
    return m->differ && m->cluster && m->active && m->large && m->size && m->count
               ? GLB_OK
               : glb_fail(GLB_ERR_MEMORY, "no memory for cluster moves");
}

void clusters_free(struct cluster_moves *m) {
    glb_adjacency_free(&m->near);
    free(m->differ);
    free(m->cluster);
    free(m->active);
    free(m->large);
    free(m->size);
    free(m->count);
}

/* ---- bits ---- */

/* Bit c of the result is bit c ^ partner. */
static uint64_t partners(uint64_t x, int partner) {
    static const uint64_t low[] = {0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f,
                                   0x00ff00ff00ff00ff, 0x0000ffff0000ffff};
    for (int k = 0; k < 5; k++)
        if (partner >> k & 1)
            x = (x & low[k]) << (1 << k) | (x >> (1 << k) & low[k]);
    return x;
}

/* How many of x[n] have each bit. */
static void count_bits(const uint64_t *x, int n, int64_t count[64]) {
    uint64_t plane[PLANES] = {0};
    for (int i = 0; i < n; i++) {
        uint64_t carry = x[i];
        for (int p = 0; carry; p++) {
            const uint64_t next = plane[p] & carry;
            plane[p] ^= carry;
            carry = next;
        }
    }
    for (int c = 0; c < 64; c++) {
        count[c] = 0;
        for (int p = 0; p < PLANES; p++)
            count[c] += (int64_t)(plane[p] >> c & 1) << p;
    }
}

/* ---- moves ---- */

void clusters_begin(struct tempered_run *t) {
    const uint32_t chains = (uint32_t)t->s->p->array.chains;
    const uint64_t random = glb_random_at(t->set->seed, STREAM, t->round, UINT64_MAX);
    t->moves.partner = 1 + (int)((random >> 32) * (chains - 1) >> 32);
    for (int column = 0; column < t->columns; column++) {
        t->moves.active[column] = 0;
        for (int c = 0; c < 64; c++) {
            const int r = t->replica[64 * column + c];
            if (r >= 0 && t->moves.on[r / t->ladders])
                t->moves.active[column] |= UINT64_C(1) << c;
        }
    }
}

/* Where partners differ, or, if that is rarer and weighs the same, are equal; how often. */
static void find_differences(struct tempered_run *t, const uint64_t *state, uint64_t active,
                             uint64_t *differ, int64_t count[64]) {
    uint64_t equal = 0;
    for (int i = 0; i < t->n; i++)
        differ[i] = (state[i] ^ partners(state[i], t->moves.partner)) & active;
    count_bits(differ, t->n, count);
    for (int c = 0; c < 64 && t->moves.symmetric; c++)
        if (active >> c & 1 && 2 * count[c] > t->n) {
            equal |= UINT64_C(1) << c;
            count[c] = t->n - count[c];
        }
    for (int i = 0; i < t->n && equal; i++)
        differ[i] ^= equal;
}

/* A p-bit of each pair's, the first one from a random place on. */
static void plant(struct tempered_run *t, int column, const uint64_t *differ,
                  const int64_t count[64], uint64_t *cluster) {
    memset(cluster, 0, (size_t)t->n * sizeof *cluster);
    for (int c = 0; c < 64; c++) {
        if ((c ^ t->moves.partner) < c || !(t->moves.active[column] >> c & 1) || count[c] == 0)
            continue;
        const uint64_t replica = (uint64_t)t->replica[64 * column + c];
        const uint64_t random = glb_random_at(t->set->seed, STREAM, t->round, replica);
        int i = (int)((random >> 32) * (uint64_t)t->n >> 32);
        while (!(differ[i] >> c & 1))
            i = i + 1 < t->n ? i + 1 : 0;
        cluster[i] |= UINT64_C(1) << c | UINT64_C(1) << (c ^ t->moves.partner);
    }
}

/* Takes in what is next to p-bit i; whether anything was. */
static bool grow_at(const struct glb_adjacency *a, int i, const uint64_t *differ,
                    uint64_t *cluster) {
    const uint64_t open = differ[i] & ~cluster[i];
    uint64_t near = 0;
    if (!open)
        return false;
    for (int k = a->start[i]; k < a->start[i + 1]; k++)
        near |= cluster[a->node[k]];
    cluster[i] |= near & open;
    return near & open;
}

static void grow(const struct glb_adjacency *a, const uint64_t *differ, uint64_t *cluster) {
    for (bool grown = true; grown;) {
        grown = false;
        for (int i = 0; i < a->n; i++)
            grown |= grow_at(a, i, differ, cluster);
        for (int i = a->n - 1; grown && i >= 0; i--)
            grow_at(a, i, differ, cluster);
    }
}

/* Percolating: most of where the two differ, and no small part of all. */
static void judge(struct tempered_run *t, int column, const int64_t count[64],
                  const int64_t size[64]) {
    struct cluster_moves *m = &t->moves;
    m->large[column] = 0;
    m->size[column] = m->count[column] = 0;
    for (int c = 0; c < 64; c++) {
        if ((c ^ m->partner) < c || size[c] == 0)
            continue;
        m->size[column] += size[c];
        m->count[column]++;
        if (2 * size[c] > count[c] && 16 * size[c] > t->n)
            m->large[column] |= UINT64_C(1) << c;
    }
}

void clusters_move(struct tempered_run *t, int column) {
    struct cluster_moves *m = &t->moves;
    const size_t at = (size_t)column * (size_t)t->n;
    uint64_t *state = t->state + at, *differ = m->differ + at, *cluster = m->cluster + at;
    int64_t count[64], size[64];
    m->large[column] = 0;
    m->size[column] = m->count[column] = 0;
    if (!m->active[column])
        return;
    find_differences(t, state, m->active[column], differ, count);
    plant(t, column, differ, count, cluster);
    grow(&m->near, differ, cluster);
    for (int i = 0; i < t->n; i++)
        state[i] ^= cluster[i];
    count_bits(cluster, t->n, size);
    judge(t, column, count, size);
}

void clusters_end(struct tempered_run *t) {
    struct cluster_moves *m = &t->moves;
    for (int column = 0; column < t->columns; column++) {
        m->all_sizes += m->size[column];
        m->all_clusters += m->count[column];
        for (int c = 0; c < 64; c++) {
            const int r = t->replica[64 * column + c];
            if (r < 0 || (c ^ m->partner) < c || !(m->active[column] >> c & 1))
                continue;
            m->moved[r / t->ladders]++;
            m->percolating[r / t->ladders] += m->large[column] >> c & 1;
        }
    }
}

void clusters_choose(struct tempered_run *t) {
    struct cluster_moves *m = &t->moves;
    bool on = true;
    for (int k = t->temperatures - 1; k >= 0; k--) /* from the cold end on */
        m->on[k] = on = on && 2 * m->percolating[k] <= m->moved[k];
    m->all_sizes = m->all_clusters = 0;
}
