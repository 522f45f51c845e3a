/* The wires between a USB host and a simulated board's pins, packet by packet: a ULPI PHY and 480
 * or 12 Mbit/s (wire_ulpi.c), or D+ and D- (wire_lines.c). Times are in ticks of the wire's clock,
 * and count what a bus would take: synchronisation, stuffed bits, ends of packets, a PHY's latency.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef GLB_USB_BOARD_WIRE_H
#define GLB_USB_BOARD_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include "base/status.h"
#include "usb_board/gateware.h"

enum glb_usb_line { GLB_USB_LINE_SE0, GLB_USB_LINE_J, GLB_USB_LINE_K };

struct glb_usb_wire {
    /* Sends a packet, PID first, CRCs in it (n = 0: sends nothing), then, if max > 0, waits for a
     * packet of the board. Its length; 0: none came in time; -1: it broke off or had more than max
     * bytes. */
    int (*transact)(void *self, const uint8_t *out, int n, uint8_t *in, int max);
    void (*idle)(void *self, uint64_t ticks);
    /* The host drives a state, as for resets, chirps and resuming. */
    void (*drive)(void *self, enum glb_usb_line line, uint64_t ticks);
    int (*pulled_up)(void *self);      /* the board shows that it is there */
    void (*power)(void *self, int on); /* VBUS, on at first; boards at D+ and D- do not see it */
    int (*chirping)(void *self);       /* the board drives a chirp */
    void (*set_speed)(void *self, int high);
    void *self;           /* state of the kind of wire */
    uint64_t now;         /* ticks since power-up */
    uint64_t longest_gap; /* ticks between a host's packet and the board's answer */
    double ticks_a_us;
    struct gateware board;
};

/* The simulated board (make sim-usb) of an array at its ULPI pins (high 1), or at D+ and D-.
 * core_mhz: clock of the array. */
enum glb_status glb_usb_wire_open(const char *array, int high, double core_mhz,
                                  struct glb_usb_wire *out);
void glb_usb_wire_close(struct glb_usb_wire *w);
int glb_usb_wire_suspended(const struct glb_usb_wire *w); /* the board has noticed silence */

/* For wire.c: fill in a wire whose board is open. */
enum glb_status wire_ulpi(struct glb_usb_wire *w);
enum glb_status wire_lines(struct glb_usb_wire *w);

#endif
