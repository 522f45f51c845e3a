/* A program's reads, sorted. SPDX-License-Identifier: Apache-2.0 */
#include "array/uses.h"

#include <stdlib.h>
#include "array/coupling_word.h"

struct key {
    int32_t to, edge, read;
};

static int by_use(const void *a, const void *b) {
    const struct key *x = a, *y = b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x->edge != y->edge)
        return x->edge < y->edge ? -1 : 1;
    return (x->read > y->read) - (x->read < y->read);
}

void glb_uses_free(struct glb_uses *u) {
    free(u->start);
    free(u->use);
    free(u->read);
    *u = (struct glb_uses){0};
}

static void fill(const struct glb_program *p, const struct key *key, int reads,
                 struct glb_uses *u) {
    int uses = 0;
    for (int k = 0; k < reads; k++) {
        u->read[k] = key[k].read;
        if (k == 0 || key[k].to != key[k - 1].to || key[k].edge != key[k - 1].edge)
            u->use[uses++] = (struct glb_use){key[k].to, key[k].edge, k, 0};
        u->use[uses - 1].count++;
    }
    for (int i = 0, k = 0; i <= p->n; i++) {
        while (k < uses && u->use[k].to < i)
            k++;
        u->start[i] = k;
        if (i && u->start[i] - u->start[i - 1] > u->most)
            u->most = u->start[i] - u->start[i - 1];
    }
}

enum glb_status glb_uses_list(const struct glb_program *p, bool helpers, struct glb_uses *u) {
    const size_t reads = (size_t)p->nreads + 1;
    struct key *key = malloc(reads * sizeof *key);
    *u = (struct glb_uses){malloc(((size_t)p->n + 1) * sizeof *u->start),
                           malloc(reads * sizeof *u->use), malloc(reads * sizeof *u->read), 0};
    if (!key || !u->start || !u->use || !u->read) {
        free(key);
        glb_uses_free(u);
        return glb_fail(GLB_ERR_MEMORY, "no memory to sort %d reads", p->nreads);
    }
    int n = 0;
    for (int k = 0; k < p->nreads; k++)
        if (p->reads[k].helper == helpers)
            key[n++] = (struct key){p->reads[k].to, p->reads[k].edge, k};
    qsort(key, (size_t)n, sizeof *key, by_use);
    fill(p, key, n, u);
    free(key);
    return GLB_OK;
}

int32_t glb_use_weight(const struct glb_program *p, const struct glb_uses *u,
                       const struct glb_use *use) {
    int32_t sum = 0;
    for (int k = use->first; k < use->first + use->count; k++) {
        const struct glb_read_ref *r = &p->reads[u->read[k]];
        sum +=
            glb_field(&p->array,
                      p->coupling[(size_t)r->tile * (size_t)p->c_used + (size_t)r->entry], r->lane);
    }
    return sum;
}
