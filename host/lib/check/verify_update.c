/* The verifier's view of updates: is each the p-bit's field, no more and no less, and do all of a
 * segment agree on one order? SPDX-License-Identifier: Apache-2.0 */
#include "check/verifier.h"

#include <stdlib.h>

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
            if (form_wrap(w->a, (int64_t)d[k] + (1 << k)) != 0)
                s = verifier_bad(w, tile, "a digit of a partial sum is added with a wrong weight",
                                 k);
        /* sum = -1 - sum_k 2^k d_k */
        f->constant = form_wrap(w->a, (int64_t)f->constant + 1 + w->sum[i].constant);
        for (int k = 0; k < w->sum[i].n && s == GLB_OK; k++)
            if (!form_add_term(f, w->sum[i].term[k].v, w->sum[i].term[k].coef))
                s = glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    }
    free(weight);
    return s;
}

static int reads_of(const struct walk *w, int i) {
    int reads = 0;
    for (int k = w->adj0[i]; k < w->adj0[i + 1]; k++)
        reads += w->parts[k];
    return reads;
}

/* The closing of p-bit `node`: exactly its neighbours, its weights, its bias, its noise. */
enum glb_status verifier_check_update(struct walk *w, int tile, struct form *f, int node, int we) {
    const int copy = node / w->n, i = node % w->n;
    enum glb_status s = expand(w, tile, f);
    if (s == GLB_OK)
        s = verifier_take_helper(w, tile, f, i);
    if (s != GLB_OK)
        return s;
    if (f->noise != w->a->chains)
        return verifier_bad(w, tile, "an update took a wrong number of noise words", f->noise);
    if (we == w->p->clamped[i])
        return verifier_bad(w, tile, "we of a clamped (or not clamped) p-bit is wrong", i);
    if (w->updated[node] >= 0)
        return verifier_bad(w, tile, "a p-bit is updated twice", i);
    w->updated[node] = w->seg;
    if (f->n != reads_of(w, i))
        return verifier_bad(w, tile, "an update has a wrong number of reads", i);
    for (int k = 0; k < f->n; k++) {
        const struct term *t = &f->term[k];
        if (t->v.kind != PBIT || t->v.id / w->n != copy)
            return verifier_bad(w, tile, "an update reads a word that is no neighbour", i);
        int at = -1;
        for (int e = w->adj0[i]; e < w->adj0[i + 1] && at < 0; e++)
            if (w->adj[e] == t->v.id % w->n)
                at = e;
        if (at < 0)
            return verifier_bad(w, tile, "an update reads a p-bit that is no neighbour", i);
        int8_t *saw = &w->saw[(size_t)copy * 2 * (size_t)w->p->m + (size_t)at];
        const int8_t version = t->v.arg ? 2 : 1;
        if (*saw && (w->parts[at] == 1 || *saw != version))
            return verifier_bad(w, tile, "a neighbour is read twice", i);
        *saw = version;
        if (w->helper[i] >= 0 && w->drawn[at] != version)
            return verifier_bad(w, tile, "a helper saw another state than its p-bit", i);
        int reads = 0;
        int64_t sum = 0;
        for (int l = 0; l < f->n; l++)
            if (f->term[l].v.id == t->v.id) {
                reads++;
                sum += f->term[l].coef;
            }
        if (reads != w->parts[at])
            return verifier_bad(w, tile, "a neighbour is read a wrong number of times", i);
        if (sum != w->expected[at])
            return verifier_bad(w, tile, "a neighbour is added with a wrong weight", i);
    }
    if (form_wrap(w->a, (int64_t)f->constant - w->p->qbias[i]) != 0)
        return verifier_bad(w, tile, "an update has a wrong bias", i);
    return GLB_OK;
}

/* Reads of this segment's updates must agree on one order of updates: for every coupling inside it
 * one end saw the new state and the other the old one, and "saw new" has no cycle. */
enum glb_status verifier_check_order(struct walk *w) {
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
                s = verifier_bad(w, -1, "a p-bit of another segment was seen changing", j);
                continue;
            }
            if (!inside)
                continue;
            int back = w->adj0[j];
            while (w->adj[back] != i)
                back++;
            if (saw[e] + saw[back] != 3)
                s = verifier_bad(w, -1, "two neighbours do not agree on who was first", i);
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
        s = verifier_bad(w, -1, "the order of updates has a cycle", count - tail);
    if (s == GLB_OK && (uint32_t)(count * w->a->chains) != w->p->seg[w->seg].flips)
        s = verifier_bad(w, -1, "flips is wrong", count);
    free(left);
    free(queue);
    return s;
}
