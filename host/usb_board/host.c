/* A USB host's transactions. SPDX-License-Identifier: Apache-2.0 */
#include "usb_board/host.h"

#include <string.h>
#include "usb_board/packet.h"

enum {
    EP0_PACKET = 64,
    RETRIES = 3,
    NAK_LIMIT = 2000, /* of a control transfer */
    OVERHEAD = 120,   /* bytes' time of a transaction besides its data, at high speed */
    DATA_MAX = 1100
};

int glb_usb_host_packet_size(const struct glb_usb_host *h) {
    return h->high ? 512 : 64;
}

/* ---- frames ---- */

static double us(const struct glb_usb_host *h, double t) {
    return t * h->w->ticks_a_us;
}

static uint64_t frame_ticks(const struct glb_usb_host *h) {
    return (uint64_t)us(h, h->high ? 125 : 1000);
}

static void start_of_frame(struct glb_usb_host *h) {
    uint8_t sof[3];
    if (h->w->now < h->next_frame)
        h->w->idle(h->w->self, h->next_frame - h->w->now);
    h->next_frame += frame_ticks(h);
    if (h->next_frame < h->w->now)
        h->next_frame = h->w->now + frame_ticks(h);
    glb_usb_start_of_frame(sof, h->high ? h->frame >> 3 : h->frame);
    h->frame++;
    h->w->transact(h->w->self, sof, 3, NULL, 0);
}

void glb_usb_host_frame(struct glb_usb_host *h, int bytes) {
    const double byte_us = h->high ? 1 / 60.0 : 8 / 12.0;
    const double need = (bytes * 1.03 + (h->high ? OVERHEAD : 16)) * byte_us;
    if (h->w->now >= h->next_frame || (double)(h->next_frame - h->w->now) < us(h, need))
        start_of_frame(h);
}

void glb_usb_host_idle(struct glb_usb_host *h, double t) {
    const uint64_t end = h->w->now + (uint64_t)us(h, t);
    while (h->next_frame <= end)
        start_of_frame(h);
    if (h->w->now < end)
        h->w->idle(h->w->self, end - h->w->now);
}

/* ---- reset ---- */

int glb_usb_host_reset(struct glb_usb_host *h, int want_high) {
    struct glb_usb_wire *w = h->w;
    const uint64_t limit = w->now + (uint64_t)us(h, 20000);
    int chirped = 0;
    /* At high speed a board takes 3 ms of silence to distinguish a reset from suspending. */
    do
        w->drive(w->self, GLB_USB_LINE_SE0, (uint64_t)us(h, 100));
    while (!(chirped = w->chirping(w->self)) &&
           w->now + (uint64_t)us(h, h->high ? 14000 : 19000) < limit);
    if (chirped) {
        while (w->chirping(w->self))
            w->drive(w->self, GLB_USB_LINE_SE0, (uint64_t)us(h, 10));
        for (int i = 0; want_high && i < 6; i++) {
            w->drive(w->self, GLB_USB_LINE_K, (uint64_t)us(h, 50));
            w->drive(w->self, GLB_USB_LINE_J, (uint64_t)us(h, 50));
        }
        if (!want_high)
            w->drive(w->self, GLB_USB_LINE_SE0, (uint64_t)us(h, 4000));
    }
    h->high = chirped && want_high;
    w->set_speed(w->self, h->high);
    h->address = 0;
    h->toggle_out = h->toggle_in = h->ping = 0;
    w->idle(w->self, (uint64_t)us(h, 50));
    h->next_frame = w->now;
    glb_usb_host_idle(h, 300);
    return GLB_USB_OK;
}

int glb_usb_host_attach(struct glb_usb_host *h, struct glb_usb_wire *w) {
    *h = (struct glb_usb_host){.w = w};
    w->set_speed(w->self, 0);
    /* in short steps: the pull-up ends SE0, and 5 us of it would be a reset */
    for (long t = 0; !w->pulled_up(w->self); t++) {
        if (t == 100000)
            return GLB_USB_ERROR;
        w->drive(w->self, GLB_USB_LINE_SE0, (uint64_t)us(h, 1));
    }
    /* the connection settles before the first reset; silence of 3 ms would suspend the board */
    w->idle(w->self, (uint64_t)us(h, 2000));
    return glb_usb_host_reset(h, 1);
}

/* ---- transactions ---- */

/* OUT or SETUP: token, data, handshake. */
static int send_once(struct glb_usb_host *h, int pid, int ep, int toggle, const uint8_t *bytes,
                     int n) {
    uint8_t token[3], data[DATA_MAX], answer[8];
    glb_usb_host_frame(h, n);
    glb_usb_token(token, pid, h->address, ep);
    h->w->transact(h->w->self, token, 3, NULL, 0);
    const int size = glb_usb_data(data, toggle ? GLB_PID_DATA1 : GLB_PID_DATA0, bytes, n);
    const int got = h->w->transact(h->w->self, data, size, answer, sizeof answer);
    return got == 1 && answer[0] == glb_usb_pid_byte(answer[0] & 15) ? answer[0] & 15 : -1;
}

/* IN: token, data, handshake. The PID, or -1. */
static int receive_once(struct glb_usb_host *h, int ep, uint8_t *bytes, int max, int *got) {
    uint8_t token[3], data[DATA_MAX];
    const uint8_t ack = glb_usb_pid_byte(GLB_PID_ACK);
    glb_usb_host_frame(h, max);
    glb_usb_token(token, GLB_PID_IN, h->address, ep);
    const int n = h->w->transact(h->w->self, token, 3, data, max + 3);
    *got = 0;
    if (n == 1 && data[0] == glb_usb_pid_byte(data[0] & 15))
        return data[0] & 15;
    if (n <= 0 || !glb_usb_data_intact(data, n))
        return -1;
    *got = n - 3;
    memcpy(bytes, data + 1, (size_t)*got);
    h->w->transact(h->w->self, &ack, 1, NULL, 0);
    return data[0] & 15;
}

static int ping_once(struct glb_usb_host *h, int ep) {
    uint8_t token[3], answer[8];
    glb_usb_host_frame(h, 0);
    glb_usb_token(token, GLB_PID_PING, h->address, ep);
    const int got = h->w->transact(h->w->self, token, 3, answer, sizeof answer);
    return got == 1 ? answer[0] & 15 : -1;
}

int glb_usb_host_out(struct glb_usb_host *h, const uint8_t *bytes, int n) {
    for (int bad = 0; bad < RETRIES; bad++) {
        int pid = GLB_PID_ACK;
        if (h->ping && h->high)
            pid = ping_once(h, 1);
        if (pid == GLB_PID_ACK) {
            h->ping = 0;
            pid = send_once(h, GLB_PID_OUT, 1, h->toggle_out, bytes, n);
        }
        switch (pid) {
        case GLB_PID_ACK:
        case GLB_PID_NYET:
            h->ping = pid == GLB_PID_NYET;
            h->toggle_out ^= 1;
            h->packets_out++;
            return GLB_USB_OK;
        case GLB_PID_NAK:
            h->ping = 1;
            h->naks++;
            return GLB_USB_NAK;
        case GLB_PID_STALL:
            return GLB_USB_STALL;
        default:
            h->retries++;
            h->ping = h->high;
        }
    }
    return GLB_USB_ERROR;
}

int glb_usb_host_in(struct glb_usb_host *h, uint8_t *bytes, int max, int *got) {
    for (int bad = 0; bad < RETRIES; bad++) {
        const int pid = receive_once(h, 1, bytes, max, got);
        if (pid == GLB_PID_DATA0 || pid == GLB_PID_DATA1) {
            if ((pid == GLB_PID_DATA1) != h->toggle_in)
                continue; /* sent again because our ACK was lost */
            h->toggle_in ^= 1;
            h->packets_in++;
            return GLB_USB_OK;
        }
        if (pid == GLB_PID_NAK) {
            h->naks++;
            return GLB_USB_NAK;
        }
        if (pid == GLB_PID_STALL)
            return GLB_USB_STALL;
        h->retries++;
    }
    return GLB_USB_ERROR;
}

/* ---- control transfers ---- */

static int control_in(struct glb_usb_host *h, uint8_t *data, int length, int *toggle, int *got) {
    for (int bad = 0, naks = 0; bad < RETRIES && naks < NAK_LIMIT;) {
        const int pid = receive_once(h, 0, data, length < EP0_PACKET ? length : EP0_PACKET, got);
        if (pid == GLB_PID_NAK) {
            naks++;
        } else if (pid == GLB_PID_STALL) {
            return GLB_USB_STALL;
        } else if (pid == (*toggle ? GLB_PID_DATA1 : GLB_PID_DATA0)) {
            *toggle ^= 1;
            return GLB_USB_OK;
        } else {
            bad++;
            h->retries++;
        }
    }
    return GLB_USB_ERROR;
}

static int control_out(struct glb_usb_host *h, int pid, int toggle, const uint8_t *data, int n) {
    for (int bad = 0, naks = 0; bad < RETRIES && naks < NAK_LIMIT;) {
        const int answer = send_once(h, pid, 0, toggle, data, n);
        if (answer == GLB_PID_NAK) {
            naks++;
        } else if (answer == GLB_PID_STALL) {
            return GLB_USB_STALL;
        } else if (answer == GLB_PID_ACK) {
            return GLB_USB_OK;
        } else {
            bad++;
            h->retries++;
        }
    }
    return GLB_USB_ERROR;
}

/* Requests that set the board's toggles to DATA0. */
static void follow_toggles(struct glb_usb_host *h, const uint8_t setup[8]) {
    const int type = setup[0], request = setup[1];
    if (type == 0 && request == GLB_USB_SET_CONFIGURATION)
        h->toggle_out = h->toggle_in = h->ping = 0;
    if (type == GLB_USB_TO_INTERFACE && request == GLB_USB_SET_INTERFACE)
        h->toggle_out = h->toggle_in = 0;
    if (type == GLB_USB_TO_ENDPOINT && request == GLB_USB_CLEAR_FEATURE &&
        setup[2] == GLB_USB_ENDPOINT_HALT)
        *(setup[4] & GLB_USB_DEVICE_TO_HOST ? &h->toggle_in : &h->toggle_out) = 0;
}

int glb_usb_host_control(struct glb_usb_host *h, const uint8_t setup[8], uint8_t *data,
                         int length) {
    const int in = setup[0] & GLB_USB_DEVICE_TO_HOST;
    int moved = 0, toggle = 1, n = 0;
    uint8_t none[EP0_PACKET];
    int e = control_out(h, GLB_PID_SETUP, 0, setup, 8);
    while (!e && in && moved < length) {
        e = control_in(h, data + moved, length - moved, &toggle, &n);
        moved += n;
        if (n < EP0_PACKET)
            break;
    }
    while (!e && !in && moved < length) {
        n = length - moved < EP0_PACKET ? length - moved : EP0_PACKET;
        e = control_out(h, GLB_PID_OUT, toggle, data + moved, n);
        toggle ^= 1;
        moved += n;
    }
    if (!e) {
        toggle = 1;
        e = in && length ? control_out(h, GLB_PID_OUT, 1, NULL, 0)
                         : control_in(h, none, 0, &toggle, &n);
    }
    if (e)
        return e;
    follow_toggles(h, setup);
    return moved;
}

int glb_usb_host_set_address(struct glb_usb_host *h, int address) {
    const uint8_t setup[8] = {0, GLB_USB_SET_ADDRESS, (uint8_t)address};
    uint8_t none[1];
    const int e = glb_usb_host_control(h, setup, none, 0);
    if (e >= 0) {
        h->address = address;
        glb_usb_host_idle(h, 2000);
    }
    return e;
}
