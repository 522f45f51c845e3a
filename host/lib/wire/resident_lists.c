/* Lists in a memory of the device. SPDX-License-Identifier: Apache-2.0 */
#include "wire/resident_lists.h"

#include <string.h>
#include "base/little_endian.h"

void resident_init(struct resident_lists *m, int target) {
    const int beta = target == GLB_TARGET_BETA;
    _Static_assert(GLB_BETA_STEPS * BETA_BYTES <= sizeof m->items, "both memories fit");
    m->target = target;
    m->bytes = beta ? BETA_BYTES : RUN_ITEM_BYTES;
    m->room = beta ? GLB_BETA_STEPS : GLB_RUNS;
    m->filled = 0;
}

void resident_forget(struct resident_lists *m) {
    m->filled = 0;
}

static int known(const struct resident_lists *m, const struct link *l) {
    return m->written == l->written[m->target] ? m->filled : 0;
}

int resident_find(const struct resident_lists *m, const struct link *l, const uint8_t *items,
                  int count) {
    const size_t size = (size_t)count * (size_t)m->bytes;
    const int last = known(m, l) - count;
    for (int at = 0; at <= last; at++)
        if (memcmp(m->items + (size_t)at * (size_t)m->bytes, items, size) == 0)
            return at;
    return count ? -1 : 0;
}

int resident_fits(const struct resident_lists *m, const struct link *l, int count) {
    return known(m, l) + count <= m->room;
}

enum glb_status resident_add(struct resident_lists *m, struct link *l, const uint8_t *items,
                             int count, int *start) {
    const int at = resident_fits(m, l, count) ? known(m, l) : 0;
    m->filled = 0; /* unless all of it goes out */
    const enum glb_status s = link_write(l, m->target, 0, at, items, m->bytes, count);
    if (s)
        return s;
    memcpy(m->items + (size_t)at * (size_t)m->bytes, items, (size_t)count * (size_t)m->bytes);
    m->filled = at + count;
    m->written = l->written[m->target];
    *start = at;
    return GLB_OK;
}

void resident_steps(const struct glb_beta_step *steps, int count, uint8_t *to) {
    for (int i = 0; i < count; i++) {
        to = glb_put_le(to, steps[i].k, 4);
        to = glb_put_le(to, steps[i].sweeps, 4);
    }
}

void resident_runs(const struct glb_run *runs, int count, uint8_t *to) {
    for (int i = 0; i < count; i++) {
        to = glb_put_le(to, runs[i].tile, 2);
        to = glb_put_le(to, runs[i].addr, 2);
        to = glb_put_le(to, runs[i].count, 2);
    }
}
