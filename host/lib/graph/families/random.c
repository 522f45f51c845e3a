/* Random graphs. SPDX-License-Identifier: Apache-2.0 */
#include "graph/families/builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- regular: random simple d-regular graph ---- */

enum { REGULAR_MAX_N = 1 << 20, REGULAR_MAX_D = 256 };

struct regular {
    int n, d;
    int32_t *stub; /* [n d] half-edges */
    int32_t *list; /* [n][d] neighbours */
    int *degree;   /* so far */
};

static bool joined(const struct regular *s, int i, int j) {
    const int32_t *list = s->list + (size_t)i * (size_t)s->d;
    for (int k = 0; k < s->degree[i]; k++)
        if (list[k] == j)
            return true;
    return false;
}

static void join(struct regular *s, int i, int j) {
    s->list[(size_t)i * (size_t)s->d + (size_t)s->degree[i]++] = j;
    s->list[(size_t)j * (size_t)s->d + (size_t)s->degree[j]++] = i;
}

static void part(struct regular *s, int i, int j) {
    int32_t *list = s->list + (size_t)i * (size_t)s->d;
    for (int k = 0; k < s->degree[i]; k++)
        if (list[k] == j) {
            list[k] = list[--s->degree[i]];
            return;
        }
}

/* Half-edges are paired at random; pairs that would be loops or repeats are put aside and resolved
 * by breaking a random present edge (p, q): (i, j) and (p, q) become (i, p) and (j, q). Rarely, in
 * small graphs, no edge serves: false. */
static bool regular_try(struct regular *s, struct glb_rng *r) {
    const int n = s->n, d = s->d, stubs = n * d;
    int left = 0;
    for (int i = 0; i < n; i++)
        s->degree[i] = 0;
    for (int k = 0; k < stubs; k++)
        s->stub[k] = k / d;
    for (int k = stubs - 1; k > 0; k--) {
        const int other = (int)glb_rng_below(r, (uint32_t)k + 1);
        const int32_t swap = s->stub[k];
        s->stub[k] = s->stub[other];
        s->stub[other] = swap;
    }
    for (int k = 0; k < stubs; k += 2) {
        const int i = s->stub[k], j = s->stub[k + 1];
        if (i == j || joined(s, i, j)) {
            s->stub[left++] = i;
            s->stub[left++] = j;
        } else {
            join(s, i, j);
        }
    }
    for (int64_t tries = 1000 + 100 * (int64_t)n; left > 0 && tries > 0; tries--) {
        const int i = s->stub[left - 2], j = s->stub[left - 1];
        const int p = (int)glb_rng_below(r, (uint32_t)n);
        if (s->degree[p] == 0)
            continue;
        const int q = s->list[(size_t)p * (size_t)d + glb_rng_below(r, (uint32_t)s->degree[p])];
        if (i == p || j == q || joined(s, i, p) || joined(s, j, q))
            continue;
        part(s, p, q);
        part(s, q, p);
        join(s, i, p);
        join(s, j, q);
        left -= 2;
    }
    return left == 0;
}

/* Above half of n - 1, the complement of a regular graph is drawn. */
static bool regular_edges(struct builder *b) {
    const int n = glb_argument_int(b->args, "n", 4096, 2, REGULAR_MAX_N);
    const int want = glb_argument_int(b->args, "d", 3, 1, REGULAR_MAX_D);
    if (!b->args->status && (want >= n || (n % 2 && want % 2)))
        b->args->status =
            glb_fail(GLB_ERR_ARGUMENT,
                     "regular: no graph of n=%d nodes of degree d=%d: d must be below n and "
                     "n*d even",
                     n, want);
    if (!builder_begin(b, n))
        return false;
    const bool complement = 2 * want > n - 1;
    const int d = complement ? n - 1 - want : want;
    const size_t stubs = (size_t)n * (size_t)d + 1;
    struct regular s = {n, d, malloc(stubs * sizeof *s.stub), malloc(stubs * sizeof *s.list),
                        calloc((size_t)n, sizeof *s.degree)};
    struct glb_rng r = glb_rng_at(b->seed, STREAM_TOPOLOGY, 0);
    bool ok = s.stub && s.list && s.degree;
    if (!ok)
        b->args->status = glb_fail(GLB_ERR_MEMORY, "out of memory for a regular graph");
    while (ok && d > 0 && !regular_try(&s, &r))
        continue;
    for (int i = 0; ok && i < n; i++)
        if (complement)
            for (int j = i + 1; ok && j < n; j++)
                ok = joined(&s, i, j) || builder_edge(b, i, j, 1);
        else
            for (int k = 0; ok && k < d; k++) {
                const int j = s.list[(size_t)i * (size_t)d + (size_t)k];
                ok = j < i || builder_edge(b, i, j, 1);
            }
    free(s.stub);
    free(s.list);
    free(s.degree);
    return ok;
}

/* ---- complete ---- */

static bool complete_edges(struct builder *b) {
    if (!builder_begin(b, glb_argument_int(b->args, "n", 64, 1, 8192)))
        return false;
    for (int i = 0; i < b->g->n; i++)
        for (int j = i + 1; j < b->g->n; j++)
            if (!builder_edge(b, i, j, 1))
                return false;
    return true;
}

/* ---- random: m distinct pairs ---- */

/* Pair number p in the order (0,1) (0,2) (1,2) (0,3) ...: j is the largest number with j (j - 1) /
 * 2 <= p. */
static void pair_of(int64_t p, int *i, int *j) {
    int64_t high = (int64_t)((1 + sqrt(1 + 8 * (double)p)) / 2);
    while (high * (high - 1) / 2 > p)
        high--;
    while (high * (high + 1) / 2 <= p)
        high++;
    *j = (int)high;
    *i = (int)(p - high * (high - 1) / 2);
}

enum { RANDOM_MAX_M = 1 << 26 };

/* Selection sampling: walks all pairs and takes each with the chance that makes every set of m
 * equally likely. */
static bool random_edges(struct builder *b) {
    struct glb_arguments *a = b->args;
    const int64_t n = glb_argument_int(a, "n", 800, 2, 1 << 16), pairs = n * (n - 1) / 2;
    const bool has_m = glb_argument_text(a, "m"), has_density = glb_argument_text(a, "density");
    const double percent = glb_argument_real(a, "density", 6, 0, 100);
    const int m = glb_argument_int(a, "m", 0, 0, RANDOM_MAX_M);
    const double share = (double)pairs * percent / 100, asked = has_m ? m : share;
    if (!a->status && has_m && has_density)
        a->status = glb_fail(GLB_ERR_ARGUMENT, "random: give either m or density");
    if (!a->status && (asked > (double)pairs || asked > RANDOM_MAX_M))
        a->status = glb_fail(GLB_ERR_ARGUMENT,
                             "random: %.0f couplings among %.0f pairs; choose fewer, at most %d",
                             asked, (double)pairs, RANDOM_MAX_M);
    if (!builder_begin(b, n))
        return false;
    int64_t want = has_m ? m : (int64_t)(share + 0.5);
    struct glb_rng r = glb_rng_at(b->seed, STREAM_TOPOLOGY, 0);
    for (int64_t p = 0; p < pairs && want > 0; p++)
        if (glb_rng_unit(&r) * (double)(pairs - p) < (double)want) {
            int i, j;
            pair_of(p, &i, &j);
            want--;
            if (!builder_edge(b, i, j, 1))
                return false;
        }
    return true;
}

const struct family random_families[] = {
    {.name = "regular",
     .build = regular_edges,
     .help = "n [4096], d [3]: random simple graph, every degree d"},
    {.name = "complete", .build = complete_edges, .help = "n [64]"},
    {.name = "random",
     .build = random_edges,
     .weights = WEIGHTS_CONST,
     .maxcut = true,
     .help = "n [800], density [6] percent or m: that many random pairs"},
    {.name = NULL},
};
