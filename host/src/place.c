/* Placement: tasks of one level that share reads become groups (one task per lane of a tile, which
 * then take the same word in one clock), and groups go to tiles so that every tile has its share of
 * each level. SPDX-License-Identifier: Apache-2.0 */
#include "compile.h"

#include <stdlib.h>
#include <string.h>

enum { PARTNERS = 16 }; /* best partners remembered per group while pairing */

struct candidate {
    int32_t common, i, j;
};

struct placer {
    struct glb_compile *c;
    double *load;                     /* [tiles] */
    int32_t *lane_words, *lane_limit; /* [tiles * lanes] */
    double *lane_work;
    double noise_cost, read_cost, word_cost;
    int phases;   /* segments x levels */
    double *bank; /* [tiles][phases] reads of the bank's words by tasks of that level */
    int32_t *reader0, *reader; /* [words + 1], []: phases of the tasks that read a word */
    int32_t *like;             /* [words] a relay is read by some of its hub's readers, */
    float *part;               /* [words] by this part of them */
    double *profile;           /* [phases] reads of the group at hand */
};

static int by_common(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    return x->common != y->common ? (x->common < y->common) - (x->common > y->common)
           : x->i != y->i         ? (x->i > y->i) - (x->i < y->i)
                                  : (x->j > y->j) - (x->j < y->j);
}

static int members(const struct glb_compile *c, const struct glb_group *g) {
    int n = 0;
    for (int l = 0; l < c->a->lanes; l++)
        n += g->task[l] >= 0;
    return n;
}

/* Which groups of [first, end) read a word: lists by word, in CSR form. */
static bool readers_by_word(const struct glb_compile *c, int first, int end, int32_t *start,
                            int32_t **list) {
    memset(start, 0, sizeof *start * (size_t)(c->nword + 2));
    for (int pass = 0; pass < 2; pass++) {
        for (int g = first; g < end; g++)
            for (int l = 0; l < c->a->lanes; l++) {
                if (c->group[g].task[l] < 0)
                    continue;
                const struct glb_task *t = &c->task[c->group[g].task[l]];
                const struct glb_stage *s = &c->stage[t->stage0];
                for (int r = s->read0; r < s->read0 + s->nread; r++) {
                    const int w = c->read[r].word;
                    if (w < c->nodes && c->hub[w % c->n] >= 0)
                        continue;
                    if (pass == 0)
                        start[w + 2]++;
                    else
                        (*list)[start[w + 1]++] = g;
                }
            }
        if (pass == 0) {
            for (int w = 0; w < c->nword; w++)
                start[w + 2] += start[w + 1];
            *list = malloc(sizeof **list * ((size_t)start[c->nword + 1] + 1));
            if (!*list)
                return false;
        }
    }
    return true;
}

/* The PARTNERS best candidates of group i among those after it. */
static int find_partners(const struct glb_compile *c, int i, const int32_t *start,
                         const int32_t *list, int32_t *count, int32_t *seen,
                         struct candidate *out) {
    int nseen = 0, n = 0;
    for (int l = 0; l < c->a->lanes; l++) {
        if (c->group[i].task[l] < 0)
            continue;
        const struct glb_stage *s = &c->stage[c->task[c->group[i].task[l]].stage0];
        for (int r = s->read0; r < s->read0 + s->nread; r++) {
            const int w = c->read[r].word;
            if (w < c->nodes && c->hub[w % c->n] >= 0)
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
static bool pair_level(struct glb_compile *c, int first, int32_t *start, int32_t *count,
                       int32_t *seen) {
    const int n = c->ngroup - first;
    int32_t *list = NULL;
    struct candidate *cand = malloc(sizeof *cand * ((size_t)n * PARTNERS + 1));
    bool *taken = calloc((size_t)n + 1, 1);
    bool ok = cand && taken && readers_by_word(c, first, c->ngroup, start, &list);
    int ncand = 0;
    if (ok) {
        for (int i = first; i < c->ngroup; i++)
            ncand += find_partners(c, i, start, list, count, seen, cand + ncand);
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
            struct glb_group *a = &c->group[first + i], *b = &c->group[first + j];
            const int na = members(c, a), nb = members(c, b);
            for (int l = 0; l < nb; l++)
                a->task[na + l] = b->task[l];
            b->task[0] = -1;
        }
        int kept = first;
        for (int i = first; i < c->ngroup; i++)
            if (c->group[i].task[0] >= 0)
                c->group[kept++] = c->group[i];
        c->ngroup = kept;
    }
    free(cand);
    free(taken);
    free(list);
    return ok;
}

/* Groups of every segment and level. Hubs and relays stay alone: they share nothing and their
 * latency counts. */
static bool make_groups(struct glb_compile *c) {
    int32_t *start = malloc(sizeof *start * ((size_t)c->nword + 3));
    int32_t *count = calloc((size_t)c->ntask + 1, sizeof *count);
    int32_t *seen = malloc(sizeof *seen * ((size_t)c->ntask + 1));
    bool ok = start && count && seen;
    for (int seg = 0; seg < c->nseg && ok; seg++)
        for (int level = 0; level < c->levels && ok; level++)
            for (int kind = 0; kind < 3 && ok; kind++) {
                const int first = c->ngroup;
                for (int t = 0; t < c->ntask; t++) {
                    const struct glb_task *k = &c->task[t];
                    const int alone = k->kind == GLB_TASK_RELAY ||
                                      (k->kind == GLB_TASK_PBIT && c->hub[k->pbit % c->n] >= 0);
                    if (k->seg != seg || k->level != level ||
                        kind != (alone ? 2 : k->kind == GLB_TASK_PART))
                        continue;
                    struct glb_group *g = &c->group[c->ngroup++];
                    *g = (struct glb_group){.seg = seg, .level = level, .tile = -1};
                    for (int l = 0; l < GLB_MAX_LANES; l++)
                        g->task[l] = l ? -1 : t;
                }
                for (int size = 1; size < c->a->lanes && kind < 2 && ok; size *= 2)
                    if (c->ngroup - first > 1)
                        ok = pair_level(c, first, start, count, seen);
            }
    free(start);
    free(count);
    free(seen);
    return ok;
}

static double cost_of(const struct placer *p, const struct glb_task *t) {
    return t->nread + t->noise + t->nstage + p->noise_cost * t->noise +
           p->read_cost * (t->nread + t->out) / 2 + p->word_cost * t->nstage;
}

static double group_cost(const struct placer *p, const struct glb_group *g) {
    double sum = 0;
    for (int l = 0; l < p->c->a->lanes; l++)
        sum += g->task[l] >= 0 ? cost_of(p, &p->c->task[g->task[l]]) : 0;
    return sum;
}

static int lane_room(const struct placer *p, int tile, int lane) {
    const int i = tile * p->c->a->lanes + lane;
    return p->lane_limit[i] - p->lane_words[i];
}

/* Reads of the group's words by phase, into p->profile. */
static void read_profile(struct placer *p, const struct glb_group *g, double sign, double *to) {
    const struct glb_compile *c = p->c;
    for (int l = 0; l < c->a->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        const struct glb_task *t = &c->task[g->task[l]];
        for (int s = t->stage0; s < t->stage0 + t->nstage; s++) {
            const int w = c->stage[s].word;
            for (int k = w < 0 ? 0 : p->reader0[p->like[w]];
                 w >= 0 && k < p->reader0[p->like[w] + 1]; k++)
                to[p->reader[k]] += sign * p->part[w];
        }
    }
}

/* Gives the group's tasks lanes of the tile, the largest task to the emptiest lane; false if state
 * words run out. */
static bool settle(struct placer *p, struct glb_group *g, int tile, bool really) {
    const int lanes = p->c->a->lanes;
    int32_t task[GLB_MAX_LANES], lane_of[GLB_MAX_LANES];
    int n = 0;
    bool used[GLB_MAX_LANES] = {false};
    for (int l = 0; l < lanes; l++)
        if (g->task[l] >= 0)
            task[n++] = g->task[l];
    for (int i = 1; i < n; i++) /* most state words, then most work first */
        for (int j = i; j > 0; j--) {
            const struct glb_task *x = &p->c->task[task[j]], *y = &p->c->task[task[j - 1]];
            if (x->nstage < y->nstage || (x->nstage == y->nstage && x->nread <= y->nread))
                break;
            const int32_t swap = task[j];
            task[j] = task[j - 1];
            task[j - 1] = swap;
        }
    for (int i = 0; i < n; i++) {
        int best = -1;
        for (int l = 0; l < lanes; l++) {
            if (used[l] || lane_room(p, tile, l) < p->c->task[task[i]].nstage)
                continue;
            if (best < 0 || p->lane_work[tile * lanes + l] < p->lane_work[tile * lanes + best])
                best = l;
        }
        if (best < 0)
            return false;
        used[best] = true;
        lane_of[i] = best;
    }
    if (!really)
        return true;
    for (int l = 0; l < lanes; l++)
        g->task[l] = -1;
    for (int i = 0; i < n; i++) {
        struct glb_task *t = &p->c->task[task[i]];
        t->tile = tile;
        t->lane = lane_of[i];
        g->task[lane_of[i]] = task[i];
        p->lane_words[tile * lanes + t->lane] += t->nstage;
        p->lane_work[tile * lanes + t->lane] += cost_of(p, t) + p->word_cost * 8 * t->nstage;
    }
    g->tile = tile;
    p->load[tile] += group_cost(p, g);
    read_profile(p, g, 1, &p->bank[tile * p->phases]);
    return true;
}

static void unsettle(struct placer *p, struct glb_group *g, int l) {
    const struct glb_task *t = &p->c->task[g->task[l]];
    const int i = g->tile * p->c->a->lanes + l;
    p->lane_words[i] -= t->nstage;
    p->lane_work[i] -= cost_of(p, t) + p->word_cost * 8 * t->nstage;
    p->load[g->tile] -= cost_of(p, t);
}

/* The tile where work and reads of the bank, phase by phase, stay most even. */
static int best_tile(struct placer *p, struct glb_group *g, const int32_t *count, int limit) {
    int best = -1, ties = 1;
    double least = 0;
    const double work = group_cost(p, g);
    memset(p->profile, 0, sizeof *p->profile * (size_t)p->phases);
    read_profile(p, g, 1, p->profile);
    for (int t = 0; t < p->c->a->tiles; t++) {
        if (count[t] >= limit || !settle(p, g, t, false))
            continue;
        double score = p->load[t] * work;
        for (int k = 0; k < p->phases; k++)
            score += 4 * p->bank[t * p->phases + k] * p->profile[k];
        if (best < 0 || score < least - 1e-9) {
            best = t;
            least = score;
            ties = 1;
        } else if (score < least + 1e-9 && glb_c_random(p->c) % (uint32_t)++ties == 0) {
            best = t;
        }
    }
    return best;
}

struct sized {
    double cost;
    int32_t group;
    uint32_t tie;
};

static int by_cost(const void *a, const void *b) {
    const struct sized *x = a, *y = b;
    return x->cost != y->cost ? (x->cost < y->cost) - (x->cost > y->cost)
                              : (x->tie > y->tie) - (x->tie < y->tie);
}

/* Moves single tasks out of groups of the fullest tiles to the emptiest. */
static void even_out(struct placer *p, int seg) {
    struct glb_compile *c = p->c;
    const int tiles = c->a->tiles;
    for (int round = 0; round < 4 * tiles; round++) {
        int full = 0, empty = 0;
        for (int t = 1; t < tiles; t++) {
            full = p->load[t] > p->load[full] ? t : full;
            empty = p->load[t] < p->load[empty] ? t : empty;
        }
        const double gap = p->load[full] - p->load[empty];
        int from = -1, lane = -1;
        double best = 0;
        for (int g = 0; g < c->ngroup; g++) {
            struct glb_group *x = &c->group[g];
            if (x->tile != full || x->seg != seg)
                continue;
            for (int l = 0; l < c->a->lanes; l++) {
                if (x->task[l] < 0 || c->task[x->task[l]].nstage > 1)
                    continue;
                const double cost = cost_of(p, &c->task[x->task[l]]);
                const double gain = cost < gap / 2 ? cost : gap - cost;
                if (gain > best + 1e-9) {
                    best = gain;
                    from = g;
                    lane = l;
                }
            }
        }
        if (from < 0 || best < gap / 16)
            return;
        struct glb_group alone = {.seg = seg, .level = c->group[from].level, .tile = -1};
        for (int l = 0; l < GLB_MAX_LANES; l++)
            alone.task[l] = l ? -1 : c->group[from].task[lane];
        if (!settle(p, &alone, empty, false))
            return;
        unsettle(p, &c->group[from], lane);
        c->group[from].task[lane] = -1;
        settle(p, &alone, empty, true);
        if (members(c, &c->group[from]) == 0)
            c->group[from] = alone;
        else
            c->group[c->ngroup++] = alone;
    }
}

static enum glb_status no_room(const struct placer *p, int seg) {
    const struct glb_array *a = p->c->a;
    long need = 0;
    for (int t = 0; t < p->c->ntask; t++)
        need += p->c->task[t].nstage;
    for (int i = 0; i < p->c->n; i++)
        need += p->c->seg_of[i] < 0 ? p->c->copies : 0;
    int n;
    const struct glb_array *all = glb_arrays(&n), *fits = NULL;
    for (int i = 0; i < n && !fits; i++)
        if (glb_array_capacity(&all[i]) >= need + need / 16)
            fits = &all[i];
    return glb_fail(
        GLB_ERR_FIT,
        "state memory of array %s: segment %d finds no room; the graph needs %ld state words "
        "(%d p-bits, the rest for partial sums and copies of hubs), the array has %d in %d "
        "lanes; %s%s",
        a->name, seg, need, p->c->nodes, glb_array_capacity(a), a->tiles * a->lanes,
        fits ? "would fit: " : "no array here has as many", fits ? fits->name : "");
}

/* Hubs, their parts and relays come first: they need many state words in one lane or are read most.
 */
static bool is_helper(const struct glb_compile *c, const struct glb_group *g) {
    for (int l = 0; l < c->a->lanes; l++)
        if (g->task[l] >= 0)
            return c->task[g->task[l]].kind == GLB_TASK_RELAY || c->task[g->task[l]].nstage > 1;
    return false;
}

static enum glb_status place_segment(struct placer *p, int seg, int32_t *count,
                                     struct sized *order) {
    struct glb_compile *c = p->c;
    const int tiles = c->a->tiles;
    for (int k = 0; k < 2 * c->levels; k++) {
        const int level = k % c->levels;
        int n = 0;
        for (int t = 0; t < tiles && k == c->levels && c->handicap; t++)
            p->load[t] += c->handicap[seg * tiles + t];
        for (int g = 0; g < c->ngroup; g++)
            if (c->group[g].seg == seg && c->group[g].level == level &&
                is_helper(c, &c->group[g]) == (k < c->levels))
                order[n++] = (struct sized){group_cost(p, &c->group[g]), g, glb_c_random(c)};
        qsort(order, (size_t)n, sizeof *order, by_cost);
        memset(count, 0, sizeof *count * (size_t)tiles);
        const int limit = (n + tiles - 1) / tiles;
        for (int i = 0; i < n; i++) {
            struct glb_group *g = &c->group[order[i].group];
            int t = best_tile(p, g, count, limit);
            if (t < 0)
                t = best_tile(p, g, count, 1 << 30);
            if (t >= 0) {
                count[t]++;
                settle(p, g, t, true);
                continue;
            }
            struct glb_group parts = *g; /* no tile has room for all of it: one by one */
            bool first = true;
            for (int l = 0; l < c->a->lanes; l++) {
                if (parts.task[l] < 0)
                    continue;
                struct glb_group *x = first ? &c->group[order[i].group] : &c->group[c->ngroup++];
                first = false;
                *x = (struct glb_group){.seg = seg, .level = level, .tile = -1};
                for (int m = 0; m < GLB_MAX_LANES; m++)
                    x->task[m] = m ? -1 : parts.task[l];
                t = best_tile(p, x, count, 1 << 30);
                if (t < 0)
                    return no_room(p, seg);
                settle(p, x, t, true);
            }
        }
    }
    even_out(p, seg);
    return GLB_OK;
}

/* Inputs take the lanes with most room, busiest words first to the banks that are read least. */
static enum glb_status place_inputs(struct placer *p) {
    struct glb_compile *c = p->c;
    const int lanes = c->a->lanes;
    for (int w = 0; w < c->nodes; w++) {
        if (c->seg_of[w % c->n] >= 0)
            continue;
        int best = -1, lane = -1;
        for (int t = 0; t < c->a->tiles; t++)
            for (int l = 0; l < lanes; l++)
                if (lane_room(p, t, l) > 0 &&
                    (best < 0 || p->load[t] < p->load[best] - 1e-9 ||
                     (t == best && lane_room(p, t, l) > lane_room(p, t, lane)))) {
                    best = t;
                    lane = l;
                }
        if (best < 0)
            return no_room(p, c->nseg);
        c->word[w].tile = best;
        c->word[w].lane = lane;
        p->lane_words[best * lanes + lane]++;
        p->load[best] += 1 + c->word[w].out;
    }
    return GLB_OK;
}

/* Readers of every word by phase; relays share those of their hub. */
static bool list_readers(struct placer *p) {
    const struct glb_compile *c = p->c;
    int32_t *relays = calloc((size_t)c->nword + 1, sizeof *relays);
    p->phases = c->nseg * c->levels;
    p->bank = calloc((size_t)p->phases * (size_t)c->a->tiles, sizeof *p->bank);
    p->profile = calloc((size_t)p->phases, sizeof *p->profile);
    p->reader0 = calloc((size_t)c->nword + 2, sizeof *p->reader0);
    p->reader = malloc(sizeof *p->reader * ((size_t)c->nread + 1));
    p->like = malloc(sizeof *p->like * ((size_t)c->nword + 1));
    p->part = malloc(sizeof *p->part * ((size_t)c->nword + 1));
    const bool ok =
        relays && p->bank && p->profile && p->reader0 && p->reader && p->like && p->part;
    for (int pass = 0; pass < 2 && ok; pass++) {
        for (int t = 0; t < c->ntask; t++) {
            const struct glb_task *k = &c->task[t];
            for (int s = k->stage0; s < k->stage0 + k->nstage; s++)
                for (int r = c->stage[s].read0; r < c->stage[s].read0 + c->stage[s].nread; r++) {
                    const int w = c->read[r].word;
                    if (pass == 0)
                        p->reader0[w + 1]++;
                    else
                        p->reader[p->reader0[w]++] = k->seg * c->levels + k->level;
                }
        }
        if (pass == 0)
            for (int w = 0; w < c->nword; w++)
                p->reader0[w + 1] += p->reader0[w];
    }
    for (int w = c->nword; w > 0 && ok; w--)
        p->reader0[w] = p->reader0[w - 1];
    if (ok)
        p->reader0[0] = 0;
    for (int t = 0; t < c->ntask && ok; t++)
        relays[c->task[t].pbit] += c->task[t].kind == GLB_TASK_RELAY;
    for (int w = 0; w < c->nword && ok; w++) {
        const int t = c->word[w].task;
        p->like[w] = t >= 0 && c->task[t].kind == GLB_TASK_RELAY ? c->task[t].pbit : w;
        p->part[w] = 1.0f / (float)(1 + (p->like[w] < c->nodes ? relays[p->like[w]] : 0));
    }
    free(relays);
    return ok;
}

static void choose_costs(struct placer *p) {
    const struct glb_compile *c = p->c;
    double noise = 0, reads = 0, work = 0, words = 0;
    for (int t = 0; t < c->ntask; t++) {
        noise += c->task[t].noise;
        reads += c->task[t].nread;
        words += c->task[t].nstage;
        work += c->task[t].nread + c->task[t].noise + c->task[t].nstage;
    }
    work /= c->a->lanes;
    reads += words;
    double most = work > noise ? work : noise;
    most = reads > most ? reads : most;
    p->noise_cost = noise > 0.9 * most ? 4 : 0;
    p->read_cost = reads > 0.8 * most ? 1 : 0;
    p->word_cost = words + c->nodes > 0.75 * glb_array_capacity(c->a) ? 1000 : 0;
}

enum glb_status glb_c_place(struct glb_compile *c) {
    const int tiles = c->a->tiles, lanes = c->a->lanes;
    struct placer p = {.c = c};
    enum glb_status s = GLB_OK;
    c->group = malloc(sizeof *c->group * ((size_t)c->ntask + 1));
    int32_t *count = malloc(sizeof *count * (size_t)tiles);
    struct sized *order = malloc(sizeof *order * ((size_t)c->ntask + 1));
    p.load = calloc((size_t)tiles, sizeof *p.load);
    p.lane_words = calloc((size_t)(tiles * lanes), sizeof *p.lane_words);
    p.lane_limit = calloc((size_t)(tiles * lanes), sizeof *p.lane_limit);
    p.lane_work = calloc((size_t)(tiles * lanes), sizeof *p.lane_work);
    if (!c->group || !count || !order || !p.load || !p.lane_words || !p.lane_limit ||
        !p.lane_work || !list_readers(&p) || !make_groups(c))
        s = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while placing");
    choose_costs(&p);
    int base = 0;
    for (int seg = 0; seg < c->nseg && s == GLB_OK; seg++) {
        for (int i = 0; i < tiles * lanes; i++) {
            p.lane_words[i] = base; /* all lanes start a segment at the same word */
            p.lane_limit[i] = 1 << c->a->gw;
        }
        s = place_segment(&p, seg, count, order);
        for (int i = 0; i < tiles * lanes && seg + 1 < c->nseg; i++)
            base = p.lane_words[i] > base ? p.lane_words[i] : base;
    }
    if (s == GLB_OK) {
        if (c->nseg > 1)
            memset(p.load, 0, sizeof *p.load * (size_t)tiles);
        for (int t = 0; t < c->ntask; t++)
            for (int i = c->task[t].stage0; i < c->task[t].stage0 + c->task[t].nstage; i++)
                if (c->stage[i].word >= 0) {
                    c->word[c->stage[i].word].tile = c->task[t].tile;
                    c->word[c->stage[i].word].lane = c->task[t].lane;
                    if (c->nseg > 1)
                        p.load[c->task[t].tile] += c->word[c->stage[i].word].out;
                }
        s = place_inputs(&p);
    }
    free(count);
    free(order);
    free(p.load);
    free(p.lane_words);
    free(p.lane_limit);
    free(p.lane_work);
    free(p.bank);
    free(p.profile);
    free(p.reader0);
    free(p.reader);
    free(p.like);
    free(p.part);
    return s;
}
