/* Descriptions of arrays for programs. SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>
#include <strings.h>
#include "array/array.h"
#include "base/status.h"

static struct glb_array_info *infos; /* made once and kept */
static int count;

static void make_infos(void) {
    const struct glb_array *a = glb_arrays(&count);
    infos = calloc((size_t)count, sizeof *infos);
    for (int k = 0; infos && k < count; k++)
        infos[k] = (struct glb_array_info){.size = sizeof infos[k],
                                           .name = a[k].name,
                                           .about = a[k].about,
                                           .tiles = a[k].tiles,
                                           .lanes = a[k].lanes,
                                           .chains = a[k].chains,
                                           .capacity = glb_array_capacity(&a[k]),
                                           .coupling_bits = a[k].jw,
                                           .accumulator_bits = a[k].acc,
                                           .schedule_depth = a[k].sdepth,
                                           .coupling_depth = a[k].cdepth,
                                           .fits_chip = glb_array_fits_chip(&a[k])};
}

static bool ready(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_infos);
    return infos;
}

int glb_array_count(void) {
    return ready() ? count : 0;
}

const struct glb_array_info *glb_array_at(int index) {
    return ready() && index >= 0 && index < count ? &infos[index] : NULL;
}

const struct glb_array_info *glb_array_by_name(const char *name) {
    for (int k = 0; ready() && k < count; k++)
        if (strcasecmp(infos[k].name, name) == 0)
            return &infos[k];
    return NULL;
}
