/* Queues of waiting transfers. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/usbip_transfers.h"

#include <stdlib.h>

enum { MAX_BYTES = 64 << 20 };

enum glb_status transfer_new(struct transfers *t, const struct glb_usbip_message *submit,
                             struct transfer **out) {
    const size_t length = (size_t)submit->length;
    if (t->bytes + length > MAX_BYTES)
        return glb_fail(GLB_ERR_PROTOCOL, "more than %d bytes of transfers wait", MAX_BYTES);
    struct transfer *u = malloc(sizeof *u + length); /* only bytes that moved are sent */
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a transfer of %zu bytes", length);
    u->m = *submit;
    u->moved = 0;
    t->bytes += length;
    *out = u;
    return GLB_OK;
}

void transfer_free(struct transfers *t, struct transfer *u) {
    if (u)
        t->bytes -= (size_t)u->m.length;
    free(u);
}

void transfer_enqueue(struct transfers *t, struct transfer *u) {
    const int q = u->m.ep == 0 ? 0 : u->m.ep + (u->m.in ? 16 : 0);
    u->next = NULL;
    if (t->first[q])
        t->last[q]->next = u;
    else
        t->first[q] = u;
    t->last[q] = u;
}

struct transfer *transfer_dequeue(struct transfers *t, int queue) {
    struct transfer *u = t->first[queue];
    t->first[queue] = u->next;
    return u;
}

int transfer_unlink(struct transfers *t, uint32_t seq) {
    for (int q = 0; q < TRANSFER_QUEUES; q++) {
        struct transfer *before = NULL;
        for (struct transfer *u = t->first[q]; u; before = u, u = u->next)
            if (u->m.seq == seq) {
                if (before)
                    before->next = u->next;
                else
                    t->first[q] = u->next;
                if (t->last[q] == u)
                    t->last[q] = before;
                transfer_free(t, u);
                return 1;
            }
    }
    return 0;
}

void transfers_free(struct transfers *t) {
    for (int q = 0; q < TRANSFER_QUEUES; q++)
        while (t->first[q])
            transfer_free(t, transfer_dequeue(t, q));
}
