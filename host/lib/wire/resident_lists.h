/* Lists in a memory of the device that takes WRITE only at rest: beta steps, readout runs. As many
 * as fit stay there side by side, so that jobs with different lists need no rest between them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_WIRE_RESIDENT_LISTS_H
#define GLB_WIRE_RESIDENT_LISTS_H

#include <stddef.h>
#include <stdint.h>
#include "array/array.h"
#include "array/job.h"
#include "wire/link.h"

enum { BETA_BYTES = 8, RUN_ITEM_BYTES = 6 }; /* an item of BETA, of RUNS */

/* The memory as the device has it, as far as that is known: its first `filled` items; valid while
 * the link's count of writes to it is `written`. All 0: nothing is known. */
struct resident_lists {
    int target, bytes, room; /* GLB_TARGET_BETA or _RUNS, of an item, items */
    int filled;
    uint32_t written;
    uint8_t items[GLB_RUNS * RUN_ITEM_BYTES]; /* GLB_BETA_STEPS * BETA_BYTES is less */
};

void resident_init(struct resident_lists *m, int target);
void resident_forget(struct resident_lists *m);

/* Where `count` (0 .. room) such items lie, or -1. */
int resident_find(const struct resident_lists *m, const struct link *l, const uint8_t *items,
                  int count);
/* Whether resident_add() would keep all that is there. */
int resident_fits(const struct resident_lists *m, const struct link *l, int count);
/* Queues writes that bring the items, in the place of older lists if there is no room; *start is
 * where. No job may run. */
enum glb_status resident_add(struct resident_lists *m, struct link *l, const uint8_t *items,
                             int count, int *start);

/* The items as they are written; `to` has room for all of them. */
void resident_steps(const struct glb_beta_step *steps, int count, uint8_t *to);
void resident_runs(const struct glb_run *runs, int count, uint8_t *to);

#endif
