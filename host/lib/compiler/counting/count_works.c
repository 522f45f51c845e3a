/* Which p-bit of a pair is kept and which arrives. Every kept word costs a tile a clock, so few
 * p-bits should cover all pairs: the one with most pairs that are not covered comes next.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compiler/counting/count_plan.h"

#include <stdlib.h>
#include <string.h>

struct cover {
    int n, top;                  /* p-bits; no open degree is larger */
    int32_t *first, *incident;   /* [n + 2], []: pairs of a p-bit */
    int32_t *degree;             /* [n] open pairs */
    int32_t *head, *next, *prev; /* [top + 1], [n]: lists of the p-bits of a degree */
    bool *covered;               /* [nwant] */
};

static void unlink_pbit(struct cover *c, int i) {
    if (c->prev[i] >= 0)
        c->next[c->prev[i]] = c->next[i];
    else
        c->head[c->degree[i]] = c->next[i];
    if (c->next[i] >= 0)
        c->prev[c->next[i]] = c->prev[i];
}

static void link_pbit(struct cover *c, int i) {
    const int d = c->degree[i];
    c->prev[i] = -1;
    c->next[i] = c->head[d];
    if (c->head[d] >= 0)
        c->prev[c->head[d]] = i;
    c->head[d] = i;
}

static void close_cover(struct cover *c) {
    free(c->first);
    free(c->incident);
    free(c->degree);
    free(c->head);
    free(c->next);
    free(c->prev);
    free(c->covered);
}

static bool open_cover(struct cover *c, const struct count_plan *plan) {
    const size_t n = (size_t)plan->p->n + (size_t)plan->nwords;
    *c = (struct cover){.n = (int)n};
    c->first = calloc(n + 2, sizeof *c->first);
    c->incident = malloc(sizeof *c->incident * (2 * (size_t)plan->nwant + 1));
    c->degree = calloc(n + 1, sizeof *c->degree);
    c->next = malloc(sizeof *c->next * (n + 1));
    c->prev = malloc(sizeof *c->prev * (n + 1));
    c->covered = calloc((size_t)plan->nwant + 1, sizeof *c->covered);
    if (!c->first || !c->incident || !c->degree || !c->next || !c->prev || !c->covered)
        return false;
    for (int k = 0; k < plan->nwant; k++)
        if (plan->want[k].j >= 0) {
            c->degree[plan->want[k].i]++;
            c->degree[plan->want[k].j]++;
        }
    for (int i = 0; i < c->n; i++) {
        c->first[i + 2] = c->first[i + 1] + c->degree[i];
        c->top = c->degree[i] > c->top ? c->degree[i] : c->top;
    }
    for (int k = 0; k < plan->nwant; k++)
        if (plan->want[k].j >= 0) {
            c->incident[c->first[plan->want[k].i + 1]++] = k;
            c->incident[c->first[plan->want[k].j + 1]++] = k;
        }
    c->head = malloc(sizeof *c->head * ((size_t)c->top + 1));
    if (!c->head)
        return false;
    for (int d = 0; d <= c->top; d++)
        c->head[d] = -1;
    for (int i = c->n - 1; i >= 0; i--)
        link_pbit(c, i);
    return true;
}

static void keep_pbit(struct cover *c, struct count_plan *plan, int i, int first) {
    struct count_work *w = &plan->work[plan->nwork++];
    *w = (struct count_work){.pbit = i, .first = first};
    unlink_pbit(c, i);
    for (int x = c->first[i]; x < c->first[i + 1]; x++) {
        const int k = c->incident[x];
        if (c->covered[k])
            continue;
        c->covered[k] = true;
        const int j = plan->want[k].i == i ? plan->want[k].j : plan->want[k].i;
        plan->item[w->first + w->n++] = (struct count_item){k, j};
        unlink_pbit(c, j);
        c->degree[j]--;
        link_pbit(c, j);
    }
    c->degree[i] = 0;
}

bool count_make_works(struct count_plan *plan) {
    struct cover c;
    plan->work = calloc((size_t)(plan->p->n + plan->nwords) + 3, sizeof *plan->work);
    plan->item = malloc(sizeof *plan->item * ((size_t)plan->nwant + 1));
    const bool ok = open_cover(&c, plan) && plan->work && plan->item;
    if (ok) {
        struct count_work *ones = &plan->work[plan->nwork++];
        *ones = (struct count_work){.pbit = -1};
        for (int k = 0; k < plan->nwant; k++)
            if (plan->want[k].j < 0)
                plan->item[ones->n++] = (struct count_item){k, plan->want[k].i};
        int first = ones->n;
        for (int d = c.top; d > 0; d--)
            while (c.head[d] >= 0) {
                keep_pbit(&c, plan, c.head[d], first);
                first += plan->work[plan->nwork - 1].n;
            }
    }
    close_cover(&c);
    return ok;
}

void count_plan_release(struct count_plan *plan) {
    free(plan->work);
    free(plan->item);
    free(plan->op);
}
