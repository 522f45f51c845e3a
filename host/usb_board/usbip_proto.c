/* Messages of USB/IP. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/usbip_proto.h"

#include <string.h>

enum {
    VERSION = 0x0111,
    REQ_LIST = 0x8005,
    REQ_IMPORT = 0x8003,
    REP_LIST = 0x0005,
    REP_IMPORT = 0x0003,
    CMD_SUBMIT = 1,
    CMD_UNLINK = 2,
    RET_SUBMIT = 3,
    RET_UNLINK = 4,
    PATH_BYTES = 256
};

static uint32_t get(const uint8_t *p, int bytes) {
    uint32_t v = 0;
    while (bytes--)
        v = v << 8 | *p++;
    return v;
}

static uint8_t *put(uint8_t *p, uint32_t v, int bytes) {
    for (int i = bytes - 1; i >= 0; i--)
        *p++ = (uint8_t)(v >> 8 * i);
    return p;
}

enum glb_usbip_op glb_usbip_parse_op(const uint8_t b[GLB_USBIP_OP_BYTES]) {
    if (get(b, 2) >> 8 != VERSION >> 8)
        return GLB_USBIP_OP_BAD;
    switch (get(b + 2, 2)) {
    case REQ_LIST:
        return GLB_USBIP_OP_LIST;
    case REQ_IMPORT:
        return GLB_USBIP_OP_IMPORT;
    default:
        return GLB_USBIP_OP_BAD;
    }
}

void glb_usbip_parse(const uint8_t b[GLB_USBIP_HEADER], struct glb_usbip_message *m) {
    const uint32_t command = get(b, 4), direction = get(b + 12, 4), ep = get(b + 16, 4),
                   length = get(b + 24, 4);
    *m = (struct glb_usbip_message){.seq = get(b + 4, 4), .device = get(b + 8, 4)};
    if (command == CMD_UNLINK) {
        m->command = GLB_USBIP_UNLINK;
        m->unlink = get(b + 20, 4);
        return;
    }
    if (command != CMD_SUBMIT || direction > 1 || ep > 15 || length > GLB_USBIP_MAX_TRANSFER)
        return;
    m->command = GLB_USBIP_SUBMIT;
    m->in = (int)direction;
    m->ep = (int)ep;
    m->length = (int)length;
    memcpy(m->setup, b + 40, sizeof m->setup);
}

static uint8_t *put_op(uint8_t *p, int code, uint32_t status) {
    p = put(p, VERSION, 2);
    p = put(p, (uint32_t)code, 2);
    return put(p, status, 4);
}

size_t glb_usbip_put_refusal(uint8_t *out) {
    return (size_t)(put_op(out, REP_IMPORT, 1) - out);
}

size_t glb_usbip_put_device(uint8_t *out, const struct glb_usbip_device *d, int list) {
    uint8_t *p = put_op(out, list ? REP_LIST : REP_IMPORT, 0);
    if (list)
        p = put(p, 1, 4);
    memset(p, 0, PATH_BYTES + GLB_USBIP_BUSID);
    strncpy((char *)p, "/sys/devices/glauber", PATH_BYTES - 1);
    strncpy((char *)p + PATH_BYTES, d->busid, GLB_USBIP_BUSID - 1);
    p += PATH_BYTES + GLB_USBIP_BUSID;
    p = put(p, (uint32_t)d->bus, 4);
    p = put(p, (uint32_t)d->address, 4);
    p = put(p, (uint32_t)d->speed, 4);
    for (int i = 8; i <= 12; i += 2) /* vendor, product, release: little-endian in descriptors */
        p = put(p, (uint32_t)d->device[i] | (uint32_t)d->device[i + 1] << 8, 2);
    p = put(p, get(d->device + 4, 3), 3); /* class, subclass, protocol */
    p = put(p, d->configuration[5], 1);   /* bConfigurationValue */
    p = put(p, d->device[17], 1);         /* bNumConfigurations */
    p = put(p, d->configuration[4], 1);   /* bNumInterfaces */
    if (list)
        p = put(p, get(d->configuration + 9 + 5, 3) << 8, 4); /* the interface's class and so on */
    return (size_t)(p - out);
}

void glb_usbip_put_submitted(uint8_t out[GLB_USBIP_HEADER], uint32_t seq, int status, int actual) {
    memset(out, 0, GLB_USBIP_HEADER);
    put(out, RET_SUBMIT, 4);
    put(out + 4, seq, 4);
    put(out + 20, (uint32_t)status, 4);
    put(out + 24, (uint32_t)actual, 4);
}

void glb_usbip_put_unlinked(uint8_t out[GLB_USBIP_HEADER], uint32_t seq, int status) {
    memset(out, 0, GLB_USBIP_HEADER);
    put(out, RET_UNLINK, 4);
    put(out + 4, seq, 4);
    put(out + 20, (uint32_t)status, 4);
}
