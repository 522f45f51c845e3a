/* Order of a segment's updates: each runs after those whose results it needs and before those that
 * overwrite what it still needs; where that is impossible an old word is copied to a temporary.
 * SPDX-License-Identifier: Apache-2.0 */
#include "emulator/decoder.h"

static void add_edge(struct decoder *d, int from, int to, int soft) {
    const int e = d->nedges;
    if (from == to)
        return;
    d->edges[d->nedges++] = (struct dec_edge){to, soft, d->edge_first[from]};
    d->edge_first[from] = e;
    if (soft)
        d->units[to].soft++;
    else
        d->units[to].hard++;
}

static int write_unit(const struct decoder *d, int write) {
    return d->stages[d->writes[write].stage].unit;
}

static int next_write(const struct decoder *d, const struct dec_read *r) {
    return r->after < 0 ? d->word_first[r->word] : d->writes[r->after].next;
}

/* Returns 0 if a unit with several stages overwrites a word that it still needs. */
static int make_edges(struct decoder *d) {
    for (int i = 0; i < d->nreads; i++) {
        const struct dec_read *r = &d->reads[i];
        const int next = next_write(d, r);
        if (r->after >= 0)
            add_edge(d, write_unit(d, r->after), d->stages[r->stage].unit, 0);
        if (next < 0)
            continue;
        const int s = d->writes[next].stage;
        if (d->stages[s].unit == d->stages[r->stage].unit && r->stage > s)
            return 0;
        add_edge(d, d->stages[r->stage].unit, d->stages[s].unit, 1);
    }
    for (int i = 0; i < d->nwrites; i++)
        if (d->writes[i].next >= 0)
            add_edge(d, write_unit(d, i), write_unit(d, d->writes[i].next), 0);
    for (int i = 0; i < d->nunits; i++) /* a lane draws its noise in order */
        if (d->units[i].before >= 0)
            add_edge(d, d->units[i].before, i, 0);
    return 1;
}

/* Units that may run; the one whose last CTRL is earliest first. */
static void push_ready(struct decoder *d, int u) {
    glb_heap_push(&d->ready, ~((uint64_t)d->units[u].key << 32 | (uint32_t)u));
}

static int pop_ready(struct decoder *d) {
    return (int)(uint32_t)~glb_heap_pop(&d->ready);
}

/* Unit u must run although others still need what it overwrites: they get copies. */
static void save_words(struct decoder *d, int u) {
    const int first_copy = d->ncopies;
    for (int i = 0; i < d->nreads; i++) {
        struct dec_read *r = &d->reads[i];
        const int next = next_write(d, r), reader = d->stages[r->stage].unit;
        if (next < 0 || reader == u || d->units[reader].done || write_unit(d, next) != u ||
            r->temp >= 0)
            continue;
        const struct dec_copy *c = d->copies;
        int k = first_copy;
        while (k < d->ncopies && c[k].word != r->word)
            k++;
        if (k == d->ncopies)
            d->copies[d->ncopies++] = (struct dec_copy){u, r->word, k};
        r->temp = k;
    }
}

/* Returns 0 if even copies do not help: units that need each other's results. */
static int sort_units(struct decoder *d) {
    for (int u = 0; u < d->nunits; u++)
        if (d->units[u].hard == 0 && d->units[u].soft == 0)
            push_ready(d, u);
    while (d->norder < d->nunits) {
        int u = -1;
        if (d->ready.count > 0) {
            u = pop_ready(d);
        } else {
            for (int i = 0; i < d->nunits; i++)
                if (!d->units[i].done && d->units[i].hard == 0 &&
                    (u < 0 || d->units[i].key < d->units[u].key))
                    u = i;
            if (u < 0)
                return 0;
            save_words(d, u);
        }
        d->units[u].done = 1;
        d->order[d->norder++] = u;
        for (int e = d->edge_first[u]; e >= 0; e = d->edges[e].next) {
            const struct dec_edge *g = &d->edges[e];
            struct dec_unit *t = &d->units[g->to];
            if (g->soft)
                t->soft--;
            else
                t->hard--;
            if (t->hard == 0 && t->soft == 0 && !t->done)
                push_ready(d, g->to);
        }
    }
    return 1;
}

int order_updates(struct decoder *d) {
    return make_edges(d) && sort_units(d);
}
