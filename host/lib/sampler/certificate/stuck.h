/* P-bits that chains never changed and on whose value they differ. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_SAMPLER_CERTIFICATE_STUCK_H
#define GLB_SAMPLER_CERTIFICATE_STUCK_H

#include <stdint.h>

/* Of a group of at most 64 chains. */
struct stuck {
    uint64_t *moved;  /* [pbits] the chains that have changed this p-bit; all ones once most have */
    int32_t *pending; /* [pbits] those that most chains have not changed */
    uint64_t chains;  /* a bit each */
    int pbits, count; /* count: pending */
};

/* 0: no memory. Close it in any case. */
int stuck_open(struct stuck *s, int pbits, uint64_t chains);
void stuck_close(struct stuck *s);

/* A sample, plane[pbit[k]] against the first one's. */
void stuck_add(struct stuck *s, const int32_t *pbit, const uint64_t *plane, const uint64_t *before);

/* Adds the chains that never changed p-bit k to *still, those of them where it is up to *up. */
void stuck_count(const struct stuck *s, int k, uint64_t before, int *still, int *up);

#endif
