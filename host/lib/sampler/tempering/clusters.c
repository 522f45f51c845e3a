/* Isoenergetic cluster moves (Houdayer, Eur. Phys. J. B 22, 2001, p. 479) of 512 chains at a time:
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

enum { STREAM = 0x636c7573 /* "clus" */, LIMIT = 20 /* one move of so many is worth them all */ };

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

static void free_scratch(struct cluster_moves *m) {
    free(m->differ);
    free(m->cluster);
    free(m->active);
    free(m->size);
    free(m->differs);
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
    const size_t pieces = (size_t)t->pieces, chunks = pieces * (size_t)t->n;
    if (!t->opt.cluster_moves)
        return GLB_OK;
    free_scratch(m);
    m->differ = aligned_alloc(sizeof(chunk), chunks * sizeof(chunk));
    m->cluster = aligned_alloc(sizeof(chunk), chunks * sizeof(chunk));
    m->active = aligned_alloc(sizeof(chunk), pieces * sizeof(chunk));
    m->size = calloc(pieces * CHUNK_CHAINS, sizeof *m->size);
    m->differs = calloc(pieces * CHUNK_CHAINS, sizeof *m->differs);
    return m->differ && m->cluster && m->active && m->size && m->differs
               ? GLB_OK
               : glb_fail(GLB_ERR_MEMORY, "no memory for cluster moves");
}

void clusters_free(struct cluster_moves *m) {
    glb_adjacency_free(&m->near);
    free_scratch(m);
}

/* ---- bits ---- */

/* Bit c becomes bit c ^ partner. */
CHUNK_INLINE void to_partners(chunk *x, int partner) {
    static const uint64_t low[] = {0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f,
                                   0x00ff00ff00ff00ff, 0x0000ffff0000ffff};
    for (int k = 0; k < 5; k++)
        if (partner >> k & 1)
            *x = (*x & low[k]) << (1 << k) | (*x >> (1 << k) & low[k]);
}

/* How many of x[n] have each bit. */
CHUNK_CLONES static void count_bits(const chunk *x, int n, int64_t count[CHUNK_CHAINS]) {
    struct tally sum;
    tally_clear(&sum, n);
    for (int i = 0; i < n; i += 8) {
        chunk eight[8] = {0};
        memcpy(eight, x + i, (size_t)(n - i < 8 ? n - i : 8) * sizeof *x);
        tally_add8(&sum, eight);
    }
    memset(count, 0, CHUNK_CHAINS * sizeof *count);
    tally_read(&sum, 1, count);
}

static bool has_bit(const chunk *x, int bit) {
    return (*x)[bit / 64] >> bit % 64 & 1;
}

static void set_bit(chunk *x, int bit) {
    (*x)[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* ---- moves ---- */

void clusters_begin(struct tempered_run *t) {
    const uint32_t chains = (uint32_t)t->s->p->array.chains;
    const uint64_t random = glb_random_at(t->set->seed, STREAM, t->round, UINT64_MAX);
    t->moves.partner = 1 + (int)((random >> 32) * (chains - 1) >> 32);
    memset(t->moves.active, 0, (size_t)t->pieces * sizeof(chunk));
    for (int at = 0; at < CHUNK_CHAINS * t->pieces; at++) {
        const int r = t->replica[at];
        if (r >= 0 && t->moves.on[r / t->ladders])
            set_bit(&t->moves.active[at / CHUNK_CHAINS], at % CHUNK_CHAINS);
    }
}

struct piece { /* of the states */
    uint64_t *words;
    const int32_t *row;
    size_t stride;
    int n;
};

static struct piece piece_of(const struct tempered_run *t, int piece) {
    const int per_copy = t->pieces / t->s->p->copies, copy = piece / per_copy;
    return (struct piece){t->words + CHUNK * (size_t)(piece % per_copy),
                          t->s->word + (size_t)copy * (size_t)t->n, (size_t)t->stride, t->n};
}

CHUNK_INLINE chunk *state_of(const struct piece *p, int i) {
    return (chunk *)(p->words + (size_t)p->row[i] * p->stride);
}

CHUNK_CLONES static void find_differences(const struct piece *p, const chunk *active, int partner,
                                          chunk *differ) {
    for (int i = 0; i < p->n; i++) {
        chunk x = *state_of(p, i);
        to_partners(&x, partner);
        differ[i] = (x ^ *state_of(p, i)) & *active;
    }
}

/* Where partners are equal instead, if that is rarer and weighs the same. */
static void take_rarer(const struct tempered_run *t, const chunk *active, chunk *differ,
                       int64_t *count) {
    chunk equal = {0};
    for (int c = 0; c < CHUNK_CHAINS && t->moves.symmetric; c++)
        if (has_bit(active, c) && 2 * count[c] > t->n) {
            set_bit(&equal, c);
            count[c] = t->n - count[c];
        }
    for (int i = 0; i < t->n && t->moves.symmetric; i++)
        differ[i] ^= equal;
}

/* A p-bit of each pair's, the first one from a random place on. */
static void plant(const struct tempered_run *t, int piece, const chunk *differ,
                  const int64_t *count, chunk *cluster) {
    const int partner = t->moves.partner;
    memset(cluster, 0, (size_t)t->n * sizeof *cluster);
    for (int c = 0; c < CHUNK_CHAINS; c++) {
        if ((c ^ partner) < c || !has_bit(&t->moves.active[piece], c) || count[c] == 0)
            continue;
        const uint64_t replica = (uint64_t)t->replica[CHUNK_CHAINS * piece + c];
        const uint64_t random = glb_random_at(t->set->seed, STREAM, t->round, replica);
        int i = (int)((random >> 32) * (uint64_t)t->n >> 32);
        while (!has_bit(&differ[i], c))
            i = i + 1 < t->n ? i + 1 : 0;
        set_bit(&cluster[i], c);
        set_bit(&cluster[i], c ^ partner);
    }
}

CHUNK_INLINE bool any(const chunk *x) {
    uint64_t all = 0;
    for (int w = 0; w < CHUNK; w++)
        all |= (*x)[w];
    return all;
}

/* Takes in what is next to p-bit i; whether anything was. */
CHUNK_INLINE bool grow_at(const struct glb_adjacency *a, int i, const chunk *differ,
                          chunk *cluster) {
    const chunk open = differ[i] & ~cluster[i];
    chunk near = {0};
    if (!any(&open))
        return false;
    for (int k = a->start[i]; k < a->start[i + 1]; k++)
        near |= cluster[a->node[k]];
    near &= open;
    cluster[i] |= near;
    return any(&near);
}

CHUNK_CLONES static void grow(const struct glb_adjacency *a, const chunk *differ, chunk *cluster) {
    for (bool grown = true; grown;) {
        grown = false;
        for (int i = 0; i < a->n; i++)
            grown |= grow_at(a, i, differ, cluster);
        for (int i = a->n - 1; grown && i >= 0; i--)
            grow_at(a, i, differ, cluster);
    }
}

void clusters_move(struct tempered_run *t, int piece) {
    struct cluster_moves *m = &t->moves;
    const size_t at = (size_t)piece * (size_t)t->n, chains = CHUNK_CHAINS * (size_t)piece;
    const struct piece p = piece_of(t, piece);
    chunk *differ = m->differ + at, *cluster = m->cluster + at;
    if (!any(&m->active[piece]))
        return;
    find_differences(&p, &m->active[piece], m->partner, differ);
    count_bits(differ, t->n, m->differs + chains);
    take_rarer(t, &m->active[piece], differ, m->differs + chains);
    plant(t, piece, differ, m->differs + chains, cluster);
    grow(&m->near, differ, cluster);
    for (int i = 0; i < t->n; i++)
        *state_of(&p, i) ^= cluster[i];
    count_bits(cluster, t->n, m->size + chains);
}

/* Percolating: most of where the two differ, and no small part of all. */
void clusters_end(struct tempered_run *t) {
    struct cluster_moves *m = &t->moves;
    for (int at = 0; at < CHUNK_CHAINS * t->pieces; at++) {
        const int c = at % CHUNK_CHAINS, r = t->replica[at];
        if ((c ^ m->partner) < c || !has_bit(&m->active[at / CHUNK_CHAINS], c))
            continue;
        m->moved[r / t->ladders]++;
        m->percolating[r / t->ladders] +=
            2 * m->size[at] > m->differs[at] && 16 * m->size[at] > t->n;
        m->all_sizes += m->size[at];
        m->all_clusters += m->size[at] > 0;
    }
}

void clusters_choose(struct tempered_run *t) {
    struct cluster_moves *m = &t->moves;
    bool on = true;
    for (int k = t->temperatures - 1; k >= 0; k--) /* from the cold end on */
        m->on[k] = on = on && LIMIT * m->percolating[k] <= (LIMIT - 1) * m->moved[k];
    m->all_sizes = m->all_clusters = 0;
}
