/* Grouping: tasks of one level that share reads become groups, one task per lane of a tile, which
 * then take the same word in one clock. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/tasks/pair_tasks.h"

#include <stdlib.h>
#include <string.h>

enum { PARTNERS = 16 }; /* candidates kept per group while pairing */

struct candidate {
    int32_t common, i, j;
};

static int by_common(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    return x->common != y->common ? (x->common < y->common) - (x->common > y->common)
           : x->i != y->i         ? (x->i > y->i) - (x->i < y->i)
                                  : (x->j > y->j) - (x->j < y->j);
}

int plan_group_members(const struct plan *plan, const struct group *g) {
    int n = 0;
    for (int l = 0; l < plan->problem->array->lanes; l++)
        n += g->task[l] >= 0;
    return n;
}

/* Which groups of [first, end) read a word: lists by word, in CSR form. */
static bool readers_by_word(const struct plan *plan, int first, int end, int32_t *start,
                            int32_t **list) {
    const struct problem *problem = plan->problem;
    memset(start, 0, sizeof *start * (size_t)(plan->nword + 2));
    for (int pass = 0; pass < 2; pass++) {
        for (int g = first; g < end; g++)
            for (int l = 0; l < problem->array->lanes; l++) {
                if (plan->group[g].task[l] < 0)
                    continue;
                const struct task *t = &plan->task[plan->group[g].task[l]];
                const struct stage *s = &plan->stage[t->stage0];
                for (int r = s->read0; r < s->read0 + s->nread; r++) {
                    const int w = plan->read[r].word;
                    if (w < problem->nodes && problem->hub[w % problem->n] >= 0)
                        continue;
                    if (pass == 0)
                        start[w + 2]++;
                    else
                        (*list)[start[w + 1]++] = g;
                }
            }
        if (pass == 0) {
            for (int w = 0; w < plan->nword; w++)
                start[w + 2] += start[w + 1];
            *list = malloc(sizeof **list * ((size_t)start[plan->nword + 1] + 1));
            if (!*list)
                return false;
        }
    }
    return true;
}

/* The PARTNERS best candidates of group i among those after it. */
static int find_partners(const struct plan *plan, int i, const int32_t *start, const int32_t *list,
                         int32_t *count, int32_t *seen, struct candidate *out) {
    const struct problem *problem = plan->problem;
    int nseen = 0, n = 0;
    for (int l = 0; l < problem->array->lanes; l++) {
        if (plan->group[i].task[l] < 0)
            continue;
        const struct stage *s = &plan->stage[plan->task[plan->group[i].task[l]].stage0];
        for (int r = s->read0; r < s->read0 + s->nread; r++) {
            const int w = plan->read[r].word;
            if (w < problem->nodes && problem->hub[w % problem->n] >= 0)
                continue;
            for (int k = start[w]; k < start[w + 1]; k++) {
                if (list[k] <= i)
                    continue;
                if (count[list[k]]++ == 0)
                    seen[nseen++] = list[k];
            }
        }
    }
    for (int k = 0; k < nseen; k++) {
        const int j = seen[k], common = count[j];
        count[j] = 0;
        if (n == PARTNERS && out[n - 1].common >= common)
            continue;
        int at = n < PARTNERS ? n++ : PARTNERS - 1;
        while (at > 0 && out[at - 1].common < common) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = (struct candidate){common, i, j};
    }
    return n;
}

/* Merges groups [first, ngroup) of one level in pairs, those with the most common reads first, the
 * rest as they come. */
static bool pair_level(struct plan *plan, int first, int32_t *start, int32_t *count,
                       int32_t *seen) {
    const int n = plan->ngroup - first;
    int32_t *list = NULL;
    struct candidate *cand = malloc(sizeof *cand * ((size_t)n * PARTNERS + 1));
    bool *taken = calloc((size_t)n + 1, 1);
    bool ok = cand && taken && readers_by_word(plan, first, plan->ngroup, start, &list);
    int ncand = 0;
    if (ok) {
        for (int i = first; i < plan->ngroup; i++)
            ncand += find_partners(plan, i, start, list, count, seen, cand + ncand);
        qsort(cand, (size_t)ncand, sizeof *cand, by_common);
        int last = -1;
        for (int k = 0; k < ncand + n; k++) {
            int i, j;
            if (k < ncand) {
                i = cand[k].i - first;
                j = cand[k].j - first;
                if (taken[i] || taken[j])
                    continue;
            } else { /* left over: neighbours in input order */
                j = k - ncand;
                if (taken[j])
                    continue;
                i = last;
                last = i < 0 ? j : -1;
                if (i < 0)
                    continue;
            }
            taken[i] = taken[j] = true;
            struct group *a = &plan->group[first + i], *b = &plan->group[first + j];
            const int na = plan_group_members(plan, a), nb = plan_group_members(plan, b);
            for (int l = 0; l < nb; l++)
                a->task[na + l] = b->task[l];
            b->task[0] = -1;
        }
        int kept = first;
        for (int i = first; i < plan->ngroup; i++)
            if (plan->group[i].task[0] >= 0)
                plan->group[kept++] = plan->group[i];
        plan->ngroup = kept;
    }
    free(cand);
    free(taken);
    free(list);
    return ok;
}

/* Groups of every segment and level. Hubs and relays stay alone: they share nothing and their
 * latency counts. */
bool plan_make_groups(struct plan *plan) {
    const struct problem *problem = plan->problem;
    int32_t *start = malloc(sizeof *start * ((size_t)plan->nword + 3));
    int32_t *count = calloc((size_t)plan->ntask + 1, sizeof *count);
    int32_t *seen = malloc(sizeof *seen * ((size_t)plan->ntask + 1));
    bool ok = start && count && seen;
    for (int seg = 0; seg < problem->nseg && ok; seg++)
        for (int level = 0; level < plan->levels && ok; level++)
            for (int kind = 0; kind < 3 && ok; kind++) {
                const int first = plan->ngroup;
                for (int t = 0; t < plan->ntask; t++) {
                    const struct task *k = &plan->task[t];
                    const int alone =
                        k->kind == TASK_RELAY ||
                        (k->kind == TASK_PBIT && problem->hub[k->pbit % problem->n] >= 0);
                    if (k->seg != seg || k->level != level ||
                        kind != (alone ? 2 : k->kind == TASK_PART))
                        continue;
                    struct group *g = &plan->group[plan->ngroup++];
                    *g = (struct group){.seg = seg, .level = level, .tile = -1};
                    for (int l = 0; l < GLB_MAX_LANES; l++)
                        g->task[l] = l ? -1 : t;
                }
                for (int size = 1; size < problem->array->lanes && kind < 2 && ok; size *= 2)
                    if (plan->ngroup - first > 1)
                        ok = pair_level(plan, first, start, count, seen);
            }
    free(start);
    free(count);
    free(seen);
    return ok;
}
