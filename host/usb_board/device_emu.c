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

/* What a request is for: none of these if it is not there. Outside a configuration there are only
 * the device and endpoint 0. */
enum target { NOTHING, DEVICE, INTERFACE, ENDPOINT_0, ENDPOINT_OUT, ENDPOINT_IN };

static enum target target(const struct emu *e, int recipient, int index) {
    if (recipient == GLB_USB_TO_DEVICE)
        return DEVICE;
    if (recipient == GLB_USB_TO_INTERFACE)
        return e->configured && index == GLB_USB_INTERFACE ? INTERFACE : NOTHING;
    if (recipient != GLB_USB_TO_ENDPOINT)
        return NOTHING;
    switch (index & ~GLB_USB_DEVICE_TO_HOST) {
    case 0:
        return ENDPOINT_0;
    case GLB_USB_EP:
        return !e->configured                   ? NOTHING
               : index & GLB_USB_DEVICE_TO_HOST ? ENDPOINT_IN
                                                : ENDPOINT_OUT;
    default:
        return NOTHING;
    }
}

static int set_halt(struct emu *e, enum target to, int feature, int halt) {
    if (to < ENDPOINT_0 || feature != GLB_USB_ENDPOINT_HALT)
        return GLB_USB_STALL;
    if (to != ENDPOINT_0)
        e->halted[to == ENDPOINT_IN] = halt;
    return 0;
}

static int answer(const uint8_t *from, int n, uint8_t *data, int length) {
    if (n < 0)
        return GLB_USB_STALL;
    n = n < length ? n : length;
    memcpy(data, from, (size_t)n);
    return n;
}

/* Requests that read. wIndex is a language where `to` does not depend on it. */
static int get(const struct emu *e, int request, enum target to, int value, uint8_t *data,
               int length) {
    uint8_t buf[GLB_USB_DESCRIPTOR_MAX] = {0};
    switch (request) {
    case GLB_USB_GET_STATUS:
        if (to == ENDPOINT_OUT || to == ENDPOINT_IN)
            buf[0] = (uint8_t)e->halted[to == ENDPOINT_IN];
        return answer(buf, to == NOTHING ? -1 : 2, data, length);
    case GLB_USB_GET_DESCRIPTOR:
        return answer(buf,
                      to == DEVICE
                          ? glb_usb_descriptor(value >> 8, value & 255, e->speed, e->serial, buf)
                          : -1,
                      data, length);
    case GLB_USB_GET_CONFIGURATION:
        buf[0] = (uint8_t)e->configured;
        return answer(buf, to == DEVICE ? 1 : -1, data, length);
    case GLB_USB_GET_INTERFACE:
        return answer(buf, to == INTERFACE ? 1 : -1, data, length);
    default:
        return GLB_USB_STALL;
    }
}

/* Requests that write; none of them has data. */
static int set(struct emu *e, int request, enum target to, int value) {
    switch (request) {
    case GLB_USB_CLEAR_FEATURE:
        return set_halt(e, to, value, 0);
    case GLB_USB_SET_FEATURE:
        return set_halt(e, to, value, 1);
    case GLB_USB_SET_ADDRESS: /* the address is the host controller's affair */
        return to == DEVICE && value < 128 ? 0 : GLB_USB_STALL;
    case GLB_USB_SET_CONFIGURATION:
        return to == DEVICE ? configure(e, value) : GLB_USB_STALL;
    case GLB_USB_SET_INTERFACE:
        return to == INTERFACE && value == 0 ? 0 : GLB_USB_STALL;
    default:
        return GLB_USB_STALL;
    }
}

static int control(void *self, const uint8_t setup[8], uint8_t *data, int length) {
    struct emu *e = self;
    const int type = setup[0], request = setup[1], in = type & GLB_USB_DEVICE_TO_HOST;
    const int value = setup[2] | setup[3] << 8, index = setup[4] | setup[5] << 8,
              asked = setup[6] | setup[7] << 8;
    uint8_t buf[GLB_USB_DESCRIPTOR_MAX];
    if (length > asked)
        length = asked;
    if ((type & GLB_USB_TYPE) == GLB_USB_VENDOR)
        return in && request == GLB_USB_MS_REQUEST
                   ? answer(buf, glb_usb_ms_descriptor(index, buf), data, length)
                   : GLB_USB_STALL;
    const enum target to = target(e, type & GLB_USB_RECIPIENT, index);
    if (type & GLB_USB_TYPE || (!in && asked))
        return GLB_USB_STALL;
    return in ? get(e, request, to, value, data, length) : set(e, request, to, value);
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
