/* Graph colouring: DSATUR, then iterated greedy and tabu search to lose a colour or two.
 * SPDX-License-Identifier: Apache-2.0 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>
#include "base/heap.h"
#include "base/rng.h"
#include "graph/adjacency.h"

/* ---- DSATUR: always the node with the most colours among its neighbours ---- */

enum { NODE_MASK = 0xffffff };

/* Saturation, then degree, then the smallest number; keys that a newer one overtook stay in the
 * heap and are skipped. */
static uint64_t priority(int saturation, int degree, int node) {
    const uint64_t s = saturation > 0xffff ? 0xffff : saturation;
    return s << 48 | (uint64_t)degree << 24 | (uint64_t)(NODE_MASK - node);
}

/* A node of degree d always finds a colour below d + 1, so only those are recorded for it: bits of
 * all nodes together take 2m + n bits. */
static int dsatur(const struct glb_adjacency *a, int32_t *colour) {
    const int n = a->n;
    const size_t entries = (size_t)a->start[n];
    uint8_t *used = calloc(entries + (size_t)n + 1, 1);
    int *saturation = calloc((size_t)n + 1, sizeof *saturation);
    struct glb_heap h = {malloc((entries + (size_t)n + 1) * sizeof *h.key), 0};
    int colours = -1;
    if (used && saturation && h.key) {
        colours = 0;
        for (int i = 0; i < n; i++) {
            colour[i] = -1;
            glb_heap_push(&h, priority(0, a->start[i + 1] - a->start[i], i));
        }
        while (h.count) {
            const int i = NODE_MASK - (int)(glb_heap_pop(&h) & NODE_MASK);
            int c = 0;
            if (colour[i] >= 0)
                continue;
            while (used[(size_t)a->start[i] + (size_t)i + (size_t)c])
                c++;
            colour[i] = c;
            colours = c + 1 > colours ? c + 1 : colours;
            for (int k = a->start[i]; k < a->start[i + 1]; k++) {
                const int j = a->node[k], degree = a->start[j + 1] - a->start[j];
                uint8_t *mine = used + a->start[j] + j;
                if (colour[j] >= 0 || c > degree || mine[c])
                    continue;
                mine[c] = 1;
                glb_heap_push(&h, priority(++saturation[j], degree, j));
            }
        }
    }
    free(used);
    free(saturation);
    free(h.key);
    return colours;
}

/* ---- iterated greedy (Culberson): greedy in any order of whole colour classes never needs more
 * colours ---- */

static uint32_t step(uint64_t *x) { /* fixed sequence: colourings are reproducible */
    return (uint32_t)(glb_lcg(x) >> 33);
}

struct scratch {
    int32_t *order, *rank, *count, *mark, *next; /* [n + 1] each */
};

static int greedy_again(const struct glb_adjacency *a, int32_t *colour, int colours, int round,
                        uint64_t *random, struct scratch *s) {
    const int n = a->n;
    memset(s->count, 0, ((size_t)colours + 1) * sizeof *s->count);
    for (int i = 0; i < n; i++)
        s->count[colour[i]]++;
    for (int c = 0; c < colours; c++)
        s->rank[c] = c;
    for (int c = 0; c < colours; c++) { /* reversed, smallest first, shuffled in turn */
        int other = c + (int)(step(random) % (uint32_t)(colours - c));
        if (round % 3 == 0)
            other = colours - 1 - c > c ? colours - 1 - c : c;
        else if (round % 3 == 1)
            for (int d = other = c; d < colours; d++)
                if (s->count[s->rank[d]] < s->count[s->rank[other]])
                    other = d;
        const int32_t swap = s->rank[c];
        s->rank[c] = s->rank[other];
        s->rank[other] = swap;
    }
    int total = 0;
    for (int c = 0; c < colours; c++) {
        const int32_t size = s->count[s->rank[c]];
        s->next[s->rank[c]] = total;
        total += size;
    }
    for (int i = 0; i < n; i++)
        s->order[s->next[colour[i]]++] = i;
    for (int i = 0; i < n; i++) {
        colour[i] = -1;
        s->mark[i] = -1;
    }
    int needed = 0;
    for (int k = 0; k < n; k++) {
        const int i = s->order[k];
        int c = 0;
        for (int e = a->start[i]; e < a->start[i + 1]; e++)
            if (colour[a->node[e]] >= 0)
                s->mark[colour[a->node[e]]] = i;
        while (s->mark[c] == i)
            c++;
        colour[i] = c;
        needed = c + 1 > needed ? c + 1 : needed;
    }
    return needed;
}

/* ---- tabu search: k colours with conflicts, one conflict moved at a time ---- */

static bool tabu(const struct glb_adjacency *a, int32_t *colour, int k, long work,
                 uint64_t *random) {
    const int n = a->n;
    int32_t *same = calloc((size_t)n * (size_t)k, sizeof *same); /* neighbours of each colour */
    long *until = calloc((size_t)n * (size_t)k, sizeof *until);
    int32_t *list = malloc((size_t)n * sizeof *list), *place = malloc((size_t)n * sizeof *place);
    int in_conflict = 0, conflicts = 0, best = 0;
    bool solved = false;
    if (!same || !until || !list || !place)
        goto done;
    for (int i = 0; i < n; i++)
        for (int e = a->start[i]; e < a->start[i + 1]; e++)
            same[(size_t)i * (size_t)k + (size_t)colour[a->node[e]]]++;
    for (int i = 0; i < n; i++) {
        place[i] = -1;
        if (same[(size_t)i * (size_t)k + (size_t)colour[i]]) {
            conflicts += same[(size_t)i * (size_t)k + (size_t)colour[i]];
            place[i] = in_conflict;
            list[in_conflict++] = i;
        }
    }
    conflicts /= 2;
    best = conflicts;
    for (long move = 0; conflicts && work > 0; move++) {
        work -= (long)in_conflict * k + 100;
        int pick = -1, to = 0, gain = 0, ties = 0;
        for (int l = 0; l < in_conflict; l++) {
            const int i = list[l];
            const int32_t *row = same + (size_t)i * (size_t)k;
            for (int c = 0; c < k; c++) {
                const int delta = row[c] - row[colour[i]];
                if (c == colour[i] ||
                    (until[(size_t)i * (size_t)k + (size_t)c] > move && conflicts + delta >= best))
                    continue;
                if (pick < 0 || delta < gain)
                    ties = 0;
                if (pick < 0 || delta < gain ||
                    (delta == gain && step(random) % (uint32_t)(ties + 1) == 0)) {
                    pick = i;
                    to = c;
                    gain = delta;
                }
                ties += delta == gain;
            }
        }
        if (pick < 0)
            continue;
        const int from = colour[pick];
        until[(size_t)pick * (size_t)k + (size_t)from] =
            move + (long)(step(random) % 10) + 6 * in_conflict / 10;
        colour[pick] = to;
        conflicts += gain;
        best = conflicts < best ? conflicts : best;
        for (int e = a->start[pick]; e <= a->start[pick + 1]; e++) {
            const int j = e < a->start[pick + 1] ? a->node[e] : pick;
            if (j != pick) {
                same[(size_t)j * (size_t)k + (size_t)from]--;
                same[(size_t)j * (size_t)k + (size_t)to]++;
            }
            const bool now = same[(size_t)j * (size_t)k + (size_t)colour[j]] > 0;
            if (now && place[j] < 0) {
                place[j] = in_conflict;
                list[in_conflict++] = j;
            } else if (!now && place[j] >= 0) {
                list[place[j]] = list[--in_conflict];
                place[list[place[j]]] = place[j];
                place[j] = -1;
            }
        }
    }
    solved = conflicts == 0;
done:
    free(same);
    free(until);
    free(list);
    free(place);
    return solved;
}

/* ---- a clique that needs all colours: no search can lose one ---- */

/* Does a clique of `size` nodes, grown greedily around some node, show? seen[n] is scratch. */
static bool has_clique(const struct glb_adjacency *a, int size, int32_t *seen) {
    memset(seen, 0, (size_t)a->n * sizeof *seen);
    for (int i = 0, base = 0; i < a->n; i++, base += size) {
        int members = 0; /* seen[j] - base: members that are neighbours of j */
        for (int k = a->start[i] - 1; k < a->start[i + 1] && members < size; k++) {
            const int j = k < a->start[i] ? i : a->node[k];
            if (members && seen[j] != base + members)
                continue;
            members++;
            for (int e = a->start[j]; e < a->start[j + 1]; e++) {
                int32_t *s = &seen[a->node[e]];
                if (*s == base + members - 1 || members == 1)
                    *s = base + members;
            }
        }
        if (members == size)
            return true;
    }
    return false;
}

enum { GREEDY_ROUNDS = 30, TABU_MAX_COLOURS = 16, TABU_WORK = 60000000 };

static void improve(const struct glb_adjacency *a, int32_t *colour, int *colours) {
    const size_t n = (size_t)a->n + 1;
    int32_t *all = malloc(6 * n * sizeof *all), *trial = all ? all + 5 * n : NULL;
    uint64_t random = 1;
    if (!all)
        return; /* DSATUR's colouring is good enough */
    struct scratch s = {all, all + n, all + 2 * n, all + 3 * n, all + 4 * n};
    for (int round = 0; round < GREEDY_ROUNDS && 2 < *colours; round++)
        *colours = greedy_again(a, colour, *colours, round, &random, &s);
    while (*colours > 3 && *colours <= TABU_MAX_COLOURS && !has_clique(a, *colours, s.mark)) {
        const int k = *colours - 1;
        memset(s.count, 0, n * sizeof *s.count);
        for (int i = 0; i < a->n; i++)
            s.count[colour[i]]++;
        int smallest = 0;
        for (int c = 0; c <= k; c++)
            smallest = s.count[c] < s.count[smallest] ? c : smallest;
        for (int i = 0; i < a->n; i++) /* the smallest class is spread over the others */
            trial[i] = colour[i] == smallest ? (int)(step(&random) % (uint32_t)k)
                       : colour[i] == k      ? smallest
                                             : colour[i];
        for (int i = 0; i < a->n; i++)
            if (colour[i] == smallest && trial[i] == k)
                trial[i] = smallest;
        if (!tabu(a, trial, k, TABU_WORK, &random))
            break;
        memcpy(colour, trial, (size_t)a->n * sizeof *colour);
        *colours = k;
    }
    free(all);
}

int glb_graph_colour(const struct glb_graph *g, int32_t *colour) {
    struct glb_adjacency a;
    if (glb_adjacency_build(g, &a))
        return -1;
    int colours = dsatur(&a, colour);
    if (colours > 2)
        improve(&a, colour, &colours);
    glb_adjacency_free(&a);
    if (colours < 0)
        glb_fail(GLB_ERR_MEMORY, "out of memory while colouring");
    return colours;
}
