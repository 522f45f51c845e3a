/* Array descriptions, read from the one table rtl/arrays.def. SPDX-License-Identifier: Apache-2.0
 */
#include "array/array.h"

#include <stddef.h>
#include <strings.h>

static int log2_ceil(int n) {
    int b = 0;
    while ((1 << b) < n)
        b++;
    return b;
}

void glb_array_derive(struct glb_array *a) {
    a->lw = log2_ceil(a->lanes);
    a->aw = a->gw + a->lw;
    a->ow = log2_ceil(a->lanes + 2);
    a->ns = log2_ceil(a->tiles);
    a->nb = a->ns * a->tiles / 2;
    a->sw = a->aw + a->ow;
    a->pw = a->lanes * a->jw > 16 ? a->lanes * a->jw : 16;
    a->cw = a->pw + a->ow;
    a->wl = a->ns + 4;
    a->gap = a->wl + 4;
    a->ctrl = a->lanes + 1;
}

bool glb_array_fits_chip(const struct glb_array *a) {
    const double bits = (double)a->tiles * ((double)a->sdepth * a->sw + (double)a->cdepth * a->cw +
                                            (double)(2 << a->aw) * a->chains) +
                        (double)a->sdepth * a->nb;
    return bits <= GLB_ECP5_MEMORY_BITS;
}

#define GLB_ARRAY(name_, tiles_, lanes_, chains_, jw_, acc_, gw_, sdepth_, cdepth_, about_)        \
    {.name = name_,                                                                                \
     .about = about_,                                                                              \
     .tiles = tiles_,                                                                              \
     .lanes = lanes_,                                                                              \
     .chains = chains_,                                                                            \
     .jw = jw_,                                                                                    \
     .acc = acc_,                                                                                  \
     .gw = gw_,                                                                                    \
     .sdepth = sdepth_,                                                                            \
     .cdepth = cdepth_},

static struct glb_array table[] = {
#include "arrays.def"
};

const struct glb_array *glb_arrays(int *count) {
    const int n = (int)(sizeof table / sizeof table[0]);
    if (table[n - 1].ns == 0)
        for (int i = 0; i < n; i++)
            glb_array_derive(&table[i]);
    *count = n;
    return table;
}

const struct glb_array *glb_array_find(const char *name) {
    int n;
    const struct glb_array *all = glb_arrays(&n);
    for (int i = 0; i < n; i++)
        if (strcasecmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}
