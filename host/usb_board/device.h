/* A USB device as its host controller sees it: requests on endpoint 0, bytes on the bulk endpoints.
 * The emulator behind descriptors (device_emu.c), or the gateware driven at its pins
 * (device_sim.c). SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_DEVICE_H
#define GLB_USB_BOARD_DEVICE_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"
#include "usb_board/usb.h"

struct glb_usb_device {
    /* One control transfer; data holds, or takes, up to `length` bytes, and no more than wLength.
     * Bytes moved, or an error below 0. */
    int (*control)(void *self, const uint8_t setup[8], uint8_t *data, int length);
    /* Moves up to n bytes to endpoint ep; *taken of them went. */
    int (*out)(void *self, int ep, const uint8_t *bytes, size_t n, size_t *taken);
    /* Moves up to n bytes from endpoint ep; *ended: a short packet ends the transfer. */
    int (*in)(void *self, int ep, uint8_t *bytes, size_t n, size_t *got, int *ended);
    void (*close)(void *self);
    int speed;
    void *self;
};

/* The emulator of an array behind the endpoints; serial: at most 31 characters. */
enum glb_status glb_usb_device_emu_open(const char *array, const char *serial, int speed,
                                        struct glb_usb_device *out);

/* The Verilated board of an array (make sim-usb), reset and addressed. */
enum glb_status glb_usb_device_sim_open(const char *array, int speed, struct glb_usb_device *out);

#endif
