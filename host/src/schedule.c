/* The list scheduler: clock by clock it decides for every tile whether it reads a word (through the
 * butterfly), takes a noise word or ends a stage.
 *
 * Order. A segment is one sequential scan, level by level (p-bits: colour by colour): a read of a
 * word of a lower level wants the new word, a read of a higher level the old one, and neighbours
 * never share a level. Any order of updates that keeps this is the same scan, so the result equals
 * updating colour after colour, inside a colour in any order.
 *
 * No deadlock. Everything waits for lower levels only: reads for the CTRLs of their writers, a CTRL
 * for the readers of the word that it replaces. A tile starts a group either when its level is the
 * lowest not yet started there, or when all that its tasks wait for has closed. So of the
 * unfinished tasks one of the lowest level is never behind, in its lane, a task that waits for
 * anything but lower levels, which are finished: it can go on. The first tile of a clock's order
 * always gets its path. SPDX-License-Identifier: Apache-2.0 */
#include "compile.h"
#include "route.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weights of the choices, found by trial on the graphs of docs/results/compiler.md: for graphs
 * whose bound is noise or lanes, and for those whose bound is the tiles' one word a clock. */
struct style {
    double few;     /* a tile with few offers goes first */
    double last;    /* a lane's last reads go first */
    double balance; /* a lane with more reads than noise words left reads */
    double step;    /* lanes of a tile out of step have more words to choose from */
    double port;    /* a read that serves several lanes spares the network a word */
    double lagging; /* lanes with more work left go first */
    double bank;    /* banks with more work left go first */
    double backlog; /* banks that more tiles want now go first */
    double late;    /* clocks that a word not yet written counts against starting a task */
    int patience;   /* clocks that a shared read waits for the other lane beyond other work */
};

static const struct style styles[2] = {{.few = 1,
                                        .last = 1,
                                        .balance = 0.1,
                                        .step = 0.5,
                                        .port = 0.03,
                                        .lagging = 6,
                                        .late = 2,
                                        .patience = 5},
                                       {.few = 2,
                                        .last = 2,
                                        .balance = 0.03,
                                        .step = 0.5,
                                        .port = 1,
                                        .lagging = 4,
                                        .bank = 0.6,
                                        .backlog = 0.5,
                                        .late = 4,
                                        .patience = 10}};

enum {
    NEVER = INT_MAX / 2,
    SPLIT = 3,  /* value of a lane's read while another takes noise, if noise is in excess */
    URGENT = 3, /* value of helping a hub on, against 1 for any lane */
    HELPERS_FIRST = 1000 /* clocks: above all that a score of groups can be */
};

static const double COPIED = 0.4; /* factor on the value of reads that many banks can serve */
static const double SPARE = 0.2;  /* part of the clocks in which the network gives a tile no word */

struct lane {
    int task;  /* running, or -1 */
    int stage; /* index into stages */
    int next;  /* position in the tile's sequence of groups */
    int npending, pending0;
    int noise; /* words still to take */
    int todo;  /* lane clocks left in this segment */
    int last;  /* clock of its last action */
    int words;
    double value; /* of getting further in this clock */
    int alone;    /* pending reads that no other lane of the group has */
};

struct offer_info { /* of one word that a tile could read */
    int32_t word;
    int32_t at[GLB_MAX_LANES]; /* index into that lane's pending reads, or -1 */
    int8_t noise;
    bool fresh; /* wants the new word */
};

struct tile {
    int nseq, nopen;
    int32_t *seq;     /* groups in the order of their start */
    int32_t *open;    /* groups not started */
    int noise, reads; /* left */
    int entries;
    int ctrl;       /* lane that ends a stage in this clock, or -1 */
    int idle_noise; /* lane that takes a noise word if nothing is read, or -1 */
};

struct scheduler {
    struct glb_compile *c;
    int seg, tiles, lanes, clock;
    const struct style *style;
    double thrift; /* factor on the style's port weight */
    struct lane *lane;
    struct tile *tile;
    int32_t *pending;     /* reads to do, per lane a range of it */
    int32_t *written;     /* [words] clock in which the word is written; NEVER */
    int32_t *old_readers; /* [words] reads of the old word still to come */
    int32_t *waits;       /* [tasks] writers and readers of lower levels not closed */
    bool *closed, *started;
    int32_t *blocked;      /* [tiles] ring over write latency: does the bank write in this clock? */
    int32_t *stamp, *slot; /* [words] offer of the word in the tile at hand */
    int32_t *bank_todo, *backlog;
    int32_t
        *copy; /* [words] the next copy of the same hub, in a ring; of others: the word itself */
    int ncopy; /* words that are copies */
    long backlog_sum;
    struct offer_info *info;
    struct glb_offer *offer;
    struct glb_want *want;
    int32_t *order;
    struct glb_route route;
    struct glb_pass *pass;
    int cap;
    int search;
    int open_tasks;
    double mean_todo;
};

static struct lane *lane_of(struct scheduler *s, int t, int l) {
    return &s->lane[t * s->lanes + l];
}

static bool in_segment(const struct scheduler *s, int word) {
    const int writer = s->c->word[word].task;
    return writer >= 0 && s->c->task[writer].seg == s->seg;
}

static void open_stage(struct scheduler *s, struct lane *n) {
    const struct glb_stage *g = &s->c->stage[n->stage];
    n->npending = g->nread;
    for (int i = 0; i < g->nread; i++)
        s->pending[n->pending0 + i] = g->read0 + i;
}

/* A hub's parts, its own task and its relays, if whole colours wait for them. */
static bool helps_hub(const struct glb_compile *c, const struct glb_task *t) {
    return c->hubs_first && (t->kind != GLB_TASK_PBIT || c->hub[t->pbit % c->n] >= 0);
}

/* How soon a group could run and how much waits for it; larger is better. Tasks that nothing waits
 * for come heavy and light in turn, so that reads and noise words last equally long. */
static double group_score(const struct scheduler *s, const struct glb_group *g, bool heavy) {
    const struct glb_compile *c = s->c;
    double best = -1e30;
    for (int l = 0; l < s->lanes; l++) {
        if (g->task[l] < 0)
            continue;
        const struct glb_task *t = &c->task[g->task[l]];
        const struct glb_stage *st = &c->stage[t->stage0];
        int late = 0;
        for (int r = st->read0; r < st->read0 + st->nread; r++) {
            const int w = c->read[r].word;
            if (!c->read[r].fresh || !in_segment(s, w) || s->written[w] < s->clock)
                continue;
            late += s->written[w] < NEVER ? 1 : 4;
        }
        const int own = (t->nread > t->noise ? t->nread : t->noise) + t->nstage;
        const bool light = c->nhubs && !heavy && (c->hubs_first || t->path <= own);
        const double path = light ? t->path - 2 * own + 5 * c->a->chains : t->path;
        const double score = path - s->style->late * late + (helps_hub(c, t) ? HELPERS_FIRST : 0);
        best = score > best ? score : best;
    }
    return best;
}

/* The next group of a tile, appended to its sequence; false if none may start. */
static bool choose_group(struct scheduler *s, struct tile *tile) {
    const struct glb_compile *c = s->c;
    int lowest = INT_MAX, best = -1;
    double best_score = 0;
    for (int i = 0; i < tile->nopen; i++)
        if (c->group[tile->open[i]].level < lowest)
            lowest = c->group[tile->open[i]].level;
    for (int i = 0; i < tile->nopen; i++) {
        const struct glb_group *g = &c->group[tile->open[i]];
        bool ready = true;
        for (int l = 0; l < s->lanes && g->level > lowest; l++)
            ready &= g->task[l] < 0 || s->waits[g->task[l]] == 0;
        if (!ready)
            continue;
        const double score = group_score(s, g, tile->nseq & 1);
        if (best < 0 || score > best_score) {
            best = i;
            best_score = score;
        }
    }
    if (best < 0)
        return false;
    tile->seq[tile->nseq++] = tile->open[best];
    tile->open[best] = tile->open[--tile->nopen];
    return true;
}

static void start_lane(struct scheduler *s, int t, int l) {
    struct tile *tile = &s->tile[t];
    struct lane *n = lane_of(s, t, l);
    while (n->task < 0) {
        if (n->next == tile->nseq && !choose_group(s, tile))
            return;
        const int task = s->c->group[tile->seq[n->next++]].task[l];
        if (task < 0)
            continue;
        n->task = task;
        s->started[task] = true;
        n->stage = s->c->task[task].stage0;
        n->noise = s->c->task[task].noise;
        open_stage(s, n);
    }
}

static bool last_stage(const struct scheduler *s, const struct lane *n) {
    const struct glb_task *t = &s->c->task[n->task];
    return n->stage == t->stage0 + t->nstage - 1;
}

static bool wants_noise(const struct scheduler *s, const struct lane *n) {
    return n->task >= 0 && n->noise > 0 && last_stage(s, n);
}

static bool can_end(const struct scheduler *s, const struct lane *n) {
    if (n->task < 0 || n->npending || (n->noise && last_stage(s, n)))
        return false;
    const int w = s->c->stage[n->stage].word;
    return w < 0 || s->old_readers[w] == 0;
}

static double task_left(const struct scheduler *s, const struct lane *n) {
    if (n->task < 0)
        return 0;
    const struct glb_task *t = &s->c->task[n->task];
    return (double)(n->npending + n->noise) / (t->nread + t->noise + 1);
}

/* Lanes that get further count; those with more left count more. Lanes of a tile should be out of
 * step, so that one of them has many reads to choose from while the other has few. */
static void value_lanes(struct scheduler *s, int t) {
    for (int l = 0; l < s->lanes; l++) {
        struct lane *n = lane_of(s, t, l);
        n->alone = 0;
        for (int i = 0; n->task >= 0 && i < n->npending; i++)
            n->alone += !(s->c->read[s->pending[n->pending0 + i]].shared & ~(1 << l));
        n->value = 1 + s->style->lagging * (n->todo - s->mean_todo) / (s->mean_todo + 16);
        if (s->lanes > 1) {
            double d = task_left(s, lane_of(s, t, l ^ 1)) - task_left(s, n);
            d -= floor(d);
            const bool ahead = d == 0 ? !(l & 1) : d < 0.5;
            n->value += d == 0.5 ? 0 : ahead ? s->style->step : -s->style->step;
        }
        if (n->task >= 0 && helps_hub(s->c, &s->c->task[n->task]))
            n->value += URGENT;
        if (n->value < 0.1)
            n->value = 0.1;
    }
}

static int noise_lane(struct scheduler *s, int t, int except) {
    int best = -1;
    double most = 0;
    for (int l = 0; l < s->lanes; l++) {
        const struct lane *n = lane_of(s, t, l);
        if (except >> l & 1 || !wants_noise(s, n))
            continue;
        const double v = n->value + s->style->balance * (n->noise - n->npending);
        if (best < 0 || v > most) {
            best = l;
            most = v;
        }
    }
    return best;
}

static int by_value(const void *a, const void *b) {
    const float x = ((const struct glb_offer *)a)->value, y = ((const struct glb_offer *)b)->value;
    return (x < y) - (x > y);
}

/* Will lane m start its task of lane l's group before lane l runs out of other work? */
static bool soon(const struct scheduler *s, int t, int l, int m) {
    const struct lane *a = &s->lane[t * s->lanes + l], *b = &s->lane[t * s->lanes + m];
    const int other = s->c->group[s->c->task[a->task].group].task[m];
    if (other < 0 || s->started[other])
        return false;
    const int left = b->task < 0 ? 0 : b->npending + b->noise + 1;
    return left <= a->alone + a->noise + s->style->patience;
}

/* Which of the lanes that want the word take it, and who takes a noise word meanwhile. split: what
 * it is worth that one lane alone reads and another takes noise. */
static double best_use(struct scheduler *s, int t, struct offer_info *f, double port_need,
                       double split) {
    int all = 0;
    bool wait = port_need > 0.05; /* when all that want it had better wait for another lane */
    for (int l = 0; l < s->lanes; l++)
        if (f->at[l] >= 0)
            all |= 1 << l;
    for (int l = 0; l < s->lanes && wait; l++) {
        if (f->at[l] < 0)
            continue;
        const struct lane *a = lane_of(s, t, l);
        const int others = s->c->read[s->pending[a->pending0 + f->at[l]]].shared & ~all;
        bool one = false;
        for (int m = 0; m < s->lanes; m++)
            one |= others >> m & 1 && soon(s, t, l, m);
        wait = one;
    }
    if (wait)
        return -1;
    double best = -1;
    int best_mask = 0;
    for (int k = -1; k < s->lanes; k++) {
        const int mask = k < 0 ? all : 1 << k;
        if ((k >= 0 && mask == all) || !(mask & all))
            continue;
        double v = 0.05;
        for (int l = 0; l < s->lanes; l++) {
            const struct lane *a = lane_of(s, t, l);
            if (mask >> l & 1)
                v += a->value + port_need + s->style->balance * (a->npending - a->noise) +
                     s->style->last / a->npending;
            else if (all >> l & 1) /* a lane that needs it later */
                v -= port_need * 0.8;
        }
        const int noise = noise_lane(s, t, mask);
        if (noise >= 0)
            v += lane_of(s, t, noise)->value + (k >= 0 ? split : 0);
        v = v > 0.01 ? v : 0.01;
        if (v > best) {
            best = v;
            best_mask = mask;
            f->noise = (int8_t)noise;
        }
    }
    for (int l = 0; l < s->lanes; l++)
        if (!(best_mask >> l & 1))
            f->at[l] = -1;
    return best;
}

/* Can the word be read in this clock? */
static bool readable(const struct scheduler *s, int w, bool fresh) {
    return s->blocked[s->c->word[w].tile] != s->clock && !(fresh && s->written[w] >= s->clock);
}

/* Can the word or a copy of it? */
static bool any_readable(const struct scheduler *s, int word, bool fresh) {
    int w = word;
    while (!readable(s, w, fresh)) {
        w = s->copy[w];
        if (w == word)
            return false;
    }
    return true;
}

static void make_offer(const struct scheduler *s, struct glb_want *want, int w, int id, double v) {
    const int bank = s->c->word[w].tile;
    v += s->style->bank * (s->bank_todo[bank] - s->mean_todo) / (s->mean_todo + 16);
    want->offer[want->n++] = (struct glb_offer){(float)fmax(v, 0.3), (int16_t)bank, id, w};
}

/* Value of a read by one lane while another takes noise, against one read for both, in graphs with
 * hubs. A tile has one noise word a clock: where the lanes' running tasks have more noise words
 * left than reads of one lane to go with them, shared reads taken together would leave noise words
 * that nothing goes with. SPARE of the clocks are without a read anyway. */
static double value_of_split(struct scheduler *s, int t, const struct offer_info *info, int n) {
    double noise = 0, alone = 0, all = 0;
    for (int l = 0; l < s->lanes; l++) {
        const struct lane *a = lane_of(s, t, l);
        noise += wants_noise(s, a) ? a->noise : 0;
        all += a->task < 0 ? 0 : a->npending;
    }
    alone = all;
    for (int i = 0; i < n; i++) {
        int users = 0;
        for (int l = 0; l < s->lanes; l++)
            users += info[i].at[l] >= 0;
        alone -= users > 1 ? users : 0;
    }
    const double excess = (noise - alone - SPARE * (all + noise) / (2 - SPARE)) / (noise + 1);
    return excess > 0 && s->c->nhubs ? SPLIT * (excess + 0.2) : 0;
}

/* Collects what tile t could read now, with values against reading nothing. */
static void find_offers(struct scheduler *s, int t) {
    const struct glb_compile *c = s->c;
    struct tile *tile = &s->tile[t];
    struct glb_want *want = &s->want[t];
    const int tag = s->clock * s->tiles + t + 1;
    double work = 0;
    for (int l = 0; l < s->lanes; l++)
        work = lane_of(s, t, l)->todo > work ? lane_of(s, t, l)->todo : work;
    const double most = fmax(fmax(tile->noise, tile->reads), work) + 1;
    const double port_need = s->style->port * s->thrift * pow(tile->reads / most, 6);
    int n = 0;
    value_lanes(s, t);
    want->n = 0;
    want->taken = -1;
    tile->idle_noise = noise_lane(s, t, 0);
    struct offer_info *info = s->info + (want->offer - s->offer);
    for (int l = 0; l < s->lanes; l++) {
        const struct lane *a = lane_of(s, t, l);
        for (int i = 0; a->task >= 0 && i < a->npending; i++) {
            const struct glb_read *r = &c->read[s->pending[a->pending0 + i]];
            const int w = r->word;
            if (!any_readable(s, w, r->fresh))
                continue;
            if (s->stamp[w] != tag) {
                s->stamp[w] = tag;
                s->slot[w] = n;
                info[n].word = w;
                info[n].fresh = r->fresh;
                for (int m = 0; m < s->lanes; m++)
                    info[n].at[m] = -1;
                n++;
            }
            if (info[s->slot[w]].at[l] < 0)
                info[s->slot[w]].at[l] = i;
        }
    }
    const double split = value_of_split(s, t, info, n);
    const double idle = tile->idle_noise >= 0 ? lane_of(s, t, tile->idle_noise)->value : 0;
    for (int i = 0; i < n; i++) {
        const double v = best_use(s, t, &info[i], port_need, split) - idle;
        if (v <= 0)
            continue;
        int w = info[i].word;
        do {
            if (readable(s, w, info[i].fresh))
                make_offer(s, want, w, i, s->copy[w] == w ? v : COPIED * v);
            w = s->copy[w];
        } while (w != info[i].word);
    }
    for (int i = 0; i < want->n; i++) {
        want->offer[i].value *= (float)(1 + s->style->few / want->n);
        s->backlog[want->offer[i].bank]++;
    }
    s->backlog_sum += want->n;
}

static bool grow_pass(struct scheduler *s) {
    if (s->clock < s->cap)
        return true;
    s->cap = s->cap ? s->cap * 2 : 1024;
    struct glb_op *op = realloc(s->pass->op, sizeof *op * (size_t)s->cap * (size_t)s->tiles);
    if (!op)
        return false;
    s->pass->op = op;
    return true;
}

static void take_noise(struct scheduler *s, int t, int l) {
    struct lane *n = lane_of(s, t, l);
    n->noise--;
    n->todo--;
    n->last = s->clock;
    s->tile[t].noise--;
}

static void close_task(struct scheduler *s, int task) {
    const struct glb_compile *c = s->c;
    const struct glb_task *t = &c->task[task];
    s->closed[task] = true;
    s->open_tasks--;
    /* readers of our words stop waiting for us; readers of old words let their writers go */
    for (int k = t->stage0; k < t->stage0 + t->nstage; k++)
        for (int r = c->stage[k].read0; r < c->stage[k].read0 + c->stage[k].nread; r++)
            if (!c->read[r].fresh && in_segment(s, c->read[r].word))
                s->waits[c->word[c->read[r].word].task]--;
}

static void end_stage(struct scheduler *s, int t, int l, struct glb_op *op) {
    const struct glb_compile *c = s->c;
    struct lane *n = lane_of(s, t, l);
    const struct glb_stage *g = &c->stage[n->stage];
    op->stage = n->stage;
    op->task = n->task;
    n->todo--;
    n->last = s->clock;
    s->tile[t].entries++;
    if (g->word >= 0) {
        s->written[g->word] = s->clock + c->a->wl;
        s->pass->g[g->word] = n->words;
    }
    n->words++;
    if (!last_stage(s, n)) {
        n->stage++;
        open_stage(s, n);
        return;
    }
    close_task(s, n->task);
    n->task = -1;
    n->stage = -1;
}

static void do_read(struct scheduler *s, int t, const struct offer_info *f, int word,
                    struct glb_op *op) {
    const struct glb_compile *c = s->c;
    op->word = word;
    s->tile[t].entries++;
    s->bank_todo[c->word[f->word].tile]--;
    for (int l = 0; l < s->lanes; l++) {
        if (f->at[l] < 0)
            continue;
        struct lane *n = lane_of(s, t, l);
        int32_t *p = &s->pending[n->pending0];
        op->read[l] = p[f->at[l]];
        p[f->at[l]] = p[--n->npending];
        n->todo--;
        n->last = s->clock;
        s->tile[t].reads--;
        if (!c->read[op->read[l]].fresh && in_segment(s, f->word))
            s->old_readers[f->word]--;
    }
    if (f->noise >= 0) {
        op->noise = f->noise;
        take_noise(s, t, f->noise);
    }
}

/* New words count as closed for early starts only when they can be read. */
static void see_writes(struct scheduler *s, const int32_t *head, const int32_t *list) {
    const struct glb_compile *c = s->c;
    const int past = s->clock - 1 - c->a->wl;
    if (past < 0)
        return;
    for (int t = 0; t < s->tiles; t++) {
        const struct glb_op *op = &s->pass->op[(size_t)past * (size_t)s->tiles + (size_t)t];
        if (op->stage < 0 || c->stage[op->stage].word < 0)
            continue;
        const int w = c->stage[op->stage].word;
        for (int k = head[w]; k < head[w + 1]; k++)
            s->waits[list[k]]--;
    }
}

static bool one_clock(struct scheduler *s, const int32_t *head, const int32_t *list) {
    const struct glb_compile *c = s->c;
    if (!grow_pass(s))
        return false;
    struct glb_op *ops = &s->pass->op[(size_t)s->clock * (size_t)s->tiles];
    see_writes(s, head, list);
    double sum = 0;
    for (int i = 0; i < s->tiles * s->lanes; i++)
        sum += s->lane[i].todo;
    s->mean_todo = sum / (s->tiles * s->lanes);
    const int past = s->clock - c->a->wl;
    for (int t = 0; t < s->tiles && past >= 0; t++) {
        const struct glb_op *op = &s->pass->op[(size_t)past * (size_t)s->tiles + (size_t)t];
        if (op->stage >= 0 && c->stage[op->stage].word >= 0)
            s->blocked[t] = s->clock;
    }
    int n = 0;
    memset(s->backlog, 0, sizeof *s->backlog * (size_t)s->tiles);
    s->backlog_sum = 0;
    for (int t = 0; t < s->tiles; t++) {
        struct tile *tile = &s->tile[t];
        ops[t] = (struct glb_op){.word = -1, .stage = -1, .task = -1, .noise = -1};
        tile->ctrl = -1;
        s->want[t].n = 0;
        for (int l = 0; l < s->lanes; l++) {
            ops[t].read[l] = -1;
            struct lane *a = lane_of(s, t, l);
            if (a->task < 0)
                start_lane(s, t, l);
            if (can_end(s, a) &&
                (tile->ctrl < 0 ||
                 c->task[a->task].path > c->task[lane_of(s, t, tile->ctrl)->task].path))
                tile->ctrl = l;
        }
        if (tile->ctrl >= 0)
            continue;
        find_offers(s, t);
        if (s->want[t].n)
            s->order[n++] = t;
    }
    const double mean = (double)s->backlog_sum / s->tiles + 1;
    for (int k = 0; k < n; k++) {
        struct glb_want *w = &s->want[s->order[k]];
        for (int i = 0; i < w->n; i++)
            w->offer[i].value *=
                (float)(1 + s->style->backlog * fmin(s->backlog[w->offer[i].bank] / mean - 1, 2));
        qsort(w->offer, (size_t)w->n, sizeof *w->offer, by_value);
    }
    glb_route_solve(&s->route, s->want, s->order, n, s->search);
    for (int t = 0; t < s->tiles; t++) {
        struct tile *tile = &s->tile[t];
        const struct glb_want *w = &s->want[t];
        if (tile->ctrl >= 0) {
            const int other = s->lanes > 1 ? tile->ctrl ^ 1 : -1;
            end_stage(s, t, tile->ctrl, &ops[t]);
            if (other >= 0 && wants_noise(s, lane_of(s, t, other))) {
                ops[t].noise = (int8_t)other;
                take_noise(s, t, other);
            }
        } else if (w->n && w->taken >= 0) {
            do_read(s, t, &s->info[(w->offer - s->offer) + w->offer[w->taken].id],
                    w->offer[w->taken].word, &ops[t]);
        } else if (tile->idle_noise >= 0) {
            ops[t].noise = (int8_t)tile->idle_noise;
            take_noise(s, t, tile->idle_noise);
        }
    }
    s->clock++;
    return true;
}

/* Whom does a word's write set free? Tasks that read it new, listed by word. */
static bool list_waiters(struct scheduler *s, int32_t *head, int32_t **list) {
    const struct glb_compile *c = s->c;
    memset(head, 0, sizeof *head * (size_t)(c->nword + 2));
    for (int pass = 0; pass < 2; pass++) {
        for (int t = 0; t < c->ntask; t++) {
            const struct glb_task *k = &c->task[t];
            for (int i = k->stage0; k->seg == s->seg && i < k->stage0 + k->nstage; i++)
                for (int r = c->stage[i].read0; r < c->stage[i].read0 + c->stage[i].nread; r++) {
                    const int w = c->read[r].word;
                    if (!c->read[r].fresh || !in_segment(s, w))
                        continue;
                    if (pass == 0) {
                        head[w + 2]++;
                        s->waits[t]++;
                    } else {
                        (*list)[head[w + 1]++] = t;
                    }
                }
        }
        if (pass == 0) {
            for (int w = 0; w < c->nword; w++)
                head[w + 2] += head[w + 1];
            *list = malloc(sizeof **list * ((size_t)head[c->nword + 1] + 1));
            if (!*list)
                return false;
        }
    }
    return true;
}

static void count_work(struct scheduler *s) {
    struct glb_compile *c = s->c;
    int used = 0;
    for (int i = 0; i < s->tiles * s->lanes; i++)
        s->lane[i] = (struct lane){.task = -1, .stage = -1, .last = -1};
    for (int t = 0; t < c->ntask; t++) {
        const struct glb_task *k = &c->task[t];
        if (k->seg != s->seg)
            continue;
        struct lane *n = lane_of(s, k->tile, k->lane);
        n->todo += k->nread + k->noise + k->nstage;
        s->tile[k->tile].noise += k->noise;
        s->tile[k->tile].reads += k->nread;
        s->open_tasks++;
        for (int i = k->stage0; i < k->stage0 + k->nstage; i++) {
            n->npending = c->stage[i].nread > n->npending ? c->stage[i].nread : n->npending;
            for (int r = c->stage[i].read0; r < c->stage[i].read0 + c->stage[i].nread; r++) {
                s->bank_todo[c->word[c->read[r].word].tile]++;
                if (!c->read[r].fresh && in_segment(s, c->read[r].word)) {
                    s->old_readers[c->read[r].word]++;
                    s->waits[c->word[c->read[r].word].task]++;
                }
            }
        }
    }
    for (int i = 0; i < s->tiles * s->lanes; i++) {
        s->lane[i].pending0 = used;
        used += s->lane[i].npending;
        s->lane[i].npending = 0;
    }
    int offers = 0;
    for (int t = 0; t < s->tiles; t++) {
        s->want[t].offer = s->offer + offers;
        const int end = t + 1 < s->tiles ? lane_of(s, t + 1, 0)->pending0 : used;
        offers += end - lane_of(s, t, 0)->pending0 + s->ncopy;
    }
    int groups = 0;
    for (int t = 0; t < s->tiles;
         t++) { /* `seq` and `open` share one range, groups ordered by tile */
        s->tile[t].seq = s->tile[0].seq + groups;
        s->tile[t].open = s->tile[0].open + groups;
        for (int g = 0; g < c->ngroup; g++)
            if (c->group[g].seg == s->seg && c->group[g].tile == t) {
                s->tile[t].open[s->tile[t].nopen++] = g;
                groups++;
            }
    }
}

/* Rings of the copies of every hub: whoever reads one of them can read any other. */
static void list_copies(struct scheduler *s) {
    const struct glb_compile *c = s->c;
    for (int w = 0; w < c->nword; w++)
        s->copy[w] = w;
    for (int t = 0; t < c->ntask; t++) {
        const struct glb_task *k = &c->task[t];
        if (k->seg != s->seg || k->kind != GLB_TASK_RELAY)
            continue;
        const int w = c->stage[k->stage0].word; /* relays of one hub follow each other */
        const struct glb_task *before = t > 0 ? k - 1 : k;
        if (before->kind == GLB_TASK_RELAY && before->pbit == k->pbit && before->seg == s->seg) {
            const int last = c->stage[before->stage0].word;
            s->copy[w] = s->copy[last];
            s->copy[last] = w;
        }
        s->ncopy++;
    }
}

enum glb_status glb_c_schedule(struct glb_compile *c, int seg, int style, double thrift,
                               uint64_t seed, int search) {
    struct scheduler s = {.c = c,
                          .seg = seg,
                          .tiles = c->a->tiles,
                          .lanes = c->a->lanes,
                          .style = &styles[style],
                          .thrift = thrift,
                          .search = search,
                          .pass = &c->pass[seg]};
    const size_t words = (size_t)c->nword + 1, tiles = (size_t)c->a->tiles;
    enum glb_status status = GLB_OK;
    int32_t *list = NULL;
    free(s.pass->op);
    free(s.pass->g);
    free(s.pass->end);
    *s.pass = (struct glb_pass){0};
    s.pass->g = malloc(sizeof *s.pass->g * words);
    s.pass->end = malloc(sizeof *s.pass->end * tiles);
    s.lane = calloc(tiles * (size_t)s.lanes, sizeof *s.lane);
    s.tile = calloc(tiles, sizeof *s.tile);
    s.pending = malloc(sizeof *s.pending * ((size_t)c->nread + 1));
    s.written = malloc(sizeof *s.written * words);
    s.old_readers = calloc(words, sizeof *s.old_readers);
    s.waits = calloc((size_t)c->ntask + 1, sizeof *s.waits);
    s.closed = calloc((size_t)c->ntask + 1, sizeof *s.closed);
    s.started = calloc((size_t)c->ntask + 1, sizeof *s.started);
    s.blocked = malloc(sizeof *s.blocked * tiles);
    s.stamp = calloc(words, sizeof *s.stamp);
    s.slot = malloc(sizeof *s.slot * words);
    s.bank_todo = calloc(tiles, sizeof *s.bank_todo);
    s.backlog = calloc(tiles, sizeof *s.backlog);
    s.copy = malloc(sizeof *s.copy * words);
    if (s.copy)
        list_copies(&s);
    s.info = malloc(sizeof *s.info * ((size_t)c->nread + 1 + (size_t)s.ncopy * tiles));
    s.offer = malloc(sizeof *s.offer * ((size_t)c->nread + 1 + (size_t)s.ncopy * tiles));
    s.want = calloc(tiles, sizeof *s.want);
    s.order = malloc(sizeof *s.order * tiles);
    int32_t *head = malloc(sizeof *head * (words + 2));
    int32_t *seq = malloc(sizeof *seq * 2 * ((size_t)c->ngroup + 1));
    if (!s.pass->g || !s.lane || !s.tile || !s.pending || !s.written || !s.old_readers ||
        !s.waits || !s.closed || !s.started || !s.blocked || !s.stamp || !s.slot || !s.bank_todo ||
        !s.backlog || !s.copy || !s.info || !s.offer || !s.want || !s.order || !head || !seq ||
        !list_waiters(&s, head, &list)) {
        status = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while scheduling");
        goto done;
    }
    s.tile[0].seq = seq;
    s.tile[0].open = seq + c->ngroup + 1;
    for (size_t w = 0; w < words; w++) {
        s.written[w] = NEVER;
        s.pass->g[w] = -1;
    }
    for (size_t t = 0; t < tiles; t++)
        s.blocked[t] = -1;
    c->rng = seed;
    glb_route_init(&s.route, c->a, seed + 1);
    count_work(&s);
    for (int quiet = 0; s.open_tasks;) {
        const double before = s.mean_todo;
        if (!one_clock(&s, head, list)) {
            status = glb_fail(GLB_ERR_MEMORY, "compile: out of memory while scheduling");
            goto done;
        }
        quiet = s.mean_todo == before ? quiet + 1 : 0;
        if (quiet > 64 * c->a->wl) {
            status = glb_fail(
                GLB_ERR_UNSUPPORTED,
                "compile: the schedule of segment %d stopped at clock %d with %d updates open; "
                "this is a bug, please report the graph",
                seg, s.clock, s.open_tasks);
            goto done;
        }
    }
    s.pass->len = s.clock;
    for (int t = 0; t < s.tiles; t++) {
        s.pass->entries = s.tile[t].entries > s.pass->entries ? s.tile[t].entries : s.pass->entries;
        s.pass->end[t] = 0;
        for (int l = 0; l < s.lanes; l++) {
            const struct lane *n = lane_of(&s, t, l);
            s.pass->end[t] = n->last + 1 > s.pass->end[t] ? n->last + 1 : s.pass->end[t];
            s.pass->busy_end += n->last + 1;
            s.pass->words = n->words > s.pass->words ? n->words : s.pass->words;
        }
    }
done:
    free(s.lane);
    free(s.tile);
    free(s.pending);
    free(s.written);
    free(s.old_readers);
    free(s.waits);
    free(s.closed);
    free(s.started);
    free(s.blocked);
    free(s.stamp);
    free(s.slot);
    free(s.bank_todo);
    free(s.backlog);
    free(s.copy);
    free(s.info);
    free(s.offer);
    free(s.want);
    free(s.order);
    free(head);
    free(list);
    free(seq);
    return status;
}
