/* Chains that have changed each p-bit, followed until most of a group have.
 * SPDX-License-Identifier: Apache-2.0 */
#include "sampler/certificate/stuck.h"

#include <stdlib.h>

int stuck_open(struct stuck *s, int pbits, uint64_t chains) {
    *s = (struct stuck){.moved = calloc((size_t)pbits + 1, sizeof *s->moved),
                        .pending = malloc(((size_t)pbits + 1) * sizeof *s->pending),
                        .chains = chains,
                        .pbits = pbits,
                        .count = pbits};
    if (!s->moved || !s->pending)
        return 0;
    for (int k = 0; k < pbits; k++)
        s->pending[k] = k;
    return 1;
}

void stuck_close(struct stuck *s) {
    free(s->moved);
    free(s->pending);
}

void stuck_add(struct stuck *s, const int32_t *pbit, const uint64_t *plane,
               const uint64_t *before) {
    int kept = 0;
    for (int at = 0; at < s->count; at++) {
        const int k = s->pending[at];
        s->moved[k] |= (plane[pbit[k]] ^ before[pbit[k]]) & s->chains;
        if (2 * __builtin_popcountll(s->moved[k]) > __builtin_popcountll(s->chains))
            s->moved[k] = ~UINT64_C(0);
        else
            s->pending[kept++] = k;
    }
    s->count = kept;
}

void stuck_count(const struct stuck *s, int k, uint64_t before, int *still, int *up) {
    const uint64_t same = s->chains & ~s->moved[k];
    *still += __builtin_popcountll(same);
    *up += __builtin_popcountll(same & before);
}
