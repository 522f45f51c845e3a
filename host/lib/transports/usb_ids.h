/* The boards' identity on USB, in this place only: the gateware generator (fpga/usb) and `make
 * udev` read it too. The product id is one that pid.codes reserves for tests, so the product string
 * is what identifies a board. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_TRANSPORTS_USB_IDS_H
#define GLB_TRANSPORTS_USB_IDS_H

#define GLB_USB_VID 0x1209
#define GLB_USB_PID 0x0001
#define GLB_USB_RELEASE 0x0100 /* bcdDevice */
#define GLB_USB_MANUFACTURER "glauber"
#define GLB_USB_PRODUCT "glauber p-bit array"
#define GLB_USB_CONFIGURATION 1
#define GLB_USB_INTERFACE 0
#define GLB_USB_EP 1 /* bulk OUT 0x01 and bulk IN 0x81 carry the byte protocol */

#endif
