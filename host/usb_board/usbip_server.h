/* A USB/IP server for one virtual device. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_USBIP_SERVER_H
#define GLB_USB_BOARD_USBIP_SERVER_H

#include <stdatomic.h>
#include <stdio.h>
#include "usb_board/device.h"

/* Serves the device on 127.0.0.1:port, one connection at a time (others are closed at once), until
 * *stop is non-zero; port 0 takes a free one. Lines about connections go to log, or NULL. */
enum glb_status glb_usbip_serve(const struct glb_usb_device *device, int port,
                                const atomic_int *stop, FILE *log);

/* A connection from its first byte to its end; what glb_usbip_serve() does with each. Connections
 * to the non-blocking socket listener are closed meanwhile (-1: none). GLB_OK when the other side
 * closed it or *stop was set. */
enum glb_status glb_usbip_session(int fd, int listener, const struct glb_usb_device *device,
                                  const atomic_int *stop, FILE *log);

#endif
