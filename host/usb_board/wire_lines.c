/* A host's wires up to a board's D+ and D-: full speed, NRZI, stuffed bits, four ticks to a bit.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "usb_board/wire.h"

enum { BIT = 4, GAP_BITS = 3, TIMEOUT_BITS = 18, MAX_PACKET = 128 };

struct lines {
    struct glb_usb_wire *wire;
    struct glb_usb_lines pins;
    int level; /* NRZI: the last state was J */
    uint64_t free_at;
};

static void tick(struct lines *u) {
    u->wire->board.lines(u->wire->board.sim, &u->pins);
    u->wire->now++;
}

static void set_line(struct lines *u, enum glb_usb_line line) {
    u->pins.dp = line == GLB_USB_LINE_J;
    u->pins.dn = line == GLB_USB_LINE_K;
}

static void drive(void *self, enum glb_usb_line line, uint64_t ticks) {
    struct lines *u = self;
    set_line(u, line);
    while (ticks--)
        tick(u);
}

static void idle(void *self, uint64_t ticks) {
    drive(self, GLB_USB_LINE_J, ticks);
}

static void put_bit(struct lines *u, int bit) {
    u->level ^= !bit;
    drive(u, u->level ? GLB_USB_LINE_J : GLB_USB_LINE_K, BIT);
}

static void send(struct lines *u, const uint8_t *out, int n) {
    int ones = 0;
    while (u->wire->now < u->free_at + BIT * GAP_BITS)
        tick(u);
    u->level = 1;
    for (int i = 0; i < 8; i++)
        put_bit(u, i == 7);
    ones = 1;
    for (int i = 0; i < 8 * n; i++) {
        const int bit = out[i / 8] >> i % 8 & 1;
        put_bit(u, bit);
        ones = bit ? ones + 1 : 0;
        if (ones == 6) {
            put_bit(u, 0);
            ones = 0;
        }
    }
    drive(u, GLB_USB_LINE_SE0, 2 * BIT);
    u->free_at = u->wire->now;
    drive(u, GLB_USB_LINE_J, BIT);
}

/* What the board drives: J, K or SE0, sampled in the middle of a bit whose edges the transitions
 * give. */
static int sample(struct lines *u, int *before, int *phase) {
    for (;;) {
        /* the host sees the board's own levels while it drives */
        if (u->pins.oe) {
            u->pins.dp = u->pins.out_dp;
            u->pins.dn = u->pins.out_dn;
        } else {
            set_line(u, GLB_USB_LINE_J);
        }
        tick(u);
        if (!u->pins.oe)
            return -1;
        const int now = u->pins.out_dp | u->pins.out_dn << 1;
        *phase = now == *before ? (*phase + 1) % BIT : 0;
        *before = now;
        if (*phase == BIT / 2 - 1)
            return now;
    }
}

static int receive(struct lines *u, uint8_t *in, int max) {
    int before = GLB_USB_LINE_J, phase = 0, last = GLB_USB_LINE_J, ones = 0, bits = 0, synced = 0;
    uint8_t history = 0, bytes[MAX_PACKET] = {0};
    for (;;) {
        const int now = sample(u, &before, &phase);
        if (now < 0 || now == 3)
            return -1; /* it let go without an end of packet, or drove nonsense */
        if (now == GLB_USB_LINE_SE0)
            break;
        const int bit = now == last;
        last = now;
        if (!synced) {
            history = (uint8_t)(history << 1 | bit);
            synced = (history & 7) == 1;
            ones = synced;
            continue;
        }
        if (ones == 6) { /* a stuffed bit */
            ones = 0;
            if (bit)
                return -1;
            continue;
        }
        ones = bit ? ones + 1 : 0;
        if (bits < 8 * MAX_PACKET && bit)
            bytes[bits / 8] |= (uint8_t)(1 << bits % 8);
        bits++;
    }
    while (u->pins.oe)
        sample(u, &before, &phase);
    set_line(u, GLB_USB_LINE_J);
    u->free_at = u->wire->now;
    if (bits % 8 || bits / 8 > max || bits > 8 * MAX_PACKET)
        return -1;
    memcpy(in, bytes, (size_t)bits / 8);
    return bits / 8;
}

static int transact(void *self, const uint8_t *out, int n, uint8_t *in, int max) {
    struct lines *u = self;
    if (n)
        send(u, out, n);
    if (!max)
        return 0;
    const uint64_t ended = u->free_at;
    for (int i = 0; i < BIT * TIMEOUT_BITS && !u->pins.oe; i++)
        tick(u);
    if (!u->pins.oe) {
        u->free_at = u->wire->now;
        return 0;
    }
    if (u->wire->now - ended > u->wire->longest_gap)
        u->wire->longest_gap = u->wire->now - ended;
    return receive(u, in, max);
}

static int pulled_up(void *self) {
    return ((struct lines *)self)->pins.pullup;
}

static void power(void *self, int on) {
    (void)self, (void)on;
}

static int chirping(void *self) {
    (void)self;
    return 0; /* full speed only */
}

static void set_speed(void *self, int high) {
    (void)self, (void)high;
}

enum glb_status wire_lines(struct glb_usb_wire *w) {
    struct lines *u = calloc(1, sizeof *u);
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for simulated lines");
    u->wire = w;
    w->transact = transact;
    w->idle = idle;
    w->drive = drive;
    w->pulled_up = pulled_up;
    w->power = power;
    w->chirping = chirping;
    w->set_speed = set_speed;
    w->ticks_a_us = 48;
    w->self = u;
    return GLB_OK;
}
