/* Array descriptions, read from the one table rtl/arrays.def. SPDX-License-Identifier: Apache-2.0
 */
#include "array/array.h"

#include <strings.h>

/* ceil(log2(n)) of n = 1 .. 256 as a constant expression. */
#define LOG2(n)                                                                                    \
    (((n) > 1) + ((n) > 2) + ((n) > 4) + ((n) > 8) + ((n) > 16) + ((n) > 32) + ((n) > 64) +        \
     ((n) > 128))

/* A description with its derived fields (docs/design/array.md, section 1). */
#define PAYLOAD(lanes_, jw_) ((lanes_) * (jw_) > 16 ? (lanes_) * (jw_) : 16)
#define DESCRIPTION(name_, tiles_, lanes_, chains_, jw_, acc_, gw_, sdepth_, cdepth_, about_)      \
    {                                                                                              \
        .name = name_, .about = about_, .tiles = tiles_, .lanes = lanes_, .chains = chains_,       \
        .jw = jw_, .acc = acc_, .gw = gw_, .sdepth = sdepth_, .cdepth = cdepth_,                   \
        .lw = LOG2(lanes_), .aw = (gw_) + LOG2(lanes_), .ow = LOG2((lanes_) + 2),                  \
        .ns = LOG2(tiles_), .nb = LOG2(tiles_) * (tiles_) / 2,                                     \
        .sw = (gw_) + LOG2(lanes_) + LOG2((lanes_) + 2), .pw = PAYLOAD(lanes_, jw_),               \
        .cw = PAYLOAD(lanes_, jw_) + LOG2((lanes_) + 2), .wl = LOG2(tiles_) + 4,                   \
        .gap = LOG2(tiles_) + 8, .gap_count = LOG2(tiles_) + 12, .ctrl = (lanes_) + 1              \
    }
#define GLB_ARRAY(...) DESCRIPTION(__VA_ARGS__),

static const struct glb_array table[] = {
#include "arrays.def"
};

enum { ARRAYS = sizeof table / sizeof table[0] };

const char *const glb_array_choices[GLB_ARRAY_CHOICES] = {"ulx3s-85", "big"};

const struct glb_array *glb_arrays(int *count) {
    *count = ARRAYS;
    return table;
}

const struct glb_array *glb_array_find(const char *name) {
    for (int i = 0; i < ARRAYS; i++)
        if (strcasecmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

enum glb_status glb_array_require(const char *name, const struct glb_array **out) {
    *out = glb_array_find(name);
    return *out ? GLB_OK
                : glb_fail(GLB_ERR_ARGUMENT,
                           "no array is called %s; `glauber info --arrays` lists them", name);
}

void glb_array_derive(struct glb_array *a) {
    *a = (struct glb_array)DESCRIPTION(a->name, a->tiles, a->lanes, a->chains, a->jw, a->acc, a->gw,
                                       a->sdepth, a->cdepth, a->about);
}

bool glb_array_fits_chip(const struct glb_array *a) {
    const double bits = (double)a->tiles * ((double)a->sdepth * a->sw + (double)a->cdepth * a->cw +
                                            (double)(2 << a->aw) * a->chains) +
                        (double)a->sdepth * a->nb;
    return bits <= GLB_ECP5_MEMORY_BITS;
}
