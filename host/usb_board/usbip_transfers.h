/* Transfers of an attached device that wait, in order for each endpoint.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_USBIP_TRANSFERS_H
#define GLB_USB_BOARD_USBIP_TRANSFERS_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"
#include "usb_board/usbip_proto.h"

enum { TRANSFER_QUEUES = 32 }; /* by endpoint, + 16 for IN; those of endpoint 0 share the first */

struct transfer {
    struct transfer *next;
    struct glb_usbip_message m; /* the submit */
    int moved;                  /* bytes of m.length */
    uint8_t bytes[];
};

struct transfers {
    struct transfer *first[TRANSFER_QUEUES], *last[TRANSFER_QUEUES];
    size_t bytes; /* of all transfers, waiting or not, that are not freed */
};

/* A transfer that waits nowhere yet; GLB_ERR_PROTOCOL if all of them would be too large. */
enum glb_status transfer_new(struct transfers *t, const struct glb_usbip_message *submit,
                             struct transfer **out);
void transfer_free(struct transfers *t, struct transfer *u);

void transfer_enqueue(struct transfers *t, struct transfer *u);
struct transfer *transfer_dequeue(struct transfers *t, int queue); /* which must not be empty */

/* Takes back and frees the transfer that waits with this number; 0 if there is none. */
int transfer_unlink(struct transfers *t, uint32_t seq);

void transfers_free(struct transfers *t); /* all that wait */

#endif
