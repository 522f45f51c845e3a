/* What a graph needs of an array at least: state words, coupling entries, clocks. A graph above
 * these bounds is refused before any search. SPDX-License-Identifier: Apache-2.0 */
#include "compiler/room.h"

#include <math.h>
#include <stdlib.h>

struct needs {
    double words;          /* state words */
    double reads, updates; /* of a sweep: each read is of one lane, each update ends with a CTRL */
    int clique;            /* p-bits of one segment that are all coupled to each other */
};

/* A clique around node i, grown in the order of its neighbours. seen[n] is 0. */
static int clique_around(const struct problem *problem, int i, int32_t *seen) {
    const struct glb_adjacency *a = &problem->adj;
    int members = 0; /* seen[j]: how many of them are neighbours of j */
    for (int k = a->start[i] - 1; k < a->start[i + 1]; k++) {
        const int j = k < a->start[i] ? i : a->node[k];
        if (seen[j] != members || problem->seg_of[j] != problem->seg_of[i])
            continue;
        members++;
        for (int e = a->start[j]; e < a->start[j + 1]; e++)
            seen[a->node[e]]++;
    }
    return members;
}

static enum glb_status count(const struct problem *problem, struct needs *out) {
    int32_t *seen = calloc((size_t)problem->n, sizeof *seen);
    int centre = -1;
    if (!seen)
        return glb_fail(GLB_ERR_MEMORY, "compile: out of memory");
    *out = (struct needs){.words = problem->nodes};
    for (int i = 0; i < problem->n; i++) {
        if (problem->seg_of[i] < 0)
            continue;
        out->updates += problem->copies;
        out->reads += (double)problem->copies * problem_reads(problem, i);
        if (centre < 0 || problem_degree(problem, i) > problem_degree(problem, centre))
            centre = i;
    }
    out->words += problem->helpers;
    out->updates += problem->helpers;
    out->reads += problem->helper_reads;
    out->clique = centre < 0 ? 0 : clique_around(problem, centre, seen);
    free(seen);
    return GLB_OK;
}

/* Of the busiest tile: a word that is read serves at most all of its lanes. */
static double entries_of(const struct needs *n, const struct glb_array *a) {
    return ceil((n->reads / a->lanes + n->updates) / a->tiles);
}

/* An update of a clique's p-bit reads what the one before it wrote. */
static double chain_of(const struct needs *n, const struct glb_array *a) {
    return n->clique > 0 ? (double)(n->clique - 1) * (a->wl + 2) : 0;
}

/* Entries take a clock each, and so does what a lane does; noise comes one word a tile and clock.
 */
static double clocks_of(const struct needs *n, const struct glb_array *a) {
    const double noise = n->updates * a->chains / a->tiles;
    const double lane = (n->reads + n->updates * (a->chains + 1)) / ((double)a->tiles * a->lanes);
    return ceil(fmax(fmax(entries_of(n, a), chain_of(n, a)), fmax(noise, lane)));
}

/* The first array that these bounds, with a margin for what a schedule adds, do not exclude. */
static const char *may_fit(const struct needs *n) {
    int count;
    const struct glb_array *all = glb_arrays(&count);
    for (int i = 0; i < count; i++)
        if (n->words <= glb_array_capacity(&all[i]) &&
            1.1 * entries_of(n, &all[i]) <= all[i].cdepth &&
            1.1 * clocks_of(n, &all[i]) <= all[i].sdepth)
            return all[i].name;
    return NULL;
}

static enum glb_status refuse(const struct problem *problem, const struct needs *n,
                              const char *memory, double need, const char *what, double limit) {
    const char *other = may_fit(n);
    return glb_fail(GLB_ERR_FIT,
                    "%s memory of array %s: the graph (%d p-bits, %d couplings%s) needs %.0f %s, "
                    "the array has %.0f; %s%s",
                    memory, problem->array->name, problem->n, problem->graph->m,
                    problem->copies > 1 ? ", several copies" : "", need, what, limit,
                    other ? "may fit: " : "no array here would fit; leave out couplings or p-bits",
                    other ? other : "");
}

enum glb_status check_room(const struct problem *problem) {
    const struct glb_array *a = problem->array;
    struct needs n = {0};
    const enum glb_status s = count(problem, &n);
    if (s != GLB_OK)
        return s;
    if (n.words > glb_array_capacity(a))
        return refuse(problem, &n, "state", n.words, "state words", glb_array_capacity(a));
    if (entries_of(&n, a) > a->cdepth)
        return refuse(problem, &n, "coupling", entries_of(&n, a),
                      "or more entries in the busiest tile", a->cdepth);
    if (chain_of(&n, a) > a->sdepth)
        return refuse(problem, &n, "schedule", chain_of(&n, a),
                      "or more clocks (p-bits that are all coupled to each other take turns)",
                      a->sdepth);
    if (clocks_of(&n, a) > a->sdepth)
        return refuse(problem, &n, "schedule", clocks_of(&n, a), "or more clocks", a->sdepth);
    return GLB_OK;
}
