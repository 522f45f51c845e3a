/* Boards on USB: which there are, and opening one. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_USB_FIND_H
#define GLB_TRANSPORTS_USB_FIND_H

#include <libusb.h>
#include "base/status.h"

struct glb_usb_board {
    char serial[64];  /* "" if it cannot be read */
    char product[64]; /* the same */
    char problem[64]; /* why it cannot be opened, or "" */
    const char *speed;
    int bus, address;
    libusb_device *device; /* referenced until glb_usb_free_boards() */
};

enum { GLB_USB_MAX_BOARDS = 32 };

/* Fills boards[GLB_USB_MAX_BOARDS]; returns how many there are, or a libusb error below 0. */
int glb_usb_find(libusb_context *ctx, struct glb_usb_board *boards);
void glb_usb_free_boards(struct glb_usb_board *boards, int n);

/* Opens and claims a board; serial NULL: the only one. `described` takes its name in words. */
enum glb_status glb_usb_open(libusb_context *ctx, const char *serial, libusb_device_handle **out,
                             char *described, size_t size);

#endif
