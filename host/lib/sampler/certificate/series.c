/* Block means of an observable. SPDX-License-Identifier: Apache-2.0 */
#include "sampler/certificate/series.h"

#include <stdlib.h>
#include <string.h>

enum glb_status series_open(struct series *s, int chains, int capacity) {
    *s = (struct series){.chains = chains, .capacity = capacity, .length = 1};
    s->block = malloc((size_t)capacity * (size_t)chains * sizeof *s->block);
    return s->block ? GLB_OK
                    : glb_fail(GLB_ERR_MEMORY, "no memory for the series of %d chains", chains);
}

void series_close(struct series *s) {
    free(s->block);
    s->block = NULL;
}

static void halve(struct series *s) {
    const int chains = s->chains;
    for (int b = 0; b < s->blocks / 2; b++)
        for (int c = 0; c < chains; c++)
            s->block[(size_t)b * chains + c] = (s->block[(size_t)2 * b * chains + c] +
                                                s->block[((size_t)2 * b + 1) * chains + c]) /
                                               2;
    s->blocks /= 2;
    s->length *= 2;
}

void series_add(struct series *s, const double *value) {
    if (s->count++ == 0)
        memcpy(s->shift, value, (size_t)s->chains * sizeof *value);
    for (int c = 0; c < s->chains; c++) {
        const double d = value[c] - s->shift[c];
        s->sum[c] += d;
        s->square[c] += d * d;
        s->partial[c] += d;
    }
    if (++s->in_block < s->length)
        return;
    if (s->blocks == s->capacity)
        halve(s);
    if (s->in_block < s->length) /* half of a longer one */
        return;
    double *block = s->block + (size_t)s->blocks++ * s->chains;
    for (int c = 0; c < s->chains; c++) {
        block[c] = s->partial[c] / (double)s->length;
        s->partial[c] = 0;
    }
    s->in_block = 0;
}

double series_spread(const struct series *s, int c) {
    const double spread = s->square[c] - s->sum[c] * s->sum[c] / (double)s->count;
    return spread > 0 ? spread : 0;
}
