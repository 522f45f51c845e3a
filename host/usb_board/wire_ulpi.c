/* A host's wires up to a board's ULPI pins: a PHY (ULPI 1.1, 60 MHz, 8 bits) and the bus behind it.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include "usb_board/wire.h"

enum {
    RX_LATENCY = 5, /* clocks that a PHY adds to what it receives (ULPI 1.1: 3 to 8) */
    TX_LATENCY = 2, /* and to what it sends (1 to 2) */
    FUNCTION_CONTROL = 4,
    XCVR_MASK = 3,
    TERM_SELECT = 4,
    RX_ACTIVE = 0x10, /* in an RXCMD */
    VBUS_VALID = 0x0c,
    MAX_PACKET = 1100
};

enum link { LINK_IDLE, LINK_REGISTER, LINK_READ, LINK_SEND };

struct ulpi {
    struct glb_usb_wire *wire;
    struct glb_ulpi pins;
    int high, line, reported; /* line state; the last one reported to the board */
    enum link link;
    int address, wait, stuff, ones; /* of what the board sends */
    int control;                    /* function control register */
    int vbus;                       /* its bits of an RXCMD */
    uint8_t rx[MAX_PACKET];
    int nrx, whole, started; /* a packet of the board: bytes, it has ended, it has begun */
    uint64_t started_at, ended_at;
    uint64_t free_at; /* time on the bus at which the last packet ended */
};

/* Stuffed bits of a byte: one after six ones in a row. */
static int stuffed(int *ones, uint8_t byte) {
    int n = 0;
    for (int i = 0; i < 8; i++) {
        *ones = byte >> i & 1 ? *ones + 1 : 0;
        if (*ones == 6) {
            *ones = 0;
            n++;
        }
    }
    return n;
}

static int byte_clocks(const struct ulpi *u) {
    return u->high ? 1 : 40;
}
static int sync_clocks(const struct ulpi *u) {
    return u->high ? 4 : 40;
}
static int end_clocks(const struct ulpi *u) {
    return u->high ? 1 : 15;
}

static int gap_clocks(const struct ulpi *u) { /* 88 bits, or 3 */
    return u->high ? 11 : 15;
}

/* Whether the PHY takes the next byte in this clock: a stuffed bit costs an eighth of a byte. */
static int paced(struct ulpi *u) {
    if (u->wait > 0) {
        u->wait--;
        return 0;
    }
    return 1;
}

static void took_byte(struct ulpi *u, uint8_t byte) {
    if (u->nrx < MAX_PACKET)
        u->rx[u->nrx++] = byte;
    u->stuff += stuffed(&u->ones, byte);
    u->wait = byte_clocks(u) - 1;
    if (u->high && u->stuff >= 8) {
        u->stuff -= 8;
        u->wait++;
    } else if (!u->high) {
        u->wait += 5 * u->stuff;
        u->stuff = 0;
    }
}

/* A clock in which the board may drive the bus (dir low); what the PHY does next. */
static void listen(struct ulpi *u) {
    struct glb_ulpi *p = &u->pins;
    const int accepted = p->nxt;
    p->nxt = 0;
    switch (u->link) {
    case LINK_IDLE:
        if (!p->oe || p->stp)
            break;
        if ((p->out & 0xc0) == 0x40) {
            u->link = LINK_SEND;
            u->nrx = u->whole = 0;
            u->stuff = u->ones = 0;
            u->started = 1;
            u->started_at = u->wire->now + TX_LATENCY;
            p->nxt = 1;
        } else if ((p->out & 0xc0) == 0x80) {
            u->link = LINK_REGISTER;
            u->address = -1;
            p->nxt = 1;
        } else if ((p->out & 0xc0) == 0xc0) {
            u->link = LINK_READ;
            p->nxt = 1;
        }
        break;
    case LINK_SEND:
        if (p->stp) {
            u->link = LINK_IDLE;
            u->whole = 1;
            u->ended_at = u->wire->now + TX_LATENCY + end_clocks(u);
            break;
        }
        if (accepted && u->nrx == 0) { /* the command: PID, or none while chirping */
            const uint8_t pid = p->out & 15;
            took_byte(u, (uint8_t)(pid | (~pid & 15) << 4));
            u->wait = sync_clocks(u) + byte_clocks(u) - 1;
        } else if (accepted) {
            took_byte(u, p->out);
        }
        p->nxt = (uint8_t)paced(u);
        break;
    case LINK_REGISTER:
        if (p->stp) {
            u->link = LINK_IDLE;
        } else if (accepted && u->address < 0) {
            u->address = p->out & 0x3f;
            p->nxt = 1;
        } else if (accepted && u->address == FUNCTION_CONTROL) {
            u->control = p->out;
        }
        break;
    default: /* nothing reads registers; the command is ended */
        u->link = LINK_IDLE;
    }
}

static void tick(struct ulpi *u) {
    const int dir = u->pins.dir;
    u->wire->board.ulpi(u->wire->board.sim, &u->pins);
    u->wire->now++;
    if (!dir)
        listen(u);
}

/* Clocks in which the PHY has the bus. */
static void phy(struct ulpi *u, int nxt, uint8_t data) {
    u->pins.dir = 1;
    u->pins.nxt = (uint8_t)nxt;
    u->pins.data = data;
    tick(u);
}
static void release(struct ulpi *u) {
    u->pins.dir = 0;
    u->pins.nxt = 0;
    u->pins.data = 0;
    u->link = LINK_IDLE;                               /* what it was about it begins anew */
    u->wire->board.ulpi(u->wire->board.sim, &u->pins); /* turn-round: the bus floats */
    u->wire->now++;
}

static uint8_t rxcmd(const struct ulpi *u, int active) {
    return (uint8_t)(u->line | u->vbus | (active ? RX_ACTIVE : 0));
}

/* Reports a new line state to the board as soon as it does not drive the bus. */
static void report_line(struct ulpi *u) {
    while (u->link != LINK_IDLE)
        tick(u);
    phy(u, 0, 0);
    phy(u, 0, rxcmd(u, 0));
    u->reported = u->line;
    release(u);
}

static void set_line(struct ulpi *u, int line) {
    u->line = line;
    if (u->reported != line)
        report_line(u);
}

static int rest_state(const struct ulpi *u) {
    return u->high ? GLB_USB_LINE_SE0 : GLB_USB_LINE_J;
}

static void idle(void *self, uint64_t ticks) {
    struct ulpi *u = self;
    const uint64_t end = u->wire->now + ticks;
    set_line(u, rest_state(u));
    while (u->wire->now < end)
        tick(u);
}

static void drive(void *self, enum glb_usb_line line, uint64_t ticks) {
    struct ulpi *u = self;
    const uint64_t end = u->wire->now + ticks;
    set_line(u, (int)line);
    while (u->wire->now < end)
        tick(u);
}

/* A packet of the host arrives at the PHY. */
static void send(struct ulpi *u, const uint8_t *out, int n) {
    int ones = 0, bits = 0;
    const uint64_t start = u->free_at + (uint64_t)gap_clocks(u) + RX_LATENCY;
    while (u->link != LINK_IDLE || u->wire->now < start)
        tick(u);
    phy(u, 1, 0); /* turn-round, with the news that a packet begins */
    u->line = GLB_USB_LINE_J;
    for (int i = 0; i < sync_clocks(u); i++)
        phy(u, 0, rxcmd(u, 1));
    for (int i = 0; i < n; i++) {
        bits += stuffed(&ones, out[i]);
        int wait = byte_clocks(u) - 1;
        if (u->high && bits >= 8) {
            wait++;
            bits -= 8;
        } else if (!u->high) {
            wait += 5 * bits;
            bits = 0;
        }
        while (wait--)
            phy(u, 0, rxcmd(u, 1));
        phy(u, 1, out[i]);
    }
    for (int i = 1; i < end_clocks(u); i++)
        phy(u, 0, rxcmd(u, 1));
    u->line = rest_state(u);
    phy(u, 0, rxcmd(u, 0));
    u->reported = u->line;
    release(u);
    u->free_at = u->wire->now - RX_LATENCY; /* on the bus it ended earlier than at the pins */
}

static int transact(void *self, const uint8_t *out, int n, uint8_t *in, int max) {
    struct ulpi *u = self;
    const uint64_t timeout = u->high ? 102 : 90; /* 816 and 18 bit times */
    u->whole = u->started = 0;
    u->nrx = 0;
    if (n)
        send(u, out, n);
    if (!max)
        return 0;
    while (!u->whole && (u->started || u->wire->now - u->free_at < timeout))
        tick(u);
    if (!u->whole) {
        u->free_at = u->wire->now;
        return 0;
    }
    if (u->started_at - u->free_at > u->wire->longest_gap)
        u->wire->longest_gap = u->started_at - u->free_at;
    u->free_at = u->ended_at;
    u->started = u->whole = 0;
    if (u->nrx > max)
        return -1;
    memcpy(in, u->rx, (size_t)u->nrx);
    return u->nrx;
}

static int pulled_up(void *self) {
    return (((struct ulpi *)self)->control & TERM_SELECT) != 0;
}

static void power(void *self, int on) {
    struct ulpi *u = self;
    u->vbus = on ? VBUS_VALID : 0;
    report_line(u);
}

static int chirping(void *self) {
    const struct ulpi *u = self;
    return u->link == LINK_SEND && (u->control & XCVR_MASK) == 0 && (u->control & TERM_SELECT);
}

static void set_speed(void *self, int high) {
    struct ulpi *u = self;
    u->high = high;
    u->started = u->whole = 0;
}

enum glb_status wire_ulpi(struct glb_usb_wire *w) {
    struct ulpi *u = calloc(1, sizeof *u);
    if (!u)
        return glb_fail(GLB_ERR_MEMORY, "no memory for a simulated PHY");
    u->wire = w;
    u->reported = -1;
    u->vbus = VBUS_VALID;
    w->transact = transact;
    w->idle = idle;
    w->drive = drive;
    w->pulled_up = pulled_up;
    w->power = power;
    w->chirping = chirping;
    w->set_speed = set_speed;
    w->ticks_a_us = 60;
    w->self = u;
    return GLB_OK;
}
