/* Lattices of annealers as places for a machine: two sets of lines that cross, cut into pieces, and
 * what each piece is to be. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_LEARN_LATTICE_H
#define GLB_LEARN_LATTICE_H

#include <stdint.h>
#include "learn/data/dataset.h"
#include "learn/topology/topology.h"

/* A piece of a line: a p-bit of the lattice. */
struct lattice_bit {
    uint8_t upright; /* vertical lines, else horizontal ones */
    int line, piece; /* lines from the left or from the top; pieces along them */
    int crossings;   /* pieces of the other direction that it is coupled to */
    int32_t centre;  /* of what it crosses, along its line: 0 .. 65535 */
};

struct lattice {
    struct glb_graph *graph; /* all its p-bits and couplings */
    int lines, pieces;       /* of the vertical direction */
    int32_t length;          /* of a piece, in units of centre */
    struct lattice_bit *bit; /* [graph->n] */
};

/* Of family "pegasus", "zephyr" or "chimera" with the generator's arguments. */
enum glb_status lattice_open(const char *family, const char *args, struct lattice *out);
void lattice_close(struct lattice *l);

enum lattice_role { LATTICE_FREE, LATTICE_PIXEL, LATTICE_HIDDEN, LATTICE_LABEL };

/* Who stands where: everything that lies is hidden, labels and pixels stand. */
struct placement {
    const struct lattice *lattice;
    const char *name; /* for messages */
    int width, height, planes, classes;
    int groups, copies, window;
    int once; /* each pixel exactly once */
    uint64_t seed;
    const uint8_t *live; /* [width * height] pixels that differ between images */
    uint8_t *role;       /* [n], out */
    int32_t *shows;      /* [n] pixel or class, out */
};

/* The group of lines next to each other that a vertical line belongs to. */
int placement_group(const struct placement *p, int line);
/* The group that a piece lies in, whichever its direction. */
int placement_group_of(const struct placement *p, int bit);

/* Whole vertical lines for labels, one of each class in turn, spread evenly. */
enum glb_status placement_labels(struct placement *p);
/* All other vertical pieces show live pixels: a window of the image wanders along each group. */
enum glb_status placement_windows(struct placement *p);
/* Every pixel once: live ones apart from each other, the others at the rim; what is left is hidden.
 */
enum glb_status placement_once(struct placement *p);

#endif
