/* The host's side of tests/usb/pins: the wires, TAP lines, requests, frames of the byte protocol.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_USB_PINS_HOST_H
#define TESTS_USB_PINS_HOST_H

#include <stdint.h>
#include "array/protocol.h"
#include "usb_board/host.h"
#include "usb_board/packet.h"
#include "usb_board/usb.h"
#include "usb_board/wire.h"

enum {
    ADDRESS = 42,
    FRAME = GLB_HEADER_BYTES + GLB_CRC_BYTES, /* bytes of a command without payload */
    IDENT = FRAME + GLB_IDENT_BYTES           /* of the reply to IDENT */
};

extern struct glb_usb_wire w;
extern struct glb_usb_host h;
extern int failed;        /* checks that have */
extern const char *where; /* what is tested, for the lines of check() */

void check(int good, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A control transfer; bytes moved, or an error below 0. */
int control(int type, int request, int value, int index, int length, uint8_t *data);
int configure(int value);
void enumerate(void); /* address and configuration */

/* A frame of the byte protocol without payload, for something to send; its length. */
int frame(uint8_t *f, int cmd, int seq);

/* Reads until the board has nothing to send; what came, in whole packets. */
int drain(uint8_t *to, int max);

/* 1 if n bytes are the reply to IDENT number seq; if the board gives that reply. */
int is_ident(const uint8_t *b, int n, int seq);
int alive(int seq);

/* ---- requests (pins_requests.c) ---- */

void descriptors(int two_speeds); /* of a board that has high speed, at whatever speed it is */
void requests(void);
void halts(void);
/* Random requests from a seed: the emulated board must give the same answers. */
void random_requests(int number, uint64_t seed);

/* ---- bulk transfers (pins_bulk.c) ---- */

void errors_out(void);
void errors_in(void);
void empty_in(void);     /* answers that fill whole packets: an empty one ends the transfer */
void full_buffers(void); /* unread answers: the board must stop taking bytes, and lose none */

/* ---- packets that must not be taken for others (pins_turns.c) ---- */

void turns(void);
void reconfigured(void); /* the last of them: a board that is sending is configured anew */

/* ---- a program and a job, as a client runs them (pins_protocol.c) ---- */

void protocol(void);

#endif
