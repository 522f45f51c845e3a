/* The simulated board as a USB device: its gateware, driven at the USB pins.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "transports/usb_ids.h"
#include "usb_board/device.h"
#include "usb_board/host.h"

enum { POLLS = 40, ADDRESS = 5 };
static const double CORE_MHZ = 100;

struct sim {
    struct glb_usb_wire wire;
    struct glb_usb_host host;
};

static int control(void *self, const uint8_t setup[8], uint8_t *data, int length) {
    struct sim *s = self;
    if (setup[0] == 0 && setup[1] == GLB_USB_SET_ADDRESS)
        return 0; /* the board keeps the address that it was given here */
    return glb_usb_host_control(&s->host, setup, data, length);
}

static int out(void *self, int ep, const uint8_t *bytes, size_t n, size_t *taken) {
    struct sim *s = self;
    const size_t packet = (size_t)glb_usb_host_packet_size(&s->host);
    *taken = 0;
    if (ep != GLB_USB_EP)
        return GLB_USB_STALL;
    for (int naks = 0; naks < POLLS && (*taken < n || n == 0);) {
        const size_t part = n - *taken < packet ? n - *taken : packet;
        const int e = glb_usb_host_out(&s->host, bytes + *taken, (int)part);
        if (e < 0)
            return e;
        if (e == GLB_USB_NAK) {
            naks++;
            continue;
        }
        *taken += part;
        if (n == 0)
            break;
    }
    return 0;
}

static int in(void *self, int ep, uint8_t *bytes, size_t n, size_t *got, int *ended) {
    struct sim *s = self;
    const int packet = glb_usb_host_packet_size(&s->host);
    uint8_t one[512];
    *got = 0;
    *ended = 0;
    if (ep != GLB_USB_EP)
        return GLB_USB_STALL;
    for (int naks = 0; naks < POLLS && *got < n;) {
        int size;
        const int e = glb_usb_host_in(&s->host, one, packet, &size);
        if (e < 0)
            return e;
        if (e == GLB_USB_NAK) {
            naks++;
            if (*got)
                break;
            continue;
        }
        if ((size_t)size > n - *got)
            return GLB_USB_BABBLE;
        memcpy(bytes + *got, one, (size_t)size);
        *got += (size_t)size;
        if (size < packet) {
            *ended = 1;
            break;
        }
    }
    return 0;
}

static void close_sim(void *self) {
    struct sim *s = self;
    glb_usb_wire_close(&s->wire);
    free(s);
}

enum glb_status glb_usb_device_sim_open(const char *array, int speed, struct glb_usb_device *to) {
    struct sim *s = calloc(1, sizeof *s);
    if (!s)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a simulated board");
    enum glb_status st = glb_usb_wire_open(array, speed == GLB_USB_HIGH_SPEED, CORE_MHZ, &s->wire);
    if (st) {
        free(s);
        return st;
    }
    if (glb_usb_host_attach(&s->host, &s->wire) < 0 ||
        glb_usb_host_set_address(&s->host, ADDRESS) < 0)
        st = glb_fail(GLB_ERR_DEVICE, "the simulated board of array %s does not enumerate", array);
    if (st) {
        close_sim(s);
        return st;
    }
    *to = (struct glb_usb_device){
        control, out, in, close_sim, s->host.high ? GLB_USB_HIGH_SPEED : GLB_USB_FULL_SPEED, s};
    return GLB_OK;
}
