/* The verifier's view of precise programs (array/precise.h): weights of each direction, and
 * helpers. Each reads what its p-bit reads, in the same version, takes its noise, and is added by
 * its p-bit with the weight that its gain is for. SPDX-License-Identifier: Apache-2.0 */
#include "check/verifier.h"

#include <stdlib.h>

/* What each p-bit adds for a neighbour, and in how many reads. Precise programs have weights and
 * reads of each direction, which stand in the entries alone. */
void verifier_expect_weights(struct walk *w) {
    const struct glb_program *p = w->p;
    const uint32_t mask = (1u << w->a->jw) - 1;
    for (int k = 0; k < 2 * p->m; k++) {
        w->expected[k] = p->beta > 0 ? 0 : p->weight[w->adj_edge[k]];
        w->parts[k] = p->beta > 0 ? 0 : 1;
    }
    for (int k = 0; k < p->nreads && p->beta > 0; k++) {
        const struct glb_read_ref *r = &p->reads[k];
        if (r->helper)
            continue;
        const uint64_t entry = p->coupling[(size_t)r->tile * (size_t)p->c_used + (size_t)r->entry];
        const int32_t j = (int32_t)(entry >> (w->a->ow + r->lane * w->a->jw) & mask);
        for (int at = w->adj0[r->to]; at < w->adj0[r->to + 1]; at++)
            if (w->adj_edge[at] == r->edge) {
                w->expected[at] += j >> (w->a->jw - 1) ? j - (int32_t)mask - 1 : j;
                w->parts[at]++;
            }
    }
}

enum glb_status verifier_expect_helpers(struct walk *w) {
    w->helper = malloc(((size_t)w->n + 1) * sizeof *w->helper);
    w->drawn = calloc(2 * (size_t)w->p->m + 1, sizeof *w->drawn);
    if (!w->helper || !w->drawn)
        return glb_fail(GLB_ERR_MEMORY, "verify: out of memory");
    for (int i = 0; i < w->n; i++)
        w->helper[i] = -1;
    for (int k = 0; k < w->p->nhelpers; k++) {
        if (w->helper[w->p->helper[k].to] >= 0)
            return verifier_bad(w, -1, "a p-bit has two helpers", w->p->helper[k].to);
        w->helper[w->p->helper[k].to] = k;
    }
    return GLB_OK;
}

enum glb_status verifier_check_helper(struct walk *w, int tile, struct form *f, struct value *v) {
    int i = -1;
    for (int k = 0; k < w->p->nhelpers && i < 0; k++)
        if (w->p->helper[k].tile == tile && w->p->helper[k].entry == w->entry[tile])
            i = w->p->helper[k].to;
    if (i < 0 || f->noise != w->a->chains)
        return verifier_bad(w, tile, "a result that means nothing is written", f->noise);
    if (f->n != w->adj0[i + 1] - w->adj0[i])
        return verifier_bad(w, tile, "a helper has a wrong number of reads", i);
    for (int k = 0; k < f->n; k++) {
        int at = w->adj0[i];
        while (at < w->adj0[i + 1] && (f->term[k].v.kind != PBIT || w->adj[at] != f->term[k].v.id))
            at++;
        if (at == w->adj0[i + 1] || w->drawn[at])
            return verifier_bad(w, tile, "a helper reads a word that is no neighbour", i);
        w->drawn[at] = f->term[k].v.arg ? 2 : 1;
    }
    *v = (struct value){DRAWN, i, 1};
    return GLB_OK;
}

enum glb_status verifier_take_helper(struct walk *w, int tile, struct form *f, int i) {
    /* docs/precision.md: the mean of what is added has slope 1 for this weight */
    const double beta_u = w->p->beta * w->p->u;
    const int32_t weight = beta_u < 0.006 ? 8 : beta_u < 0.02 ? 4 : 2;
    int found = 0;
    if (w->helper[i] < 0)
        return GLB_OK;
    for (int k = 0; k < f->n; k++)
        if (f->term[k].v.kind == DRAWN && f->term[k].v.id == i && f->term[k].coef == weight) {
            f->term[k--] = f->term[--f->n];
            found++;
        }
    f->constant = form_wrap(w->a, (int64_t)f->constant + weight / 2);
    return found == 1 ? GLB_OK : verifier_bad(w, tile, "a p-bit does not add its helper", i);
}
