/* Graphs of G. Rinaldi's generator rudy, edge for edge, and through it the G-set (Helmberg and
 * Rendl 2000). rudy stands on the random numbers and graph conventions of the Stanford GraphBase
 * (Knuth 1993); the order in which it draws matters and is kept. SPDX-License-Identifier:
 * Apache-2.0 */
#include "graph_gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* ---- what can be asked for ---- */

enum kind { RND_GRAPH, PLANAR, TORUS_2D, PM_2D, PM_3D };

struct request {
    enum kind kind;
    int n, rows, columns, layers;
    double density; /* percent; of negative couplings for PM_* */
    int seed;
    int seed2;  /* PLANAR: united with a second one of this seed; -1: no */
    int random; /* -random 0 1 SEED -times 2 -plus -1; -1: no, all weights are 1 */
};

static struct request rudy_request(struct glb_gen_args *a) {
    struct request q;
    q.kind = (enum kind)glb_gen_choice(
        a, "kind", 0, "rnd_graph|planar|toroidal_grid_2D|spinglass2pm|spinglass3pm");
    const bool grid = q.kind >= TORUS_2D, glass = q.kind >= PM_2D;
    q.n = grid ? 0 : glb_gen_int(a, "n", 800, 3, 1 << 16);
    q.rows = grid ? glb_gen_int(a, "rows", 20, 3, 4096) : 1;
    q.columns = grid ? glb_gen_int(a, "columns", q.rows, 3, 4096) : 1;
    q.layers = q.kind == PM_3D ? glb_gen_int(a, "layers", q.rows, 3, 256) : 1;
    q.density = q.kind == TORUS_2D ? 0
                                   : glb_gen_real(a, "density",
                                                  glass              ? 50
                                                  : q.kind == PLANAR ? 99
                                                                     : 6,
                                                  0, 100);
    q.seed = q.kind == TORUS_2D ? 0 : glb_gen_int(a, "seed", 8001, 0, 0x7fffffff);
    q.seed2 = q.kind == PLANAR ? glb_gen_int(a, "seed2", -1, -1, 0x7fffffff) : -1;
    q.random = glass ? -1 : glb_gen_int(a, "random", -1, -1, 0x7fffffff);
    if (grid)
        q.n = (int64_t)q.rows * q.columns * q.layers > 1 << 22 ? -1 : q.rows * q.columns * q.layers;
    if (q.kind == RND_GRAPH && !a->status && q.density > 50 && q.n > 3)
        a->status = glb_fail(GLB_ERR_ARGUMENT,
                             "%s: density above 50 %% is not offered for "
                             "rnd_graph (it draws with repetition)",
                             a->family);
    return q;
}

/* The G-set's parameters: rows of five instances each, seeds counting up from `seed`. */
static struct request gset_request(struct glb_gen_args *a) {
    static const struct {
        int first, n, density, seed;
        bool random;
    } rnd[] = {{1, 800, 6, 8001, false},
               {6, 800, 6, 8001, true},
               {22, 2000, 1, 20001, false},
               {27, 2000, 1, 20001, true},
               {43, 1000, 2, 10001, false}};
    static const struct {
        int first, n, density, seed;
        bool random;
    } planar[] = {{14, 800, 99, 8001, false},
                  {18, 800, 99, 8001, true},
                  {35, 2000, 99, 20001, false},
                  {39, 2000, 99, 20001, true},
                  {51, 1000, 100, 10001, false}};
    static const struct {
        int name, rows, columns, random;
    } torus[] = {{11, 100, 8, 8001},   {12, 50, 16, 8002},  {13, 25, 32, 8003},
                 {32, 100, 20, 20001}, {33, 80, 25, 20002}, {34, 50, 40, 20003},
                 {48, 50, 60, -1},     {49, 30, 100, -1},   {50, 25, 120, -1}};
    const int name = glb_gen_int(a, "name", 1, 1, 54);
    struct request q = {.rows = 1, .columns = 1, .layers = 1, .seed2 = -1, .random = -1};
    for (size_t k = 0; k < sizeof rnd / sizeof rnd[0]; k++)
        if (name >= rnd[k].first && name < rnd[k].first + 5) {
            q.kind = RND_GRAPH;
            q.n = rnd[k].n;
            q.density = rnd[k].density;
            q.seed = rnd[k].seed + name - rnd[k].first;
            q.random = rnd[k].random ? q.seed : -1;
        }
    for (size_t k = 0; k < sizeof planar / sizeof planar[0]; k++)
        if (name >= planar[k].first && name < planar[k].first + 4) {
            const int index = name - planar[k].first;
            q.kind = PLANAR;
            q.n = planar[k].n;
            q.density = planar[k].density;
            q.seed = planar[k].seed + 2 * index;
            q.seed2 = q.seed + 1;
            q.random = planar[k].random ? planar[k].seed + index : -1;
        }
    for (size_t k = 0; k < sizeof torus / sizeof torus[0]; k++)
        if (name == torus[k].name) {
            q.kind = TORUS_2D;
            q.rows = torus[k].rows;
            q.columns = torus[k].columns;
            q.n = q.rows * q.columns;
            q.random = torus[k].random;
        }
    return q;
}

static struct request request(struct glb_gen_args *a) {
    return strcasecmp(a->family, "gset") == 0 ? gset_request(a) : rudy_request(a);
}

static int nodes(struct glb_gen_args *a) {
    return request(a).n;
}

/* ---- edges; of equal first node the GraphBase lists the newest first, which decides who gets
 * which random weight ---- */

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

static int rnd_edges(const struct request *q) {
    return (int)((double)q->n * (q->n - 1) * q->density / 200 + 0.5);
}

static bool rnd_graph(const struct request *q, struct edges *s) {
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
static bool planar_graph(const struct request *q, int seed, struct edges *s) {
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
static bool planar_union(const struct request *q, struct edges *s) {
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

static void torus_2d(const struct request *q, struct edges *s) {
    for (int i = 0; i < q->n; i++)
        put(s, i, i / q->columns * q->columns + (i + 1) % q->columns);
    for (int i = 0; i < q->n; i++)
        put(s, i, (i + q->columns) % q->n);
}

/* The spin glasses list, layer by layer, the couplings along the row, down the column and to the
 * next layer. */
static void glass(const struct request *q, struct edges *s) {
    const int plane = q->rows * q->columns;
    for (int base = 0; base < q->n; base += plane) {
        for (int i = 0; i < plane; i++)
            put(s, base + i, base + i / q->columns * q->columns + (i + 1) % q->columns);
        for (int i = 0; i < plane; i++)
            put(s, base + i, base + (i + q->columns) % plane);
        for (int i = 0; q->kind == PM_3D && i < plane; i++)
            put(s, base + i, (base + i + plane) % q->n);
    }
}

/* A fixed number of -1, shuffled. */
static void glass_weights(const struct request *q, int count, int8_t *w) {
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

static bool edges(struct glb_gen *b) {
    const struct request q = request(b->args);
    const size_t most = q.kind == RND_GRAPH ? (size_t)rnd_edges(&q) + 1 : 6 * (size_t)q.n;
    struct edges s = {malloc(most * sizeof(struct edge)), 0};
    int8_t *w = malloc(most);
    bool ok = s.e && w;
    if (ok) {
        if (q.kind == RND_GRAPH)
            ok = rnd_graph(&q, &s);
        else if (q.kind == PLANAR)
            ok = planar_graph(&q, q.seed, &s) && (q.seed2 < 0 || planar_union(&q, &s));
        else if (q.kind == TORUS_2D)
            torus_2d(&q, &s);
        else
            glass(&q, &s);
    }
    if (ok)
        memset(w, 1, most);
    if (ok && q.kind >= PM_2D)
        glass_weights(&q, s.count, w);
    if (ok && q.random >= 0) {
        struct flip f;
        flip_seed(&f, (uint32_t)q.random);
        ok = list_order(&s, q.n);
        for (int k = 0; ok && k < s.count; k++)
            w[k] = (int8_t)(2 * flip_below(&f, 2) - 1);
    }
    if (!ok)
        b->args->status = glb_fail(GLB_ERR_MEMORY, "out of memory for a rudy graph");
    for (int k = 0; ok && k < s.count; k++)
        ok = glb_gen_edge(b, s.e[k].u, s.e[k].v, w[k]);
    free(s.e);
    free(w);
    return ok;
}

const struct glb_gen_family glb_gen_rudys[] = {
    {.name = "rudy",
     .nodes = nodes,
     .edges = edges,
     .maxcut = true,
     .own_weights = true,
     .help =
         "kind [rnd_graph]|planar|toroidal_grid_2D|spinglass2pm|spinglass3pm, seed [8001]; n "
         "[800], density [6; planar 99] percent;\n"
         "                 rows [20], columns, layers [rows] of grids; seed2: union with a second "
         "planar graph; random=SEED: weights +-1"},
    {.name = "gset",
     .nodes = nodes,
     .edges = edges,
     .maxcut = true,
     .own_weights = true,
     .help = "name [1] .. 54: the graphs G1 .. G54 by rudy's published parameters"},
    {.name = NULL},
};
