/* The emulated board as a USB device: standard requests, and the byte protocol's emulator behind
 * the bulk endpoints. SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "array/array.h"
#include "transports/transports.h"
#include "transports/usb_ids.h"
#include "usb_board/descriptors.h"
#include "usb_board/device.h"

struct emu {
    char array[32], serial[32];
    int speed, configured;
    int halted[2]; /* OUT, IN */
    struct glb_transport board;
    int open;
};

/* Configuring resets what is behind the endpoints, as it does on a board. */
static int configure(struct emu *e, int value) {
    if (value != 0 && value != GLB_USB_CONFIGURATION)
        return GLB_USB_STALL;
    if (e->open)
        e->board.close(e->board.self);
    e->open = 0;
    e->halted[0] = e->halted[1] = 0;
    e->configured = value;
    if (value && glb_emu_port_open(e->array, NULL, &e->board) != GLB_OK)
        return GLB_USB_STALL;
    e->open = value != 0;
    return 0;
}

/* The bulk endpoint that wIndex names: 0 OUT, 1 IN, or -1. */
static int which_endpoint(const struct emu *e, int index) {
    if (!e->configured || (index & 0x7f) != GLB_USB_EP)
        return -1;
    return index >> 7 & 1;
}

static int get_status(const struct emu *e, int recipient, int index, uint8_t *data, int length) {
    uint8_t status[2] = {0, 0};
    if (recipient == GLB_USB_TO_ENDPOINT && (index & 0x7f) != 0) {
        const int ep = which_endpoint(e, index);
        if (ep < 0)
            return GLB_USB_STALL;
        status[0] = (uint8_t)e->halted[ep];
    } else if (recipient == GLB_USB_TO_INTERFACE &&
               (!e->configured || index != GLB_USB_INTERFACE)) {
        return GLB_USB_STALL;
    }
    const int n = length < 2 ? length : 2;
    memcpy(data, status, (size_t)n);
    return n;
}

static int set_halt(struct emu *e, int value, int recipient, int index, int halt) {
    const int ep = which_endpoint(e, index);
    if (recipient != GLB_USB_TO_ENDPOINT || value != GLB_USB_ENDPOINT_HALT)
        return GLB_USB_STALL;
    if ((index & 0x7f) == 0)
        return 0;
    if (ep < 0)
        return GLB_USB_STALL;
    e->halted[ep] = halt;
    return 0;
}

static int answer(const uint8_t *from, int n, uint8_t *data, int length) {
    if (n < 0)
        return GLB_USB_STALL;
    n = n < length ? n : length;
    memcpy(data, from, (size_t)n);
    return n;
}

static int control(void *self, const uint8_t setup[8], uint8_t *data, int length) {
    struct emu *e = self;
    const int type = setup[0], request = setup[1], recipient = type & GLB_USB_RECIPIENT;
    const int value = setup[2] | setup[3] << 8, index = setup[4] | setup[5] << 8;
    uint8_t buf[GLB_USB_DESCRIPTOR_MAX];
    const uint8_t now = (uint8_t)e->configured, alternate = 0;
    if ((type & GLB_USB_TYPE) == GLB_USB_VENDOR)
        return type & GLB_USB_DEVICE_TO_HOST && request == GLB_USB_MS_REQUEST
                   ? answer(buf, glb_usb_ms_descriptor(index, buf), data, length)
                   : GLB_USB_STALL;
    if (type & GLB_USB_TYPE)
        return GLB_USB_STALL;
    switch (type & GLB_USB_DEVICE_TO_HOST ? request : request | 0x100) {
    case GLB_USB_GET_STATUS:
        return get_status(e, recipient, index, data, length);
    case GLB_USB_GET_DESCRIPTOR:
        return answer(buf, glb_usb_descriptor(value >> 8, value & 255, e->speed, e->serial, buf),
                      data, length);
    case GLB_USB_GET_CONFIGURATION:
        return answer(&now, 1, data, length);
    case GLB_USB_GET_INTERFACE:
        return answer(&alternate, e->configured && index == GLB_USB_INTERFACE ? 1 : -1, data,
                      length);
    case GLB_USB_CLEAR_FEATURE | 0x100:
        return set_halt(e, value, recipient, index, 0);
    case GLB_USB_SET_FEATURE | 0x100:
        return set_halt(e, value, recipient, index, 1);
    case GLB_USB_SET_ADDRESS | 0x100:
        return 0;
    case GLB_USB_SET_CONFIGURATION | 0x100:
        return configure(e, value);
    case GLB_USB_SET_INTERFACE | 0x100:
        return e->configured && index == GLB_USB_INTERFACE && value == 0 ? 0 : GLB_USB_STALL;
    default:
        return GLB_USB_STALL;
    }
}

static int out(void *self, int ep, const uint8_t *bytes, size_t n, size_t *taken) {
    struct emu *e = self;
    size_t got;
    *taken = 0;
    if (ep != GLB_USB_EP || !e->open || e->halted[0])
        return GLB_USB_STALL;
    return e->board.exchange(e->board.self, bytes, n, taken, NULL, 0, &got) ? GLB_USB_ERROR : 0;
}

static int in(void *self, int ep, uint8_t *bytes, size_t n, size_t *got, int *ended) {
    struct emu *e = self;
    size_t sent;
    *got = 0;
    *ended = 0;
    if (ep != GLB_USB_EP || !e->open || e->halted[1])
        return GLB_USB_STALL;
    if (e->board.exchange(e->board.self, NULL, 0, &sent, bytes, n, got))
        return GLB_USB_ERROR;
    *ended = *got > 0;
    return 0;
}

static void close_emu(void *self) {
    struct emu *e = self;
    if (e->open)
        e->board.close(e->board.self);
    free(e);
}

enum glb_status glb_usb_device_emu_open(const char *array, const char *serial, int speed,
                                        struct glb_usb_device *to) {
    struct emu *e = calloc(1, sizeof *e);
    if (!e)
        return glb_fail(GLB_ERR_MEMORY, "no memory for an emulated board");
    const struct glb_array *known;
    if (glb_array_require(array, &known)) {
        free(e);
        return GLB_ERR_ARGUMENT;
    }
    if (strlen(serial) >= sizeof e->serial) {
        const enum glb_status s = glb_fail(
            GLB_ERR_ARGUMENT, "serial number %s: longer than %zu characters; choose a shorter one",
            serial, sizeof e->serial - 1);
        free(e);
        return s;
    }
    snprintf(e->array, sizeof e->array, "%s", array);
    snprintf(e->serial, sizeof e->serial, "%s", serial);
    e->speed = speed;
    to->control = control;
    to->out = out;
    to->in = in;
    to->close = close_emu;
    to->speed = speed;
    to->self = e;
    return GLB_OK;
}
