/* Numbers of USB 2.0 that host and device sides share. SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_USB_H
#define GLB_USB_BOARD_USB_H

enum { GLB_USB_FULL_SPEED = 2, GLB_USB_HIGH_SPEED = 3 }; /* as USB/IP and Linux number them */

enum { /* how a transaction or transfer ended; the errors are Linux's -EPIPE and so on */
       GLB_USB_OK = 0,
       GLB_USB_NAK = 1, /* not now */
       GLB_USB_STALL = -32,
       GLB_USB_ERROR = -71, /* three times no answer, or nonsense */
       GLB_USB_BABBLE = -75 /* more bytes than were asked for */
};

enum { /* bRequest of standard requests */
       GLB_USB_GET_STATUS = 0,
       GLB_USB_CLEAR_FEATURE = 1,
       GLB_USB_SET_FEATURE = 3,
       GLB_USB_SET_ADDRESS = 5,
       GLB_USB_GET_DESCRIPTOR = 6,
       GLB_USB_GET_CONFIGURATION = 8,
       GLB_USB_SET_CONFIGURATION = 9,
       GLB_USB_GET_INTERFACE = 10,
       GLB_USB_SET_INTERFACE = 11
};

enum { /* bmRequestType */
       GLB_USB_TO_DEVICE = 0x00,
       GLB_USB_TO_INTERFACE = 0x01,
       GLB_USB_TO_ENDPOINT = 0x02,
       GLB_USB_RECIPIENT = 0x1f,
       GLB_USB_VENDOR = 0x40,
       GLB_USB_TYPE = 0x60,
       GLB_USB_DEVICE_TO_HOST = 0x80
};

enum { GLB_USB_ENDPOINT_HALT = 0 }; /* feature of an endpoint */

#endif
