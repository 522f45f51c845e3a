/* The descriptors of a board, byte by byte as the gateware gives them (tests compare both).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_DESCRIPTORS_H
#define GLB_USB_BOARD_DESCRIPTORS_H

#include <stdint.h>

enum { GLB_USB_DESCRIPTOR_MAX = 256 };

enum {
    GLB_USB_DT_DEVICE = 1,
    GLB_USB_DT_CONFIGURATION = 2,
    GLB_USB_DT_STRING = 3,
    GLB_USB_DT_QUALIFIER = 6,
    GLB_USB_DT_OTHER_SPEED = 7
};

/* Writes the descriptor `type`, `index` of a board that runs at `speed`; its length, or -1 if there
 * is none. */
int glb_usb_descriptor(int type, int index, int speed, const char *serial,
                       uint8_t out[GLB_USB_DESCRIPTOR_MAX]);

/* Microsoft's descriptor that has Windows bind WinUSB by itself: the request's wIndex 4 or 5. */
int glb_usb_ms_descriptor(int index, uint8_t out[GLB_USB_DESCRIPTOR_MAX]);
enum { GLB_USB_MS_REQUEST = 0x4d }; /* the vendor request that the string 0xee announces */

#endif
