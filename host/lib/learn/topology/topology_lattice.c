/* Topologies on the lattices of annealers: pixels, hidden units and labels at random places, or at
 * places that follow the image. SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arguments.h"
#include "base/rng.h"
#include "learn/topology/lattice.h"
#include "learn/topology/topology_build.h"

enum { TAG_PLACE = 110, MOST_COPIES = 1 << 16, MOST_GROUPS = 64 };
enum { RANDOM, STRUCTURED, STRICT };
static const char placements[] = "random|structured|strict";
static const char *const placement_name[] = {"random", "structured", "strict"};

/* What a specification asks for; 0: not given. */
struct request {
    char size[48]; /* of the lattice, as its generator takes it */
    int placement, copies, groups, window, planes, seed;
};

/* ---- the specification ---- */

static void read_size(const char *family, struct glb_arguments *a, struct request *q) {
    const int pegasus = strcmp(family, "pegasus") == 0, chimera = strcmp(family, "chimera") == 0;
    const int m = pegasus   ? glb_argument_int(a, "m", 14, 2, 64)
                  : chimera ? glb_argument_int(a, "m", 23, 1, 256)
                            : glb_argument_int(a, "m", 11, 1, 64);
    int used = snprintf(q->size, sizeof q->size, "m=%d", m);
    if (chimera)
        used += snprintf(q->size + used, sizeof q->size - (size_t)used, ",n=%d",
                         glb_argument_int(a, "n", m, 1, 256));
    if (!pegasus)
        snprintf(q->size + used, sizeof q->size - (size_t)used, ",t=%d",
                 glb_argument_int(a, "t", 4, 1, chimera ? 32 : 16));
}

static enum glb_status read_request(const char *family, const char *args, struct request *q) {
    struct glb_arguments a;
    char of[64];
    snprintf(of, sizeof of, "topology %s", family);
    enum glb_status s = glb_arguments_parse(&a, of, args);
    if (s == GLB_OK) {
        read_size(family, &a, q);
        q->placement = glb_argument_choice(&a, "placement", RANDOM, placements);
        q->copies = glb_argument_int(&a, "copies", 0, 1, MOST_COPIES);
        q->seed = glb_argument_int(&a, "seed", 0, 1, INT32_MAX);
        if (q->placement != RANDOM) {
            q->groups = glb_argument_int(&a, "groups", 0, 1, MOST_GROUPS);
            q->planes = glb_argument_int(&a, "planes", 1, 1, GLB_DATASET_MAX_PLANES);
        }
        if (q->placement == STRUCTURED)
            q->window = glb_argument_int(&a, "window", 0, 1, GLB_DATASET_MAX_SIDE);
        s = a.status;
    }
    const char *unknown = glb_arguments_unused(&a);
    if (s == GLB_OK && unknown)
        s = glb_fail(
            GLB_ERR_ARGUMENT,
            "%s: '%s' is no parameter of placement=%s; known: m%s placement copies seed%s%s "
            "(key=value,...)",
            of, unknown, placement_name[q->placement],
            strcmp(family, "pegasus") == 0   ? ""
            : strcmp(family, "chimera") == 0 ? " n t"
                                             : " t",
            q->placement == RANDOM ? "" : " groups planes",
            q->placement == STRUCTURED ? " window" : "");
    glb_arguments_free(&a);
    return s;
}

static void write_spec(const char *family, const struct request *q, struct glb_topology *t) {
    char *to = t->spec;
    const size_t room = sizeof t->spec;
    size_t used = (size_t)snprintf(to, room, "%s:%s", family, q->size);
    if (q->placement != RANDOM)
        used += (size_t)snprintf(to + used, room - used, ",placement=%s,groups=%d",
                                 placement_name[q->placement], q->groups);
    used += (size_t)snprintf(to + used, room - used, ",copies=%d", q->copies);
    if (q->placement == STRUCTURED)
        used += (size_t)snprintf(to + used, room - used, ",window=%d", q->window);
    if (q->planes > 1)
        used += (size_t)snprintf(to + used, room - used, ",planes=%d", q->planes);
    if (q->seed)
        snprintf(to + used, room - used, ",seed=%d", q->seed);
}

/* ---- random places ---- */

static enum glb_status place_at_random(struct glb_topology *t, struct lattice *l, int copies,
                                       uint64_t seed) {
    struct glb_graph *g = l->graph;
    int32_t *place = malloc(sizeof *place * (size_t)g->n);
    t->qubit = malloc(sizeof *t->qubit * (size_t)g->n);
    if (!place || !t->qubit) {
        free(place);
        return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", t->spec);
    }
    struct glb_rng r = glb_rng_at(seed, TAG_PLACE, 0);
    for (int i = 0; i < g->n; i++) {
        const int k = (int)glb_rng_below(&r, (uint32_t)i + 1);
        place[i] = place[k];
        place[k] = i;
    }
    for (int i = 0; i < g->n; i++)
        t->qubit[place[i]] = i;
    for (int e = 0; e < g->m; e++) {
        const int32_t a = place[g->ei[e]], b = place[g->ej[e]];
        g->ei[e] = a < b ? a : b;
        g->ej[e] = a < b ? b : a;
    }
    free(place);
    l->graph = NULL;
    return topology_lay_over(t, g, copies * t->classes);
}

/* ---- places that follow the image ---- */

/* Numbers of p-bits: pixels, hidden units, labels copy by copy; number[n] by lattice p-bit. */
static enum glb_status number_pbits(const struct placement *p, struct glb_topology *t,
                                    int32_t *number) {
    const int n = p->lattice->graph->n;
    int count[LATTICE_LABEL + 1] = {0}, copy[GLB_MAX_CLASSES] = {0}, next[LATTICE_LABEL + 1];
    for (int i = 0; i < n; i++)
        count[p->role[i]]++;
    t->nlayers = 3;
    t->layer[0] = (struct glb_layer){GLB_LAYER_PIXELS, 0, count[LATTICE_PIXEL]};
    t->layer[1] = (struct glb_layer){GLB_LAYER_H1, count[LATTICE_PIXEL], count[LATTICE_HIDDEN]};
    t->layer[2] =
        (struct glb_layer){GLB_LAYER_LABELS, n - count[LATTICE_LABEL], count[LATTICE_LABEL]};
    t->qubit = malloc(sizeof *t->qubit * (size_t)n);
    t->pixel_of = p->once ? NULL : malloc(sizeof *t->pixel_of * (size_t)count[LATTICE_PIXEL]);
    if (!t->qubit || (!p->once && !t->pixel_of))
        return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", p->name);
    next[LATTICE_PIXEL] = 0;
    next[LATTICE_HIDDEN] = t->layer[1].first;
    for (int i = 0; i < n; i++) {
        if (p->role[i] == LATTICE_LABEL)
            number[i] = t->layer[2].first + copy[p->shows[i]]++ * p->classes + (int)p->shows[i];
        else if (p->role[i] == LATTICE_PIXEL && p->once)
            number[i] = p->shows[i];
        else
            number[i] = next[p->role[i]]++;
        t->qubit[number[i]] = i;
        if (p->role[i] == LATTICE_PIXEL && !p->once)
            t->pixel_of[number[i]] = p->shows[i];
    }
    return GLB_OK;
}

/* Couplings of the lattice but those between pixels and between labels. */
static enum glb_status join(const struct placement *p, struct glb_topology *t,
                            const int32_t *number) {
    const struct glb_graph *g = p->lattice->graph;
    enum glb_status s = glb_graph_new(g->n, g->m, &t->graph);
    for (int e = 0; e < g->m && s == GLB_OK; e++) {
        const int a = p->role[g->ei[e]], b = p->role[g->ej[e]];
        if (a != b || a == LATTICE_HIDDEN)
            topology_edge(t->graph, number[g->ei[e]], number[g->ej[e]]);
    }
    return s == GLB_OK ? glb_graph_finish(t->graph) : s;
}

/* Couplings that do not start at random: hidden units along a line start as one, most of all within
 * a group; neighbouring lines, and labels beside pixels, start apart. */
static enum glb_status set_starts(const struct placement *p, struct glb_topology *t) {
    const struct glb_graph *g = t->graph;
    const struct lattice_bit *bit = p->lattice->bit;
    t->start = malloc(sizeof *t->start * (size_t)g->m);
    if (!t->start)
        return glb_fail(GLB_ERR_MEMORY, "topology %s: no memory", p->name);
    for (int e = 0; e < g->m; e++) {
        const int32_t i = t->qubit[g->ei[e]], j = t->qubit[g->ej[e]];
        const int hidden = p->role[i] == LATTICE_HIDDEN && p->role[j] == LATTICE_HIDDEN;
        t->start[e] = NAN;
        if (!hidden && p->role[i] != LATTICE_HIDDEN && p->role[j] != LATTICE_HIDDEN)
            t->start[e] = 0;
        else if (hidden && bit[i].upright == bit[j].upright && bit[i].line == bit[j].line)
            t->start[e] =
                !bit[i].upright && placement_group_of(p, i) == placement_group_of(p, j) ? 1 : 0.5f;
        else if (hidden && bit[i].upright == bit[j].upright)
            t->start[e] = 0;
    }
    return GLB_OK;
}

static enum glb_status place(struct placement *p, struct glb_topology *t, int32_t *number) {
    const struct lattice *l = p->lattice;
    for (int i = 0; i < l->graph->n; i++)
        p->role[i] = l->bit[i].upright ? LATTICE_FREE : LATTICE_HIDDEN;
    enum glb_status s = placement_labels(p);
    if (s == GLB_OK)
        s = p->once ? placement_once(p) : placement_windows(p);
    if (s == GLB_OK)
        s = number_pbits(p, t, number);
    if (s == GLB_OK)
        s = join(p, t, number);
    return s == GLB_OK ? set_starts(p, t) : s;
}

/* Pixels of which at least a hundredth of the variance of a coin is left; all, if none or without
 * images. */
static void find_live(const struct glb_dataset *d, int pixels, uint8_t *live) {
    int some = 0;
    for (int k = 0; k < pixels; k++) {
        int64_t on = 0;
        for (int i = 0; d && i < d->count; i++)
            on +=
                d->row[(size_t)i * (size_t)d->height + (size_t)(k / d->width)] >> k % d->width & 1;
        live[k] = d && 100 * on * (d->count - on) >= (int64_t)d->count * d->count;
        some |= live[k];
    }
    for (int k = 0; k < pixels && !some; k++)
        live[k] = 1;
}

static enum glb_status place_by_image(struct glb_topology *t, const struct lattice *l,
                                      const struct request *q, const struct glb_dataset *images) {
    const size_t n = (size_t)l->graph->n, pixels = (size_t)t->width * (size_t)t->height;
    int32_t *room = calloc(2 * n, sizeof *room);
    uint8_t *bytes = calloc(n + pixels, 1);
    enum glb_status s = GLB_ERR_MEMORY;
    if (room && bytes) {
        find_live(images, (int)pixels, bytes + n);
        struct placement p = {.lattice = l,
                              .name = t->spec,
                              .width = t->width,
                              .height = t->height,
                              .planes = q->planes,
                              .classes = t->classes,
                              .groups = q->groups,
                              .copies = q->copies,
                              .window = q->window,
                              .once = q->placement == STRICT,
                              .seed = q->seed ? (uint64_t)q->seed : t->seed,
                              .live = bytes + n,
                              .role = bytes,
                              .shows = room};
        s = place(&p, t, room + n);
    } else {
        glb_fail(s, "topology %s: no memory", t->spec);
    }
    free(room);
    free(bytes);
    return s;
}

/* ---- both ---- */

/* What is not given: about a third of the lines are labels' in up to five groups. */
static enum glb_status complete(const struct lattice *l, const struct glb_topology *t,
                                struct request *q) {
    const int side = t->height / (q->planes ? q->planes : 1);
    if (q->placement == RANDOM) {
        q->copies = q->copies ? q->copies : 5;
        return GLB_OK;
    }
    if (t->height % q->planes)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology: %d rows cannot be planes=%d planes; choose a divisor", t->height,
                        q->planes);
    const int turns = (3 * l->lines + 5 * t->classes) / (10 * t->classes);
    if (!q->groups)
        q->groups = turns < 1 ? 1 : turns > 5 ? 5 : turns;
    if (q->groups > l->lines)
        return glb_fail(GLB_ERR_ARGUMENT, "topology: groups=%d of %d vertical lines; choose fewer",
                        q->groups, l->lines);
    if (!q->copies)
        q->copies = q->groups * l->pieces;
    if (!q->window)
        q->window = ((t->width < side ? t->width : side) + 2) / 4;
    q->window = q->window < 1 ? 1 : q->window;
    return GLB_OK;
}

enum glb_status topology_lattice(const char *family, const char *args,
                                 const struct glb_dataset *images, struct glb_topology *t) {
    struct request q = {0};
    struct lattice l;
    enum glb_status s = read_request(family, args, &q);
    if (s == GLB_OK)
        s = lattice_open(family, q.size, &l);
    if (s != GLB_OK)
        return s;
    s = complete(&l, t, &q);
    write_spec(family, &q, t);
    if (s == GLB_OK && q.placement == RANDOM)
        s = place_at_random(t, &l, q.copies, q.seed ? (uint64_t)q.seed : t->seed);
    else if (s == GLB_OK)
        s = place_by_image(t, &l, &q, images);
    lattice_close(&l);
    return s;
}
