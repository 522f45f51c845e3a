/* Which couplings are rounded to the second nearest integer: p-bits whose sum is odd and should not
 * be are joined in pairs along a spanning tree of least cost. A coupling off its nearest integer
 * changes the sums of both ends, so along a path only the ends of the path change. Every set of
 * couplings that joins the same p-bits has, across each cut of the tree, one that costs at least
 * what the tree's does; so none has a lower largest cost. SPDX-License-Identifier: Apache-2.0 */
#include "array/even_sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct link {
    double cost;
    int32_t a, b; /* p-bits, or n: beyond it, where sums do not matter */
    int32_t edge; /* -1: a p-bit's own bias takes the other sum */
    int16_t step; /* what the weight changes by */
};

struct join {
    const struct glb_rounding *r;
    bool *odd;         /* [n + 1] sums to be changed */
    struct link *link; /* [m + n] */
    int links;
    int32_t *parent;            /* [n + 1] of the union-find forest */
    int32_t *degree, *incident; /* [n + 1] links of the tree at a node, and their indices' xor */
    int32_t *leaf;              /* [n + 1] */
};

/* Growth of the squared error, in squared half units, from the nearest integer to the next. */
static double cost_of(double x) {
    return 1 - 2 * fabs(x - rint(x));
}

static int16_t nearest(double x, int limit) {
    const double y = rint(x);
    if (y >= -limit && y <= limit)
        return (int16_t)y;
    return (int16_t)(y > 0 ? limit : -limit); /* NaN too */
}

/* Couplings of 0 are no links: those that are not 0 join the same sums without them. */
static void add_coupling(struct join *j, const double *J, int edge, int16_t weight) {
    const struct glb_rounding *r = j->r;
    const int32_t a = r->updated[r->a[edge]] ? r->a[edge] : r->n;
    const int32_t b = r->updated[r->b[edge]] ? r->b[edge] : r->n;
    const double x = 2 * J[edge] / r->u;
    int16_t step = (int16_t)(x > weight ? 1 : x < weight ? -1 : weight > 0 ? -1 : 1);
    double cost = cost_of(x);
    if (J[edge] == 0 || (a == r->n && b == r->n))
        return;
    if (weight + step > r->limit || weight + step < -r->limit || !isfinite(x)) {
        step = (int16_t)(weight > 0 ? -1 : 1);
        cost = 1 + 2 * fmin(fabs(x - weight), 1e6); /* away from its value; NaN: last of all */
    }
    j->link[j->links++] = (struct link){cost, a, b, edge, step};
}

/* The sum that a p-bit should have, and what the other one costs. */
static void add_bias(struct join *j, double h, int i) {
    const struct glb_rounding *r = j->r;
    const double x = 2 * h / r->u;
    if (fabs(x) < 1e15)
        j->odd[i] ^= fmod(rint(x), 2) != 0;
    if (h != 0)
        j->link[j->links++] = (struct link){fabs(x) < 1e15 ? cost_of(x) : 0, i, r->n, -1, 0};
}

static int by_cost(const void *a, const void *b) {
    const struct link *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    if ((x->edge < 0) != (y->edge < 0)) /* exact couplings stay if a bias can give way */
        return x->edge < 0 ? -1 : 1;
    return x->edge != y->edge ? (x->edge < y->edge ? -1 : 1) : (x->a > y->a) - (x->a < y->a);
}

static int32_t root(int32_t *parent, int32_t v) {
    while (parent[v] != v)
        v = parent[v] = parent[parent[v]];
    return v;
}

static void grow_tree(struct join *j) {
    for (int v = 0; v <= j->r->n; v++)
        j->parent[v] = v;
    qsort(j->link, (size_t)j->links, sizeof *j->link, by_cost);
    for (int k = 0; k < j->links; k++) {
        const struct link *l = &j->link[k];
        const int32_t a = root(j->parent, l->a), b = root(j->parent, l->b);
        if (a == b)
            continue;
        j->parent[a] = b;
        j->degree[l->a]++;
        j->degree[l->b]++;
        j->incident[l->a] ^= k;
        j->incident[l->b] ^= k;
    }
}

/* From the leaves on: a leaf's sum can only be changed by its one link. */
static void take_leaves(struct join *j, int16_t *weight) {
    const int n = j->r->n;
    int leaves = 0;
    for (int v = 0; v < n; v++)
        if (j->degree[v] == 1)
            j->leaf[leaves++] = v;
    for (int k = 0; k < leaves; k++) {
        const int32_t v = j->leaf[k], at = j->incident[v];
        if (j->degree[v] != 1) /* the last of its tree */
            continue;
        const struct link *l = &j->link[at];
        const int32_t other = l->a == v ? l->b : l->a;
        if (j->odd[v]) {
            j->odd[other] = !j->odd[other];
            if (l->edge >= 0)
                weight[l->edge] = (int16_t)(weight[l->edge] + l->step);
        }
        j->degree[v] = 0;
        j->incident[other] ^= at;
        if (--j->degree[other] == 1 && other < n)
            j->leaf[leaves++] = other;
    }
}

static bool any_odd(const struct join *j) {
    for (int i = 0; i < j->r->n; i++)
        if (j->odd[i] && j->r->updated[i])
            return true;
    return false;
}

enum glb_status glb_round_even(const struct glb_rounding *r, const double *J, const double *h,
                               int16_t *weight) {
    const size_t nodes = (size_t)r->n + 1;
    struct join j = {.r = r,
                     .odd = calloc(nodes, sizeof *j.odd),
                     .link = malloc((nodes + (size_t)r->m) * sizeof *j.link),
                     .parent = malloc(nodes * sizeof *j.parent),
                     .degree = calloc(nodes, sizeof *j.degree),
                     .incident = calloc(nodes, sizeof *j.incident),
                     .leaf = malloc(nodes * sizeof *j.leaf)};
    enum glb_status s = GLB_OK;
    if (!j.odd || !j.link || !j.parent || !j.degree || !j.incident || !j.leaf)
        s = glb_fail(GLB_ERR_MEMORY, "no memory to round %d couplings", r->m);
    for (int e = 0; e < r->m && !s; e++) {
        weight[e] = nearest(2 * J[e] / r->u, r->limit);
        j.odd[r->a[e]] ^= weight[e] & 1;
        j.odd[r->b[e]] ^= weight[e] & 1;
        add_coupling(&j, J, e, weight[e]);
    }
    for (int i = 0; i < r->n && !s; i++)
        if (r->updated[i])
            add_bias(&j, h[i], i);
    if (!s && any_odd(&j)) {
        grow_tree(&j);
        take_leaves(&j, weight);
    }
    free(j.odd);
    free(j.link);
    free(j.parent);
    free(j.degree);
    free(j.incident);
    free(j.leaf);
    return s;
}
