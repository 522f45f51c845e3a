/* Random graphs. SPDX-License-Identifier: Apache-2.0 */
#include "graph_gen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- regular: random simple d-regular graph ---- */

enum { REGULAR_MAX_N = 1 << 20, REGULAR_MAX_D = 256 };

static int regular_nodes(struct glb_gen_args *a) {
    const int n = glb_gen_int(a, "n", 4096, 2, REGULAR_MAX_N);
    const int d = glb_gen_int(a, "d", 3, 1, REGULAR_MAX_D);
    if (!a->status && (d >= n || (n % 2 && d % 2)))
        a->status =
            glb_fail(GLB_ERR_ARGUMENT,
                     "regular: no graph of n=%d nodes of degree d=%d: d must be below n and "
                     "n*d even",
                     n, d);
    return n;
}

static bool joined(const int32_t *list, int degree, int j) {
    for (int k = 0; k < degree; k++)
        if (list[k] == j)
            return true;
    return false;
}

static void unlist(int32_t *list, int *degree, int j) {
    for (int k = 0; k < *degree; k++)
        if (list[k] == j) {
            list[k] = list[--*degree];
            return;
        }
}

/* Free half-edges are paired at random; pairs that would be loops or repeats are put aside and
 * resolved by breaking a random present edge (a, b): (i, j) and (a, b) become (i, a) and (j, b). */
static bool regular_edges(struct glb_gen *b) {
    const int n = glb_gen_int(b->args, "n", 4096, 2, REGULAR_MAX_N);
    const int d = glb_gen_int(b->args, "d", 3, 1, REGULAR_MAX_D), stubs = n * d;
    int32_t *stub = malloc((size_t)stubs * sizeof *stub);
    int32_t *list = malloc((size_t)stubs * sizeof *list); /* [n][d] neighbours */
    int *degree = calloc((size_t)n, sizeof *degree);
    bool ok = stub && list && degree;
    struct glb_rng r = glb_rng_at(b->seed, GLB_GEN_TOPOLOGY, 0);
    int left = 0;
    if (!ok)
        b->args->status = glb_fail(GLB_ERR_MEMORY, "out of memory for a regular graph");
    for (int k = 0; ok && k < stubs; k++)
        stub[k] = k / d;
    for (int k = stubs - 1; ok && k > 0; k--) {
        const int other = (int)glb_rng_below(&r, (uint32_t)k + 1);
        const int32_t swap = stub[k];
        stub[k] = stub[other];
        stub[other] = swap;
    }
#define LIST(i) (list + (size_t)(i) * (size_t)d)
#define JOIN(i, j) (LIST(i)[degree[i]++] = (j), LIST(j)[degree[j]++] = (i))
    for (int k = 0; ok && k < stubs; k += 2) {
        const int i = stub[k], j = stub[k + 1];
        if (i == j || joined(LIST(i), degree[i], j)) {
            stub[left++] = i;
            stub[left++] = j;
        } else {
            JOIN(i, j);
        }
    }
    while (ok && left > 0) {
        const int i = stub[left - 2], j = stub[left - 1];
        const int p = (int)glb_rng_below(&r, (uint32_t)n);
        if (degree[p] == 0)
            continue;
        const int q = LIST(p)[glb_rng_below(&r, (uint32_t)degree[p])];
        if (i == p || j == q || joined(LIST(i), degree[i], p) || joined(LIST(j), degree[j], q) ||
            (i == q && j == p))
            continue;
        unlist(LIST(p), &degree[p], q);
        unlist(LIST(q), &degree[q], p);
        JOIN(i, p);
        JOIN(j, q);
        left -= 2;
    }
    for (int i = 0; ok && i < n; i++)
        for (int k = 0; ok && k < degree[i]; k++)
            if (LIST(i)[k] > i)
                ok = glb_gen_edge(b, i, LIST(i)[k], 1);
#undef JOIN
#undef LIST
    free(stub);
    free(list);
    free(degree);
    return ok;
}

/* ---- complete ---- */

static int complete_nodes(struct glb_gen_args *a) {
    return glb_gen_int(a, "n", 64, 1, 8192);
}

static bool complete_edges(struct glb_gen *b) {
    for (int i = 0; i < b->g->n; i++)
        for (int j = i + 1; j < b->g->n; j++)
            if (!glb_gen_edge(b, i, j, 1))
                return false;
    return true;
}

/* ---- random: m distinct pairs ---- */

static int random_nodes(struct glb_gen_args *a) {
    const int n = glb_gen_int(a, "n", 800, 2, 1 << 16);
    const double percent = glb_gen_real(a, "density", 6, 0, 100);
    const int m = glb_gen_int(a, "m", 0, 0, 1 << 26);
    const double pairs = n * (n - 1.0) / 2, want = glb_gen_has(a, "m") ? m : pairs * percent / 100;
    if (!a->status && glb_gen_has(a, "m") && glb_gen_has(a, "density"))
        a->status = glb_fail(GLB_ERR_ARGUMENT, "random: give either m or density");
    if (!a->status && (want > pairs || want > 1 << 26))
        a->status = glb_fail(GLB_ERR_ARGUMENT, "random: %.0f couplings among %.0f pairs, limit %d",
                             want, pairs, 1 << 26);
    return n;
}

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

/* Selection sampling: walks all pairs and takes each with the chance that makes every set of m
 * equally likely. */
static bool random_edges(struct glb_gen *b) {
    const int64_t n = b->g->n, pairs = n * (n - 1) / 2;
    const double percent = glb_gen_real(b->args, "density", 6, 0, 100);
    int64_t want = glb_gen_int(b->args, "m", 0, 0, 1 << 26);
    struct glb_rng r = glb_rng_at(b->seed, GLB_GEN_TOPOLOGY, 0);
    if (!glb_gen_has(b->args, "m"))
        want = (int64_t)((double)pairs * percent / 100 + 0.5);
    for (int64_t p = 0; p < pairs && want > 0; p++)
        if (glb_rng_unit(&r) * (double)(pairs - p) < (double)want) {
            int i, j;
            pair_of(p, &i, &j);
            want--;
            if (!glb_gen_edge(b, i, j, 1))
                return false;
        }
    return true;
}

const struct glb_gen_family glb_gen_randoms[] = {
    {.name = "regular",
     .nodes = regular_nodes,
     .edges = regular_edges,
     .help = "n [4096], d [3]: random simple graph, every degree d"},
    {.name = "complete", .nodes = complete_nodes, .edges = complete_edges, .help = "n [64]"},
    {.name = "random",
     .nodes = random_nodes,
     .edges = random_edges,
     .weights = GLB_GEN_CONST,
     .maxcut = true,
     .help = "n [800], density [6] percent or m: that many random pairs"},
    {.name = NULL},
};
