/* From graph to tasks. A hub (a p-bit of very high degree) would keep one lane busy for longer than
 * the rest of the sweep takes, so its field is summed in parts on several lanes; each part exports
 * its sum digit by digit as state words, and the hub's own task adds the digits. Readers of a hub
 * find its state in several banks: relays copy it there at the start of the pass.
 * SPDX-License-Identifier: Apache-2.0 */
#include "compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *grow(struct glb_compile *c, void *p, int used, int *cap, size_t size) {
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

int glb_c_new_word(struct glb_compile *c, int task) {
    c->word = grow(c, c->word, c->nword, &c->cap_word, sizeof *c->word);
    if (c->oom)
        return 0;
    c->word[c->nword] = (struct glb_word){.task = task, .tile = -1, .lane = -1, .g = -1};
    return c->nword++;
}

int glb_c_new_task(struct glb_compile *c, enum glb_task_kind kind, int pbit, int seg) {
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

int glb_c_new_stage(struct glb_compile *c, int task, int word, bool dbl, bool clr, int bias) {
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

void glb_c_new_read(struct glb_compile *c, int stage, int word, int edge, int coef) {
    c->read = grow(c, c->read, c->nread, &c->cap_read, sizeof *c->read);
    if (c->oom)
        return;
    c->read[c->nread++] = (struct glb_read){.word = word, .edge = edge, .coef = coef};
    c->stage[stage].nread++;
}

/* Colours the edges that `hubs` asks for: between hubs (true) or between others. */
static int colour_part(const struct glb_compile *c, bool hubs, int32_t *colour) {
    const struct glb_graph *g = c->g;
    struct glb_graph sub = {.n = g->n};
    sub.ei = malloc(sizeof *sub.ei * (size_t)(g->m + 1));
    sub.ej = malloc(sizeof *sub.ej * (size_t)(g->m + 1));
    int count = -1;
    if (sub.ei && sub.ej) {
        for (int e = 0; e < g->m; e++) {
            const bool hi = c->hub[g->ei[e]] >= 0, hj = c->hub[g->ej[e]] >= 0;
            if (hi == hubs && hj == hubs) {
                sub.ei[sub.m] = g->ei[e];
                sub.ej[sub.m++] = g->ej[e];
            }
        }
        count = glb_graph_colour(&sub, colour);
    }
    free(sub.ei);
    free(sub.ej);
    return count;
}

/* Colours are renumbered, from `first` on: with hubs last those with many edges to hubs before
 * those with few, since the hubs wait for them, with hubs first the other way round; then small
 * before large, so that the pass ends with work for every lane. */
static void order_colours(struct glb_compile *c, int first) {
    long key[256] = {0};
    int rank[256];
    const int k = c->ncolours;
    if (k > 256)
        return;
    for (int i = 0; i < c->n; i++) {
        if (c->hub[i] >= 0)
            continue;
        key[c->colour[i]]++;
        for (int e = c->adj0[i]; e < c->adj0[i + 1]; e++)
            if (c->hub[c->adj[e]] >= 0)
                key[c->colour[i]] += c->hubs_first ? 1 << 20 : -(1 << 20);
    }
    for (int i = 0; i < k; i++) {
        rank[i] = 0;
        for (int j = 0; j < k; j++)
            rank[i] += key[j] < key[i] || (key[j] == key[i] && j < i);
    }
    for (int i = 0; i < c->n; i++)
        if (c->hub[i] < 0)
            c->colour[i] = first + rank[c->colour[i]];
}

enum glb_status glb_c_find_hubs(struct glb_compile *c) {
    const struct glb_array *a = c->a;
    const double lanes = (double)a->tiles * a->lanes;
    const double mean = 2.0 * c->g->m / c->n;
    const double load = (2.0 * c->g->m + (double)c->n * (a->chains + 1)) * c->copies / lanes;
    /* Below that a hub's own task is short against the sweep, or the digits cost more than they
     * save. */
    double limit = fmax(fmax(8.0 * a->acc, load / 4), 4 * mean);
    if (c->o->hub_degree > 0)
        limit = c->o->hub_degree;
    c->nhubs = 0;
    for (int i = 0; i < c->n; i++)
        c->hub[i] = c->adj0[i + 1] - c->adj0[i] > limit ? c->nhubs++ : -1;
    int32_t *colour = malloc(sizeof *colour * (size_t)c->n);
    if (!colour)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    c->ncolours = colour_part(c, false, c->colour);
    const int hub_colours = c->nhubs ? colour_part(c, true, colour) : 0;
    if (c->ncolours < 0 || hub_colours < 0) {
        free(colour);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory while colouring the graph");
    }
    order_colours(c, c->hubs_first ? hub_colours : 0);
    for (int i = 0; i < c->n; i++)
        if (c->hub[i] >= 0)
            c->colour[i] = (c->hubs_first ? 0 : c->ncolours) + colour[i];
    c->ncolours += hub_colours;
    free(colour);
    return GLB_OK;
}

/* The scan's order: does the update of i see the new state of its neighbour j? */
static bool sees_new(const struct glb_compile *c, int i, int j) {
    return c->seg_of[i] == c->seg_of[j] && c->colour[j] < c->colour[i];
}

static void read_pbit(struct glb_compile *c, int stage, int copy, int i, int k) {
    const int j = c->adj[k];
    glb_c_new_read(c, stage, copy * c->n + j, c->adj_edge[k], 0);
    if (!c->oom)
        c->read[c->nread - 1].fresh = sees_new(c, i, j);
}

/* Reads of the digits of all parts with weights 2^k: digit words are inverted bits, so a part's sum
 * is -1 - sum 2^k d_k modulo 2^ACC. Digits too high for a READ field are added first and doubled.
 * Returns the stage that is still open. */
static int read_digits(struct glb_compile *c, int task, const int32_t *digit, int parts) {
    const int acc = c->a->acc, jw = c->a->jw;
    int top = acc;
    for (int shift = acc - jw; shift > 0;) {
        const int next = shift > jw ? shift - jw : 0;
        int stage = glb_c_new_stage(c, task, -1, true, false, 0);
        for (int p = 0; p < parts; p++)
            for (int k = next + jw; k < top; k++)
                glb_c_new_read(c, stage, digit[p * acc + k], -1, -(1 << (k - shift)));
        for (int k = 1; k < shift - next; k++)
            glb_c_new_stage(c, task, -1, true, false, 0);
        top = next + jw;
        shift = next;
    }
    const int stage = glb_c_new_stage(c, task, -1, false, true, -parts);
    for (int p = 0; p < parts; p++)
        for (int k = 0; k < top; k++)
            glb_c_new_read(c, stage, digit[p * acc + k], -1, -(1 << k));
    return stage;
}

/* Parts and own task of hub i; chunk[j] tells which part adds neighbour j. */
static void make_hub(struct glb_compile *c, int copy, int i, const int32_t *chunk, int parts,
                     const int32_t *level_of, int32_t *digit) {
    const int acc = c->a->acc, seg = c->seg_of[i], pbit = copy * c->n + i;
    int used = 0, level = 0;
    for (int p = 0; p < parts && !c->oom; p++) {
        int deepest = 0, count = 0;
        for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++)
            count += c->hub[c->adj[k]] < 0 && chunk[c->adj[k]] == p;
        if (!count)
            continue;
        const int t = glb_c_new_task(c, GLB_TASK_PART, pbit, seg);
        for (int k = acc - 1; k >= 0 && !c->oom; k--) {
            digit[used * acc + k] = glb_c_new_word(c, t);
            const int s = glb_c_new_stage(c, t, digit[used * acc + k], k < acc - 1, k == 0, 0);
            for (int e = c->adj0[i]; k == acc - 1 && e < c->adj0[i + 1]; e++) {
                const int j = c->adj[e];
                if (c->hub[j] >= 0 || chunk[j] != p)
                    continue;
                read_pbit(c, s, copy, i, e);
                if (sees_new(c, i, j) && level_of[c->colour[j]] > deepest)
                    deepest = level_of[c->colour[j]];
            }
        }
        if (c->oom)
            return;
        c->task[t].level = deepest + 1;
        level = deepest + 1 > level ? deepest + 1 : level;
        used++;
    }
    const int t = glb_c_new_task(c, GLB_TASK_PBIT, pbit, seg);
    const int stage = read_digits(c, t, digit, used);
    if (c->oom)
        return;
    c->stage[stage].word = pbit;
    c->word[pbit].task = t;
    c->task[t].spare = used ? c->task[c->word[digit[acc - 1]].task].stage0 : -1;
    for (int k = c->adj0[i]; k < c->adj0[i + 1] && !c->oom; k++) {
        const int j = c->adj[k];
        if (c->hub[j] < 0)
            continue;
        read_pbit(c, stage, copy, i, k);
        if (sees_new(c, i, j) && c->task[c->word[copy * c->n + j].task].level > level)
            level = c->task[c->word[copy * c->n + j].task].level;
    }
    c->task[t].level = level + 1;
    for (int k = 0; k < used * acc; k++)
        for (int s = c->task[t].stage0; s <= stage; s++)
            for (int r = c->stage[s].read0; r < c->stage[s].read0 + c->stage[s].nread; r++)
                if (c->read[r].edge < 0)
                    c->read[r].fresh = true;
}

/* Which part reads what: the same cut for all hubs of a segment, so that parts of several hubs on
 * the lanes of one tile share their reads. Latency is D / P reads, then ACC digits of P parts: P =
 * sqrt(D / ACC) is the shortest. */
static int cut_sources(const struct glb_compile *c, int seg, int32_t *chunk) {
    int largest = 0, next = 0, hubs = 0;
    for (int i = 0; i < c->n; i++) {
        int others = 0;
        for (int k = c->adj0[i]; c->hub[i] >= 0 && c->seg_of[i] == seg && k < c->adj0[i + 1]; k++)
            others += c->hub[c->adj[k]] < 0;
        largest = others > largest ? others : largest;
        hubs += c->hub[i] >= 0 && c->seg_of[i] == seg;
    }
    int parts = (int)lround((c->cut > 0 ? c->cut : 1) * sqrt((double)largest / c->a->acc));
    parts = parts < 1 ? 1 : parts;
    /* About as many groups of parts as tiles, or a multiple, so that every tile has the same. */
    const int groups = (hubs * c->copies + c->a->lanes - 1) / c->a->lanes, tiles = c->a->tiles;
    const int rounds = groups ? (parts * groups + tiles / 2) / tiles : 0;
    const int even = rounds ? rounds * tiles / groups : 0;
    if (c->cut <= 0 && 2 * even > parts && even < 2 * parts)
        parts = even;
    for (int i = 0; i < c->n; i++) {
        bool source = false;
        for (int k = c->adj0[i]; c->hub[i] < 0 && !source && k < c->adj0[i + 1]; k++)
            source = c->hub[c->adj[k]] >= 0 && c->seg_of[c->adj[k]] == seg;
        chunk[i] = source ? next++ % parts : -1;
    }
    return parts;
}

/* Relays of hub i in segment seg: one for every `share` readers beyond the first; if there are any,
 * they are what all of its readers but hubs read. */
static void make_relays(struct glb_compile *c, int seg, double bank_load) {
    for (int copy = 0; copy < c->copies; copy++)
        for (int i = 0; i < c->n; i++) {
            if (c->hub[i] < 0)
                continue;
            int readers = 0;
            for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++)
                readers += c->hub[c->adj[k]] < 0 && c->seg_of[c->adj[k]] == seg;
            const int relays = (int)(readers / fmax(16, bank_load / 20));
            for (int r = 0; r < relays && !c->oom; r++) {
                const int t = glb_c_new_task(c, GLB_TASK_RELAY, copy * c->n + i, seg);
                const int w = glb_c_new_word(c, t);
                const int s = glb_c_new_stage(c, t, w, false, true, -1);
                glb_c_new_read(c, s, copy * c->n + i, -1, 1);
                c->task[t].out = readers / (relays + 1);
                if (c->hubs_first && c->seg_of[i] == seg && !c->oom) { /* else it copies the old */
                    c->task[t].level = c->task[c->word[copy * c->n + i].task].level + 1;
                    c->read[c->nread - 1].fresh = true;
                }
            }
        }
}

/* Longest chain of readers after every task, for the scheduler's priorities. */
enum glb_status glb_c_find_paths(struct glb_compile *c) {
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

/* Levels of the segment's p-bits that are no hubs, colour by colour: one above all that any of the
 * colour waits for. */
static void find_levels(const struct glb_compile *c, int seg, int32_t *level) {
    for (int colour = 0; colour < c->ncolours && !c->oom; colour++) {
        level[colour] = 1;
        for (int i = 0; i < c->n; i++) {
            if (c->hub[i] >= 0 || c->seg_of[i] != seg || c->colour[i] != colour)
                continue;
            for (int k = c->adj0[i]; k < c->adj0[i + 1]; k++) {
                const int j = c->adj[k];
                if (!sees_new(c, i, j))
                    continue;
                const int below =
                    c->hub[j] >= 0 ? c->task[c->word[j].task].level + 1 : level[c->colour[j]];
                level[colour] = below + 1 > level[colour] ? below + 1 : level[colour];
            }
        }
    }
}

static void make_hubs(struct glb_compile *c, int seg, const int32_t *level, int32_t *chunk,
                      int32_t *digit) {
    const int parts = cut_sources(c, seg, chunk);
    for (int copy = 0; copy < c->copies; copy++)
        for (int colour = 0; colour < c->ncolours && c->nhubs; colour++)
            for (int i = 0; i < c->n && !c->oom; i++)
                if (c->hub[i] >= 0 && c->seg_of[i] == seg && c->colour[i] == colour)
                    make_hub(c, copy, i, chunk, parts, level, digit);
}

static void make_others(struct glb_compile *c, int seg, const int32_t *level) {
    for (int i = 0; i < c->nodes && !c->oom; i++) {
        const int copy = i / c->n, b = i % c->n;
        if (c->hub[b] >= 0 || c->seg_of[b] != seg)
            continue;
        const int t = glb_c_new_task(c, GLB_TASK_PBIT, i, seg);
        const int s = glb_c_new_stage(c, t, i, false, true, 0);
        for (int k = c->adj0[b]; k < c->adj0[b + 1]; k++)
            read_pbit(c, s, copy, b, k);
        if (!c->oom)
            c->task[t].level = level[c->colour[b]];
    }
}

enum glb_status glb_c_make_tasks(struct glb_compile *c) {
    for (int i = 0; i < c->nodes; i++)
        glb_c_new_word(c, -1);
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
            make_hubs(c, seg, level, chunk, digit);
        make_relays(c, seg, (double)reads * c->copies / c->a->tiles);
        find_levels(c, seg, level);
        make_others(c, seg, level);
        if (!c->hubs_first)
            make_hubs(c, seg, level, chunk, digit);
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

enum glb_status glb_c_use_relays(struct glb_compile *c) {
    const int tiles = c->a->tiles;
    int32_t *choice = malloc(sizeof *choice * (size_t)tiles);
    int32_t *word = malloc(sizeof *word * ((size_t)c->ntask + 1));
    int32_t *load = malloc(sizeof *load * ((size_t)c->ntask + 1));
    if (!choice || !word || !load) {
        free(choice);
        free(word);
        free(load);
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    }
    for (int first = 0; first < c->ntask;) { /* relays of one hub and segment follow each other */
        const struct glb_task *k = &c->task[first];
        int n = 0;
        word[n++] = k->pbit;
        int end = first;
        for (; end < c->ntask && c->task[end].kind == GLB_TASK_RELAY &&
               c->task[end].pbit == k->pbit && c->task[end].seg == k->seg;
             end++)
            word[n++] = c->stage[c->task[end].stage0].word;
        if (end == first) {
            first++;
            continue;
        }
        memset(load, 0, sizeof *load * (size_t)n);
        for (int t = 0; t < tiles; t++)
            choice[t] = -1;
        for (int t = 0; t < c->ntask; t++) {
            const struct glb_task *q = &c->task[t];
            const bool reader = q->seg == k->seg && q->kind == GLB_TASK_PBIT && q->nstage == 1 &&
                                c->hub[q->pbit % c->n] < 0;
            const struct glb_stage *s = &c->stage[q->stage0];
            for (int r = s->read0; reader && r < s->read0 + s->nread; r++) {
                if (c->read[r].word != k->pbit)
                    continue;
                if (choice[q->tile] < 0) {
                    choice[q->tile] = 1;
                    for (int i = 2; i < n; i++)
                        if (load[i] < load[choice[q->tile]])
                            choice[q->tile] = i;
                    load[choice[q->tile]]++;
                }
                const int i = choice[q->tile];
                c->word[k->pbit].out--;
                c->word[word[i]].out++;
                c->read[r].word = word[i];
                c->read[r].fresh = true;
            }
        }
        first = end;
    }
    free(choice);
    free(word);
    free(load);
    return GLB_OK;
}
