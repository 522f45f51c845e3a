/* A binary heap of 64-bit keys: the largest first. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_BASE_HEAP_H
#define GLB_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct glb_heap {
    uint64_t *key; /* the caller's, with room for all that are in it at once */
    size_t count;
};

static inline void glb_heap_push(struct glb_heap *h, uint64_t key) {
    size_t at = h->count++;
    for (; at && h->key[(at - 1) / 2] < key; at = (at - 1) / 2)
        h->key[at] = h->key[(at - 1) / 2];
    h->key[at] = key;
}

/* Takes the largest key out; count > 0 before. */
static inline uint64_t glb_heap_pop(struct glb_heap *h) {
    const uint64_t top = h->key[0], last = h->key[--h->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= h->count)
            break;
        if (child + 1 < h->count && h->key[child + 1] > h->key[child])
            child++;
        if (h->key[child] <= last)
            break;
        h->key[at] = h->key[child];
        at = child;
    }
    h->key[at] = last;
    return top;
}

#endif
