/* Loading programs over a link. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_LOAD_H
#define GLB_WIRE_LOAD_H

#include "array/program.h"
#include "wire/link.h"

/* The coupling memory as the device has it, of all tiles from entry 0 on; valid while the link's
 * count of writes to that memory is `written`. All 0: not known. */
struct sent_couplings {
    uint64_t *words; /* [tiles][entries] */
    int tiles, entries;
    uint32_t written;
};

void forget_couplings(struct sent_couplings *has);

/* All images of a program; only the coupling memory (after new weights or clamps), and of it only
 * what differs from what the device has. Both wait for the replies. */
enum glb_status load_program(struct link *l, const struct glb_program *p,
                             struct sent_couplings *has);
enum glb_status load_couplings(struct link *l, const struct glb_program *p,
                               struct sent_couplings *has);

#endif
