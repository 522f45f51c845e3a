/* From graph to tasks, with their stages, reads and levels. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/plan.h"

#include <stdlib.h>

static void *grow(struct plan *c, void *p, int used, int *cap, size_t size) {
    if (used < *cap)
        return p;
    const int want = *cap ? *cap * 2 : 1024;
    void *q = realloc(p, (size_t)want * size);
    if (!q) {
        c->oom = true;
        return p;
    }
    *cap = want;
    return q;
}

int plan_new_word(struct plan *c, int task) {
    c->word = grow(c, c->word, c->nword, &c->cap_word, sizeof *c->word);
    if (c->oom)
        return 0;
    c->word[c->nword] = (struct glb_word){.task = task, .tile = -1, .lane = -1, .g = -1};
    return c->nword++;
}

int plan_new_task(struct plan *c, enum glb_task_kind kind, int pbit, int seg) {
    c->task = grow(c, c->task, c->ntask, &c->cap_task, sizeof *c->task);
    if (c->oom)
        return 0;
    c->task[c->ntask] = (struct glb_task){.kind = kind,
                                          .pbit = pbit,
                                          .seg = seg,
                                          .stage0 = c->nstage,
                                          .noise = kind == GLB_TASK_PBIT ? c->a->chains : 0,
                                          .group = -1,
                                          .spare = -1,
                                          .tile = -1,
                                          .lane = -1};
    return c->ntask++;
}

int plan_new_stage(struct plan *c, int task, int word, bool dbl, bool clr, int bias) {
    c->stage = grow(c, c->stage, c->nstage, &c->cap_stage, sizeof *c->stage);
    if (c->oom)
        return 0;
    c->stage[c->nstage] =
        (struct glb_stage){.read0 = c->nread, .word = word, .dbl = dbl, .clr = clr, .bias = bias};
    c->task[task].nstage++;
    if (word >= 0)
        c->word[word].task = task;
    return c->nstage++;
}

void plan_new_read(struct plan *c, int stage, int word, int edge, int coef) {
    c->read = grow(c, c->read, c->nread, &c->cap_read, sizeof *c->read);
    if (c->oom)
        return;
    c->read[c->nread++] = (struct glb_read){.word = word, .edge = edge, .coef = coef};
    c->stage[stage].nread++;
}

void plan_read_pbit(struct plan *c, int stage, int copy, int i, int k) {
    const int j = c->adj[k];
    plan_new_read(c, stage, copy * c->n + j, c->adj_edge[k], 0);
    if (!c->oom)
        c->read[c->nread - 1].fresh = plan_sees_new(c, i, j);
}

/* Levels of the segment's p-bits that are no hubs, colour by colour: one above all that any of the
 * colour waits for. */
static void find_levels(const struct plan *c, int seg, int32_t *level) {
    for (int colour = 0; colour < c->ncolours && !c->oom; colour++) {
        level[colour] = 1;
        for (int i = 0; i < c->n; i++) {
            if (c->hub[i] >= 0 || c->seg_of[i] != seg || c->colour[i] != colour)
                continue;
            for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++) {
                const int j = c->adj[k];
                if (!plan_sees_new(c, i, j))
                    continue;
                const int below =
                    c->hub[j] >= 0 ? c->task[c->word[j].task].level + 1 : level[c->colour[j]];
                level[colour] = below + 1 > level[colour] ? below + 1 : level[colour];
            }
        }
    }
}

static void make_others(struct plan *c, int seg, const int32_t *level) {
    for (int i = 0; i < c->nodes && !c->oom; i++) {
        const int copy = i / c->n, b = i % c->n;
        if (c->hub[b] >= 0 || c->seg_of[b] != seg)
            continue;
        const int t = plan_new_task(c, GLB_TASK_PBIT, i, seg);
        const int s = plan_new_stage(c, t, i, false, true, 0);
        for (int k = c->adj0[b]; k < c->adj0[b + 1]; k++)
            plan_read_pbit(c, s, copy, b, k);
        if (!c->oom)
            c->task[t].level = level[c->colour[b]];
    }
}

enum glb_status plan_make_tasks(struct plan *c) {
    for (int i = 0; i < c->nodes; i++)
        plan_new_word(c, -1);
    int32_t *chunk = malloc(sizeof *chunk * (size_t)c->n);
    int32_t *digit = malloc(sizeof *digit * ((size_t)c->n + 64) * (size_t)c->a->acc);
    int32_t *level = calloc((size_t)c->ncolours + 1, sizeof *level);
    if (!chunk || !digit || !level)
        c->oom = true;
    for (int seg = 0; seg < c->nseg && !c->oom; seg++) {
        long reads = 0;
        for (int i = 0; i < c->n; i++)
            reads += c->seg_of[i] == seg ? c->adj0[i + 1] - c->adj0[i] : 0;
        if (c->hubs_first) /* they see nothing new, so need no levels */
            plan_make_hubs(c, seg, level, chunk, digit);
        plan_make_relays(c, seg, (double)reads * c->copies / c->a->tiles);
        find_levels(c, seg, level);
        make_others(c, seg, level);
        if (!c->hubs_first)
            plan_make_hubs(c, seg, level, chunk, digit);
    }
    free(level);
    free(chunk);
    free(digit);
    if (c->oom)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory (%d tasks)", c->ntask);
    c->levels = 1;
    for (int t = 0; t < c->ntask; t++) {
        struct glb_task *k = &c->task[t];
        c->levels = k->level + 1 > c->levels ? k->level + 1 : c->levels;
        for (int s = k->stage0; s < k->stage0 + k->nstage; s++) {
            k->nread += c->stage[s].nread;
            for (int r = c->stage[s].read0; r < c->stage[s].read0 + c->stage[s].nread; r++)
                c->word[c->read[r].word].out++;
        }
    }
    return GLB_OK;
}

/* Longest chain of readers after every task, for the scheduler's priorities. */
enum glb_status plan_find_paths(struct plan *c) {
    int32_t *after = calloc((size_t)c->ntask + 1, sizeof *after);
    if (!after)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    for (int level = c->levels - 1; level >= 0; level--)
        for (int t = 0; t < c->ntask; t++) {
            struct glb_task *k = &c->task[t];
            if (k->level != level)
                continue;
            k->path = after[t] + (k->nread > k->noise ? k->nread : k->noise) + k->nstage;
            for (int s = k->stage0; s < k->stage0 + k->nstage; s++)
                for (int r = c->stage[s].read0; r < c->stage[s].read0 + c->stage[s].nread; r++) {
                    const int writer = c->word[c->read[r].word].task;
                    if (c->read[r].fresh && after[writer] < k->path + c->a->wl)
                        after[writer] = k->path + c->a->wl;
                }
        }
    free(after);
    return GLB_OK;
}
