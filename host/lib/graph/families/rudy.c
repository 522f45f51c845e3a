/* Graphs of G. Rinaldi's generator rudy, edge for edge, and through it the G-set (Helmberg and
 * Rendl 2000). rudy stands on the random numbers and graph conventions of the Stanford GraphBase
 * (Knuth 1993); the order in which it draws matters and is kept.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/rudy.h"

#include <stdlib.h>
#include <string.h>

/* ---- the GraphBase's generator: x_n = x_{n-24} - x_{n-55} mod 2^31, given out in batches, last
 * value first ---- */

struct flip {
    int32_t a[56];
    int next; /* index of the next value; 0: a new batch is due */
};

static void flip_batch(struct flip *f) {
    for (int i = 1; i <= 55; i++)
        f->a[i] =
            (int32_t)(((uint32_t)f->a[i] - (uint32_t)f->a[i > 24 ? i - 24 : i + 31]) & 0x7fffffff);
    f->next = 55;
}

static void flip_seed(struct flip *f, uint32_t seed) {
    uint32_t previous = seed & 0x7fffffff, next = 1;
    seed = previous;
    f->a[0] = -1;
    f->a[55] = (int32_t)previous;
    for (int i = 21; i; i = (i + 21) % 55) {
        f->a[i] = (int32_t)next;
        seed = seed & 1 ? 0x40000000 + (seed >> 1) : seed >> 1;
        next = (previous - next - seed) & 0x7fffffff;
        previous = (uint32_t)f->a[i];
    }
    for (int k = 0; k < 5; k++)
        flip_batch(f);
    f->next = 54; /* the GraphBase drops the batch's first value */
}

/* 0 .. n-1 */
static int flip_below(struct flip *f, uint32_t n) {
    const uint32_t limit = UINT32_C(0x80000000) - UINT32_C(0x80000000) % n;
    uint32_t r;
    do {
        if (f->next == 0)
            flip_batch(f);
        r = (uint32_t)f->a[f->next--];
    } while (r >= limit);
    return (int)(r % n);
}

/* ---- edges; of equal first node the GraphBase lists the newest first, which decides which edge
 * gets which random weight ---- */

struct edge {
    int u, v; /* u < v */
};

struct edges {
    struct edge *e;
    int count;
};

static void put(struct edges *s, int u, int v) {
    s->e[s->count++] = u < v ? (struct edge){u, v} : (struct edge){v, u};
}

/* The GraphBase's order: first nodes ascending, newest first. */
static bool list_order(struct edges *s, int n) {
    int *start = calloc((size_t)n + 1, sizeof *start);
    struct edge *out = malloc(((size_t)s->count + 1) * sizeof *out);
    if (start && out) {
        for (int k = 0; k < s->count; k++)
            start[s->e[k].u + 1]++;
        for (int i = 0; i < n; i++)
            start[i + 1] += start[i];
        for (int k = s->count - 1; k >= 0; k--)
            out[start[s->e[k].u]++] = s->e[k];
        memcpy(s->e, out, (size_t)s->count * sizeof *out);
    }
    const bool ok = start && out;
    free(start);
    free(out);
    return ok;
}

static int rnd_edges(const struct rudy *q) {
    return (int)((double)q->n * (q->n - 1) * q->density / 200 + 0.5);
}

static bool rnd_graph(const struct rudy *q, struct edges *s) {
    const int want = rnd_edges(q);
    const size_t bits = (size_t)q->n * (size_t)q->n;
    uint8_t *seen = calloc(bits / 8 + 1, 1);
    struct flip f;
    if (!seen)
        return false;
    flip_seed(&f, (uint32_t)q->seed);
    while (s->count < want) {
        const int u = flip_below(&f, (uint32_t)q->n), v = flip_below(&f, (uint32_t)q->n);
        const size_t bit =
            u < v ? (size_t)u * (size_t)q->n + (size_t)v : (size_t)v * (size_t)q->n + (size_t)u;
        if (u == v || seen[bit / 8] >> bit % 8 & 1)
            continue;
        seen[bit / 8] = (uint8_t)(seen[bit / 8] | 1u << bit % 8);
        put(s, u, v);
    }
    free(seen);
    return true;
}

/* A triangulation grown by putting each new node into a random face, then thinned. */
static bool planar_graph(const struct rudy *q, int seed, struct edges *s) {
    const int n = q->n, most = 3 * (n - 2);
    int(*face)[3] = malloc((size_t)(2 * n) * sizeof *face);
    struct flip f;
    if (!face)
        return false;
    flip_seed(&f, (uint32_t)seed);
    face[0][0] = 0;
    face[0][1] = 1;
    face[0][2] = 2;
    put(s, 0, 1);
    put(s, 0, 2);
    put(s, 1, 2);
    for (int w = 1; w <= n - 3; w++) {
        int *at = face[flip_below(&f, (uint32_t)(2 * w - 1))];
        const int a = at[0], b = at[1], c = at[2], d = w + 2;
        put(s, a, d);
        put(s, b, d);
        put(s, c, d);
        at[2] = d;
        memcpy(face[2 * w - 1], (int[]){a, c, d}, sizeof *face);
        memcpy(face[2 * w], (int[]){b, c, d}, sizeof *face);
    }
    while (s->count > q->density * most / 100.0) {
        const int gone = flip_below(&f, (uint32_t)s->count);
        s->e[gone] = s->e[--s->count];
    }
    free(face);
    return true;
}

/* Union without repeats: node by node, the first graph's list, then the second's. The lists turn
 * round each time. */
static bool planar_union(const struct rudy *q, struct edges *s) {
    struct edges second = {malloc((size_t)(3 * q->n) * sizeof(struct edge)), 0};
    struct edges both = {malloc((size_t)(6 * q->n) * sizeof(struct edge)), 0};
    int *mark = malloc((size_t)q->n * sizeof *mark);
    bool ok = second.e && both.e && mark && planar_graph(q, q->seed2, &second) &&
              list_order(s, q->n) && list_order(&second, q->n);
    for (int i = 0; ok && i < q->n; i++)
        mark[i] = -1;
    for (int u = 0, k = 0, l = 0; ok && u < q->n; u++) {
        for (; k < s->count && s->e[k].u == u; k++) {
            mark[s->e[k].v] = u;
            put(&both, u, s->e[k].v);
        }
        for (; l < second.count && second.e[l].u == u; l++)
            if (mark[second.e[l].v] != u)
                put(&both, u, second.e[l].v);
    }
    if (ok) {
        memcpy(s->e, both.e, (size_t)both.count * sizeof *s->e);
        s->count = both.count;
    }
    free(second.e);
    free(both.e);
    free(mark);
    return ok;
}

static void torus_2d(const struct rudy *q, struct edges *s) {
    for (int i = 0; i < q->n; i++)
        put(s, i, i / q->columns * q->columns + (i + 1) % q->columns);
    for (int i = 0; i < q->n; i++)
        put(s, i, (i + q->columns) % q->n);
}

/* The spin glasses list, layer by layer, the couplings along the row, down the column and to the
 * next layer. */
static void glass(const struct rudy *q, struct edges *s) {
    const int plane = q->rows * q->columns;
    for (int base = 0; base < q->n; base += plane) {
        for (int i = 0; i < plane; i++)
            put(s, base + i, base + i / q->columns * q->columns + (i + 1) % q->columns);
        for (int i = 0; i < plane; i++)
            put(s, base + i, base + (i + q->columns) % plane);
        for (int i = 0; q->kind == RUDY_PM3 && i < plane; i++)
            put(s, base + i, (base + i + plane) % q->n);
    }
}

/* A fixed number of -1, shuffled. */
static void glass_weights(const struct rudy *q, int count, int8_t *w) {
    struct flip f;
    flip_seed(&f, (uint32_t)q->seed);
    const int negative = (int)((int64_t)count * (int)q->density / 100);
    for (int k = 0; k < count; k++)
        w[k] = k < negative ? -1 : 1;
    for (int j = count; j > 1; j--) {
        const int k = flip_below(&f, (uint32_t)j);
        const int8_t swap = w[j - 1];
        w[j - 1] = w[k];
        w[k] = swap;
    }
}

bool rudy_edges(const struct rudy *q, struct builder *b) {
    if (q->kind == RUDY_RND && rnd_edges(q) > GLB_GRAPH_MAX_M) {
        b->args->status = glb_fail(GLB_ERR_ARGUMENT, "%s: %d couplings, limit %d", b->args->of,
                                   rnd_edges(q), GLB_GRAPH_MAX_M);
        return false;
    }
    const size_t most = q->kind == RUDY_RND ? (size_t)rnd_edges(q) + 1 : 6 * (size_t)q->n;
    struct edges s = {malloc(most * sizeof(struct edge)), 0};
    int8_t *w = malloc(most);
    bool ok = s.e && w;
    if (ok) {
        if (q->kind == RUDY_RND)
            ok = rnd_graph(q, &s);
        else if (q->kind == RUDY_PLANAR)
            ok = planar_graph(q, q->seed, &s) && (q->seed2 < 0 || planar_union(q, &s));
        else if (q->kind == RUDY_TORUS)
            torus_2d(q, &s);
        else
            glass(q, &s);
    }
    if (ok)
        memset(w, 1, most);
    if (ok && q->kind >= RUDY_PM2)
        glass_weights(q, s.count, w);
    if (ok && q->random >= 0) {
        struct flip f;
        flip_seed(&f, (uint32_t)q->random);
        ok = list_order(&s, q->n);
        for (int k = 0; ok && k < s.count; k++)
            w[k] = (int8_t)(2 * flip_below(&f, 2) - 1);
    }
    if (!ok)
        b->args->status = glb_fail(GLB_ERR_MEMORY, "out of memory for a rudy graph");
    for (int k = 0; ok && k < s.count; k++)
        ok = builder_edge(b, s.e[k].u, s.e[k].v, w[k]);
    free(s.e);
    free(w);
    return ok;
}
