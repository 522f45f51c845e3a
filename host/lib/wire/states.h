/* Sending states: as WRITE STATE, or by a list of runs that the device has, with runs of zeros
 * (docs/design/array.md, section 5). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_STATES_H
#define GLB_WIRE_STATES_H

#include "array/job.h"
#include "wire/link.h"

/* State words of the runs' addresses in page, in run order: chain r of word i is bit r of words[i *
 * stride]. first_run: where the device has these runs, or -1. Each part goes as what takes fewer
 * bytes. Does not wait for the
 * replies. */
enum glb_status states_send(struct link *l, const struct glb_array *a, int page,
                            const struct glb_run *runs, int nruns, int first_run,
                            const uint64_t *words, size_t stride);

/* Words as tokens, one after another. */
struct state_tokens {
    uint8_t *to; /* room bytes */
    size_t room, len;
    size_t token, before; /* the last token, and the one before it */
    int bytes;            /* of a word */
    bool full;            /* a word did not fit; all later ones are ignored */
};

void tokens_begin(struct state_tokens *k, uint8_t *to, size_t room, int bytes);
void tokens_add(struct state_tokens *k, uint64_t word);

#endif
