/* Which boards are on USB. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include "transports/transports.h"
#include "transports/usb_find.h"
#include "transports/usb_ids.h"

static enum glb_status tell(const struct glb_usb_board *b, glb_found_fn fn, void *user) {
    char name[sizeof b->serial + 8], about[160];
    snprintf(name, sizeof name, "usb%s%.63s", b->serial[0] ? ":" : "", b->serial);
    snprintf(about, sizeof about, "board on USB, %04x:%04x, bus %d, device %d, %s", GLB_USB_VID,
             GLB_USB_PID, b->bus, b->address, b->speed);
    return fn(user, &(struct glb_found_device){name, NULL, b->serial[0] ? b->serial : NULL, about,
                                               b->problem});
}

/* A machine without USB has no boards; that is no error. */
enum glb_status glb_usb_transport_list(glb_found_fn fn, void *user) {
    struct glb_usb_board boards[GLB_USB_MAX_BOARDS];
    libusb_context *ctx;
    enum glb_status s = GLB_OK;
    if (libusb_init(&ctx))
        return GLB_OK;
    const int n = glb_usb_find(ctx, boards);
    for (int k = 0; k < n && !s; k++)
        s = tell(&boards[k], fn, user);
    glb_usb_free_boards(boards, n > 0 ? n : 0);
    libusb_exit(ctx);
    return s;
}
