/* Array descriptions: the parameters of one array and what follows from them (docs/design/array.md,
 * section 1). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_ARRAY_H
#define GLB_ARRAY_H

#include <stdbool.h>
#include <stdint.h>
#include "base/status.h"

enum { GLB_PAGES = 4, GLB_SEGMENTS = 16, GLB_BETA_STEPS = 256, GLB_RUNS = 512 };
enum { GLB_ECP5_MEMORY_BITS = 208 * 18432 }; /* LFE5U-85F: 208 blocks of 18 Kbit */
enum { GLB_MAX_TILES = 128, GLB_MAX_LANES = 4, GLB_MAX_CHAINS = 16 };

/* One array. The first group is written in rtl/arrays.def, the second follows from it. */
struct glb_array {
    const char *name;  /* static string */
    const char *about; /* static string: what it is for */
    int tiles, lanes, chains;
    int jw;     /* coupling bits, signed */
    int acc;    /* accumulator bits */
    int gw;     /* log2 of state words a lane and page */
    int sdepth; /* schedule memory: clocks */
    int cdepth; /* coupling memory: entries a tile */

    int lw, aw, ow; /* log2 lanes; bank address bits; op and flag bits */
    int ns, nb;     /* network stages; network bits a clock */
    int sw, pw, cw; /* schedule word, payload, coupling word: bits */
    int wl, gap;    /* write latency; clocks between segments */
    int gap_count;  /* clocks after a segment that counts or dumps */
    int ctrl;       /* the value lanes + 1: op "take an entry", flag "CTRL" */
};

/* All descriptions, in the order of rtl/arrays.def; *count gets their number. */
const struct glb_array *glb_arrays(int *count);

/* The description called name (case-insensitive), or NULL. */
const struct glb_array *glb_array_find(const char *name);

/* The same; GLB_ERR_ARGUMENT and a message if there is none. */
enum glb_status glb_array_require(const char *name, const struct glb_array **out);

/* Arrays to try for a graph when none is named: the boards' one, then the largest, which only the
 * emulator has. */
enum { GLB_ARRAY_CHOICES = 2 };
extern const char *const glb_array_choices[GLB_ARRAY_CHOICES];

/* Fills the derived fields from the first group, for an array that is not in the table. */
void glb_array_derive(struct glb_array *a);

/* Do its memories fit the block RAM of the largest ECP5? If not, only the emulator runs it. */
bool glb_array_fits_chip(const struct glb_array *a);

/* p-bits that one page of the array can hold. */
static inline int glb_array_capacity(const struct glb_array *a) {
    return a->tiles * a->lanes << a->gw;
}

/* 16-bit parts of a network word. */
static inline int glb_array_chunks(const struct glb_array *a) {
    return (a->nb + 15) / 16;
}

/* Largest magnitude of a coupling, and of a field that never wraps with its noise (section 3). */
static inline int glb_array_weight_limit(const struct glb_array *a) {
    return (1 << (a->jw - 1)) - 1;
}
static inline int glb_array_field_limit(const struct glb_array *a) {
    return (1 << (a->acc - 2)) - 1;
}

/* Clocks from a segment's last to the next one's first. */
static inline int glb_array_gap(const struct glb_array *a, int counts) {
    return counts ? a->gap_count : a->gap;
}

/* State words of a dump that hold one sum: 16 bits, CHAINS in a word. */
static inline int glb_array_sum_parts(const struct glb_array *a) {
    return 16 / a->chains;
}

#endif
