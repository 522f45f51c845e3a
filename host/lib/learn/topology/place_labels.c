/* Placements on a lattice: groups of lines, and the lines of the labels. SPDX-License-Identifier:
 * Apache-2.0 */
#include <stdlib.h>
#include "base/rng.h"
#include "learn/topology/lattice.h"

enum { TAG_LABEL_LINES = 111 };

/* Where the k-th of `parts` parts of `lines` lines begins. */
static int cut(int lines, int parts, int k) {
    return (2 * k * lines + parts) / (2 * parts);
}

int placement_group(const struct placement *p, int line) {
    int g = 0;
    while (g + 1 < p->groups && line >= cut(p->lattice->lines, p->groups, g + 1))
        g++;
    return g;
}

int placement_group_of(const struct placement *p, int bit) {
    const struct lattice_bit *b = &p->lattice->bit[bit];
    return placement_group(p, b->upright ? b->line
                                         : (int)((int64_t)b->centre * p->lattice->lines >> 16));
}

static void make_line(struct placement *p, int line, int class) {
    for (int i = 0; i < p->lattice->graph->n; i++)
        if (p->lattice->bit[i].upright && p->lattice->bit[i].line == line) {
            p->role[i] = LATTICE_LABEL;
            p->shows[i] = class;
        }
}

static int is_taken(const struct placement *p, int line) {
    for (int i = 0; i < p->lattice->graph->n; i++)
        if (p->lattice->bit[i].upright && p->lattice->bit[i].line == line)
            return p->role[i] != LATTICE_FREE;
    return 1;
}

/* One line of every class, in a random order, on lines first .. first + width - 1. Where every
 * pixel is there once, pixels take even lines and labels odd ones, as far as there are any. */
static void spread(struct placement *p, int turn, int first, int width) {
    struct glb_rng rng = glb_rng_at(p->seed, TAG_LABEL_LINES, (uint64_t)turn);
    int class[GLB_MAX_CLASSES];
    for (int k = 0; k < p->classes; k++) {
        const int at = (int)glb_rng_below(&rng, (uint32_t)k + 1);
        class[k] = class[at];
        class[at] = k;
    }
    for (int k = 0; k < p->classes; k++) {
        const int line = first + (2 * k + 1) * width / (2 * p->classes);
        const int odd = line | 1, end = first + (2 * k + 3) * width / (2 * p->classes);
        const int moves =
            p->once && odd < (k + 1 < p->classes ? end : first + width) && !is_taken(p, odd);
        make_line(p, moves ? odd : line, class[k]);
    }
}

/* Takes the labels that cross the fewest pieces from a class until it has as many as it should. */
static void trim(struct placement *p, int class, int excess) {
    for (; excess > 0; excess--) {
        int least = -1;
        for (int i = 0; i < p->lattice->graph->n; i++)
            if (p->role[i] == LATTICE_LABEL && p->shows[i] == class &&
                (least < 0 || p->lattice->bit[i].crossings <= p->lattice->bit[least].crossings))
                least = i;
        p->role[least] = LATTICE_FREE;
    }
}

enum glb_status placement_labels(struct placement *p) {
    const struct lattice *l = p->lattice;
    const int turns = (p->copies + l->pieces - 1) / l->pieces;
    if ((int64_t)turns * p->classes >= l->lines)
        return glb_fail(GLB_ERR_ARGUMENT,
                        "topology %s: copies=%d of %d classes take %lld of %d vertical lines and "
                        "leave none to pixels; choose fewer copies or groups, or a larger m",
                        p->name, p->copies, p->classes, (long long)turns * p->classes, l->lines);
    for (int k = 0; k < turns; k++) {
        const int first = cut(l->lines, turns, k);
        spread(p, k, first, cut(l->lines, turns, k + 1) - first);
    }
    for (int c = 0; c < p->classes; c++)
        trim(p, c, turns * l->pieces - p->copies);
    return GLB_OK;
}
