/* The messages of USB/IP (Linux, Documentation/usb/usbip_protocol), version 1.1.1: parsing
 * untrusted bytes, and writing. Big-endian. SPDX-License-Identifier:
 * Apache-2.0 */
#ifndef GLB_USB_BOARD_USBIP_PROTO_H
#define GLB_USB_BOARD_USBIP_PROTO_H

#include <stddef.h>
#include <stdint.h>

enum {
    GLB_USBIP_PORT = 3240,
    GLB_USBIP_OP_BYTES = 8,       /* of the messages before a device is attached */
    GLB_USBIP_BUSID = 32,         /* what an import request has behind them */
    GLB_USBIP_DEVICE_BYTES = 312, /* a device in a reply */
    GLB_USBIP_HEADER = 48,        /* of every message of an attached device */
    GLB_USBIP_MAX_TRANSFER = 16 << 20
};

enum glb_usbip_op { GLB_USBIP_OP_BAD, GLB_USBIP_OP_LIST, GLB_USBIP_OP_IMPORT };
enum glb_usbip_command { GLB_USBIP_BAD, GLB_USBIP_SUBMIT, GLB_USBIP_UNLINK };

enum glb_usbip_op glb_usbip_parse_op(const uint8_t b[GLB_USBIP_OP_BYTES]);

struct glb_usbip_message {
    enum glb_usbip_command command;
    uint32_t seq, device; /* device: bus << 16 | address */
    int in, ep;
    int length; /* of the transfer's buffer; an OUT submit has that many bytes behind it */
    uint8_t setup[8];
    uint32_t unlink; /* seq of the submit to take back */
};

/* command GLB_USBIP_BAD if these are no legal bytes: the stream cannot be resynchronised. */
void glb_usbip_parse(const uint8_t b[GLB_USBIP_HEADER], struct glb_usbip_message *m);

/* A device in USB/IP's replies: descriptors' fields and place. */
struct glb_usbip_device {
    const char *busid;
    int bus, address, speed;
    const uint8_t *device, *configuration; /* descriptors */
};

/* Length of the reply; `list` adds what a list has in addition. status 0 good, 1 bad. */
size_t glb_usbip_put_device(uint8_t *out, const struct glb_usbip_device *d, int list);
enum { GLB_USBIP_REPLY_MAX = GLB_USBIP_OP_BYTES + 4 + GLB_USBIP_DEVICE_BYTES + 4 };
size_t glb_usbip_put_refusal(uint8_t *out);
void glb_usbip_put_submitted(uint8_t out[GLB_USBIP_HEADER], uint32_t seq, int status, int actual);
void glb_usbip_put_unlinked(uint8_t out[GLB_USBIP_HEADER], uint32_t seq, int status);

#endif
